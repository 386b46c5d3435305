import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contentHash } from '../../electron/engine/bytes/hash.ts';
import type { FetchResult } from '../../electron/engine/content/content-types.ts';
import { decodeManifestPage, encodeManifestPage } from '../../electron/engine/content/manifest.ts';
import { decodeContentMessage } from '../../electron/engine/content/messages.ts';
import type { ContentHash, DeviceId } from '../../shared/ids.ts';
import { type ContentDevice, createContentDevice } from '../support/content-device.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { createMemoryNetwork, type MemoryNetwork } from '../support/memory-peers.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

/** A page names so few chunks here that small files have several. */
const PAGE_CHUNKS = vi.hoisted(() => 4);

vi.mock(import('../../shared/limits.ts'), async (original) => {
  return { ...(await original()), MANIFEST_PAGE_CHUNKS: PAGE_CHUNKS as 4_096 };
});

const never = new AbortController().signal;
const fetched: FetchResult = { type: 'fetched' };

/** Its chunks make three pages. */
const CHUNKS = 9;
const BYTES = createSeededRandom(5).bytes(2.5 * 1024 * 1024);
const CONTENT: ContentHash = contentHash(BYTES);

describe('a file whose manifest has several pages', () => {
  let network: MemoryNetwork;
  let clock: FakeClock;
  let devices: ContentDevice[];
  /** Pages of the manifest that were asked for. */
  let pages: number[];
  /** Where the chunks begin that were asked for, and that came. */
  let asked: number[];
  let came: number[];
  /** Devices that lie, by what they do to which page of the manifest. */
  let lies: Map<DeviceId, number>;
  /** Whether an answer with chunks arrives. */
  let arrives: () => boolean;

  beforeEach(() => {
    network = createMemoryNetwork();
    clock = createFakeClock();
    devices = [];
    pages = [];
    asked = [];
    came = [];
    lies = new Map();
    arrives = () => true;
    /** What was asked for, by who asked and under which number. */
    const requests = new Map<string, readonly number[]>();
    network.dropWhere((message) => {
      const decoded = decodeContentMessage(message.bytes);
      if (decoded?.type === 'wantManifest') pages.push(decoded.page);
      if (decoded?.type === 'wantChunks') {
        const offsets = decoded.chunks.map(({ offset }) => offset);
        asked.push(...offsets);
        requests.set(`${message.from} ${decoded.request}`, offsets);
      }
      if (decoded?.type === 'manifest') lie(message.from, message.bytes, decoded.bytes);
      if (decoded?.type !== 'pieces') return false;
      if (!arrives()) return true;
      came.push(...(requests.get(`${message.to} ${decoded.request}`) ?? []));
      return false;
    });
  });
  afterEach(() => {
    for (const device of devices) device.remove();
  });

  /** Names a chunk that nobody has. */
  function lie(from: DeviceId, message: Uint8Array, encoded: Uint8Array): void {
    const page = decodeManifestPage(encoded);
    if (page === null || page.page !== lies.get(from)) return;
    const chunks = page.chunks.slice();
    chunks[0] = (chunks[0] as number) ^ 1;
    message.set(encodeManifestPage({ ...page, chunks }), message.byteLength - encoded.byteLength);
  }

  const add = (name: string): ContentDevice => {
    const device = createContentDevice(name, { network, clock });
    devices.push(device);
    return device;
  };
  const fetch = async (device: ContentDevice, signal: AbortSignal = never): Promise<FetchResult> => {
    let over = false;
    const promise = device.service.fetch(device.request(CONTENT, BYTES.length, 'got'), signal);
    void promise.then(() => {
      over = true;
    });
    for (let round = 0; !over; round += 1) {
      if (round > 2_000) throw new Error('still not done');
      await network.settle();
      if (!over) clock.advance(50);
    }
    return await promise;
  };
  const expectWhole = (device: ContentDevice): void =>
    expect(Buffer.compare(device.read('got'), Buffer.from(BYTES))).toBe(0);

  it('TR-9: comes page after page', async () => {
    const [a, b] = [add('a'), add('b')];
    await a.add('file', BYTES);
    network.connect(a.device, b.device);
    expect(await fetch(b)).toEqual(fetched);
    expectWhole(b);
    expect(pages).toEqual([0, 1, 2]);
    expect(came).toHaveLength(CHUNKS);
  });

  it.each([
    { when: 'before the second page brought anything', page: 1, answers: 0 },
    { when: 'in the middle of the second page', page: 1, answers: 1 },
    { when: 'when all but the last page was there', page: 2, answers: 0 },
  ])('TR-10: goes on after a restart $when, and fetches no page and no chunk again', async ({ page, answers }) => {
    const [a, b] = [add('a'), add('b')];
    await a.add('file', BYTES);
    network.connect(a.device, b.device);
    const stop = new AbortController();
    let left = answers;
    arrives = () => {
      if (!pages.includes(page)) return true;
      left -= 1;
      if (left === -1) clock.after(1, () => stop.abort());
      return left >= 0;
    };
    expect(await fetch(b, stop.signal)).toMatchObject({ type: 'failed', code: 'ABORTED' });
    const before = came;
    // Of the page in which it was interrupted some chunks are here only where an answer came.
    expect(before.length > page * PAGE_CHUNKS).toBe(answers > 0);
    expect(before.length).toBeLessThan((page + 1) * PAGE_CHUNKS);
    expect(pages).toEqual(Array.from({ length: page + 1 }, (_, number) => number));
    arrives = () => true;
    b.restart();
    network.disconnect(a.device, b.device);
    network.connect(a.device, b.device);
    pages = [];
    asked = [];
    came = [];
    expect(await fetch(b)).toEqual(fetched);
    expectWhole(b);
    expect(pages).toEqual([0, 1, 2].slice(page + 1));
    expect(asked).toEqual(came);
    expect(new Set([...before, ...came]).size).toBe(CHUNKS);
    expect(before.length + came.length).toBe(CHUNKS);
  });

  it('TR-8: comes from an honest holder whichever page another lies about', async () => {
    for (const page of [0, 1, 2]) {
      const [liar, honest, c] = [add('a'), add('b'), add(String(page))];
      for (const holder of [liar, honest]) {
        await holder.add('file', BYTES);
        network.connect(holder.device, c.device);
      }
      lies.set(liar.device, page);
      expect(await fetch(c)).toEqual(fetched);
      expectWhole(c);
    }
  });

  it('TR-8: comes from an honest holder also where the lie was kept', async () => {
    const [liar, honest, c] = [add('a'), add('b'), add('c')];
    await liar.add('file', BYTES);
    network.connect(liar.device, c.device);
    lies.set(liar.device, 1);
    expect(await fetch(c)).toEqual({ type: 'noSource' });
    c.restart();
    network.disconnect(liar.device, c.device);
    await honest.add('file', BYTES);
    for (const holder of [liar, honest]) network.connect(holder.device, c.device);
    expect(await fetch(c)).toEqual(fetched);
    expectWhole(c);
  });
});
