import type { ErrorCode } from '../../../shared/errors.ts';
import type { ContentHash, DeviceId } from '../../../shared/ids.ts';
import type { OperationBody } from './body.ts';

/** Whose operation an entry held, for authors that read their outcome off the log. */
export interface JudgedOperation {
  readonly device: DeviceId;
  readonly sequence: number;
  readonly hash: ContentHash;
  /** Null where this kind's fields were not readable. */
  readonly body: OperationBody | null;
}

/** What applying one entry came to. `operation` is null for the master's own entries, and for what is unreadable or not signed by whom it names. */
export type Outcome =
  | { readonly type: 'accepted'; readonly operation: JudgedOperation | null }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly operation: JudgedOperation | null }
  /** `resend`: judged before. `ahead`: the numbers before it are missing; it will be sent again. */
  | { readonly type: 'noEffect'; readonly why: 'resend' | 'ahead'; readonly operation: JudgedOperation }
  /** This program cannot judge the entry: the state stays before it until the program is updated. */
  | { readonly type: 'updateNeeded'; readonly what: string };
