import type { FileMutant } from './file-mutant.ts';
import type { FateKind } from './histories-fate.ts';
import * as files from './mutants-of-files.ts';
import * as index from './mutants-of-index.ts';
import * as planning from './mutants-of-planning.ts';

/** The checker of the histories must find each. */
export const FILE_MUTANTS: Readonly<Record<string, FileMutant>> = { ...planning, ...files, ...index };

/** What only a fate can show. */
export const NEEDED_FATES: Readonly<Record<string, FateKind>> = {
  overlooksTheEnd: 'losesAndRegainsRight',
  agreesOnWhatItNeverKnew: 'losesAndRegainsRight',
  restoresNothing: 'losesRight',
};
