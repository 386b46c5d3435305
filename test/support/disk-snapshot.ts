import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Everything below a root that a person sees: kind, mode, whole-millisecond mtime and content by path. */
export function snapshot(root: string, below = ''): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const name of readdirSync(join(root, below)).sort()) {
    if (below === '' && name === '.flotilla') continue;
    const path = below === '' ? name : `${below}/${name}`;
    const stat = lstatSync(join(root, path));
    const mode = (stat.mode & 0o777).toString(8);
    if (stat.isDirectory()) {
      tree[path] = `directory ${mode}`;
      Object.assign(tree, snapshot(root, path));
    } else if (stat.isSymbolicLink()) tree[path] = `link ${readlinkSync(join(root, path))}`;
    else tree[path] = `file ${mode} ${Math.floor(stat.mtimeMs)} ${readFileSync(join(root, path), 'latin1')}`;
  }
  return tree;
}

/** Contents of all files below a root, kept versions included. */
export function contentsBelow(root: string): Set<string> {
  const found = new Set<string>();
  for (const entry of Object.values(snapshot(root))) {
    if (entry.startsWith('file')) found.add(entry.split(' ').slice(3).join(' '));
  }
  const versions = join(root, '.flotilla', 'versions');
  for (const name of readdirSync(versions)) {
    if (lstatSync(join(versions, name)).isFile()) found.add(readFileSync(join(versions, name), 'latin1'));
  }
  return found;
}
