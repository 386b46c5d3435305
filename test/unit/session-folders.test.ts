import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writePlace } from '../../electron/engine/folder/marker.ts';
import { AutoAccept } from '../../electron/engine/session/auto-accept.ts';
import type { GroupSession } from '../../electron/engine/session/group-session.ts';
import { failure } from '../../shared/errors.ts';
import type { FolderId } from '../../shared/ids.ts';
import { engineNamed, MemoryDoors } from '../support/engine-pair.ts';
import { settlePromises } from '../support/fake-clock.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { Life } from '../support/session-cluster-ports.ts';

let base = '';
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'session-folders-')));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

async function sharing() {
  const started = engineNamed('Studio', new MemoryDoors());
  await started.engine.start();
  await started.engine.createGroup('Home');
  const place = join(base, 'Work');
  mkdirSync(place);
  const session = started.engine.group() as GroupSession;
  const { folder, state } = await session.folders.share({ path: place, name: null, access: 'readWrite' });
  expect(state).toBe('committed');
  return { ...started, session, place, id: folder as FolderId };
}

it('does not open a folder again while it is being given up, and can hold it anew', async () => {
  const { engine, session, place, id, logged } = await sharing();
  const dropping = [session.folders.drop(id), session.held.release(id)];
  session.held.match();
  expect(session.held.get(id)).toBeNull();
  await Promise.all(dropping);
  session.held.match();
  expect([session.held.get(id), session.held.rootOf(id), session.held.roots()]).toEqual([null, null, []]);
  await session.folders.accept(id, place);
  expect(session.held.rootOf(id)).toBe(place);
  expect(session.held.get(id)).not.toBeNull();
  await engine.stop();
  session.held.match();
  expect(session.held.get(id)).toBeNull();
  expect(logged).toEqual([]);
});

it('MD20 leaves or stays, whole, wherever it dies while it leaves, and can share the same place after', async () => {
  for (let effects = 1, died = true; died; effects += 1) {
    const life = new Life(() => undefined);
    const place = join(base, `Work ${effects}`);
    mkdirSync(place);
    const doors = new MemoryDoors();
    const { engine, disk, clock } = engineNamed('Studio', doors, { life });
    await engine.start();
    const first = await engine.createGroup('Home');
    await engine.group().folders.share({ path: place, name: null, access: 'readWrite' });
    life.endAfter(effects);
    await Promise.race([engine.leave().catch(() => undefined), settlePromises()]);
    clock.advance(10);
    died = !life.alive;
    life.end();

    const again = engineNamed('Studio', doors, { disk }).engine;
    await again.start();
    if (again.view().group?.id === first) await again.leave();
    expect(again.view().group).toBeNull();
    await again.createGroup('Another');
    const shared = await again.group().folders.share({ path: place, name: null, access: 'readWrite' });
    expect(shared.state).toBe('committed');
    expect(again.view().folders).toHaveLength(1);
    await again.stop();
  }
});

it('MD3 leaves a folder alone whose rules it does not know, and says so for as long as that is so', async () => {
  const { engine, session, id, clock } = await sharing();
  const needed = (): string[] => engine.view().problems.flatMap(({ code }) => (code === 'update-needed' ? [code] : []));
  expect(needed()).toEqual([]);
  expect(await session.decide({ kind: 'rules.raise', rules: 2, folder: id })).toBe('committed');
  await settlePromises();
  clock.advance(600_000);
  expect([needed(), session.held.get(id)]).toEqual([['update-needed'], null]);
  await engine.stop();
});

it('starts after a crash in the middle of giving a folder up, and finishes that', async () => {
  const { engine, id, disk } = await sharing();
  await engine.stop();
  createMemoryStore(disk).transaction((tx) => writePlace(tx, id, null));
  const again = engineNamed('Studio', new MemoryDoors(), { disk });
  await again.engine.start();
  const session = again.engine.group() as GroupSession;
  await session.held.release(id);
  expect(session.held.get(id)).toBeNull();
  expect(session.held.roots()).toEqual([]);
  expect(again.logged).toEqual([]);
  await again.engine.stop();
});

it('leaves no place behind where a share cannot begin', async () => {
  const { engine, session } = await sharing();
  const other = join(base, 'Other');
  mkdirSync(other);
  await expect(session.folders.share({ path: other, name: '', access: 'readWrite' })).rejects.toThrow();
  expect(session.held.roots()).toHaveLength(1);
  await session.folders.share({ path: other, name: null, access: 'readWrite' });
  expect(session.held.roots()).toHaveLength(2);
  await engine.stop();
});

it('accepts without asking beside a folder of the same name, and again where that failed', async () => {
  const { engine, session, id, clock } = await sharing();
  const state = session.state();
  const offered = [...state.folders].map(([key, folder]) => [key, { ...folder, selections: new Map() }] as const);
  const asked: string[] = [];
  const problems: unknown[] = [];
  let full = true;
  const autoAccept = new AutoAccept({
    clock,
    self: engine.self,
    held: { rootOf: () => null, all: () => [] },
    directory: () => '/in',
    metadata: { state: () => ({ ...state, folders: new Map(offered) }), waiting: () => [] },
    decide: () => Promise.resolve(),
    accept: async (_folder, path) => {
      asked.push(path);
      if (path === '/in/Work') throw failure('path-inside-folder', 'taken');
      if (full) throw failure('path-not-writable', 'full');
    },
    problem: (error) => problems.push(error),
  });
  autoAccept.look();
  autoAccept.look();
  await settlePromises();
  const places = ['/in/Work', `/in/Work ${id.slice(0, 6)}`];
  expect(asked).toEqual(places);
  expect(problems).toHaveLength(1);
  full = false;
  autoAccept.look();
  expect(asked).toEqual(places);
  clock.advance(30_000);
  await settlePromises();
  expect(asked).toEqual([...places, ...places]);
  expect(problems).toHaveLength(1);
  autoAccept.stop();
  await engine.stop();
});

it('does not count a device whose directory is gone, or that has paused, as a complete copy', async () => {
  const { engine, session, place, id } = await sharing();
  const copies = () => engine.view().folders[0];
  const until = async (state: string): Promise<void> => {
    for (let turn = 0; turn < 1_000 && copies()?.state !== state; turn += 1) await new Promise(setImmediate);
  };
  await until('idle');
  expect(copies()).toMatchObject({ copies: { complete: 1, wanted: 1 }, holders: [{ state: 'working' }] });
  await session.folders.pause(id);
  expect(copies()).toMatchObject({ copies: { complete: 0, wanted: 1 }, holders: [{ state: 'paused' }] });
  rmSync(place, { recursive: true });
  await session.folders.resume(id, { type: 'resume' });
  await until('halted');
  expect(copies()).toMatchObject({ copies: { complete: 0, wanted: 1 }, holders: [{ state: 'halted' }] });
  await engine.stop();
});

it('lists the kept versions of a folder by its root', async () => {
  const { engine, session, place } = await sharing();
  expect(session.folders.versions({ folder: null, path: place }, null, 10)).toEqual({ items: [], next: null });
  expect(() => session.folders.versions({ folder: null, path: base }, null, 10)).toThrow(/lies in no folder/);
  await engine.stop();
});
