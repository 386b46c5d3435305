import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentHash } from '../../electron/engine/bytes/hash.ts';
import type { ContentHash } from '../../shared/ids.ts';
import { FOLDER } from '../support/content-device.ts';
import { ContentWorld, fetched, never, same } from '../support/content-world.ts';

const MIB = 1024 * 1024;

describe('content between devices', () => {
  let world: ContentWorld;
  beforeEach(() => {
    world = new ContentWorld();
  });
  afterEach(() => world.remove());

  it('TR-9: brings files of every size, verified', async () => {
    const [a, b] = [world.add('a'), world.add('b')];
    world.connectAll();
    for (const size of [0, 1, 4_096, 256 * 1024, 256 * 1024 + 1, 5 * MIB + 3]) {
      const bytes = world.random.bytes(size);
      const content = await a.add(`file-${size}`, bytes);
      const result = await world.finish(b.service.fetch(b.request(content, size, `got-${size}`), never));
      expect(result).toEqual(fetched);
      same(b, `got-${size}`, bytes);
    }
    expect(b.service.progress()).toEqual([]);
  });

  it('TR-2: brings many small files in few messages', async () => {
    const [a, b] = [world.add('a'), world.add('b')];
    world.connectAll();
    const files: { content: ContentHash; bytes: Uint8Array }[] = [];
    for (let at = 0; at < 300; at += 1) {
      const bytes = world.random.bytes(1_000);
      files.push({ content: await a.add(`s${at}`, bytes), bytes });
    }
    let messages = 0;
    world.alter = (message) => {
      messages += 1;
      return message;
    };
    const all = files.map(({ content }, at) => b.service.fetch(b.request(content, 1_000, `g${at}`), never));
    const results = await world.finish(Promise.all(all));
    expect(results.every((result) => result.type === 'fetched')).toBe(true);
    for (const [at, { bytes }] of files.entries()) same(b, `g${at}`, bytes);
    expect(messages).toBeLessThanOrEqual(4);
  });

  it('TR-1: takes a large file from all holders', async () => {
    const [a, b, c] = [world.add('a'), world.add('b'), world.add('c')];
    world.connectAll();
    const bytes = world.random.bytes(12 * MIB);
    const content = await a.add('file', bytes);
    await b.add('file', bytes);
    const senders = new Map<string, number>();
    world.alter = (message) => {
      if (message.to === c.device) senders.set(message.from, (senders.get(message.from) ?? 0) + 1);
      return message;
    };
    expect(await world.finish(c.service.fetch(c.request(content, bytes.length, 'got'), never))).toEqual(fetched);
    same(c, 'got', bytes);
    expect(senders.get(a.device)).toBeGreaterThan(1);
    expect(senders.get(b.device)).toBeGreaterThan(1);
    expect(world.carried).toBe(bytes.length);
  });

  it('TR-10: asks for nothing that is here: equal content, chunks of the old version or of another file', async () => {
    const [a, b] = [world.add('a'), world.add('b')];
    world.connectAll();
    const old = world.random.bytes(6 * MIB);
    await b.add('mine', old);
    const content = await a.add('file', old);
    expect(await world.finish(b.service.fetch(b.request(content, old.length, 'renamed'), never))).toEqual(fetched);
    expect(world.carried).toBe(0);

    const edited = Buffer.concat([
      Buffer.from('x'),
      old.subarray(0, 3 * MIB),
      Buffer.from('yz'),
      old.subarray(3 * MIB),
    ]);
    const second = await a.add('file2', edited);
    expect(await world.finish(b.service.fetch(b.request(second, edited.length, 'edited'), never))).toEqual(fetched);
    same(b, 'edited', edited);
    expect(world.carried).toBeLessThan(2.5 * MIB);

    // A version whose chunks nobody noted is cut when it is needed.
    world.carried = 0;
    const unknown = world.random.bytes(4 * MIB);
    writeFileSync(join(b.root, 'unknown'), unknown);
    const appended = Buffer.concat([unknown, world.random.bytes(100)]);
    const third = await a.add('file3', appended);
    const request = b.request(third, appended.length, 'appended', 'unknown');
    expect(await world.finish(b.service.fetch(request, never))).toEqual(fetched);
    same(b, 'appended', appended);
    expect(world.carried).toBeLessThan(1.1 * MIB);
  });

  it('TR-10: brings a chunk that repeats in a file once, and zeros take no space', async () => {
    const [a, b] = [world.add('a'), world.add('b')];
    world.connectAll();
    const middle = world.random.bytes(MIB);
    const bytes = Buffer.concat([new Uint8Array(30 * MIB), middle, new Uint8Array(9 * MIB)]);
    const content = await a.add('file', bytes);
    expect(await world.finish(b.service.fetch(b.request(content, bytes.length, 'got'), never))).toEqual(fetched);
    same(b, 'got', bytes);
    expect(world.carried).toBeLessThan(5 * MIB);
    expect(statSync(join(b.root, 'tmp', 'got')).blocks * 512).toBeLessThan(5 * MIB);
  });

  it('TR-10: brings equal content for several paths once', async () => {
    const [a, b] = [world.add('a'), world.add('b')];
    world.connectAll();
    for (const size of [1_000, 1 * MIB]) {
      world.carried = 0;
      const bytes = world.random.bytes(size);
      const content = await a.add(`file-${size}`, bytes);
      const names = ['x', 'y', 'z'].map((name) => `${name}-${size}`);
      const all = names.map((name) => b.service.fetch(b.request(content, size, name), never));
      expect(await world.finish(Promise.all(all))).toEqual([fetched, fetched, fetched]);
      for (const name of names) same(b, name, bytes);
      expect(world.carried).toBe(size);
    }
  });

  it('TR-5: goes on from what it has when the sender dies in the middle, and after its own restart', async () => {
    const [a, b] = [world.add('a'), world.add('b')];
    world.connectAll();
    const bytes = world.random.bytes(20 * MIB);
    const content = await a.add('file', bytes);
    const request = b.request(content, bytes.length, 'got');
    const interruptAfter = (count: number, then: () => void): void => {
      let left = count;
      world.alter = (message) => {
        if (message.from !== a.device) return message;
        left -= 1;
        if (left === 0) then();
        return left > 0 ? message : null;
      };
    };
    interruptAfter(6, () => world.network.disconnect(a.device, b.device));
    expect(await world.finish(b.service.fetch(request, never))).toEqual({ type: 'noSource' });
    let announced = 0;
    b.service.onAvailable(() => {
      announced += 1;
    });
    world.alter = (message) => message;
    world.network.connect(a.device, b.device);
    expect(announced).toBe(1);

    const stop = new AbortController();
    interruptAfter(6, () => stop.abort());
    expect(await world.finish(b.service.fetch(request, stop.signal))).toMatchObject({
      type: 'failed',
      code: 'ABORTED',
    });
    const before = world.carried;
    expect(before).toBeGreaterThan(3 * MIB);
    world.alter = (message) => message;
    b.restart();
    world.network.disconnect(a.device, b.device);
    world.network.connect(a.device, b.device);
    expect(await world.finish(b.service.fetch(request, never))).toEqual(fetched);
    same(b, 'got', bytes);
    // Nothing that was written is asked for again; what was under way when it broke off may be.
    expect(world.carried).toBeLessThan(bytes.length + 9 * MIB);
  });

  it('TR-13: tells a device that asked in vain once the content is here', async () => {
    const [a, b] = [world.add('a'), world.add('b')];
    world.connectAll();
    const bytes = world.random.bytes(1_000);
    const content = contentHash(bytes);
    const folders: string[] = [];
    b.service.onAvailable((folder) => folders.push(folder));
    expect(await world.finish(b.service.fetch(b.request(content, 1_000, 'got'), never))).toEqual({ type: 'noSource' });
    await world.network.settle();
    expect(folders).toEqual([]);
    await a.add('file', bytes);
    world.clock.advance(1_000);
    await world.network.settle();
    expect(folders).toEqual([FOLDER]);
    expect(await world.finish(b.service.fetch(b.request(content, 1_000, 'got'), never))).toEqual(fetched);
    world.clock.advance(1_000);
    expect(world.clock.pending()).toBe(0);
  });

  it('says that there is no space before it begins, and that a target cannot be written', async () => {
    const [a, b] = [world.add('a'), world.add('b')];
    world.connectAll();
    const bytes = world.random.bytes(1 * MIB);
    const content = await a.add('file', bytes);
    b.free = 64 * MIB + 1_000;
    const request = b.request(content, bytes.length, 'got');
    const refused = await world.finish(b.service.fetch(request, never));
    expect(refused).toMatchObject({ type: 'failed', code: 'NO_SPACE' });
    expect(existsSync(request.target)).toBe(false);
    b.free = Number.MAX_SAFE_INTEGER;
    world.clock.advance(1_000);
    const nowhere = { ...request, target: join(b.root, 'no', 'where') };
    expect(await world.finish(b.service.fetch(nowhere, never))).toMatchObject({ type: 'failed', code: 'IO_ERROR' });
    const small = await a.add('small', bytes.subarray(0, 9));
    const smallRequest = { ...b.request(small, 9, 'got'), target: join(b.root, 'no', 'where') };
    expect(await world.finish(b.service.fetch(smallRequest, never))).toMatchObject({
      type: 'failed',
      code: 'IO_ERROR',
    });
    expect(await world.finish(b.service.fetch(request, never))).toEqual(fetched);
    expect(Buffer.compare(readFileSync(request.target), bytes)).toBe(0);
  });
});
