import { expect, it } from 'vitest';
import type { FolderStatus } from '../../electron/engine/folder/folder-types.ts';
import { type IdleDeps, waitUntilIdle } from '../../electron/engine/session/idle.ts';
import type { FolderId } from '../../shared/ids.ts';
import { createFakeClock, settlePromises } from '../support/fake-clock.ts';

const folder = 'f'.repeat(32) as FolderId;
const idle = { state: { type: 'idle' }, needFiles: 0, unpublished: 0, waitingForHolder: false } as FolderStatus;

function waiting(first: Partial<FolderStatus>) {
  const clock = createFakeClock();
  const handlers = new Set<() => void>();
  let status = { ...idle, ...first };
  let end: () => void = () => undefined;
  const deps = {
    clock,
    held: { get: () => ({ folder: { status: () => status, flush: async () => undefined } }) },
    state: () => ({ folders: new Map(), devices: new Map() }),
    heads: () => 'h',
    report: () => null,
    connected: () => [],
    ended: new Promise<void>((resolve) => {
      end = resolve;
    }),
    onChange(handler: () => void) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
  } as unknown as IdleDeps;
  return {
    deps,
    clock,
    handlers,
    end: () => end(),
    become: (next: Partial<FolderStatus>) => {
      status = { ...idle, ...next };
      for (const handler of [...handlers]) handler();
    },
  };
}

it('waits through changes until nothing is left to do, and leaves nothing behind', async () => {
  const world = waiting({ needFiles: 2 });
  const done = waitUntilIdle(world.deps, folder, 5_000);
  await settlePromises();
  world.become({ needFiles: 1 });
  await settlePromises();
  expect(world.handlers.size).toBe(1);
  world.become({});
  await done;
  expect([world.handlers.size, world.clock.pending()]).toEqual([0, 0]);
});

it.each([
  ['in time', 'time-out', (world: ReturnType<typeof waiting>) => world.clock.advance(5_000)],
  ['while the engine runs', 'engine-stopping', (world: ReturnType<typeof waiting>) => world.end()],
  [
    'without its user',
    'folder-halted',
    (world: ReturnType<typeof waiting>) =>
      world.become({
        state: { type: 'halted', cause: 'root-missing', message: 'It is gone' } as FolderStatus['state'],
      }),
  ],
])('gives up where it cannot be done %s', async (_what, code, happen) => {
  const world = waiting({ needFiles: 2 });
  const done = expect(waitUntilIdle(world.deps, folder, 5_000)).rejects.toMatchObject({ code });
  await settlePromises();
  happen(world);
  await done;
  expect([world.handlers.size, world.clock.pending()]).toEqual([0, 0]);
});
