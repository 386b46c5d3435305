import type { DeviceId } from '../../../shared/ids.ts';
import { assertNever, invariant } from '../../../shared/invariant.ts';
import { MAX_SOURCE_STRIKES, MAX_SOURCE_WINDOW_BYTES, MIN_SOURCE_WINDOW_BYTES } from '../../../shared/limits.ts';
import { markAsked, mayAsk, nextBatch, overtake } from './choose.ts';
import {
  ASKED,
  DONE,
  type Request,
  releasePiece,
  type Source,
  sourceOf,
  type Task,
  type TransferState,
  WANTED,
  wantAgain,
  wantedListOf,
} from './state.ts';
import type { Outcome, TransferEffect, TransferEvent } from './types.ts';

/** A source that answers nothing for so long is given one request at a time, and what it was asked goes to others. */
const STALLED_MS = 5_000;
/** A request that is not answered for so long will not be; its source counts as not having the content. */
const LOST_MS = 30_000;
/** Time over which a rate is measured. */
const RATE_PERIOD_MS = 100;
/** The window holds what comes in this time at the measured rate. */
const WINDOW_MS = 150;
/** Rest of a source that said it is busy. */
const BUSY_REST_MS = 50;

/**
 * Takes an event and says what to do (rules TR-1 to TR-9 of SPEC.md). Who is asked for what: every connected holder at
 * once, the faster the more, as each gets new work when answers come.
 */
export function step(state: TransferState, event: TransferEvent): TransferEffect[] {
  switch (event.type) {
    case 'taskAdded':
      return addTask(state, event);
    case 'taskRemoved': {
      const task = state.tasks.get(event.task);
      if (task === undefined) return [];
      wantedListOf(state, task).delete(task.id);
      state.tasks.delete(task.id);
      return [];
    }
    case 'sourceOffered': {
      const task = state.tasks.get(event.task);
      if (task === undefined) return [];
      task.sources.add(event.source);
      sourceOf(state, event.source);
      task.exhausted = false;
      return [];
    }
    case 'sourceDown':
      return removeSource(state, event.source);
    case 'answered':
      return takeAnswer(state, event);
    case 'refused': {
      const source = state.sources.get(event.source);
      const request = source === undefined ? undefined : closeRequest(source, event.request);
      if (source === undefined || request === undefined) return [];
      source.restUntil = event.now + BUSY_REST_MS;
      release(state, request);
      return [];
    }
    case 'assign':
      return [...giveUpOnSilent(state, event.now), ...assign(state, event.now)];
    default:
      return assertNever(event);
  }
}

function addTask(state: TransferState, event: TransferEvent & { type: 'taskAdded' }): TransferEffect[] {
  invariant(!state.tasks.has(event.task), 'a task is added once');
  const task: Task = {
    id: event.task,
    folder: event.folder,
    kind: event.kind,
    pieces: event.pieces,
    states: new Uint8Array(event.pieces.length).fill(WANTED),
    askers: new Uint8Array(event.pieces.length),
    wanted: event.pieces.length,
    done: 0,
    firstWanted: 0,
    sources: new Set(event.sources),
    exhausted: false,
  };
  state.tasks.set(task.id, task);
  for (const device of task.sources) sourceOf(state, device);
  if (task.pieces.length === 0) return [{ type: 'finished', task: task.id }];
  wantedListOf(state, task).add(task.id);
  return exhaustedOf(state, [task]);
}

function removeSource(state: TransferState, device: DeviceId): TransferEffect[] {
  const source = state.sources.get(device);
  for (const task of state.tasks.values()) task.sources.delete(device);
  if (source !== undefined) {
    state.sources.delete(device);
    for (const request of source.requests.values()) release(state, request);
  }
  return exhaustedOf(state, state.tasks.values());
}

function takeAnswer(state: TransferState, event: TransferEvent & { type: 'answered' }): TransferEffect[] {
  const source = state.sources.get(event.source);
  const request = source === undefined ? undefined : closeRequest(source, event.request);
  if (source === undefined || request === undefined) return [];
  measure(source, bytesOfGood(state, request, event.outcomes), event.now);
  const effects: TransferEffect[] = [];
  const touched = new Set<Task>();
  request.items.forEach((item, index) => {
    const task = state.tasks.get(item.task);
    if (task === undefined) return;
    touched.add(task);
    const outcome = event.outcomes[index] ?? 'missing';
    if (outcome === 'good') {
      if (complete(state, task, item.piece)) effects.push({ type: 'finished', task: task.id });
      return;
    }
    if (outcome !== 'noRoom') task.sources.delete(source.device);
    releasePiece(state, task, item.piece);
  });
  if (event.outcomes.includes('corrupt')) {
    source.strikes += 1;
    if (source.strikes >= MAX_SOURCE_STRIKES && !source.banned) {
      source.banned = true;
      effects.push({ type: 'banned', source: source.device });
    }
  }
  effects.push(...exhaustedOf(state, source.banned ? state.tasks.values() : touched));
  return effects;
}

/** Whether the task is whole with this piece. A piece that two sources brought counts once. */
function complete(state: TransferState, task: Task, piece: number): boolean {
  task.askers[piece] = Math.max(0, (task.askers[piece] as number) - 1);
  if (task.states[piece] === DONE) return false;
  if (task.states[piece] === WANTED) {
    task.wanted -= 1;
    if (task.wanted === 0) wantedListOf(state, task).delete(task.id);
  }
  task.states[piece] = DONE;
  task.done += 1;
  return task.done === task.pieces.length;
}

