import type { ContentHash, DeviceTag } from '../../../shared/ids.ts';
import { contentHash } from '../bytes/hash.ts';
import type { Entry, EntryVersion, Gone, Node } from './tree-types.ts';

/** How authors are called, as the committed log says. */
export interface AuthorNames {
  /** The author's name in the names of conflict copies. */
  authorName(author: DeviceTag): string;
}

/** One value that stands at a path: signed by its author, who had the right to write it. */
export interface SetValue {
  /** Null for an entry of an unknown codec version, which freezes its path. */
  readonly entry: Entry | null;
  readonly version: EntryVersion;
  /** BLAKE3 of the entry's bytes. */
  readonly hash: string;
}

/** What was written at one path, as the path's document knows it. */
export interface PathHistory<Value> {
  readonly current: readonly Value[];
  isVoid(value: Value): boolean;
  /** The values of the path at the dependencies of the change that wrote this one. */
  before(value: Value): readonly Value[];
  /** Whether the later value's author knew the earlier one when it wrote. */
  follows(later: Value, earlier: Value): boolean;
  /** Names a value: equal for the same operation. */
  id(value: Value): string;
}

/** The values that count at a path, and the void ones that had to be passed over for it. */
export interface Standing<Value> {
  readonly values: readonly Value[];
  readonly voided: readonly Value[];
}

/**
 * The values of a path as though void ones had never been written: in their place stand the values at the
 * dependencies of their change, and so on back, but for those that another standing value replaced knowingly.
 */
export function standingValues<Value>(history: PathHistory<Value>): Standing<Value> {
  const valid: Value[] = [];
  const restored = new Map<string, Value>();
  const voided = new Map<string, Value>();
  const waiting: Value[] = [];
  for (const value of history.current) {
    if (history.isVoid(value)) waiting.push(value);
    else valid.push(value);
  }
  if (waiting.length === 0) return { values: valid, voided: [] };
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (voided.has(history.id(next))) continue;
    voided.set(history.id(next), next);
    for (const earlier of history.before(next)) {
      if (history.isVoid(earlier)) waiting.push(earlier);
      else restored.set(history.id(earlier), earlier);
    }
  }
  for (const value of valid) restored.set(history.id(value), value);
  const all = [...restored.values()];
  const values = all.filter((value) => !all.some((other) => other !== value && history.follows(other, value)));
  return { values, voided: [...voided.values()] };
}

/** What an entry holds, as far as `gone` can name it: null for a directory. */
export function contentOf(value: Node | Gone): ContentHash | null {
  switch (value.kind) {
    case 'file':
    case 'gone':
      return value.content;
    case 'symlink':
      return contentHash(Buffer.from(value.target, 'utf8'));
    case 'directory':
      return null;
  }
}

/** Whether two entries count as one: of equal kind and content. */
export function countAsOne(a: Node | Gone, b: Node | Gone): boolean {
  return a.kind === b.kind && contentOf(a) === contentOf(b);
}

/** Whether two values are equal in everything that a person could tell apart. */
export function sameValue(a: Node | Gone, b: Node | Gone): boolean {
  if (!countAsOne(a, b)) return false;
  if (a.kind === 'file' && b.kind === 'file') return a.mtime === b.mtime && a.mode === b.mode;
  if (a.kind === 'directory' && b.kind === 'directory') return a.mode === b.mode;
  return true;
}

/** Whether two versions are one. */
export function sameVersion(a: EntryVersion, b: EntryVersion): boolean {
  return a.author === b.author && a.counter === b.counter;
}

/** A value of a set whose entry could be read. */
export interface ReadValue extends SetValue {
  readonly entry: Entry;
}

/**
 * The total order of live entries that are not directories: positive where `a` wins. Later mtime, which only files
 * have; then the higher hash.
 */
export function compareLive(a: ReadValue, b: ReadValue): number {
  const mtime = (value: ReadValue): number =>
    value.entry.value.kind === 'file' ? value.entry.value.mtime : Number.NEGATIVE_INFINITY;
  if (mtime(a) !== mtime(b)) return mtime(a) > mtime(b) ? 1 : -1;
  return compareHash(a, b);
}

/** The order of values of which nothing else tells: by hash. */
export function compareHash(a: SetValue, b: SetValue): number {
  return a.hash === b.hash ? 0 : a.hash > b.hash ? 1 : -1;
}
