import type NoiseSecretStream from '@hyperswarm/secret-stream';
import BlindPairing, { type Closable, type MemberRequest } from 'blind-pairing';
import Protomux from 'protomux';
import type { ErrorCode } from '../../../../shared/errors.ts';
import type { InviteId } from '../../../../shared/ids.ts';
import { toHex } from '../../bytes/hex.ts';
import { type PairingTopic, pairingTopic } from './invite-keys.ts';
import { JOIN_PROTOCOL, JoinChannel } from './join-channel.ts';
import type { PairingSwarm } from './pairing-swarm.ts';

/** Newcomers that proved to know an invite and are remembered, at most. */
const MAX_NEWCOMERS = 256;

/** An invite as the registry has it. */
export interface PublicInvite {
  readonly id: InviteId;
  readonly publicKey: Uint8Array;
}

/** Something that the holder of an invite asks. */
export interface JoinAsk {
  readonly invite: InviteId;
  readonly bytes: Uint8Array;
  /** The newcomer's key on this connection: tells asks of one newcomer from another's, and nothing more. */
  readonly newcomer: string;
  /** Answers; has no effect where the newcomer has gone, who then asks again. */
  answer(bytes: Uint8Array): void;
  deny(code: ErrorCode): void;
}

interface OpenInvite {
  readonly topic: PairingTopic;
  readonly member: Closable;
}

/** The member's side: receives newcomers for the group's invites. */
export class PairingReceiver {
  readonly #swarm: PairingSwarm;
  readonly #blind: BlindPairing;
  readonly #asked: (ask: JoinAsk) => void;
  readonly #invites = new Map<InviteId, OpenInvite>();
  readonly #newcomers = new Map<string, InviteId>();

  constructor(swarm: PairingSwarm, asked: (ask: JoinAsk) => void) {
    this.#swarm = swarm;
    this.#asked = asked;
    this.#blind = new BlindPairing(swarm);
    swarm.on('connection', (stream: NoiseSecretStream) => {
      const key = stream.remotePublicKey;
      if (key !== null && this.#newcomers.has(toHex(key))) swarm.prove(key);
      Protomux.from(stream).pair({ protocol: JOIN_PROTOCOL }, () => this.#talk(stream));
    });
  }

  /** Topics of the invites that newcomers are received for. */
  topics(): readonly PairingTopic[] {
    return [...this.#invites.values()].map(({ topic }) => topic);
  }

  /** Receives newcomers for these invites and no others. */
  async setInvites(invites: readonly PublicInvite[]): Promise<void> {
    const wanted = new Set(invites.map(({ id }) => id));
    const closing: Promise<void>[] = [];
    for (const [id, { member }] of this.#invites) {
      if (wanted.has(id)) continue;
      this.#invites.delete(id);
      closing.push(member.close());
    }
    for (const { id, publicKey } of invites) if (!this.#invites.has(id)) this.#receive(id, publicKey);
    await Promise.all(closing);
  }

  async close(): Promise<void> {
    this.#invites.clear();
    await this.#blind.close();
  }

  #receive(id: InviteId, publicKey: Uint8Array): void {
    const topic = pairingTopic(publicKey);
    const onadd = async (request: MemberRequest): Promise<void> => {
      // Throws where the request was not made with the invite's secret; blind-pairing then answers nothing.
      const newcomer = request.open(Buffer.from(publicKey));
      if (newcomer.byteLength !== 32) return;
      this.#remember(toHex(newcomer), id);
      this.#swarm.prove(newcomer);
      // The reply has room for one key beside the topic's: the one under which this side is to be talked to. More would
      // have to be signed with the invite's secret, which members do not have.
      request.confirm({ key: topic.key, encryptionKey: Buffer.from(this.#swarm.keyPair.publicKey) });
    };
    const member = this.#blind.addMember({ discoveryKey: topic.discoveryKey, onadd });
    this.#invites.set(id, { topic, member });
  }

  #remember(newcomer: string, invite: InviteId): void {
    this.#newcomers.delete(newcomer);
    this.#newcomers.set(newcomer, invite);
    const [oldest] = this.#newcomers.keys();
    if (this.#newcomers.size > MAX_NEWCOMERS && oldest !== undefined) this.#newcomers.delete(oldest);
  }

  #talk(stream: NoiseSecretStream): void {
    const newcomer = toHex(stream.remotePublicKey ?? new Uint8Array(0));
    const channel = new JoinChannel(
      stream,
      (message) => {
        const invite = this.#newcomers.get(newcomer);
        if (invite === undefined || message.type !== 'ask') {
          stream.destroy();
          return;
        }
        const { number, bytes } = message;
        this.#asked({
          invite,
          bytes,
          newcomer,
          answer: (answer) => channel.send({ type: 'answer', number, bytes: answer }),
          deny: (code) => channel.send({ type: 'deny', number, code }),
        });
      },
      () => {},
    );
  }
}
