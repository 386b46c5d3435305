import { describe, expect, it } from 'vitest';
import type { Holder } from '../../shared/model/folder.ts';
import { movingShare } from '../../shared/model/moving-share.ts';
import { truthOf } from '../../shared/model/truth.ts';
import { device, folder, state } from '../support/scripted/builders.ts';
import { STATES } from '../support/scripted/states.ts';

describe('the bar of truth', () => {
  it('leads from each part of a sum to where it is', () => {
    const { sum, text } = truthOf(STATES.trouble());
    expect(sum?.parts.map(({ text: words, target }) => `${words} -> ${target}`)).toEqual([
      '1 folder has stopped -> folders',
      '2 conflicts -> conflicts',
      '4 problems -> activity',
    ]);
    expect(text).toBe(`${sum?.lead} ${sum?.parts.map((part) => part.text).join(', ')}`);
  });

  it('has no parts where one thing is said', () => {
    expect(truthOf(STATES.normal()).sum).toBeUndefined();
  });

  it('shows how much has come to the devices that are here, and nothing where nothing comes', () => {
    const half = { needFiles: 1, needBytes: 50 };
    const devices = [device(1, 'Work', half), device(2, 'Studio', { ...half, online: false })];
    const of = (shares: Record<number, number>) =>
      state('Work', { devices, folders: [folder(1, 'A', devices, shares, { bytes: 100 })] });
    expect(movingShare(of({ 1: 0.5, 2: 1 }))).toBe(0.5);
    expect(movingShare(of({ 1: 1, 2: 0.5 }))).toBeNull();
    expect(movingShare(STATES.normal())).toBeNull();
  });

  it('moves on while one large file arrives, of which nothing counts as there before all of it is', () => {
    const devices = [device(1, 'Work'), device(2, 'Studio')];
    const film = folder(1, 'Films', devices, { 1: 0, 2: 1 }, { bytes: 100 });
    const [own, other] = film.holders as [Holder, Holder];
    const arriving = { ...film, holders: [{ ...own, haveBytes: 0, needFiles: 1, needBytes: 25 }, other] };
    expect(movingShare({ devices, folders: [arriving] })).toBe(0.75);
  });
});
