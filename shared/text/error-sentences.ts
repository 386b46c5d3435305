import { type ErrorCode, type FlotillaError, failure } from '../errors.ts';
import { fileErrors } from './errors-of-files.ts';
import { groupErrors } from './errors-of-group.ts';
import type { ErrorSentence } from './sentence.ts';

const sentences = { ...groupErrors, ...fileErrors } satisfies Record<ErrorCode, ErrorSentence>;

/** What the code says to a person: what happened, what it means for the files, what to do. */
export function sentenceOf(code: ErrorCode): ErrorSentence {
  return sentences[code];
}

/** The error of a code that another device or the log gave, and of which no more is known than the code. */
export function failureOf(code: ErrorCode): FlotillaError {
  const { what, next } = sentenceOf(code);
  return failure(code, `${what} ${next}`);
}
