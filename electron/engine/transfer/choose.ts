import { CONTENT_FRAME_BYTES, MAX_BATCH_CONTENTS } from '../../../shared/limits.ts';
import { ASKED, type Source, type Task, type TransferState, WANTED, wantedListOf } from './state.ts';
import type { Item } from './types.ts';

/** One request's worth of work. */
export interface Batch {
  readonly task: Task;
  readonly items: readonly Item[];
  readonly bytes: number;
}

/** A source is overtaken when it would need this many times as long as the one that stands idle. */
const OVERTAKE_FACTOR = 2;
/** Requests under way for less than this are not overtaken: the estimate of a rate is no better. */
const OVERTAKE_MIN_AGE_MS = 400;

/** Whether the source may be asked for pieces of the task. */
export function mayAsk(source: Source, task: Task): boolean {
  return !source.banned && task.sources.has(source.device);
}

/** The next work for the source that nobody was asked for yet: small contents first, in batches, then chunks in order. */
export function nextBatch(state: TransferState, source: Source): Batch | null {
  const small = smallBatch(state, source);
  if (small !== null) return small;
  for (const id of state.wantedLarge) {
    const task = state.tasks.get(id);
    if (task === undefined || !mayAsk(source, task)) continue;
    const batch = chunkBatch(task);
    if (batch !== null) return batch;
  }
  return null;
}

function smallBatch(state: TransferState, source: Source): Batch | null {
  const items: Item[] = [];
  let bytes = 0;
  let first: Task | null = null;
  for (const id of state.wantedSmall) {
    const task = state.tasks.get(id);
    if (task === undefined || !mayAsk(source, task)) continue;
    if (first !== null && task.folder !== first.folder) continue;
    const size = task.pieces[0] as number;
    if (items.length > 0 && bytes + size > CONTENT_FRAME_BYTES) break;
    first ??= task;
    items.push({ task: id, piece: 0 });
    bytes += size;
    if (items.length >= MAX_BATCH_CONTENTS) break;
  }
  return first === null ? null : { task: first, items, bytes };
}

function chunkBatch(task: Task): Batch | null {
  const items: Item[] = [];
  let bytes = 0;
  for (let piece = task.firstWanted; piece < task.pieces.length; piece += 1) {
    if (task.states[piece] !== WANTED) continue;
    if (items.length === 0) task.firstWanted = piece;
    const size = task.pieces[piece] as number;
    if (items.length > 0 && bytes + size > CONTENT_FRAME_BYTES) break;
    items.push({ task: task.id, piece });
    bytes += size;
  }
  return items.length === 0 ? null : { task, items, bytes };
}

/**
 * Work that another source was asked for and that this one, which has nothing else to do, would bring much sooner: the
 * youngest request of the slowest source. Each piece is asked of two sources at most, so what is wasted is bounded.
 */
export function overtake(state: TransferState, source: Source, now: number): Batch | null {
  let worst: { readonly other: Source; readonly remaining: number } | null = null;
  for (const other of state.sources.values()) {
    if (other === source || other.requests.size === 0) continue;
    const remaining = remainingMs(other, now);
    if (worst === null || remaining > worst.remaining) worst = { other, remaining };
  }
  if (worst === null) return null;
  const requests = [...worst.other.requests.values()].reverse();
  for (const request of requests) {
    if (now - request.sentAt < OVERTAKE_MIN_AGE_MS) continue;
    const items = request.items.filter((item) => isOvertakable(state, source, item));
    const task = items[0] === undefined ? undefined : state.tasks.get(items[0].task);
    if (task === undefined) continue;
    const bytes = items.reduce((sum, item) => sum + bytesOf(state, item), 0);
    const mine = source.rate === null ? 0 : (source.inFlight + bytes) / source.rate;
    if (worst.remaining > mine * OVERTAKE_FACTOR) return { task, items, bytes };
  }
  return null;
}

/** How long a source will still need for what it was asked, judged by its rate and by its silence. */
function remainingMs(source: Source, now: number): number {
  const silent = now - source.lastAnswerAt;
  return source.rate === null ? silent : Math.max(silent, source.inFlight / source.rate);
}

function isOvertakable(state: TransferState, source: Source, item: Item): boolean {
  const task = state.tasks.get(item.task);
  return (
    task !== undefined &&
    mayAsk(source, task) &&
    task.states[item.piece] === ASKED &&
    task.askers[item.piece] === 1 &&
    ![...source.requests.values()].some((request) =>
      request.items.some((own) => own.task === item.task && own.piece === item.piece),
    )
  );
}

function bytesOf(state: TransferState, item: Item): number {
  return state.tasks.get(item.task)?.pieces[item.piece] ?? 0;
}

/** Notes that the batch is asked for. */
export function markAsked(state: TransferState, batch: Batch): void {
  for (const item of batch.items) {
    const task = state.tasks.get(item.task);
    if (task === undefined) continue;
    task.askers[item.piece] = (task.askers[item.piece] as number) + 1;
    if (task.states[item.piece] !== WANTED) continue;
    task.states[item.piece] = ASKED;
    task.wanted -= 1;
    if (task.wanted === 0) wantedListOf(state, task).delete(task.id);
  }
}
