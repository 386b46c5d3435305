import { sameElectorate } from '../../electron/engine/consensus/electorate.ts';
import { currentElectorate } from '../../electron/engine/consensus/log.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { PromiseBroken } from './invariants.ts';
import { type Behaviour, HEALTHY, type SimNode } from './sim-node.ts';
import { CALM, Simulation } from './simulation.ts';

/** How long and how large a run is. */
export interface ChaosOptions {
  readonly nodes: number;
  readonly chaosMs: number;
  readonly behaviour: Behaviour;
  readonly transcript: boolean;
}

const DEFAULTS: ChaosOptions = { nodes: 5, chaosMs: 16_000, behaviour: HEALTHY, transcript: false };

/** Time after the last trouble within which all must be well again, in milliseconds of the simulation. */
const HEAL_MS = 20_000;

/**
 * One group through one seed: it grows and shrinks under loss, delay, partitions, crashes, pauses and clock jumps while the
 * checker watches; then the trouble ends, and it must come to one master, the wanted electorate, and commit again.
 */
export function runChaos(seed: number, options: Partial<ChaosOptions> = {}): Simulation {
  const { nodes, chaosMs, behaviour, transcript } = { ...DEFAULTS, ...options };
  const sim = new Simulation(seed, behaviour, { maxVoters: seed % 3 === 0 ? 5 : 3, transcript });
  const all = Array.from({ length: nodes }, (_, at) => sim.add(`n${at}`));
  const chaos = new Chaos(sim, all);
  try {
    chaos.grow(seed % 4 === 0 ? 1 : 3);
    chaos.rage(chaosMs);
    chaos.heal();
  } catch (error) {
    if (error instanceof Error) error.message += ` (seed ${seed}, at ${sim.now().toFixed(1)} ms)`;
    throw error;
  }
  return sim;
}

class Chaos {
  readonly #sim: Simulation;
  readonly #all: readonly SimNode[];
  /** Nodes that were ever brought in; they stay linked, members or not. */
  #active: SimNode[] = [];
  #number = 0;
  #raging = false;

  constructor(sim: Simulation, all: readonly SimNode[]) {
    this.#sim = sim;
    this.#all = all;
  }

  /** Founds the group and brings in its first members in calm. */
  grow(members: number): void {
    const founder = this.#all[0] as SimNode;
    founder.start(true);
    this.#active = [founder];
    while (this.#active.length < members) {
      this.#bringIn();
      this.#sim.runUntil(this.#sim.now() + 300);
    }
  }

