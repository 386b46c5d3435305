import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentHash } from '../../electron/engine/bytes/hash.ts';
import type { FetchResult } from '../../electron/engine/content/content-types.ts';
import { decodeContentMessage, encodeContentMessage } from '../../electron/engine/content/messages.ts';
import type { ContentHash } from '../../shared/ids.ts';
import { type ContentDevice, createContentDevice, FOLDER } from '../support/content-device.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { createMemoryNetwork, type MemoryNetwork, type QueuedMessage } from '../support/memory-peers.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const MIB = 1024 * 1024;
const never = new AbortController().signal;

describe('content between devices', () => {
  let network: MemoryNetwork;
  let clock: FakeClock;
  let devices: ContentDevice[];
  /** Bytes of content that answers carried. */
  let carried: number;
  /** What happens to a message on its way; null loses it. */
  let alter: (message: QueuedMessage) => QueuedMessage | null;
  const random = createSeededRandom(11);

  beforeEach(() => {
    network = createMemoryNetwork();
    clock = createFakeClock();
    devices = [];
    carried = 0;
    alter = (message) => message;
    network.dropWhere((message) => {
      const altered = alter(message);
      const decoded = altered === null ? null : decodeContentMessage(altered.bytes);
      if (decoded?.type === 'pieces') carried += decoded.bytes.byteLength;
      return altered === null;
    });
  });
  afterEach(() => {
    for (const device of devices) device.remove();
  });

  const add = (name: string, mayRead?: (device: string) => boolean): ContentDevice => {
    const device = createContentDevice(name, { network, clock, ...(mayRead === undefined ? {} : { mayRead }) });
    devices.push(device);
    return device;
  };
  const connectAll = (): void => {
    for (const a of devices) for (const b of devices) network.connect(a.device, b.device);
  };
  /** Delivers until the promise is done, moving time on where nothing else moves. */
  const finish = async <T>(promise: Promise<T>): Promise<T> => {
    let over = false;
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
  const fetched: FetchResult = { type: 'fetched' };
  const same = (device: ContentDevice, name: string, bytes: Uint8Array): void =>
    expect(Buffer.compare(device.read(name), bytes)).toBe(0);

  it('TR-9: brings files of every size, verified', async () => {
    const [a, b] = [add('a'), add('b')];
    connectAll();
    for (const size of [0, 1, 4_096, 256 * 1024, 256 * 1024 + 1, 5 * MIB + 3]) {
      const bytes = random.bytes(size);
      const content = await a.add(`file-${size}`, bytes);
      const result = await finish(b.service.fetch(b.request(content, size, `got-${size}`), never));
      expect(result).toEqual(fetched);
      same(b, `got-${size}`, bytes);
    }
    expect(b.service.progress()).toEqual([]);
  });

  it('TR-2: brings many small files in few messages', async () => {
    const [a, b] = [add('a'), add('b')];
    connectAll();
    const files: { content: ContentHash; bytes: Uint8Array }[] = [];
    for (let at = 0; at < 300; at += 1) {
      const bytes = random.bytes(1_000);
      files.push({ content: await a.add(`s${at}`, bytes), bytes });
    }
    let messages = 0;
    alter = (message) => {
      messages += 1;
      return message;
    };
    const all = files.map(({ content }, at) => b.service.fetch(b.request(content, 1_000, `g${at}`), never));
    const results = await finish(Promise.all(all));
    expect(results.every((result) => result.type === 'fetched')).toBe(true);
    for (const [at, { bytes }] of files.entries()) same(b, `g${at}`, bytes);
    expect(messages).toBeLessThanOrEqual(4);
  });

  it('TR-1: takes a large file from all holders', async () => {
    const [a, b, c] = [add('a'), add('b'), add('c')];
    connectAll();
    const bytes = random.bytes(12 * MIB);
    const content = await a.add('file', bytes);
    await b.add('file', bytes);
    const senders = new Map<string, number>();
    alter = (message) => {
      if (message.to === c.device) senders.set(message.from, (senders.get(message.from) ?? 0) + 1);
      return message;
    };
    expect(await finish(c.service.fetch(c.request(content, bytes.length, 'got'), never))).toEqual(fetched);
    same(c, 'got', bytes);
    expect(senders.get(a.device)).toBeGreaterThan(1);
    expect(senders.get(b.device)).toBeGreaterThan(1);
    expect(carried).toBe(bytes.length);
  });

  it('TR-10: asks for nothing that is here: equal content, chunks of the old version or of another file', async () => {
    const [a, b] = [add('a'), add('b')];
    connectAll();
    const old = random.bytes(6 * MIB);
    await b.add('mine', old);
    const content = await a.add('file', old);
    expect(await finish(b.service.fetch(b.request(content, old.length, 'renamed'), never))).toEqual(fetched);
    expect(carried).toBe(0);

    const edited = Buffer.concat([
      Buffer.from('x'),
      old.subarray(0, 3 * MIB),
      Buffer.from('yz'),
      old.subarray(3 * MIB),
    ]);
    const second = await a.add('file2', edited);
    expect(await finish(b.service.fetch(b.request(second, edited.length, 'edited'), never))).toEqual(fetched);
    same(b, 'edited', edited);
    expect(carried).toBeLessThan(2.5 * MIB);

    // A version whose chunks nobody noted is cut when it is needed.
    carried = 0;
    const unknown = random.bytes(4 * MIB);
    writeFileSync(join(b.root, 'unknown'), unknown);
    const appended = Buffer.concat([unknown, random.bytes(100)]);
    const third = await a.add('file3', appended);
    const request = b.request(third, appended.length, 'appended', 'unknown');
    expect(await finish(b.service.fetch(request, never))).toEqual(fetched);
    same(b, 'appended', appended);
    expect(carried).toBeLessThan(1.1 * MIB);
  });

  it('TR-10: brings a chunk that repeats in a file once, and zeros take no space', async () => {
    const [a, b] = [add('a'), add('b')];
    connectAll();
    const middle = random.bytes(MIB);
    const bytes = Buffer.concat([new Uint8Array(30 * MIB), middle, new Uint8Array(9 * MIB)]);
    const content = await a.add('file', bytes);
    expect(await finish(b.service.fetch(b.request(content, bytes.length, 'got'), never))).toEqual(fetched);
    same(b, 'got', bytes);
    expect(carried).toBeLessThan(5 * MIB);
    expect(statSync(join(b.root, 'tmp', 'got')).blocks * 512).toBeLessThan(5 * MIB);
  });

  it('TR-10: brings equal content for several paths once', async () => {
    const [a, b] = [add('a'), add('b')];
    connectAll();
    for (const size of [1_000, 1 * MIB]) {
      carried = 0;
      const bytes = random.bytes(size);
      const content = await a.add(`file-${size}`, bytes);
      const names = ['x', 'y', 'z'].map((name) => `${name}-${size}`);
      const all = names.map((name) => b.service.fetch(b.request(content, size, name), never));
      expect(await finish(Promise.all(all))).toEqual([fetched, fetched, fetched]);
      for (const name of names) same(b, name, bytes);
      expect(carried).toBe(size);
    }
  });

  it('TR-5: goes on from what it has when the sender dies in the middle, and after its own restart', async () => {
    const [a, b] = [add('a'), add('b')];
    connectAll();
    const bytes = random.bytes(20 * MIB);
    const content = await a.add('file', bytes);
    const request = b.request(content, bytes.length, 'got');
    const interruptAfter = (count: number, then: () => void): void => {
      let left = count;
      alter = (message) => {
        if (message.from !== a.device) return message;
        left -= 1;
        if (left === 0) then();
        return left > 0 ? message : null;
      };
    };
    interruptAfter(6, () => network.disconnect(a.device, b.device));
    expect(await finish(b.service.fetch(request, never))).toEqual({ type: 'noSource' });
    let announced = 0;
    b.service.onAvailable(() => {
      announced += 1;
    });
    alter = (message) => message;
    network.connect(a.device, b.device);
    expect(announced).toBe(1);

    const stop = new AbortController();
    interruptAfter(6, () => stop.abort());
    expect(await finish(b.service.fetch(request, stop.signal))).toMatchObject({ type: 'failed', code: 'ABORTED' });
    const before = carried;
    expect(before).toBeGreaterThan(3 * MIB);
    alter = (message) => message;
    b.restart();
    network.disconnect(a.device, b.device);
    network.connect(a.device, b.device);
    expect(await finish(b.service.fetch(request, never))).toEqual(fetched);
    same(b, 'got', bytes);
    // Nothing that was written is asked for again; what was under way when it broke off may be.
    expect(carried).toBeLessThan(bytes.length + 9 * MIB);
  });

  it('TR-6: writes no corrupt byte, blames who sent it and takes it from another', async () => {
    const [a, b, c] = [add('a'), add('b'), add('c')];
    const bytes = random.bytes(4 * MIB);
    const content = await a.add('file', bytes);
    const small = await a.add('small', bytes.subarray(0, 100));
    alter = (message) => {
      const decoded = decodeContentMessage(message.bytes);
      if (message.from !== a.device || decoded?.type !== 'pieces') return message;
      decoded.bytes[50] = (decoded.bytes[50] as number) ^ 1;
      return message;
    };
    network.connect(a.device, c.device);
    expect(await finish(c.service.fetch(c.request(content, bytes.length, 'got'), never))).toEqual({ type: 'noSource' });
    expect(await finish(c.service.fetch(c.request(small, 100, 'small'), never))).toEqual({ type: 'noSource' });
    expect(existsSync(join(c.root, 'tmp', 'small'))).toBe(false);
    await b.add('file', bytes);
    network.connect(b.device, c.device);
    expect(await finish(c.service.fetch(c.request(content, bytes.length, 'got'), never))).toEqual(fetched);
    same(c, 'got', bytes);
  });

  it('TR-9: forgets a manifest that names other chunks than the content has', async () => {
    const [liar, honest, c] = [add('a'), add('b'), add('c')];
    const bytes = random.bytes(2 * MIB);
    const other = random.bytes(2 * MIB);
    const content = contentHash(bytes);
    const otherContent = await liar.add('other', other);
    // Says of the one content that it consists of the other's chunks.
    const swap = (text: Uint8Array, from: ContentHash, to: ContentHash): void => {
      const at = Buffer.from(text.buffer, text.byteOffset, text.byteLength).indexOf(Buffer.from(from, 'hex'));
      if (at >= 0) text.set(Buffer.from(to, 'hex'), at);
    };
    alter = (message) => {
      if (message.to === liar.device) swap(message.bytes, content, otherContent);
      if (message.from === liar.device) swap(message.bytes, otherContent, content);
      return message;
    };
    network.connect(liar.device, c.device);
    const request = c.request(content, bytes.length, 'got');
    expect(await finish(c.service.fetch(request, never))).toEqual({ type: 'noSource' });
    await honest.add('file', bytes);
    network.connect(honest.device, c.device);
    expect(await finish(c.service.fetch(request, never))).toEqual(fetched);
    same(c, 'got', bytes);
  });

  it('TR-11: sends nothing of a folder to a device that may not read it, and nothing that changed on disk', async () => {
    const a = add('a', () => false);
    const [b, c] = [add('b'), add('c')];
    connectAll();
    const bytes = random.bytes(1 * MIB);
    const content = await a.add('file', bytes);
    const small = await a.add('small', bytes.subarray(0, 10));
    expect(await finish(c.service.fetch(c.request(content, bytes.length, 'got'), never))).toEqual({ type: 'noSource' });
    expect(await finish(c.service.fetch(c.request(small, 10, 'small'), never))).toEqual({ type: 'noSource' });
    const changed = await b.add('small', bytes.subarray(0, 20));
    writeFileSync(join(b.root, 'small'), bytes.subarray(100, 120));
    expect(await finish(c.service.fetch(c.request(changed, 20, 'changed'), never))).toEqual({ type: 'noSource' });
    expect(carried).toBe(0);
  });

  it('TR-12: outlives garbage and goes on', async () => {
    const [a, b] = [add('a'), add('b')];
    connectAll();
    const peers = network.peersOf('cc'.repeat(32) as never);
    network.connect('cc'.repeat(32) as never, a.device);
    network.connect('cc'.repeat(32) as never, b.device);
    const bytes = random.bytes(3 * MIB);
    const content = await a.add('file', bytes);
    const request = encodeContentMessage({ type: 'wantManifest', request: 1, folder: FOLDER, content, page: 9 });
    for (let round = 0; round < 300; round += 1) {
      const garbage = round % 3 === 0 ? random.bytes(random.integer(200)) : request.slice();
      if (round % 3 === 1) garbage[random.integer(garbage.length)] = random.integer(256);
      peers.send(a.device, 'content', garbage);
      peers.send(b.device, 'content', garbage);
      const lie = { type: 'pieces', request: random.integer(50), lengths: [3], bytes: random.bytes(3) } as const;
      peers.send(b.device, 'content', encodeContentMessage(lie));
    }
    expect(await finish(b.service.fetch(b.request(content, bytes.length, 'got'), never))).toEqual(fetched);
    same(b, 'got', bytes);
  });

  it('TR-13: tells a device that asked in vain once the content is here', async () => {
    const [a, b] = [add('a'), add('b')];
    connectAll();
    const bytes = random.bytes(1_000);
    const content = contentHash(bytes);
    const folders: string[] = [];
    b.service.onAvailable((folder) => folders.push(folder));
    expect(await finish(b.service.fetch(b.request(content, 1_000, 'got'), never))).toEqual({ type: 'noSource' });
    await network.settle();
    expect(folders).toEqual([]);
    await a.add('file', bytes);
    clock.advance(1_000);
    await network.settle();
    expect(folders).toEqual([FOLDER]);
    expect(await finish(b.service.fetch(b.request(content, 1_000, 'got'), never))).toEqual(fetched);
    clock.advance(1_000);
    expect(clock.pending()).toBe(0);
  });

  it('says that there is no space before it begins, and that a target cannot be written', async () => {
    const [a, b] = [add('a'), add('b')];
    connectAll();
    const bytes = random.bytes(1 * MIB);
    const content = await a.add('file', bytes);
    b.free = 64 * MIB + 1_000;
    const request = b.request(content, bytes.length, 'got');
    const refused = await finish(b.service.fetch(request, never));
    expect(refused).toMatchObject({ type: 'failed', code: 'NO_SPACE' });
    expect(existsSync(request.target)).toBe(false);
    b.free = Number.MAX_SAFE_INTEGER;
    clock.advance(1_000);
    const nowhere = { ...request, target: join(b.root, 'no', 'where') };
    expect(await finish(b.service.fetch(nowhere, never))).toMatchObject({ type: 'failed', code: 'IO_ERROR' });
    const small = await a.add('small', bytes.subarray(0, 9));
    const smallRequest = { ...b.request(small, 9, 'got'), target: join(b.root, 'no', 'where') };
    expect(await finish(b.service.fetch(smallRequest, never))).toMatchObject({ type: 'failed', code: 'IO_ERROR' });
    expect(await finish(b.service.fetch(request, never))).toEqual(fetched);
    expect(Buffer.compare(readFileSync(request.target), bytes)).toBe(0);
  });
});
