import { failure } from '../../../shared/errors.ts';
import { invariant } from '../../../shared/invariant.ts';
import { MAX_INDEX_CHANGE_BYTES, MAX_INDEX_CHANGE_ENTRIES } from '../../../shared/limits.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';
import type { Transaction } from '../ports/store.ts';
import { contentOf, sameValue, sameVersion } from '../reconcile/entry-set.ts';
import { isLive, updateTree } from '../reconcile/remote-tree.ts';
import type { Entry, EntryVersion, Gone, Node, OwnChange, RemoteNode } from '../reconcile/tree-types.ts';
import type { ChangeClaim } from './change-graph.ts';
import { highestCounter, noteCounter } from './counters.ts';
import { encodeEntry, type UnknownField } from './entry-codec.ts';
import { type FolderContext, placeOf } from './folder-context.ts';
import type { IncomingChange } from './merge.ts';
import { shardOf } from './shard-place.ts';
import { sealChange } from './signed-change.ts';
import { standingValueOf } from './stored-forms.ts';
import { createTreeDraft, type TreeDraft } from './stored-tree.ts';

/** Entries and bytes of one own change: well below what a reader takes. */
const ENTRIES_PER_CHANGE = MAX_INDEX_CHANGE_ENTRIES / 2;
const BYTES_PER_CHANGE = MAX_INDEX_CHANGE_BYTES / 2;
/** Rounds of writing other paths the way they were; two are the most that any known case needs. */
const MAX_ROUNDS = 8;

/** The entries of one Automerge change to be. */
interface ChangeDraft {
  readonly shard: number;
  readonly claim: ChangeClaim;
  readonly puts: Map<RelativePath, Uint8Array>;
  bytes: number;
}

interface Publication {
  readonly context: FolderContext;
  readonly tree: TreeDraft;
  readonly drafts: ChangeDraft[];
  /** The draft that still has room, by shard. */
  readonly open: Map<number, ChangeDraft>;
  readonly versions: Map<RelativePath, EntryVersion>;
  counter: number;
}

/**
 * Publishes own changes, and whatever else has to be written so that the tree changes in nothing else, in one
 * transaction. Answers the signed changes, to be sent. Throws with nothing kept.
 */
export function publishChanges(
  context: FolderContext,
  changes: readonly OwnChange[],
  within: (tx: Transaction, versions: readonly EntryVersion[]) => void,
): readonly IncomingChange[] {
  const { folder, store, identity } = context;
  if (changes.length > 0) assertMayPublish(context);
  const publication: Publication = {
    context,
    tree: createTreeDraft(store, folder),
    drafts: [],
    open: new Map(),
    versions: new Map(),
    counter: highestCounter(store, identity.tag),
  };
  writeAll(publication, changes);
  const shards = new Set(publication.drafts.map(({ shard }) => shard));
  try {
    const signed = publication.drafts.map((draft) => signDraft(context, draft));
    const versions = changes.map(({ path }) => publication.versions.get(path) as EntryVersion);
    store.transaction((tx) => {
      for (const shard of shards) {
        const own = signed.filter((one) => one.shard === shard).map((one) => one.signed);
        context.shelf.append(tx, folder, shard, own);
      }
      if (changes.length > 0) noteCounter(tx, identity.tag, publication.counter);
      publication.tree.flush(tx);
      within(tx, versions);
    });
    return signed;
  } catch (error) {
    context.shelf.doubt(folder, shards);
    throw error;
  }
}

function assertMayPublish(context: FolderContext): void {
  const { identity, folder } = context;
  const group = context.group();
  if (group.mayWrite(identity.device, folder) && context.rights().mayStillWrite(identity.tag, group.seen)) return;
  throw failure('no-right-to-write', 'This device may not write in the folder');
}

function writeAll(publication: Publication, changes: readonly OwnChange[]): void {
  const { tree, context } = publication;
  const before = new Map<RelativePath, RemoteNode | undefined>();
  tree.prefetch(changes.map(({ path }) => path));
  for (const change of changes) {
    const node = tree.node(change.path);
    if (node?.frozen === true) throw failure('update-needed', `A newer version of the program wrote ${change.path}`);
    const conflictOf = change.conflictOf ?? loserAt(tree, change.path, node);
    writeEntry(publication, change.path, change.value, conflictOf, []);
  }
  let dirty: Iterable<RelativePath> = changes.map(({ path }) => path);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    for (const [path, change] of updateTree(tree, dirty, context.rights())) {
      if (!before.has(path)) before.set(path, change.before);
    }
    const restored = restore(publication, before);
    if (restored.length === 0) return;
    dirty = restored;
  }
  throw failure('internal', 'The change would alter the tree elsewhere');
}

