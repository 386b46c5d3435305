import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentHash } from '../../electron/engine/bytes/hash.ts';
import { decodeContentMessage, encodeContentMessage } from '../../electron/engine/content/messages.ts';
import { NO_ROOM } from '../../electron/engine/content/piece-lengths.ts';
import type { ContentHash, DeviceId } from '../../shared/ids.ts';
import { type ContentDevice, FOLDER } from '../support/content-device.ts';
import { ContentWorld, fetched, never, same } from '../support/content-world.ts';

const MIB = 1024 * 1024;

describe('content from devices that lie, lack rights or never answer', () => {
  let world: ContentWorld;
  beforeEach(() => {
    world = new ContentWorld();
  });
  afterEach(() => world.remove());

  it('TR-6: writes no corrupt byte, blames who sent it and takes it from another', async () => {
    const [a, b, c] = [world.add('a'), world.add('b'), world.add('c')];
    const bytes = world.random.bytes(4 * MIB);
    const content = await a.add('file', bytes);
    const small = await a.add('small', bytes.subarray(0, 100));
    world.alter = (message) => {
      const decoded = decodeContentMessage(message.bytes);
      if (message.from !== a.device || decoded?.type !== 'pieces') return message;
      decoded.bytes[50] = (decoded.bytes[50] as number) ^ 1;
      return message;
    };
    world.network.connect(a.device, c.device);
    expect(await world.finish(c.service.fetch(c.request(content, bytes.length, 'got'), never))).toEqual({
      type: 'noSource',
    });
    expect(await world.finish(c.service.fetch(c.request(small, 100, 'small'), never))).toEqual({ type: 'noSource' });
    expect(existsSync(join(c.root, 'tmp', 'small'))).toBe(false);
    await b.add('file', bytes);
    world.network.connect(b.device, c.device);
    expect(await world.finish(c.service.fetch(c.request(content, bytes.length, 'got'), never))).toEqual(fetched);
    same(c, 'got', bytes);
  });

  it('TR-9: forgets a manifest that names other chunks than the content has', async () => {
    const [liar, honest, c] = [world.add('a'), world.add('b'), world.add('c')];
    const bytes = world.random.bytes(2 * MIB);
    const other = world.random.bytes(2 * MIB);
    const content = contentHash(bytes);
    const otherContent = await liar.add('other', other);
    // Says of the one content that it consists of the other's chunks.
    const swap = (text: Uint8Array, from: ContentHash, to: ContentHash): void => {
      const at = Buffer.from(text.buffer, text.byteOffset, text.byteLength).indexOf(Buffer.from(from, 'hex'));
      if (at >= 0) text.set(Buffer.from(to, 'hex'), at);
    };
    world.alter = (message) => {
      if (message.to === liar.device) swap(message.bytes, content, otherContent);
      if (message.from === liar.device) swap(message.bytes, otherContent, content);
      return message;
    };
    world.network.connect(liar.device, c.device);
    const request = c.request(content, bytes.length, 'got');
    expect(await world.finish(c.service.fetch(request, never))).toEqual({ type: 'noSource' });
    await honest.add('file', bytes);
    world.network.connect(honest.device, c.device);
    expect(await world.finish(c.service.fetch(request, never))).toEqual(fetched);
    same(c, 'got', bytes);
  });

  it('TR-8: an honest holder is enough where another names a chunk that nobody has', async () => {
    const [liar, honest, c] = [world.add('a'), world.add('b'), world.add('c')];
    const bytes = world.random.bytes(2 * MIB);
    const content = await liar.add('file', bytes);
    await honest.add('file', bytes);
    world.alter = (message) => {
      const decoded = decodeContentMessage(message.bytes);
      if (message.from !== liar.device || decoded?.type !== 'manifest') return message;
      decoded.bytes[decoded.bytes.byteLength - 10] = (decoded.bytes.at(-10) as number) ^ 1;
      return message;
    };
    world.network.connect(liar.device, c.device);
    expect(await world.finish(c.service.fetch(c.request(content, bytes.length, 'got'), never))).toEqual({
      type: 'noSource',
    });
    world.network.connect(honest.device, c.device);
    expect(await world.finish(c.service.fetch(c.request(content, bytes.length, 'got'), never))).toEqual(fetched);
    same(c, 'got', bytes);
  });

  it('TR-6: a holder whose answers have room for nothing counts as one that lacks the content', async () => {
    const [honest, c] = [world.add('b'), world.add('c')];
    const bytes = world.random.bytes(2 * MIB);
    const content = contentHash(bytes);
    const liar = 'a'.repeat(64) as DeviceId;
    const peers = world.network.peersOf(liar);
    let answers = 0;
    peers.subscribe((event) => {
      const asked = event.type === 'message' ? decodeContentMessage(event.bytes) : null;
      if (asked?.type !== 'wantChunks' || answers > 100) return;
      answers += 1;
      const lengths = asked.chunks.map(() => NO_ROOM);
      const answer = { type: 'pieces', request: asked.request, lengths, bytes: new Uint8Array() } as const;
      peers.send(c.device, 'content', encodeContentMessage(answer));
    });
    await honest.add('file', bytes);
    world.network.connect(liar, c.device);
    world.network.connect(honest.device, c.device);
    expect(await world.finish(c.service.fetch(c.request(content, bytes.length, 'got'), never))).toEqual(fetched);
    expect(answers).toBeLessThan(5);
  });

  it('TR-14: a holder that never comes to an end holds up no large file of another', async () => {
    const [slow, quick, c] = [world.add('a'), world.add('b'), world.add('c')];
    world.connectAll();
    const size = 512 * 1024;
    const request = async (device: ContentDevice, name: string) =>
      c.request(await device.add(name, world.random.bytes(size)), size, name);
    world.alter = (message) => {
      const decoded = decodeContentMessage(message.bytes);
      return message.from === slow.device && decoded?.type === 'pieces' ? null : message;
    };
    const stop = new AbortController();
    for (let nth = 0; nth < 20; nth += 1) void c.service.fetch(await request(slow, `slow ${nth}`), stop.signal);
    expect(await world.finish(c.service.fetch(await request(quick, 'quick'), never))).toEqual(fetched);
    // Nor one that does not even say what its files consist of.
    world.alter = (message) => (message.from === slow.device ? null : message);
    for (let nth = 20; nth < 60; nth += 1) void c.service.fetch(await request(slow, `slow ${nth}`), stop.signal);
    const before = world.clock.monotonic();
    expect(await world.finish(c.service.fetch(await request(quick, 'another'), never))).toEqual(fetched);
    expect(world.clock.monotonic() - before).toBeLessThan(10_000);
    stop.abort();
    await world.network.settle();
  });

  it('TR-11: sends nothing of a folder to a device that may not read it, and nothing that changed on disk', async () => {
    const a = world.add('a', () => false);
    const [b, c] = [world.add('b'), world.add('c')];
    world.connectAll();
    const bytes = world.random.bytes(1 * MIB);
    const content = await a.add('file', bytes);
    const small = await a.add('small', bytes.subarray(0, 10));
    expect(await world.finish(c.service.fetch(c.request(content, bytes.length, 'got'), never))).toEqual({
      type: 'noSource',
    });
    expect(await world.finish(c.service.fetch(c.request(small, 10, 'small'), never))).toEqual({ type: 'noSource' });
    const changed = await b.add('small', bytes.subarray(0, 20));
    writeFileSync(join(b.root, 'small'), bytes.subarray(100, 120));
    expect(await world.finish(c.service.fetch(c.request(changed, 20, 'changed'), never))).toEqual({ type: 'noSource' });
    expect(world.carried).toBe(0);
  });

  it('TR-12: outlives garbage and goes on', async () => {
    const [a, b] = [world.add('a'), world.add('b')];
    world.connectAll();
    const peers = world.network.peersOf('cc'.repeat(32) as never);
    world.network.connect('cc'.repeat(32) as never, a.device);
    world.network.connect('cc'.repeat(32) as never, b.device);
    const bytes = world.random.bytes(3 * MIB);
    const content = await a.add('file', bytes);
    const request = encodeContentMessage({ type: 'wantManifest', request: 1, folder: FOLDER, content, page: 9 });
    for (let round = 0; round < 300; round += 1) {
      const garbage = round % 3 === 0 ? world.random.bytes(world.random.integer(200)) : request.slice();
      if (round % 3 === 1) garbage[world.random.integer(garbage.length)] = world.random.integer(256);
      peers.send(a.device, 'content', garbage);
      peers.send(b.device, 'content', garbage);
      const lie = {
        type: 'pieces',
        request: world.random.integer(50),
        lengths: [3],
        bytes: world.random.bytes(3),
      } as const;
      peers.send(b.device, 'content', encodeContentMessage(lie));
    }
    expect(await world.finish(b.service.fetch(b.request(content, bytes.length, 'got'), never))).toEqual(fetched);
    same(b, 'got', bytes);
  });
});
