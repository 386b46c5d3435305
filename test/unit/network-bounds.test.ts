import { randomBytes } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyPairFromSeed } from '../../electron/engine/bytes/signature.ts';
import { AddressBook } from '../../electron/engine/network/address-book.ts';
import { dialForPairing } from '../../electron/engine/network/lan.ts';
import { createInvite } from '../../electron/engine/network/pairing/invite-keys.ts';
import { MAX_ADDRESSES, TCP_PRELUDE } from '../../electron/engine/network/protocol.ts';
import type { TcpAddress } from '../../electron/engine/network/tcp-address.ts';
import { systemRandom } from '../../electron/engine/ports/system-random.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { isConnected, NetworkWorld, type TestDevice } from '../support/network-harness.ts';

function addressOf(device: TestDevice): TcpAddress {
  const [address] = device.network.status().addresses;
  if (address === undefined) throw new Error('nobody listens');
  return address;
}

/** A way to `to` that lets so many bytes a second through, in each direction of each connection. */
async function slowWayTo(to: TcpAddress, bytesPerSecond: number) {
  const sockets = new Set<Socket>();
  const timers: NodeJS.Timeout[] = [];
  const server = createServer((inward) => {
    const outward = connect(to);
    for (const [from, into] of [
      [inward, outward],
      [outward, inward],
    ] as const) {
      sockets.add(from);
      let queue = Buffer.alloc(0);
      from.on('error', () => into.destroy());
      from.on('close', () => into.destroy());
      from.on('data', (bytes) => {
        queue = Buffer.concat([queue, bytes]);
        if (queue.length > 65_536) from.pause();
      });
      timers.push(
        setInterval(() => {
          into.write(queue.subarray(0, bytesPerSecond / 20));
          queue = queue.subarray(bytesPerSecond / 20);
          if (queue.length < 32_768) from.resume();
        }, 50),
      );
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    address: { host: '127.0.0.1', port: (server.address() as { port: number }).port },
    close() {
      for (const timer of timers) clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('PA bounds', () => {
  let world: NetworkWorld;
  beforeEach(() => {
    world = new NetworkWorld();
  });
  afterEach(() => world.close());

  it('PA-45 a network that was stopped stays down, whatever was under way', async () => {
    for (let round = 0; round < 8; round += 1) {
      const called = await world.device();
      const caller = await world.device();
      world.introduce(caller, called);
      await caller.network.stop();
      // A device that the called one hears of afterwards, so that there is something to wait for.
      const third = await world.device();
      world.introduce(third, called);
      await expect.poll(() => isConnected(called, third), { timeout: 10_000 }).toBe(true);
      expect(isConnected(called, caller)).toBe(false);
      expect(caller.network.connected()).toEqual([]);
      await Promise.all([called.network.stop(), third.network.stop()]);
    }
  });

  it('PA-46 a slow path carries a long message: what arrives in parts counts as life', {
    timeout: 60_000,
  }, async () => {
    const here = await world.device({ localAddresses: () => [] });
    const there = await world.device();
    const way = await slowWayTo(addressOf(there), 100_000);
    here.network.addAddresses(there.id, [way.address]);
    await expect.poll(() => isConnected(here, there) && isConnected(there, here), { timeout: 10_000 }).toBe(true);
    here.network.send(there.id, 'content', new Uint8Array(600_000));
    await expect.poll(() => there.received('content').length, { timeout: 30_000 }).toBe(1);
    expect(there.events.map(({ type }) => type)).toEqual(['up', 'message']);
    way.close();
  });

  it('PA-47 strangers that stay silent do not keep a newcomer out', { timeout: 60_000 }, async () => {
    const member = await world.device();
    const invite = createInvite(systemRandom);
    member.network.pairing.onAsk((ask) => ask.answer(ask.bytes));
    member.network.pairing.setInvites([{ id: invite.id, publicKey: invite.publicKey }]);
    const strangers = Array.from({ length: 64 }, () =>
      dialForPairing(addressOf(member), null, keyPairFromSeed(randomBytes(32))),
    );
    for (const stranger of strangers) stranger.on('error', () => {});
    await Promise.all(strangers.map(({ opened }) => opened));
    const newcomer = await world.device({ group: null });
    const session = newcomer.network.pairing.join({ secret: invite.secret, bootstrap: [] });
    expect(await session.ask(Uint8Array.of(7))).toEqual(Uint8Array.of(7));
    await session.close();
    for (const stranger of strangers) stranger.destroy();
  });

  it('PA-48 a caller that sends its greeting byte by byte is not waited for', { timeout: 30_000 }, async () => {
    const member = await world.device();
    const socket = connect(addressOf(member));
    socket.on('error', () => {});
    let closed = false;
    socket.on('close', () => {
      closed = true;
    });
    socket.write(Uint8Array.of(TCP_PRELUDE.member, 0xff, 0, 0));
    const drip = setInterval(() => socket.write(Uint8Array.of(0)), 500);
    await expect.poll(() => closed, { timeout: 10_000 }).toBe(true);
    clearInterval(drip);
  });
});

describe('PA address book', () => {
  const device = 'd'.repeat(64) as DeviceId;
  const at = (last: number): TcpAddress => ({ host: `10.0.0.${last}`, port: 4_000 });

  it('PA-49 what strangers announce neither pushes out nor keeps what the device said itself', () => {
    const clock = createFakeClock();
    const kept: (readonly TcpAddress[])[] = [];
    const book = new AddressBook(clock, (_, addresses) => kept.push(addresses));
    book.add(device, [at(1)]);
    for (let round = 0; round < 100; round += 1) book.addFound(device, [at(2 + round)]);
    expect(book.of(device, [])[0]).toEqual(at(1));
    expect(book.of(device, []).length).toBeLessThanOrEqual(2 * MAX_ADDRESSES);
    clock.advance(5_000);
    expect(kept).toEqual([[at(1)]]);
  });

  it('PA-50 addresses are kept at most once a second, and what is left when the book is closed', () => {
    const clock = createFakeClock();
    let writes = 0;
    const book = new AddressBook(clock, () => {
      writes += 1;
    });
    for (let round = 0; round < 100; round += 1) {
      book.add(device, [at(round)]);
      clock.advance(10);
    }
    clock.advance(1_000);
    expect(writes).toBeLessThanOrEqual(2);
    book.add(device, [at(200)]);
    book.flush();
    expect(writes).toBeLessThanOrEqual(3);
  });
});
