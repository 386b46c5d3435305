import type NoiseSecretStream from '@hyperswarm/secret-stream';
import type { ErrorCode } from '../../../shared/errors.ts';
import { type DeviceId, parseDeviceId } from '../../../shared/ids.ts';
import { toHex } from '../bytes/hex.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { LinkKind } from '../ports/peers.ts';
import { type CloseReason, Connection } from './connection.ts';
import type { RejectReason } from './control-message.ts';
import {
  type ConnectionPart,
  decodeGreeting,
  encodeGreeting,
  type Greeting,
  readGreetedGroup,
  readVersions,
} from './greeting.ts';
import { Link } from './link.ts';
import type { LinkControl } from './peer-link.ts';
import {
  GREETING_TIMEOUT_MS,
  MAX_EARLY_BYTES,
  OLDEST_PROTOCOL_VERSION,
  PROTOCOL_FEATURES,
  PROTOCOL_VERSION,
} from './protocol.ts';
import type { StartStatement } from './start-statement.ts';
import type { TcpAddress } from './tcp-address.ts';

/** What greeting needs to know and to tell. */
export interface GreeterDeps {
  readonly clock: Clock;
  /** The group that the device is greeted for; null: it is not in any. */
  readonly group: (device: DeviceId) => Uint8Array | null;
  readonly statement: (group: Uint8Array) => StartStatement;
  readonly addresses: () => readonly TcpAddress[];
  readonly isLinked: (device: DeviceId) => boolean;
  /** The group that the device was removed from, if any. */
  readonly removedFrom: (device: DeviceId) => Uint8Array | null;
  /** The highest start that is known of the device in the group, if any. */
  readonly knownStart: (group: Uint8Array, device: DeviceId) => StartStatement | null;
  readonly greeted: (device: DeviceId, greeting: Greeting) => void;
  readonly link: (link: Link) => void;
  /** A statement of this device's own that another showed; not checked yet. */
  readonly shownStart: (group: Uint8Array, message: Extract<LinkControl, { readonly type: 'known' | 'twin' }>) => void;
  /** A device of the group says that this one was removed from it. */
  readonly toldRemoved: (group: Uint8Array, device: DeviceId) => void;
  readonly problem: (code: ErrorCode, device: DeviceId) => void;
}

/** What the calling side says about its connection. */
export interface Call {
  /** 16 random bytes, equal for the two connections of one link. */
  readonly link: Uint8Array;
  readonly part: ConnectionPart;
}

/** A connection between its opening and its becoming a link or a part of one. */
interface Newcomer {
  readonly device: DeviceId;
  readonly kind: LinkKind;
  readonly call: Call | null;
  /** What it is greeted for. */
  readonly group: Uint8Array | null;
  readonly connection: Connection;
  /** What arrived before the link was whole. */
  readonly early: ((link: Link) => void)[];
  earlyBytes: number;
  readonly cancel: CancelTimer;
  greeting: Greeting | null;
  link: Link | null;
  toldRemoved: boolean;
  /** It was turned away, and why was told: what still comes of it says nothing. */
  refused: boolean;
}

const NOTHING = new Uint8Array(0);
/** About what one kept event costs. */
const EVENT_BYTES = 200;

/** Exchanges greetings on new connections and makes links of those that may be. */
export class Greeter {
  readonly #deps: GreeterDeps;
  readonly #newcomers = new Set<Newcomer>();
  #stopped = false;

  constructor(deps: GreeterDeps) {
    this.#deps = deps;
  }

