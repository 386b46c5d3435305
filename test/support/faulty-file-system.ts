import type { FileSystem } from '../../electron/engine/ports/file-system.ts';
import { isDiskProbe } from './disk-probe.ts';

/** Thrown in place of a call, and of all calls after it: the process is gone. */
export class SimulatedCrash extends Error {
  override readonly name = 'SimulatedCrash';
}

/** A file system that fails where the test says. */
export interface FaultyFileSystem extends FileSystem {
  /** Calls that change something, so far. */
  writes(): number;
  /** Every changing call from the `n`-th (from 1) on throws: a crash just before it. Null: none. */
  crashAt(n: number | null): void;
  crashed(): boolean;
  /** Counts as one more changing call: for what is durable elsewhere, as the database. */
  step(call: string): void;
  /** Calls for which this returns a system code fail with it; `to` is the second path of those that have one. */
  failWhere(predicate: FailsWhere | null): void;
}

type FailsWhere = (call: string, path: string, to: string) => string | null;

const CHANGING = [
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
  'flushDirectory',
] as const;

/** Wraps a real file system. */
export function createFaultyFileSystem(real: FileSystem): FaultyFileSystem {
  let count = 0;
  let crash: number | null = null;
  let predicate: FailsWhere | null = null;
  function step(call: string): void {
    count += 1;
    if (crash !== null && count >= crash) throw new SimulatedCrash(call);
  }
  const wrapped = { ...real } as unknown as Record<string, (...args: never[]) => unknown>;
  for (const name of Object.keys(real)) {
    const original = (real as unknown as Record<string, (...args: never[]) => unknown>)[name];
    if (typeof original !== 'function') continue;
    wrapped[name] = (...args: never[]): unknown => {
      const changing = (CHANGING as readonly string[]).includes(name);
      if (changing && !args.slice(0, 2).some((path) => isDiskProbe(String(path)))) step(`${name} ${String(args[0])}`);
      const code = predicate?.(name, String(args[0]), String(args[1] ?? '')) ?? null;
      if (code !== null) throw Object.assign(new Error(`${code}: ${name} ${String(args[0])}`), { code });
      return original(...args);
    };
  }
  return Object.assign(wrapped as unknown as FileSystem, {
    writes: () => count,
    crashAt: (n: number | null) => {
      count = 0;
      crash = n;
    },
    step,
    crashed: () => crash !== null && count >= crash,
    failWhere: (next: FailsWhere | null) => {
      predicate = next;
    },
  });
}
