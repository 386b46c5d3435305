import type NoiseSecretStream from '@hyperswarm/secret-stream';
import BlindPairing, { type Closable } from 'blind-pairing';
import { failure } from '../../../../shared/errors.ts';
import { failureOf } from '../../../../shared/text/error-sentences.ts';
import type { Clock } from '../../ports/clock.ts';
import { type InviteKeys, type PairingTopic, pairingTopic } from './invite-keys.ts';
import { JoinChannel, type JoinMessage } from './join-channel.ts';
import type { PairingSwarm } from './pairing-swarm.ts';

const AGAIN_MS = 500;

interface OpenAsk {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The newcomer's side: finds a member that knows the invite and asks it. Tries again until it is closed, with whichever
 * member answers; an ask that was not answered when a connection ended is put to the next member.
 */
export class Joiner {
  readonly topic: PairingTopic;
  readonly #clock: Clock;
  readonly #swarm: PairingSwarm;
  readonly #invite: InviteKeys;
  readonly #asks = new Map<number, OpenAsk>();
  #blind: BlindPairing;
  #candidate: Closable | null = null;
  #channel: JoinChannel | null = null;
  #number = 0;
  #closed = false;

  constructor(swarm: PairingSwarm, invite: InviteKeys, clock: Clock) {
    this.#swarm = swarm;
    this.#invite = invite;
    this.#clock = clock;
    this.topic = pairingTopic(invite.publicKey);
    this.#blind = new BlindPairing(swarm, { poll: 5_000 });
    this.#search();
  }

  /** Whether a member is being talked to. */
  get connected(): boolean {
    return this.#channel !== null;
  }

  /** Puts a question; rejects with the code of the member's denial, or `cancelled` when the joiner is closed. */
  ask(bytes: Uint8Array): Promise<Uint8Array> {
    if (this.#closed) return Promise.reject(cancelled());
    this.#number += 1;
    const number = this.#number;
    return new Promise((resolve, reject) => {
      this.#asks.set(number, { number, bytes, resolve, reject });
      this.#channel?.send({ type: 'ask', number, bytes });
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const { reject } of this.#asks.values()) reject(cancelled());
    this.#asks.clear();
    await this.#blind.close();
  }

  #search(): void {
    if (this.#closed) return;
    const { discoveryKey, key } = this.topic;
    this.#candidate = this.#blind.addCandidate({
      invite: { seed: Buffer.from(this.#invite.secret), discoveryKey },
      // Whoever signs this with the invite's secret is the one that has this key on the connection.
      userData: Buffer.from(this.#swarm.keyPair.publicKey),
      discoveryKey,
      onadd: async (reply) => {
        const member = reply.encryptionKey;
        if (member === null || !reply.key.equals(key)) this.#searchAgain();
        else await this.#talkTo(member);
      },
    });
  }

  async #talkTo(member: Buffer): Promise<void> {
    const stream = await this.#swarm.connectTo(member);
    if (stream === null || this.#closed) {
      this.#searchAgain();
      return;
    }
    try {
      this.#open(stream);
    } catch {
      this.#searchAgain();
    }
  }

  #open(stream: NoiseSecretStream): void {
    const channel = new JoinChannel(
      stream,
      (message) => this.#onMessage(message),
      () => {
        this.#channel = null;
        // Not the same connection again: whatever ended the talk may have left it useless.
        stream.destroy();
        this.#searchAgain();
      },
    );
    this.#channel = channel;
    for (const { number, bytes } of this.#asks.values()) channel.send({ type: 'ask', number, bytes });
  }

  #onMessage(message: JoinMessage): void {
    const ask = this.#asks.get(message.number);
    if (ask === undefined || message.type === 'ask') return;
    this.#asks.delete(message.number);
    if (message.type === 'answer') ask.resolve(message.bytes);
    else ask.reject(failureOf(message.code));
  }

  #searchAgain(): void {
    this.#clock.after(AGAIN_MS, () => {
      if (this.#closed) return;
      void (this.#candidate?.close() ?? Promise.resolve()).then(() => this.#search());
    });
  }
}

function cancelled(): Error {
  return failure('cancelled', 'Joining was given up');
}
