import type { DeviceId, FolderId } from '../../../shared/ids.ts';

/** A content that is fetched: a small one whole, or a stretch of a large one in chunks. Numbered by whoever adds it. */
export type TaskId = number;

/** One thing to get: a chunk of a task, or the whole small content (piece 0). */
export interface Item {
  readonly task: TaskId;
  readonly piece: number;
}

/** What became of one item of a request. */
export type Outcome =
  /** Its bytes came and have the hash. */
  | 'good'
  /** The source does not have this content (any more). */
  | 'missing'
  /** Bytes came that do not have the hash. */
  | 'corrupt'
  /** The answer was full; to be asked for again. */
  | 'noRoom';

/** What happens to a transfer. `now` is monotonic milliseconds. */
export type TransferEvent =
  | {
      readonly type: 'taskAdded';
      readonly task: TaskId;
      readonly folder: FolderId;
      readonly kind: 'small' | 'large';
      /** Bytes of each piece. */
      readonly pieces: readonly number[];
      readonly sources: readonly DeviceId[];
    }
  | { readonly type: 'taskRemoved'; readonly task: TaskId }
  /** The source may have the task's content, also if it once said that it has not. */
  | { readonly type: 'sourceOffered'; readonly task: TaskId; readonly source: DeviceId }
  | { readonly type: 'sourceDown'; readonly source: DeviceId }
  | {
      readonly type: 'answered';
      readonly source: DeviceId;
      readonly request: number;
      /** One for each item of the request, in its order. */
      readonly outcomes: readonly Outcome[];
      readonly now: number;
    }
  /** The source took the request and will not answer it now: it is busy. */
  | { readonly type: 'refused'; readonly source: DeviceId; readonly request: number; readonly now: number }
  /** Time to hand out work: after tasks were added or answers came. */
  | { readonly type: 'assign'; readonly now: number };

/** What a transfer wants done. */
export type TransferEffect =
  | {
      readonly type: 'request';
      readonly source: DeviceId;
      readonly request: number;
      readonly folder: FolderId;
      readonly kind: 'small' | 'large';
      /** Items of one folder; of a large task all of the same one. */
      readonly items: readonly Item[];
    }
  | { readonly type: 'finished'; readonly task: TaskId }
  /** No source is left that might have what is missing. The task stays until it is removed. */
  | { readonly type: 'exhausted'; readonly task: TaskId }
  /** The source sent corrupt bytes too often and is asked for nothing until it connects again. */
  | { readonly type: 'banned'; readonly source: DeviceId };
