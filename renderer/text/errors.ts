import { ORPCError } from '@orpc/client';
import { type ErrorCode, isErrorCode } from '../../shared/errors.ts';
import { sentenceOf } from '../../shared/text/error-sentences.ts';

/** The place on this disk that a refusal is about, or null. */
const pathOfThrown = (error: unknown): string | null => {
  const data: unknown = error instanceof ORPCError ? error.data : null;
  const path: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'path') : null;
  return typeof path === 'string' ? path : null;
};

/** A sentence as a title and what follows. */
export const wordsOf = (code: ErrorCode): { readonly title: string; readonly text: string } => {
  const { what, files, next } = sentenceOf(code);
  return { title: what, text: `${files} ${next}` };
};

/** The sentence for whatever a call threw: what happened, and what it means and asks for. */
export const wordsOfThrown = (error: unknown): { readonly title: string; readonly text: string } => {
  const code = codeOfThrown(error);
  const path = pathOfThrown(error);
  if (code === 'path-not-writable' && path !== null)
    return {
      title: 'Flotilla may not write here.',
      text: `${sentenceOf(code).files} Check who owns the folder: ${path}`,
    };
  return wordsOf(code);
};

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
