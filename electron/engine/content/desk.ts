import type { DeviceId, FolderId } from '../../../shared/ids.ts';
import { invariant } from '../../../shared/invariant.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Peers } from '../ports/peers.ts';
import { createTransferState, isDone } from '../transfer/state.ts';
import { step } from '../transfer/step.ts';
import type { Item, TaskId, TransferEffect, TransferEvent } from '../transfer/types.ts';
import type { Chunk } from './chunk-list.ts';
import { type ContentMessage, encodeContentMessage } from './messages.ts';
import type { Want, WantResult } from './want.ts';
import { writeAnswer } from './write-answer.ts';

interface Open {
  readonly want: Want;
  readonly end: (result: WantResult) => void;
  /** Answers for it that are being written. */
  writing: number;
  /** How it ended, while answers are still being written: nobody may touch the target before that is over. */
  ended: WantResult | null;
}

interface Ask {
  readonly source: DeviceId;
  readonly items: readonly Item[];
}

/** How often a running transfer looks for sources that have gone silent. */
const TICK_MS = 250;

/** Where wants wait for peers: drives the transfer's pure core with messages, jobs and time. */
export class TransferDesk {
  readonly #state = createTransferState();
  readonly #open = new Map<TaskId, Open>();
  readonly #asks = new Map<number, Ask>();
  /** Answers that are being written, by who sent them. */
  readonly #writes = new Map<DeviceId, Set<Promise<unknown>>>();
  readonly #deps: { readonly peers: Peers; readonly jobs: Jobs; readonly clock: Clock };
  #nextTask = 1;
  #assignSoon = false;
  #tick: CancelTimer | null = null;

  constructor(deps: { readonly peers: Peers; readonly jobs: Jobs; readonly clock: Clock }) {
    this.#deps = deps;
  }

  /** Brings the want from the sources. `signal` takes it back; then it ends as exhausted. */
  get(want: Want, sources: readonly DeviceId[], signal: AbortSignal): Promise<WantResult> {
    const task = this.#nextTask;
    this.#nextTask += 1;
    return new Promise((resolve) => {
      const abort = (): void => this.#end(task, { type: 'exhausted' });
      const end = (result: WantResult): void => {
        signal.removeEventListener('abort', abort);
        resolve(result);
      };
      this.#open.set(task, { want, end, writing: 0, ended: null });
      if (signal.aborted) {
        abort();
        return;
      }
      signal.addEventListener('abort', abort, { once: true });
      const pieces = want.kind === 'small' ? [want.size] : want.chunks.map((chunk) => chunk.length);
      this.#step({ type: 'taskAdded', task, folder: want.folder, kind: want.kind, pieces, sources });
      this.#schedule();
    });
  }

