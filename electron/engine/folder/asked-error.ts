import { failure } from '../../../shared/errors.ts';
import { systemCode } from '../ports/file-system.ts';
import { ChangedUnderUs } from './disk.ts';
import { codeOfSystem } from './problems.ts';

/** What a person is told of an error in what they asked for. */
export function askedError(error: unknown): unknown {
  if (error instanceof ChangedUnderUs) {
    return failure('file-changing', `${error.message} has just changed; try again`, error);
  }
  const code = systemCode(error);
  return code === '' ? error : failure(codeOfSystem(code, 'write'), (error as Error).message, error);
}
