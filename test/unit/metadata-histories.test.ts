import { describe, expect, it } from 'vitest';
import { liveFolders } from '../../electron/engine/group/select.ts';
import { errorCodeOf } from '../../shared/errors.ts';
import type { FolderId } from '../../shared/ids.ts';
import { folderNamed } from '../support/group-log.ts';
import { MetadataCluster } from '../support/metadata-cluster.ts';

const NAMES = ['ann', 'bob', 'cat'];

interface Asked {
  readonly by: string;
  readonly id: string;
  readonly folder: FolderId;
  cancelled: boolean;
}

const isDiskFull = (error: unknown): boolean => error instanceof Error && error.message === 'disk full';

/** One random history of changes, cancellations, crashes, partitions and full disks; then all is healed and compared. */
function history(seed: number): { readonly committed: number; readonly cancelled: number } {
  const cluster = new MetadataCluster(seed);
  const { random } = cluster;
  cluster.found('ann');
  cluster.join('bob', 'ann');
  cluster.join('cat', 'ann');
  const asked: Asked[] = [];

  const act = (): void => {
    const on = cluster.running();
    const name = random.pick(NAMES);
    switch (random.integer(9)) {
      case 0:
      case 1:
      case 2:
      case 3: {
        if (!on.includes(name)) return;
        const folder = folderNamed(`f${asked.length}`);
        const body = {
          kind: 'folder.create',
          folder,
          name: `f${asked.length}`,
          access: 'readWrite',
          indexBits: 6,
        } as const;
        asked.push({ by: name, id: cluster.on(name).submit(body).id, folder, cancelled: false });
        return;
      }
      case 4: {
        const waiting = asked.filter((one) => on.includes(one.by) && !one.cancelled);
        if (waiting.length === 0) return;
        const one = random.pick(waiting);
        try {
          cluster.on(one.by).cancel(one.id);
          one.cancelled = true;
        } catch (error) {
          if (!isDiskFull(error))
            expect(['operation-unknown', 'operation-maybe-decided']).toContain(errorCodeOf(error));
        }
        return;
      }
      case 5:
        if (on.includes(name)) cluster.crash(name);
        else cluster.start(name);
        return;
      case 6: {
        const alone = random.pick(NAMES);
        cluster.partition(
          [alone],
          NAMES.filter((other) => other !== alone),
        );
        return;
      }
      case 7:
        cluster.heal();
        return;
      default:
        if (on.includes(name)) cluster.node(name).store.failNext(new Error('disk full'));
    }
  };

  for (let step = 0; step < 40; step += 1) {
    try {
      act();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
    if (random.chance(0.5)) cluster.network.deliver(random.integer(30), random);
    else cluster.run(random.integer(random.chance(0.3) ? 3_000 : 200));
  }
  cluster.network.dropWhere(null);
  cluster.heal();
  for (const name of NAMES) {
    if (!cluster.running().includes(name)) cluster.start(name);
  }
  cluster.until(() => NAMES.every((name) => cluster.on(name).waiting().length === 0), 'nothing waits');
  const end = Math.max(...NAMES.map((name) => cluster.on(name).state().applied.index));
  cluster.until(() => NAMES.every((name) => cluster.on(name).state().applied.index >= end), 'all applied');

  const state = cluster.on('ann').state();
  for (const name of NAMES) {
    const other = cluster.on(name).state();
    expect({ ...other, applied: null }).toEqual({ ...state, applied: null });
  }
  const shared = new Set(liveFolders(state).map((folder) => folder.id));
  for (const one of asked) {
    // Every change ends in effect or taken back, exactly one of the two: none is lost, none comes back from the dead.
    expect(shared.has(one.folder), `seed ${seed}: ${one.by} asked for ${one.folder}`).toBe(!one.cancelled);
  }
  expect(shared.size).toBe(asked.filter((one) => !one.cancelled).length);
  return { committed: shared.size, cancelled: asked.filter((one) => one.cancelled).length };
}

describe('MD17 random histories', () => {
  it('MD17 every change ends committed or taken back, and all devices agree', () => {
    let committed = 0;
    let cancelled = 0;
    for (let seed = 1; seed <= 30; seed += 1) {
      try {
        const done = history(seed);
        committed += done.committed;
        cancelled += done.cancelled;
      } catch (error) {
        throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    }
    expect(committed).toBeGreaterThan(150);
    expect(cancelled).toBeGreaterThan(5);
  });
});
