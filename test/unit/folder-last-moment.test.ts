import { existsSync, lstatSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { APPLY_SCENARIOS, type ApplyScenario, beginScenario } from '../support/apply-scenarios.ts';
import { isDiskProbe } from '../support/disk-probe.ts';
import { contentsBelow, snapshot } from '../support/disk-snapshot.ts';
import { createFolderWorld, type TestDevice, untilQuiet } from '../support/folder-world.ts';

/** A person who saves at the last moment. */
interface Save {
  readonly path: string;
  readonly how: 'in place' | 'by rename';
  /** Whether the receiver's disk can give a file a second name. */
  readonly links: boolean;
}

// Each step of each scenario is its own small world: a disk in memory is enough, and waits for nothing.
if (existsSync('/dev/shm')) process.env.TMPDIR = '/dev/shm';

const SAVED = 'saved at the very last moment';

for (const scenario of APPLY_SCENARIOS) {
  for (const links of [true, false]) {
    const disk = links ? '' : ' on a disk without hard links';
    test(`RC6 nothing that a person saves at any step is lost: ${scenario.name}${disk}`, {
      timeout: 120_000,
    }, async () => {
      for (const path of scenario.saves) {
        for (const how of ['in place', 'by rename'] as const) {
          for (let call = 1; ; call += 1) if (!(await saveAt(scenario, call, { path, how, links }))) break;
        }
      }
    });
  }
}

/** Runs the scenario with a save just before the receiver's `wanted`-th call; false: it makes fewer. */
async function saveAt(scenario: ApplyScenario, wanted: number, save: Save): Promise<boolean> {
  const world = await createFolderWorld(2);
  try {
    const { one, two, written } = await beginScenario(world, scenario);
    let calls = 0;
    let begun = false;
    let saved = '';
    two.fs.failWhere((call, path, to) => {
      // Before its first step the receiver only looks: what is saved then is an edit like any other.
      begun ||= isStep(two, call, path, to);
      if (begun && concerns(two, save, call, path, to) && !isUnguarded(two, call, to, save)) {
        calls += 1;
        if (calls === wanted) {
          const before = savedOver(two, save);
          if (before !== null) {
            saved = `${save.how} at ${save.path}, ${save.links ? 'with' : 'without'} links, before ${wanted}: ${call} ${path} ${to}`;
            written.delete(before);
            written.add(SAVED);
          }
        }
      }
      return !save.links && call === 'link' ? 'EPERM' : null;
    });
    two.folder.resume();
    for (let turn = 0; turn < 3; turn += 1) {
      two.folder.sourcesChanged();
      await untilQuiet(two.folder);
    }
    const reached = calls >= wanted;
    // What failed is tried again a little later.
    for (let turn = 0; turn < 50 && !isAtRest(scenario, one, two); turn += 1) await world.settle();
    const found = new Set([...contentsBelow(one.root), ...contentsBelow(two.root)]);
    for (const content of written) expect(found.has(content), `${content} after a save ${saved}`).toBe(true);
    if (scenario.readOnly !== true) expect(snapshot(two.root), saved).toEqual(snapshot(one.root));
    expect(two.folder.status(), saved).toMatchObject({ state: { type: 'idle' }, needFiles: 0 });
    const files = two.fs.readDirectory(two.at('.flotilla/versions')).length;
    expect(files, `kept versions are all listed after a save ${saved}`).toBe(two.folder.allVersions().length);
    expect([...one.errors, ...two.errors]).toEqual([]);
    return reached;
  } finally {
    await world.close();
  }
}

function isAtRest({ readOnly }: ApplyScenario, one: TestDevice, two: TestDevice): boolean {
  if (two.folder.status().state.type !== 'idle' || two.folder.status().needFiles > 0) return false;
  return readOnly === true || isDeepStrictEqual(snapshot(one.root), snapshot(two.root));
}

function isStep(two: TestDevice, call: string, path: string, to: string): boolean {
  if (['lstat', ...LOOKS].includes(call))
    return call === 'lstat' && path.startsWith(two.at('.flotilla/tmp/')) && !isDiskProbe(path);
  return !isDiskProbe(path) && !isDiskProbe(to);
}

const LOOKS = ['readDirectory', 'readLink', 'readSmall', 'space', 'realPath', 'flushDirectory'];

/** Calls between which it matters that someone is quicker: those at the path itself and in `.flotilla`. */
function concerns(two: TestDevice, save: Save, call: string, path: string, to: string): boolean {
  if (LOOKS.includes(call)) return false;
  return [path, to].some((at) => {
    if (isDiskProbe(at)) return false;
    if (at.startsWith(two.at('.flotilla/'))) return call !== 'lstat';
    return at === two.at(save.path) || (at.startsWith(two.root) && at.includes('(conflict'));
  });
}

/**
 * What no call of Node can guard: the moment between the last look at a name and the rename that takes its place. With
 * links what is written in place even then has its other name.
 */
function isUnguarded(two: TestDevice, call: string, to: string, save: Save): boolean {
  return call === 'rename' && to === two.at(save.path) && (save.how === 'by rename' || !save.links);
}

/** Saves as an editor does; gives the content that the person saved over, null where they could not. */
function savedOver(two: TestDevice, { path, how }: Save): string | null {
  const at = two.at(path);
  const there = lstatSync(at, { throwIfNoEntry: false });
  const before = there?.isFile() ? readFileSync(at, 'latin1') : '';
  try {
    if (how === 'in place') writeFileSync(at, SAVED);
    else {
      const fresh = join(dirname(two.root), `${basename(path)}.swp`);
      writeFileSync(fresh, SAVED);
      renameSync(fresh, at);
    }
    return before;
  } catch {
    return null;
  }
}
