import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sameNode } from '../../electron/engine/reconcile/compare.ts';
import type { Operation } from '../../electron/engine/reconcile/operations.ts';
import type { EntryVersion, Node } from '../../electron/engine/reconcile/tree-types.ts';
import { parentOf, type RelativePath } from '../../shared/relative-path.ts';
import { createTreeModel, ME, OTHER, type TreeModel, testContent } from '../support/tree-model.ts';

const PATHS = ['a', 'b', 'c', 'a/a', 'a/b', 'b/a', 'a/a/a', 'a/a/b', 'b/a/a'] as RelativePath[];
const RUNS = 10_000;
const MAX_ROUNDS = 12;

/** Per path and tree: what is there. 0 nothing, 1 gone (index alone), 2 directory, 3.. files and links. */
type Draw = readonly number[];

const file = (content: number, mtime: number, mode: number | null): Node => ({
  kind: 'file',
  content: testContent(content),
  size: 1,
  mtime,
  mode,
});

const NODES: readonly Node[] = [
  { kind: 'directory', mode: 0o755 },
  { kind: 'directory', mode: 0o755 },
  { kind: 'directory', mode: 0o700 },
  file(1, 1, 0o644),
  file(1, 2, 0o644),
  file(1, 1, 0o444),
  file(2, 1, 0o644),
  file(2, 3, null),
  file(3, 5, 0o600),
  { kind: 'symlink', target: 'x' },
  { kind: 'symlink', target: 'yy' },
];

const drawn = fc.array(fc.integer({ min: 0, max: NODES.length + 2 }), {
  minLength: PATHS.length,
  maxLength: PATHS.length,
});
/** Most of a real folder agrees: per path 0 leaves the tree as `synced` has it. */
const sameAsSynced = fc.array(fc.boolean(), { minLength: PATHS.length, maxLength: PATHS.length });
const triple = fc.record({
  base: drawn,
  remote: drawn,
  local: drawn,
  keepRemote: sameAsSynced,
  keepLocal: sameAsSynced,
});

function treeOf(draw: Draw): Map<RelativePath, Node> {
  const tree = new Map<RelativePath, Node>();
  PATHS.forEach((path, at) => {
    const parent = parentOf(path);
    if (parent !== '' && tree.get(parent)?.kind !== 'directory') return;
    const node = NODES[(draw[at] ?? 0) - 2];
    if (node !== undefined) tree.set(path, node);
  });
  return tree;
}

function mixed(base: Draw, other: Draw, keep: readonly boolean[]): Draw {
  return base.map((value, at) => (keep[at] === true ? value : (other[at] ?? 0)));
}

function fill(
  model: TreeModel,
  draw: { base: Draw; remote: Draw; local: Draw; keepRemote: boolean[]; keepLocal: boolean[] },
): void {
  const synced = treeOf(draw.base);
  const remoteDraw = mixed(draw.base, draw.remote, draw.keepRemote);
  const remote = treeOf(remoteDraw);
  const local = treeOf(mixed(draw.base, draw.local, draw.keepLocal));
  PATHS.forEach((path, at) => {
    const agreed = synced.get(path);
    const version = model.version(OTHER);
    const mark = model.mark();
    if (agreed !== undefined) model.synced.set(path, { value: agreed, version, mark, copy: false });
    const there = remote.get(path);
    if (there !== undefined) {
      const same = agreed !== undefined && there === agreed;
      model.remote.set(path, {
        value: there,
        version: same ? version : model.version(OTHER),
        copyOf: null,
        frozen: false,
      });
    } else if (agreed !== undefined || remoteDraw[at] === 1) {
      const gone = { kind: 'gone', content: null, movedTo: null } as const;
      model.remote.set(path, { value: gone, version: model.version(OTHER), copyOf: null, frozen: false });
    }
    const here = local.get(path);
    if (here === undefined) return;
    model.local.set(path, { value: here, mark: here === agreed ? mark : model.mark(), name: path });
  });
}

function contents(tree: Iterable<readonly [string, { readonly value: { readonly kind: string } }]>): Set<string> {
  const found = new Set<string>();
  for (const [, { value }] of tree)
    if (value.kind === 'file') found.add((value as unknown as { content: string }).content);
  return found;
}

const rest = (operation: Operation): boolean => operation.type === 'hold' || operation.type === 'wait';

function runToEnd(model: TreeModel): void {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const plan = model.round();
    if (plan.every(rest)) return;
  }
  throw new Error(`not at rest after ${MAX_ROUNDS} rounds`);
}

function expectEqualTrees(model: TreeModel): void {
  const paths = new Set([...model.remote.keys(), ...model.local.keys(), ...model.synced.keys()]);
  for (const path of paths) {
    const there = model.remote.get(path)?.value;
    const here = model.local.get(path);
    const agreed = model.synced.get(path);
    if (there === undefined || there.kind === 'gone') {
      expect([path, here, agreed]).toEqual([path, undefined, undefined]);
      continue;
    }
    expect(agreed !== undefined && sameNode(agreed.value, there), `synced at ${path}`).toBe(true);
    expect(here?.value.kind, `kind at ${path}`).toBe(there.kind);
    if (there.kind === 'file') expect(here?.value).toMatchObject({ content: there.content, mtime: there.mtime });
  }
}

