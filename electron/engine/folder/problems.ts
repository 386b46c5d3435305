import { type ErrorCode, errorCodeOf, FlotillaError } from '../../../shared/errors.ts';
import { systemCode } from '../ports/file-system.ts';

/** Something at one path that a person should know of. `path` may be one that is not UTF-8, made fit to be shown. */
export interface Problem {
  readonly path: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** The problem that an error at a path is. Anything that is no system's and no `FlotillaError` is a bug and goes on. */
export function problemFrom(path: string, error: unknown, doing: 'read' | 'write'): Problem {
  if (error instanceof FlotillaError) return { path, code: error.code, message: error.message };
  const system = systemCode(error);
  if (system === '') throw error;
  return { path, code: codeOfSystem(system, doing), message: (error as Error).message };
}

/** The code of anything thrown while the folder as a whole was at work. */
export function codeOfAny(error: unknown): ErrorCode {
  const system = systemCode(error);
  return system === '' ? errorCodeOf(error) : codeOfSystem(system, 'write');
}

/** The code of a system's error. */
export function codeOfSystem(system: string, doing: 'read' | 'write'): ErrorCode {
  switch (system) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'disk-full';
    case 'EFBIG':
      return 'file-too-large';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return doing === 'read' ? 'path-not-readable' : 'path-not-writable';
    case 'ENAMETOOLONG':
      return 'name-too-long';
    case 'EILSEQ':
    case 'EINVAL':
      return 'name-not-representable';
    default:
      return 'io-error';
  }
}
