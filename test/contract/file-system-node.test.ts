import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { nodeFileSystem } from '../../electron/engine/folder/file-system-node.ts';
import { createFaultyFileSystem } from '../support/faulty-file-system.ts';
import { fileSystemContract } from './file-system-contract.ts';

let place: string;

beforeEach(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-fs-')));
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
