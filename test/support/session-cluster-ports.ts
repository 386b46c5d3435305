import type { Clock } from '../../electron/engine/ports/clock.ts';
import type { FileSystem } from '../../electron/engine/ports/file-system.ts';
import type { Jobs } from '../../electron/engine/ports/jobs.ts';
import type { Peers } from '../../electron/engine/ports/peers.ts';
import type { Store } from '../../electron/engine/ports/store.ts';
import { isDiskClock } from './disk-probe.ts';

/** Thrown at every door to the outside once a run of an engine is dead. */
export class Dead extends Error {
  override readonly name = 'Dead';
}

/**
 * One run of an engine that can die at any moment, as by `kill -9`: from then on nothing it does has an effect, whatever
 * promises of it are still under way.
 */
export class Life {
  #alive = true;
  #effectsLeft: number | null = null;
  #changesLeft = 0;
  #interruption: (() => void) | null = null;
  readonly #onDeath: () => void;

  constructor(onDeath: () => void) {
    this.#onDeath = onDeath;
  }

  get alive(): boolean {
    return this.#alive;
  }

  end(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#onDeath();
  }

  /** Dies by itself at the n-th effect on disk or database from now on; null: does not. */
  endAfter(effects: number | null): void {
    this.#effectsLeft = effects;
  }

  /** Runs something just before the n-th change of the disk from now on, in the middle of what goes on; null: nothing. */
  interruptBefore(changes: number, run: (() => void) | null): void {
    this.#changesLeft = changes;
    this.#interruption = run;
  }

  /** A change of the disk comes next. */
  aboutToChange(): void {
    this.#changesLeft -= 1;
    if (this.#changesLeft > 0 || this.#interruption === null) return;
    const run = this.#interruption;
    this.#interruption = null;
    run();
  }

  /** Runs something that changes what outlives the run. */
  effect<T>(run: () => T): T {
    this.assertAlive();
    if (this.#effectsLeft === null) return run();
    this.#effectsLeft -= 1;
    if (this.#effectsLeft > 0) return run();
    this.#effectsLeft = null;
    this.end();
    throw new Dead();
  }

  assertAlive(): void {
    if (!this.#alive) throw new Dead();
  }
}

/** Timers die with the run. */
export function mortalClock(clock: Clock, life: Life): Clock {
  const whileAlive = (run: () => void) => () => {
    if (life.alive) run();
  };
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (ms, run) => (life.alive ? clock.after(ms, whileAlive(run)) : () => undefined),
    every: (ms, run) => (life.alive ? clock.every(ms, whileAlive(run)) : () => undefined),
  };
}

/** A transaction is done wholly or not at all; the run may die before it. Reading harms nobody. */
export function mortalStore(store: Store, life: Life): Store {
  return {
    get: (table, key) => store.get(table, key),
    range: (table, range) => store.range(table, range),
    transaction: (run) => life.effect(() => store.transaction(run)),
    close: () => store.close(),
  };
}

/** What goes out after death is lost. */
export function mortalPeers(peers: Peers, life: Life): Peers {
  return {
    connected: () => (life.alive ? peers.connected() : []),
    send: (to, channel, bytes) => life.alive && peers.send(to, channel, bytes),
    ready: (to, channel) => (life.alive ? peers.ready(to, channel) : new Promise(() => undefined)),
    subscribe: (handler) =>
      peers.subscribe((event) => {
        if (life.alive) handler(event);
      }),
  };
}

/** A job that a death interrupts never answers. */
export function mortalJobs(jobs: Jobs, life: Life): Jobs {
  const never = <T>(): Promise<T> => new Promise(() => undefined);
  return {
    async run(name, input) {
      try {
        if (name !== 'hashFile' && name !== 'readPieces' && name !== 'verifyPieces') life.effect(() => undefined);
        life.assertAlive();
        const output = await jobs.run(name, input);
        return life.alive ? output : await never();
      } catch (error) {
        if (life.alive) throw error;
        return await never();
      }
    },
    close: () => jobs.close(),
  };
}

const CHANGING: ReadonlySet<string> = new Set([
  'writeNew',
  'makeDirectory',
  'makeLink',
  'link',
  'copy',
  'rename',
  'unlink',
  'removeDirectory',
  'setMtime',
  'setMode',
] satisfies (keyof FileSystem)[]);

/** What no call of Node can guard: the moment between the last look at a file and the rename that takes its place. */
function isUnguarded(name: string, [from, to]: readonly unknown[]): boolean {
  return name === 'rename' && String(from).includes('/.flotilla/tmp/') && !String(to).includes('/.flotilla/');
}

/** The disk as the run sees it; the clock of the disk is the one of the test. */
export function mortalFileSystem(real: FileSystem, clock: Clock, life: Life): FileSystem {
  const wrapped: Record<string, unknown> = {};
  for (const [name, call] of Object.entries(real) as [string, (...args: unknown[]) => unknown][]) {
    wrapped[name] = (...args: unknown[]): unknown => {
      life.assertAlive();
      if (!CHANGING.has(name)) return call(...args);
      if (!isUnguarded(name, args)) life.aboutToChange();
      return life.effect(() => call(...args));
    };
  }
  // Looking harms nobody, and what a dead run looks at it does without a guard here and there.
  const lstat: FileSystem['lstat'] = (path) => {
    const stat = real.lstat(path);
    return stat !== null && isDiskClock(path) ? { ...stat, mtime: clock.now() } : stat;
  };
  return { ...(wrapped as unknown as FileSystem), lstat };
}
