import { expect, test } from 'vitest';
import type { IncomingChange } from '../../electron/engine/index/merge.ts';
import { changesOf, createReader } from '../support/index-histories.ts';
import { createIndexWorld, type IndexNode, livePaths, testGroup, writes } from '../support/index-world.ts';

test('IX5 a change that waited for the log, and then for another change, is taken in when that comes', () => {
  const world = createIndexWorld(2);
  const [author] = world.nodes as [IndexNode];
  author.folder.publish([writes('a', 1)], () => undefined);
  author.group = testGroup(2, 101);
  author.indexes.groupChanged();
  author.folder.publish([writes('b', 2)], () => undefined);
  const [first, second] = changesOf(author) as [IncomingChange, IncomingChange];
  let group = testGroup(2, 100);
  const reader = createReader(() => group);
  reader.merge([second]);
  expect(livePaths(reader.index)).toEqual([]);
  group = testGroup(2, 101);
  reader.groupChanged();
  expect(livePaths(reader.index)).toEqual([]);
  reader.merge([first]);
  expect(livePaths(reader.index)).toEqual(['a', 'b']);
});
