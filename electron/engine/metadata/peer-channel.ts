import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import { assertNever } from '../../../shared/invariant.ts';
import { decodeConsensusMessage, encodeConsensusMessage } from '../bytes/consensus-message.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { PUBLIC_KEY_BYTES } from '../bytes/signature.ts';
import type { ConsensusMessage } from '../consensus/messages.ts';
import type { PeerEvent, Peers } from '../ports/peers.ts';
import { decodeFailovers, type FailoverRecord } from './failover-records.ts';
import { decodeFrame, encodeFrame, type FrameKind } from './frame.ts';
import { decodeSubmitted, encodeSubmitted, type Submitted } from './master-desk.ts';

/** How far a device is let in: one that was removed and still has a vote takes part in the consensus alone. */
export type Admission = 'member' | 'metadataOnly' | 'refused';

/** What arrives from other devices, decoded and admitted. */
export interface PeerChannelHandlers {
  up(device: DeviceId): void;
  down(device: DeviceId): void;
  consensus(from: DeviceId, message: ConsensusMessage): void;
  submitted(from: DeviceId, submitted: Submitted): void;
  report(from: DeviceId, payload: Uint8Array): void;
  failovers(from: DeviceId, records: readonly FailoverRecord[]): void;
  transfer(from: DeviceId, to: DeviceId): void;
}

export interface PeerChannelDeps {
  readonly peers: Peers;
  readonly group: GroupId;
  /** The first bytes of the hash of the only first entry that is taken; null: the log is there already. */
  readonly firstEntry: Uint8Array | null;
  admission(device: DeviceId): Admission;
  readonly handlers: PeerChannelHandlers;
}

/** The channel `metadata`: frames to and from the other devices. Whatever is hostile ends here. */
export class PeerChannel {
  readonly #deps: PeerChannelDeps;
  #unsubscribe: (() => void) | null = null;

  constructor(deps: PeerChannelDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#unsubscribe = this.#deps.peers.subscribe((event) => this.#onPeer(event));
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  /** Devices that are connected. */
  connected(): readonly DeviceId[] {
    return this.#deps.peers.connected().map((peer) => peer.device);
  }

  /** The slowest measured round trip to a connected device, in milliseconds. */
  slowestTripMs(): number {
    return Math.max(0, ...this.#deps.peers.connected().map((peer) => peer.rttMs ?? 0));
  }

  consensus(to: DeviceId, message: ConsensusMessage): void {
    this.send(to, 'consensus', encodeConsensusMessage(message));
  }

  submit(to: DeviceId, submitted: Submitted): void {
    this.send(to, 'submit', encodeSubmitted(submitted));
  }

  /** Whether the master could be asked. */
  transfer(master: DeviceId, to: DeviceId): boolean {
    return this.send(master, 'transfer', fromHex(to));
  }

  send(to: DeviceId, kind: FrameKind, payload: Uint8Array): boolean {
    return this.#deps.peers.send(to, 'metadata', encodeFrame(kind, payload));
  }

  /** Sends to all members that are connected. */
  broadcast(kind: FrameKind, payload: Uint8Array): void {
    for (const device of this.connected()) {
      if (this.#deps.admission(device) === 'member') this.send(device, kind, payload);
    }
  }

  #onPeer(event: PeerEvent): void {
    switch (event.type) {
      case 'up':
        if (this.#deps.admission(event.peer.device) !== 'refused') this.#deps.handlers.up(event.peer.device);
        return;
      case 'down':
        this.#deps.handlers.down(event.device);
        return;
      case 'moved':
        return;
      case 'message':
        if (event.channel === 'metadata') this.#onFrame(event.from, event.bytes);
        return;
      default:
        assertNever(event);
    }
  }

  #onFrame(from: DeviceId, bytes: Uint8Array): void {
    const { handlers, group, admission } = this.#deps;
    const admitted = admission(from);
    const frame = decodeFrame(bytes);
    if (frame === null || admitted === 'refused') return;
    const { kind, payload } = frame;
    if (kind === 'consensus') {
      const message = decodeConsensusMessage(group, payload);
      if (message !== null && this.#isOfOurLog(message)) handlers.consensus(from, message);
      return;
    }
    if (admitted !== 'member') return;
    switch (kind) {
      case 'submit': {
        const submitted = decodeSubmitted(payload);
        if (submitted !== null) handlers.submitted(from, submitted);
        return;
      }
      case 'report':
        handlers.report(from, payload);
        return;
      case 'failovers':
        handlers.failovers(from, decodeFailovers(payload));
        return;
      case 'transfer':
        if (payload.byteLength === PUBLIC_KEY_BYTES) handlers.transfer(from, toHex(payload) as DeviceId);
        return;
      default:
        assertNever(kind);
    }
  }

  /** A newcomer takes no log but the one whose first entry its invite code named. */
  #isOfOurLog(message: ConsensusMessage): boolean {
    const { firstEntry } = this.#deps;
    if (firstEntry === null || (message.type !== 'append' && message.type !== 'committed')) return true;
    const first = message.entries[0];
    return first === undefined || first.index !== 1 || first.hash.startsWith(toHex(firstEntry));
  }
}
