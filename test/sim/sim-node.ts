import { wantedElectorate } from '../../electron/engine/consensus/electorate.ts';
import type { CommitProof, LogEntry } from '../../electron/engine/consensus/entry.ts';
import type { ConsensusMessage } from '../../electron/engine/consensus/messages.ts';
import { type ConsensusState, FRESH_HARD_STATE, restoredState } from '../../electron/engine/consensus/state.ts';
import { foundGroup, nextTickAt, step } from '../../electron/engine/consensus/step.ts';
import type {
  ConsensusEffect,
  ConsensusInput,
  Failover,
  HardState,
  Surroundings,
  Timing,
} from '../../electron/engine/consensus/types.ts';
import type { DeviceId, GroupId } from '../../shared/ids.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import { type Checker, PromiseBroken } from './invariants.ts';
import { simSealer } from './sim-sealer.ts';

/** The name of every simulated group. */
export const SIM_GROUP = 'group' as GroupId;

/** How long a node that decides alone listens at its start. */
const LISTEN_MS = 600;

/** What is broken on purpose; the healthy behaviour is `step` itself and a flush before everything else. */
export interface Behaviour {
  readonly step: typeof step;
  readonly sendsBeforeFlush: boolean;
}

/** The rules kept. */
export const HEALTHY: Behaviour = { step, sendsBeforeFlush: false };

/** What a node asks of the world around it. */
export interface World {
  readonly checker: Checker;
  readonly timing: Timing;
  readonly maxVoters: number;
  now(): number;
  send(from: DeviceId, to: DeviceId, message: ConsensusMessage): void;
  /** Calls `wake` of the node at a time of the world, unless it was restarted by then. */
  wakeAt(node: SimNode, at: number): void;
  /** Milliseconds that a flush takes now; null: it is done at once. */
  flushMs(): number | null;
  /** A flush has begun: the moment at which crashes hurt most. */
  flushing(node: SimNode, ms: number): void;
  note(text: string): void;
  failover(record: Failover): void;
}

interface Disk {
  hard: HardState;
  entries: LogEntry[];
  proof: CommitProof | null;
}

/** One device: a disk that survives crashes, a core that does not, and a driver that obeys the ordering law. */
export class SimNode {
  readonly id: DeviceId;
  /** Null while crashed. */
  state: ConsensusState | null = null;
  /** Counts starts, so that what was meant for an earlier run is not delivered to a later one. */
  run = 0;
  pausedUntil = 0;
  wallOffset = 0;
  members: DeviceId[] = [];
  readonly #disk: Disk = { hard: FRESH_HARD_STATE, entries: [], proof: null };
  readonly #world: World;
  readonly #random: SeededRandom;
  readonly #behaviour: Behaviour;
  #rate = 1;
  #startedAt = 0;
  #inbox: ConsensusInput[] = [];
  #flushing: { readonly until: number; readonly write: () => void; readonly done: () => void } | null = null;

  constructor(id: DeviceId, world: World, random: SeededRandom, behaviour: Behaviour) {
    this.id = id;
    this.#world = world;
    this.#random = random;
    this.#behaviour = behaviour;
  }

