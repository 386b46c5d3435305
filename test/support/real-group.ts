import { mkdirSync } from 'node:fs';
import type { Folder } from '../../shared/model/folder.ts';
import { eventually, type Playground, type RealEngine } from './real-engine.ts';

/** Waits until the engine sees so many devices, all connected. */
export async function allOnline(engine: RealEngine, count: number, limitMs?: number): Promise<void> {
  await eventually(
    `${engine.name} sees ${count} devices`,
    async () => {
      const devices = await engine.state('devices');
      return devices.length === count && devices.every(({ online }) => online);
    },
    limitMs,
  );
}

/** The votes of each device that has any. */
export async function votes(engine: RealEngine): Promise<Record<string, number>> {
  const { electorate } = await engine.state('master');
  return Object.fromEntries(Object.entries(electorate).filter(([, weight]) => weight > 0));
}

/** Waits until the votes are spread so, in any order; `[2, 1]` for two devices. */
export async function votesAre(engine: RealEngine, wanted: readonly number[], limitMs?: number): Promise<void> {
  await eventually(
    `${engine.name} sees the votes ${wanted.join(', ')}`,
    async () => {
      const have = Object.values(await votes(engine)).sort((a, b) => b - a);
      return have.join() === wanted.join();
    },
    limitMs,
  );
}

/** A group of devices that all run, in the order of their names; the first made it. */
export async function groupOf(
  ground: Playground,
  names: readonly string[],
  options: readonly string[],
): Promise<readonly RealEngine[]> {
  const engines = await Promise.all(names.map((name) => ground.engine(name, options).start()));
  const [first, ...others] = engines as [RealEngine, ...RealEngine[]];
  await first.run('create-group', 'Home');
  for (const other of others) await other.joinVia(first);
  for (const engine of engines) await allOnline(engine, engines.length);
  const spread = engines.length === 1 ? [1] : engines.length === 2 ? [2, 1] : [1, 1, 1];
  await votesAre(first, spread);
  return engines;
}

/** Shares a new directory `NAME-of-DEVICE` of the first and has the others accept it; the places, in that order. */
export async function shareAmong(
  ground: Playground,
  engines: readonly RealEngine[],
  name: string,
  ...more: readonly string[]
): Promise<{ readonly folder: string; readonly places: readonly string[] }> {
  const places = engines.map((engine) => ground.path(`${name}-of-${engine.name}`));
  for (const place of places) mkdirSync(place);
  const [first, ...others] = engines as [RealEngine, ...RealEngine[]];
  const { folder } = await first.run<{ folder: string }>('share', places[0] ?? '', '--name', name, ...more);
  for (const [at, other] of others.entries()) {
    await eventually('the folder is offered', async () => (await foldersOf(other)).some(({ id }) => id === folder));
    await other.run('accept', folder, places[at + 1] ?? '');
  }
  return { folder, places };
}

/** The folders as the engine lists them. */
export async function foldersOf(engine: RealEngine): Promise<readonly Folder[]> {
  return await engine.state('folders');
}

/** The one folder of that id, or null. */
export async function folderOf(engine: RealEngine, id: string): Promise<Folder | null> {
  return (await foldersOf(engine)).find((folder) => folder.id === id) ?? null;
}

/** Waits until all have taken in what is on their disks and have the same. */
export async function settle(...engines: readonly RealEngine[]): Promise<void> {
  for (const engine of engines) {
    const { engine: asked } = await engine.client();
    await asked.waitIdle({ folder: null, timeoutMs: 90_000 });
  }
}