  /** Greets on a stream that may still be shaking hands; `call` where this side dialled. */
  async greet(stream: NoiseSecretStream, kind: LinkKind, call: Call | null): Promise<void> {
    stream.on('error', () => {});
    const cancelOpening = this.#deps.clock.after(GREETING_TIMEOUT_MS, () => stream.destroy());
    const opened = await stream.opened;
    cancelOpening();
    const key = stream.remotePublicKey;
    const device = key === null ? null : parseDeviceId(toHex(key));
    if (!opened || stream.destroying || device === null || this.#stopped) return stream.destroy();
    this.#begin(stream, device, kind, call);
  }

  /** Ends what has not become a link yet; nothing becomes one any more. */
  stop(): void {
    this.#stopped = true;
    for (const { connection } of this.#newcomers) connection.destroy();
  }

  #begin(stream: NoiseSecretStream, device: DeviceId, kind: LinkKind, call: Call | null): void {
    const { clock } = this.#deps;
    const group = this.#deps.group(device);
    const connection = new Connection(stream, clock, {
      control: (message) => this.#onControl(newcomer, message),
      pong: (nonce) => newcomer.link?.onPong(nonce),
      message: (channel, bytes) => toLink(newcomer, (link) => link.onMessage(channel, bytes), bytes.byteLength),
      ended: (channel) => toLink(newcomer, (link) => link.onEnded(channel)),
      closed: (reason) => this.#onClosed(newcomer, reason),
    });
    const newcomer: Newcomer = {
      device,
      kind,
      call,
      group,
      connection,
      early: [],
      earlyBytes: 0,
      cancel: clock.after(GREETING_TIMEOUT_MS, () => connection.destroy()),
      greeting: null,
      link: null,
      toldRemoved: false,
      refused: false,
    };
    this.#newcomers.add(newcomer);
    if (group === null) {
      this.#turnAway(newcomer);
      return;
    }
    const greeting = encodeGreeting({
      version: PROTOCOL_VERSION,
      oldest: OLDEST_PROTOCOL_VERSION,
      features: PROTOCOL_FEATURES,
      group,
      statement: this.#deps.statement(group),
      link: call?.link ?? NOTHING,
      part: call?.part ?? 'all',
      linked: this.#deps.isLinked(device),
      addresses: this.#deps.addresses(),
    });
    connection.control({ type: 'greeting', bytes: greeting });
  }

  #onControl(newcomer: Newcomer, message: LinkControl): void {
    if (newcomer.refused) return;
    if (message.type === 'greeting') {
      this.#onGreeting(newcomer, message.bytes);
      return;
    }
    const { group, device } = newcomer;
    if (message.type === 'removed') {
      if (group === null || !isSame(message.group, group)) return;
      newcomer.toldRemoved = true;
      this.#deps.toldRemoved(group, device);
      return;
    }
    if (newcomer.greeting === null || group === null) {
      this.#refuse(newcomer, 'protocol', 'peer-protocol');
      return;
    }
    if (message.type === 'known' || message.type === 'twin') {
      this.#deps.shownStart(group, message);
      return;
    }
    toLink(newcomer, (link) => link.onControl(message));
  }

