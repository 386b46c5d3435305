import type { ContentHash, FolderId } from '../../../shared/ids.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';

/** A wanted content and where its bytes shall stand, verified and flushed, when `fetch` is done. */
export interface FetchRequest {
  readonly folder: FolderId;
  readonly path: RelativePath;
  readonly content: ContentHash;
  readonly size: number;
  /** Absolute path of a file that does not exist yet or holds an interrupted attempt, in the folder's own `tmp`. */
  readonly target: string;
  /** Absolute path of the version that it replaces, if there is one: a source of chunks. */
  readonly previous: string | null;
}

/** Why a fetch came to nothing on this device. */
export type FetchFailure = 'NO_SPACE' | 'TOO_LARGE' | 'IO_ERROR' | 'ABORTED';

/** How a fetch ended. */
export type FetchResult =
  /** `target` holds the content, verified against its hash and flushed. */
  | { readonly type: 'fetched' }
  /** No connected device that holds the folder has it now; asked again when one says that it has. */
  | { readonly type: 'noSource' }
  | { readonly type: 'failed'; readonly code: FetchFailure; readonly message: string };

/** Progress of running fetches, for the interface. */
export interface FetchProgress {
  readonly folder: FolderId;
  readonly path: RelativePath;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

/**
 * Brings content to this device: from disk where it is, else from all connected holders at once.
 * Calls made together travel in batches; a fetch never resolves before its bytes are verified and flushed.
 */
export interface ContentFetcher {
  fetch(request: FetchRequest, signal: AbortSignal): Promise<FetchResult>;
  progress(): readonly FetchProgress[];
}

/** Where a content lies on this device. The reader checks size and hash: a location is a hint, never a promise. */
export interface ContentLocation {
  readonly absolutePath: string;
  readonly size: number;
}

/** Looks up content of one folder on this device's disk (files of the folder and its kept versions). */
export type LocateContent = (folder: FolderId, content: ContentHash) => readonly ContentLocation[];