test('RC1 planning to its end terminates, makes the three trees equal and destroys nothing unknown', () => {
  fc.assert(
    fc.property(triple, (draw) => {
      const model = createTreeModel();
      fill(model, draw);
      const written = contents([...model.local].filter(([path, node]) => !knownToSynced(model, path, node.value)));
      const live = contents(model.remote);
      const known = contents(model.synced);
      runToEnd(model);
      expectEqualTrees(model);
      expect(model.destroyed).toEqual([]);
      const kept = contents(model.remote);
      for (const content of written) expect(kept.has(content)).toBe(true);
      // What others wrote and nobody here knew of is never taken away either.
      for (const content of live) if (!known.has(content)) expect(kept.has(content)).toBe(true);
    }),
    { numRuns: RUNS },
  );
});

test('RC8 without the right to write nothing is published, and no local content is lost', () => {
  fc.assert(
    fc.property(triple, (draw) => {
      const model = createTreeModel({ publishing: 'noRight' });
      fill(model, draw);
      const before = new Map(model.remote);
      const written = contents([...model.local].filter(([path, node]) => !knownToSynced(model, path, node.value)));
      runToEnd(model);
      expect(new Map(model.remote)).toEqual(before);
      expect(model.destroyed).toEqual([]);
      const kept = contents(model.local);
      for (const content of written) expect(kept.has(content)).toBe(true);
    }),
    { numRuns: RUNS },
  );
});

test('RC3 before a holder was heard nothing is published, and afterwards everything comes together', () => {
  fc.assert(
    fc.property(triple, (draw) => {
      const model = createTreeModel();
      const waitingModel = createTreeModel({ publishing: 'waitingForHolder' });
      fill(waitingModel, draw);
      const before = new Map(waitingModel.remote);
      runToEnd(waitingModel);
      expect(new Map(waitingModel.remote)).toEqual(before);
      expect(waitingModel.destroyed).toEqual([]);
      for (const [path, node] of waitingModel.remote) model.remote.set(path, node);
      for (const [path, node] of waitingModel.local) model.local.set(path, node);
      for (const [path, node] of waitingModel.synced) model.synced.set(path, node);
      runToEnd(model);
      expectEqualTrees(model);
    }),
    { numRuns: 5_000 },
  );
});

test('RC4 a path that synced holds and the index does not know rests its whole shard', () => {
  fc.assert(
    fc.property(triple, fc.constantFrom(...PATHS), (draw, lost) => {
      const model = createTreeModel();
      fill(model, draw);
      const agreed = model.synced.get(lost);
      fc.pre(agreed !== undefined);
      model.remote.delete(lost);
      const plan = model.round();
      expect(plan.some((operation) => operation.type === 'halt' && operation.path === lost)).toBe(true);
      for (const operation of plan) {
        if (operation.type !== 'halt') expect(parentOf(operation.path)).not.toBe(parentOf(lost));
      }
    }),
    { numRuns: 3_000 },
  );
});

function knownToSynced(model: TreeModel, path: RelativePath, value: Node): boolean {
  const agreed = model.synced.get(path)?.value;
  return agreed?.kind === 'file' && value.kind === 'file' && agreed.content === value.content;
}

test('RC9 what was published after the right had ended becomes a local change again', () => {
  const model = createTreeModel({ publishing: 'noRight', isVoid: (_, version) => version.author === ME });
  const path = 'a' as RelativePath;
  const mark = model.mark();
  const stands = { value: file(1, 1, 0o644), version: model.version(OTHER), copyOf: null, frozen: false };
  model.remote.set(path, stands);
  model.local.set(path, { value: file(2, 2, 0o644), mark, name: 'a' });
  model.synced.set(path, { value: file(2, 2, 0o644), version: model.version(ME), mark, copy: false });
  expect(model.round().map((operation) => operation.type)).toEqual(['agree']);
  expect(model.round()).toEqual([{ type: 'hold', path, cause: 'no-right-to-write' }]);
  expect(model.local.get(path)?.value).toMatchObject({ content: testContent(2) });
});

test('RC9 what was published after the right had ended is in conflict with what it never knew', () => {
  const isVoid = (_: RelativePath, version: EntryVersion): boolean => version.author === ME;
  const model = createTreeModel({ publishing: 'allowed', isVoid, knew: () => false });
  const path = 'a' as RelativePath;
  const mark = model.mark();
  const stands = { value: file(1, 1, 0o644), version: model.version(OTHER), copyOf: null, frozen: false };
  model.remote.set(path, stands);
  model.local.set(path, { value: file(2, 2, 0o644), mark, name: 'a' });
  model.synced.set(path, { value: file(2, 2, 0o644), version: model.version(ME), mark, copy: false });
  expect(model.round().map((operation) => operation.type)).toEqual(['forget']);
  expect(model.round().map((operation) => operation.type)).toEqual(['conflict']);
  expect(model.local.get(path)?.value).toMatchObject({ content: testContent(1) });
});

test('RC5 where another mtime comes from elsewhere, new content under the old mtime is published with its own', () => {
  const model = createTreeModel();
  const path = 'a' as RelativePath;
  const mark = model.mark();
  model.synced.set(path, { value: file(1, 1, 0o644), version: model.version(OTHER), mark, copy: false });
  model.local.set(path, { value: file(2, 1, 0o644), mark: { ...mark, ctimeNs: 'later' }, name: 'a' });
  model.remote.set(path, { value: file(1, 2, 0o644), version: model.version(OTHER), copyOf: null, frozen: false });
  runToEnd(model);
  expect(model.remote.get(path)?.value).toEqual(file(2, 1, 0o644));
  expectEqualTrees(model);
});
