import type { applyOperation } from '../../electron/engine/folder/apply.ts';
import type { createStaging } from '../../electron/engine/folder/staging.ts';
import type { createVersionStore } from '../../electron/engine/folder/versions.ts';
import type { Job } from '../../electron/engine/jobs/job.ts';
import type { sameMark } from '../../electron/engine/reconcile/compare.ts';
import type { decide } from '../../electron/engine/reconcile/decide.ts';
import type { standingValues } from '../../electron/engine/reconcile/entry-set.ts';
import type { familyTree } from '../../electron/engine/reconcile/remote-family.ts';

/** Where the data layer decides: what other modules call of the modules that a test puts mutants in the place of. */
export interface Decisions {
  readonly decide: typeof decide;
  readonly applyOperation: typeof applyOperation;
  readonly createVersionStore: typeof createVersionStore;
  readonly familyTree: typeof familyTree;
  readonly standingValues: typeof standingValues;
  readonly sameMark: typeof sameMark;
  readonly createStaging: typeof createStaging;
  readonly writeWhole: Job<'writeWhole'>;
}

/** A data layer with one decision taken wrongly on purpose. */
export type FileMutant = { readonly [Name in keyof Decisions]?: (honest: Decisions[Name]) => Decisions[Name] };
