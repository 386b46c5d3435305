import { runHistory } from './histories.ts';

/** Disks are slow. */
const ON_DISK_EVERY = 25;

/** `[seeds] [first]`, started by `soak.ts`: runs histories, and names the seeds that fail; a single one is traced. */
async function soak(seeds: number, first: number): Promise<number> {
  let failed = 0;
  let [actions, written, gone, conflicts, deaths, unavailable] = [0, 0, 0, 0, 0, 0];
  const startedAt = process.hrtime.bigint();
  for (let seed = first; seed < first + seeds; seed += 1) {
    try {
      const result = await runHistory(seed, { traced: seeds === 1, onDisk: seed % ON_DISK_EVERY === 0 });
      actions += result.actions;
      written += result.written;
      gone += result.gone;
      conflicts += result.conflicts;
      deaths += result.deaths;
      unavailable += result.unavailable;
    } catch (error) {
      failed += 1;
      console.error(error instanceof Error ? error.message : error);
    }
    const done = seed - first + 1;
    if (done % 50 !== 0 && done !== seeds) continue;
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
    console.log(
      `histories: ${done} of ${seeds} seeds, ${failed} failed, ${seconds.toFixed(0)} s; ${actions} actions, ${written} versions (${gone} taken away by people everywhere), ${conflicts} conflict copies, ${deaths} deaths, ${unavailable} paths without content`,
    );
  }
  return failed;
}

const [seeds, first] = process.argv.slice(2).map(Number);
void soak(seeds ?? 1_000, first ?? 1).then((failed) => {
  process.exitCode = failed === 0 ? 0 : 1;
});
