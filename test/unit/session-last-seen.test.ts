import { expect, it } from 'vitest';
import { keepLastSeen } from '../../electron/engine/session/last-seen.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createMemoryNetwork } from '../support/memory-peers.ts';
import { deviceNamed } from '../support/named-device.ts';

const [self, work, pi] = [deviceNamed('Studio').id, deviceNamed('Work').id, deviceNamed('Pi').id];

it('knows a minute at most too little of a device that was connected when this one died', () => {
  const network = createMemoryNetwork();
  for (const other of [work, pi]) network.peersOf(other);
  const clock = createFakeClock();
  const began = clock.now();
  const seen = new Map<string, number>();
  const stop = keepLastSeen({
    peers: network.peersOf(self),
    clock,
    note: (devices, at) => {
      for (const device of devices) seen.set(device, (at - began) / 1_000);
    },
  });
  clock.advance(5_000);
  network.connect(self, work);
  expect([...seen]).toEqual([[work, 5]]);
  clock.advance(20_000);
  network.connect(self, pi);
  network.disconnect(self, pi);
  clock.advance(200_000);
  expect(seen.get(work)).toBe(180);
  expect(seen.get(pi)).toBe(25);
  stop();
  clock.advance(200_000);
  expect(seen.get(work)).toBe(180);
});