  /** Trouble of every kind. */
  rage(ms: number): void {
    const { random } = this.#sim;
    this.#raging = true;
    this.#sim.onFlush = (node) => this.#crash(node);
    this.#changeWeather();
    this.#again(
      () => 5_000 * random.fraction(),
      () => this.#changeWeather(),
    );
    this.#again(
      () => 40 + 200 * random.fraction(),
      () => this.#write(),
    );
    const pace = random.pick([60, 150, 400]);
    this.#again(
      () => 2 * pace * random.fraction(),
      () => this.#trouble(),
    );
    this.#sim.runUntil(this.#sim.now() + ms);
    this.#raging = false;
    this.#sim.onFlush = null;
  }

  #changeWeather(): void {
    const { random } = this.#sim;
    this.#sim.weather = {
      loss: random.pick([0, 0.02, 0.1, 0.25]),
      duplication: random.pick([0, 0.05, 0.2]),
      minDelayMs: 1,
      maxDelayMs: random.pick([5, 40, 150, 400]),
      slowFlush: random.pick([0, 0.2, 0.6]),
    };
  }

  #again(wait: () => number, what: () => void): void {
    this.#sim.after(wait(), () => {
      if (!this.#raging) return;
      what();
      this.#again(wait, what);
    });
  }

  #trouble(): void {
    const { random } = this.#sim;
    const node = random.pick(this.#active);
    const other = random.pick(this.#all);
    const kind = random.integer(15);
    if (kind <= 1) this.#partition();
    else if (kind === 2) this.#sim.block(node.id, other.id);
    else if (kind <= 4) this.#reconnect();
    else if (kind <= 6) this.#crash(random.chance(0.4) ? (this.#master() ?? node) : node);
    else if (kind === 7) this.#pause(random.chance(0.4) ? (this.#master() ?? node) : node);
    else if (kind === 8) node.wallOffset = (random.fraction() - 0.5) * 2 * 3_600_000;
    else if (kind === 9) node.input({ type: 'transfer', to: other.id });
    else if (kind === 10) this.#flap(node, other);
    else if (kind <= 12) this.#bringIn();
    else if (kind === 13) this.#forsake();
    else this.#propose(`leave ${random.pick(this.#active).id}`);
  }

  /** Splits the nodes in two; a side notices at once, later or not at all that its links are gone. */
  #partition(): void {
    const { random } = this.#sim;
    const left = new Set(this.#active.filter(() => random.chance(0.5)));
    for (const a of this.#active)
      for (const b of this.#active) {
        if (left.has(a) === left.has(b)) continue;
        this.#sim.block(a.id, b.id);
        if (random.chance(0.6)) this.#sim.after(100 * random.fraction(), () => this.#tell(a, b.id, 'down'));
      }
  }

  #reconnect(): void {
    this.#sim.unblock();
    for (const a of this.#active)
      for (const b of this.#active)
        if (a !== b) this.#sim.after(50 * this.#sim.random.fraction(), () => this.#tell(a, b.id, 'up'));
  }

  #tell(node: SimNode, other: DeviceId, state: 'up' | 'down'): void {
    const reachable = this.#sim.nodes.get(other)?.state !== null && !this.#sim.isBlocked(node.id, other);
    if (node.state !== null && (state === 'down' || reachable)) this.#sim.link(node, other, state);
  }

  #crash(node: SimNode): void {
    const { random } = this.#sim;
    this.#sim.crash(node);
    const noticed = random.chance(0.7);
    for (const other of this.#active)
      if (noticed && other !== node) this.#sim.after(20 * random.fraction(), () => this.#tell(other, node.id, 'down'));
    this.#sim.after(1_500 * random.fraction(), () => this.#restart(node));
  }

  #restart(node: SimNode): void {
    if (node.state !== null) return;
    this.#sim.note(`${node.id} starts`);
    node.start();
    for (const other of this.#active) {
      if (other === node || this.#sim.isBlocked(node.id, other.id) || other.state === null) continue;
      this.#tell(node, other.id, 'up');
      this.#tell(other, node.id, 'up');
    }
  }

  #pause(node: SimNode): void {
    node.pausedUntil = this.#sim.now() + 1_500 * this.#sim.random.fraction();
    this.#sim.note(`${node.id} sleeps`);
    this.#sim.wakeAt(node, node.pausedUntil);
  }

  #flap(node: SimNode, other: SimNode): void {
    if (node === other || !this.#active.includes(other)) return;
    this.#tell(node, other.id, 'down');
    this.#sim.after(100 * this.#sim.random.fraction(), () => this.#tell(node, other.id, 'up'));
  }

  /** All lose the links to the master at the same moment, as when its process is killed, and all stand at once. */
  #forsake(): void {
    const master = this.#master();
    if (master === undefined) return;
    for (const node of this.#active) {
      if (node === master) continue;
      this.#tell(node, master.id, 'down');
      this.#sim.after(500 * this.#sim.random.fraction(), () => this.#tell(node, master.id, 'up'));
    }
  }

  /** A device joins: it is linked with all others, and the master is asked to write it down. */
  #bringIn(): void {
    const fresh = this.#sim.random.pick(this.#all);
    const node = this.#raging ? fresh : (this.#all[this.#active.length] as SimNode);
    if (!this.#active.includes(node)) {
      node.start();
      const others = this.#active;
      this.#active = [...others, node];
      for (const other of others) {
        this.#tell(node, other.id, 'up');
        this.#tell(other, node.id, 'up');
      }
    }
    this.#propose(`join ${node.id}`);
  }

  #write(): void {
    this.#number += 1;
    this.#propose(`write ${this.#number}`);
  }

  #propose(text: string): void {
    const node = this.#master() ?? this.#sim.random.pick(this.#active);
    this.#sim.counts.proposals += 1;
    node.input({ type: 'propose', id: text, bytes: Buffer.from(text) });
  }

  /** Some node that takes itself for the master; during a partition there may be two, of different terms. */
  #master(): SimNode | undefined {
    const masters = this.#active.filter((node) => node.state?.role.kind === 'master');
    return masters.length > 0 ? this.#sim.random.pick(masters) : undefined;
  }

  /** The trouble ends: everything must be well within bounded time. */
  heal(): void {
    const sim = this.#sim;
    sim.weather = CALM;
    sim.unblock();
    for (const node of this.#active) {
      node.pausedUntil = Math.min(node.pausedUntil, sim.now());
      sim.wakeAt(node, sim.now());
    }
    sim.runUntil(sim.now() + 100);
    for (const node of this.#active) this.#restart(node);
    this.#reconnect();
    const until = sim.now() + HEAL_MS;
    if (!sim.runUntil(until, () => this.#isWell())) throw new PromiseBroken(`it does not heal: ${this.#picture()}`);
    for (let round = 0; round < 3; round++) this.#mustCommit(until);
  }

  #isWell(): boolean {
    const masters = this.#active.filter((node) => node.state?.role.kind === 'master');
    const state = masters[0]?.state;
    if (masters.length !== 1 || state == null || state.role.kind !== 'master' || state.wanted === null) return false;
    if (state.role.handover !== null || state.hard.commitIndex < state.role.begin) return false;
    return (
      sameElectorate(currentElectorate(state.log), state.wanted) &&
      this.#active.every((node) => node.state?.hard.commitIndex === state.log.entries.length)
    );
  }

  /** A change is proposed again until it is committed everywhere, as a device does with its own operations. */
  #mustCommit(until: number): void {
    this.#number += 1;
    const text = `write ${this.#number}`;
    const has = (node: SimNode): boolean => {
      const { state } = node;
      if (state === null) return false;
      const at = state.log.entries.findLastIndex(({ body }) => body.type === 'operation' && isText(body.bytes, text));
      return at >= 0 && at < state.hard.commitIndex;
    };
    while (!this.#active.every(has)) {
      if (this.#sim.now() >= until) throw new PromiseBroken(`a change is not committed: ${this.#picture()}`);
      this.#propose(text);
      this.#sim.runUntil(this.#sim.now() + 500, () => this.#active.every(has));
    }
  }

  #picture(): string {
    return this.#active
      .map(({ id, state }) => {
        if (state === null) return `${id} down`;
        const weights = [...currentElectorate(state.log)].map((pair) => pair.join(':')).join(' ');
        const { term, commitIndex } = state.hard;
        return `${id} ${state.role.kind} term ${term} log ${state.log.entries.length} committed ${commitIndex} {${weights}} links ${[...state.links]}`;
      })
      .join('; ');
  }
}

function isText(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes).toString() === text;
}
