import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import { assertNever } from '../../../shared/invariant.ts';
import type { LogEntry } from '../consensus/entry.ts';
import { lastPosition } from '../consensus/log.ts';
import type { ConsensusMessage } from '../consensus/messages.ts';
import { type ConsensusState, restoredState } from '../consensus/state.ts';
import { foundGroup, nextTickAt, type StepResult, step } from '../consensus/step.ts';
import type { ConsensusEffect, ConsensusInput, Failover, Sealer, Surroundings, Timing } from '../consensus/types.ts';
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
  #state: ConsensusState;
  #running = false;
  #stopped = true;
  #held = false;
  #cancelTick: CancelTimer | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(deps: ConsensusDriverDeps) {
    this.#deps = deps;
    const { self, group, stored, timing, clock, random } = deps;
    const core = { self, group, hardState: stored.hardState, base: null, entries: stored.entries };
    const at = { now: clock.monotonic(), random: random.fraction() };
    this.#state = restoredState({ ...core, proof: stored.proof, timing }, at);
  }

  get state(): ConsensusState {
    return this.#state;
  }

  /** Begins to take inputs and ticks; `found` makes this device the founder. */
  start(found: boolean): void {
    this.#stopped = false;
    // What the founding leads to is fed like everything else: after the step is done.
    this.#running = true;
    if (found) this.#run(() => foundGroup(this.#state, this.#surroundings()));
    this.#running = false;
    this.#drain();
  }

  stop(): void {
    this.#stopped = true;
    this.#queue.length = 0;
    this.#cancelTick?.();
    this.#cancelTick = null;
  }

  /** Takes an input; it is worked on at once, or after the one under way. */
  feed(input: ConsensusInput): void {
    if (this.#stopped || (this.#held && endangersVotes(input))) return;
    this.#queue.push(input);
    this.#drain();
  }

  /** While held, this device neither votes nor stands: a restored home does not know what it had promised. */
  hold(held: boolean): void {
    this.#held = held;
    this.#drain();
  }

  get held(): boolean {
    return this.#held;
  }

  #drain(): void {
    if (this.#running || this.#stopped) return;
    this.#running = true;
    try {
      for (let input = this.#queue.shift(); input !== undefined; input = this.#queue.shift()) {
        this.#take(input);
        if (this.#stopped) return;
      }
    } finally {
      this.#running = false;
    }
    this.#armTick();
  }

  #take(input: ConsensusInput): void {
    const work = (): StepResult => step(this.#state, input, this.#surroundings());
    if (input.type !== 'message') {
      if (!this.#run(work) && input.type === 'propose') this.#deps.handlers.refused(input.id);
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
    const before = this.#state;
    const { state, effects } = work();
    const persist = effects.find((effect) => effect.type === 'persist');
    if (persist !== undefined) {
      try {
        persistLog(this.#deps.store, this.#deps.group, persist, state.proof, lastPosition(before.log).index);
      } catch (error) {
        this.#failedAt = this.#deps.clock.monotonic();
        this.#deps.handlers.problem(error);
        return false;
      }
    }
    this.#state = state;
    for (const effect of effects) {
      if (this.#stopped) break;
      this.#carryOut(effect);
    }
    return true;
  }

  #carryOut(effect: ConsensusEffect): void {
    const { handlers } = this.#deps;
    switch (effect.type) {
      case 'persist':
      case 'appended':
      case 'violation':
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
    const due = Math.max(nextTickAt(this.#state), this.#failedAt + RETRY_AFTER_FAILURE_MS);
    if (this.#held || due === Number.POSITIVE_INFINITY) return;
    const wait = Math.max(0, due - this.#deps.clock.monotonic());
    this.#cancelTick = this.#deps.clock.after(wait, () => {
      this.#cancelTick = null;
      this.feed({ type: 'tick' });
    });
  }

  #surroundings(): Surroundings {
    const { clock, random, sealer } = this.#deps;
    return { now: clock.monotonic(), clock: clock.now(), random: random.fraction(), sealer };
  }
}

/** Inputs after which a device might vote, or stand for election. */
function endangersVotes(input: ConsensusInput): boolean {
  if (input.type === 'tick' || input.type === 'propose') return true;
  if (input.type === 'link') return input.state === 'down';
  if (input.type !== 'message') return false;
  const { type } = input.message;
  return type === 'preVoteRequest' || type === 'voteRequest' || type === 'timeoutNow';
}