  #onGreeting(newcomer: Newcomer, bytes: Uint8Array): void {
    const { device, connection, group } = newcomer;
    const versions = readVersions(bytes);
    if (newcomer.greeting !== null || versions === null || group === null) {
      this.#refuse(newcomer, 'protocol', 'peer-protocol');
      return;
    }
    if (versions.version < OLDEST_PROTOCOL_VERSION) {
      this.#refuse(newcomer, 'you-are-too-old', 'peer-too-old');
      return;
    }
    if (versions.oldest > PROTOCOL_VERSION) {
      this.#refuse(newcomer, 'i-am-too-old', 'update-needed');
      return;
    }
    const greeting = decodeGreeting(bytes, group, Buffer.from(device, 'hex'));
    if (greeting === null) {
      const other = readGreetedGroup(bytes);
      if (other !== null && !isSame(other, group)) {
        this.#refuse(newcomer, 'not-admitted', 'peer-not-admitted');
        return;
      }
      this.#refuse(newcomer, 'protocol', 'peer-protocol');
      return;
    }
    newcomer.greeting = greeting;
    const known = this.#deps.knownStart(group, device);
    if (known !== null && known.start >= greeting.statement.start) {
      const same = toHex(known.instance) === toHex(greeting.statement.instance);
      if (!same) connection.control({ type: 'known', bytes: known.bytes, signature: known.signature });
    }
    this.#deps.greeted(device, greeting);
    // The registry may have become another one while the handshake went on.
    const now = this.#deps.group(device);
    if (now === null || !isSame(now, group)) {
      this.#turnAway(newcomer);
      return;
    }
    connection.admit(newcomer.call?.part ?? greeting.part);
    this.#complete(newcomer);
  }

  /** Makes the link once all its parts have greeted. */
  #complete(newcomer: Newcomer): void {
    const call = callOf(newcomer);
    if (call === null) {
      this.#refuse(newcomer, 'protocol', 'peer-protocol');
      return;
    }
    if (call.part === 'all') {
      this.#makeLink(newcomer, null);
      return;
    }
    const other = [...this.#newcomers].find((each) => each !== newcomer && isOtherPart(each, newcomer.device, call));
    if (other === undefined) return;
    if (call.part === 'main') this.#makeLink(newcomer, other);
    else this.#makeLink(other, newcomer);
  }

  #makeLink(main: Newcomer, content: Newcomer | null): void {
    const { device, kind, greeting } = main;
    if (greeting === null) return;
    const now = this.#deps.clock.monotonic();
    const link = new Link(device, kind, greeting, now, main.connection, content?.connection ?? null);
    for (const part of [main, content]) {
      if (part === null) continue;
      part.cancel();
      part.link = link;
      this.#newcomers.delete(part);
    }
    this.#deps.link(link);
    for (const part of [main, content]) for (const event of part?.early.splice(0) ?? []) event(link);
  }

  /** One that was removed is told so: it may not have been there when that was decided. */
  #turnAway(newcomer: Newcomer): void {
    const removedFrom = this.#deps.removedFrom(newcomer.device);
    if (removedFrom === null) {
      this.#refuse(newcomer, 'not-admitted', 'peer-not-admitted');
      return;
    }
    newcomer.refused = true;
    newcomer.connection.control({ type: 'removed', group: removedFrom });
    newcomer.connection.close('not-admitted');
  }

  #refuse(newcomer: Newcomer, reason: RejectReason, code: ErrorCode): void {
    newcomer.refused = true;
    newcomer.connection.close(reason);
    this.#deps.problem(code, newcomer.device);
  }

  #onClosed(newcomer: Newcomer, reason: CloseReason): void {
    newcomer.cancel();
    this.#newcomers.delete(newcomer);
    const code = problemOf(reason);
    if (code !== null && !newcomer.toldRemoved && !newcomer.refused) this.#deps.problem(code, newcomer.device);
    newcomer.link?.onClosed();
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.from(one).equals(Buffer.from(other));
}

/** `bytes`: what is kept with the event until there is a link. */
function toLink(newcomer: Newcomer, event: (link: Link) => void, bytes = 0): void {
  if (newcomer.link !== null) {
    event(newcomer.link);
    return;
  }
  newcomer.early.push(event);
  newcomer.earlyBytes += EVENT_BYTES + bytes;
  if (newcomer.earlyBytes > MAX_EARLY_BYTES) newcomer.connection.destroy();
}

/** The call that a connection belongs to, whoever made it; null where the caller did not say. */
function callOf({ call, greeting }: Newcomer): Call | null {
  if (call !== null) return call;
  if (greeting === null || (greeting.link.byteLength === 0 && greeting.part !== 'all')) return null;
  return { link: greeting.link, part: greeting.part };
}

function isOtherPart(newcomer: Newcomer, device: DeviceId, call: Call): boolean {
  const own = callOf(newcomer);
  if (own === null || newcomer.greeting === null || newcomer.device !== device) return false;
  const pair = (own.part === 'main' && call.part === 'content') || (own.part === 'content' && call.part === 'main');
  return pair && Buffer.from(own.link).equals(Buffer.from(call.link));
}

function problemOf(reason: CloseReason): ErrorCode | null {
  if (reason.type === 'garbage') return 'peer-protocol';
  if (reason.type !== 'told') return null;
  switch (reason.reason) {
    case 'you-are-too-old':
      return 'update-needed';
    case 'i-am-too-old':
      return 'peer-too-old';
    case 'not-admitted':
      return 'not-a-member';
    case 'protocol':
      return 'peer-protocol';
    default:
      return null;
  }
}
