import type { EntryHash, GroupId } from '../../../shared/ids.ts';
import { MAX_LOG_ENTRY_BYTES } from '../../../shared/limits.ts';
import type { CommitProof } from '../consensus/entry.ts';
import { decodeValue, encodeValue } from './codec.ts';
import { fromHex, toHex } from './hex.ts';
import { isBytes, isCount, parseDevice } from './log-entry.ts';
import { SIGNATURE_BYTES, sign, verify } from './signature.ts';

/** Version of the layout below. */
export const COMMIT_PROOF_VERSION = 1;
/** Bytes of a BLAKE3 hash. */
const HASH_BYTES = 32;

/**
 * Signs, as its master, that the log is committed up to a position. The encoded proof is `[unsigned, signature]`, where
 * `unsigned` is the encoded `[version, generation, index, term, hash, master]` and the signature (context
 * `flotilla/commit/1`) covers the group's id and `unsigned` as it stands.
 */
export function signCommitProof(
  group: GroupId,
  position: Omit<CommitProof, 'bytes'>,
  secretKey: Uint8Array,
): CommitProof {
  const { generation, index, term, hash, master } = position;
  const unsigned = encodeValue([COMMIT_PROOF_VERSION, generation, index, term, fromHex(hash), fromHex(master)]);
  const signature = sign('flotilla/commit/1', [fromHex(group), unsigned], secretKey);
  const bytes = new Uint8Array(encodeValue([unsigned, signature]));
  return { generation, index, term, hash, master, bytes };
}

/** A proof from bytes, its signature checked; null: not a proof in this group. */
export function openCommitProof(group: GroupId, received: Uint8Array): CommitProof | null {
  if (received.byteLength > MAX_LOG_ENTRY_BYTES) return null;
  const bytes = new Uint8Array(received);
  const container = decodeValue(bytes);
  if (!Array.isArray(container) || container.length !== 2) return null;
  const [unsigned, signature]: unknown[] = container;
  if (!isBytes(unsigned) || !isBytes(signature, SIGNATURE_BYTES)) return null;
  const value = decodeValue(unsigned);
  if (!Array.isArray(value) || value.length !== 6 || value[0] !== COMMIT_PROOF_VERSION) return null;
  const [, generation, index, term, hash, key]: unknown[] = value;
  const master = parseDevice(key);
  if (!isCount(generation) || !isCount(index) || !isCount(term)) return null;
  if (!isBytes(hash, HASH_BYTES) || master === null) return null;
  if (!verify('flotilla/commit/1', [fromHex(group), unsigned], signature, fromHex(master))) return null;
  return { generation, index, term, hash: toHex(hash) as EntryHash, master, bytes };
}
