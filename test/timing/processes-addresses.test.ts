import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, Playground, type RealEngine } from '../support/real-engine.ts';
import { allOnline, settle, shareAmong, votesAre } from '../support/real-group.ts';
import { MIDDLE, type NetworkSide, TwoNetworks } from '../support/two-networks.ts';

const AGAIN_MS = 5_000;

let ground = new Playground();
let networks = new TwoNetworks();

afterEach(async () => {
  await ground.end();
  networks.end();
  ground = new Playground();
  networks = new TwoNetworks();
});

/** Two devices that find each other, then have other addresses time and again; the kind of link that they end with. */
async function wanderTogether(
  [here, there]: readonly [NetworkSide, NetworkSide],
  options: readonly string[],
  rounds: readonly (readonly [string, string])[],
): Promise<string | undefined> {
  const at = (name: string, { launcher }: NetworkSide): RealEngine =>
    ground.engine(name, options, { launcher, listen: null });
  const one = await at('Studio', here).start();
  const two = await at('Laptop', there).start();
  await one.run('create-group', 'Home');
  await two.joinVia(one);
  await allOnline(one, 2);
  await votesAre(one, [2, 1]);
  const { places } = await shareAmong(ground, [one, two], 'Work');
  const [work, copy] = places as [string, string];
  await settle(one, two);
  for (const [round, [own, other]] of rounds.entries()) {
    here.address(own);
    there.address(other);
    const changed = performance.now();
    writeFileSync(join(work, `round ${round}.txt`), `over ${own}`);
    // What was connected before cannot carry this: its addresses are gone.
    await eventually('it arrives', async () => existsSync(join(copy, `round ${round}.txt`)), AGAIN_MS);
    expect(performance.now() - changed).toBeLessThan(AGAIN_MS);
  }
  await allOnline(two, 2);
  const devices = await one.state('devices');
  return devices.find(({ self }) => !self)?.link?.kind;
}

describe('two machines', () => {
  it('on a network of their own find each other by multicast, and again within 5 s after both addresses changed', {
    timeout: 120_000,
  }, async () => {
    const [here, there] = await networks.start();
    here.address('10.77.0.1');
    there.address('10.77.0.2');
    const kind = await wanderTogether(
      [here, there],
      ['--no-dht'],
      [
        ['10.77.5.1', '10.77.5.2'],
        ['192.168.77.1', '192.168.77.2'],
      ],
    );
    expect(kind).toBe('lan');
  });

  it('in networks of their own find each other over the DHT, and again within 5 s after both addresses changed', {
    timeout: 120_000,
  }, async () => {
    const [here, there, middle] = await networks.startRouted();
    here.address('10.77.0.1');
    there.address('10.88.0.1');
    const options = ['--no-lan', '--bootstrap', await ground.bootstrap(MIDDLE, middle.launcher)];
    const kind = await wanderTogether([here, there], options, [
      ['10.77.1.1', '10.88.1.1'],
      ['10.77.2.1', '10.88.2.1'],
    ]);
    // Connected, and not by the local network.
    expect(kind).toBeDefined();
    expect(kind).not.toBe('lan');
  });
});
