import type { FolderId } from '../../../../shared/ids.ts';
import type { IndexMessage, ShardHeads } from './messages.ts';

/** What a session asks of the folder's index here. */
export interface LocalHeads {
  digest(): string;
  /** Shards that hold any change. */
  shards(): readonly number[];
  heads(shard: number): readonly string[];
  /** Whether everything up to those heads is in the document here, or can never be. */
  hasAll(shard: number, heads: readonly string[]): boolean;
  /** Whether this device has had the whole folder. */
  isHolder(): boolean;
}

/** Everything beyond the clocks is to be sent. */
export interface WantedShard {
  readonly shard: number;
  readonly clock: ReadonlyMap<string, number>;
}

/** How far two devices are with one folder. */
export type SessionState =
  /** The other has not said what it has; perhaps it does not hold the folder. */
  | { readonly type: 'unknown' }
  | { readonly type: 'behind' }
  /** All that the other announced is here; it may lack something of ours. */
  | { readonly type: 'caughtUp' }
  | { readonly type: 'equal' };

/**
 * What one device knows of another's index of one folder, and what it says to it. Rules (SPEC.md, IX):
 * a device tells its heads when they differ from what it told last; it asks where it lacks something, once for each
 * heads that were told; it never asks while the other has said that more is coming.
 */
export interface Session {
  /** First word; `ask` where the other may have spoken before we listened. */
  greet(ask: boolean): IndexMessage[];
  heard(message: Extract<IndexMessage, { type: 'digest' | 'heads' }>): IndexMessage[];
  /** After the changes of a message were merged. */
  received(announced: readonly ShardHeads[], more: boolean): IndexMessage[];
  /** What the other lacks of our heads' names; to be called a little after a merge, and after becoming a holder. */
  tell(): IndexMessage[];
  /** We lack something new, or no longer something, without the other having spoken: the log has grown. */
  evaluate(): IndexMessage[];
  /** Something that was here is here no longer. */
  askAgain(): IndexMessage[];
  /** Whether changes may be sent unasked: the other has said what it has. */
  isGreeted(): boolean;
  /** Changes up to these heads are on their way to the other. */
  sent(announced: readonly ShardHeads[]): void;
  state(): SessionState;
  /** Whether the other announced something that is not here yet. */
  isPending(): boolean;
  isOtherHolder(): boolean;
}

const keyOf = (heads: readonly string[]): string => heads.join();

/** A session of one folder with one connected device. `clockOf` says what a shard holds here, waiting changes included. */
export function createSession(
  folder: FolderId,
  local: LocalHeads,
  clockOf: (shard: number) => ReadonlyMap<string, number>,
): Session {
  let theirs: Map<number, readonly string[]> | null = null;
  let holder = false;
  let receiving = false;
  const told = new Map<number, string>();
  const asked = new Map<number, string>();
  // Heads that are known to be here: the question costs a document, and the answer stays true.
  const had = new Map<number, string>();

  function hasAll(shard: number, heads: readonly string[]): boolean {
    const key = keyOf(heads);
    if (had.get(shard) === key) return true;
    if (!local.hasAll(shard, heads)) return false;
    had.set(shard, key);
    return true;
  }

  const ownHeads = (): ShardHeads[] => local.shards().map((shard) => ({ shard, heads: local.heads(shard) }));

  function tellAll(ask: boolean): IndexMessage {
    const shards = ownHeads();
    for (const { shard, heads } of shards) told.set(shard, keyOf(heads));
    return { type: 'heads', folder, shards, whole: true, holder: local.isHolder(), ask };
  }

  function allShards(): Set<number> {
    return new Set([...local.shards(), ...(theirs?.keys() ?? [])]);
  }

  const isEqual = (shard: number): boolean => keyOf(theirs?.get(shard) ?? []) === keyOf(local.heads(shard));

  function evaluate(): IndexMessage[] {
    if (theirs === null || receiving) return [];
    const shards: { shard: number; clock: ReadonlyMap<string, number> }[] = [];
    for (const [shard, heads] of theirs) {
      if (isEqual(shard) || asked.get(shard) === keyOf(heads) || hasAll(shard, heads)) continue;
      asked.set(shard, keyOf(heads));
      shards.push({ shard, clock: clockOf(shard) });
    }
    return shards.length === 0 ? [] : [{ type: 'want', folder, shards }];
  }

  function isPending(): boolean {
    if (receiving) return true;
    for (const [shard, heads] of theirs ?? []) if (!isEqual(shard) && !hasAll(shard, heads)) return true;
    return false;
  }

  return {
    greet: (ask) => [{ type: 'digest', folder, digest: local.digest(), holder: local.isHolder(), ask }],
    heard(message) {
      holder = message.holder;
      if (message.ask) {
        // The other begins anew: what it was asked for before it will not send, nor go on with what it had begun.
        asked.clear();
        receiving = false;
      }
      if (message.type === 'digest') {
        if (message.digest !== local.digest()) return [tellAll(theirs === null || message.ask)];
        theirs = new Map(ownHeads().map(({ shard, heads }) => [shard, heads]));
        for (const { shard, heads } of ownHeads()) told.set(shard, keyOf(heads));
        receiving = false;
        return message.ask ? this.greet(false) : [];
      }
      if (message.whole) theirs = new Map();
      else if (theirs === null) return [tellAll(true)];
      for (const { shard, heads } of message.shards) theirs.set(shard, heads);
      return [...(message.ask ? [tellAll(false)] : []), ...evaluate()];
    },
    received(announced, more) {
      receiving = more;
      if (theirs === null) return [tellAll(true)];
      for (const { shard, heads } of announced) theirs.set(shard, heads);
      return evaluate();
    },
    tell() {
      if (theirs === null) return [];
      const shards = ownHeads().filter(({ shard, heads }) => told.get(shard) !== keyOf(heads));
      if (shards.length === 0) return [];
      for (const { shard, heads } of shards) told.set(shard, keyOf(heads));
      return [{ type: 'heads', folder, shards, whole: false, holder: local.isHolder(), ask: false }];
    },
    evaluate,
    askAgain() {
      asked.clear();
      had.clear();
      return evaluate();
    },
    isGreeted: () => theirs !== null,
    sent(announced) {
      for (const { shard, heads } of announced) told.set(shard, keyOf(heads));
    },
    state() {
      if (theirs === null) return { type: 'unknown' };
      if (isPending()) return { type: 'behind' };
      return [...allShards()].every(isEqual) ? { type: 'equal' } : { type: 'caughtUp' };
    },
    isPending,
    isOtherHolder: () => holder,
  };
}
