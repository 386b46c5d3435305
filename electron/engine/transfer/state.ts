import type { DeviceId, FolderId } from '../../../shared/ids.ts';
import { MIN_SOURCE_WINDOW_BYTES } from '../../../shared/limits.ts';
import type { Item, TaskId } from './types.ts';

/** Where a piece is. */
export const WANTED = 0;
export const ASKED = 1;
export const DONE = 2;

/** A content on its way. */
export interface Task {
  readonly id: TaskId;
  readonly folder: FolderId;
  readonly kind: 'small' | 'large';
  readonly pieces: readonly number[];
  /** WANTED, ASKED or DONE of each piece. */
  readonly states: Uint8Array;
  /** How many requests under way ask for each piece. */
  readonly askers: Uint8Array;
  wanted: number;
  done: number;
  /** No wanted piece lies before this one. */
  firstWanted: number;
  /** Who may have it; one that lacks it or spoiled it is taken out. */
  readonly sources: Set<DeviceId>;
  exhausted: boolean;
}

/** A request under way. */
export interface Request {
  readonly id: number;
  readonly items: readonly Item[];
  readonly bytes: number;
  readonly sentAt: number;
}

/** A device that content is asked of. */
export interface Source {
  readonly device: DeviceId;
  readonly requests: Map<number, Request>;
  inFlight: number;
  window: number;
  /** Bytes per millisecond, null before the first measurement. */
  rate: number | null;
  /** Bytes that came since `measuredFrom`. */
  measured: number;
  measuredFrom: number;
  lastAnswerAt: number;
  strikes: number;
  banned: boolean;
  /** Not asked again before that time: it said that it is busy. */
  restUntil: number;
}

/**
 * Everything about all running fetches. Changed in place by `step`: a copy per event of the pieces of large files would
 * cost more than the transfer. It is still a pure room: equal events give equal states and effects.
 */
export interface TransferState {
  readonly tasks: Map<TaskId, Task>;
  /** Tasks with wanted pieces, in the order in which they are served. */
  readonly wantedSmall: Set<TaskId>;
  readonly wantedLarge: Set<TaskId>;
  readonly sources: Map<DeviceId, Source>;
  nextRequest: number;
}

/** No tasks, no sources. */
export function createTransferState(): TransferState {
  return { tasks: new Map(), wantedSmall: new Set(), wantedLarge: new Set(), sources: new Map(), nextRequest: 1 };
}

export function sourceOf(state: TransferState, device: DeviceId): Source {
  let source = state.sources.get(device);
  if (source === undefined) {
    source = {
      device,
      requests: new Map(),
      inFlight: 0,
      window: MIN_SOURCE_WINDOW_BYTES,
      rate: null,
      measured: 0,
      measuredFrom: 0,
      lastAnswerAt: 0,
      strikes: 0,
      banned: false,
      restUntil: 0,
    };
    state.sources.set(device, source);
  }
  return source;
}

/** The list in which a task with wanted pieces stands. */
export function wantedListOf(state: TransferState, task: Task): Set<TaskId> {
  return task.kind === 'small' ? state.wantedSmall : state.wantedLarge;
}

/** A piece that was asked for and did not come is wanted again, unless another request still asks for it. */
export function releasePiece(state: TransferState, task: Task, piece: number): void {
  task.askers[piece] = Math.max(0, (task.askers[piece] as number) - 1);
  if (task.states[piece] !== ASKED || task.askers[piece] !== 0) return;
  wantAgain(state, task, piece);
}

/** Puts a piece back among the wanted ones. */
export function wantAgain(state: TransferState, task: Task, piece: number): void {
  if (task.states[piece] !== ASKED) return;
  task.states[piece] = WANTED;
  task.wanted += 1;
  task.firstWanted = Math.min(task.firstWanted, piece);
  wantedListOf(state, task).add(task.id);
}

/** Whether the piece has come, or its task has ended. */
export function isDone(state: TransferState, item: Item): boolean {
  const task = state.tasks.get(item.task);
  return task === undefined || task.states[item.piece] === DONE;
}
