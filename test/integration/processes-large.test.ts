import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { hashOf, peakMemory, writeLargeFile } from '../support/large-file.ts';
import { Playground, type RealEngine } from '../support/real-engine.ts';
import { groupOf, settle, shareAmong } from '../support/real-group.ts';

const MEBIBYTES = 512;
/** What an engine may hold at most while it sends or receives a file of any size. Without one it holds about 120. */
const MAX_PEAK_MIB = 448;

let ground = new Playground();

afterEach(async () => {
  await ground.end();
  ground = new Playground();
});

describe('a file larger than what an engine may hold in memory', () => {
  it('arrives whole, and so does what is added to it', { timeout: 300_000 }, async () => {
    const [one, two] = (await groupOf(ground, ['Studio', 'Laptop'], ['--no-dht'])) as [RealEngine, RealEngine];
    const { places } = await shareAmong(ground, [one, two], 'Work');
    const [from, to] = places.map((place) => join(place, 'large.bin')) as [string, string];
    await settle(one, two);
    writeLargeFile(from, MEBIBYTES);
    await settle(one, two);
    expect(statSync(to).size).toBe(MEBIBYTES * 1024 * 1024);
    expect(await hashOf(to)).toBe(await hashOf(from));
    appendFileSync(to, 'and a little more');
    await settle(two, one);
    expect(await hashOf(from)).toBe(await hashOf(to));
    expect(peakMemory(one)).toBeLessThan(MAX_PEAK_MIB);
    expect(peakMemory(two)).toBeLessThan(MAX_PEAK_MIB);
  });
});
