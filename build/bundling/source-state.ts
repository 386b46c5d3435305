/** Tells whether what is bundled still belongs to the sources that are there: a hash over them, kept beside the result. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What a bundle depends on, relative to the project's root. Directories are taken with all that is in them. */
const INPUTS = [
  'electron',
  'renderer',
  'shared',
  'build/bundling',
  'build/bundle.ts',
  'package-lock.json',
  'package.json',
];

const listFiles = (path: string): string[] => {
  const found: string[] = [];
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const full = join(directory, entry.name);
      if (entry.isDirectory()) visit(full);
      else if (entry.isFile()) found.push(full);
    }
  };
  visit(path);
  return found;
};

/** SHA-256 over the names and contents of all bundler inputs, as hex. Names are sorted, so that the order of a directory does not matter. */
export const hashSources = (root: string): string => {
  const hash = createHash('sha256');
  for (const input of INPUTS) {
    const full = join(root, input);
    if (!existsSync(full)) continue;
    const files = input.includes('.') ? [full] : listFiles(full).sort();
    for (const file of files) {
      const content = readFileSync(file);
      hash.update(`${relative(root, file)}\0${content.length}\0`);
      hash.update(content);
    }
  }
  return hash.digest('hex');
};
