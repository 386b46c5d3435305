import type { DeviceId } from '../../../../shared/ids.ts';
import {
  INDEX_BATCH_BYTES,
  INDEX_RETRY_MS,
  INDEX_TELL_DELAY_MS,
  MAX_REFUSED_CHANGES,
} from '../../../../shared/limits.ts';
import { blake3Bytes } from '../../bytes/hash.ts';
import { fromHex, toHex } from '../../bytes/hex.ts';
import type { CancelTimer, Clock } from '../../ports/clock.ts';
import type { Peers } from '../../ports/peers.ts';
import { readChangeHeader } from '../change-reader.ts';
import { type IncomingChange, type MergeOutcome, waitingChanges } from '../merge.ts';
import type { OpenFolder } from '../open-folder.ts';
import type { ShardSummary } from '../shard-shelf.ts';
import type { SignedChange } from '../signed-change.ts';
import { encodeIndexMessage, type FolderMessage, type IndexMessage, type ShardHeads } from './messages.ts';
import { createSession, type LocalHeads, type Session, type SessionState, type WantedShard } from './session.ts';

/** The exchange of one folder's index with all connected devices that may have it. */
export interface FolderSync {
  peerUp(device: DeviceId, ask: boolean): void;
  peerDown(device: DeviceId): void;
  peers(): ReadonlyMap<DeviceId, SessionState>;
  handle(from: DeviceId, message: FolderMessage): void;
  /** Own changes, durable: sent at once to whoever is there. */
  published(changes: readonly IncomingChange[]): void;
  /** What waited for the log was merged. */
  merged(outcomes: readonly MergeOutcome[]): void;
  /** This device has become one from which the folder can be had. */
  becameHolder(): void;
  /** The shard holds less than it did: it is fetched again. */
  repaired(shard: number): void;
  digest(): string;
  isPending(device: DeviceId): boolean;
  stop(): void;
}

/** What the exchange of one folder needs and tells. */
export interface FolderSyncParts {
  readonly open: OpenFolder;
  readonly peers: Peers;
  readonly clock: Clock;
  /** Anything about a session may have changed. */
  changed(): void;
  /** A peer sent what it should not have. */
  problem(device: DeviceId, what: string): void;
}

interface Link {
  readonly session: Session;
  /** Shards under way to the other by a job that goes on to the newest. */
  readonly sending: Set<number>;
  /** What the other asked for since the job began; what it asked last counts. */
  readonly wanted: Map<number, ReadonlyMap<string, number>>;
  busy: boolean;
  alive: boolean;
}

