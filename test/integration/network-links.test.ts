import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../electron/engine/bytes/hex.ts';
import { keyPairFromSeed } from '../../electron/engine/bytes/signature.ts';
import { startBootstrap } from '../../electron/engine/network/bootstrap-node.ts';
import { encodeControl } from '../../electron/engine/network/control-message.ts';
import { encodeGreeting } from '../../electron/engine/network/greeting.ts';
import { dialMember } from '../../electron/engine/network/lan.ts';
import { makeStartStatement } from '../../electron/engine/network/start-statement.ts';
import type { TcpAddress } from '../../electron/engine/network/tcp-address.ts';
import { Wire } from '../../electron/engine/network/wire.ts';
import type { DeviceId, GroupId } from '../../shared/ids.ts';
import { isConnected, linkedGroup, NetworkWorld, TEST_GROUP, type TestDevice } from '../support/network-harness.ts';

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

  /** How many of `load` megabytes of content that were given to the link before a metadata message arrive before it. */
  async function contentBefore(a: TestDevice, b: TestDevice, load: number): Promise<number> {
    let before: number | null = null;
    b.network.subscribe((event) => {
      if (event.type === 'message' && event.channel === 'metadata') before = b.received('content').length;
    });
    for (let sent = 0; sent < load; sent += 1) a.network.send(b.id, 'content', new Uint8Array(1024 * 1024));
    a.network.send(b.id, 'metadata', Uint8Array.of(1));
    await expect.poll(() => b.received('content').length, { timeout: 60_000 }).toBe(load);
    return before ?? load;
  }

  it('PA-34 metadata does not wait behind content on a local link', async () => {
    const a = await world.device();
    const b = await world.device();
    await linked(a, b);
    expect(await contentBefore(a, b, 128)).toBeLessThan(64);
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
    // As much as the path carries in the 100 ms that may queue up, and a round trip.
    expect(await contentBefore(a, b, 64)).toBeLessThan(32);
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

  it('PA-53 tells a device that was removed so, again when it calls, and counts it as no stranger', async () => {
    const removed = new Set<DeviceId>();
    const b = await world.device();
    const group = linkedGroup(TEST_GROUP, () => [b.id].filter((device) => !removed.has(device)));
    const a = await world.device({ groups: () => [{ ...group, wasRemoved: (device) => removed.has(device) }] });
    await linked(a, b);
    removed.add(b.id);
    a.network.recheck();
    const told = (): number => b.notices.filter(({ type }) => type === 'removed').length;
    await expect.poll(told, { timeout: AGAIN_MS }).toBeGreaterThanOrEqual(2);
    expect(b.notices.find(({ type }) => type === 'removed')).toEqual({
      type: 'removed',
      group: TEST_GROUP,
      device: a.id,
    });
    const problems = [...a.notices, ...b.notices].filter(({ type }) => type === 'problem');
    expect(problems).toEqual([]);
  });

  it('PA-54 is linked to the devices of each of its groups, and to one that is in both for the first alone', async () => {
    const [first, second] = [TEST_GROUP, 'cd'.repeat(32) as GroupId];
    const of = new Map<GroupId, Set<DeviceId>>([first, second].map((id) => [id, new Set()]));
    const members = (id: GroupId) => (): readonly DeviceId[] => [...(of.get(id) ?? [])];
    const inBoth = () => [linkedGroup(first, members(first)), linkedGroup(second, members(second))];
    const a = await world.device({ groups: inBoth });
    const b = await world.device({ groups: inBoth });
    const c = await world.device({ groups: () => [linkedGroup(second, members(second))] });
    for (const device of [a, b]) of.get(first)?.add(device.id);
    for (const device of [a, b, c]) of.get(second)?.add(device.id);
    await linked(a, b);
    await linked(a, c);
    const peers = (id: GroupId): readonly DeviceId[] =>
      a.network
        .peersOf(id)
        .connected()
        .map(({ device }) => device);
    expect([peers(first), peers(second)]).toEqual([[b.id], [c.id]]);
    expect(a.network.peersOf(first).send(c.id, 'metadata', Uint8Array.of(1))).toBe(false);
    expect(a.network.peersOf(second).send(c.id, 'metadata', Uint8Array.of(2))).toBe(true);
    await expect.poll(() => c.received('metadata').map(([byte]) => byte)).toEqual([2]);
    // Once the first has let it go, the link is for the second.
    const heard: string[] = [];
    a.network.peersOf(first).subscribe(({ type }) => heard.push(`first ${type}`));
    a.network.peersOf(second).subscribe(({ type }) => heard.push(`second ${type}`));
    of.get(first)?.clear();
    for (const device of [a, b]) device.network.recheck();
    await expect.poll(() => [...peers(second)].sort(), { timeout: AGAIN_MS }).toEqual([b.id, c.id].sort());
    expect(heard).toEqual(['first down', 'second up']);
    expect(peers(first)).toEqual([]);
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

  it('PA-41 a member that shows an old statement of a device makes no clone of it', async () => {
    const seed = randomBytes(32);
    const keys = keyPairFromSeed(seed);
    const group = fromHex(TEST_GROUP);
    const old = makeStartStatement(group, 2, new Uint8Array(randomBytes(16)), keys);
    const other = makeStartStatement(group, 3, new Uint8Array(randomBytes(16)), keys);
    const device = await world.device({ seed, startNumber: 9, earlierStarts: [old] });
    const member = keyPairFromSeed(randomBytes(32));
    world.members.add(toHex(member.publicKey) as DeviceId);
    const [address] = device.network.status().addresses;
    const stream = dialMember(address as TcpAddress, null, member, fromHex(device.id));
    stream.on('error', () => {});
    const wire = new Wire(stream, {
      heard: () => {},
      control: () => {},
      piece: () => {},
      drain: () => {},
      closed: () => {},
    });
    const statement = makeStartStatement(group, 1, new Uint8Array(randomBytes(16)), member);
    const greeting = { version: 1, oldest: 1, features: [], group, statement, part: 'all', linked: false } as const;
    const bytes = encodeGreeting({ ...greeting, link: new Uint8Array(16), addresses: [] });
    wire.sendControl(encodeControl({ type: 'greeting', bytes }));
    // What is said of a start that this home never made is believed, so all before it was judged.
    for (const shown of [old, other]) {
      wire.sendControl(encodeControl({ type: 'twin', bytes: shown.bytes, signature: shown.signature }));
    }
    const told = (): number[] =>
      device.notices.flatMap((n) => (n.type === 'own-start' && n.verdict === 'cloned' ? [n.shown.start] : []));
    await expect.poll(told, { timeout: 10_000 }).toEqual([3]);
    stream.destroy();
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
