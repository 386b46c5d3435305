import type { DeviceTag, FolderId } from '../../../shared/ids.ts';
import { invariant } from '../../../shared/invariant.ts';
import { MAX_LATEST_CHANGES, MAX_LOADED_INDEX_ENTRIES } from '../../../shared/limits.ts';
import { deviceTag } from '../bytes/hash.ts';
import { toHex } from '../bytes/hex.ts';
import type { LatestChanges } from '../group/latest-changes.ts';
import type { Random } from '../ports/random.ts';
import type { Row, Store, Transaction } from '../ports/store.ts';
import { createByteReader, createByteWriter } from './byte-cursor.ts';
import type { ChangeClaim, ChangeGraph, LatestChange } from './change-graph.ts';
import { ACTOR_BYTES, readChange } from './change-reader.ts';
import { createShardDocument, type ShardDocument } from './shard-document.ts';
import { decodeEnvelope, ENVELOPE_BYTES, type Envelope, encodeEnvelope, type SignedChange } from './signed-change.ts';

/** Changes with their envelopes, in the order in which they came: `folder/shard/arrival`. */
const CHANGES = 'index-change';
/** What the changes of a shard come to: `folder/shard`. */
const SHARDS = 'index-shard';

/** Rows that could not be taken into their document again; kept, and what they held fetched from peers. */
const ASIDE = 'index-aside';

/** Names of the tables that hold shards, all keyed by the folder's id and `/` first. */
export const SHARD_TABLES = [CHANGES, SHARDS, ASIDE] as const;

/** What is known of a shard without loading its document. */
export interface ShardSummary {
  /** Sorted hashes of the changes on which no other builds. */
  readonly heads: readonly string[];
  /** Highest sequence of each actor. */
  readonly clock: ReadonlyMap<string, number>;
  /** Of each author the changes on which no other of its changes builds. */
  readonly latest: ReadonlyMap<DeviceTag, readonly LatestChange[]>;
  /** Changes stored so far; the next one's place. */
  readonly arrivals: number;
}

/** The shards' documents: durable as rows of signed changes, in memory as far as they are used. */
export interface ShardShelf {
  summary(folder: FolderId, shard: number): ShardSummary;
  /** Shards of the folder that hold any change. */
  shards(folder: FolderId): readonly number[];
  document(folder: FolderId, shard: number): ShardDocument;
  /** Stores changes that the document in memory has taken in already. */
  append(tx: Transaction, folder: FolderId, shard: number, changes: readonly SignedChange[]): void;
  /** The stored change at that place. */
  change(folder: FolderId, shard: number, arrival: number): SignedChange | null;
  /** A document is in doubt: it is loaded again when next used, and own changes get a new actor. */
  doubt(folder: FolderId, shards: Iterable<number>): void;
  /** Lets go of documents until their entries are within the bound; for when nobody holds one. */
  trim(): void;
  /** Lets go of all documents of the folder. */
  close(folder: FolderId): void;
}

const EMPTY: ShardSummary = { heads: [], clock: new Map(), latest: new Map(), arrivals: 0 };

const shardKey = (folder: FolderId, shard: number): string => `${folder}/${shard.toString(16).padStart(4, '0')}`;
const changeKey = (folder: FolderId, shard: number, arrival: number): string =>
  `${shardKey(folder, shard)}/${arrival.toString(16).padStart(10, '0')}`;

function encodeSummary(summary: ShardSummary): Uint8Array {
  const out = createByteWriter();
  out.unsigned(summary.arrivals);
  out.unsigned(summary.heads.length);
  for (const head of summary.heads) out.hex(head);
  const latest = [...summary.latest.values()].flat();
  out.unsigned(latest.length);
  for (const { hash, version } of latest) {
    out.hex(hash);
    out.hex(version.author);
    out.unsigned(version.counter);
  }
  for (const [actor, sequence] of summary.clock) {
    out.hex(actor);
    out.unsigned(sequence);
  }
  return out.done();
}

function decodeSummary(row: Uint8Array): ShardSummary {
  const input = createByteReader(row);
  const arrivals = input.unsigned();
  const heads = Array.from({ length: input.unsigned() }, () => input.hex(32));
  const latest = new Map<DeviceTag, LatestChange[]>();
  for (let left = input.unsigned(); left > 0; left -= 1) {
    const hash = input.hex(32);
    const version = { author: input.hex(16) as DeviceTag, counter: input.unsigned() };
    const known = latest.get(version.author);
    if (known === undefined) latest.set(version.author, [{ hash, version }]);
    else known.push({ hash, version });
  }
  const clock = new Map<string, number>();
  while (input.left() > 0) clock.set(input.hex(ACTOR_BYTES), input.unsigned());
  return { heads, clock, latest, arrivals };
}

function summaryOf(graph: Pick<ChangeGraph, 'heads' | 'clock' | 'latest'>, arrivals: number): ShardSummary {
  return { heads: graph.heads(), clock: graph.clock(), latest: graph.latest(), arrivals };
}

