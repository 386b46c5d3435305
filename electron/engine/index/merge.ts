import type { DeviceId, DeviceTag } from '../../../shared/ids.ts';
import { MAX_INDEX_COUNTER, MAX_WAITING_CHANGES, MAX_WAITING_CHANGES_BY_SIGNER } from '../../../shared/limits.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';
import { deviceTag } from '../bytes/hash.ts';
import type { Transaction } from '../ports/store.ts';
import { type TreeChange, updateTree } from '../reconcile/remote-tree.ts';
import type { Seen } from '../reconcile/tree-types.ts';
import { tagOfActor } from './change-graph.ts';
import { type ReadChange, readChange, readChangeHeader } from './change-reader.ts';
import { noteCounter } from './counters.ts';
import { type FolderContext, ownVoidChanges, pathOfKey, pathsOf, placeOf, standingAt } from './folder-context.ts';
import { claimOf, decodeSigned, encodeSigned } from './shard-shelf.ts';
import { decodeEnvelope, ENVELOPE_BYTES, isSealGood, type SignedChange } from './signed-change.ts';
import { createTreeDraft } from './stored-tree.ts';

/** Signed changes from beyond the own log: `folder/shard/hash`. */
const WAITING = 'index-waiting';

/** Names of the tables that hold waiting changes, keyed by the folder's id and `/` first. */
export const WAITING_TABLES = [WAITING] as const;

/** A change with the shard for which a peer sent it. */
export interface IncomingChange {
  readonly shard: number;
  readonly signed: SignedChange;
}

/** What became of a batch. */
export interface MergeOutcome {
  /** Paths whose node differs. */
  readonly changed: ReadonlyMap<RelativePath, TreeChange>;
  /** Shards that hold more than before. */
  readonly grown: ReadonlySet<number>;
  /** Shards in which a change builds on others that are not here. */
  readonly incomplete: ReadonlySet<number>;
  /** Hashes of changes that can never be merged, whoever sends them. */
  readonly refused: ReadonlySet<string>;
  /** Changes that were not what they should be: unreadable, or not signed for this place. */
  readonly forged: number;
}

/** The outcome of nothing. */
export const NOTHING: MergeOutcome = {
  changed: new Map(),
  grown: new Set(),
  incomplete: new Set(),
  refused: new Set(),
  forged: 0,
};

interface Checked {
  readonly shard: number;
  readonly signed: SignedChange;
  readonly read: ReadChange;
  readonly author: DeviceTag;
}

const waitingPrefix = (context: FolderContext, shard: number): string =>
  `${context.folder}/${shard.toString(16).padStart(4, '0')}/`;

/** The changes of a shard that wait here for the log. */
export function waitingChanges(context: FolderContext, shard: number): readonly ReadChange[] {
  const rows = [...context.store.range(WAITING, { prefix: waitingPrefix(context, shard) })];
  return rows.flatMap(({ value }) => readChange(decodeSigned(value)?.change ?? new Uint8Array(0)) ?? []);
}

function isBeyond(seen: Seen, log: Seen): boolean {
  return seen.generation > log.generation || (seen.generation === log.generation && seen.index > log.index);
}

/** Null if the change is not what it should be, whoever the log knows. */
function check(context: FolderContext, { shard, signed }: IncomingChange): Checked | null {
  const read = readChange(signed.change);
  if (read === null) return null;
  const author = deviceTag(signed.envelope.author);
  if (tagOfActor(read.actor) !== author || signed.envelope.counter > MAX_INDEX_COUNTER) return null;
  // What is here already was checked when it came.
  const known = context.shelf.document(context.folder, shard).graph.has(read.hash);
  if (!known && !isSealGood(placeOf(context, shard), signed.envelope, read.hash)) return null;
  return { shard, signed, read, author };
}

interface Batch {
  readonly ready: Map<number, Checked[]>;
  readonly waiting: Checked[];
  readonly incomplete: Set<number>;
  /** Hash -> shard. */
  readonly refused: Map<string, number>;
  /** Hashes that wait, of this batch or before. */
  readonly held: Set<string>;
  forged: number;
}

function sortOut(context: FolderContext, incoming: Iterable<IncomingChange>, held: Set<string>): Batch {
  const log = context.group().seen;
  const batch: Batch = {
    ready: new Map(),
    waiting: [],
    incomplete: new Set(),
    refused: new Map(),
    held: new Set(held),
    forged: 0,
  };
  for (const one of incoming) {
    const checked = check(context, one);
    if (checked === null) {
      batch.forged += 1;
      continue;
    }
    const { shard, signed, read } = checked;
    const { envelope } = signed;
    const beyond = !context.group().isKnown(envelope.author) || isBeyond(envelope.seen, log);
    const document = context.shelf.document(context.folder, shard);
    if (document.graph.has(read.hash)) continue;
    if (beyond || read.dependencies.some((hash) => batch.held.has(hash))) {
      if (!held.has(read.hash)) batch.waiting.push(checked);
      batch.held.add(read.hash);
      continue;
    }
    const admission = document.offer({ bytes: signed.change, read, claim: claimOf(envelope) });
    if (admission === 'missing') batch.incomplete.add(shard);
    else if (admission === 'refused') batch.refused.set(read.hash, shard);
    else if (admission === 'ready') {
      const list = batch.ready.get(shard) ?? [];
      batch.ready.set(shard, list);
      list.push(checked);
      batch.held.delete(read.hash);
    }
  }
  return batch;
}

