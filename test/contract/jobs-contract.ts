import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentHash } from '../../electron/engine/bytes/hash.ts';
import { unpackChunks } from '../../electron/engine/content/chunk-list.ts';
import type { Jobs } from '../../electron/engine/ports/jobs.ts';
import { MAX_CHUNK_BYTES, MIN_CHUNK_BYTES, SINGLE_CHUNK_BYTES } from '../../shared/limits.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

/** What every `Jobs` promises, and what the jobs do. */
export function jobsContract(name: string, create: () => Promise<Jobs>): void {
  describe(`jobs contract: ${name}`, () => {
    let root: string;
    let jobs: Jobs;
    beforeAll(async () => {
      root = mkdtempSync(join(tmpdir(), 'flotilla-jobs-'));
      jobs = await create();
    });
    afterAll(async () => {
      await jobs.close();
      rmSync(root, { recursive: true, force: true });
    });
    const random = createSeededRandom(7);
    const file = (label: string, bytes: Uint8Array): string => {
      const path = join(root, label);
      writeFileSync(path, bytes);
      return path;
    };
    const equal = (path: string, bytes: Uint8Array): boolean => Buffer.compare(readFileSync(path), bytes) === 0;

    it('hashes files of every size, with chunks that lie end to end', async () => {
      for (const size of [0, 1, SINGLE_CHUNK_BYTES, SINGLE_CHUNK_BYTES + 1, 1024 * 1024, 5_000_001]) {
        const bytes = random.bytes(size);
        const path = file(`size-${size}`, bytes);
        const { file: hashed, mark } = await jobs.run('hashFile', { path, size });
        expect(hashed.content).toBe(contentHash(bytes));
        expect(hashed.size).toBe(size);
        expect(mark).toMatchObject({ size, inode: String(statSync(path).ino) });
        const chunks = unpackChunks(hashed.chunks);
        expect(chunks.length > 0).toBe(size > SINGLE_CHUNK_BYTES);
        let at = 0;
        for (const chunk of chunks) {
          expect(chunk.offset).toBe(at);
          expect(chunk.hash).toBe(contentHash(bytes.subarray(at, at + chunk.length)));
          expect(chunk.length).toBeLessThanOrEqual(MAX_CHUNK_BYTES);
          at += chunk.length;
          if (at < size) expect(chunk.length).toBeGreaterThanOrEqual(MIN_CHUNK_BYTES);
        }
        if (chunks.length > 0) expect(at).toBe(size);
      }
    });

    it('refuses what is not a file, and says why', async () => {
      symlinkSync(file('linked', random.bytes(3)), join(root, 'link'));
      const hash = (label: string) => jobs.run('hashFile', { path: join(root, label), size: 0 });
      await expect(hash('nothing')).rejects.toMatchObject({ code: 'path-not-found' });
      await expect(hash('link')).rejects.toMatchObject({ code: 'file-kind-unsupported' });
      await expect(hash('.')).rejects.toMatchObject({ code: 'file-kind-unsupported' });
    });

    it('reads pieces that are as expected and says which are not', async () => {
      const bytes = random.bytes(300_000);
      const path = file('source', bytes);
      const piece = (offset: number, length: number, fileSize = bytes.length, where = path) => ({
        hash: contentHash(bytes.subarray(offset, offset + length)),
        offset,
        length,
        paths: [join(root, 'gone'), where],
        fileSize,
      });
      const wrong = { ...piece(0, 10), hash: contentHash(new Uint8Array(3)) };
      const pieces = [piece(0, 100), wrong, piece(200_000, 100_000), piece(5, 5, 7), piece(299_999, 1)];
      const answer = await jobs.run('readPieces', { pieces, budget: 1_000_000, room: 7 });
      expect(answer.lengths).toEqual([100, -1, 100_000, -1, 1]);
      const expected = Buffer.concat([bytes.subarray(0, 100), bytes.subarray(200_000), bytes.subarray(299_999)]);
      expect(Buffer.compare(answer.frame.subarray(7), expected)).toBe(0);
      expect(answer.frame.byteLength).toBe(answer.frame.buffer.byteLength);
      const tight = await jobs.run('readPieces', { pieces, budget: 150, room: 0 });
      expect(tight.lengths).toEqual([100, -1, -2, -1, 1]);
    });

    it('builds a file out of pieces from a peer and from disk, and finishes it only if it is the content', async () => {
      const bytes = random.bytes(2_000_000);
      const content = contentHash(bytes);
      const target = join(root, 'target');
      expect(await jobs.run('prepareTarget', { target, size: bytes.length })).toEqual({ existed: false });
      expect(await jobs.run('prepareTarget', { target, size: bytes.length })).toEqual({ existed: true });
      const finish = () => jobs.run('finishTarget', { target, content, size: bytes.length });
      expect(await finish()).toBe(false);
      const half = 1_000_000;
      const first = { hash: contentHash(bytes.subarray(0, half)), offset: 0, length: half };
      const second = { hash: contentHash(bytes.subarray(half)), offset: half, length: half };
      const good = { ...first, at: 3 };
      const frame = Buffer.concat([Buffer.from('abc'), bytes.subarray(0, half)]);
      const sent = new Uint8Array(frame);
      expect(
        await jobs.run('writePieces', { target, fresh: true, bytes: sent, pieces: [good, { ...second, at: 3 }] }),
      ).toEqual([true, false]);
      const from = file('other', Buffer.concat([Buffer.from('in front'), bytes.subarray(half)]));
      const copies = [
        { ...second, from, fromOffset: 0 },
        { ...second, from, fromOffset: 8 },
      ];
      expect(await jobs.run('copyPieces', { target, fresh: false, pieces: copies })).toEqual([false, true]);
      expect(await jobs.run('verifyPieces', { path: target, pieces: [first, second] })).toEqual([true, true]);
      expect(await finish()).toBe(true);
      expect(equal(target, bytes)).toBe(true);
    });

    it('writes small files whole and copies whole files, if they are what they should be', async () => {
      const bytes = random.bytes(20_000);
      const small = bytes.subarray(0, 4_000);
      const entry = (label: string, at: number, of: Uint8Array) => ({
        target: join(root, label),
        hash: contentHash(of),
        at,
        length: of.length,
      });
      const files = [
        entry('small-1', 0, small),
        entry('small-2', 1, small),
        entry('small-3', 10, new Uint8Array()),
        entry('no/where', 0, small),
      ];
      const outcomes = await jobs.run('writeWhole', { bytes: bytes.slice(), files });
      expect(outcomes.map((outcome) => outcome.type)).toEqual(['written', 'corrupt', 'written', 'failed']);
      expect(outcomes[3]).toMatchObject({ code: 'path-not-found' });
      expect(equal(join(root, 'small-1'), small)).toBe(true);
      expect(equal(join(root, 'small-3'), new Uint8Array())).toBe(true);
      const from = file('whole', bytes);
      const copy = (target: string, of: Uint8Array) =>
        jobs.run('copyWhole', { from, target: join(root, target), content: contentHash(of), size: bytes.length });
      expect(await copy('copy', bytes)).toBe(true);
      expect(equal(join(root, 'copy'), bytes)).toBe(true);
      expect(await copy('no-copy', small)).toBe(false);
    });

    it('fails one job without harm to the next', async () => {
      const missing = join(root, 'missing');
      const failed = jobs.run('verifyPieces', { path: missing, pieces: [] });
      const done = jobs.run('hashFile', { path: file('fine', random.bytes(10)), size: 10 });
      await expect(failed).rejects.toMatchObject({ code: 'path-not-found' });
      expect((await done).file.size).toBe(10);
    });
  });
}
