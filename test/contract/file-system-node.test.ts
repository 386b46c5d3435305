import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { nodeFileSystem } from '../../electron/engine/folder/file-system-node.ts';
import { createFaultyFileSystem } from '../support/faulty-file-system.ts';
import { fileSystemContract } from './file-system-contract.ts';

let place: string;

beforeEach(() => {
  // In memory where that can be: such a disk holds the oddest values.
  const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  place = realpathSync(mkdtempSync(join(base, 'flotilla-fs-')));
});

afterEach(() => rmSync(place, { recursive: true }));

fileSystemContract(
  "the machine's disk",
  () => nodeFileSystem,
  () => place,
);
fileSystemContract(
  'the one that can fail',
  () => createFaultyFileSystem(nodeFileSystem),
  () => place,
);
