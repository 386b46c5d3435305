import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { failure } from '../../../shared/errors.ts';

/** A directory on this disk with the directories in it, hidden ones left out; null: the user's own. */
export function browsePlace(asked: string | null): {
  path: string;
  parent: string | null;
  directories: readonly { name: string; path: string }[];
} {
  const path = resolve(asked ?? homedir());
  try {
    const names = readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort((a, b) => a.localeCompare(b));
    const parent = dirname(path);
    return {
      path,
      parent: parent === path ? null : parent,
      directories: names.map((name) => ({ name, path: join(path, name) })),
    };
  } catch (error) {
    throw failure('not-found', `The directory ${path} cannot be opened.`, error);
  }
}
