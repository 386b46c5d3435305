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
    held: { rootOf: () => null },
    directory: () => '/in',
    state: () => ({ ...state, folders: new Map(offered) }),
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
