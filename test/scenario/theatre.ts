import type { LogEntry } from '../../electron/engine/consensus/entry.ts';
import { currentElectorate } from '../../electron/engine/consensus/log.ts';
import type { ConsensusMessage } from '../../electron/engine/consensus/messages.ts';
import { type ConsensusState, FRESH_HARD_STATE, restoredState } from '../../electron/engine/consensus/state.ts';
import { foundGroup, nextTickAt, type StepResult, step } from '../../electron/engine/consensus/step.ts';
import { timingFromBudget } from '../../electron/engine/consensus/timing.ts';
import type {
  ConsensusEffect,
  ConsensusInput,
  Electorate,
  Surroundings,
} from '../../electron/engine/consensus/types.ts';
import type { DeviceId, GroupId } from '../../shared/ids.ts';
import { bodyText, simSealer } from '../sim/sim-sealer.ts';

/** Wall clock at which every scenario begins. */
export const CURTAIN = 1_000_000;

interface Letter {
  readonly from: string;
  readonly to: string;
  readonly message: ConsensusMessage;
}

/** A device's name as an id. */
export const id = (name: string): DeviceId => name as DeviceId;

/**
 * A stage for the consensus core: named devices, a clock that the script moves, and a post in which a message waits until the
 * script lets it through. Everything that matters is written into a transcript.
 */
export class Theatre {
  readonly transcript: string[] = [];
  readonly states = new Map<string, ConsensusState>();
  readonly post: Letter[] = [];
  /** Everything a device was told to do since the script last looked. */
  readonly effects: { readonly device: string; readonly effect: ConsensusEffect }[] = [];
  now = 0;
  /** Persists that did not come first in their step; the ordering law allows none. */
  latePersists = 0;
  /** How far the wall clock is off. */
  wallOffset = 0;
  readonly #timing = timingFromBudget(5_000, 0);
  readonly #lost = new Set<string>();
  readonly #matched = new Map<string, number>();
  /** Election timeouts come in the order of the devices, so that scripts know who stands first. */
  readonly #patience = new Map<string, number>();

