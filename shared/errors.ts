/**
 * Every error that a person or a program using Flotilla can meet, by code: a closed set. The interface has a sentence
 * for each, the command line prints them as they are; none may change meaning.
 */
export const ERROR_CODES = [
  // Asking
  'bad-request',
  'not-found',
  'ambiguous-name',
  'time-out',
  'cancelled',
  'internal',
  'unauthorized',
  'update-needed',

  // This device's engine and home
  'engine-not-running',
  'engine-already-running',
  'engine-stopping',
  'home-not-usable',
  'key-file-damaged',
  'database-damaged',
  'log-damaged',
  'log-diverged',
  'settings-damaged',
  'home-restored',
  'home-cloned',
  'address-in-use',
  'address-not-usable',

  // Group membership
  'no-group',
  'already-in-group',
  'not-a-member',
  'removed-from-group',
  'name-invalid',
  'name-taken',
  'too-many-devices',
  'too-many-folders',
  'too-many-invites',

  // Invites and joining
  'invite-malformed',
  'invite-mistyped',
  'invite-version-unsupported',
  'invite-unknown',
  'invite-expired',
  'invite-revoked',
  'invite-used',
  'invite-wrong-group',
  'invite-proof-bad',
  'join-denied',
  'join-no-member-found',
  'request-unknown',

  // Outcomes of operations that the log decided
  'signature-bad',
  'operation-malformed',
  'operation-too-large',
  'sequence-reused',
  'generation-mismatch',
  'device-unknown',
  'device-removed',
  'device-already-member',
  'folder-unknown',
  'folder-exists',
  'folder-removed',
  'invite-exists',
  'not-admin',
  'not-owner',
  'no-access',
  'last-admin',
  'owner-access-fixed',
  'group-exists',
  'budget-out-of-range',
  'rules-not-raised',
  'rules-not-supported',

  // Waiting for the master
  'no-master',
  'operation-already-decided',
  'operation-maybe-decided',
  'operation-unknown',
  'too-many-waiting',

  // Paths and folders on this disk
  'path-not-found',
  'path-not-a-directory',
  'path-inside-folder',
  'path-around-folder',
  'path-meets-home',
  'path-not-writable',
  'path-not-readable',
  'path-in-use',
  'path-outside-folder',
  'name-not-representable',
  'name-not-utf8',
  'name-collision',
  'name-too-long',
  'name-reserved',
  'file-kind-unsupported',
  'file-changing',
  'nested-folder',
  'disk-full',
  'file-too-large',
  'versions-full',
  'io-error',
  'directory-not-empty',
  'no-right-to-write',

  // Halts
  'root-missing',
  'root-replaced',
  'root-marker-missing',
  'root-marker-foreign',
  'root-other-file-system',
  'folder-not-halted',
  'folder-halted',
  'folder-paused',
  'folder-not-held',
  'folder-already-held',

  // Versions and conflicts
  'version-unknown',
  'conflict-unknown',

  // Peers and content
  'peer-not-connected',
  'peer-protocol',
  'peer-too-old',
  'peer-not-admitted',
  'content-not-available',
  'content-corrupt',
] as const;

/** The code of an error. */
export type ErrorCode = (typeof ERROR_CODES)[number];

const knownCodes: ReadonlySet<string> = new Set(ERROR_CODES);

/** Whether the text is one of the codes, for values that came from another process. */
export function isErrorCode(text: string): text is ErrorCode {
  return knownCodes.has(text);
}

/** A failure that someone can meet without the program being wrong. `message` is English, for logs and the command line. */
export class FlotillaError extends Error {
  override readonly name = 'FlotillaError';
  readonly code: ErrorCode;
  /** The place on this disk that it is about, for people; null where the message says it all. */
  readonly path: string | null;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown; readonly path?: string }) {
    super(message, options);
    this.code = code;
    this.path = options?.path ?? null;
  }
}

/** The error with that code; `throw failure('invite-expired', 'The invite has expired')`. */
export function failure(code: ErrorCode, message: string, cause?: unknown): FlotillaError {
  return new FlotillaError(code, message, cause === undefined ? undefined : { cause });
}

/** Whether it is a `FlotillaError`, also one of another bundle, where the class is another. */
export function isFlotillaError(error: unknown): error is FlotillaError {
  return error instanceof Error && error.name === 'FlotillaError' && 'code' in error;
}

/** The code of anything thrown: 'internal' for what is not a `FlotillaError`. */
export function errorCodeOf(error: unknown): ErrorCode {
  return isFlotillaError(error) ? error.code : 'internal';
}
