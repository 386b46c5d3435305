import type { DeviceId } from '../../../shared/ids.ts';
import { LINK_SILENT_MS } from '../../../shared/limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChannelName, LinkKind } from '../ports/peers.ts';
import type { RejectReason } from './control-message.ts';
import { HeldMessages } from './held-messages.ts';
import type { LinkControl, LinkEvents, PeerLink } from './peer-link.ts';
import { CHANNELS, MAX_SPARE_LINKS } from './protocol.ts';
import type { StartStatement } from './start-statement.ts';

/** What a peer tells the network. */
export interface PeerHandlers {
  up(link: PeerLink): void;
  moved(link: PeerLink): void;
  down(): void;
  message(channel: ChannelName, bytes: Uint8Array): void;
  addresses(message: Extract<LinkControl, { readonly type: 'addresses' }>): void;
  /** Two engines that run now have this device's key. */
  twin(): void;
}

const URGENCY: Record<LinkKind, number> = { lan: 0, direct: 1, relayed: 2 };
/** A link younger than this is not given up because the other side, dialling at the same time, did not know of it yet. */
const YOUNG_LINK_MS = 2_000;

function sameInstance(a: StartStatement, b: StartStatement): boolean {
  return a.start === b.start && Buffer.from(a.instance).equals(Buffer.from(b.instance));
}

/** Whether everything that the other side sent on the link has arrived. */
function isDrained(link: PeerLink): boolean {
  return CHANNELS.every((channel) => link.ended.has(channel));
}

/**
 * One device with all its links, as one logical connection. The device with the smaller key chooses the link that carries
 * and says so with `use`; the other follows. When a link takes over from one that lives, each side marks on the old one
 * where its messages end, and takes what arrives on the new one only when the old one's mark has come; so order holds per
 * channel. If the old one breaks before, both links are given up and the peer goes down and up: nothing is lost unseen.
 */
export class Peer implements LinkEvents {
  readonly device: DeviceId;
  readonly #chooses: boolean;
  readonly #clock: Clock;
  readonly #handlers: PeerHandlers;
  #current: PeerLink | null = null;
  #leaving: PeerLink | null = null;
  /** How often the choosing side has named a link, in its present run. */
  #turn = 0;
  /** The run of the device that greeted last. */
  #run: StartStatement | null = null;
  /** Of a move: whether all that was sent on the link that is left has arrived on this side, and on the other. */
  #drained = { here: false, there: false };
  readonly #spare = new Set<PeerLink>();
  /** Links of an earlier run of the device, with the number of the ping that shows whether that run still answers. */
  readonly #ghosts = new Map<PeerLink, { readonly nonce: number; readonly newer: PeerLink }>();
  readonly #held = new HeldMessages();

  constructor(device: DeviceId, chooses: boolean, clock: Clock, handlers: PeerHandlers) {
    this.device = device;
    this.#chooses = chooses;
    this.#clock = clock;
    this.#handlers = handlers;
  }

  /** The link that carries now. */
  get current(): PeerLink | null {
    return this.#current;
  }

