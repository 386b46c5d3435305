/**
 * `npm test`: checks the sources, bundles, and runs all tests, each part whatever the ones before said. The last line
 * is `N passed, N failed`, in which a failed check or bundle counts as one.
 */
import { resolve } from 'node:path';
import { ensureBundle } from './bundling/ensure-bundle.ts';
import { runChecks } from './running/checks.ts';
import { runVitestPart } from './running/vitest-part.ts';
import { ensureRuntime } from './runtime/ensure-runtime.ts';

const root = resolve(__dirname, '..');

/** The projects of vitest.config.mts with the directories that they take their tests from. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  unit: ['unit', 'contract', 'golden', 'architecture', 'scenario'],
  sim: ['sim'],
  integration: ['integration'],
  timing: ['timing'],
  e2e: ['e2e'],
};

let passed = 0;
const failures: string[] = [];
const minutes: string[] = [];

const timed = async (name: string, work: () => Promise<void>): Promise<void> => {
  const started = performance.now();
  console.log(`\n=== ${name}`);
  try {
    await work();
  } catch (error) {
    console.error(error);
    failures.push(`${name}: ${String(error)}`);
  }
  minutes.push(`${name.padEnd(12)} ${((performance.now() - started) / 60_000).toFixed(2)} min`);
};

const prepare = async (): Promise<void> => {
  await ensureBundle(root);
  const runtime = await ensureRuntime(root);
  if (runtime.kind === 'none') throw new Error(runtime.why);
};

const runPart = async (name: string, directories: readonly string[]): Promise<void> => {
  const outcome = await runVitestPart(root, name, directories);
  if (outcome === null) return console.log('left out: there is no such test yet');
  passed += outcome.passed;
  failures.push(...outcome.failures);
};

const main = async (): Promise<void> => {
  const only = process.argv.slice(2);
  const wanted = (name: string): boolean => only.length === 0 || only.includes(name);
  if (wanted('checks')) {
    await timed('checks', async () => {
      const names = await runChecks(root);
      failures.push(...names.map((check) => `check ${check}`));
    });
  }
  await timed('bundle', prepare);
  for (const [name, directories] of Object.entries(PARTS)) {
    if (wanted(name)) await timed(name, () => runPart(name, directories));
  }
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((what) => `  ${what}`).join('\n')}`);
  console.log(`\n${minutes.join('\n')}\n\n${passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length === 0 ? 0 : 1;
};

void main();
