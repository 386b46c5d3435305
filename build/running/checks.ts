/** The checks of the sources, as programs to run one after another. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runShown } from './child.ts';

interface Check {
  readonly name: string;
  /** A package's program, or a script of ours. */
  readonly program: readonly [packageName: string, bin: string] | string;
  readonly args: readonly string[];
}

const CHECKS: readonly Check[] = [
  { name: 'format and lint', program: ['@biomejs/biome', 'biome'], args: ['check', '--error-on-warnings', '.'] },
  { name: 'types', program: ['typescript', 'tsc'], args: ['--noEmit', '-p', '.'] },
  { name: 'dead code', program: ['knip', 'knip'], args: ['--config', 'build/knip.json', '--no-progress'] },
  { name: 'imports', program: 'build/checks/imports.ts', args: [] },
];

/** Path of the script behind a package's command, so that no shell is needed to call it. */
export const binaryOf = (root: string, packageName: string, bin: string): string => {
  const manifestPath = join(root, 'node_modules', packageName, 'package.json');
  const manifest: { bin: string | Record<string, string> } = createRequire(manifestPath)(manifestPath);
  const relative = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin];
  if (relative === undefined) throw new Error(`${packageName} has no program ${bin}`);
  return join(dirname(manifestPath), relative);
};

/** Runs all checks, whatever each says; the names of those that failed. */
export const runChecks = async (root: string): Promise<readonly string[]> => {
  const failed: string[] = [];
  for (const { name, program, args } of CHECKS) {
    console.log(`\n== ${name}`);
    const command =
      typeof program === 'string' ? ['--import', 'tsx', join(root, program)] : [binaryOf(root, program[0], program[1])];
    const code = await runShown(name, process.execPath, [...command, ...args], { cwd: root });
    if (code !== 0) failed.push(name);
  }
  return failed;
};
