import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contentsBelow, snapshot } from '../support/disk-snapshot.ts';
import { createFolderWorld, type TestDevice, untilQuiet } from '../support/folder-world.ts';

/** One change elsewhere (and, for conflicts, here), in which the receiver may crash anywhere. */
interface Scenario {
  readonly name: string;
  readonly base: (one: TestDevice) => void;
  readonly there: (one: TestDevice) => void;
  readonly here?: (two: TestDevice) => void;
  readonly readOnly?: boolean;
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a file and a directory are created',
    base: () => undefined,
    there: (one) => {
      mkdirSync(one.at('d'));
      writeFileSync(one.at('d/new'), 'new');
    },
  },
  {
    name: 'a file is replaced',
    base: (one) => writeFileSync(one.at('a'), 'old'),
    there: (one) => writeFileSync(one.at('a'), 'replaced'),
  },
  {
    name: 'a file is removed',
    base: (one) => {
      mkdirSync(one.at('d'));
      writeFileSync(one.at('d/a'), 'removed');
    },
    there: (one) => rmSync(one.at('d'), { recursive: true }),
  },
  {
    name: 'a file is moved',
    base: (one) => writeFileSync(one.at('a'), 'moved'),
    there: (one) => {
      mkdirSync(one.at('d'));
      renameSync(one.at('a'), one.at('d/b'));
    },
  },
  {
    name: 'a file becomes a directory and a directory a file',
    base: (one) => {
      writeFileSync(one.at('f'), 'was a file');
      mkdirSync(one.at('d'));
      writeFileSync(one.at('d/x'), 'was inside');
    },
    there: (one) => {
      rmSync(one.at('f'));
      mkdirSync(one.at('f'));
      writeFileSync(one.at('f/y'), 'is inside');
      rmSync(one.at('d'), { recursive: true });
      writeFileSync(one.at('d'), 'is a file');
    },
  },
  {
    name: 'a link takes the place of a file, and times change',
    base: (one) => {
      writeFileSync(one.at('l'), 'was a file');
      writeFileSync(one.at('t'), 'times');
    },
    there: (one) => {
      rmSync(one.at('l'));
      symlinkSync('t', one.at('l'));
      utimesSync(one.at('t'), 1_400_000_000, 1_400_000_000);
    },
  },
  {
    name: 'both change a file',
    base: (one) => writeFileSync(one.at('a.txt'), 'base'),
    there: (one) => writeFileSync(one.at('a.txt'), 'from there'),
    here: (two) => writeFileSync(two.at('a.txt'), 'from here, longer'),
  },
  {
    name: 'a file is changed here and becomes a directory there',
    base: (one) => writeFileSync(one.at('a.txt'), 'base'),
    there: (one) => {
      rmSync(one.at('a.txt'));
      mkdirSync(one.at('a.txt'));
    },
    here: (two) => writeFileSync(two.at('a.txt'), 'from here, longer'),
  },
  {
    name: 'without the right to write, both change a file',
    base: (one) => writeFileSync(one.at('a.txt'), 'base'),
    there: (one) => writeFileSync(one.at('a.txt'), 'from there'),
    here: (two) => writeFileSync(two.at('a.txt'), 'from here, longer'),
    readOnly: true,
  },
];

for (const scenario of SCENARIOS) {
  test(`RC6 nothing is lost by a crash at any step: ${scenario.name}`, { timeout: 60_000 }, async () => {
    let crashes = 0;
    for (let step = 1; ; step += 1) {
      const crashed = await crashAt(scenario, step);
      if (!crashed) break;
      crashes += 1;
      expect(step).toBeLessThan(80);
    }
    expect(crashes).toBeGreaterThan(3);
  });
}

/** Runs the scenario with a crash just before the receiver's `step`-th durable step; false: it has fewer. */
async function crashAt(scenario: Scenario, step: number): Promise<boolean> {
  const world = await createFolderWorld(2);
  try {
    const [one, two] = world.devices as [TestDevice, TestDevice];
    scenario.base(one);
    await world.settle();
    if (scenario.readOnly === true) {
      two.rights = { canWrite: () => false, isVoid: () => false };
      two.folder.rightsChanged();
    }
    two.folder.pause();
    scenario.there(one);
    await one.folder.flush();
    scenario.here?.(two);
    // What a person overwrote on every device is gone by their own will; all that is anywhere now must stay somewhere.
    const written = new Set([...contentsBelow(one.root), ...contentsBelow(two.root)]);
    world.indexes.deliver();
    two.fs.crashAt(step);
    two.folder.resume();
    for (let turn = 0; turn < 3 && !two.fs.crashed(); turn += 1) {
      two.folder.sourcesChanged();
      await untilQuiet(two.folder);
    }
    const crashed = two.fs.crashed();
    two.fs.crashAt(null);
    const errors = two.errors.splice(0);
    expect(errors.every((error) => (error as Error).name === 'SimulatedCrash')).toBe(true);
    await two.restart();
    await world.settle();
    const found = new Set([...contentsBelow(one.root), ...contentsBelow(two.root)]);
    for (const content of written) expect(found.has(content), `${content} after a crash at ${step}`).toBe(true);
    if (scenario.readOnly !== true) expect(snapshot(two.root), `crash at ${step}`).toEqual(snapshot(one.root));
    expect(two.folder.status()).toMatchObject({ state: { type: 'idle' }, needFiles: 0 });
    const listed = two.folder.allVersions().length;
    const files = two.fs.readDirectory(two.at('.flotilla/versions')).length;
    expect(files, `kept versions are all listed after a crash at ${step}`).toBe(listed);
    expect(two.errors).toEqual([]);
    return crashed;
  } finally {
    await world.close();
  }
}
