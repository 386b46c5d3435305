import { keyPairFromSeed } from '../../electron/engine/bytes/signature.ts';
import { createNetwork } from '../../electron/engine/network/network.ts';
import { systemClock } from '../../electron/engine/ports/system-clock.ts';
import { systemRandom } from '../../electron/engine/ports/system-random.ts';
import type { DeviceId, GroupId } from '../../shared/ids.ts';
import { ownStart } from './network-harness.ts';

/** What the parent starts a device with. */
export interface ChildSetup {
  readonly seed: string;
  readonly group: GroupId;
  readonly start: number;
  readonly members: readonly DeviceId[];
  readonly lan: boolean;
  readonly bootstrap: string | null;
}

/** A device in a process of its own, for tests that kill and stop processes: echoes metadata, swallows the rest. */
async function main(setup: ChildSetup): Promise<void> {
  const network = createNetwork({
    keyPair: keyPairFromSeed(Buffer.from(setup.seed, 'hex')),
    clock: systemClock,
    random: systemRandom,
    options: {
      listen: '127.0.0.1',
      lan: setup.lan,
      dht: setup.bootstrap !== null,
      bootstrap: setup.bootstrap === null ? null : [setup.bootstrap],
    },
    start: ownStart(setup.start),
    groups: () => [
      {
        id: setup.group,
        members: () => setup.members,
        admission: (device) => (setup.members.includes(device) ? 'member' : 'refused'),
        wasRemoved: () => false,
      },
    ],
    knownStart: () => null,
    knownAddresses: () => [],
    rememberAddresses: () => {},
  });
  network.subscribe((event) => {
    if (event.type === 'message' && event.channel === 'metadata') network.send(event.from, 'metadata', event.bytes);
    if (event.type === 'up' || event.type === 'down') process.send?.(event.type);
  });
  await network.start();
  process.send?.('ready');
}

void main(JSON.parse(process.argv[2] ?? '{}') as ChildSetup);
