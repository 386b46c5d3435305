import type { ContentHash, DeviceTag } from '../../../shared/ids.ts';
import { childOf, type DirectoryPath } from '../../../shared/relative-path.ts';
import { copyName, isCopyName, isCopyNameOf, originalName } from './conflict-name.ts';
import {
  compareHash,
  compareLive,
  contentOf,
  countAsOne,
  type ReadValue,
  type SetValue,
  sameVersion,
} from './entry-set.ts';
import type { EntryVersion, RemoteNode } from './tree-types.ts';

/** The names of a directory that bear on one another (see `familyOf`), with what stands at each. */
export interface Family {
  readonly directory: DirectoryPath;
  /** Values by name; a name without any is there because it may have live children. */
  readonly sets: ReadonlyMap<string, readonly SetValue[]>;
  /** Whether the name has a live child: then it is a directory whatever stands there. */
  isParent(name: string): boolean;
  authorName(author: DeviceTag): string;
}

/** The version of a directory that no entry made: it is there for its children. */
export const NO_VERSION: EntryVersion = { author: '0'.repeat(32) as DeviceTag, counter: 0 };

/** A live entry, not a directory, that looks for its name: its own first, then those of a conflict copy. */
interface Item {
  readonly value: ReadValue;
  readonly origin: string;
  readonly content: ContentHash;
  readonly author: string;
  /** -1 for its own name, then the attempt at a copy's name. */
  attempt: number;
}

interface Slot {
  readonly values: readonly ReadValue[];
  readonly frozen: boolean;
  readonly parent: boolean;
  readonly gones: readonly ReadValue[];
  readonly directories: readonly ReadValue[];
  holder: Item | null;
}

/**
 * The tree of one family. Every live entry asks for its own name and, where that goes to a better one, for the names of
 * a conflict copy; each name keeps the best that ever asked for it. A pure function: neither the order of the sets nor
 * of their values tells.
 */
export function familyTree(family: Family): Map<string, RemoteNode> {
  const slots = new Map<string, Slot>();
  const items: Item[] = [];
  const names = [...family.sets.keys()].sort();
  for (const name of names) {
    const slot = slotOf(family, name);
    slots.set(name, slot);
    if (!slot.frozen) items.push(...itemsOf(family, name, slot));
  }
  placeItems(family, slots, items);
  const tree = new Map<string, RemoteNode>();
  for (const [name, slot] of slots) {
    const node = nodeOf(family, name, slot, items);
    if (node !== null) tree.set(name, node);
  }
  return tree;
}

const isRead = (value: SetValue): value is ReadValue => value.entry !== null;

function slotOf(family: Family, name: string): Slot {
  const all = family.sets.get(name) ?? [];
  const values = all.filter(isRead);
  return {
    values,
    frozen: values.length < all.length,
    parent: family.isParent(name),
    gones: values.filter((value) => value.entry.value.kind === 'gone'),
    directories: values.filter((value) => value.entry.value.kind === 'directory'),
    holder: null,
  };
}

/** What stands at the name and is neither removed nor a directory; of equal kind and content the best one. */
function itemsOf(family: Family, name: string, slot: Slot): Item[] {
  const items: Item[] = [];
  const live = slot.values.filter(({ entry }) => entry.value.kind === 'file' || entry.value.kind === 'symlink');
  for (const value of [...live].sort((a, b) => compareLive(b, a))) {
    const content = contentOf(value.entry.value);
    if (content === null || slot.gones.some((gone) => contentOf(gone.entry.value) === content)) continue;
    if (items.some((item) => countAsOne(item.value.entry.value, value.entry.value))) continue;
    items.push({ value, origin: name, content, author: family.authorName(value.version.author), attempt: -1 });
  }
  return items;
}

