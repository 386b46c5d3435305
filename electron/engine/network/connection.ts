import type NoiseSecretStream from '@hyperswarm/secret-stream';
import { MAX_MESSAGE_BYTES } from '../../../shared/limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChannelName } from '../ports/peers.ts';
import { BulkWindow } from './bulk-window.ts';
import { type ControlMessage, decodeControl, encodeControl, type RejectReason } from './control-message.ts';
import type { ConnectionPart } from './greeting.ts';
import { Inbox } from './inbox.ts';
import { KeepAlive } from './keep-alive.ts';
import { Outbox, type Piece } from './outbox.ts';
import type { LinkControl } from './peer-link.ts';
import {
  CHANNELS,
  LARGE_FRAGMENT_BYTES,
  MAX_QUEUED_BYTES,
  MAX_UNDRAINED_BYTES,
  READY_BELOW_BYTES,
  SMALL_FRAGMENT_BYTES,
} from './protocol.ts';
import { Wire } from './wire.ts';

/** Why a connection ended. */
export type CloseReason =
  | { readonly type: 'closed' }
  | { readonly type: 'silent' }
  /** The peer broke the protocol. */
  | { readonly type: 'garbage' }
  | { readonly type: 'told'; readonly reason: RejectReason };

/** What a connection tells its owner; never from within a call of the owner. `closed` comes last and once. */
export interface ConnectionEvents {
  control(message: LinkControl): void;
  pong(nonce: number): void;
  message(channel: ChannelName, bytes: Uint8Array): void;
  ended(channel: ChannelName): void;
  closed(reason: CloseReason): void;
}

/**
 * One secret stream with its channels: takes messages apart and together, writes them in the order of urgency, keeps
 * bulk from standing in metadata's way, and ends itself when the peer falls silent or sends what it must not.
 */
