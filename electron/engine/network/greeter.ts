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
import { GREETING_TIMEOUT_MS, OLDEST_PROTOCOL_VERSION, PROTOCOL_FEATURES, PROTOCOL_VERSION } from './protocol.ts';
import type { StartStatement } from './start-statement.ts';
import type { TcpAddress } from './tcp-address.ts';

/** Who a device is to this one, by the registry. */
export type Admission = 'member' | 'metadataOnly' | 'refused';

/** What greeting needs to know and to tell. */
export interface GreeterDeps {
  readonly clock: Clock;
  /** Null while this device is in no group: then nobody is greeted. */
  readonly group: () => Uint8Array | null;
  readonly statement: () => StartStatement | null;
  readonly addresses: () => readonly TcpAddress[];
  readonly admission: (device: DeviceId) => Admission;
  readonly isLinked: (device: DeviceId) => boolean;
  /** The highest start that is known of the device, if any. */
  readonly knownStart: (device: DeviceId) => StartStatement | null;
  readonly greeted: (device: DeviceId, greeting: Greeting) => void;
  readonly link: (link: Link) => void;
  /** A statement of this device's own that another showed; not checked yet. */
  readonly shownStart: (message: Extract<LinkControl, { readonly type: 'known' | 'twin' }>) => void;
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
  readonly connection: Connection;
  /** What arrived before the link was whole. */
  readonly early: ((link: Link) => void)[];
  readonly cancel: CancelTimer;
  greeting: Greeting | null;
  link: Link | null;
}

const NOTHING = new Uint8Array(0);

/** Exchanges greetings on new connections and makes links of those that may be. */
export class Greeter {
  readonly #deps: GreeterDeps;
  readonly #newcomers = new Set<Newcomer>();

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
    if (!opened || stream.destroying || device === null) return stream.destroy();
    this.#begin(stream, device, kind, call);
  }

  /** Ends what has not become a link yet. */
  destroy(): void {
    for (const { connection } of this.#newcomers) connection.destroy();
  }

  #begin(stream: NoiseSecretStream, device: DeviceId, kind: LinkKind, call: Call | null): void {
    const { clock } = this.#deps;
    const connection = new Connection(stream, clock, {
      control: (message) => this.#onControl(newcomer, message),
      pong: (nonce) => newcomer.link?.onPong(nonce),
      message: (channel, bytes) => toLink(newcomer, (link) => link.onMessage(channel, bytes)),
      ended: (channel) => toLink(newcomer, (link) => link.onEnded(channel)),
      closed: (reason) => this.#onClosed(newcomer, reason),
    });
    const newcomer: Newcomer = {
      device,
      kind,
      call,
      connection,
      early: [],
      cancel: clock.after(GREETING_TIMEOUT_MS, () => connection.destroy()),
      greeting: null,
      link: null,
    };
    this.#newcomers.add(newcomer);
    const group = this.#deps.group();
    const statement = this.#deps.statement();
    if (group === null || statement === null || this.#deps.admission(device) === 'refused') {
      this.#refuse(newcomer, 'not-admitted', 'peer-not-admitted');
      return;
    }
    const greeting = encodeGreeting({
      version: PROTOCOL_VERSION,
      oldest: OLDEST_PROTOCOL_VERSION,
      features: PROTOCOL_FEATURES,
      group,
      statement,
      link: call?.link ?? NOTHING,
      part: call?.part ?? 'all',
      linked: this.#deps.isLinked(device),
      addresses: this.#deps.addresses(),
    });
    connection.control({ type: 'greeting', bytes: greeting });
  }

  #onControl(newcomer: Newcomer, message: LinkControl): void {
    if (message.type === 'greeting') {
      this.#onGreeting(newcomer, message.bytes);
      return;
    }
    if (newcomer.greeting === null) {
      this.#refuse(newcomer, 'protocol', 'peer-protocol');
      return;
    }
    if (message.type === 'known' || message.type === 'twin') {
      this.#deps.shownStart(message);
      return;
    }
    toLink(newcomer, (link) => link.onControl(message));
  }

  #onGreeting(newcomer: Newcomer, bytes: Uint8Array): void {
    const { device, connection } = newcomer;
    const versions = readVersions(bytes);
    const group = this.#deps.group();
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
      const foreign = other !== null && !Buffer.from(other).equals(Buffer.from(group));
      if (foreign) {
        this.#refuse(newcomer, 'not-admitted', 'peer-not-admitted');
        return;
      }
      this.#refuse(newcomer, 'protocol', 'peer-protocol');
      return;
    }
    newcomer.greeting = greeting;
    const known = this.#deps.knownStart(device);
    if (known !== null && known.start >= greeting.statement.start) {
      const same = toHex(known.instance) === toHex(greeting.statement.instance);
      if (!same) connection.control({ type: 'known', bytes: known.bytes, signature: known.signature });
    }
    this.#deps.greeted(device, greeting);
    // Whoever heard of the device may have taken it out of the registry while the handshake went on.
    if (this.#deps.admission(device) === 'refused') {
      this.#refuse(newcomer, 'not-admitted', 'peer-not-admitted');
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

  #refuse(newcomer: Newcomer, reason: RejectReason, code: ErrorCode): void {
    newcomer.connection.close(reason);
    this.#deps.problem(code, newcomer.device);
  }

  #onClosed(newcomer: Newcomer, reason: CloseReason): void {
    newcomer.cancel();
    this.#newcomers.delete(newcomer);
    const code = problemOf(reason);
    if (code !== null) this.#deps.problem(code, newcomer.device);
    newcomer.link?.onClosed();
  }
}

function toLink(newcomer: Newcomer, event: (link: Link) => void): void {
  if (newcomer.link !== null) event(newcomer.link);
  else newcomer.early.push(event);
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