/** The loser for which an entry at the path stands, or would: whoever writes there next must go on standing for it. */
function loserAt(tree: TreeDraft, path: RelativePath, node: RemoteNode | undefined): EntryVersion | null {
  if (node !== undefined && node.copyOf !== null) return node.copyOf.version;
  const standing = tree.set(path)?.values ?? [];
  return standing.find(({ entry }) => entry !== null && entry.conflictOf !== null)?.entry?.conflictOf ?? null;
}

function writeEntry(
  publication: Publication,
  path: RelativePath,
  value: Node | Gone,
  conflictOf: EntryVersion | null,
  unknown: readonly UnknownField[],
): void {
  const draft = draftFor(publication, shardOf(path));
  const { version, seen } = draft.claim;
  const entry: Entry = { value, version, seen, conflictOf };
  const bytes = encodeEntry(entry, unknown);
  const stored = standingValueOf(bytes, version, seen);
  invariant(stored !== null, 'an own entry can be read');
  draft.puts.set(path, bytes);
  draft.bytes += bytes.byteLength + Buffer.byteLength(path);
  publication.versions.set(path, version);
  const takenBack = publication.tree.set(path)?.takenBack ?? [];
  publication.tree.putSet(path, { voided: false, takenBack, values: [stored] });
}

function draftFor(publication: Publication, shard: number): ChangeDraft {
  const open = publication.open.get(shard);
  if (open !== undefined && open.puts.size < ENTRIES_PER_CHANGE && open.bytes < BYTES_PER_CHANGE) return open;
  publication.counter += 1;
  const { identity, group } = publication.context;
  const version = { author: identity.tag, counter: publication.counter };
  const draft = { shard, claim: { version, seen: group().seen }, puts: new Map<RelativePath, Uint8Array>(), bytes: 0 };
  publication.drafts.push(draft);
  publication.open.set(shard, draft);
  return draft;
}

/** Writes every path that differs though nobody said so, the way it was. */
function restore(
  publication: Publication,
  before: ReadonlyMap<RelativePath, RemoteNode | undefined>,
): readonly RelativePath[] {
  const { tree, versions } = publication;
  const written: RelativePath[] = [];
  for (const [path, was] of before) {
    if (versions.has(path) || was?.frozen === true) continue;
    const is = tree.node(path);
    const wasLive = isLive(was);
    if (!wasLive && !isLive(is)) continue;
    if (was !== undefined && is !== undefined && sameValue(was.value, is.value)) continue;
    // A live child makes its parent a directory: that much every change says.
    if (tree.liveIn(path) > 0 && was?.value.kind !== 'directory') continue;
    if (was !== undefined && wasLive) {
      const unknown = tree.set(path)?.values.find(({ entry }) => entry !== null)?.unknown ?? [];
      writeEntry(publication, path, was.value, was.copyOf?.version ?? null, unknown);
    } else if (is !== undefined) {
      if (hasJustLostItsName(publication, before, is)) continue;
      const gone: Gone = { kind: 'gone', content: contentOf(is.value), movedTo: null };
      writeEntry(publication, path, gone, is.copyOf?.version ?? null, []);
    }
    written.push(path);
  }
  return written;
}

/**
 * Whether a copy rose because this change took a name away where live children make a directory: from what it writes
 * itself, or from what stood there. Nobody asked for that to be removed.
 */
function hasJustLostItsName(
  { versions }: Publication,
  before: ReadonlyMap<RelativePath, RemoteNode | undefined>,
  { copyOf, version }: RemoteNode,
): boolean {
  if (copyOf === null) return false;
  const written = versions.get(copyOf.path);
  if (written !== undefined) return sameVersion(written, version);
  const was = before.get(copyOf.path);
  return was !== undefined && isLive(was) && sameVersion(was.version, version);
}

function signDraft(context: FolderContext, draft: ChangeDraft): IncomingChange {
  const { identity, folder, shelf } = context;
  const { bytes, read } = shelf.document(folder, draft.shard).put(draft.puts, draft.claim);
  const claim = { counter: draft.claim.version.counter, seen: draft.claim.seen };
  const envelope = sealChange(placeOf(context, draft.shard), identity.device, claim, read.hash, identity.secretKey);
  return { shard: draft.shard, signed: { envelope, change: bytes } };
}
