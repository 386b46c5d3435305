import { afterEach, expect, it } from 'vitest';
import { decodeContentMessage } from '../../electron/engine/content/messages.ts';
import type { ContentHash } from '../../shared/ids.ts';
import { type ContentDevice, createContentDevice } from '../support/content-device.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createMemoryNetwork } from '../support/memory-peers.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const SEEDS = 12;
let devices: ContentDevice[] = [];
afterEach(() => {
  for (const device of devices) device.remove();
  devices = [];
});

/** Two holders and one that wants; links break, bytes turn, answers get lost, the one that wants starts anew. */
it.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
  'TR-8: all content arrives whole after a bad time, seed %i',
  async (seed) => {
    const random = createSeededRandom(seed);
    const network = createMemoryNetwork();
    const clock = createFakeClock();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => createContentDevice(name, { network, clock }));
    if (a === undefined || b === undefined || c === undefined) throw new Error('no devices');
    devices = [a, b, c];
    const files: { readonly content: ContentHash; readonly bytes: Uint8Array; readonly name: string }[] = [];
    for (let at = 0; at < 12; at += 1) {
      const bytes = random.bytes(random.chance(0.5) ? random.integer(20_000) : 260_000 + random.integer(2_000_000));
      const holder = random.pick([a, b]);
      const content = await holder.add(`f${at}`, bytes);
      if (random.chance(0.5)) await (holder === a ? b : a).add(`f${at}`, bytes);
      files.push({ content, bytes, name: `g${at}` });
    }
    const connect = (): void => {
      network.connect(a.device, c.device);
      network.connect(b.device, c.device);
    };
    let bad = true;
    network.dropWhere((message) => {
      if (!bad) return false;
      if (random.chance(0.02)) return true;
      const decoded = random.chance(0.1) ? decodeContentMessage(message.bytes) : null;
      if (decoded?.type === 'pieces' && decoded.bytes.length > 0) {
        const at = random.integer(decoded.bytes.length);
        decoded.bytes[at] = (decoded.bytes[at] as number) ^ 255;
      }
      return false;
    });
    connect();
    const waiting = new Set(files);
    let running = new Map<object, AbortController>();
    const begin = (): void => {
      for (const file of waiting) {
        if (running.has(file)) continue;
        const controller = new AbortController();
        running.set(file, controller);
        const request = c.request(file.content, file.bytes.length, file.name);
        void c.service.fetch(request, controller.signal).then((result) => {
          running.delete(file);
          if (result.type === 'fetched') waiting.delete(file);
        });
      }
    };
    for (let round = 0; round < 60; round += 1) {
      begin();
      for (let turn = 0; turn < 5; turn += 1) {
        network.deliver(random.integer(4), random);
        await new Promise((resolve) => setImmediate(resolve));
      }
      clock.advance(random.integer(400));
      if (random.chance(0.1)) network.disconnect(random.pick([a, b]).device, c.device);
      if (random.chance(0.3)) connect();
      if (random.chance(0.1)) [...running.values()][0]?.abort();
      if (random.chance(0.05)) {
        network.isolate(c.device);
        c.restart();
        running = new Map();
      }
    }
    bad = false;
    for (let round = 0; waiting.size > 0; round += 1) {
      if (round > 400) throw new Error(`${waiting.size} contents never came`);
      connect();
      begin();
      await network.settle();
      clock.advance(500);
      await network.settle();
      if (round % 100 === 99) {
        // Who sent too many corrupt bytes is asked again once it connects again.
        network.disconnect(a.device, c.device);
        network.disconnect(b.device, c.device);
      }
    }
    for (const file of files) expect(Buffer.compare(c.read(file.name), file.bytes)).toBe(0);
  },
);
