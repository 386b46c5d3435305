import { SimGroup } from './sim-group.ts';
import { type Behaviour, HEALTHY, type SimNode } from './sim-node.ts';
import { Simulation } from './simulation.ts';

/** How long and how large a run is. */
export interface ChaosOptions {
  readonly nodes: number;
  readonly chaosMs: number;
  readonly behaviour: Behaviour;
  readonly transcript: boolean;
}

/** Five devices mostly, now and then seven, of which up to five vote. */
const defaults = (seed: number): ChaosOptions => ({
  nodes: seed % 5 === 0 ? 7 : 5,
  chaosMs: 16_000,
  behaviour: HEALTHY,
  transcript: false,
});

/**
 * One group through one seed: it grows and shrinks under loss, delay, partitions, crashes, pauses and clock jumps while the
 * checker watches; then the trouble ends, and it must come to one master, the wanted electorate, and commit again.
 */
export function runChaos(seed: number, options: Partial<ChaosOptions> = {}): Simulation {
  const { nodes, chaosMs, behaviour, transcript } = { ...defaults(seed), ...options };
  const sim = new Simulation(seed, behaviour, { maxVoters: seed % 3 === 0 ? 5 : 3, transcript });
  const all = Array.from({ length: nodes }, (_, at) => sim.add(`n${at}`));
  const group = new SimGroup(sim, all);
  try {
    group.grow(seed % 4 === 0 ? 1 : 3);
    new Chaos(sim, group).rage(chaosMs);
    group.heal();
  } catch (error) {
    if (error instanceof Error) error.message += ` (seed ${seed}, at ${sim.now().toFixed(1)} ms)`;
    throw error;
  }
  return sim;
}

class Chaos {
  readonly #sim: Simulation;
  readonly #group: SimGroup;
  #raging = false;

  constructor(sim: Simulation, group: SimGroup) {
    this.#sim = sim;
    this.#group = group;
  }

  /** Trouble of every kind. */
  rage(ms: number): void {
    const { random } = this.#sim;
    this.#raging = true;
    this.#sim.onFlush = (node) => this.#group.crash(node);
    this.#changeWeather();
    this.#again(
      () => 5_000 * random.fraction(),
      () => this.#changeWeather(),
    );
    this.#again(
      () => 40 + 200 * random.fraction(),
      () => this.#group.write(),
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
    const node = random.pick(this.#group.active);
    const other = random.pick(this.#group.all);
    const kind = random.integer(16);
    if (kind <= 1) this.#partition();
    else if (kind === 2) this.#sim.block(node.id, other.id);
    else if (kind <= 4) this.#group.reconnect();
    else if (kind <= 6) this.#group.crash(random.chance(0.4) ? (this.#group.master() ?? node) : node);
    else if (kind === 7) this.#pause(random.chance(0.4) ? (this.#group.master() ?? node) : node);
    else if (kind === 8) node.wallOffset = (random.fraction() - 0.5) * 2 * 3_600_000;
    else if (kind === 9) node.input({ type: 'transfer', to: other.id });
    else if (kind === 10) this.#flap(node, other);
    else if (kind <= 12) this.#group.bringIn(random.pick(this.#group.all));
    else if (kind === 13) this.#forsake();
    else if (kind === 14) this.#hold(node);
    else this.#group.propose(`leave ${random.pick(this.#group.active).id}`);
  }

  /** Splits the nodes in two; a side notices at once, later or not at all that its links are gone. */
  #partition(): void {
    const { random } = this.#sim;
    const left = new Set(this.#group.active.filter(() => random.chance(0.5)));
    for (const a of this.#group.active)
      for (const b of this.#group.active) {
        if (left.has(a) === left.has(b)) continue;
        this.#sim.block(a.id, b.id);
        if (random.chance(0.6)) this.#sim.after(100 * random.fraction(), () => this.#group.tell(a, b.id, 'down'));
      }
  }

  #pause(node: SimNode): void {
    node.pausedUntil = this.#sim.now() + 1_500 * this.#sim.random.fraction();
    this.#sim.note(`${node.id} sleeps`);
    this.#sim.wakeAt(node, node.pausedUntil);
  }

  /** For a while a node neither votes nor leads. */
  #hold(node: SimNode): void {
    node.input({ type: 'hold', held: true });
    this.#sim.after(2_000 * this.#sim.random.fraction(), () => node.input({ type: 'hold', held: false }));
  }

  #flap(node: SimNode, other: SimNode): void {
    if (node === other || !this.#group.active.includes(other)) return;
    this.#group.tell(node, other.id, 'down');
    this.#sim.after(100 * this.#sim.random.fraction(), () => this.#group.tell(node, other.id, 'up'));
  }

  /** All lose the links to the master at the same moment, as when its process is killed, and all stand at once. */
  #forsake(): void {
    const master = this.#group.master();
    if (master === undefined) return;
    for (const node of this.#group.active) {
      if (node === master) continue;
      this.#group.tell(node, master.id, 'down');
      this.#sim.after(500 * this.#sim.random.fraction(), () => this.#group.tell(node, master.id, 'up'));
    }
  }
}
