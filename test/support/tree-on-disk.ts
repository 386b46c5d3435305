import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** A directory as text, one line a path: kind, mode, mtime in milliseconds and content, without Flotilla's own things. */
export function treeOnDisk(root: string): readonly string[] {
  const lines: string[] = [];
  const walk = (relative: string): void => {
    for (const name of readdirSync(join(root, relative)).sort()) {
      if (relative === '' && name === '.flotilla') continue;
      const path = relative === '' ? name : `${relative}/${name}`;
      const absolute = join(root, path);
      // Not `mtimeMs`: what is 100 ns short of the next millisecond is that one in floating point.
      const stat = lstatSync(absolute, { bigint: true });
      const mode = (stat.mode & 0o777n).toString(8);
      if (stat.isDirectory()) {
        lines.push(`${path} directory ${mode}`);
        walk(path);
      } else if (stat.isSymbolicLink()) lines.push(`${path} symlink ${readlinkSync(absolute)}`);
      else {
        const hash = createHash('sha256').update(readFileSync(absolute)).digest('hex');
        lines.push(`${path} file ${mode} ${stat.mtimeNs / 1_000_000n} ${stat.size} ${hash}`);
      }
    }
  };
  walk('');
  return lines;
}
