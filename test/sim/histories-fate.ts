import type { OperationBody } from '../../electron/engine/group/body.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import type { SessionCluster, SessionNode } from '../support/session-cluster.ts';
import type { Right } from './histories-check.ts';

const KINDS = ['losesRight', 'losesAndRegainsRight', 'isRemoved'] as const;
export type FateKind = 'stays' | (typeof KINDS)[number];

/** What may happen to one device's place in the group in the middle of a history: the first, which owns the folder, asks. */
export class Fate {
  readonly kind: FateKind;
  readonly #cluster: SessionCluster;
  readonly #random: SeededRandom;
  readonly #said: (what: string) => void;
  #fated: SessionNode | null = null;
  #isAsked = false;
  #mayBeAsked = false;
  #isRegained = false;

  /** `kind`: what it is to be; null: as drawn. `said` is told right before the owner asks the group for something. */
  constructor(cluster: SessionCluster, random: SeededRandom, kind: FateKind | null, said: (what: string) => void) {
    this.#cluster = cluster;
    this.#random = random;
    this.#said = said;
    const drawn = random.chance(0.5) ? 'stays' : random.pick(KINDS);
    this.kind = kind ?? drawn;
  }

  /** The device that it befalls. */
  get fated(): SessionNode | null {
    return this.#fated;
  }

  /** Whether what that device writes too late counts as never written, and never comes back. */
  get isEnd(): boolean {
    return this.kind === 'losesRight' || this.kind === 'isRemoved';
  }

  /** Those that hold the folder to the end. */
  get holders(): readonly SessionNode[] {
    const { nodes } = this.#cluster;
    return this.kind === 'isRemoved' ? nodes.filter((node) => node !== this.#fated) : nodes;
  }

  /** Whether what the person at the device does now counts. */
  rightOf(node: SessionNode): Right {
    if (node !== this.#fated || !this.isEnd || !this.#mayBeAsked) return 'has';
    return node.run?.life.alive === true && this.#shows(node) ? 'hasNot' : 'mayHave';
  }

  /** The owner begins to ask for it: it hears from the others first, and may die of that. */
  befall(): void {
    if (this.kind === 'stays') return;
    this.#fated = this.#random.pick(this.#cluster.nodes.slice(1));
    this.#ask().catch(() => undefined);
  }

  async #ask(): Promise<void> {
    const fated = this.#fated;
    if (fated === null || this.#isAsked) return;
    const { id, name } = fated.device;
    const owner = this.#wakeOwner();
    const { rightEnds, metadata } = this.#cluster.on(owner);
    if (this.#mayBeAsked && (this.#shows(owner) || metadata.waiting().some(({ body }) => this.#isAbout(body)))) {
      this.#isAsked = true;
      return;
    }
    const body = await (this.kind === 'isRemoved'
      ? rightEnds.removal(id)
      : rightEnds.access(this.#cluster.folder, id, 'readOnly'));
    if (this.#isAsked) return;
    // Whoever dies of it may have asked nevertheless.
    this.#mayBeAsked = true;
    this.#said(`${name} ${this.kind}`);
    metadata.submit(body);
    this.#isAsked = true;
  }

  #isAbout(body: OperationBody): boolean {
    return (
      (body.kind === 'device.remove' || body.kind === 'folder.setAccess') && body.device === this.#fated?.device.id
    );
  }

  /** The right comes back, where that is the device's fate, it was lost and has not come back yet. */
  regain(): void {
    this.#regain().catch(() => undefined);
  }

  async #regain(): Promise<void> {
    const fated = this.#fated;
    if (this.kind !== 'losesAndRegainsRight' || fated === null || !this.#isAsked || this.#isRegained) return;
    const { rightEnds, metadata } = this.#cluster.on(this.#wakeOwner());
    const body = await rightEnds.access(this.#cluster.folder, fated.device.id, 'readWrite');
    if (this.#isRegained) return;
    this.#said(`${fated.device.name} regains the right`);
    metadata.submit(body);
    this.#isRegained = true;
  }

  /** All devices are well: what is left to ask for is asked for, and every device learns of it. */
  async complete(): Promise<void> {
    await this.#cluster.while(this.#ask());
    await this.#cluster.while(this.#regain());
    const { nodes } = this.#cluster;
    const isTold = (node: SessionNode): boolean =>
      (node === this.#fated && this.kind === 'isRemoved') || this.#shows(node);
    await this.#cluster.until(() => this.#fated === null || nodes.every(isTold), 'the decision');
  }

  /** Whether the device knows what became of the fated one. */
  #shows(node: SessionNode): boolean {
    const fated = this.#fated as SessionNode;
    const state = this.#cluster.on(node).state();
    if (this.kind === 'isRemoved') return state.devices.get(fated.device.id)?.memberships.at(-1)?.end !== null;
    const events = state.folders.get(this.#cluster.folder)?.accessEvents.get(fated.device.id) ?? [];
    const isLost = events.some(({ access }) => access === 'readOnly');
    return isLost && (events.at(-1)?.access === 'readWrite') === this.#isRegained;
  }

  #wakeOwner(): SessionNode {
    const owner = this.#cluster.nodes[0] as SessionNode;
    this.#cluster.connect();
    owner.run?.life.endAfter(null);
    if (owner.run === null) this.#cluster.start(owner);
    return owner;
  }
}
