import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as Automerge from '@automerge/automerge';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../electron/engine/bytes/hex.ts';
import { readChange, readChangeHeader } from '../../electron/engine/index/change-reader.ts';
import { decodeEntry, encodeEntry } from '../../electron/engine/index/entry-codec.ts';
import { createShardDocument } from '../../electron/engine/index/shard-document.ts';
import {
  decodeEnvelope,
  ENVELOPE_BYTES,
  encodeEnvelope,
  isSealGood,
  type ShardPlace,
  sealChange,
} from '../../electron/engine/index/signed-change.ts';
import type { Entry } from '../../electron/engine/reconcile/tree-types.ts';
import type { DeviceTag, FolderId, GroupId } from '../../shared/ids.ts';
import { MAX_INDEX_CHANGE_BYTES } from '../../shared/limits.ts';
import { at, contentOf, testDevice } from '../support/index-world.ts';

const author = testDevice(0);
const version = { author: author.tag, counter: 300 };
const seen = { generation: 1, index: 70 };
const entries: Entry[] = [
  {
    value: { kind: 'file', content: contentOf(7), size: 123_456, mtime: 1_900_000_000_123, mode: 0o644 },
    version,
    seen,
    conflictOf: null,
  },
  {
    value: { kind: 'file', content: contentOf(8), size: 0, mtime: -1, mode: null },
    version,
    seen,
    conflictOf: { author: testDevice(1).tag, counter: 5 },
  },
  { value: { kind: 'directory', mode: 0o755 }, version, seen, conflictOf: null },
  { value: { kind: 'symlink', target: '../ä/b' }, version, seen, conflictOf: null },
  { value: { kind: 'gone', content: contentOf(9), movedTo: at('new/place') }, version, seen, conflictOf: null },
  { value: { kind: 'gone', content: null, movedTo: null }, version, seen, conflictOf: null },
];
const unknown = [{ field: 3, value: new Uint8Array([1, 2]) }];
const place: ShardPlace = {
  group: 'ab'.repeat(32) as GroupId,
  folder: '0f'.repeat(16) as FolderId,
  epoch: 1,
  shard: 9,
};
const changeHash = 'cd'.repeat(32);
const envelope = sealChange(place, author.device, { counter: 300, seen }, changeHash, author.secretKey);

function golden(name: string, lines: readonly string[]): void {
  const path = join(import.meta.dirname, '../golden', name);
  // Written once; from then on a difference is a broken promise to people's disks.
  if (!existsSync(path) && process.env.FLOTILLA_WRITE_GOLDEN === '1') writeFileSync(path, `${lines.join('\n')}\n`);
  expect(readFileSync(path, 'utf8').trim().split('\n')).toEqual(lines);
}

