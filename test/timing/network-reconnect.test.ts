import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../electron/engine/bytes/hex.ts';
import { keyPairFromSeed } from '../../electron/engine/bytes/signature.ts';
import { type BootstrapNode, startBootstrap } from '../../electron/engine/network/bootstrap-node.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { type BundledProgram, bundleProgram } from '../support/bundled-process.ts';
import type { ChildSetup } from '../support/network-child.ts';
import { NetworkWorld, TEST_GROUP, type TestDevice } from '../support/network-harness.ts';

/** Connected again within this time of being able to. */
const AGAIN_MS = 5_000;
/** Longer than a link lives in silence. */
const STOPPED_MS = 6_000;

let program: BundledProgram;
beforeAll(async () => {
  program = await bundleProgram('test/support/network-child.ts');
});
afterAll(() => program.remove());

describe.each(['lan', 'dht'] as const)('PA links over %s', (way) => {
  let world: NetworkWorld;
  let bootstrap: BootstrapNode | null;
  let here: TestDevice;
  let child: ChildProcess | null;
  let starts: number;
  let seed: Buffer;
  let there: DeviceId;

  beforeEach(async () => {
    bootstrap = way === 'dht' ? await startBootstrap({ host: '127.0.0.1', port: 0 }) : null;
    world = new NetworkWorld();
    seed = randomBytes(32);
    there = toHex(keyPairFromSeed(seed).publicKey) as DeviceId;
    world.members.add(there);
    starts = 0;
    const network = {
      lan: way === 'lan',
      dht: way === 'dht',
      bootstrap: bootstrap === null ? null : [bootstrap.address],
    };
    here = await world.device({ network });
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await world.close();
    await bootstrap?.close();
  });

  function start(): ChildProcess {
    starts += 1;
    const setup: ChildSetup = {
      seed: seed.toString('hex'),
      group: TEST_GROUP,
      start: starts,
      members: [here.id],
      lan: way === 'lan',
      bootstrap: bootstrap?.address ?? null,
    };
    return program.start(JSON.stringify(setup));
  }

  const ups = (): number => here.events.filter(({ type }) => type === 'up').length;
  const connected = (): boolean => here.network.connected().some(({ device }) => device === there);

  /** Resolves when an echo comes back over the link. */
  async function echoes(): Promise<void> {
    const word = randomBytes(16);
    const isBack = (): boolean => here.received('metadata').some((bytes) => word.equals(bytes));
    await expect
      .poll(
        () => {
          here.network.send(there, 'metadata', new Uint8Array(word));
          return isBack();
        },
        { timeout: AGAIN_MS, interval: 20 },
      )
      .toBe(true);
  }

  it('PA-12 are there again after a crash and an immediate restart', async () => {
    child = start();
    await expect.poll(connected, { timeout: 10_000 }).toBe(true);
    await echoes();
    for (let round = 0; round < 2; round += 1) {
      const before = ups();
      child.kill('SIGKILL');
      child = start();
      const began = performance.now();
      await new Promise((resolve) => child?.once('message', resolve));
      await expect.poll(() => ups() > before && connected(), { timeout: AGAIN_MS, interval: 10 }).toBe(true);
      await echoes();
      expect(performance.now() - began).toBeLessThan(AGAIN_MS + 1_000);
    }
  });

  it('PA-13 are there again after one side was stopped', async () => {
    child = start();
    await expect.poll(connected, { timeout: 10_000 }).toBe(true);
    child.kill('SIGSTOP');
    await expect.poll(connected, { timeout: 4_000, interval: 10 }).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, STOPPED_MS));
    child.kill('SIGCONT');
    await expect.poll(connected, { timeout: AGAIN_MS, interval: 10 }).toBe(true);
    await echoes();
  });
});
