/** What is wrong until someone does something: of the engine, of devices, of folders and of paths. Pure. */

import type { ErrorCode } from '../../../shared/errors.ts';
import { named, plural } from '../../../shared/model/amounts.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import { sentenceOf } from '../../text/errors.ts';
import type { ErrorSentence } from '../../text/sentence.ts';

/** A button for what helps. */
export type Help =
  | { readonly kind: 'folder'; readonly folder: string; readonly words: string }
  | { readonly kind: 'rescan'; readonly folder: string }
  | { readonly kind: 'none' };

export interface ProblemRow {
  readonly key: string;
  readonly tone: 'needsYou' | 'halted';
  readonly title: string;
  readonly path: string | null;
  readonly sentence: ErrorSentence;
  readonly help: Help;
}

const pathProblems = (folder: Folder): readonly ProblemRow[] =>
  folder.problems.map((problem) => ({
    key: `${folder.id}/${problem.path}/${problem.code}`,
    tone: 'needsYou',
    title: named(folder.name),
    path: problem.path,
    sentence: sentenceOf(problem.code),
    help: { kind: 'rescan', folder: folder.id },
  }));

const haltOf = (folder: Folder): ProblemRow | null =>
  folder.state === 'halted'
    ? {
        key: `${folder.id}/halt`,
        tone: 'halted',
        title: named(folder.name),
        path: folder.halt?.path ?? folder.path,
        sentence: sentenceOf(folder.halt?.code ?? 'folder-halted'),
        help: { kind: 'folder', folder: folder.id, words: 'Choose what to do' },
      }
    : null;

const who = (state: AppState, id: string | null, code: ErrorCode): string => {
  const device = id === null ? null : state.devices.find((one) => one.id === id);
  if (!device || device.self) return 'This computer';
  return code === 'disk-full' ? `The disk of ${named(device.name)}` : named(device.name);
};

/** Halts first, then the engine's and the devices' problems, then paths. */
export const problemsView = (state: AppState): readonly ProblemRow[] => {
  const halts = state.folders.map(haltOf).filter((row): row is ProblemRow => row !== null);
  const engine = state.problems.map(
    (problem): ProblemRow => ({
      key: problem.id,
      tone: 'needsYou',
      title: who(state, problem.device, problem.code),
      path: problem.path,
      sentence: sentenceOf(problem.code),
      help: { kind: 'none' },
    }),
  );
  return [...halts, ...engine, ...state.folders.flatMap(pathProblems)];
};

/** How many problems are not listed one by one. */
export const unlisted = (state: AppState): string | null => {
  const more = state.folders.reduce((sum, folder) => sum + folder.problemCount - folder.problems.length, 0);
  return more > 0 ? `and ${plural(more, 'more path')} with problems` : null;
};
