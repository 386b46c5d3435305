/** Which problems ask for a person, and which are only told. Pure. */
import type { ErrorCode } from '../errors.ts';

/** Nobody has to do anything: it is left alone, goes on by itself, or is somebody else's to mend. */
const NOTES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'file-kind-unsupported',
  'file-changing',
  'directory-not-empty',
  'versions-full',
  'nested-folder',
  'path-outside-folder',
  'content-not-available',
  'content-corrupt',
  'log-damaged',
  'signature-bad',
  'peer-not-connected',
  'peer-not-admitted',
  'peer-protocol',
]);

/** Whether a problem of this kind stays until a person does something about it. */
export const needsSomeone = (code: ErrorCode): boolean => !NOTES.has(code);
