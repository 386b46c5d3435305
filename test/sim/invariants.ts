import type { LogEntry } from '../../electron/engine/consensus/entry.ts';
import { entryAt } from '../../electron/engine/consensus/log.ts';
import { majoritiesIntersect, totalWeight, weightOf } from '../../electron/engine/consensus/quorum.ts';
import type { ConsensusState } from '../../electron/engine/consensus/state.ts';
import type { Electorate } from '../../electron/engine/consensus/types.ts';
import type { DeviceId } from '../../shared/ids.ts';

/** Thrown by the checker: the consensus broke a promise. */
export class PromiseBroken extends Error {
  override readonly name = 'PromiseBroken';
}

function check(condition: boolean, message: string): void {
  if (!condition) throw new PromiseBroken(message);
}

/** Watches all nodes of one simulated group. */
export interface Checker {
  /** After every step of a node. */
  afterStep(node: DeviceId, before: ConsensusState, after: ConsensusState): void;
  /** A node starts from its disk. */
  afterStart(node: DeviceId, state: ConsensusState): void;
  /** Entries handed to a node's reducer. */
  afterApply(node: DeviceId, entries: readonly LogEntry[]): void;
  /** Entries committed anywhere, by index. */
  readonly committed: readonly LogEntry[];
  /** Masters by term. */
  readonly masters: ReadonlyMap<string, DeviceId>;
}

/** The checker: one master per (generation, term); committed stays committed, alike everywhere, and is applied in order. */
export function createChecker(): Checker {
  const committed: LogEntry[] = [];
  const masters = new Map<string, DeviceId>();
  const applied = new Map<DeviceId, number>();

  function checkCommitted(node: DeviceId, state: ConsensusState, from: number): void {
    for (let index = from; index <= state.hard.commitIndex; index++) {
      const entry = entryAt(state.log, index);
      check(entry !== undefined, `${node} committed ${index}, which it does not have`);
      const known = committed[index - 1];
      if (known === undefined) {
        check(committed.length === index - 1, `${node} committed ${index} over a gap`);
        committed.push(entry as LogEntry);
      } else check(known.hash === entry?.hash, `${node} committed another entry at ${index}`);
    }
  }

  function checkElectorates(node: DeviceId, state: ConsensusState): void {
    const spans = state.log.electorates;
    for (let at = 2; at < spans.length; at++) {
      const earlier = spans[at - 1]?.electorate as Electorate;
      const later = spans[at]?.electorate as Electorate;
      check(isOneUnitApart(earlier, later), `${node} has a step of more than one unit`);
      check(majoritiesIntersect(earlier, later), `${node} has majorities that do not intersect`);
    }
    if (state.role.kind !== 'master') return;
    const open = spans.filter((span) => span.since > committed.length);
    check(open.length <= 1, `master ${node} changes two units at once`);
  }

  return {
    committed,
    masters,
    afterStart(node, state) {
      checkCommitted(node, state, 1);
      applied.set(node, state.hard.commitIndex);
    },
    afterStep(node, before, after) {
      check(after.hard.term >= before.hard.term, `${node} went back in term`);
      check(after.hard.commitIndex >= before.hard.commitIndex, `${node} took a commit back`);
      if (after.role.kind === 'master') {
        const key = `${after.hard.generation}.${after.hard.term}`;
        const known = masters.get(key);
        check(known === undefined || known === node, `${known} and ${node} are both master of ${key}`);
        masters.set(key, node);
      }
      checkCommitted(node, after, before.hard.commitIndex + 1);
      if (after.log === before.log) return;
      if (before.hard.commitIndex > 0)
        check(
          entryAt(after.log, before.hard.commitIndex)?.hash === committed[before.hard.commitIndex - 1]?.hash,
          `${node} replaced a committed entry`,
        );
      if (after.log.electorates.at(-1) !== before.log.electorates.at(-1)) checkElectorates(node, after);
    },
    afterApply(node, entries) {
      for (const entry of entries) {
        const next = (applied.get(node) ?? 0) + 1;
        check(entry.index === next, `${node} applied ${entry.index} instead of ${next}`);
        check(committed[entry.index - 1]?.hash === entry.hash, `${node} applied what is not committed`);
        applied.set(node, next);
      }
    },
  };
}

function isOneUnitApart(a: Electorate, b: Electorate): boolean {
  const devices = new Set([...a.keys(), ...b.keys()]);
  let moved = 0;
  for (const device of devices) moved += Math.abs(weightOf(a, device) - weightOf(b, device));
  return moved === 1 && totalWeight(b) > 0;
}
