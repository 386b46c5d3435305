import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, Playground, type RealEngine } from '../support/real-engine.ts';
import { allOnline, settle, shareAmong, votesAre } from '../support/real-group.ts';
import { TwoNetworks } from '../support/two-networks.ts';

const AGAIN_MS = 5_000;

let ground = new Playground();
let networks = new TwoNetworks();

afterEach(async () => {
  await ground.end();
  networks.end();
  ground = new Playground();
  networks = new TwoNetworks();
});

describe('two machines on a network of their own', () => {
  it('find each other by multicast, and again within 5 s after both addresses changed', {
    timeout: 120_000,
  }, async () => {
    const [here, there] = await networks.start();
    here.address('10.77.0.1/24');
    there.address('10.77.0.2/24');
    const at = (name: string, launcher: readonly string[]): RealEngine =>
      ground.engine(name, ['--no-dht'], { launcher, listen: null });
    const one = await at('Studio', here.launcher).start();
    const two = await at('Laptop', there.launcher).start();
    await one.run('create-group', 'Home');
    await two.joinVia(one);
    await allOnline(one, 2);
    await votesAre(one, [2, 1]);
    const { places } = await shareAmong(ground, [one, two], 'Work');
    const [work, copy] = places as [string, string];
    await settle(one, two);
    for (const [round, net] of ['10.77.5', '192.168.77'].entries()) {
      here.address(`${net}.1/24`);
      there.address(`${net}.2/24`);
      const changed = performance.now();
      writeFileSync(join(work, `round ${round}.txt`), `over ${net}`);
      // What was connected before cannot carry this: its addresses are gone.
      await eventually('it arrives', async () => existsSync(join(copy, `round ${round}.txt`)), AGAIN_MS);
      expect(performance.now() - changed).toBeLessThan(AGAIN_MS);
    }
    await allOnline(two, 2);
    const devices = await one.run<{ self: boolean; link: { kind: string } | null }[]>('devices');
    expect(devices.find(({ self }) => !self)?.link?.kind).toBe('lan');
  });
});
