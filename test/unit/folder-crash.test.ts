import { expect, test } from 'vitest';
import { APPLY_SCENARIOS, type ApplyScenario, beginScenario } from '../support/apply-scenarios.ts';
import { contentsBelow, snapshot } from '../support/disk-snapshot.ts';
import { createFolderWorld, untilQuiet } from '../support/folder-world.ts';

for (const scenario of APPLY_SCENARIOS) {
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
async function crashAt(scenario: ApplyScenario, step: number): Promise<boolean> {
  const world = await createFolderWorld(2);
  try {
    const { one, two, written } = await beginScenario(world, scenario);
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
