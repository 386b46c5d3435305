import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
/** Histories are slower than elections by so much. */
const SEEDS_PER_HISTORY = 10;
const SEEDS = 10_000;
const EXTERNAL = ['sodium-native', '@napi-rs/blake-hash', 'lmdb', '@parcel/watcher', '@automerge/automerge'];

/**
 * `npm run soak [-- seeds [first]]`: elections and, for every tenth seed, a history of files. Each part runs in processes
 * of its own (`histories` or `consensus` as the last argument: that part alone) and names the seeds that fail.
 */
async function soak(seeds: number, first: number, part: string | undefined): Promise<boolean> {
  let good = true;
  if (part !== 'histories') {
    good = await run([
      join(root, 'node_modules/tsx/dist/cli.mjs'),
      'test/sim/consensus-soak.ts',
      `${seeds}`,
      `${first}`,
    ]);
  }
  if (part === 'consensus') return good;
  const directory = mkdtempSync(join(tmpdir(), 'flotilla-soak-'));
  try {
    const outfile = join(directory, 'histories.cjs');
    const entryPoints = [join(root, 'test/sim/histories-soak.ts')];
    await build({
      entryPoints,
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: EXTERNAL,
      sourcemap: 'inline',
    });
    const count = Math.ceil(seeds / SEEDS_PER_HISTORY);
    return (await run(['--enable-source-maps', outfile, `${count}`, `${first}`])) && good;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function run(argv: readonly string[]): Promise<boolean> {
  const env = { ...process.env, NODE_PATH: join(root, 'node_modules') };
  const child = spawn(process.execPath, [...argv], { cwd: root, env, stdio: 'inherit' });
  return new Promise((resolveEnded) => child.once('close', (code) => resolveEnded(code === 0)));
}

const numbers = process.argv
  .slice(2)
  .map(Number)
  .filter((number) => !Number.isNaN(number));
const part = process.argv.slice(2).find((argument) => Number.isNaN(Number(argument)));
void soak(numbers[0] ?? SEEDS, numbers[1] ?? 1, part).then((good) => {
  process.exitCode = good ? 0 : 1;
});
