import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, duration, listed, measured, named, percent, rate } from '../../shared/model/amounts.ts';

describe('amounts in words', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [3_100_000_000, '3.1 GB'],
    [31_700_000_000, '32 GB'],
  ])('%d bytes', (value, words) => expect(bytes(value)).toBe(words));

  it.each([
    [0, '0 kB/s'],
    [400, '0.4 kB/s'],
    [12_000_000, '12 MB/s'],
  ])('%d bytes a second', (value, words) => expect(rate(value)).toBe(words));

  it.each([
    [800, 'a few seconds'],
    [38_000, '40 seconds'],
    [57_000, '1 minute'],
    [121_000, '2 minutes'],
    [3_600_000, '1 hour'],
    [172_800_000, '2 days'],
  ])('%d ms last', (value, words) => expect(duration(value)).toBe(words));

  it('says 100 % only of the whole and 0 % only of nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 0, max: 1e12 }), (whole, have) => {
        const words = percent(have, whole);
        expect(words === '100 %').toBe(have >= whole);
        expect(words === '0 %').toBe(have === 0);
      }),
    );
  });

  it('cuts long names, lists short ones, and keeps right-to-left names from turning a sentence', () => {
    expect([...named('x'.repeat(90))]).toHaveLength(40);
    expect(named('משפחה')).toBe('\u2068משפחה\u2069');
    expect(listed(['Studio', 'Pi', 'Work'], 'or')).toBe('Studio, Pi or Work');
    expect(measured(1904)).toBe('1.9 s');
  });
});
