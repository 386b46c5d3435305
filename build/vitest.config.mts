import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/**
 * One project per part of `npm test`. Tests of real processes mostly wait, so that two files of them go side by side;
 * those that measure how long something takes, and those that open windows, go one file after another.
 */
export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{unit,contract,golden,architecture,scenario}/**/*.test.{ts,tsx}'],
          testTimeout: 30_000,
        },
      },
      { test: { name: 'sim', include: ['test/sim/**/*.test.ts'], testTimeout: 600_000 } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'timing',
          include: ['test/timing/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        // Not a part of `npm test`: needs what `npm run dist` makes.
        test: { name: 'packages', include: ['test/packages/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 60_000 },
      },
    ],
  },
});
