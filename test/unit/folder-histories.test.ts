import { expect, test } from 'vitest';
import { runFolderHistory } from '../support/folder-histories.ts';

const SEEDS = Number(process.env.FLOTILLA_HISTORIES ?? 12);
const FIRST = Number(process.env.FLOTILLA_FIRST_SEED ?? 1);

test('RC10 after any history of people, links and restarts all trees are equal and nothing is lost', async () => {
  let operations = 0;
  let conflicts = 0;
  for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) {
    const result = await runFolderHistory(seed, 40);
    operations += result.operations;
    conflicts += result.conflicts;
  }
  expect(operations).toBeGreaterThan(SEEDS * 10);
  if (SEEDS > 10) expect(conflicts).toBeGreaterThan(0);
}, 600_000);