function store(context: FolderContext, tx: Transaction, batch: Batch): void {
  for (const [shard, list] of batch.ready) {
    context.shelf.append(
      tx,
      context.folder,
      shard,
      list.map(({ signed }) => signed),
    );
    for (const { signed, read, author } of list) {
      noteCounter(tx, author, signed.envelope.counter);
      tx.remove(WAITING, waitingPrefix(context, shard) + read.hash);
    }
  }
  for (const { shard, signed, read, author } of batch.waiting) {
    tx.put(WAITING, waitingPrefix(context, shard) + read.hash, encodeSigned(signed));
    if (context.group().isKnown(signed.envelope.author)) noteCounter(tx, author, signed.envelope.counter);
  }
  for (const [hash, shard] of batch.refused) tx.remove(WAITING, waitingPrefix(context, shard) + hash);
}

/** Paths at which something else may stand now. */
function touched(context: FolderContext, batch: Batch): Map<RelativePath, number> {
  const paths = new Map<RelativePath, number>();
  for (const [shard, list] of batch.ready) {
    const told = new Set<DeviceTag>();
    for (const { read } of list) {
      for (const { key } of read.puts) {
        const path = pathOfKey(key, shard);
        if (path !== null) paths.set(path, shard);
      }
      for (const author of context.rights().namedIn(shard, read.hash)) told.add(author);
    }
    // A change that the end of a right names tells of everything that its author wrote before.
    if (told.size > 0) for (const path of pathsOf(context, shard, told)) paths.set(path, shard);
  }
  return paths;
}

/**
 * Checks changes one by one, applies those that may be, and makes them durable together with what the tree becomes.
 * Throws if the store does; then nothing was taken in.
 */
export function mergeChanges(context: FolderContext, incoming: readonly IncomingChange[]): MergeOutcome {
  const { folder, shelf } = context;
  const shards = new Set(incoming.map(({ shard }) => shard));
  try {
    const held = heldHashes(context);
    const batch = sortOut(context, incoming, held);
    const kept = { ...batch, waiting: batch.waiting.length === 0 ? [] : withRoom(context, batch, held.size) };
    for (const shard of batch.ready.keys()) shelf.document(folder, shard).settle();
    const draft = createTreeDraft(context.store, folder);
    const paths = touched(context, batch);
    draft.prefetch(paths.keys());
    const ownVoid = new Map([...new Set(paths.values())].map((shard) => [shard, ownVoidChanges(context, shard)]));
    for (const [path, shard] of paths) draft.putSet(path, standingAt(context, shard, path, ownVoid.get(shard)));
    const changed = updateTree(draft, paths.keys(), context.rights());
    if (batch.ready.size > 0 || kept.waiting.length > 0 || [...batch.refused.keys()].some((hash) => held.has(hash))) {
      context.store.transaction((tx) => {
        store(context, tx, kept);
        draft.flush(tx);
      });
    }
    const { incomplete, refused, forged } = batch;
    return { changed, grown: new Set(batch.ready.keys()), incomplete, refused: new Set(refused.keys()), forged };
  } catch (error) {
    // What the documents hold beyond the store is in doubt; the store is what counts.
    shelf.doubt(folder, shards);
    throw error;
  }
}

function heldHashes(context: FolderContext): Set<string> {
  const rows = context.store.range(WAITING, { prefix: `${context.folder}/` });
  const hashes = new Set<string>();
  for (const { key } of rows) hashes.add(key.slice(key.lastIndexOf('/') + 1));
  return hashes;
}

/**
 * Of the changes that have to wait those for which there is room: in all, and for each signer, so that nobody takes the
 * room of others. What is dropped is missing here, and asked for again.
 */
function withRoom(context: FolderContext, batch: Batch, held: number): Checked[] {
  const group = context.group();
  const taken = new Map<DeviceId | null, number>();
  const take = (author: DeviceId, most: number): boolean => {
    // Anybody can make up signers: all that the log does not know count as one.
    const signer = group.isKnown(author) ? author : null;
    const count = taken.get(signer) ?? 0;
    if (count >= most) return false;
    taken.set(signer, count + 1);
    return true;
  };
  for (const { value } of context.store.range(WAITING, { prefix: `${context.folder}/` })) {
    const envelope = decodeEnvelope(value.subarray(0, ENVELOPE_BYTES));
    if (envelope !== null) take(envelope.author, Number.MAX_SAFE_INTEGER);
  }
  const kept: Checked[] = [];
  for (const one of batch.waiting) {
    const hasRoom = held + kept.length < MAX_WAITING_CHANGES;
    if (hasRoom && take(one.signed.envelope.author, MAX_WAITING_CHANGES_BY_SIGNER)) kept.push(one);
    else batch.incomplete.add(one.shard);
  }
  return kept;
}

/** Takes in what has waited and need wait no longer, after the log has grown. */
export function mergeWaiting(context: FolderContext): MergeOutcome[] {
  const outcomes: MergeOutcome[] = [];
  for (;;) {
    const incoming: (IncomingChange & { readonly startOp: number })[] = [];
    const log = context.group().seen;
    for (const { key, value } of context.store.range(WAITING, { prefix: `${context.folder}/` })) {
      const signed = decodeSigned(value);
      if (signed === null) continue;
      if (!context.group().isKnown(signed.envelope.author) || isBeyond(signed.envelope.seen, log)) continue;
      const shard = Number.parseInt(key.split('/')[1] ?? '', 16);
      incoming.push({ shard, signed, startOp: readChangeHeader(signed.change)?.startOp ?? 0 });
    }
    if (incoming.length === 0) return outcomes;
    // What a change builds on has lower numbers: so a long row of changes is taken in at once.
    incoming.sort((a, b) => a.startOp - b.startOp);
    const outcome = mergeChanges(context, incoming);
    if (outcome.grown.size === 0) return outcomes;
    outcomes.push(outcome);
  }
}
