import type { LinkControl, LinkEvents, PeerLink } from '../../electron/engine/network/peer-link.ts';
import { CHANNELS } from '../../electron/engine/network/protocol.ts';
import type { ChannelName, LinkKind } from '../../electron/engine/ports/peers.ts';
import type { DeviceId } from '../../shared/ids.ts';

type Item =
  | { readonly type: 'message'; readonly channel: ChannelName; readonly bytes: Uint8Array }
  | { readonly type: 'ended'; readonly channel: ChannelName }
  | { readonly type: 'control'; readonly message: LinkControl }
  | { readonly type: 'ping'; readonly nonce: number }
  | { readonly type: 'pong'; readonly nonce: number }
  | { readonly type: 'closed' };

/** What one end of a pair of links is. */
export interface LinkEndOptions {
  readonly device: DeviceId;
  readonly kind: LinkKind;
  readonly since: number;
  /** Start number of the other side, as its greeting says. */
  readonly start: number;
  readonly linked: boolean;
}

/** One end of a link in memory: two queues towards it, content apart, of which nothing arrives until the test says so. */
export class LinkEnd implements PeerLink {
  readonly device: DeviceId;
  readonly kind: LinkKind;
  readonly since: number;
  readonly rttMs = null;
  readonly greeting: PeerLink['greeting'];
  readonly ended = new Set<ChannelName>();
  readonly main: Item[] = [];
  readonly content: Item[] = [];
  other: LinkEnd | null = null;
  #events: LinkEvents | null = null;
  #nonce = 0;
  #closed = false;

  constructor(options: LinkEndOptions) {
    this.device = options.device;
    this.kind = options.kind;
    this.since = options.since;
    const instance = new Uint8Array(16).fill(options.start);
    const bytes = Uint8Array.of(options.start);
    const statement = { start: options.start, instance, bytes, signature: bytes };
    this.greeting = {
      version: 1,
      oldest: 1,
      features: [],
      group: new Uint8Array(32),
      statement,
      link: new Uint8Array(16),
      part: 'all',
      linked: options.linked,
      addresses: [],
    };
  }

  get closed(): boolean {
    return this.#closed;
  }

  attach(events: LinkEvents): void {
    this.#events = events;
  }

  send(channel: ChannelName, bytes: Uint8Array): void {
    this.#push({ type: 'message', channel, bytes });
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  endChannels(): void {
    for (const channel of CHANNELS) this.#push({ type: 'ended', channel });
  }

  control(message: LinkControl): void {
    this.#push({ type: 'control', message });
  }

  ping(): number {
    this.#nonce += 1;
    this.#push({ type: 'ping', nonce: this.#nonce });
    return this.#nonce;
  }

  close(): void {
    // After what was sent, on both queues of the other side; this side takes nothing more once it hears of the end.
    this.other?.main.push({ type: 'closed' });
    this.main.push({ type: 'closed' });
  }

  destroy(): void {
    this.main.splice(0, this.main.length, { type: 'closed' });
    this.content.length = 0;
    this.other?.breakOff();
  }

  /** What is under way to this end is lost, and then it ends. */
  breakOff(): void {
    this.main.splice(0, this.main.length, { type: 'closed' });
    this.content.length = 0;
  }

  /** Lets the next item of a queue arrive; false where there is none. */
  arrive(queue: 'main' | 'content'): boolean {
    if (this.#events === null || this.#closed) return false;
    if (queue === 'main' && this.main[0]?.type === 'closed' && this.content.length > 0) return false;
    const item = this[queue].shift();
    if (item === undefined) return false;
    this.#deliver(item, this.#events);
    return true;
  }

  #push(item: Item): void {
    if (this.#closed || this.other === null || this.other.closed) return;
    const content = (item.type === 'message' || item.type === 'ended') && item.channel === 'content';
    const queue = content ? this.other.content : this.other.main;
    if (this.other.main.some(({ type }) => type === 'closed')) return;
    queue.push(item);
  }

  #deliver(item: Item, events: LinkEvents): void {
    switch (item.type) {
      case 'message':
        events.message(this, item.channel, item.bytes);
        return;
      case 'ended':
        this.ended.add(item.channel);
        events.ended(this, item.channel);
        return;
      case 'control':
        events.control(this, item.message);
        return;
      case 'ping':
        this.#push({ type: 'pong', nonce: item.nonce });
        return;
      case 'pong':
        events.pong(this, item.nonce);
        return;
      default:
        this.#closed = true;
        events.closed(this);
    }
  }
}

/** Two ends of one link. */
export function linkPair(a: LinkEndOptions, b: LinkEndOptions): readonly [LinkEnd, LinkEnd] {
  const ends = [new LinkEnd(a), new LinkEnd(b)] as const;
  ends[0].other = ends[1];
  ends[1].other = ends[0];
  return ends;
}
