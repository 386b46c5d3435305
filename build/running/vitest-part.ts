/** Runs one part of the tests and counts its outcome. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { binaryOf } from './checks.ts';
import { runShown } from './child.ts';

/** How a part ended. */
export interface PartOutcome {
  readonly passed: number;
  /** What failed, a line each: the end of a long output is what is read. */
  readonly failures: readonly string[];
}

/** The part of vitest's JSON report that is counted. */
interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const holdsTests = (directory: string): boolean =>
  existsSync(directory) &&
  readdirSync(directory, { withFileTypes: true }).some((entry) =>
    entry.isDirectory() ? holdsTests(join(directory, entry.name)) : /\.test\.tsx?$/.test(entry.name),
  );

/** A file that cannot even be loaded holds no failed test, but has failed all the same. */
const countReport = (report: Report): PartOutcome => {
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failedTests = assertionResults.filter((assertion) => assertion.status === 'failed');
    if (failedTests.length === 0) return status === 'failed' ? [`${basename(name)}: ${firstLine(message)}`] : [];
    return failedTests.map(
      ({ fullName, failureMessages }) => `${basename(name)}: ${fullName}: ${firstLine(failureMessages[0] ?? '')}`,
    );
  });
  return { passed: report.numPassedTests, failures };
};

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

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
      : { passed: 0, failures: [] };
    // An error outside all tests fails the run too.
    return code !== 0 && counted.failures.length === 0
      ? { ...counted, failures: [`${name}: an error outside all tests, or no report`] }
      : counted;
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
};
