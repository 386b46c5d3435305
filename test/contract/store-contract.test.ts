import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openLmdbStore } from '../../electron/engine/storage/lmdb-store.ts';
import { createMemoryDisk, createMemoryStore } from '../support/memory-store.ts';
import { storeContract } from './store-contract.ts';

const root = mkdtempSync(join(tmpdir(), 'flotilla-store-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let at = 0;
storeContract(
  'lmdb',
  () => openLmdbStore(join(root, `${at}.db`)),
  () => {
    at += 1;
  },
);

let disk = createMemoryDisk();
storeContract(
  'memory',
  () => createMemoryStore(disk),
  () => {
    disk = createMemoryDisk();
  },
);