  /** Takes in a link that has greeted and is admitted. */
  add(link: PeerLink): void {
    const before = this.#current;
    if (before !== null && !sameInstance(before.greeting.statement, link.greeting.statement)) {
      // The device has started again; only a copy of its home would let both runs answer.
      this.#ghosts.set(before, { nonce: before.ping(), newer: link });
      this.#clock.after(LINK_SILENT_MS, () => before.destroy());
      this.#drop();
    }
    const run = link.greeting.statement;
    if (!this.#chooses && this.#run !== null && !sameInstance(this.#run, run)) this.#turn = 0;
    this.#run = run;
    if (this.#spare.size >= MAX_SPARE_LINKS) {
      link.close('duplicate');
      return;
    }
    this.#spare.add(link);
    if (this.#chooses) this.#choose(link);
    else this.#clock.after(2 * LINK_SILENT_MS, () => this.#discardUnused(link));
    link.attach(this);
  }

  /** Ends everything at once. */
  destroy(): void {
    for (const link of this.#links()) link.destroy();
  }

  /** Ends everything, telling the other side why; a device that was removed from a group is told that too. */
  refuse(reason: RejectReason, removedFrom: Uint8Array | null = null): void {
    for (const link of this.#links()) {
      if (removedFrom !== null) link.control({ type: 'removed', group: removedFrom });
      link.close(reason);
    }
    if (this.#current !== null) this.#drop();
  }

  // LinkEvents

  message(link: PeerLink, channel: ChannelName, bytes: Uint8Array): void {
    const carries = link === this.#current && (this.#leaving === null || this.#leaving.ended.has(channel));
    if (link === this.#leaving || carries) this.#handlers.message(channel, bytes);
    else if ((link === this.#current || this.#spare.has(link)) && !this.#held.hold(link, channel, bytes))
      link.destroy();
  }

  ended(link: PeerLink, channel: ChannelName): void {
    if (link === this.#leaving) this.#drainedChannel(channel);
  }

  control(link: PeerLink, message: LinkControl): void {
    if (message.type === 'addresses') {
      this.#handlers.addresses(message);
      return;
    }
    if (message.type === 'drained' && link === this.#current) {
      this.#drained.there = true;
      this.#finishMove();
      return;
    }
    if (message.type === 'use' && !this.#chooses && this.#spare.has(link)) this.#follow(link, message);
  }

  pong(link: PeerLink, nonce: number): void {
    const ghost = this.#ghosts.get(link);
    if (ghost === undefined || nonce < ghost.nonce) return;
    this.#ghosts.delete(link);
    const older = link.greeting.statement;
    const newer = ghost.newer.greeting.statement;
    link.control({ type: 'twin', bytes: newer.bytes, signature: newer.signature });
    ghost.newer.control({ type: 'twin', bytes: older.bytes, signature: older.signature });
    this.#handlers.twin();
  }

  closed(link: PeerLink): void {
    this.#spare.delete(link);
    this.#ghosts.delete(link);
    this.#held.forget(link);
    // Where all of it had arrived here, it is left to the other side to say so too, or to give up the new link.
    if (link === this.#leaving && !isDrained(link)) this.#abandon();
    if (link === this.#current) this.#abandon();
  }

  #links(): readonly PeerLink[] {
    const links = [...this.#spare, ...this.#ghosts.keys()];
    if (this.#leaving !== null) links.push(this.#leaving);
    if (this.#current !== null) links.push(this.#current);
    return links;
  }

  /** The chooser's decision about a new link. */
  #choose(link: PeerLink): void {
    const current = this.#current;
    if (current === null) {
      this.#adopt(link);
      return;
    }
    const age = this.#clock.monotonic() - current.since;
    if (!link.greeting.linked && age > YOUNG_LINK_MS) {
      // The other side has lost the link that this one still believes in.
      this.#drop();
      current.destroy();
      this.#adopt(link);
      return;
    }
    if (URGENCY[link.kind] >= URGENCY[current.kind]) {
      this.#discard(link);
      return;
    }
    if (this.#leaving === null) this.#move(link);
  }

  #follow(link: PeerLink, { turn, fresh }: Extract<LinkControl, { readonly type: 'use' }>): void {
    const current = this.#current;
    const next = turn === this.#turn + 1;
    const late = turn <= this.#turn;
    if (!late) this.#turn = turn;
    if (fresh && !late) {
      if (current !== null) {
        this.#drop();
        current.destroy();
      }
      this.#adopt(link);
      return;
    }
    const drained = this.#leaving === null || isDrained(this.#leaving);
    if (next && current !== null && drained) {
      this.#move(link);
      return;
    }
    // What should come before it was lost, or is still on its way on another link: that shows on both sides as a break.
    this.#spare.delete(link);
    link.destroy();
    if (!late) this.#abandon();
  }

  /** Begins on the link with nothing before it. */
  #adopt(link: PeerLink): void {
    this.#spare.delete(link);
    this.#current = link;
    if (this.#chooses) link.control({ type: 'use', turn: this.#nextTurn(), fresh: true });
    this.#handlers.up(link);
    for (const channel of CHANNELS) this.#release(link, channel);
  }

  /** Goes on on the link, after what is under way on the present one. */
  #move(link: PeerLink): void {
    const old = this.#current;
    this.#spare.delete(link);
    this.#leaving?.close(null);
    this.#leaving = old;
    this.#drained = { here: false, there: false };
    this.#current = link;
    if (this.#chooses) link.control({ type: 'use', turn: this.#nextTurn(), fresh: false });
    old?.endChannels();
    this.#handlers.moved(link);
    if (old !== null) for (const channel of [...old.ended]) this.#drainedChannel(channel);
  }

  #drainedChannel(channel: ChannelName): void {
    const { current, leaving } = { current: this.#current, leaving: this.#leaving };
    if (current === null || leaving === null) return;
    this.#release(current, channel);
    if (this.#drained.here || !isDrained(leaving)) return;
    this.#drained.here = true;
    current.control({ type: 'drained' });
    this.#finishMove();
  }

  #finishMove(): void {
    const leaving = this.#leaving;
    if (leaving === null || !this.#drained.here || !this.#drained.there) return;
    this.#leaving = null;
    leaving.close(null);
    this.#settled();
  }

  /** After a move: a still better link may have come meanwhile. */
  #settled(): void {
    if (!this.#chooses) return;
    for (let next = this.#best(); next !== null && this.#leaving === null; next = this.#best()) this.#choose(next);
  }

  #release(link: PeerLink, channel: ChannelName): void {
    for (const bytes of this.#held.release(link, channel)) this.#handlers.message(channel, bytes);
  }

  /** Gives up the carrying link and begins anew on another, if there is one. */
  #abandon(): void {
    const current = this.#current;
    if (current === null) return;
    this.#drop();
    current.destroy();
    const next = this.#best();
    if (this.#chooses && next !== null) this.#adopt(next);
  }

  /** Forgets the carrying link; the peer is down. */
  #drop(): void {
    const current = this.#current;
    this.#current = null;
    if (current !== null) this.#held.forget(current);
    this.#leaving?.destroy();
    this.#leaving = null;
    this.#handlers.down();
  }

  #nextTurn(): number {
    this.#turn += 1;
    return this.#turn;
  }

  #best(): PeerLink | null {
    let best: PeerLink | null = null;
    for (const link of this.#spare) if (best === null || URGENCY[link.kind] < URGENCY[best.kind]) best = link;
    return best;
  }

  #discard(link: PeerLink): void {
    this.#spare.delete(link);
    link.close('duplicate');
  }

  #discardUnused(link: PeerLink): void {
    if (this.#spare.has(link)) this.#discard(link);
  }
}
