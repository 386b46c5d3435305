import { sameElectorate } from '../../electron/engine/consensus/electorate.ts';
import { currentElectorate } from '../../electron/engine/consensus/log.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { PromiseBroken } from './invariants.ts';
import type { SimNode } from './sim-node.ts';
import { CALM, type Simulation } from './simulation.ts';

/** Time after the last trouble within which all must be well again, in milliseconds of the simulation. */
const HEAL_MS = 20_000;

/** The devices of a simulated group and their links; who is a member is for the log to say. */
export class SimGroup {
  readonly all: readonly SimNode[];
  /** Nodes that were ever brought in; they stay linked, members or not. */
  active: SimNode[] = [];
  readonly #sim: Simulation;
  #number = 0;

  constructor(sim: Simulation, all: readonly SimNode[]) {
    this.#sim = sim;
    this.all = all;
  }

  /** Founds the group and brings in its first members in calm. */
  grow(members: number): void {
    const founder = this.all[0] as SimNode;
    founder.start(true);
    this.active = [founder];
    while (this.active.length < members) {
      this.bringIn(this.all[this.active.length] as SimNode);
      this.#sim.runUntil(this.#sim.now() + 300);
    }
  }

  /** A device joins: it is linked with all others, and the master is asked to write it down. */
  bringIn(node: SimNode): void {
    if (!this.active.includes(node)) {
      node.start();
      const others = this.active;
      this.active = [...others, node];
      for (const other of others) {
        this.tell(node, other.id, 'up');
        this.tell(other, node.id, 'up');
      }
    }
    this.propose(`join ${node.id}`);
  }

  /** Somebody asks for a change that is like no other. */
  write(): void {
    this.#number += 1;
    this.propose(`write ${this.#number}`);
  }

  propose(text: string): void {
    const node = this.master() ?? this.#sim.random.pick(this.active);
    this.#sim.counts.proposals += 1;
    node.input({ type: 'propose', id: text, bytes: Buffer.from(text) });
  }

  /** Some node that takes itself for the master; during a partition there may be two, of different terms. */
  master(): SimNode | undefined {
    const masters = this.active.filter((node) => node.state?.role.kind === 'master');
    return masters.length > 0 ? this.#sim.random.pick(masters) : undefined;
  }

  tell(node: SimNode, other: DeviceId, state: 'up' | 'down'): void {
    const reachable = this.#sim.nodes.get(other)?.state !== null && !this.#sim.isBlocked(node.id, other);
    if (node.state !== null && (state === 'down' || reachable)) this.#sim.link(node, other, state);
  }

  reconnect(): void {
    this.#sim.unblock();
    for (const a of this.active)
      for (const b of this.active)
        if (a !== b) this.#sim.after(50 * this.#sim.random.fraction(), () => this.tell(a, b.id, 'up'));
  }

  crash(node: SimNode): void {
    const { random } = this.#sim;
    this.#sim.crash(node);
    const noticed = random.chance(0.7);
    for (const other of this.active)
      if (noticed && other !== node) this.#sim.after(20 * random.fraction(), () => this.tell(other, node.id, 'down'));
    this.#sim.after(1_500 * random.fraction(), () => this.restart(node));
  }

  restart(node: SimNode): void {
    if (node.state !== null) return;
    this.#sim.note(`${node.id} starts`);
    node.start();
    for (const other of this.active) {
      if (other === node || this.#sim.isBlocked(node.id, other.id) || other.state === null) continue;
      this.tell(node, other.id, 'up');
      this.tell(other, node.id, 'up');
    }
  }

  /** The trouble ends: everything must be well within bounded time. */
  heal(): void {
    const sim = this.#sim;
    sim.weather = CALM;
    sim.unblock();
    for (const node of this.active) {
      node.pausedUntil = Math.min(node.pausedUntil, sim.now());
      sim.wakeAt(node, sim.now());
    }
    sim.runUntil(sim.now() + 100);
    for (const node of this.active) this.restart(node);
    this.reconnect();
    const until = sim.now() + HEAL_MS;
    if (!sim.runUntil(until, () => this.#isWell())) throw new PromiseBroken(`it does not heal: ${this.#picture()}`);
    for (let round = 0; round < 3; round++) this.#mustCommit(until);
  }

  #isWell(): boolean {
    const masters = this.active.filter((node) => node.state?.role.kind === 'master');
    const state = masters[0]?.state;
    if (masters.length !== 1 || state == null || state.role.kind !== 'master' || state.wanted === null) return false;
    if (state.role.handover !== null || state.hard.commitIndex < state.role.begin) return false;
    return (
      sameElectorate(currentElectorate(state.log), state.wanted) &&
      this.active.every((node) => node.state?.hard.commitIndex === state.log.entries.length)
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
    while (!this.active.every(has)) {
      if (this.#sim.now() >= until) throw new PromiseBroken(`a change is not committed: ${this.#picture()}`);
      this.propose(text);
      this.#sim.runUntil(this.#sim.now() + 500, () => this.active.every(has));
    }
  }

  #picture(): string {
    return this.active
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
