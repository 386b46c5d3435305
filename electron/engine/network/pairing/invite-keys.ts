import BlindPairing from 'blind-pairing';
import type { InviteId } from '../../../../shared/ids.ts';
import { blake3Bytes } from '../../bytes/hash.ts';
import { toHex } from '../../bytes/hex.ts';
import { type KeyPair, keyPairFromSeed } from '../../bytes/signature.ts';
import type { Random } from '../../ports/random.ts';

/** Bytes of an invite's secret: the seed of its key pair. */
const INVITE_SECRET_BYTES = 32;

const TOPIC_CONTEXT = Buffer.from('flotilla/pairing/1\0', 'utf8');
const NO_SEED = Buffer.alloc(32);

/** Everything that follows from an invite's secret. */
export interface InviteKeys {
  readonly secret: Uint8Array;
  /** Goes into the registry, with the public key. */
  readonly id: InviteId;
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** What those who know an invite's public key meet by. */
export interface PairingTopic {
  /** What a member proves by telling it to the newcomer that it knows the invite. */
  readonly key: Buffer;
  readonly discoveryKey: Buffer;
}

/** A new invite. */
export function createInvite(random: Random): InviteKeys {
  return inviteKeys(random.bytes(INVITE_SECRET_BYTES));
}

/** The invite of a secret, as the newcomer finds it in the code. */
export function inviteKeys(secret: Uint8Array): InviteKeys {
  const keyPair: KeyPair = keyPairFromSeed(secret);
  const { id } = BlindPairing.createInvite(topicKey(keyPair.publicKey), { seed: Buffer.from(secret) });
  return { secret, id: toHex(id) as InviteId, publicKey: keyPair.publicKey, secretKey: keyPair.secretKey };
}

/**
 * Where newcomers and members meet for an invite. It follows from the invite's public key alone, so that every member
 * can receive; the key is BLAKE3 of `flotilla/pairing/1`, 0 and the public key, the discovery key its hash as of Hypercore.
 */
export function pairingTopic(publicKey: Uint8Array): PairingTopic {
  const key = topicKey(publicKey);
  return { key, discoveryKey: BlindPairing.createInvite(key, { seed: NO_SEED }).discoveryKey };
}

function topicKey(publicKey: Uint8Array): Buffer {
  return Buffer.from(blake3Bytes(Buffer.concat([TOPIC_CONTEXT, publicKey])));
}
