import { ORPCError } from '@orpc/client';
import { type ErrorCode, isErrorCode } from '../../shared/errors.ts';
import { fileErrors } from './errors-of-files.ts';
import { groupErrors } from './errors-of-group.ts';
import type { ErrorSentence } from './sentence.ts';

const sentences = { ...groupErrors, ...fileErrors } satisfies Record<ErrorCode, ErrorSentence>;

/** What the code says to a person: what happened, what it means for the files, what to do. */
export const sentenceOf = (code: ErrorCode): ErrorSentence => sentences[code];

/** The code of whatever a call threw. A call that a lost connection ended reads as an engine that does not run. */
export const codeOfThrown = (error: unknown): ErrorCode => {
  if (error instanceof ORPCError) {
    const data: unknown = error.data;
    const code: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'code') : null;
    if (typeof code === 'string' && isErrorCode(code)) return code;
    return error.code === 'BAD_REQUEST' ? 'bad-request' : 'internal';
  }
  return 'engine-not-running';
};