function closeRequest(source: Source, id: number): Request | undefined {
  const request = source.requests.get(id);
  if (request === undefined) return undefined;
  source.requests.delete(id);
  source.inFlight -= request.bytes;
  return request;
}

function release(state: TransferState, request: Request): void {
  for (const item of request.items) {
    const task = state.tasks.get(item.task);
    if (task !== undefined) releasePiece(state, task, item.piece);
  }
}

function bytesOfGood(state: TransferState, request: Request, outcomes: readonly Outcome[]): number {
  let bytes = 0;
  request.items.forEach((item, index) => {
    if (outcomes[index] === 'good') bytes += state.tasks.get(item.task)?.pieces[item.piece] ?? 0;
  });
  return bytes;
}

/** The rate is measured over periods in which the source always had something to send. */
function measure(source: Source, bytes: number, now: number): void {
  source.lastAnswerAt = now;
  source.measured += bytes;
  const elapsed = now - source.measuredFrom;
  if (elapsed < RATE_PERIOD_MS) return;
  const sample = source.measured / elapsed;
  source.rate = source.rate === null ? sample : (source.rate + sample) / 2;
  source.measured = 0;
  source.measuredFrom = now;
  // It grows at most twofold at a time, so that one lucky period does not fill a slow link's queue.
  const fitting = Math.min(source.rate * WINDOW_MS, source.window * 2);
  source.window = Math.round(Math.min(MAX_SOURCE_WINDOW_BYTES, Math.max(MIN_SOURCE_WINDOW_BYTES, fitting)));
}

function giveUpOnSilent(state: TransferState, now: number): TransferEffect[] {
  const effects: TransferEffect[] = [];
  for (const source of state.sources.values()) {
    if (!isStalled(source, now)) continue;
    source.window = MIN_SOURCE_WINDOW_BYTES;
    for (const request of [...source.requests.values()]) {
      if (now - request.sentAt < LOST_MS) offerToOthers(state, source, request);
      else effects.push(...takeAnswer(state, lostAnswer(source, request, now)));
    }
  }
  return effects;
}

function isStalled(source: Source, now: number): boolean {
  return source.requests.size > 0 && now - Math.max(source.lastAnswerAt, oldestOf(source)) >= STALLED_MS;
}

/** What a stalled source was asked for is wanted again where another may have it; the late answer is still good. */
function offerToOthers(state: TransferState, source: Source, request: Request): void {
  for (const item of request.items) {
    const task = state.tasks.get(item.task);
    if (task === undefined || task.askers[item.piece] !== 1) continue;
    if ([...task.sources].some((device) => device !== source.device)) wantAgain(state, task, item.piece);
  }
}

function lostAnswer(source: Source, request: Request, now: number): TransferEvent & { type: 'answered' } {
  const outcomes = request.items.map((): Outcome => 'missing');
  return { type: 'answered', source: source.device, request: request.id, outcomes, now };
}

function oldestOf(source: Source): number {
  let oldest = Number.POSITIVE_INFINITY;
  for (const request of source.requests.values()) oldest = Math.min(oldest, request.sentAt);
  return oldest;
}

function assign(state: TransferState, now: number): TransferEffect[] {
  const effects: TransferEffect[] = [];
  for (const source of ranked(state)) {
    if (source.banned || now < source.restUntil || isStalled(source, now)) continue;
    while (source.inFlight < source.window) {
      const batch = nextBatch(state, source) ?? (source.inFlight === 0 ? overtake(state, source, now) : null);
      if (batch === null || (source.inFlight > 0 && source.inFlight + batch.bytes > source.window)) break;
      markAsked(state, batch);
      const request: Request = { id: state.nextRequest, items: batch.items, bytes: batch.bytes, sentAt: now };
      state.nextRequest += 1;
      if (source.requests.size === 0) {
        source.measured = 0;
        source.measuredFrom = now;
      }
      source.requests.set(request.id, request);
      source.inFlight += request.bytes;
      const { folder, kind } = batch.task;
      effects.push({ type: 'request', source: source.device, request: request.id, folder, kind, items: batch.items });
    }
  }
  return effects;
}

/** All sources, the fastest first; unmeasured ones before all, so that they get measured. */
function ranked(state: TransferState): Source[] {
  const rate = (source: Source): number => source.rate ?? Number.POSITIVE_INFINITY;
  return [...state.sources.values()].sort((a, b) => {
    if (rate(a) !== rate(b)) return rate(b) > rate(a) ? 1 : -1;
    return a.device < b.device ? -1 : 1;
  });
}

/** Tasks that wait for pieces which nobody is left to bring. Said once, until a source is offered again. */
function exhaustedOf(state: TransferState, tasks: Iterable<Task>): TransferEffect[] {
  const effects: TransferEffect[] = [];
  for (const task of tasks) {
    if (task.exhausted || task.wanted === 0) continue;
    const hope = [...task.sources].some((device) => mayAsk(sourceOf(state, device), task));
    const underWay = task.states.includes(ASKED);
    if (hope || underWay) continue;
    task.exhausted = true;
    effects.push({ type: 'exhausted', task: task.id });
  }
  return effects;
}