  /** The monotonic clock of this run, which is a little fast or slow. */
  get now(): number {
    return 1_000 + (this.#world.now() - this.#startedAt) * this.#rate;
  }

  #surroundings(): Surroundings {
    const clock = 1_700_000_000_000 + this.#world.now() + this.wallOffset;
    return { now: this.now, clock, random: this.#random.fraction(), sealer: simSealer };
  }

  /** Starts from the disk; `found` makes it the founder. */
  start(found = false): void {
    this.run += 1;
    this.#startedAt = this.#world.now();
    this.#rate = 0.95 + 0.1 * this.#random.fraction();
    this.#inbox = [];
    this.#flushing = null;
    this.pausedUntil = 0;
    const { hard, entries, proof } = this.#disk;
    const { timing } = this.#world;
    const stored = {
      self: this.id,
      group: SIM_GROUP,
      base: null,
      timing,
      hardState: hard,
      entries: [...entries],
      proof,
    };
    const state = restoredState(stored, { now: this.now, random: this.#random.fraction(), listenMs: LISTEN_MS });
    this.state = state;
    this.#world.checker.afterStart(this.id, state);
    this.members = [];
    this.#judge(entries.slice(0, hard.commitIndex));
    if (found) this.#take(foundGroup(state, this.#surroundings()), state);
    else this.input({ type: 'wantedElectorate', electorate: wantedElectorate(this.members, this.#world.maxVoters) });
    this.#scheduleTick();
  }

  /** Loses everything that is not on the disk; a flush under way is done or not, by chance. */
  crash(): void {
    const done = this.#flushing !== null && this.#random.chance(0.5);
    if (done) this.#flushing?.write();
    this.state = null;
    this.#flushing = null;
    this.#inbox = [];
  }

  /** Something happens to this node: at once, or once its pause or flush is over. */
  input(input: ConsensusInput): void {
    if (this.state === null) return;
    if (this.#flushing !== null || this.#world.now() < this.pausedUntil) {
      this.#inbox.push(input);
      return;
    }
    const before = this.state;
    this.#take(this.#behaviour.step(before, input, this.#surroundings()), before);
    this.#scheduleTick();
  }

  /** A flush or a pause may be over, or a tick due. */
  wake(): void {
    if (this.state === null || this.#world.now() < this.pausedUntil) return;
    if (this.#flushing !== null) {
      if (this.#world.now() < this.#flushing.until) return;
      const { write, done } = this.#flushing;
      this.#flushing = null;
      write();
      done();
    }
    while (this.#inbox.length > 0 && this.#flushing === null) this.input(this.#inbox.shift() as ConsensusInput);
    if (this.state !== null && this.#flushing === null && this.now >= nextTickAt(this.state))
      this.input({ type: 'tick' });
  }

  #scheduleTick(): void {
    if (this.state === null) return;
    const due = nextTickAt(this.state);
    if (due === Number.POSITIVE_INFINITY) return;
    const wait = Math.max(0, (due - this.now) / this.#rate);
    this.#world.wakeAt(this, this.#world.now() + wait + 0.001 + 3 * this.#random.fraction());
  }

  #take(result: { state: ConsensusState; effects: readonly ConsensusEffect[] }, before: ConsensusState): void {
    this.state = result.state;
    // What a step decided counts from when the others or the reducer can see it, which is after its flush.
    const visible = (rest: readonly ConsensusEffect[]): void => {
      this.#world.checker.afterStep(this.id, before, result.state);
      this.#carryOut(rest);
    };
    const [first, ...rest] = result.effects;
    if (rest.some(({ type }) => type === 'persist')) throw new PromiseBroken(`${this.id} persists too late`);
    if (first?.type !== 'persist') {
      visible(result.effects);
      return;
    }
    const flushMs = this.#world.flushMs();
    if (flushMs === null) {
      this.#write(first);
      visible(rest);
      return;
    }
    const early = this.#behaviour.sendsBeforeFlush;
    const until = this.#world.now() + flushMs;
    this.#flushing = { until, write: () => this.#write(first), done: () => (early ? undefined : visible(rest)) };
    this.#world.wakeAt(this, until);
    this.#world.flushing(this, flushMs);
    if (early) visible(rest);
  }

  #write(effect: Extract<ConsensusEffect, { type: 'persist' }>): void {
    const disk = this.#disk;
    disk.hard = effect.hardState;
    if (effect.truncateFrom !== null) disk.entries.length = effect.truncateFrom - 1;
    for (const entry of effect.entries) {
      if (entry.index !== disk.entries.length + 1) throw new Error(`${this.id} writes ${entry.index} out of order`);
      disk.entries.push(entry);
    }
    if (effect.proof !== null) disk.proof = effect.proof;
  }

  #carryOut(effects: readonly ConsensusEffect[]): void {
    let applied = false;
    for (const effect of effects) {
      if (effect.type === 'send') this.#world.send(this.id, effect.to, effect.message);
      else if (effect.type === 'apply') {
        this.#world.checker.afterApply(this.id, effect.entries);
        applied = this.#judge(effect.entries) || applied;
      } else if (effect.type === 'role')
        this.#world.note(`${this.id} ${effect.role} of ${effect.master} in ${effect.term}`);
      else if (effect.type === 'failover') this.#world.failover(effect.record);
      else if (effect.type === 'violation')
        throw new PromiseBroken(`${this.id} accuses ${effect.from} of ${effect.rule}`);
    }
    if (applied)
      this.input({ type: 'wantedElectorate', electorate: wantedElectorate(this.members, this.#world.maxVoters) });
  }

  /** The reducer of the simulation: who is a member, in the order of joining. Answers whether that changed. */
  #judge(entries: readonly LogEntry[]): boolean {
    let changed = false;
    for (const { body, master, index } of entries) {
      const [verb, who] = body.type === 'operation' ? Buffer.from(body.bytes).toString().split(' ') : [];
      const device = (index === 1 ? master : who) as DeviceId;
      const joins = index === 1 || verb === 'join';
      if (joins && !this.members.includes(device)) this.members = [...this.members, device];
      else if (verb === 'leave' && this.members.length > 1) this.members = this.members.filter((one) => one !== device);
      else continue;
      changed = true;
    }
    return changed;
  }
}
