/** What is wrong until someone does something: of the engine, of devices, of folders and of paths. Pure. */

import type { ErrorCode } from '../../../shared/errors.ts';
import { named, plural } from '../../../shared/model/amounts.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Folder, Holder } from '../../../shared/model/folder.ts';
import { needsSomeone } from '../../../shared/model/notes.ts';
import type { EngineProblem } from '../../../shared/model/problem.ts';
import { diskFullWords } from '../../../shared/text/disk-full.ts';
import { sentenceOf } from '../../../shared/text/error-sentences.ts';
import type { ErrorSentence } from '../../../shared/text/sentence.ts';

/** A button for what helps. */
export type Help =
  | { readonly kind: 'folder'; readonly folder: string; readonly words: string }
  | { readonly kind: 'settings' }
  | { readonly kind: 'rescan'; readonly folder: string }
  | { readonly kind: 'leave' }
  /** The folder as a whole can't work: it begins anew. */
  | { readonly kind: 'retry'; readonly folder: string }
  | { readonly kind: 'throwMineAway'; readonly folder: string; readonly path: string }
  /** A change that was refused: its author has read it. */
  | { readonly kind: 'dismiss'; readonly problem: string }
  /** Only where the interface is a window of the desktop. */
  | { readonly kind: 'show'; readonly path: string };

export interface ProblemRow {
  readonly key: string;
  /** quiet: only told; nobody has to do anything. */
  readonly tone: 'quiet' | 'needsYou' | 'halted';
  readonly title: string;
  readonly path: string | null;
  readonly sentence: ErrorSentence;
  readonly help: readonly Help[];
}

type PathHelp = 'rescan' | 'show' | 'throwMineAway';

/** What helps against a problem at a path of this computer; where nothing is named it is mended elsewhere, or not at all. */
const PATH_HELP: Partial<Record<ErrorCode, readonly PathHelp[]>> = {
  'no-right-to-write': ['throwMineAway'],
  'path-not-readable': ['show', 'rescan'],
  'path-not-writable': ['show', 'rescan'],
  'path-in-use': ['show', 'rescan'],
  'name-not-utf8': ['show'],
  'name-collision': ['show'],
  'nested-folder': ['show'],
  'file-kind-unsupported': ['show'],
  'disk-full': ['rescan'],
  'io-error': ['rescan'],
  'directory-not-empty': ['show', 'rescan'],
};

const toneOf = (code: ErrorCode): 'quiet' | 'needsYou' => (needsSomeone(code) ? 'needsYou' : 'quiet');

const helpOf = (folder: Folder, path: string, code: ErrorCode): readonly Help[] => {
  if (folder.state === 'error' && path === '') return [{ kind: 'retry', folder: folder.id }];
  return (PATH_HELP[code] ?? []).map((kind): Help => {
    if (kind === 'rescan') return { kind, folder: folder.id };
    return kind === 'show' ? { kind, path: `${folder.path}/${path}` } : { kind, folder: folder.id, path };
  });
};

const fullDisk = (whose: string, holder: Holder): ErrorSentence => ({
  ...sentenceOf('disk-full'),
  what: `${diskFullWords(whose, holder)}.`,
});

const pathProblems =
  (self: string | undefined) =>
  (folder: Folder): readonly ProblemRow[] =>
    folder.problems.map((problem) => {
      const here = folder.holders.find(({ device }) => device === self);
      const isFull = problem.code === 'disk-full';
      return {
        key: `${folder.id}/${problem.path}/${problem.code}`,
        tone: toneOf(problem.code),
        title: named(folder.name),
        // A full disk is about no single file of those that wait for room.
        path: problem.path === '' || isFull ? folder.path : problem.path,
        sentence: isFull && here ? fullDisk('this computer', here) : sentenceOf(problem.code),
        help: helpOf(folder, problem.path, problem.code),
      };
    });

/** What someone has to mend at another device, and is told of here. */
const fullElsewhere = (state: AppState): readonly ProblemRow[] =>
  state.folders.flatMap((folder) =>
    folder.holders.flatMap((holder): readonly ProblemRow[] => {
      const device = state.devices.find(({ id }) => id === holder.device);
      if (holder.diskFull === null || !device?.online || device.self) return [];
      const key = `${folder.id}/${device.id}/disk-full`;
      const sentence = fullDisk(named(device.name), holder);
      return [{ key, tone: 'quiet', title: named(folder.name), path: null, sentence, help: [] }];
    }),
  );

const haltOf = (folder: Folder): ProblemRow | null =>
  folder.state === 'halted'
    ? {
        key: `${folder.id}/halt`,
        tone: 'halted',
        title: named(folder.name),
        path: folder.halt?.path ?? folder.path,
        sentence: sentenceOf(folder.halt?.code ?? 'folder-halted'),
        help: [{ kind: 'folder', folder: folder.id, words: 'Choose what to do' }],
      }
    : null;

const who = (state: AppState, id: string | null): string => {
  const device = id === null ? null : state.devices.find((one) => one.id === id);
  return !device || device.self ? 'This computer' : named(device.name);
};

/** Problems of the engine that a setting of this computer mends. */
const IN_SETTINGS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'settings-damaged',
  'address-in-use',
  'address-not-usable',
]);

const engineHelp = ({ id, code, about }: EngineProblem): readonly Help[] => {
  if (about !== undefined) return [{ kind: 'dismiss', problem: id }];
  if (code === 'removed-from-group') return [{ kind: 'leave' }];
  return IN_SETTINGS.has(code) ? [{ kind: 'settings' }] : [];
};

const ORDER = { halted: 0, needsYou: 1, quiet: 2 } as const;

/** Halts first, then the engine's and the devices' problems, then paths; last what nobody has to do anything about. */
export const problemsView = (state: AppState): readonly ProblemRow[] => {
  const halts = state.folders.map(haltOf).filter((row): row is ProblemRow => row !== null);
  const engine = state.problems.map(
    (problem): ProblemRow => ({
      key: problem.id,
      tone: toneOf(problem.code),
      title: problem.about === undefined ? who(state, problem.device) : `${problem.about}: refused`,
      path: problem.path,
      sentence: sentenceOf(problem.code),
      help: engineHelp(problem),
    }),
  );
  const self = state.devices.find((device) => device.self)?.id;
  const rows = [...halts, ...engine, ...state.folders.flatMap(pathProblems(self)), ...fullElsewhere(state)];
  return rows.sort((left, right) => ORDER[left.tone] - ORDER[right.tone]);
};

/** How many problems are not listed one by one. */
export const unlisted = (state: AppState): string | null => {
  const more = state.folders.reduce((sum, folder) => sum + folder.problemCount - folder.problems.length, 0);
  return more > 0 ? `and ${plural(more, 'more path')} with problems` : null;
};
