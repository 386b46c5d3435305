import type { DeviceId } from '../../../shared/ids.ts';
import type { ChannelName, LinkKind } from '../ports/peers.ts';
import type { Connection } from './connection.ts';
import type { RejectReason } from './control-message.ts';
import type { Greeting } from './greeting.ts';
import type { LinkControl, LinkEvents, PeerLink } from './peer-link.ts';
import { CHANNELS } from './protocol.ts';

/** One connection, or two, of which the second carries the content. When one of two ends, the other is ended too. */
export class Link implements PeerLink {
  readonly device: DeviceId;
  readonly kind: LinkKind;
  readonly greeting: Greeting;
  readonly since: number;
  readonly ended = new Set<ChannelName>();
  readonly #main: Connection;
  readonly #content: Connection;
  #events: LinkEvents | null = null;
  #early: ((events: LinkEvents) => void)[] = [];
  #closed = false;

  constructor(
    device: DeviceId,
    kind: LinkKind,
    greeting: Greeting,
    since: number,
    main: Connection,
    content: Connection | null,
  ) {
    this.device = device;
    this.kind = kind;
    this.greeting = greeting;
    this.since = since;
    this.#main = main;
    this.#content = content ?? main;
  }

  get rttMs(): number | null {
    return this.#main.rttMs;
  }

  attach(events: LinkEvents): void {
    this.#events = events;
    for (const event of this.#early.splice(0)) event(events);
  }

  send(channel: ChannelName, bytes: Uint8Array): void {
    this.#carrier(channel).send(channel, bytes);
  }

  ready(channel: ChannelName): Promise<void> {
    return this.#carrier(channel).ready(channel);
  }

  endChannels(): void {
    for (const channel of CHANNELS) this.#carrier(channel).sendEnd(channel);
  }

  control(message: LinkControl): void {
    this.#main.control(message);
  }

  ping(): number {
    return this.#main.ping();
  }

  close(reason: RejectReason | null): void {
    this.#main.close(reason);
    if (this.#content !== this.#main) this.#content.close(null);
  }

  destroy(): void {
    this.#main.destroy();
    this.#content.destroy();
  }

  // What its connections report.

  onMessage(channel: ChannelName, bytes: Uint8Array): void {
    this.#tell((events) => events.message(this, channel, bytes));
  }

  onEnded(channel: ChannelName): void {
    this.ended.add(channel);
    this.#tell((events) => events.ended(this, channel));
  }

  onControl(message: LinkControl): void {
    this.#tell((events) => events.control(this, message));
  }

  onPong(nonce: number): void {
    this.#tell((events) => events.pong(this, nonce));
  }

  onClosed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.destroy();
    this.#tell((events) => events.closed(this));
  }

  #carrier(channel: ChannelName): Connection {
    return channel === 'content' ? this.#content : this.#main;
  }

  #tell(event: (events: LinkEvents) => void): void {
    if (this.#events === null) this.#early.push(event);
    else event(this.#events);
  }
}
