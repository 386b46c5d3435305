import type { ErrorCode } from '../../../shared/errors.ts';
import type { ContentHash } from '../../../shared/ids.ts';
import type { StatMark } from '../reconcile/tree-types.ts';

/**
 * What one reading of a file gives. `chunks` is the packed list (content/chunk-list.ts) of a file above the single-chunk
 * size, in order; empty below it. Packed, because a file of 100 GiB has 400,000 of them.
 */
export interface HashedFile {
  readonly content: ContentHash;
  readonly size: number;
  readonly chunks: Uint8Array;
}

/** What a job takes and gives. Both are plain data: they cross a thread boundary. */
interface JobShape<Input, Output> {
  readonly input: Input;
  readonly output: Output;
}

/** A piece of a file that is wanted or known: `length` bytes at `offset` with that hash. */
export interface Piece {
  readonly hash: ContentHash;
  readonly offset: number;
  readonly length: number;
}

/** What became of a file that was to be written whole. */
export type WriteOutcome =
  | { readonly type: 'written' }
  /** The bytes do not have the hash; nothing was written. */
  | { readonly type: 'corrupt' }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string };

/**
 * All work that blocks (disk, hashing) and is therefore done off the engine's thread. A job rejects with a
 * `FlotillaError`; whatever it may do twice after a crash it does idempotently.
 */
export interface JobTable {
  /**
   * Reads a file once: hash of the whole, and its chunks above the single-chunk size. Rejects with `path-not-found`,
   * `path-not-readable`, `file-kind-unsupported` (also for a link) or `file-changing` if it changed while it was read.
   * `size` is what stat said; large files queue apart from small ones.
   */
  readonly hashFile: JobShape<
    { readonly path: string; readonly size: number },
    { readonly file: HashedFile; readonly mark: StatMark }
  >;
  /**
   * The pieces that are there and have their hash, end to end; in place of the others' lengths stands why not. `frame` is
   * alone in its buffer and begins with `room` free bytes, for whoever sends it to write a header into.
   */
  readonly readPieces: JobShape<
    {
      readonly pieces: readonly (Piece & { readonly paths: readonly string[]; readonly fileSize: number })[];
      /** The most bytes of pieces that the answer may hold. */
      readonly budget: number;
      readonly room: number;
    },
    { readonly lengths: readonly number[]; readonly frame: Uint8Array }
  >;
  /**
   * Writes verified pieces of `bytes` into an existing file; says of each whether it had its hash and was written.
   * `fresh`: nothing but zeros stands where nothing was written yet, so that zeros need not be written and take no space.
   */
  readonly writePieces: JobShape<
    {
      readonly target: string;
      readonly fresh: boolean;
      readonly bytes: Uint8Array;
      /** `at` is the piece's place in `bytes`. */
      readonly pieces: readonly (Piece & { readonly at: number })[];
    },
    readonly boolean[]
  >;
  /** Writes each piece of `bytes` as a whole file of its own, flushed; says of each what became of it. */
  readonly writeWhole: JobShape<
    {
      readonly bytes: Uint8Array;
      readonly files: readonly {
        readonly target: string;
        readonly hash: ContentHash;
        readonly at: number;
        readonly length: number;
      }[];
    },
    readonly WriteOutcome[]
  >;
  /** Copies pieces from files on this disk into an existing file; says of each whether it was found there. */
  readonly copyPieces: JobShape<
    {
      readonly target: string;
      readonly fresh: boolean;
      readonly pieces: readonly (Piece & { readonly from: string; readonly fromOffset: number })[];
    },
    readonly boolean[]
  >;
  /** Copies a file that should be the content to the target (shared blocks where possible), verifies and flushes it. */
  readonly copyWhole: JobShape<
    { readonly from: string; readonly target: string; readonly content: ContentHash; readonly size: number },
    boolean
  >;
  /** Which pieces a file holds. */
  readonly verifyPieces: JobShape<{ readonly path: string; readonly pieces: readonly Piece[] }, readonly boolean[]>;
  /** Makes the target exist with exactly that size, keeping what it holds; rejects with `disk-full` if it can't. */
  readonly prepareTarget: JobShape<{ readonly target: string; readonly size: number }, { readonly existed: boolean }>;
  /** Whether the file is the content; if so it is flushed. */
  readonly finishTarget: JobShape<
    { readonly target: string; readonly content: ContentHash; readonly size: number },
    boolean
  >;
}

export type JobName = keyof JobTable;
export type JobInput<N extends JobName> = JobTable[N]['input'];
export type JobOutput<N extends JobName> = JobTable[N]['output'];

/** Runs jobs. Contract: jobs of one name start in the order given; a rejected job leaves the others alone. */
export interface Jobs {
  run<N extends JobName>(name: N, input: JobInput<N>): Promise<JobOutput<N>>;
  /** Ends all threads; jobs that run are lost and reject with `engine-stopping`. */
  close(): Promise<void>;
}
