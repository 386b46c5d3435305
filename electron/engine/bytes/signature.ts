import sodium from 'sodium-native';

/** Bytes of an Ed25519 public key. */
export const PUBLIC_KEY_BYTES = 32;
/** Bytes of an Ed25519 secret key as libsodium keeps it (seed and public key). */
export const SECRET_KEY_BYTES = 64;
/** Bytes of an Ed25519 signature. */
export const SIGNATURE_BYTES = 64;

/** What a signature is for: a signature made for one context is never good in another. */
export type SignatureContext =
  | 'flotilla/operation/1'
  | 'flotilla/entry/1'
  | 'flotilla/commit/1'
  | 'flotilla/change/1'
  | 'flotilla/redeem/1'
  | 'flotilla/newcomer/1'
  | 'flotilla/greeting/1';

export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** The Ed25519 key pair (RFC 8032) of a 32-byte seed. */
export function keyPairFromSeed(seed: Uint8Array): KeyPair {
  const publicKey = Buffer.alloc(PUBLIC_KEY_BYTES);
  const secretKey = Buffer.alloc(SECRET_KEY_BYTES);
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, Buffer.from(seed));
  return { publicKey, secretKey };
}

/** What is signed: `context || 0x00 || parts...`; parts of varying length must say their length themselves. */
function signedBytes(context: SignatureContext, parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from(`${context}\0`, 'utf8'), ...parts]);
}

/** Signs `context || parts`; the first part is the group id wherever there is a group. */
export function sign(context: SignatureContext, parts: readonly Uint8Array[], secretKey: Uint8Array): Uint8Array {
  const signature = Buffer.alloc(SIGNATURE_BYTES);
  sodium.crypto_sign_detached(signature, signedBytes(context, parts), Buffer.from(secretKey));
  return signature;
}

/** Whether the signature over `context || parts` is good. Keys and signatures of a wrong length are simply not good. */
export function verify(
  context: SignatureContext,
  parts: readonly Uint8Array[],
  signature: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  if (signature.byteLength !== SIGNATURE_BYTES || publicKey.byteLength !== PUBLIC_KEY_BYTES) return false;
  return sodium.crypto_sign_verify_detached(
    Buffer.from(signature),
    signedBytes(context, parts),
    Buffer.from(publicKey),
  );
}
