import { describe, expect, it, vi } from 'vitest';
import type { Decisions, FileMutant } from './file-mutant.ts';
import { runHistory } from './histories.ts';
import { FilesLost } from './histories-check.ts';
import type { FateKind } from './histories-fate.ts';
import { FILE_MUTANTS, NEEDED_FATES } from './histories-mutants.ts';

/** A wrong decision must show within so many seeds. */
const MUTANT_SEEDS = 40;

const seams = vi.hoisted(() => {
  let mutant: FileMutant | null = null;
  return {
    put(next: FileMutant | null): void {
      mutant = next;
    },
    /** The decision as the mutant takes it, where there is one that takes it. */
    through<Name extends keyof Decisions>(name: Name, honest: Decisions[Name]): Decisions[Name] {
      const decision = (...args: unknown[]): unknown => {
        const taken = (mutant?.[name]?.(honest) ?? honest) as (...args: unknown[]) => unknown;
        return taken(...args);
      };
      return decision as Decisions[Name];
    },
  };
});

vi.mock('../../electron/engine/reconcile/decide.ts', async (importHonest) => {
  const honest = await importHonest<typeof import('../../electron/engine/reconcile/decide.ts')>();
  return { ...honest, decide: seams.through('decide', honest.decide) };
});
vi.mock('../../electron/engine/folder/apply.ts', async (importHonest) => {
  const honest = await importHonest<typeof import('../../electron/engine/folder/apply.ts')>();
  return { ...honest, applyOperation: seams.through('applyOperation', honest.applyOperation) };
});
vi.mock('../../electron/engine/folder/versions.ts', async (importHonest) => {
  const honest = await importHonest<typeof import('../../electron/engine/folder/versions.ts')>();
  return { ...honest, createVersionStore: seams.through('createVersionStore', honest.createVersionStore) };
});
vi.mock('../../electron/engine/reconcile/remote-family.ts', async (importHonest) => {
  const honest = await importHonest<typeof import('../../electron/engine/reconcile/remote-family.ts')>();
  return { ...honest, familyTree: seams.through('familyTree', honest.familyTree) };
});
vi.mock('../../electron/engine/reconcile/entry-set.ts', async (importHonest) => {
  const honest = await importHonest<typeof import('../../electron/engine/reconcile/entry-set.ts')>();
  return { ...honest, standingValues: seams.through('standingValues', honest.standingValues) };
});

vi.mock('../../electron/engine/reconcile/compare.ts', async (importHonest) => {
  const honest = await importHonest<typeof import('../../electron/engine/reconcile/compare.ts')>();
  return { ...honest, sameMark: seams.through('sameMark', honest.sameMark) };
});
vi.mock('../../electron/engine/folder/staging.ts', async (importHonest) => {
  const honest = await importHonest<typeof import('../../electron/engine/folder/staging.ts')>();
  return { ...honest, createStaging: seams.through('createStaging', honest.createStaging) };
});
vi.mock('../../electron/engine/jobs/whole-files.ts', async (importHonest) => {
  const honest = await importHonest<typeof import('../../electron/engine/jobs/whole-files.ts')>();
  return { ...honest, writeWhole: seams.through('writeWhole', honest.writeWhole) };
});

describe('the checker of the histories finds a decision that is wrong on purpose', () => {
  for (const [name, mutant] of Object.entries(FILE_MUTANTS)) {
    it(`${name}, within ${MUTANT_SEEDS} seeds`, async () => {
      expect(await firstLoss(mutant, NEEDED_FATES[name] ?? null)).not.toBeNull();
    });
  }
});

async function firstLoss(mutant: FileMutant, fate: FateKind | null): Promise<string | null> {
  seams.put(mutant);
  try {
    for (let seed = 1; seed <= MUTANT_SEEDS; seed += 1) {
      try {
        await runHistory(seed, { fate });
      } catch (error) {
        const cause = error instanceof Error ? error.cause : error;
        if (cause instanceof FilesLost) return `seed ${seed}: ${cause.message.split('\n')[0]}`;
      }
    }
    return null;
  } finally {
    seams.put(null);
  }
}
