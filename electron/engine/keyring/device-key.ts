import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { failure } from '../../../shared/errors.ts';
import type { DeviceId } from '../../../shared/ids.ts';
import { blake3Bytes } from '../bytes/hash.ts';
import { toHex } from '../bytes/hex.ts';
import { type KeyPair, keyPairFromSeed } from '../bytes/signature.ts';
import type { Random } from '../ports/random.ts';

/** What the device is: its key pair, of which only the public half is ever shown or logged. */
export interface DeviceKey {
  readonly device: DeviceId;
  readonly keyPair: KeyPair;
}

/** File name in the home, beside the database and not in it: a copy of the database alone is no copy of the device. */
export const KEY_FILE = 'device.key';

/**
 * Format 1: `flotilla device key 1\n`, 32 bytes of Ed25519 seed, and the first 8 bytes of BLAKE3 of all before them.
 */
const HEADER = Buffer.from('flotilla device key 1\n', 'utf8');
const SEED_BYTES = 32;
const CHECK_BYTES = 8;
const FILE_BYTES = HEADER.length + SEED_BYTES + CHECK_BYTES;

/** The bytes of a key file. */
export function encodeKeyFile(seed: Uint8Array): Uint8Array {
  const body = Buffer.concat([HEADER, seed]);
  return new Uint8Array(Buffer.concat([body, blake3Bytes(body).subarray(0, CHECK_BYTES)]));
}

/** The seed in a key file; throws `key-file-damaged`, or `update-needed` for a later format. */
export function decodeKeyFile(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes);
  const body = file.subarray(0, HEADER.length + SEED_BYTES);
  if (file.length === FILE_BYTES && body.subarray(0, HEADER.length).equals(HEADER)) {
    const check = blake3Bytes(body).subarray(0, CHECK_BYTES);
    if (file.subarray(body.length).equals(check)) return new Uint8Array(body.subarray(HEADER.length));
  } else if (/^flotilla device key [0-9]+\n/.test(file.subarray(0, 40).toString('latin1'))) {
    if (!body.subarray(0, HEADER.length).equals(HEADER)) {
      throw failure('update-needed', 'The key file was written by a later version');
    }
  }
  throw failure('key-file-damaged', 'The key file is damaged');
}

/**
 * The device's key, made at the first start. The file is whole, flushed and the owner's alone before anything uses the
 * key; one that others could read is made the owner's again; another user's is refused with `key-file-damaged`.
 */
export function openDeviceKey(home: string, random: Random): DeviceKey {
  const path = join(home, KEY_FILE);
  const stored = readKeyFile(path);
  if (stored !== null) return keyOf(decodeKeyFile(stored));
  const seed = random.bytes(SEED_BYTES);
  createKeyFile(path, encodeKeyFile(seed), toHex(random.bytes(4)));
  return keyOf(seed);
}

function keyOf(seed: Uint8Array): DeviceKey {
  const keyPair = keyPairFromSeed(seed);
  return { device: toHex(keyPair.publicKey) as DeviceId, keyPair };
}

function readKeyFile(path: string): Uint8Array | null {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw failure('key-file-damaged', `The key file ${path} cannot be opened`, error);
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw failure('key-file-damaged', `The key file ${path} is not a file`);
    const user = process.getuid?.();
    if (user !== undefined && stat.uid !== user) {
      throw failure('key-file-damaged', `The key file ${path} belongs to another user`);
    }
    if (process.platform !== 'win32' && (stat.mode & 0o777) !== 0o600) fchmodSync(file, 0o600);
    // One byte more than the format has, so that a longer file is seen to be longer.
    const bytes = Buffer.alloc(FILE_BYTES + 1);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}

function createKeyFile(path: string, bytes: Uint8Array, suffix: string): void {
  const fresh = `${path}.${suffix}`;
  const file = openSync(fresh, 'wx', 0o600);
  try {
    writeSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(fresh, 0o600);
  // A link never replaces: a key that is already there is the device's identity.
  linkSync(fresh, path);
  rmSync(fresh);
  if (process.platform === 'win32') return;
  const directory = openSync(dirname(path), 'r');
  fsyncSync(directory);
  closeSync(directory);
}
