import { describe, expect, it } from 'vitest';
import type { LoadedDirectory } from '../../renderer/features/folders/file-tree-view.ts';
import { TreeLoader } from '../../renderer/features/folders/tree-loader.ts';
import { settlePromises } from '../support/fake-clock.ts';
import { listDirectory } from '../support/scripted/tree.ts';

/** A loader whose questions are answered by hand, from a directory with as many names as `names` says. */
const loading = (names: number) => {
  const world = { names, asked: [] as string[], pauses: [] as number[], shown: [] as number[] };
  const answers: (() => void)[] = [];
  let now = 0;
  let loaded: ReadonlyMap<string, LoadedDirectory> = new Map();
  const loader = new TreeLoader({
    ask: (directory, cursor, limit) => {
      world.asked.push(`${cursor ?? 'first'}`);
      return new Promise((resolve) =>
        answers.push(() => {
          now += 10;
          resolve(listDirectory(directory, world.names, cursor, limit, () => 'same'));
        }),
      );
    },
    changed: (all) => {
      loaded = all;
      world.shown.push(all.get('')?.entries.length ?? 0);
    },
    now: () => now,
    pause: async (ms) => {
      world.pauses.push(ms);
    },
  });
  const answer = async (count = 1): Promise<void> => {
    for (let number = 0; number < count; number += 1) {
      answers.shift()?.();
      await settlePromises();
    }
  };
  return { world, loader, answer, root: () => loaded.get('') };
};

describe('the tree while a folder changes', () => {
  it('is read once more when it changed while it was read', async () => {
    const { world, loader, answer, root } = loading(3);
    loader.refresh('');
    world.names = 4;
    loader.refresh('');
    loader.refresh('');
    await answer(2);
    expect(world.asked).toHaveLength(2);
    expect(root()?.entries).toHaveLength(4);
    expect(world.pauses).toEqual([40]);
  });

  it('keeps the place: as many rows come again as were there, and the old ones stand until then', async () => {
    const { world, loader, answer, root } = loading(2_000);
    loader.refresh('');
    await answer();
    void loader.more('');
    await answer();
    void loader.more('');
    await answer();
    expect(root()?.entries).toHaveLength(1_500);
    world.shown.length = 0;
    loader.refresh('');
    await answer(3);
    expect(world.shown).toEqual([1_500]);
  });

  it('puts no page after rows that are older than it', async () => {
    const { world, loader, answer, root } = loading(1_200);
    loader.refresh('');
    await answer();
    void loader.more('');
    world.names = 1_201;
    loader.refresh('');
    expect(world.asked).toEqual(['first', '500']);
    await answer(3);
    expect(world.asked).toEqual(['first', '500', 'first', '500']);
    expect(new Set(root()?.entries.map(({ path }) => path)).size).toBe(1_000);
    expect(root()).toMatchObject({ total: 1_201, next: '1000' });
  });

  it('tells nobody who has gone', async () => {
    const { world, loader, answer } = loading(3);
    loader.refresh('');
    loader.close();
    await answer();
    expect(world.shown).toEqual([]);
  });
});