export class Connection {
  readonly #clock: Clock;
  readonly #events: ConnectionEvents;
  readonly #wire: Wire;
  readonly #keepAlive: KeepAlive;
  readonly #outboxes: Record<ChannelName, Outbox> = {
    metadata: new Outbox(),
    index: new Outbox(),
    content: new Outbox(),
  };
  readonly #inboxes: Record<ChannelName, Inbox> = {
    metadata: new Inbox(MAX_MESSAGE_BYTES),
    index: new Inbox(MAX_MESSAGE_BYTES),
    content: new Inbox(MAX_MESSAGE_BYTES),
  };
  readonly #ended = new Set<ChannelName>();
  readonly #window = new BulkWindow();
  #waiting: { readonly channel: ChannelName; readonly resolve: () => void }[] = [];
  /** Null until the peer is admitted: until then nothing is taken on the channels. */
  #part: ConnectionPart | null = null;
  #bulkReceived = 0;
  /** Bytes of control and metadata written since the stream last ran empty. */
  #undrained = 0;
  #closed = false;
  #reason: CloseReason = { type: 'closed' };

  constructor(stream: NoiseSecretStream, clock: Clock, events: ConnectionEvents) {
    this.#clock = clock;
    this.#events = events;
    this.#keepAlive = new KeepAlive(
      clock,
      (nonce) => this.control({ type: 'ping', nonce }),
      () => this.#fail({ type: 'silent' }),
    );
    this.#wire = new Wire(stream, {
      // On a slow path a piece may take longer than a link may be silent.
      heard: () => this.#keepAlive.heard(),
      control: (bytes) => this.#onControl(bytes),
      piece: (channel, piece) => this.#onPiece(channel, piece),
      drain: () => this.#onDrain(),
      closed: () => this.#onClosed(),
    });
  }

  get rttMs(): number | null {
    return this.#keepAlive.rttMs;
  }

  /** Takes and sends on the channels from now on. */
  admit(part: ConnectionPart): void {
    this.#part = part;
  }

  /** Sends a ping at once; its number comes back in `pong`. */
  ping(): number {
    return this.#keepAlive.pingNow();
  }

  control(message: ControlMessage): void {
    if (this.#closed) return;
    const bytes = encodeControl(message);
    this.#wire.sendControl(bytes);
    this.#unheld(bytes.byteLength);
  }

  send(channel: ChannelName, bytes: Uint8Array): void {
    if (this.#closed) return;
    const outbox = this.#outboxes[channel];
    outbox.push(bytes);
    if (outbox.bytes > MAX_QUEUED_BYTES) this.#fail({ type: 'silent' });
    else this.#pump();
  }

  /** Tells the peer that nothing more comes on the channel here, after what waits to be sent. */
  sendEnd(channel: ChannelName): void {
    this.#outboxes[channel].pushEnd();
    this.#pump();
  }

  /** Resolves when the channel takes more, or the connection has ended. */
  ready(channel: ChannelName): Promise<void> {
    if (this.#closed || this.#outboxes[channel].bytes < READY_BELOW_BYTES) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ channel, resolve }));
  }

  /** Ends the connection; with a reason, the peer is told first. */
  close(reason: RejectReason | null): void {
    if (this.#closed) return;
    if (reason !== null) this.control({ type: 'reject', reason });
    this.#wire.end();
    // A peer that does not read is not waited for.
    this.#clock.after(500, () => this.#wire.destroy());
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#wire.destroy();
  }

  #fail(reason: CloseReason): void {
    if (this.#reason.type === 'closed') this.#reason = reason;
    this.#wire.destroy();
  }

  #onClosed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#keepAlive.stop();
    for (const { resolve } of this.#waiting.splice(0)) resolve();
    this.#events.closed(this.#reason);
  }

  #onControl(bytes: Uint8Array): void {
    if (this.#closed) return;
    const message = decodeControl(bytes);
    if (message === 'unknown') return;
    if (message === null) {
      this.#fail({ type: 'garbage' });
      return;
    }
    switch (message.type) {
      case 'ping':
        this.control({ type: 'pong', nonce: message.nonce });
        return;
      case 'pong':
        this.#keepAlive.pong(message.nonce);
        this.#events.pong(message.nonce);
        return;
      case 'received':
        if (!this.#window.acknowledged(message.bytes, this.#clock.monotonic())) this.#fail({ type: 'garbage' });
        this.#pump();
        return;
      case 'reject':
        this.#fail({ type: 'told', reason: message.reason });
        return;
      default:
        this.#events.control(message);
        return;
    }
  }

  #onPiece(channel: ChannelName, piece: Piece): void {
    if (this.#closed) return;
    const inbox = this.#inboxes[channel];
    if (this.#part === null || this.#ended.has(channel)) {
      this.#fail({ type: 'garbage' });
      return;
    }
    if (this.#part === 'all' && channel !== 'metadata' && piece.kind !== 'end') {
      this.#bulkReceived += piece.bytes.byteLength;
      this.control({ type: 'received', bytes: this.#bulkReceived });
    }
    if (piece.kind === 'end') {
      if (inbox.midway) {
        this.#fail({ type: 'garbage' });
        return;
      }
      this.#ended.add(channel);
      this.#events.ended(channel);
      return;
    }
    const message = inbox.take(piece);
    if (message === 'too-long') {
      this.#fail({ type: 'garbage' });
      return;
    }
    if (message === null) return;
    this.#events.message(channel, message);
  }

  /** Writes what may be written now: metadata always, then index, then content as far as nothing queues up. */
  #pump(): void {
    if (this.#closed || this.#part === null) return;
    const metadata = this.#outboxes.metadata;
    while (!metadata.empty && !this.#closed) {
      const piece = metadata.take(SMALL_FRAGMENT_BYTES);
      this.#wire.sendPiece('metadata', piece);
      this.#unheld(piece.bytes.byteLength);
    }
    this.#pumpBulk('index');
    this.#pumpBulk('content');
    this.#wake();
  }

  /** Control and metadata are written whatever the peer takes: one that takes nothing must not fill this memory. */
  #unheld(bytes: number): void {
    if (this.#wire.drained) this.#undrained = 0;
    else this.#undrained += bytes;
    if (this.#undrained > MAX_UNDRAINED_BYTES) this.#fail({ type: 'silent' });
  }

  #onDrain(): void {
    this.#undrained = 0;
    this.#pump();
  }

  #pumpBulk(channel: 'index' | 'content'): void {
    const outbox = this.#outboxes[channel];
    while (!outbox.empty) {
      const limit = this.#pieceLimit();
      if (limit === 0) return;
      const piece = outbox.take(limit);
      if (this.#part === 'all') this.#window.sent(piece.bytes.byteLength, this.#clock.monotonic());
      this.#wire.sendPiece(channel, piece);
    }
  }

  #pieceLimit(): number {
    if (this.#part === 'all') return this.#window.nextPiece();
    if (!this.#wire.drained) return 0;
    return this.#part === 'content' ? LARGE_FRAGMENT_BYTES : SMALL_FRAGMENT_BYTES;
  }

  #wake(): void {
    if (this.#waiting.length === 0) return;
    const full = new Set(CHANNELS.filter((channel) => this.#outboxes[channel].bytes >= READY_BELOW_BYTES));
    const woken = this.#waiting.filter(({ channel }) => !full.has(channel));
    if (woken.length === 0) return;
    this.#waiting = this.#waiting.filter(({ channel }) => full.has(channel));
    for (const { resolve } of woken) resolve();
  }
}
