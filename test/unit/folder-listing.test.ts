import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { LIST_PAGE_ROWS } from '../../shared/limits.ts';
import type { RelativePath } from '../../shared/relative-path.ts';
import { createFolderWorld, type FolderWorld, untilQuiet } from '../support/folder-world.ts';

let world: FolderWorld;

afterEach(() => world.close());

test('RC15 a directory is listed page by page, with what is to come and what is wrong', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  mkdirSync(one!.at('d'));
  for (let number = 0; number < LIST_PAGE_ROWS + 10; number += 1) writeFileSync(one!.at(`d/${number}`), `${number}`);
  writeFileSync(one!.at('a top'), 'top');
  await one!.folder.flush();
  const first = one!.folder.list('d' as RelativePath, null);
  expect(first.entries).toHaveLength(LIST_PAGE_ROWS);
  expect(first.total).toBe(LIST_PAGE_ROWS + 10);
  const few = one!.folder.list('d' as RelativePath, null, 3);
  const fewMore = one!.folder.list('d' as RelativePath, few.next, 3);
  expect([...few.entries, ...fewMore.entries]).toEqual(first.entries.slice(0, 6));
  const second = one!.folder.list('d' as RelativePath, first.next);
  expect(second.entries).toHaveLength(10);
  expect(second.next).toBeNull();
  expect(new Set([...first.entries, ...second.entries].map(({ path }) => path)).size).toBe(LIST_PAGE_ROWS + 10);

  two!.fs.failWhere((call, path) => (call === 'link' && path.includes('/tmp/') ? 'EACCES' : null));
  world.indexes.deliver();
  for (let turn = 0; turn < 500 && two!.folder.list('', null).entries[1]?.problem == null; turn += 1) {
    await untilQuiet(two!.folder);
  }
  const root = two!.folder.list('', null).entries;
  expect(root.map(({ path, kind, state }) => [path, kind, state])).toEqual([
    ['d', 'directory', 'upToDate'],
    ['a top', 'file', 'problem'],
  ]);
  expect(root[1]?.problem?.code).toBe('path-not-writable');
});
