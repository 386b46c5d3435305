/** `npm run check`: everything that can be said about the sources without running them. */
import { resolve } from 'node:path';
import { runChecks } from './running/checks.ts';

runChecks(resolve(__dirname, '..')).then(
  (failed) => {
    process.exitCode = failed.length === 0 ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
