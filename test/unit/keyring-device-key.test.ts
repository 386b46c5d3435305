import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { decodeKeyFile, encodeKeyFile, KEY_FILE, openDeviceKey } from '../../electron/engine/keyring/device-key.ts';
import { errorCodeOf } from '../../shared/errors.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'flotilla-key-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'none';
  } catch (error) {
    return errorCodeOf(error);
  }
};

it('makes a key once, for its owner alone, and leaves nothing beside it', () => {
  const first = openDeviceKey(home, createSeededRandom(1));
  const again = openDeviceKey(home, createSeededRandom(2));
  expect(again.device).toBe(first.device);
  expect(first.device).toMatch(/^[0-9a-f]{64}$/);
  expect(statSync(join(home, KEY_FILE)).mode & 0o777).toBe(0o600);
  expect(readdirSync(home)).toEqual([KEY_FILE]);
});

it('takes from others the right to read it', () => {
  openDeviceKey(home, createSeededRandom(1));
  chmodSync(join(home, KEY_FILE), 0o644);
  openDeviceKey(home, createSeededRandom(1));
  expect(statSync(join(home, KEY_FILE)).mode & 0o777).toBe(0o600);
});

it('refuses a damaged file, a longer one, a link and a later format, and changes none of them', () => {
  const path = join(home, KEY_FILE);
  const good = encodeKeyFile(createSeededRandom(1).bytes(32));
  const flipped = good.slice();
  flipped[30] = (flipped[30] as number) ^ 1;
  for (const bytes of [flipped, good.slice(0, 40), new Uint8Array(), Buffer.concat([good, Buffer.from('x')])]) {
    writeFileSync(path, bytes);
    expect(codeOf(() => openDeviceKey(home, createSeededRandom(1)))).toBe('key-file-damaged');
    expect(readFileSync(path)).toEqual(Buffer.from(bytes));
  }
  writeFileSync(path, 'flotilla device key 2\nwhatever follows there');
  expect(codeOf(() => openDeviceKey(home, createSeededRandom(1)))).toBe('update-needed');
  rmSync(path);
  writeFileSync(join(home, 'elsewhere'), good);
  symlinkSync(join(home, 'elsewhere'), path);
  expect(codeOf(() => openDeviceKey(home, createSeededRandom(1)))).toBe('key-file-damaged');
});

it('reads the key file that was settled', () => {
  const golden = readFileSync(join(import.meta.dirname, '../golden/device-key-1.bin'));
  const seed = Uint8Array.from({ length: 32 }, (_, index) => index);
  expect(decodeKeyFile(golden)).toEqual(seed);
  expect(Buffer.from(encodeKeyFile(seed))).toEqual(golden);
});
