import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A file of the page, held in memory. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** All files of the built page by their URL path. Only what is in this map is ever served: no request names a file. */
export function loadPageFiles(directory: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  const walk = (relative: string): void => {
    for (const name of readdirSync(join(directory, relative))) {
      const path = join(relative, name);
      const absolute = join(directory, path);
      if (statSync(absolute).isDirectory()) walk(path);
      else {
        const type = TYPES[extname(name)] ?? 'application/octet-stream';
        files.set(`/${path.split('\\').join('/')}`, { type, bytes: readFileSync(absolute) });
      }
    }
  };
  walk('');
  return files;
}
