/** How long a group of three is without a master after its master was killed. */
import { type Engine, poll, startGroup } from './flotilla.ts';

interface MasterView {
  readonly master: string | null;
  readonly electorate: Readonly<Record<string, number>>;
  readonly failovers: readonly {
    readonly detectMs: number;
    readonly electMs: number;
    readonly respondMs: number;
    readonly totalMs: number;
  }[];
}

/**
 * One failover: from outside, from the kill to the first change committed after it, the start of the command line's own
 * process included; and the winner's own record.
 */
export interface Failover {
  readonly outsideMs: number;
  readonly record: { readonly detectMs: number; readonly electMs: number; readonly respondMs: number } | null;
}

const masterOf = async (engine: Engine): Promise<MasterView> => (await engine.run(['master'])) as MasterView;

/** A fresh group, its master killed. */
export async function timeFailover(root: string): Promise<Failover> {
  const engines = await startGroup(root, ['one', 'two', 'three']);
  try {
    const [first] = engines as [Engine, ...Engine[]];
    const view = await poll(
      () => masterOf(first),
      (now) => now.master !== null && Object.values(now.electorate).filter((weight) => weight === 1).length === 3,
    );
    const master = engines.find((engine) => engine.id === view.master) as Engine;
    const other = engines.find((engine) => engine !== master) as Engine;
    const start = performance.now();
    master.process.kill('SIGKILL');
    // A change is kept until there is a master; that it was committed is seen in the other device's own state.
    const renamed = (await other.run(['rename-device', other.id, 'renamed'])) as { state: string };
    if (renamed.state !== 'committed') {
      await poll(
        () => other.run(['waiting']) as Promise<unknown[]>,
        (waiting) => waiting.length === 0,
      );
    }
    const outsideMs = performance.now() - start;
    const survivors = engines.filter((engine) => engine !== master);
    const views = await Promise.all(survivors.map(masterOf));
    const record = views.flatMap((seen) => seen.failovers).at(-1) ?? null;
    return { outsideMs, record };
  } finally {
    await Promise.all(engines.map((engine) => engine.stop()));
  }
}