describe('IX1 index entry', () => {
  it('has the form that it had from the first day', () => {
    golden('index-entry-1.hex', [
      ...entries.map((entry) => toHex(encodeEntry(entry))),
      toHex(encodeEntry(entries[0] as Entry, unknown)),
    ]);
  });

  it('comes back as it was, with the fields that are not known', () => {
    for (const entry of entries) expect(decodeEntry(encodeEntry(entry))).toEqual({ type: 'entry', entry, unknown: [] });
    const decoded = decodeEntry(encodeEntry(entries[4] as Entry, unknown));
    expect(decoded).toEqual({ type: 'entry', entry: entries[4], unknown });
    expect(encodeEntry(entries[0] as Entry).byteLength).toBeLessThan(72);
  });

  it('of another version is not read, and nothing else is taken for an entry', () => {
    expect(decodeEntry(new Uint8Array([2, 9, 9])).type).toBe('unknownVersion');
    expect(decodeEntry(new Uint8Array(0)).type).toBe('malformed');
    for (const entry of entries) {
      const bytes = encodeEntry(entry);
      for (let length = 1; length < bytes.byteLength; length += 1) {
        const cut = decodeEntry(bytes.subarray(0, length));
        // A cut between fields is an entry without its optional ones.
        if (cut.type === 'entry') expect(toHex(encodeEntry(cut.entry))).toBe(toHex(bytes.subarray(0, length)));
      }
    }
    const path = Buffer.from('../out', 'utf8');
    const gone = encodeEntry(entries[5] as Entry);
    expect(decodeEntry(Buffer.concat([gone, Buffer.from([2, path.byteLength]), path])).type).toBe('malformed');
    for (const target of ['', 'a\0b']) {
      const link = encodeEntry({ value: { kind: 'symlink', target }, version, seen, conflictOf: null });
      expect(decodeEntry(link).type).toBe('malformed');
    }
  });

  it('has one form only: whatever bytes can be read are written again alike', () => {
    const seeds = entries.map((entry) => encodeEntry(entry, unknown));
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 3 }),
        (bytes, edits) => {
          const edited = new Uint8Array(bytes);
          for (const [place, value] of edits) if (place < edited.byteLength) edited[place] = value;
          const decoded = decodeEntry(edited);
          if (decoded.type === 'entry') {
            expect(toHex(encodeEntry(decoded.entry, decoded.unknown))).toBe(toHex(edited));
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('IX1 IX3 signed change', () => {
  it('has the form that it had from the first day', () => {
    golden('index-change-1.hex', [toHex(encodeEnvelope(envelope))]);
  });

  it('is good for its own place, numbers and change alone', () => {
    expect(encodeEnvelope(envelope).byteLength).toBe(ENVELOPE_BYTES);
    expect(decodeEnvelope(encodeEnvelope(envelope))).toEqual({
      ...envelope,
      signature: new Uint8Array(envelope.signature),
    });
    expect(isSealGood(place, envelope, changeHash)).toBe(true);
    const others: ShardPlace[] = [
      { ...place, group: 'ac'.repeat(32) as GroupId },
      { ...place, folder: '1f'.repeat(16) as FolderId },
      { ...place, epoch: 2 },
      { ...place, shard: 8 },
    ];
    for (const other of others) expect(isSealGood(other, envelope, changeHash)).toBe(false);
    expect(isSealGood(place, { ...envelope, counter: 301 }, changeHash)).toBe(false);
    expect(isSealGood(place, { ...envelope, seen: { generation: 1, index: 71 } }, changeHash)).toBe(false);
    expect(isSealGood(place, { ...envelope, author: testDevice(1).device }, changeHash)).toBe(false);
    expect(isSealGood(place, envelope, 'ce'.repeat(32))).toBe(false);
  });

  it('cannot be read from bytes of another length or version', () => {
    const bytes = encodeEnvelope(envelope);
    expect(decodeEnvelope(bytes.subarray(1))).toBeNull();
    expect(decodeEnvelope(Buffer.concat([bytes, Buffer.from([0])]))).toBeNull();
    expect(decodeEnvelope(Buffer.concat([Buffer.from([2]), bytes.subarray(1)]))).toBeNull();
    const huge = Buffer.from(bytes);
    huge.fill(0xff, 33, 41);
    expect(decodeEnvelope(huge)).toBeNull();
  });
});

const ACTORS = ['a1', 'b2', 'c3'].map((digits) => digits.repeat(24));

type Handle = ReturnType<typeof Automerge.getBackend>;
const handleOf = (actor: string): Handle => Automerge.getBackend(Automerge.init({ actor }));

describe('IX2 reading a change', () => {
  it('finds what the library finds', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            who: fc.nat(2),
            puts: fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'ä/c', 'd'), fc.uint8Array({ maxLength: 90 })), {
              minLength: 1,
              maxLength: 4,
              selector: ([key]) => key,
            }),
            pull: fc.boolean(),
          }),
          { minLength: 1, maxLength: 12 },
        ),
        (steps) => {
          const handles = ACTORS.map(handleOf);
          for (const [step, { who, puts, pull }] of steps.entries()) {
            const handle = handles[who] as Handle;
            if (pull) for (const other of handles) if (other !== handle) handle.applyChanges(other.getChanges([]));
            // Entries differ always: they carry their version. (For an equal value the library would remove the others.)
            for (const [key, value] of puts) handle.put('_root', key, new Uint8Array([step, ...value]), 'bytes');
            handle.commit(null, 0);
          }
          const all = handles[0] as Handle;
          for (const other of handles) if (other !== all) all.applyChanges(other.getChanges([]));
          for (const bytes of all.getChanges([])) {
            const library = Automerge.decodeChange(bytes);
            const read = readChange(bytes);
            expect(readChangeHeader(bytes)?.hash).toBe(library.hash);
            expect(read).toMatchObject({
              hash: library.hash,
              actor: library.actor,
              sequence: library.seq,
              startOp: library.startOp,
              dependencies: library.deps,
            });
            const puts = (library.ops as unknown as { key: string; value: unknown; pred: string[] }[]).map((op) => ({
              key: op.key,
              replaces: op.pred,
            }));
            expect(
              read?.puts.map(({ key, replaces }) => ({
                key,
                replaces: replaces.map(({ counter, actor }) => `${counter}@${actor}`),
              })),
            ).toEqual(puts);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses everything but bytes put at the root', () => {
    const attempts: ((handle: Handle) => void)[] = [
      (handle) => handle.put('_root', 'a', 'text', 'str'),
      (handle) => handle.put('_root', 'a', 1, 'int'),
      (handle) => void handle.putObject('_root', 'a', {}),
      (handle) => {
        const inner = handle.putObject('_root', 'a', {});
        handle.put(inner, 'b', new Uint8Array([1]), 'bytes');
      },
    ];
    for (const attempt of attempts) {
      const handle = handleOf(ACTORS[0] as string);
      attempt(handle);
      handle.commit(null, 0);
      for (const bytes of handle.getChanges([])) expect(readChange(bytes)).toBeNull();
    }
    const handle = handleOf(ACTORS[0] as string);
    handle.put('_root', 'a', new Uint8Array([1]), 'bytes');
    handle.commit(null, 0);
    handle.delete('_root', 'a');
    handle.commit(null, 0);
    const [put, removal] = handle.getChanges([]) as [Uint8Array, Uint8Array];
    expect(readChange(put)?.puts).toHaveLength(1);
    expect(readChange(removal)).toBeNull();
    const short = Automerge.getBackend(Automerge.init({ actor: 'aa' }));
    short.put('_root', 'a', new Uint8Array([1]), 'bytes');
    short.commit(null, 0);
    for (const bytes of short.getChanges([])) expect(readChange(bytes)).toBeNull();
  });

  it('survives any bytes', () => {
    const document = createShardDocument(ACTORS[0] as string);
    const claim = { version: { author: 'a1'.repeat(16) as DeviceTag, counter: 1 }, seen };
    const { bytes } = document.put(new Map([['a', new Uint8Array(70)]]), claim);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.byteLength - 1), fc.nat(255)), { maxLength: 4 }), (edits) => {
        const edited = new Uint8Array(bytes);
        for (const [place, value] of edits) edited[place] = value;
        const read = readChange(edited);
        if (read !== null) expect(read.hash).toBe(Automerge.decodeChange(edited).hash);
      }),
      { numRuns: 2_000 },
    );
    expect(readChange(new Uint8Array(MAX_INDEX_CHANGE_BYTES + 1))).toBeNull();
    expect(fromHex('')).toHaveLength(0);
  });
});