/** Starts the exchange; nothing is sent before `peerUp`. */
export function createFolderSync(parts: FolderSyncParts): FolderSync {
  const { open, peers, clock } = parts;
  const { folder, shelf } = open.context;
  const links = new Map<DeviceId, Link>();
  const summaries = new Map<number, ShardSummary>();
  const refused = new Set<string>();
  let cancelTell: CancelTimer | null = null;
  let cancelRetry: CancelTimer | null = null;
  let digest: string | null = null;

  for (const shard of shelf.shards(folder)) summaries.set(shard, shelf.summary(folder, shard));

  const local: LocalHeads = {
    digest() {
      digest ??= digestOf(summaries);
      return digest;
    },
    shards: () => [...summaries.keys()].sort((a, b) => a - b),
    heads: (shard) => summaries.get(shard)?.heads ?? [],
    hasAll(shard, heads) {
      const own = summaries.get(shard)?.heads ?? [];
      if (heads.every((hash) => own.includes(hash) || refused.has(hash))) return true;
      if (own.length === 0) return false;
      const graph = shelf.document(folder, shard).graph;
      return heads.every((hash) => graph.has(hash) || refused.has(hash));
    },
    isHolder: () => open.isReady(),
  };

  function grown(shards: Iterable<number>): void {
    for (const shard of shards) summaries.set(shard, shelf.summary(folder, shard));
    digest = null;
  }

  function send(to: DeviceId, messages: readonly IndexMessage[]): void {
    for (const message of messages) peers.send(to, 'index', encodeIndexMessage(message));
  }

  /** What is here without a gap: a waiting change before which one is missing must not hide that one. */
  function clockOf(shard: number): ReadonlyMap<string, number> {
    const clock = new Map(summaries.get(shard)?.clock ?? []);
    const waiting = [...waitingChanges(open.context, shard)].sort((a, b) => a.sequence - b.sequence);
    for (const { actor, sequence } of waiting) {
      if (sequence === (clock.get(actor) ?? 0) + 1) clock.set(actor, sequence);
    }
    return clock;
  }

  function settle(): void {
    const isReady = open.isReady();
    for (const { session } of links.values()) {
      const { type } = session.state();
      if (!isReady && session.isOtherHolder() && (type === 'caughtUp' || type === 'equal')) open.markReady();
    }
    shelf.trim();
    parts.changed();
  }

  function tellSoon(): void {
    cancelTell ??= clock.after(INDEX_TELL_DELAY_MS, () => {
      cancelTell = null;
      for (const [device, { session }] of links) send(device, session.tell());
    });
  }

  function retryLater(): void {
    cancelRetry ??= clock.after(INDEX_RETRY_MS, () => {
      cancelRetry = null;
      for (const [device, { session }] of links) if (session.isPending()) send(device, session.askAgain());
    });
  }

  function afterMerge(outcome: MergeOutcome): void {
    if (refused.size + outcome.refused.size > MAX_REFUSED_CHANGES) refused.clear();
    for (const hash of outcome.refused) refused.add(hash);
    if (outcome.grown.size === 0) return;
    grown(outcome.grown);
    tellSoon();
  }

  function merge(from: DeviceId, incoming: readonly IncomingChange[]): void {
    const outcome = open.merge(incoming);
    if (outcome.forged > 0) parts.problem(from, `${outcome.forged} index changes were not signed for this folder`);
    // What it builds on is on its way from another device: it has to be asked for once more.
    if (outcome.incomplete.size > 0) retryLater();
    afterMerge(outcome);
  }

  function receive(from: DeviceId, link: Link, message: Extract<IndexMessage, { type: 'changes' }>): void {
    const incoming = message.shards.flatMap(({ shard, changes }) => changes.map((signed) => ({ shard, signed })));
    try {
      merge(from, incoming);
    } catch (error) {
      // The disk may be full: what was lost here is asked for again later, and not at once for ever.
      retryLater();
      throw error;
    } finally {
      send(from, link.session.received(message.announced, message.more));
    }
  }

  async function sendWanted(to: DeviceId, link: Link): Promise<void> {
    link.busy = true;
    try {
      while (link.alive && link.wanted.size > 0) {
        const wanted = [...link.wanted].map(([shard, known]) => ({ shard, clock: known }));
        link.wanted.clear();
        await sendBeyond(to, link, wanted);
      }
    } catch (error) {
      // The other waits for the rest, which it must ask for again.
      link.wanted.clear();
      send(to, [{ type: 'changes', folder, shards: [], announced: [], more: false }]);
      parts.problem(to, String(error));
    } finally {
      link.busy = false;
    }
  }

  /** Sends everything beyond the clocks, and what comes to be in these shards while it does. */
  async function sendBeyond(to: DeviceId, link: Link, wanted: readonly WantedShard[]): Promise<void> {
    const cursors = new Map(wanted.map(({ shard }) => [shard, 0]));
    const headsNow = (): ShardHeads[] => wanted.map(({ shard }) => ({ shard, heads: local.heads(shard) }));
    for (const { shard } of wanted) link.sending.add(shard);
    try {
      for (let more = true; more && link.alive; ) {
        await peers.ready(to, 'index');
        if (!link.alive) return;
        const batch = nextBatch(wanted, cursors);
        more = wanted.some(({ shard }) => (cursors.get(shard) ?? 0) < (summaries.get(shard)?.arrivals ?? 0));
        const announced = headsNow();
        send(to, [{ type: 'changes', folder, shards: batch, announced, more }]);
        if (!more) link.session.sent(announced);
      }
    } finally {
      for (const { shard } of wanted) link.sending.delete(shard);
    }
  }

  function nextBatch(
    wanted: readonly WantedShard[],
    cursors: Map<number, number>,
  ): { shard: number; changes: SignedChange[] }[] {
    const batch: { shard: number; changes: SignedChange[] }[] = [];
    let bytes = 0;
    for (const { shard, clock: known } of wanted) {
      const changes: SignedChange[] = [];
      const arrivals = summaries.get(shard)?.arrivals ?? 0;
      let at = cursors.get(shard) ?? 0;
      for (; at < arrivals && bytes < INDEX_BATCH_BYTES; at += 1) {
        const signed = shelf.change(folder, shard, at);
        const header = signed === null ? null : readChangeHeader(signed.change);
        if (signed === null || header === null || header.sequence <= (known.get(header.actor) ?? 0)) continue;
        changes.push(signed);
        bytes += signed.change.byteLength;
      }
      cursors.set(shard, at);
      if (changes.length > 0) batch.push({ shard, changes });
    }
    return batch;
  }

  function push(to: DeviceId, link: Link, changes: readonly IncomingChange[]): void {
    const wanted = changes.filter(({ shard }) => !link.sending.has(shard));
    const announced = [...new Set(wanted.map(({ shard }) => shard))].map((shard) => ({
      shard,
      heads: local.heads(shard),
    }));
    let from = 0;
    while (from < wanted.length) {
      let bytes = 0;
      let end = from;
      for (; end < wanted.length && bytes < INDEX_BATCH_BYTES; end += 1) {
        bytes += wanted[end]?.signed.change.byteLength ?? 0;
      }
      const more = end < wanted.length || link.sending.size > 0;
      const shards = wanted.slice(from, end).map(({ shard, signed }) => ({ shard, changes: [signed] }));
      const message = {
        type: 'changes',
        folder,
        shards: joined(shards),
        announced,
        more,
      } as const;
      send(to, [message]);
      from = end;
    }
    link.session.sent(announced);
  }

  return {
    peerUp(device, ask) {
      if (links.has(device)) return;
      const session = createSession(folder, local, clockOf);
      links.set(device, { session, sending: new Set(), wanted: new Map(), busy: false, alive: true });
      send(device, session.greet(ask));
      parts.changed();
    },
    peerDown(device) {
      const link = links.get(device);
      if (link === undefined) return;
      link.alive = false;
      links.delete(device);
      parts.changed();
    },
    peers: () => new Map([...links].map(([device, { session }]) => [device, session.state()])),
    handle(from, message) {
      const link = links.get(from);
      if (link === undefined) return;
      switch (message.type) {
        case 'digest':
        case 'heads':
          send(from, link.session.heard(message));
          break;
        case 'want':
          for (const { shard, clock: known } of message.shards) link.wanted.set(shard, known);
          if (!link.busy) void sendWanted(from, link);
          break;
        case 'changes':
          receive(from, link, message);
          break;
      }
      settle();
    },
    published(changes) {
      grown(new Set(changes.map(({ shard }) => shard)));
      for (const [device, link] of links) if (link.session.isGreeted()) push(device, link, changes);
      parts.changed();
    },
    merged(outcomes) {
      for (const outcome of outcomes) {
        if (outcome.incomplete.size > 0) retryLater();
        afterMerge(outcome);
      }
      for (const [device, { session }] of links) send(device, session.evaluate());
      settle();
    },
    becameHolder() {
      for (const [device, { session }] of links) send(device, session.greet(false));
    },
    repaired(shard) {
      grown([shard]);
      // Not from within whatever loaded the document.
      clock.after(0, () => {
        for (const [device, { session }] of links) send(device, session.askAgain());
      });
    },
    digest: () => local.digest(),
    isPending: (device) => links.get(device)?.session.isPending() ?? false,
    stop() {
      cancelTell?.();
      cancelRetry?.();
      for (const link of links.values()) link.alive = false;
      links.clear();
    },
  };
}

function joined(
  shards: readonly { readonly shard: number; readonly changes: readonly SignedChange[] }[],
): { shard: number; changes: SignedChange[] }[] {
  const byShard = new Map<number, SignedChange[]>();
  for (const { shard, changes } of shards) byShard.set(shard, [...(byShard.get(shard) ?? []), ...changes]);
  return [...byShard].map(([shard, changes]) => ({ shard, changes }));
}

/** BLAKE3 over shard (2 bytes, big-endian), number of heads (2) and sorted heads of every shard that holds any change. */
function digestOf(summaries: ReadonlyMap<number, ShardSummary>): string {
  const parts: Uint8Array[] = [];
  for (const shard of [...summaries.keys()].sort((a, b) => a - b)) {
    const heads = summaries.get(shard)?.heads ?? [];
    if (heads.length === 0) continue;
    const head = new Uint8Array([shard >> 8, shard & 0xff, heads.length >> 8, heads.length & 0xff]);
    parts.push(head, ...heads.map((hash) => fromHex(hash)));
  }
  return toHex(blake3Bytes(Buffer.concat(parts)));
}
