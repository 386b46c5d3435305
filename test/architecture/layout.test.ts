import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const MAX_LINES = 400;
const ALLOWED = new Set([
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'README.md',
  'ARCHITECTURE.md',
  'LICENSE',
  'electron',
  'renderer',
  'shared',
  'test',
  'build',
]);

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && existsSync(resolve(root, path)));

/** Titles that no text and no deeper title follows. */
const emptyHeadings = (markdown: string): string[] => {
  const empty: string[] = [];
  let open: { title: string; depth: number } | null = null;
  let inCode = false;
  for (const line of [...markdown.split('\n'), '# end']) {
    if (line.startsWith('```')) inCode = !inCode;
    const heading = inCode ? null : /^(#+) (.*)$/.exec(line);
    if (heading !== null) {
      const depth = heading[1]?.length ?? 1;
      if (open !== null && depth <= open.depth) empty.push(open.title);
      open = { title: heading[2] ?? '', depth };
    } else if (line.trim() !== '') {
      open = null;
    }
  }
  return empty;
};

describe('the project’s layout', () => {
  it('has at its top what belongs there', () => {
    const names = new Set(tracked.map((path) => path.split('/')[0] ?? ''));
    expect([...names].filter((name) => !name.startsWith('.') && !ALLOWED.has(name))).toEqual([]);
  });

  it('has no file that is too long to read', () => {
    const long = tracked
      .filter((path) => /\.(ts|tsx|mts|mjs)$/.test(path))
      .map((path) => [path, readFileSync(resolve(root, path), 'utf8').split('\n').length] as const)
      .filter(([, lines]) => lines > MAX_LINES);
    expect(long).toEqual([]);
  });

  it('is written in TypeScript but for the set-up', () => {
    expect(tracked.filter((path) => /\.(js|cjs|mjs|jsx|sh)$/.test(path))).toEqual(['build/setup.mjs']);
  });

  it.each(['README.md', 'ARCHITECTURE.md', 'electron/engine/SPEC.md'])(
    'says something under each heading of %s',
    (path) => {
      expect(emptyHeadings(readFileSync(resolve(root, path), 'utf8'))).toEqual([]);
    },
  );

  it('finds an empty heading', () => {
    expect(emptyHeadings('# A\n## B\n## C\ntext\n## D\n')).toEqual(['B', 'D']);
  });
});
