import type { ContentHash, FolderId } from '../../../shared/ids.ts';
import type { Chunk } from './chunk-list.ts';

/** Something to bring from peers: a small content whole, or chunks of a large one into its prepared target. */
export type Want =
  | {
      readonly kind: 'small';
      readonly folder: FolderId;
      readonly content: ContentHash;
      readonly size: number;
      readonly target: string;
    }
  | {
      readonly kind: 'large';
      readonly folder: FolderId;
      readonly content: ContentHash;
      readonly size: number;
      readonly target: string;
      /** Nothing but zeros stands where nothing was written yet. */
      readonly fresh: boolean;
      readonly chunks: readonly Chunk[];
      readonly onBytes: (bytes: number) => void;
    };

/** How a want ended. */
export type WantResult =
  | { readonly type: 'done' }
  /** No source is left that might have it, or it was taken back. */
  | { readonly type: 'exhausted' }
  /** This disk refused. */
  | { readonly type: 'failed'; readonly error: unknown };
