import { failure } from '../../../shared/errors.ts';
import type { DeviceTag, FolderId } from '../../../shared/ids.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';
import type { Reader, Transaction } from '../ports/store.ts';
import { NO_VERSION } from '../reconcile/remote-family.ts';
import { updateTree } from '../reconcile/remote-tree.ts';
import type { RemoteNode } from '../reconcile/tree-types.ts';
import { readChangeHeader } from './change-reader.ts';
import type { FolderContext } from './folder-context.ts';
import { ownVoidChanges, pathsOf, standingAt } from './folder-context.ts';
import type { FolderIndex, IndexState } from './folder-index.ts';
import type { FolderRights } from './index-group.ts';
import { createKnownAtEnds } from './known-at-ends.ts';
import { knewWhenWriting } from './known-when-written.ts';
import { type IncomingChange, type MergeOutcome, mergeChanges, mergeWaiting, NOTHING } from './merge.ts';
import { publishChanges } from './publish.ts';
import { RefusedByLibrary } from './shard-document.ts';
import { createTreeDraft, isTakenBack, nodesBelow, readNode, readSet, shardsToJudge } from './stored-tree.ts';

/** What is durable of a folder's index besides its shards: `folder/ready`, `folder/rights`. */
const FOLDERS = 'index-folder';

/** Names of the tables that hold a folder's own rows, keyed by the folder's id and `/` first. */
export const FOLDER_TABLES = [FOLDERS] as const;

/** An open folder index with what its exchange with peers needs. */
export interface OpenFolder {
  readonly index: FolderIndex;
  readonly context: FolderContext;
  /** Takes in what a peer sent; subscribers hear of it once it is durable. */
  merge(incoming: readonly IncomingChange[]): MergeOutcome;
  /** The log has grown: what waited for it is taken in, what it judges otherwise is computed again. */
  groupChanged(): readonly MergeOutcome[];
  /** All shards of another holder were received. */
  markReady(): void;
  /** Whether they were, or need not be; whatever else keeps this device from publishing. */
  isReady(): boolean;
}

/** What an open folder tells. */
export interface OpenFolderEvents {
  /** Own changes are durable and may leave the device. */
  published(changes: readonly IncomingChange[]): void;
  /** Publishing began to be possible. */
  ready(): void;
  /** Why nothing may be published now, on account of the whole device; null if something may. */
  refusal(): Error | null;
}

const WAITING: IndexState = { type: 'waitingForHolder' };