/** The author's latest changes in the folder; of each shard at most as many as are named, the last one first. */
export function latestIn(shelf: ShardShelf, folder: FolderId, author: DeviceTag): LatestChanges {
  const known = new Map<number, readonly string[]>();
  for (const shard of shelf.shards(folder)) {
    const latest = [...(shelf.summary(folder, shard).latest.get(author) ?? [])];
    latest.sort((a, b) => b.version.counter - a.version.counter);
    if (latest.length > 0)
      known.set(
        shard,
        latest.slice(0, MAX_LATEST_CHANGES).map(({ hash }) => hash),
      );
  }
  return known;
}

/** The bytes under which a change is stored: envelope, then change. */
export function encodeSigned(signed: SignedChange): Uint8Array {
  return new Uint8Array(Buffer.concat([encodeEnvelope(signed.envelope), signed.change]));
}

/** The change that a row holds; null if the row is damaged. */
export function decodeSigned(row: Uint8Array): SignedChange | null {
  const envelope = decodeEnvelope(row.subarray(0, ENVELOPE_BYTES));
  return envelope === null ? null : { envelope, change: new Uint8Array(row.subarray(ENVELOPE_BYTES)) };
}

/** What an envelope says of its change. */
export function claimOf(envelope: Envelope): ChangeClaim {
  return { version: { author: deviceTag(envelope.author), counter: envelope.counter }, seen: envelope.seen };
}

function offerRow(document: ShardDocument, row: Uint8Array): boolean {
  const signed = decodeSigned(row);
  const read = signed === null ? null : readChange(signed.change);
  if (signed === null || read === null) return false;
  return document.offer({ bytes: signed.change, read, claim: claimOf(signed.envelope) }) === 'ready';
}

/**
 * The shelf over a store; own changes carry `own` in their actor. `repaired` hears of a shard that holds less than it
 * did, since rows of it are damaged: what they held has to be fetched again.
 */
export function createShardShelf(
  store: Store,
  random: Random,
  own: DeviceTag,
  repaired: (folder: FolderId, shard: number) => void,
): ShardShelf {
  const loaded = new Map<string, ShardDocument>();
  const newActor = (): string => own + toHex(random.bytes(ACTOR_BYTES - own.length / 2));
  let actor = newActor();

  /** A document of the rows that it takes; the others are set aside, and the summary no longer speaks of them. */
  function load(folder: FolderId, shard: number): ShardDocument {
    const rows = [...store.range(CHANGES, { prefix: `${shardKey(folder, shard)}/` })];
    const bad: Row[] = [];
    let document = createShardDocument(actor);
    try {
      for (const row of rows) if (!offerRow(document, row.value)) bad.push(row);
      document.settle();
    } catch {
      // The library refuses what the graph took: none of it can be believed.
      document.free();
      document = createShardDocument(actor);
      bad.splice(0, bad.length, ...rows);
    }
    if (bad.length > 0) setAside(folder, shard, bad, document);
    return document;
  }

  function setAside(folder: FolderId, shard: number, bad: readonly Row[], document: ShardDocument): void {
    const { arrivals } = summary(folder, shard);
    store.transaction((tx) => {
      for (const { key, value } of bad) {
        tx.put(ASIDE, key, value);
        tx.remove(CHANGES, key);
      }
      tx.put(SHARDS, shardKey(folder, shard), encodeSummary(summaryOf(document.graph, arrivals)));
    });
    repaired(folder, shard);
  }

  function summary(folder: FolderId, shard: number): ShardSummary {
    const row = store.get(SHARDS, shardKey(folder, shard));
    return row === undefined ? EMPTY : decodeSummary(row);
  }

  const letGo = (key: string): void => {
    loaded.get(key)?.free();
    loaded.delete(key);
  };

  return {
    summary,
    shards(folder) {
      const keys = [...store.range(SHARDS, { prefix: `${folder}/` })].map(({ key }) => key);
      return keys.map((key) => Number.parseInt(key.slice(key.lastIndexOf('/') + 1), 16));
    },
    document(folder, shard) {
      const key = shardKey(folder, shard);
      const document = loaded.get(key) ?? load(folder, shard);
      // The one used last stands last.
      loaded.delete(key);
      loaded.set(key, document);
      return document;
    },
    append(tx, folder, shard, changes) {
      const document = loaded.get(shardKey(folder, shard));
      invariant(document !== undefined, 'the document took the changes in');
      const row = tx.get(SHARDS, shardKey(folder, shard));
      let { arrivals } = row === undefined ? EMPTY : decodeSummary(row);
      for (const signed of changes) {
        tx.put(CHANGES, changeKey(folder, shard, arrivals), encodeSigned(signed));
        arrivals += 1;
      }
      tx.put(SHARDS, shardKey(folder, shard), encodeSummary(summaryOf(document.graph, arrivals)));
    },
    change(folder, shard, arrival) {
      const row = store.get(CHANGES, changeKey(folder, shard, arrival));
      return row === undefined ? null : decodeSigned(row);
    },
    doubt(folder, shards) {
      for (const shard of shards) letGo(shardKey(folder, shard));
      actor = newActor();
    },
    trim() {
      let entries = 0;
      for (const document of loaded.values()) entries += document.graph.operations();
      for (const [key, document] of loaded) {
        if (entries <= MAX_LOADED_INDEX_ENTRIES || loaded.size === 1) return;
        entries -= document.graph.operations();
        letGo(key);
      }
    },
    close(folder) {
      for (const key of [...loaded.keys()]) if (key.startsWith(`${folder}/`)) letGo(key);
    },
  };
}
