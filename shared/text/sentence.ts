/** What an error says to a person. */
export interface ErrorSentence {
  /** What happened. */
  readonly what: string;
  /** What it means for the person's files. */
  readonly files: string;
  /** What to do next. */
  readonly next: string;
}

/** For everything that was only asked for and not done. */
const UNTOUCHED = 'Your files are as they were.';

/** An error that touched no file. */
export const asked = (what: string, next: string): ErrorSentence => ({ what, files: UNTOUCHED, next });

/** An error that keeps one path or folder from being the same everywhere. */
export const held = (what: string, files: string, next: string): ErrorSentence => ({ what, files, next });