  #surroundings(name: string): Surroundings {
    return {
      now: this.now,
      clock: CURTAIN + this.now + this.wallOffset,
      random: this.#patience.get(name) ?? 0,
      sealer: simSealer,
    };
  }

  /** A device with an empty disk. */
  enter(name: string): void {
    this.#patience.set(name, this.#patience.size * 0.2);
    const stored = {
      self: id(name),
      group: 'group' as GroupId,
      hardState: FRESH_HARD_STATE,
      base: null,
      entries: [],
      proof: null,
    };
    this.states.set(
      name,
      restoredState({ ...stored, timing: this.#timing }, { ...this.#surroundings(name), listenMs: 0 }),
    );
  }

  /** The first device founds the group. */
  found(name: string): void {
    this.enter(name);
    this.#take(name, foundGroup(this.state(name), this.#surroundings(name)));
  }

  /** A group of these devices, settled, its voters the given ones with their weights; the first is master. */
  cast(names: readonly string[], weights: Record<string, number>): void {
    const [founder, ...others] = names;
    this.found(founder as string);
    for (const name of others) this.enter(name);
    for (const a of names) for (const b of names) if (a !== b) this.link(a, b, 'up');
    this.settle();
    this.want(founder as string, weights);
    this.pass(1_000);
    this.transcript.length = 0;
    this.effects.length = 0;
  }

  state(name: string): ConsensusState {
    const state = this.states.get(name);
    if (state === undefined) throw new Error(`${name} is not on the stage`);
    return state;
  }

  input(name: string, input: ConsensusInput): void {
    if (this.states.has(name)) this.#take(name, step(this.state(name), input, this.#surroundings(name)));
  }

  link(a: string, b: string, state: 'up' | 'down'): void {
    this.input(a, { type: 'link', device: id(b), state });
  }

  want(name: string, weights: Record<string, number>): void {
    const electorate: Electorate = new Map(Object.entries(weights).map(([device, weight]) => [id(device), weight]));
    this.say(`${name} wants ${written(electorate)}`);
    this.input(name, { type: 'wantedElectorate', electorate });
  }

  propose(name: string, text: string): void {
    this.say(`${name} is asked to write "${text}"`);
    this.input(name, { type: 'propose', id: text, bytes: Buffer.from(text) });
  }

  /** Both lose their last link; what is under way between them is lost. */
  cut(a: string, b: string): void {
    this.say(`${a} and ${b} lose their link`);
    this.mute(a, b);
    this.mute(b, a);
    this.link(a, b, 'down');
    this.link(b, a, 'down');
  }

  /** Nothing gets from a to b any more, and nobody is told. */
  mute(a: string, b: string): void {
    this.#lost.add(`${a}>${b}`);
    this.#drop(({ from, to }) => from === a && to === b);
  }

  /** Both get a link again. */
  join(a: string, b: string): void {
    this.say(`${a} and ${b} have a link`);
    this.#lost.delete(`${a}>${b}`);
    this.#lost.delete(`${b}>${a}`);
    this.link(a, b, 'up');
    this.link(b, a, 'up');
  }

  /** The device is gone; `noticed`: its links break at once. */
  kill(name: string, noticed: boolean): void {
    this.say(`${name} is killed`);
    this.states.delete(name);
    this.#drop(({ from, to }) => from === name || to === name);
    if (noticed) for (const other of this.states.keys()) this.link(other, name, 'down');
  }

  /** A killed device comes back with what was on its disk, and gets its links; `listenMs`: see `restoredState`. */
  restart(name: string, before: ConsensusState, listenMs = 0): void {
    this.say(`${name} starts again`);
    const { self, group, hard: hardState, proof, timing, log } = before;
    const stored = { self, group, hardState, base: null, entries: log.entries, proof, timing };
    this.states.set(name, restoredState(stored, { ...this.#surroundings(name), listenMs }));
    for (const other of [...this.states.keys()]) if (other !== name) this.join(name, other);
  }

  /** Lets through what is in the post, and what follows from it, until it is empty. */
  settle(): void {
    for (let letters = 0; this.post.length > 0; letters++) {
      if (letters > 10_000) throw new Error('the post never ends');
      this.deliver();
    }
  }

  /** Lets the oldest letter through, or the oldest that fits. */
  deliver(fits: (letter: Letter) => boolean = () => true): void {
    const at = this.post.findIndex(fits);
    const [letter] = at < 0 ? [] : this.post.splice(at, 1);
    if (letter === undefined) throw new Error('no such letter');
    this.#sayLetter(letter);
    this.input(letter.to, { type: 'message', from: id(letter.from), message: letter.message });
  }

  /** Lets time pass in milliseconds: ticks when they are due, letters at once. */
  pass(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      this.settle();
      const [due, name] = this.#nextTick();
      if (due > until) break;
      this.now = Math.max(this.now, due);
      this.input(name, { type: 'tick' });
    }
    this.now = until;
  }

  say(line: string): void {
    this.transcript.push(`${String(this.now).padStart(6)} ${line}`);
  }

  /** Writes how every device stands. */
  picture(): void {
    for (const [name, state] of this.states) {
      const { term, commitIndex } = state.hard;
      const log = state.log.entries.map((entry) => `${entry.term}:${bodyText(entry.body)}`).join(' ');
      this.say(
        `  ${name} ${state.role.kind}, term ${term}, committed ${commitIndex}, ${written(currentElectorate(state.log))}, log ${log}`,
      );
    }
  }

  /** The name of the only master on the stage. */
  master(): string | null {
    const masters = [...this.states].filter(([, state]) => state.role.kind === 'master');
    return masters.length === 1 ? (masters[0]?.[0] ?? null) : null;
  }

  #nextTick(): [number, string] {
    let first: [number, string] = [Number.POSITIVE_INFINITY, ''];
    for (const [name, state] of this.states) if (nextTickAt(state) < first[0]) first = [nextTickAt(state), name];
    return first;
  }

  #drop(fits: (letter: Letter) => boolean): void {
    for (let at = this.post.length - 1; at >= 0; at--) if (fits(this.post[at] as Letter)) this.post.splice(at, 1);
  }

  #take(name: string, result: StepResult): void {
    this.states.set(name, result.state);
    this.latePersists += result.effects.slice(1).filter(({ type }) => type === 'persist').length;
    for (const effect of result.effects) {
      this.effects.push({ device: name, effect });
      this.#sayEffect(name, effect);
      if (effect.type === 'send' && !this.#lost.has(`${name}>${effect.to}`))
        this.post.push({ from: name, to: effect.to, message: effect.message });
    }
  }

  #sayEffect(name: string, effect: ConsensusEffect): void {
    if (effect.type === 'role')
      this.say(`${name} is ${effect.role}, master ${effect.master ?? 'unknown'}, term ${effect.term}`);
    else if (effect.type === 'apply') this.say(`${name} applies ${effect.entries.map(entryText).join(', ')}`);
    else if (effect.type === 'refused') this.say(`${name} refuses "${effect.id}": ${effect.reason}`);
    else if (effect.type === 'violation') this.say(`${name} drops what ${effect.from} sent: ${effect.rule}`);
    else if (effect.type === 'failover') {
      const { from, to, detectMs, electMs, respondMs } = effect.record;
      this.say(
        `${name} records the failover ${from} -> ${to}: detect ${detectMs}, elect ${electMs}, respond ${respondMs} ms`,
      );
    } else if (effect.type === 'persist' && effect.truncateFrom !== null)
      this.say(`${name} drops its log from ${effect.truncateFrom} on`);
  }

  #sayLetter({ from, to, message }: Letter): void {
    const text = letterText(message);
    if (message.type === 'append' && message.entries.length === 0) return;
    if (message.type === 'appendAccepted') {
      const pair = `${from}>${to}`;
      if (this.#matched.get(pair) === message.match) return;
      this.#matched.set(pair, message.match);
    }
    this.say(`${from} -> ${to}: ${text}`);
  }
}

/** Weights as `{ann:2 bob:1}`. */
export function written(electorate: Electorate): string {
  return `{${[...electorate]
    .map(([device, weight]) => `${device}:${weight}`)
    .sort()
    .join(' ')}}`;
}

function entryText(entry: LogEntry): string {
  return `${entry.index}=${bodyText(entry.body)}`;
}

function letterText(message: ConsensusMessage): string {
  const head = `${message.type} (term ${message.term})`;
  if (message.type === 'append' || message.type === 'committed')
    return `${head} after ${message.previous.index}: ${message.entries.map(entryText).join(', ')}`;
  if (message.type === 'preVoteReply' || message.type === 'voteReply')
    return `${head} ${message.granted ? 'yes' : 'no'}`;
  if (message.type === 'appendAccepted') return `${head} up to ${message.match}`;
  if (message.type === 'appendRejected') return `${head} ${message.rejected}, try after ${message.hint}`;
  if (message.type === 'preVoteRequest' || message.type === 'voteRequest' || message.type === 'have')
    return `${head} last ${message.last.term}:${message.last.index}`;
  return head;
}