function placeItems(family: Family, slots: Map<string, Slot>, items: readonly Item[]): void {
  const looking = [...items].reverse();
  for (let item = looking.pop(); item !== undefined; item = looking.pop()) {
    const name = nameWanted(item);
    let slot = slots.get(name);
    if (slot === undefined) {
      slot = slotOf(family, name);
      slots.set(name, slot);
    }
    const rejected = askForName(slot, item);
    if (rejected === null) continue;
    if (rejected.attempt < 0 && isReplaced(family, rejected)) continue;
    rejected.attempt += 1;
    looking.push(rejected);
  }
}

function nameWanted({ origin, author, content, attempt }: Item): string {
  return attempt < 0 ? origin : copyName(origin, author, content, attempt);
}

/** Gives the name to the better one; answers who has to look further, null for nobody. */
function askForName(slot: Slot, item: Item): Item | null {
  if (slot.frozen || slot.parent) return item;
  const holder = slot.holder;
  if (holder === null) {
    slot.holder = item;
    return null;
  }
  const better = compareLive(item.value, holder.value) > 0;
  if (better) slot.holder = item;
  if (countAsOne(item.value.entry.value, holder.value.entry.value)) return null;
  return better ? holder : item;
}

/** Whether an entry at a name of its copy stands for this loser. */
function isReplaced(family: Family, item: Item): boolean {
  for (const [name, values] of family.sets) {
    const stands = values.some(
      ({ entry }) => entry !== null && entry.conflictOf !== null && sameVersion(entry.conflictOf, item.value.version),
    );
    if (stands && isCopyNameOf(name, item.origin, item.author, item.content)) return true;
  }
  return false;
}

function best<T extends SetValue>(values: readonly T[]): T | undefined {
  let first: T | undefined;
  for (const value of values) if (first === undefined || compareHash(value, first) > 0) first = value;
  return first;
}

function nodeOf(family: Family, name: string, slot: Slot, items: readonly Item[]): RemoteNode | null {
  const directory = best(slot.directories);
  if (slot.frozen) {
    const known = best(slot.values);
    const value = known?.entry.value ?? { kind: 'gone', content: null, movedTo: null };
    return { value, version: known?.version ?? NO_VERSION, copyOf: null, frozen: true };
  }
  if (slot.parent) {
    const value = directory?.entry.value ?? { kind: 'directory', mode: null };
    return { value, version: directory?.version ?? NO_VERSION, copyOf: null, frozen: false };
  }
  if (slot.holder !== null) {
    const { value, version } = slot.holder.value.entry;
    return { value, version, copyOf: copyOf(family, name, slot.holder, items), frozen: false };
  }
  const gone = best(slot.gones);
  const isRemoved = slot.gones.some(({ entry }) => contentOf(entry.value) === null);
  const shown = directory !== undefined && !isRemoved ? directory : gone;
  if (shown === undefined) return null;
  return { value: shown.entry.value, version: shown.version, copyOf: null, frozen: false };
}

function copyOf(family: Family, name: string, holder: Item, items: readonly Item[]): RemoteNode['copyOf'] {
  const at = (origin: string, version: EntryVersion): RemoteNode['copyOf'] => {
    const path = childOf(family.directory, origin);
    return path === null ? null : { path, version };
  };
  if (holder.attempt >= 0) return at(holder.origin, holder.value.version);
  if (!isCopyName(name)) return null;
  const loser = holder.value.entry.conflictOf ?? countedWith(name, holder, items)?.version ?? null;
  if (loser === null) return null;
  const origin = items.find((item) => sameVersion(item.value.version, loser) && item.origin !== name)?.origin;
  return at(origin ?? originalName(name), loser);
}

/** The best of the losers that came to the name and counts as one with what stands there. */
function countedWith(name: string, holder: Item, items: readonly Item[]): ReadValue | undefined {
  const losers = items.filter((item) => item !== holder && item.attempt >= 0 && nameWanted(item) === name);
  return losers.map(({ value }) => value).sort((a, b) => compareLive(b, a))[0];
}
