import type { ConsensusMessage } from '../../electron/engine/consensus/messages.ts';
import { timingFromBudget } from '../../electron/engine/consensus/timing.ts';
import type { Failover } from '../../electron/engine/consensus/types.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.ts';
import { createEventQueue } from './event-queue.ts';
import { type Checker, createChecker } from './invariants.ts';
import { type Behaviour, SimNode, type World } from './sim-node.ts';

/** How badly the network treats messages. */
export interface Weather {
  loss: number;
  duplication: number;
  minDelayMs: number;
  maxDelayMs: number;
  /** Probability that a flush takes its time. */
  slowFlush: number;
}

/** No trouble at all. */
export const CALM: Weather = { loss: 0, duplication: 0, minDelayMs: 1, maxDelayMs: 5, slowFlush: 0 };

type SimEvent =
  | {
      readonly kind: 'deliver';
      readonly from: DeviceId;
      readonly to: DeviceId;
      readonly run: number;
      readonly message: ConsensusMessage;
    }
  | { readonly kind: 'wake'; readonly node: SimNode; readonly run: number }
  | { readonly kind: 'do'; readonly what: () => void };

/** Counts of what a run really did. */
export interface SimCounts {
  steps: number;
  crashes: number;
  failovers: number;
  proposals: number;
}

/** A simulated group: virtual time, a network and nodes, all of it decided by one seed. */
export class Simulation implements World {
  readonly checker: Checker = createChecker();
  readonly timing = timingFromBudget(1_000, 10);
  readonly maxVoters: number;
  readonly random: SeededRandom;
  readonly nodes = new Map<DeviceId, SimNode>();
  readonly counts: SimCounts = { steps: 0, crashes: 0, failovers: 0, proposals: 0 };
  readonly failovers: Failover[] = [];
  weather: Weather = CALM;
  /** What happens to a node in the middle of some of its flushes. */
  onFlush: ((node: SimNode) => void) | null = null;
  /** The trace in words, kept only if asked for. */
  readonly transcript: string[] | null;
  readonly #behaviour: Behaviour;
  readonly #queue = createEventQueue<SimEvent>();
  /** Directions in which nothing gets through, as `from>to`. */
  readonly #blocked = new Set<string>();
  #time = 0;
  #trace = 0x811c9dc5;

  constructor(seed: number, behaviour: Behaviour, options: { maxVoters: number; transcript?: boolean }) {
    this.random = createSeededRandom(seed);
    this.#behaviour = behaviour;
    this.maxVoters = options.maxVoters;
    this.transcript = options.transcript === true ? [] : null;
  }

  now(): number {
    return this.#time;
  }

  /** A number that stands for everything that happened so far, in its order. */
  get trace(): number {
    return this.#trace;
  }

  note(text: string): void {
    this.counts.steps += 1;
    let hash = this.#trace;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    this.#trace = Math.imul(hash ^ Math.round(this.#time * 1000), 0x01000193) >>> 0;
    this.transcript?.push(`${this.#time.toFixed(1)} ${text}`);
  }

  failover(record: Failover): void {
    this.counts.failovers += 1;
    this.failovers.push(record);
    this.note(`failover ${JSON.stringify(record)}`);
  }

  /** A device with an empty disk. */
  add(name: string): SimNode {
    const node = new SimNode(name as DeviceId, this, this.random.fork(), this.#behaviour);
    this.nodes.set(node.id, node);
    return node;
  }

  after(ms: number, what: () => void): void {
    this.#queue.push(this.#time + ms, { kind: 'do', what });
  }

  wakeAt(node: SimNode, at: number): void {
    this.#queue.push(at, { kind: 'wake', node, run: node.run });
  }

  flushMs(): number | null {
    return this.random.chance(this.weather.slowFlush) ? 30 * this.random.fraction() : null;
  }

  flushing(node: SimNode, ms: number): void {
    if (this.onFlush !== null && this.random.chance(0.03))
      this.after(ms * this.random.fraction(), () => this.onFlush?.(node));
  }

  send(from: DeviceId, to: DeviceId, message: ConsensusMessage): void {
    const { weather } = this;
    if (this.#blocked.has(`${from}>${to}`) || this.random.chance(weather.loss)) return;
    const run = this.nodes.get(to)?.run ?? 0;
    for (let copies = this.random.chance(weather.duplication) ? 2 : 1; copies > 0; copies--) {
      const delay = weather.minDelayMs + this.random.fraction() * (weather.maxDelayMs - weather.minDelayMs);
      this.#queue.push(this.#time + delay, { kind: 'deliver', from, to, run, message });
    }
  }

  /** Stops everything from `from` to `to`; links stay up until somebody says otherwise. */
  block(from: DeviceId, to: DeviceId): void {
    this.#blocked.add(`${from}>${to}`);
  }

  unblock(): void {
    this.#blocked.clear();
  }

  isBlocked(from: DeviceId, to: DeviceId): boolean {
    return this.#blocked.has(`${from}>${to}`);
  }

  /** Tells a node that it gained or lost its last link to another. */
  link(node: SimNode, other: DeviceId, state: 'up' | 'down'): void {
    this.note(`${node.id} link ${state} ${other}`);
    node.input({ type: 'link', device: other, state });
  }

  crash(node: SimNode): void {
    if (node.state === null) return;
    this.counts.crashes += 1;
    this.note(`${node.id} crashes`);
    node.crash();
  }

  /** Runs what falls due until a time, or until `done` holds. */
  runUntil(time: number, done?: () => boolean): boolean {
    for (;;) {
      if (done?.() === true) return true;
      const next = this.#queue.pop();
      if (next === undefined || next.at > time) {
        if (next !== undefined) this.#queue.push(next.at, next.event);
        this.#time = time;
        return done?.() === true;
      }
      this.#time = Math.max(this.#time, next.at);
      this.#happen(next.event);
    }
  }

  #happen(event: SimEvent): void {
    if (event.kind === 'do') event.what();
    else if (event.kind === 'wake') {
      if (event.node.run === event.run) event.node.wake();
    } else {
      const node = this.nodes.get(event.to);
      if (node === undefined || node.run !== event.run || node.state === null) return;
      this.note(`${event.from}>${event.to} ${event.message.type} ${event.message.term}`);
      node.input({ type: 'message', from: event.from, message: event.message });
    }
  }
}
