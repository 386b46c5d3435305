/** Runs one part of the tests and counts its outcome. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binaryOf } from './checks.ts';
import { runShown } from './child.ts';

/** How a part ended. */
export interface PartOutcome {
  readonly passed: number;
  readonly failed: number;
}

/** The part of vitest's JSON report that is counted. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

const holdsTests = (directory: string): boolean =>
  existsSync(directory) &&
  readdirSync(directory, { withFileTypes: true }).some((entry) =>
    entry.isDirectory() ? holdsTests(join(directory, entry.name)) : /\.test\.tsx?$/.test(entry.name),
  );

/** A file that cannot even be loaded holds no failed test, but has failed all the same. */
const countReport = (report: Report): PartOutcome => {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  ).length;
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles };
};

/** Runs the vitest project `name`; null where none of its directories holds a test. */
export const runVitestPart = async (
  root: string,
  name: string,
  directories: readonly string[],
): Promise<PartOutcome | null> => {
  if (!directories.some((directory) => holdsTests(join(root, 'test', directory)))) return null;
  const workspace = mkdtempSync(join(tmpdir(), 'flotilla-report-'));
  const reportFile = join(workspace, 'report.json');
  try {
    const args = ['run', '--config', 'build/vitest.config.mts', '--project', name];
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
    const code = await runShown(name, process.execPath, [binaryOf(root, 'vitest', 'vitest'), ...args, ...reporters], {
      cwd: root,
    });
    const counted = existsSync(reportFile)
      ? countReport(JSON.parse(readFileSync(reportFile, 'utf8')))
      : { passed: 0, failed: 0 };
    // An error outside all tests fails the run too.
    return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
};