/** Opens the index over what the store holds of it; brings it up to date with the rights as they are now. */
export function openFolder(base: Omit<FolderContext, 'rights' | 'knownAtEnds'>, events: OpenFolderEvents): OpenFolder {
  const { folder, store, shelf, identity } = base;
  const handlers = new Set<(changed: ReadonlySet<RelativePath>) => void>();
  let rights = base.group().rights(folder);
  const knownAtEnds = createKnownAtEnds(store, shelf, folder);
  const context: FolderContext = { ...base, rights: () => rights, knownAtEnds };
  const readyKey = `${folder}/ready`;
  const rightsKey = `${folder}/rights`;
  let state: IndexState = store.get(FOLDERS, readyKey) === undefined ? { type: 'waitingForHolder' } : { type: 'ready' };

  function tell(paths: Iterable<RelativePath>): void {
    const changed = new Set(paths);
    if (changed.size > 0) for (const handler of [...handlers]) handler(changed);
  }

  function markReady(): void {
    if (state.type === 'ready') return;
    store.transaction((tx) => tx.put(FOLDERS, readyKey, new Uint8Array([1])));
    state = { type: 'ready' };
    const authors = knownAtEnds.noteAgain(rights);
    if (authors.size > 0) tell(judge(authors));
    events.ready();
  }

  /** Judges again what the rights of these authors tell. Paths whose node differs. */
  function judge(
    authors: ReadonlySet<DeviceTag>,
    within: (tx: Transaction) => void = () => undefined,
  ): ReadonlySet<RelativePath> {
    const draft = createTreeDraft(store, folder);
    const paths: RelativePath[] = [];
    // Most changes of the log, a new device above all, make nothing void that stands here.
    for (const shard of shardsToJudge(store, folder, mayBeVoid(authors))) {
      const ownVoid = ownVoidChanges(context, shard);
      for (const path of pathsOf(context, shard, authors)) {
        draft.putSet(path, standingAt(context, shard, path, ownVoid));
        paths.push(path);
      }
      shelf.trim();
    }
    const changed = updateTree(draft, paths, rights);
    store.transaction((tx) => {
      draft.flush(tx);
      within(tx);
    });
    return new Set(changed.keys());
  }

  /** Whether anything that one of these authors wrote in a shard may be void. */
  function mayBeVoid(authors: ReadonlySet<DeviceTag>): (author: DeviceTag, shard: number) => boolean {
    const answers = new Map<string, boolean>();
    return (author, shard) => {
      const key = `${author} ${shard}`;
      let answer = answers.get(key);
      if (answer === undefined) {
        const latest = shelf.summary(folder, shard).latest.get(author) ?? [];
        answer =
          authors.has(author) &&
          rights.mayBeVoid(
            author,
            shard,
            latest.map(({ hash }) => hash),
          );
        answers.set(key, answer);
      }
      return answer;
    };
  }

  /** Paths whose node differs after the change of rights. */
  function applyRights(next: FolderRights): ReadonlySet<RelativePath> {
    rights = next;
    const texts = next.texts();
    const before = decodeTexts(store.get(FOLDERS, rightsKey));
    const authors = new Set([...texts].flatMap(([author, text]) => (before.get(author) === text ? [] : [author])));
    if (authors.size === 0) return new Set();
    knownAtEnds.note(next);
    return judge(authors, (tx) => tx.put(FOLDERS, rightsKey, encodeTexts(texts)));
  }

  applyRights(rights);

  const index: FolderIndex = {
    folder,
    state: () => (events.refusal() === null ? state : WAITING),
    remote: (path) => readNode(store, folder, path) ?? takenBack(store, folder, path),
    isVoid: (path, { author, counter }) =>
      author === identity.tag && rights.hasEnd(author) && isTakenBack(store, folder, path, counter),
    knew(path, own, shown) {
      const knew = knewWhenWriting(context, path, own, shown);
      shelf.trim();
      return knew;
    },
    remoteBelow: (directory) => nodesBelow(store, folder, directory),
    publish(changes, within) {
      const refusal = events.refusal();
      if (refusal !== null) throw refusal;
      if (state.type !== 'ready') throw failure('folder-not-held', 'The folder was not received from a holder yet');
      const published = publishChanges(context, changes, within);
      shelf.trim();
      if (published.length > 0) events.published(published);
    },
    subscribe(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    startWithoutHolder: markReady,
  };

  return {
    index,
    context,
    merge(incoming) {
      const first = mergeOrRefuse(context, incoming);
      // What waited for the log may have waited for this as well.
      const outcome = first.grown.size === 0 ? first : mergeWaiting(context).reduce(joinOutcomes, first);
      shelf.trim();
      tell(outcome.changed.keys());
      return outcome;
    },
    groupChanged() {
      const changed = applyRights(base.group().rights(folder));
      const outcomes = mergeWaiting(context);
      shelf.trim();
      tell([...changed, ...outcomes.flatMap((outcome) => [...outcome.changed.keys()])]);
      return outcomes;
    },
    markReady,
    isReady: () => state.type === 'ready',
  };
}

/**
 * What stands where all that was ever written counts as never written: nothing, but not unknown, so that who took it in
 * gives it up again rather than waits for an index that knows it.
 */
function takenBack(reader: Reader, folder: FolderId, path: RelativePath): RemoteNode | undefined {
  const set = readSet(reader, folder, path);
  if (set === undefined || !set.voided || set.values.length > 0) return undefined;
  return { value: { kind: 'gone', content: null, movedTo: null }, version: NO_VERSION, copyOf: null, frozen: false };
}

/** What each author's rights came to when the stored sets were made. */
function decodeTexts(row: Uint8Array | undefined): ReadonlyMap<DeviceTag, string> {
  if (row === undefined) return new Map();
  return new Map(Object.entries(JSON.parse(Buffer.from(row).toString('utf8')) as Record<DeviceTag, string>) as never);
}

function encodeTexts(texts: ReadonlyMap<DeviceTag, string>): Uint8Array {
  return Buffer.from(JSON.stringify(Object.fromEntries(texts)), 'utf8');
}

/**
 * Merges; where the library itself refuses a change that was good by every check, the others are taken in without it.
 * A failure of the store is the caller's.
 */
function mergeOrRefuse(context: FolderContext, incoming: readonly IncomingChange[]): MergeOutcome {
  try {
    return mergeChanges(context, incoming);
  } catch (error) {
    if (!(error instanceof RefusedByLibrary)) throw error;
    const [only, ...others] = incoming;
    if (only === undefined) throw error;
    if (others.length > 0) return incoming.map((one) => mergeOrRefuse(context, [one])).reduce(joinOutcomes);
    const hash = readChangeHeader(only.signed.change)?.hash;
    return { ...NOTHING, refused: new Set(hash === undefined ? [] : [hash]) };
  }
}

function joinOutcomes(a: MergeOutcome, b: MergeOutcome): MergeOutcome {
  return {
    changed: new Map([...a.changed, ...b.changed]),
    grown: new Set([...a.grown, ...b.grown]),
    incomplete: new Set([...a.incomplete, ...b.incomplete]),
    refused: new Set([...a.refused, ...b.refused]),
    forged: a.forged + b.forged,
  };
}
