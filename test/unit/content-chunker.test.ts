import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Chunker } from '../../electron/engine/content/chunker.ts';
import { MAX_CHUNK_BYTES, MIN_CHUNK_BYTES } from '../../shared/limits.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

/** Lengths of the chunks of `bytes`, given in pieces of the sizes that `pieceSize` says. */
function cutLengths(bytes: Uint8Array, pieceSize: (index: number) => number = () => bytes.length): number[] {
  const chunker = new Chunker();
  const lengths: number[] = [];
  let start = 0;
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const piece = bytes.subarray(at, at + Math.max(1, pieceSize(index)));
    for (let from = 0; from < piece.length; ) {
      const cut = chunker.next(piece, from);
      if (cut < 0) break;
      lengths.push(at + cut - start);
      start = at + cut;
      from = cut;
    }
    at += piece.length;
  }
  if (start < bytes.length) lengths.push(bytes.length - start);
  return lengths;
}

const sample = createSeededRandom(2026).bytes(8 * 1024 * 1024);

it('cuts where it was settled', () => {
  const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../golden/chunk-cuts-1.json'), 'utf8'));
  expect(cutLengths(sample)).toEqual(golden.random);
  expect(cutLengths(new Uint8Array(3_000_000))).toEqual(golden.zeros);
});

it('cuts alike however the bytes arrive', () => {
  const part = sample.subarray(0, 3 * 1024 * 1024);
  const whole = cutLengths(part);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
      expect(cutLengths(part, (index) => sizes[index % sizes.length] as number)).toEqual(whole);
    }),
    { numRuns: 20 },
  );
});

it('keeps chunks between the smallest and the largest length, near the average', () => {
  const lengths = cutLengths(sample);
  for (const length of lengths.slice(0, -1)) {
    expect(length).toBeGreaterThanOrEqual(MIN_CHUNK_BYTES);
    expect(length).toBeLessThanOrEqual(MAX_CHUNK_BYTES);
  }
  const average = sample.length / lengths.length;
  expect(average).toBeGreaterThan(200_000);
  expect(average).toBeLessThan(400_000);
});

it('finds the same cuts again after bytes were put in front or in the middle', () => {
  const cutEnds = (bytes: Uint8Array): number[] => {
    let end = 0;
    return cutLengths(bytes).map((length) => {
      end += length;
      return bytes.length - end;
    });
  };
  const before = new Set(cutEnds(sample));
  const front = cutEnds(Buffer.concat([Buffer.from('x'), sample]));
  expect(front.filter((end) => !before.has(end)).length).toBeLessThanOrEqual(2);
  const middle = Buffer.concat([sample.subarray(0, 3_000_000), Buffer.from('new words'), sample.subarray(3_000_000)]);
  const [old, fresh] = [cutLengths(sample), cutLengths(middle)];
  expect(Math.abs(old.length - fresh.length)).toBeLessThanOrEqual(2);
});
