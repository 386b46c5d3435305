/** Makes and applies patches of the state: `apply(before, diff(before, after))` equals `after`. Pure. */
import { type AppState, appStateSchema, LISTS, type ListName } from '../model/app-state.ts';
import type { Change } from './watch.ts';

type Part = keyof AppState;
interface Identified {
  readonly id: string;
}

const parts = Object.keys(appStateSchema.shape) as readonly Part[];
const lists: ReadonlySet<string> = new Set(LISTS);
const isList = (part: Part): part is ListName => lists.has(part);

/** Whether two JSON values are equal; the order of an object's keys does not count. */
export const sameJson = (left: unknown, right: unknown): boolean => {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const leftKeys = Object.keys(left);
  if (leftKeys.length !== Object.keys(right).length) return false;
  return leftKeys.every((key) =>
    sameJson((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key]),
  );
};

const applyToList = (list: readonly Identified[], change: Exclude<Change, { op: 'set' }>): readonly Identified[] => {
  switch (change.op) {
    case 'put': {
      const at = list.findIndex((item) => item.id === change.item.id);
      return at < 0 ? [...list, change.item] : list.map((item, index) => (index === at ? change.item : item));
    }
    case 'remove':
      return list.filter((item) => item.id !== change.id);
  }
};

const diffList = (part: ListName, before: readonly Identified[], after: readonly Identified[]): readonly Change[] => {
  const wanted = new Set(after.map((item) => item.id));
  const known = new Map(before.map((item) => [item.id, item]));
  const changes: Change[] = [];
  for (const item of before) if (!wanted.has(item.id)) changes.push({ op: 'remove', part, id: item.id });
  for (const item of after)
    if (!sameJson(known.get(item.id), item)) changes.push({ op: 'put', part, item: { ...item } });
  const order = [...before.filter((item) => wanted.has(item.id)), ...after.filter((item) => !known.has(item.id))];
  const sameOrder = order.length === after.length && order.every((item, index) => item.id === after[index]?.id);
  return sameOrder ? changes : [{ op: 'set', part, value: after }];
};

/** The changes that lead from one state to the other; none when they are equal. Ids in a list must be unique. */
export const diffState = (before: AppState, after: AppState): readonly Change[] =>
  parts.flatMap((part): readonly Change[] => {
    if (before[part] === after[part]) return [];
    if (isList(part)) return diffList(part, before[part], after[part]);
    return sameJson(before[part], after[part]) ? [] : [{ op: 'set', part, value: after[part] }];
  });

/** The state after the changes. What they do not touch stays the same object, so that views can compare by identity. */
export const applyChanges = (state: AppState, changes: readonly Change[]): AppState => {
  const next: Record<string, unknown> = { ...state };
  for (const change of changes) {
    next[change.part] =
      change.op === 'set' ? change.value : applyToList(next[change.part] as readonly Identified[], change);
  }
  return next as AppState;
};
