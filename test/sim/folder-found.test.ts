import { linkSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentHash } from '../../electron/engine/bytes/hash.ts';
import { createInlineJobs } from '../../electron/engine/jobs/inline-jobs.ts';
import { copyName } from '../../electron/engine/reconcile/conflict-name.ts';
import { decide } from '../../electron/engine/reconcile/decide.ts';
import type { ReconcileContext, ThreeTrees } from '../../electron/engine/reconcile/operations.ts';
import { NO_VERSION } from '../../electron/engine/reconcile/remote-family.ts';
import type { Node } from '../../electron/engine/reconcile/tree-types.ts';
import type { DeviceTag } from '../../shared/ids.ts';
import {
  at,
  contentOf,
  createIndexWorld,
  type IndexNode,
  livePaths,
  makes,
  withAccess,
  writes,
} from '../support/index-world.ts';

// What the random histories found, each as small as it can be told.

test('IX12 a file published where live children make a directory stays as a conflict copy (seed 6)', async () => {
  const world = createIndexWorld(2);
  const [a, b] = world.nodes as [IndexNode, IndexNode];
  a.folder.publish([makes('c'), writes('c/b', 1)], () => undefined);
  world.connectAll();
  await world.settle();
  b.folder.publish([writes('c', 2)], () => undefined);
  expect(livePaths(b.folder).filter((path) => path.startsWith('c (conflict'))).toHaveLength(1);
});

test('IX12 a file that a new live child turns into a directory stays as a conflict copy', () => {
  const world = createIndexWorld(1);
  const [a] = world.nodes as [IndexNode];
  a.folder.publish([writes('c', 1)], () => undefined);
  a.folder.publish([writes('c/b', 2)], () => undefined);
  expect(livePaths(a.folder).filter((path) => path.startsWith('c (conflict'))).toHaveLength(1);
});

test('IX7 where all is void the tree knows that nothing stands, rather than nothing of the path (seeds 2 and 24)', async () => {
  const world = createIndexWorld(2);
  const [a, b] = world.nodes as [IndexNode, IndexNode];
  world.connectAll();
  await world.settle();
  b.folder.publish([writes('b', 1)], () => undefined);
  await world.settle();
  expect(a.folder.remote(at('b'))?.value.kind).toBe('file');
  world.commit((state) => withAccess(state, b.device, 'readOnly', 0));
  for (const { folder } of [a, b]) expect(folder.remote(at('b'))?.value.kind).toBe('gone');
  expect(a.folder.remote(at('c'))).toBeUndefined();
});

test('a file that a death left in tmp and in the tree is not written into when it is fetched again (seed 56)', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'flotilla-found-'));
  try {
    const [target, person] = [join(directory, 'staged'), join(directory, 'person')];
    for (const size of [4, 1_000]) {
      writeFileSync(target, 'sent');
      linkSync(target, person);
      writeFileSync(person, 'of a person');
      const bytes = new Uint8Array(size).fill(65);
      const jobs = createInlineJobs();
      if (size === 4) {
        const files = [{ target, hash: contentHash(bytes), at: 0, length: size }];
        expect(await jobs.run('writeWhole', { bytes, files })).toEqual([{ type: 'written' }]);
      } else expect(await jobs.run('prepareTarget', { target, size })).toEqual({ existed: false });
      expect(readFileSync(person, 'utf8')).toBe('of a person');
      expect(lstatSync(target).size).toBe(size);
      rmSync(target);
      rmSync(person);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

const mark = { inode: '1', device: '1', size: 1, mtimeNs: '0', ctimeNs: '0' };
const CONTEXT: ReconcileContext = {
  publishing: 'allowed',
  caseSensitive: true,
  blocked: () => null,
  isVoid: () => false,
  knew: () => true,
  copyPath: () => null,
  targetHash: () => contentOf(9),
  awaitsDestination: () => false,
  hasOwnBelow: () => false,
  shardOf: () => '0',
};

test('RC5 a conflict copy in conflict is never set aside onto itself (seed 258)', () => {
  const file = (content: number): Extract<Node, { kind: 'file' }> => ({
    kind: 'file',
    content: contentOf(content),
    size: 1,
    mtime: 0,
    mode: null,
  });
  const path = at('a (conflict cleo 01010101)');
  const version = { author: '1'.repeat(32) as DeviceTag, counter: 1 };
  const local = { value: file(1), mark, name: path };
  const trees: ThreeTrees = {
    remote: (asked) => (asked === path ? { value: file(2), version, copyOf: null, frozen: false } : undefined),
    local: (asked) => (asked === path ? local : undefined),
    synced: () => undefined,
    hasLocalChildren: () => false,
  };
  const context: ReconcileContext = {
    ...CONTEXT,
    copyPath: (_, content, attempt) => at(copyName('a', 'cleo', content, attempt)),
  };
  const operation = decide(path, trees, context);
  expect(operation).toMatchObject({ type: 'conflict', path });
  expect(operation?.type === 'conflict' ? operation.copy : path).not.toBe(path);
});

test.each([
  [true, 'publish'],
  [false, 'agree'],
] as const)(
  'seed 122: a directory whose mode the index lost is said again only by one that wrote in it: %s',
  (wrote, type) => {
    const path = at('d');
    const version = { author: '1'.repeat(32) as DeviceTag, counter: 1 };
    const directory = { kind: 'directory', mode: 0o755 } as const;
    const context: ReconcileContext = { ...CONTEXT, hasOwnBelow: () => wrote };
    const trees: ThreeTrees = {
      remote: () => ({ value: { ...directory, mode: null }, version: NO_VERSION, copyOf: null, frozen: false }),
      local: () => ({ value: directory, mark, name: path }),
      synced: () => ({ value: directory, version, mark, copy: false }),
      hasLocalChildren: () => true,
    };
    expect(decide(path, trees, context)?.type).toBe(type);
  },
);
