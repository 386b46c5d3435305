import type { DeviceTag } from '../../../shared/ids.ts';
import type { EntryVersion, Seen } from '../reconcile/tree-types.ts';
import type { OperationId, ReadChange } from './change-reader.ts';

/** Who signed a change and what they said of it. */
export interface ChangeClaim {
  readonly version: EntryVersion;
  readonly seen: Seen;
}

/** A change that a document holds. */
export interface KnownChange extends ChangeClaim {
  readonly hash: string;
  readonly actor: string;
  readonly sequence: number;
  readonly startOp: number;
  readonly maxOp: number;
  readonly dependencies: readonly string[];
  /** Key of each operation, in order. */
  readonly keys: readonly string[];
}

/** A change of an author on which no other of its changes builds. */
export type LatestChange = Pick<KnownChange, 'hash' | 'version'>;

/** Whether a change may be applied: `missing` while it builds on changes that are not here. */
export type Admission = 'ready' | 'known' | 'missing' | 'refused';

/** The changes of one shard's document and how they build on one another. */
export interface ChangeGraph {
  heads(): readonly string[];
  has(hash: string): boolean;
  /** Highest sequence of each actor: an actor's changes follow one another, so this names all that is here. */
  clock(): ReadonlyMap<string, number>;
  /**
   * Judges a change by what it builds on alone, so that every device judges alike: it follows the actor's last, numbers
   * its operations from the first free number, puts each key once, and replaces only values of the same key that its
   * dependencies hold. (Otherwise a value could be replaced by a change that, counted as never written, has nothing
   * to put in its place.)
   */
  admit(change: ReadChange): Admission;
  add(change: ReadChange, claim: ChangeClaim): KnownChange;
  /** The change that made the operation. */
  changeOf(operation: OperationId): KnownChange | undefined;
  get(hash: string): KnownChange | undefined;
  /** All changes of the author. */
  by(author: DeviceTag): readonly KnownChange[];
  /** The changes that carry the version: one, of an honest author. */
  of(version: EntryVersion): readonly KnownChange[];
  /** Whether the earlier change is an ancestor of the later one. */
  follows(later: string, earlier: string): boolean;
  /** Of those named the ones that are here, and everything on which they build. */
  upTo(named: readonly string[]): ReadonlySet<string>;
  /** Of each author the changes on which no other of its changes builds: one, of an honest author. */
  latest(): ReadonlyMap<DeviceTag, readonly LatestChange[]>;
  operations(): number;
}

/** The device tag with which an actor id begins. */
export function tagOfActor(actor: string): DeviceTag {
  return actor.slice(0, 32) as DeviceTag;
}

