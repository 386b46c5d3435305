import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../electron/cli/connect.ts';
import { eventually, Playground, type RealEngine } from '../support/real-engine.ts';
import { groupOf, settle, shareAmong, votes } from '../support/real-group.ts';
import { treeOnDisk } from '../support/tree-on-disk.ts';

let ground = new Playground();
const endings: (() => void)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0)) end();
  await ground.end();
  ground = new Playground();
});

const SAVE_EVERY_MS = 100;
const MIB = 1024 * 1024;

/** Saves a new file every 100 ms, and notes when each was there at the other place; milliseconds of `performance.now`. */
class Saves {
  readonly made: number[] = [];
  readonly arrived: (number | undefined)[] = [];
  readonly #from: string;
  readonly #to: string;
  readonly #saving: NodeJS.Timeout;
  readonly #looking: NodeJS.Timeout;

  constructor(from: string, to: string) {
    this.#from = from;
    this.#to = to;
    this.#saving = setInterval(() => this.save(), SAVE_EVERY_MS);
    this.#looking = setInterval(() => this.#look(), 5);
    endings.push(() => this.#stop());
  }

  save(): void {
    const at = this.made.length;
    writeFileSync(join(this.#from, `save ${at}.txt`), `save ${at}`);
    this.made.push(performance.now());
  }

  /** Saves no more, and waits until all have arrived. */
  async end(): Promise<void> {
    clearInterval(this.#saving);
    await eventually('all saves have arrived', async () => this.made.every((_, at) => this.arrived[at] !== undefined));
    this.#stop();
  }

  /** How long each save took that was on its way at some time in between. */
  waits(from: number, to: number): readonly number[] {
    return this.made.flatMap((made, at) => {
      const arrived = this.arrived[at] ?? Number.POSITIVE_INFINITY;
      return made < to && arrived > from ? [arrived - made] : [];
    });
  }

  #stop(): void {
    clearInterval(this.#saving);
    clearInterval(this.#looking);
  }

  #look(): void {
    for (const at of this.made.keys()) {
      if (this.arrived[at] === undefined && existsSync(join(this.#to, `save ${at}.txt`))) {
        this.arrived[at] = performance.now();
      }
    }
  }
}

/** The engine that is master, and the others. */
async function byRole(engines: readonly RealEngine[]): Promise<{ master: RealEngine; others: readonly RealEngine[] }> {
  const { master } = await (engines[0] as RealEngine).state('master');
  const found = engines.find(({ device }) => device === master) as RealEngine;
  return { master: found, others: engines.filter((engine) => engine !== found) };
}

/** Waits until the engine knows a master other than that one, and gives the time. */
async function elected(client: Connection['client'], before: RealEngine, meanwhile: () => Promise<void>) {
  return await eventually('another is master', async () => {
    await meanwhile();
    const { master, quorate } = await client.master.status();
    return master !== null && master !== before.device && quorate ? performance.now() : null;
  });
}

describe('while the master of three devices is gone', () => {
  it('kill -9 stops neither saves nor a transfer between the others', { timeout: 180_000 }, async () => {
    const engines = await groupOf(ground, ['Studio', 'Laptop', 'Pi'], ['--no-dht']);
    const { master, others } = await byRole(engines);
    const [sender, receiver] = others as [RealEngine, RealEngine];
    const { folder, places } = await shareAmong(ground, others, 'Work');
    const [from, to] = places as [string, string];
    await settle(sender, receiver);
    const [here, there] = [await sender.client(), await receiver.client()];
    const missing = async (): Promise<number> =>
      (await there.folders.list()).find(({ id }) => id === folder)?.needBytes ?? 0;

    const begun = performance.now();
    const saves = new Saves(from, to);
    writeFileSync(join(from, 'large.bin'), randomBytes(256 * MIB));
    await eventually('the transfer runs', async () => {
      const bytes = await missing();
      return bytes > 64 * MIB && bytes < 255 * MIB;
    });
    const [before] = await Promise.all([missing(), master.kill()]);
    const killed = performance.now();
    let last = before;
    const again = await elected(here, master, async () => {
      last = await missing();
    });
    const photos = ground.path('photos');
    mkdirSync(photos);
    expect((await here.folders.share({ path: photos })).state).toBe('committed');
    expect(last, 'bytes to come when the new master was there').toBeLessThan(before);

    await saves.end();
    const usual = Math.max(...saves.waits(begun, killed));
    const longest = Math.max(...saves.waits(killed, again));
    expect(longest, `longest of the saves before: ${usual} ms`).toBeLessThan(Math.max(1_000, 2 * usual));
    await settle(sender, receiver);
    expect(treeOnDisk(to)).toEqual(treeOnDisk(from));
  });

  it('SIGSTOP holds up no save: they arrive before another is elected', { timeout: 120_000 }, async () => {
    const engines = await groupOf(ground, ['Studio', 'Laptop', 'Pi'], ['--no-dht']);
    const { master, others } = await byRole(engines);
    const { places } = await shareAmong(ground, others, 'Work');
    const [from, to] = places as [string, string];
    await settle(...others);
    const here = await (others[0] as RealEngine).client();
    const saves = new Saves(from, to);
    await eventually('the first save has arrived', async () => saves.arrived[0] !== undefined);
    const stopped = performance.now();
    master.signal('SIGSTOP');
    const again = await elected(here, master, async () => undefined);
    await saves.end();
    const inBetween = saves.made.filter((made, at) => made > stopped && (saves.arrived[at] ?? again) < again);
    expect(inBetween.length).toBeGreaterThan(0);
    master.signal('SIGCONT');
    await eventually('the old master follows', async () => {
      const [one, other] = await Promise.all([master, ...others].slice(0, 2).map((engine) => engine.state('master')));
      return one?.master === other?.master && one?.state !== 'master';
    });
  });
});

describe('while there is no majority', () => {
  it('the others go on syncing, and what needs a master waits', { timeout: 180_000 }, async () => {
    const engines = await groupOf(ground, ['Studio', 'Laptop', 'Pi', 'Tower'], ['--no-dht']);
    const voting = await votes(engines[0] as RealEngine);
    const voters = engines.filter(({ device }) => voting[device] === 1);
    const observer = engines.find(({ device }) => voting[device] === undefined) as RealEngine;
    expect(voters).toHaveLength(3);
    const left = voters[2] as RealEngine;
    const { places } = await shareAmong(ground, [left, observer], 'Work');
    const [from, to] = places as [string, string];
    await settle(left, observer);
    await Promise.all([voters[0]?.kill(), voters[1]?.kill()]);
    await eventually('no decision can be made', async () => !(await left.state('master')).quorate);
    const saves = new Saves(from, to);
    await eventually('20 saves', async () => saves.made.length >= 20);
    await saves.end();
    writeFileSync(join(to, 'back.txt'), 'the other way');
    await settle(observer, left);
    expect(treeOnDisk(from)).toEqual(treeOnDisk(to));
    const photos = ground.path('photos');
    mkdirSync(photos);
    expect((await left.run('share', photos)).state).toBe('waiting');
    expect((await left.state('master')).quorate).toBe(false);
    await voters[1]?.start();
    await eventually('it goes through', async () => (await left.state('waiting')).length === 0);
  });
});
