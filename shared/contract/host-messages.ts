/**
 * What the desktop shell and the engine's process say to each other outside the contract.
 *
 * The shell forks the engine's bundle with the options of `flotilla start` as arguments (`--home`, `--name`,
 * `--bootstrap`, `--listen`, `--no-lan`, `--no-dht`, `--accept`) and, on another runtime than the released one,
 * `--runtime-note`. Keys never cross this line.
 */
import type { ErrorCode } from '../errors.ts';

/** From the shell to the engine's process. */
export type ShellMessage =
  /** Carries one MessagePort: a client of the contract. */
  | { readonly type: 'connect' }
  /** Flush, say goodbye to the peers and exit with code 0. */
  | { readonly type: 'stop' };

/** From the engine's process to the shell. */
export type HostMessage =
  | { readonly type: 'ready'; readonly device: string }
  /** A client of the contract asked the engine to quit; the process ends in order, and the shell with it. */
  | { readonly type: 'quitting' }
  /** The engine cannot run in this home; the process exits after it, and a restart would not help. */
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string };