/** An empty graph. */
export function createChangeGraph(): ChangeGraph {
  const changes = new Map<string, KnownChange>();
  const byActor = new Map<string, KnownChange[]>();
  const heads = new Set<string>();
  const latest = new Map<DeviceTag, readonly KnownChange[]>();
  // What was named grows only where another of the named arrives.
  const reached = new Map<string, { readonly here: number; readonly all: ReadonlySet<string> }>();
  let operations = 0;

  /** Ancestors of the hashes and these themselves, as far as operations from `sinceOp` on are concerned. */
  function ancestors(of: readonly string[], sinceOp: number): ReadonlySet<string> {
    const found = new Set<string>();
    const looking = [...of];
    for (let hash = looking.pop(); hash !== undefined; hash = looking.pop()) {
      const change = changes.get(hash);
      if (change === undefined || change.maxOp < sinceOp || found.has(hash)) continue;
      found.add(hash);
      looking.push(...change.dependencies);
    }
    return found;
  }

  const by = (author: DeviceTag): readonly KnownChange[] =>
    [...byActor].flatMap(([actor, own]) => (tagOfActor(actor) === author ? own : []));

  const coversAll = (dependencies: readonly string[]): boolean =>
    dependencies.length === heads.size && dependencies.every((hash) => heads.has(hash));

  function changeOf(operation: OperationId): KnownChange | undefined {
    const own = byActor.get(operation.actor);
    if (own === undefined) return undefined;
    let low = 0;
    let high = own.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((own[middle] as KnownChange).startOp <= operation.counter) low = middle + 1;
      else high = middle;
    }
    const change = own[low - 1];
    return change !== undefined && operation.counter <= change.maxOp ? change : undefined;
  }

  /** The author's latest changes once this one is added. */
  function latestWith(change: KnownChange): readonly KnownChange[] {
    const before = latest.get(change.version.author) ?? [];
    if (before.length === 0 || coversAll(change.dependencies)) return [change];
    const since = before.reduce((least, { startOp }) => Math.min(least, startOp), Number.MAX_SAFE_INTEGER);
    const past = ancestors(change.dependencies, since);
    return [...before.filter(({ hash }) => !past.has(hash)), change];
  }

  function replacesOwnPast(change: ReadChange): boolean {
    const replaced = change.puts.flatMap((put) => put.replaces);
    if (replaced.length === 0) return true;
    const since = replaced.reduce((least, { counter }) => Math.min(least, counter), Number.MAX_SAFE_INTEGER);
    const past = coversAll(change.dependencies) ? null : ancestors(change.dependencies, since);
    return change.puts.every((put) =>
      put.replaces.every((operation) => {
        const by = changeOf(operation);
        if (by === undefined || (past !== null && !past.has(by.hash))) return false;
        return by.keys[operation.counter - by.startOp] === put.key;
      }),
    );
  }

  return {
    heads: () => [...heads].sort(),
    has: (hash) => changes.has(hash),
    clock: () => new Map([...byActor].map(([actor, own]) => [actor, own.length])),
    admit(change) {
      if (changes.has(change.hash)) return 'known';
      if (!change.dependencies.every((hash) => changes.has(hash))) return 'missing';
      const own = byActor.get(change.actor) ?? [];
      if (change.sequence !== own.length + 1) return 'refused';
      const last = own.at(-1);
      if (last !== undefined && !coversAll(change.dependencies)) {
        if (!ancestors(change.dependencies, last.startOp).has(last.hash)) return 'refused';
      }
      const past = change.dependencies.reduce((most, hash) => Math.max(most, changes.get(hash)?.maxOp ?? 0), 0);
      if (change.startOp !== past + 1 || change.puts.length === 0) return 'refused';
      if (new Set(change.puts.map((put) => put.key)).size !== change.puts.length) return 'refused';
      return replacesOwnPast(change) ? 'ready' : 'refused';
    },
    add(change, claim) {
      const known: KnownChange = {
        hash: change.hash,
        actor: change.actor,
        sequence: change.sequence,
        startOp: change.startOp,
        maxOp: change.startOp + change.puts.length - 1,
        dependencies: change.dependencies,
        keys: change.puts.map((put) => put.key),
        version: claim.version,
        seen: claim.seen,
      };
      latest.set(known.version.author, latestWith(known));
      changes.set(known.hash, known);
      const own = byActor.get(known.actor);
      if (own === undefined) byActor.set(known.actor, [known]);
      else own.push(known);
      for (const hash of known.dependencies) heads.delete(hash);
      heads.add(known.hash);
      operations += known.keys.length;
      return known;
    },
    changeOf,
    get: (hash) => changes.get(hash),
    by,
    of: ({ author, counter }) => by(author).filter(({ version }) => version.counter === counter),
    follows(later, earlier) {
      const from = changes.get(later);
      const to = changes.get(earlier);
      if (from === undefined || to === undefined || later === earlier) return false;
      return ancestors(from.dependencies, to.startOp).has(earlier);
    },
    upTo(named) {
      const key = named.join();
      const here = named.filter((hash) => changes.has(hash));
      const known = reached.get(key);
      if (known !== undefined && known.here === here.length) return known.all;
      const all = ancestors(here, 0);
      reached.set(key, { here: here.length, all });
      return all;
    },
    latest: () => latest,
    operations: () => operations,
  };
}
