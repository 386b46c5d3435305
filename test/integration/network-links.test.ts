import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../electron/engine/bytes/hex.ts';
import { keyPairFromSeed } from '../../electron/engine/bytes/signature.ts';
import { startBootstrap } from '../../electron/engine/network/bootstrap-node.ts';
import { makeStartStatement } from '../../electron/engine/network/start-statement.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { isConnected, NetworkWorld, TEST_GROUP, type TestDevice } from '../support/network-harness.ts';

const AGAIN_MS = 5_000;

describe('PA links', () => {
  let world: NetworkWorld;
  const closing: (() => Promise<void>)[] = [];

  beforeEach(() => {
    world = new NetworkWorld();
  });
  afterEach(async () => {
    await world.close();
    for (const close of closing.splice(0)) await close();
  });

  const linked = (a: TestDevice, b: TestDevice): Promise<void> =>
    expect.poll(() => isConnected(a, b) && isConnected(b, a), { timeout: 10_000, interval: 10 }).toBe(true);
  const kindAt = (a: TestDevice): string | undefined => a.network.connected()[0]?.kind;

  /** Median round trip of metadata messages, in milliseconds, while `load` megabytes of content are under way. */
  async function echoUnderLoad(a: TestDevice, b: TestDevice, load: number): Promise<number> {
    b.network.subscribe((event) => {
      if (event.type === 'message' && event.channel === 'metadata') b.network.send(a.id, 'metadata', event.bytes);
    });
    let sent = 0;
    const content = (async () => {
      for (; sent < load; sent += 1) {
        await a.network.ready(b.id, 'content');
        a.network.send(b.id, 'content', new Uint8Array(1024 * 1024));
      }
    })();
    const trips: number[] = [];
    while (sent < load) {
      const before = performance.now();
      const count = a.received('metadata').length;
      a.network.send(b.id, 'metadata', Uint8Array.of(trips.length & 255));
      await expect.poll(() => a.received('metadata').length, { timeout: 10_000, interval: 1 }).toBe(count + 1);
      trips.push(performance.now() - before);
    }
    await content;
    await expect.poll(() => b.received('content').length, { timeout: 60_000 }).toBe(load);
    return trips.sort((x, y) => x - y)[Math.floor(trips.length / 2)] ?? 0;
  }

  it('PA-34 metadata does not wait behind content on a local link', async () => {
    const a = await world.device();
    const b = await world.device();
    await linked(a, b);
    expect(await echoUnderLoad(a, b, 128)).toBeLessThan(150);
    expect(a.network.traffic(b.id, 'content')).toEqual({ up: 128 * 1024 * 1024, down: 0 });
  });

  it('PA-35 metadata does not wait behind content on a shared link', async () => {
    const bootstrap = await startBootstrap({ host: '127.0.0.1', port: 0 });
    closing.push(() => bootstrap.close());
    const network = { dht: true, lan: false, bootstrap: [bootstrap.address] };
    const a = await world.device({ network });
    const b = await world.device({ network });
    await linked(a, b);
    expect(kindAt(a)).toBe('direct');
    expect(await echoUnderLoad(a, b, 48)).toBeLessThan(400);
  });

  it('PA-36 a link of the local network takes over, and nothing is lost or out of order', async () => {
    const bootstrap = await startBootstrap({ host: '127.0.0.1', port: 0 });
    closing.push(() => bootstrap.close());
    let hosts: readonly string[] = [];
    const network = { dht: true, lan: true, bootstrap: [bootstrap.address] };
    const a = await world.device({ network, localAddresses: () => hosts });
    const b = await world.device({ network, localAddresses: () => hosts });
    await linked(a, b);
    expect(kindAt(a)).toBe('direct');
    let number = 0;
    const send = (): void => {
      for (const [from, to] of [
        [a, b],
        [b, a],
      ] as const) {
        for (const channel of ['metadata', 'index', 'content'] as const) {
          from.network.send(to.id, channel, new Uint8Array(Uint32Array.of(number, ...new Array(4_000).fill(0)).buffer));
        }
      }
      number += 1;
    };
    hosts = ['127.0.0.1'];
    await expect
      .poll(
        () => {
          for (let i = 0; i < 20; i += 1) send();
          return kindAt(a) === 'lan' && kindAt(b) === 'lan';
        },
        { timeout: 10_000, interval: 5 },
      )
      .toBe(true);
    for (let i = 0; i < 20; i += 1) send();
    for (const side of [a, b]) {
      for (const channel of ['metadata', 'index', 'content'] as const) {
        await expect.poll(() => side.received(channel).length, { timeout: 20_000 }).toBe(number);
        const numbers = side.received(channel).map((bytes) => new Uint32Array(bytes.slice(0, 4).buffer)[0]);
        expect(numbers).toEqual([...Array(number).keys()]);
      }
      expect(side.events.filter(({ type }) => type !== 'message').map(({ type }) => type)).toEqual(['up', 'moved']);
    }
  });

  it('PA-37 are there again after the address changed on both sides', async () => {
    let hosts: readonly string[] = ['127.0.0.1'];
    const options = { network: { listen: null }, localAddresses: () => hosts };
    const a = await world.device(options);
    const b = await world.device(options);
    await linked(a, b);
    const down = (each: TestDevice): boolean => each.events.some(({ type }) => type === 'down');
    hosts = ['127.0.0.2'];
    await expect.poll(() => down(a) && down(b), { timeout: AGAIN_MS, interval: 5 }).toBe(true);
    await expect.poll(() => isConnected(a, b) && isConnected(b, a), { timeout: AGAIN_MS, interval: 5 }).toBe(true);
    expect(a.network.status().addresses.map(({ host }) => host)).toEqual(['127.0.0.2']);
  });

  it('PA-38 cuts a device that lost its place, and lets it back', async () => {
    const a = await world.device();
    const b = await world.device();
    await linked(a, b);
    world.members.delete(b.id);
    a.network.recheck();
    expect(isConnected(a, b)).toBe(false);
    await expect.poll(() => isConnected(b, a), { timeout: AGAIN_MS }).toBe(false);
    world.members.add(b.id);
    a.network.recheck();
    await linked(a, b);
  });

  it('PA-39 gives a device for metadata alone no other channel', async () => {
    const b = await world.device();
    const a = await world.device({ admission: () => 'metadataOnly' });
    await linked(a, b);
    expect(a.network.send(b.id, 'content', Uint8Array.of(1))).toBe(false);
    expect(a.network.send(b.id, 'metadata', Uint8Array.of(2))).toBe(true);
    expect(b.network.send(a.id, 'index', Uint8Array.of(3))).toBe(true);
    expect(b.network.send(a.id, 'metadata', Uint8Array.of(4))).toBe(true);
    await expect.poll(() => a.received('metadata').length).toBe(1);
    expect(a.received('index')).toHaveLength(0);
    expect(b.received('content')).toHaveLength(0);
  });

  it('PA-40 a restored device is shown its own later start', async () => {
    const seed = randomBytes(32);
    const keys = keyPairFromSeed(seed);
    const restored = toHex(keys.publicKey) as DeviceId;
    const later = makeStartStatement(fromHex(TEST_GROUP), 9, new Uint8Array(randomBytes(16)), keys);
    const a = await world.device({ knownStart: (device) => (device === restored ? later : null) });
    const b = await world.device({ seed, startNumber: 5 });
    await linked(a, b);
    await expect.poll(() => b.notices.some((n) => n.type === 'own-start' && n.verdict === 'restored')).toBe(true);
    expect(a.notices.some((n) => n.type === 'seen-start' && n.device === restored)).toBe(false);
  });

  it('PA-41 two engines of one home are told of each other', async () => {
    const seed = randomBytes(32);
    const a = await world.device();
    const first = await world.device({ seed, startNumber: 5 });
    await linked(a, first);
    const second = await world.device({ seed, startNumber: 6 });
    const isTold = (each: TestDevice): boolean =>
      each.notices.some((n) => n.type === 'own-start' && n.verdict === 'cloned');
    await expect.poll(() => isTold(first) && isTold(second), { timeout: 10_000 }).toBe(true);
    expect(a.notices.some((n) => n.type === 'twin' && n.device === first.id)).toBe(true);
  });

  it('PA-42 finds others when the bootstrap node comes after them, or again', async () => {
    const first = await startBootstrap({ host: '127.0.0.1', port: 0 });
    const { address } = first;
    await first.close();
    const network = { dht: true, lan: false, bootstrap: [address] };
    const a = await world.device({ network });
    const b = await world.device({ network });
    const port = Number(address.split(':')[1]);
    const second = await startBootstrap({ host: '127.0.0.1', port });
    await expect.poll(() => isConnected(a, b) && isConnected(b, a), { timeout: 20_000, interval: 20 }).toBe(true);
    await second.close();
    const third = await startBootstrap({ host: '127.0.0.1', port });
    closing.push(() => third.close());
    const c = await world.device({ network });
    await expect.poll(() => isConnected(a, c) && isConnected(b, c), { timeout: 20_000, interval: 20 }).toBe(true);
  });

  it('PA-43 says what is wrong with the address of a bootstrap node', async () => {
    const first = await startBootstrap({ host: '127.0.0.1', port: 0 });
    closing.push(() => first.close());
    const port = Number(first.address.split(':')[1]);
    await expect(startBootstrap({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'address-in-use' });
    for (const host of ['0.0.0.0', 'example', '203.0.113.7']) {
      await expect(startBootstrap({ host, port: 0 })).rejects.toMatchObject({ code: 'address-not-usable' });
    }
  });
});