  /** The device may have content of the folder, for wants that run already. */
  offer(source: DeviceId, has: (folder: FolderId) => boolean): void {
    this.#afterWrites(source, () => {
      for (const [task, open] of this.#open) {
        if (has(open.want.folder)) this.#step({ type: 'sourceOffered', task, source });
      }
      this.#schedule();
    });
  }

  /** The device has gone. What it brought and is being written still counts. */
  lose(source: DeviceId): void {
    this.#forgetAsks(source);
    this.#afterWrites(source, () => {
      this.#forgetAsks(source);
      this.#step({ type: 'sourceDown', source });
      this.#schedule();
    });
  }

  /** The peer is busy with other requests. */
  refused(source: DeviceId, request: number): void {
    if (this.#asks.get(request)?.source !== source) return;
    this.#asks.delete(request);
    this.#step({ type: 'refused', source, request, now: this.#deps.clock.monotonic() });
  }

  /** An answer came. One that nobody waits for, or of another device than was asked, is dropped. */
  async answered(source: DeviceId, message: ContentMessage & { type: 'pieces' }): Promise<void> {
    const ask = this.#asks.get(message.request);
    if (ask === undefined || ask.source !== source) return;
    this.#asks.delete(message.request);
    const opens = ask.items.map((item) => this.#openFor(item));
    for (const open of opens) if (open !== undefined) open.writing += 1;
    const wants = opens.map((open) => open?.want);
    const writing = writeAnswer(this.#deps.jobs, ask.items, wants, message);
    const { outcomes, failures } = await this.#writeOf(source, writing);
    for (const open of opens) if (open !== undefined) open.writing -= 1;
    for (const [task, error] of failures) this.#end(task, { type: 'failed', error });
    for (const { task } of ask.items) {
      const ended = this.#open.get(task)?.ended ?? null;
      if (ended !== null) this.#end(task, ended);
    }
    const now = this.#deps.clock.monotonic();
    this.#step({ type: 'answered', source, request: message.request, outcomes, now });
    this.#schedule();
  }

  /** Ends all wants. */
  stop(): void {
    for (const task of [...this.#open.keys()]) this.#end(task, { type: 'exhausted' });
    this.#tick?.();
    this.#tick = null;
  }

  async #writeOf<T>(source: DeviceId, writing: Promise<T>): Promise<T> {
    const writes = this.#writes.get(source) ?? new Set();
    this.#writes.set(source, writes);
    writes.add(writing);
    const result = await writing;
    writes.delete(writing);
    return result;
  }

  /** Runs at once, or after everything that the source brought so far was written and counted. */
  #afterWrites(source: DeviceId, run: () => void): void {
    const writes = this.#writes.get(source);
    if (writes === undefined || writes.size === 0) run();
    else void Promise.all(writes).then(() => this.#afterWrites(source, run));
  }

  #forgetAsks(source: DeviceId): void {
    for (const [request, ask] of this.#asks) if (ask.source === source) this.#asks.delete(request);
  }

  /** The want of an item that is still needed. */
  #openFor(item: Item): Open | undefined {
    const open = this.#open.get(item.task);
    return open === undefined || open.ended !== null || isDone(this.#state, item) ? undefined : open;
  }

  #end(task: TaskId, result: WantResult): void {
    const open = this.#open.get(task);
    if (open === undefined) return;
    step(this.#state, { type: 'taskRemoved', task });
    if (open.writing > 0) {
      open.ended ??= result;
      return;
    }
    this.#open.delete(task);
    if (this.#open.size === 0) {
      this.#tick?.();
      this.#tick = null;
    }
    open.end(result);
  }

  #step(event: TransferEvent): void {
    for (const effect of step(this.#state, event)) this.#perform(effect);
  }

  #perform(effect: TransferEffect): void {
    switch (effect.type) {
      case 'finished':
        this.#end(effect.task, { type: 'done' });
        return;
      case 'exhausted':
        this.#end(effect.task, { type: 'exhausted' });
        return;
      case 'banned':
        return;
      case 'request': {
        this.#asks.set(effect.request, { source: effect.source, items: effect.items });
        this.#deps.peers.send(effect.source, 'content', encodeContentMessage(this.#messageOf(effect)));
        return;
      }
    }
  }

  #messageOf(effect: TransferEffect & { type: 'request' }): ContentMessage {
    const { request, folder } = effect;
    const wants = effect.items.map((item) => this.#open.get(item.task)?.want);
    const [first] = wants;
    invariant(first !== undefined, 'only open wants are asked for');
    if (first.kind === 'large') {
      const chunks = effect.items.map((item) => first.chunks[item.piece] as Chunk);
      return { type: 'wantChunks', request, folder, content: first.content, size: first.size, chunks };
    }
    const contents = wants.flatMap((want) => (want === undefined ? [] : [{ hash: want.content, length: want.size }]));
    return { type: 'wantContents', request, folder, contents };
  }

  /** Hands out work in a later turn, so that wants given together travel together. */
  #schedule(): void {
    if (this.#open.size > 0) this.#tick ??= this.#deps.clock.every(TICK_MS, () => this.#schedule());
    if (this.#assignSoon) return;
    this.#assignSoon = true;
    setImmediate(() => {
      this.#assignSoon = false;
      if (this.#open.size > 0) this.#step({ type: 'assign', now: this.#deps.clock.monotonic() });
    });
  }
}
