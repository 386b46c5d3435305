/** What a folder that has stopped asks, case by case. Pure. */
import type { Folder } from '../../../shared/model/folder.ts';

type HaltCode = NonNullable<Folder['halt']>['code'];

/** resume: look again · moved: it lies elsewhere now · startOver: what is there counts as new · stop: give it up here. */
export type HaltAnswerKind = 'resume' | 'moved' | 'startOver' | 'stop';

export interface HaltAnswer {
  readonly kind: HaltAnswerKind;
  readonly words: string;
  /** What it does to files. */
  readonly effect: string;
  /** The words on the button once it is chosen. */
  readonly verb: string;
}

/** The answers that the engine takes in this case, the likeliest first. */
export interface HaltView {
  readonly hint: string;
  readonly answers: readonly [HaltAnswer, ...HaltAnswer[]];
}

const again = (words: string, effect: string): HaltAnswer => ({ kind: 'resume', words, effect, verb: 'Look again' });

const MOVED: HaltAnswer = {
  kind: 'moved',
  words: 'It lies somewhere else now',
  effect: 'You say where. No file is copied or deleted; what changed meanwhile counts as changed here.',
  verb: 'Choose where…',
};

const startOver = (words: string, effect: string): HaltAnswer => ({
  kind: 'startOver',
  words,
  effect,
  verb: 'Start over…',
});

const KEEPS_BOTH = 'Nothing is deleted; both versions are kept where they differ from the other devices.';

const STOP: HaltAnswer = {
  kind: 'stop',
  words: 'Stop holding the folder here',
  effect: 'Files stay where they are, here and on the other devices.',
  verb: 'Stop here…',
};

const VIEWS = {
  'root-missing': {
    hint: 'A disk that is not plugged in looks like this too.',
    answers: [
      again('It is back', 'The folder goes on; what changed in it meanwhile counts as changed here.'),
      MOVED,
      startOver('It is lost: make it anew', 'An empty directory is made and filled from the other devices.'),
      STOP,
    ],
  },
  'root-replaced': {
    hint: 'Flotilla does not touch that file.',
    answers: [again('The file is away and the directory is back', 'The folder goes on where it was.'), MOVED, STOP],
  },
  'root-marker-missing': {
    hint: 'A directory that was made anew, or restored without hidden files, looks like this.',
    answers: [
      startOver('This is the right directory', `What is in it counts as new. ${KEEPS_BOTH}`),
      again('The right one is back in its place', 'The folder goes on where it was.'),
      MOVED,
      STOP,
    ],
  },
  'root-marker-foreign': {
    hint: 'Another shared directory was put in its place, or this is a copy from another computer.',
    answers: [
      MOVED,
      again('The right one is back in its place', 'The folder goes on where it was.'),
      startOver('Take this directory all the same', `What is in it becomes part of this folder. ${KEEPS_BOTH}`),
      STOP,
    ],
  },
  'root-other-file-system': {
    hint: 'Another disk is mounted there, or the directory was copied to a new one.',
    answers: [
      again('The right disk is mounted again', 'The folder goes on where it was.'),
      { ...MOVED, words: 'It was copied, and lies on this disk from now on' },
      startOver('Begin with what is on this disk', `It counts as new. ${KEEPS_BOTH}`),
      STOP,
    ],
  },
} satisfies Record<HaltCode, HaltView>;

export const haltView = (code: HaltCode): HaltView => VIEWS[code];
