import { expect, test } from 'vitest';
import { sameNode, withKnownMode } from '../../electron/engine/reconcile/compare.ts';
import { isIgnoredName } from '../../electron/engine/reconcile/ignore.ts';
import type { Operation } from '../../electron/engine/reconcile/operations.ts';
import { reconcile } from '../../electron/engine/reconcile/reconcile.ts';
import type { Node } from '../../electron/engine/reconcile/tree-types.ts';
import type { RelativePath } from '../../shared/relative-path.ts';
import { createTreeModel, OTHER, type TreeModel, testContent } from '../support/tree-model.ts';

const file = (content: number): Node => ({
  kind: 'file',
  content: testContent(content),
  size: 1,
  mtime: content,
  mode: 0o644,
});
const directory: Node = { kind: 'directory', mode: 0o755 };
const at = (path: string): RelativePath => path as RelativePath;

/** Something that both sides agree on. */
function agreed(model: TreeModel, path: string, value: Node): void {
  const version = model.version(OTHER);
  const mark = model.mark();
  model.remote.set(at(path), { value, version, copyOf: null, frozen: false });
  model.local.set(at(path), { value, mark, name: path });
  model.synced.set(at(path), { value, version, mark, copy: false });
}

function there(model: TreeModel, path: string, value: Node | null): void {
  const gone = { kind: 'gone', content: null, movedTo: null } as const;
  const version = model.version(OTHER);
  model.remote.set(at(path), { value: value ?? gone, version, copyOf: null, frozen: false });
}

function plan(model: TreeModel): readonly Operation[] {
  const paths = new Set([...model.remote.keys(), ...model.local.keys(), ...model.synced.keys()]);
  return reconcile(paths, model.trees, model.context);
}

const told = (operations: readonly Operation[]): string[] =>
  operations.map((operation) => `${operation.type} ${operation.path}`);

test('RC7 what stands in the way goes first, then creations from the top, then removals from the bottom', () => {
  const model = createTreeModel();
  for (const path of ['d', 'd/e', 'x', 'x/y']) agreed(model, path, directory);
  agreed(model, 'd/e/f', file(1));
  agreed(model, 'x/y/z', file(2));
  for (const path of ['d/e/f', 'd/e', 'x/y/z', 'x/y', 'x']) there(model, path, null);
  there(model, 'd', file(3));
  there(model, 'n', directory);
  there(model, 'n/m', directory);
  there(model, 'n/m/o', file(4));
  expect(told(plan(model))).toEqual([
    'remove d/e/f',
    'remove d/e',
    'create n',
    'create n/m',
    'replace d',
    'create n/m/o',
    'remove x/y/z',
    'remove x/y',
    'remove x',
  ]);
});

test('RC7 a removal and a creation of one content are one move, by name where there are several', () => {
  const model = createTreeModel();
  agreed(model, 'a', file(1));
  agreed(model, 'b', file(1));
  there(model, 'a', null);
  there(model, 'b', null);
  there(model, 'd', directory);
  there(model, 'd/b', file(1));
  expect(plan(model)).toMatchObject([
    { type: 'create', path: 'd' },
    { type: 'move', path: 'b', to: 'd/b' },
    { type: 'remove', path: 'a' },
  ]);
});

test('RC7 an own rename tells its destination, found by inode before name', () => {
  const model = createTreeModel();
  agreed(model, 'a', file(1));
  const inode = model.local.get(at('a'))?.mark.inode as string;
  model.local.delete(at('a'));
  model.local.set(at('c/a'), { value: file(1), mark: model.mark(), name: 'a' });
  model.local.set(at('z'), { value: file(1), mark: model.mark(inode), name: 'z' });
  const removal = plan(model).find(({ path }) => path === 'a');
  expect(removal).toMatchObject({ type: 'publish', change: { value: { kind: 'gone', movedTo: 'z' } } });
});

test('RC7 on a disk that folds case, a directory whose name changes in case alone is one rename', () => {
  const model = createTreeModel({ caseSensitive: false });
  agreed(model, 'Docs', directory);
  there(model, 'Docs', null);
  there(model, 'docs', directory);
  expect(plan(model)).toMatchObject([{ type: 'move', path: 'Docs', to: 'docs' }]);
});

test('RC5 a change of mode or time alone is no conflict with a change of content', () => {
  const model = createTreeModel();
  agreed(model, 'a', file(1));
  agreed(model, 'b', file(1));
  there(model, 'a', file(2));
  model.local.set(at('a'), { value: { ...file(1), mtime: 77 } as Node, mark: model.mark(), name: 'a' });
  there(model, 'b', { ...file(1), mtime: 88 } as Node);
  model.local.set(at('b'), { value: file(3), mark: model.mark(), name: 'b' });
  expect(told(plan(model))).toEqual(['agree b', 'replace a']);
  model.round();
  expect(told(plan(model))).toEqual(['publish b']);
});

test('RC1 a mode that is not told differs from none, and the one on disk stands for it', () => {
  const unknown: Node = { kind: 'directory', mode: null };
  expect(sameNode(unknown, directory)).toBe(true);
  expect(sameNode({ kind: 'directory', mode: 0o700 }, directory)).toBe(false);
  expect(withKnownMode(unknown, directory)).toEqual(directory);
});

test('RC11 what systems leave by themselves is known by name, in any case of letters', () => {
  for (const name of ['.DS_Store', '.ds_store', 'THUMBS.DB', 'desktop.ini', '._x', '.nfs0001']) {
    expect(isIgnoredName(name), name).toBe(true);
  }
  for (const name of ['DS_Store', 'thumbs', '.hidden', '_.x']) expect(isIgnoredName(name), name).toBe(false);
});
