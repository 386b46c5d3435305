import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import { assertNever } from '../../../shared/invariant.ts';
import type { LogEntry } from '../consensus/entry.ts';
import { lastPosition } from '../consensus/log.ts';
import type { ConsensusMessage } from '../consensus/messages.ts';
import { type ConsensusState, restoredState } from '../consensus/state.ts';
import { foundGroup, nextTickAt, type StepResult, step } from '../consensus/step.ts';
import type {
  ConsensusEffect,
  ConsensusInput,
  Failover,
  Sealer,
  Surroundings,
  Timing,
  Violation,
} from '../consensus/types.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store.ts';
import { persistLog, type StoredLog } from './log-store.ts';

/** What the driver calls; nothing of it is called before `start`. */
export interface ConsensusHandlers {
  send(to: DeviceId, message: ConsensusMessage): void;
  apply(entries: readonly LogEntry[]): void;
  /** Role, master or term are other than before. */
  roleChanged(): void;
  refused(id: string): void;
  failover(record: Failover): void;
  /** A peer broke a rule; its message was dropped. */
  violation(from: DeviceId, rule: Violation): void;
  /** A step did not happen: the local database refused it, or a peer's message made no sense. */
  problem(error: unknown): void;
}

export interface ConsensusDriverDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly group: GroupId;
  readonly self: DeviceId;
  readonly sealer: Sealer;
  readonly stored: StoredLog;
  readonly timing: Timing;
  /** See `restoredState`. */
  readonly listenMs: number;
  readonly handlers: ConsensusHandlers;
}

/** After a step that the disk refused, the clock is not asked again before this. */
const RETRY_AFTER_FAILURE_MS = 1_000;

/**
 * Runs the consensus core: feeds it, one input after the other, and carries out its effects in their order. What is to be
 * persisted is durable before anything of the same step leaves the device; if that fails the step never happened.
 */
export class ConsensusDriver {
  readonly #deps: ConsensusDriverDeps;
  readonly #queue: ConsensusInput[] = [];
  /** Facts whose step the disk refused, by what they are about: they stay true, and are taken again with the next tick. */
  readonly #missed = new Map<string, ConsensusInput>();
  #state: ConsensusState;
  #running = false;
  #phase: 'new' | 'started' | 'stopped' = 'new';
  #cancelTick: CancelTimer | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(deps: ConsensusDriverDeps) {
    this.#deps = deps;
    this.#state = this.#restored();
  }

  get state(): ConsensusState {
    return this.#state;
  }

  /** Begins to take inputs and ticks; `found` makes this device the founder. */
  start(found: boolean): void {
    this.#phase = 'started';
    // What is due counts from here, not from when the disk was read.
    this.#state = this.#restored();
    // What the founding leads to is fed like everything else: after the step is done.
    this.#running = true;
    if (found) this.#run(() => foundGroup(this.#state, this.#surroundings()));
    this.#running = false;
    this.#drain();
  }

  stop(): void {
    this.#phase = 'stopped';
    this.#queue.length = 0;
    this.#cancelTick?.();
    this.#cancelTick = null;
  }

  /** Takes an input; it is worked on at once, or after the one under way, or at the start. */
  feed(input: ConsensusInput): void {
    if (this.#phase === 'stopped') return;
    this.#queue.push(input);
    this.#drain();
  }

  #restored(): ConsensusState {
    const { self, group, stored, timing, clock, random, listenMs } = this.#deps;
    const core = { self, group, hardState: stored.hardState, base: null, entries: stored.entries };
    const start = { now: clock.monotonic(), random: random.fraction(), listenMs };
    return restoredState({ ...core, proof: stored.proof, timing }, start);
  }

  #drain(): void {
    if (this.#running || this.#phase !== 'started') return;
    this.#running = true;
    try {
      for (let input = this.#queue.shift(); input !== undefined; input = this.#queue.shift()) {
        this.#take(input);
        if (this.#phase !== 'started') return;
      }
    } finally {
      this.#running = false;
    }
    this.#armTick();
  }

  #take(input: ConsensusInput): void {
    const work = (): StepResult => step(this.#state, input, this.#surroundings());
    if (input.type !== 'message') {
      const taken = this.#run(work);
      const about = aboutOf(input);
      if (about !== null && taken) this.#missed.delete(about);
      else if (about !== null) this.#missed.set(about, input);
      if (!taken && input.type === 'propose') this.#deps.handlers.refused(input.id);
      return;
    }
    // A peer's message that the core cannot take changes nothing: the step is a function, and nothing of it was kept.
    let result: StepResult;
    try {
      result = work();
    } catch (error) {
      this.#deps.handlers.problem(error);
      return;
    }
    this.#run(() => result);
  }

  /** Whether the step happened: false where its `persist` failed. */
  #run(work: () => StepResult): boolean {
    const { state, effects } = work();
    const persist = effects.find((effect) => effect.type === 'persist');
    if (persist !== undefined) {
      try {
        persistLog(this.#deps.store, this.#deps.group, persist, state.proof, lastPosition(state.log).index);
      } catch (error) {
        this.#failedAt = this.#deps.clock.monotonic();
        this.#deps.handlers.problem(error);
        return false;
      }
    }
    this.#state = state;
    for (const effect of effects) {
      if (this.#phase !== 'started') break;
      this.#carryOut(effect);
    }
    return true;
  }

  #carryOut(effect: ConsensusEffect): void {
    const { handlers } = this.#deps;
    switch (effect.type) {
      case 'persist':
      case 'appended':
        return;
      case 'violation':
        handlers.violation(effect.from, effect.rule);
        return;
      case 'send':
        handlers.send(effect.to, effect.message);
        return;
      case 'apply':
        handlers.apply(effect.entries);
        return;
      case 'role':
        handlers.roleChanged();
        return;
      case 'refused':
        handlers.refused(effect.id);
        return;
      case 'failover':
        handlers.failover(effect.record);
        return;
      default:
        assertNever(effect);
    }
  }

  #armTick(): void {
    this.#cancelTick?.();
    this.#cancelTick = null;
    const next = this.#missed.size > 0 ? 0 : nextTickAt(this.#state);
    const due = Math.max(next, this.#failedAt + RETRY_AFTER_FAILURE_MS);
    if (due === Number.POSITIVE_INFINITY) return;
    const wait = Math.max(0, due - this.#deps.clock.monotonic());
    this.#cancelTick = this.#deps.clock.after(wait, () => {
      this.#cancelTick = null;
      this.#queue.push(...this.#missed.values());
      this.feed({ type: 'tick' });
    });
  }

  #surroundings(): Surroundings {
    const { clock, random, sealer } = this.#deps;
    return { now: clock.monotonic(), clock: clock.now(), random: random.fraction(), sealer };
  }
}

/** What a fact is about, of which only the latest counts; null: not a fact. */
function aboutOf(input: ConsensusInput): string | null {
  switch (input.type) {
    case 'link':
      return `link ${input.device}`;
    case 'wantedElectorate':
    case 'timing':
    case 'hold':
      return input.type;
    default:
      return null;
  }
}
