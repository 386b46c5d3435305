import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readWindowState, writeWindowState } from '../../electron/main/window-state.ts';

describe('what the window remembers', () => {
  const place = mkdtempSync(join(tmpdir(), 'flotilla-window-state-'));
  const file = join(place, 'deep', 'window.json');

  afterAll(() => rmSync(place, { recursive: true, force: true }));

  it('starts from a state of its own', () => {
    expect(readWindowState(file)).toMatchObject({ maximized: false, toldAboutClosing: false });
  });

  it('comes back', () => {
    const state = { width: 900, height: 700, x: 10, y: 20, maximized: true, toldAboutClosing: true };
    writeWindowState(file, state);
    expect(readWindowState(file)).toEqual(state);
  });

  it.each(['', '{', '[]', '{"width":-1}', '{"width":1e9,"height":700,"maximized":false,"toldAboutClosing":false}'])(
    'is not believed when it is %j',
    (text) => {
      writeFileSync(file, text);
      expect(readWindowState(file)).toMatchObject({ width: 1180, height: 780 });
    },
  );
});
