import { runChaos } from './chaos.ts';

/** `tsx test/sim/consensus-soak.ts [seeds] [first]`: runs seeds twice each, and names the ones that fail. */
function soak(seeds: number, first: number): number {
  let failed = 0;
  const startedAt = process.hrtime.bigint();
  for (let seed = first; seed < first + seeds; seed++) {
    try {
      const once = runChaos(seed);
      const again = runChaos(seed);
      if (once.trace !== again.trace) throw new Error(`seed ${seed} ran differently the second time`);
    } catch (error) {
      failed += 1;
      console.error(`seed ${seed}: ${error instanceof Error ? error.message : error}`);
    }
    const done = seed - first + 1;
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
    if (done % 500 === 0)
      console.log(`consensus: ${done} of ${seeds} seeds, ${failed} failed, ${seconds.toFixed(0)} s`);
  }
  return failed;
}

const [seeds, first] = process.argv.slice(2).map(Number);
process.exitCode = soak(seeds ?? 10_000, first ?? 1) === 0 ? 0 : 1;
