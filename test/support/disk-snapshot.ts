import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** What a look gives; null where the path has gone between listing and look: an engine may be at work on a thread. */
function unlessGone<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Everything below a root that a person sees: kind, mode, whole-millisecond mtime and content by path. */
export function snapshot(root: string, below = ''): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const name of readdirSync(join(root, below)).sort()) {
    if (below === '' && name === '.flotilla') continue;
    const path = below === '' ? name : `${below}/${name}`;
    Object.assign(
      tree,
      unlessGone(() => looked(root, path)),
    );
  }
  return tree;
}

function looked(root: string, path: string): Record<string, string> {
  // Not `mtimeMs`: what is 100 ns short of the next millisecond is that one in floating point.
  const stat = lstatSync(join(root, path), { bigint: true });
  const mode = (stat.mode & 0o777n).toString(8);
  if (stat.isDirectory()) return { [path]: `directory ${mode}`, ...snapshot(root, path) };
  if (stat.isSymbolicLink()) return { [path]: `link ${readlinkSync(join(root, path))}` };
  return { [path]: `file ${mode} ${stat.mtimeNs / 1_000_000n} ${readFileSync(join(root, path), 'latin1')}` };
}

/** Contents of all files below a root, kept versions included. */
export function contentsBelow(root: string): Set<string> {
  const found = new Set<string>();
  for (const entry of Object.values(snapshot(root))) {
    if (entry.startsWith('file')) found.add(entry.split(' ').slice(3).join(' '));
  }
  const versions = join(root, '.flotilla', 'versions');
  for (const name of readdirSync(versions)) {
    const content = unlessGone(() => {
      const path = join(versions, name);
      return lstatSync(path).isFile() ? readFileSync(path, 'latin1') : null;
    });
    if (content !== null) found.add(content);
  }
  return found;
}
