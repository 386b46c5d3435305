import { beforeEach, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import type { Network } from '../../electron/engine/network/network.ts';
import type { ConnectedPeer, PeerEvent } from '../../electron/engine/ports/peers.ts';
import type { GroupId } from '../../shared/ids.ts';
import { engineNamed, MemoryDoors } from '../support/engine-pair.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { deviceNamed } from '../support/named-device.ts';

type NetworkEvent = Parameters<Parameters<Network['watch']>[0]>[0];

/** Doors to a network whose links and words the test makes. */
class SpokenDoors extends MemoryDoors {
  readonly #words = new Set<(event: NetworkEvent) => void>();
  readonly #links = new Set<(event: PeerEvent) => void>();
  #connected: readonly ConnectedPeer[] = [];

  override network(...given: Parameters<MemoryDoors['network']>): Network {
    const peers = {
      ...super.network(...given),
      connected: () => this.#connected,
      subscribe: (handler: (event: PeerEvent) => void) => {
        this.#links.add(handler);
        return () => this.#links.delete(handler);
      },
    };
    const watch = (handler: (event: NetworkEvent) => void) => {
      this.#words.add(handler);
      return () => this.#words.delete(handler);
    };
    return { ...peers, watch, peersOf: () => peers };
  }

  get listeners(): number {
    return this.#links.size;
  }

  up(name: string): void {
    const peer: ConnectedPeer = { device: deviceNamed(name).id, kind: 'lan', rttMs: null, features: [] };
    this.#connected = [...this.#connected, peer];
    for (const handler of [...this.#links]) handler({ type: 'up', peer });
  }

  down(name: string): void {
    const { id } = deviceNamed(name);
    this.#connected = this.#connected.filter(({ device }) => device !== id);
    for (const handler of [...this.#links]) handler({ type: 'down', device: id });
  }

  says(name: string, group: GroupId): void {
    const event = { type: 'removed', group, device: deviceNamed(name).id } as const;
    for (const handler of [...this.#words]) handler(event);
  }
}

let spoken: SpokenDoors;
let engine: Engine;
let clock: FakeClock;
let group: GroupId;

beforeEach(async () => {
  spoken = new SpokenDoors();
  ({ engine, clock } = engineNamed('Studio', spoken));
  await engine.start();
  group = await engine.createGroup('Home');
  return () => engine.stop();
});

const countsAsRemoved = (): boolean => engine.view().problems.some(({ code }) => code === 'removed-from-group');

it('counts as removed when one says so, however often it is asked, until another lets it in', () => {
  expect(countsAsRemoved()).toBe(false);
  spoken.says('bob', group);
  expect([countsAsRemoved(), countsAsRemoved()]).toEqual([true, true]);
  spoken.up('cat');
  spoken.down('cat');
  // Nobody has asked meanwhile: it was the link that made it untrue.
  expect(countsAsRemoved()).toBe(false);
});

it('does not count as removed by one alone while another lets it in, nor by what is said of another group', () => {
  spoken.up('cat');
  spoken.says('bob', group);
  expect(countsAsRemoved()).toBe(false);
  spoken.down('cat');
  expect(countsAsRemoved()).toBe(false);
  spoken.says('bob', 'ab'.repeat(32) as GroupId);
  expect(countsAsRemoved()).toBe(false);
  spoken.says('bob', group);
  expect(countsAsRemoved()).toBe(true);
});

it('does not count as removed in the next group, and listens to the links of that one alone', async () => {
  const before = spoken.listeners;
  spoken.says('bob', group);
  await engine.leave();
  const next = await engine.createGroup('Next');
  // The one that was left is forgotten a moment later.
  await clock.advanceAsync(1);
  expect(countsAsRemoved()).toBe(false);
  expect(spoken.listeners).toBe(before);
  spoken.says('bob', next);
  expect(countsAsRemoved()).toBe(true);
});
