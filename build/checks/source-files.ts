/** Our own source files, read and parsed once. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';

/** One import, re-export, `import()` or `import('…')` type, as written. */
export interface ImportedModule {
  readonly specifier: string;
  readonly line: number;
}

/** A source file with what it imports. */
export interface SourceFile {
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly ImportedModule[];
}

/** Directories that hold our sources. */
export const SOURCE_DIRECTORIES = ['shared', 'electron', 'renderer', 'test', 'build'] as const;

const SOURCE = /\.(ts|tsx|mts)$/;
const TYPE_IMPORT = /\bimport\(\s*'([^']+)'\s*\)/g;

/** Paths of all files below `directory` (relative to `root`), sorted, with `/`. */
export const listFiles = (root: string, directory: string): string[] => {
  const found: string[] = [];
  for (const entry of readdirSync(join(root, directory), { withFileTypes: true })) {
    const path = posix.join(directory, entry.name);
    if (entry.isDirectory()) found.push(...listFiles(root, path));
    else if (entry.isFile()) found.push(path);
  }
  return found.sort();
};

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** The modules that a file's text names; throws what the parser finds wrong. */
export const importsOf = (path: string, text: string): readonly ImportedModule[] => {
  const { module, errors } = parseSync(path, text);
  if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`);
  const found = new Map<number, ImportedModule>();
  const add = (specifier: string, start: number): void => {
    found.set(start, { specifier, line: lineAt(text, start) });
  };
  for (const { moduleRequest } of module.staticImports) add(moduleRequest.value, moduleRequest.start);
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest } of entries) if (moduleRequest) add(moduleRequest.value, moduleRequest.start);
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const written = text.slice(moduleRequest.start, moduleRequest.end);
    if (/^['"`][^$]*['"`]$/.test(written)) add(written.slice(1, -1), moduleRequest.start);
  }
  // Types of the form `import('x').Y` are not among the parser's module records.
  for (const match of text.matchAll(TYPE_IMPORT)) {
    const start = match.index + match[0].indexOf("'");
    if (match[1] !== undefined) add(match[1], start);
  }
  return [...found.values()];
};

/** All source files of the project. */
export const readSources = (root: string): readonly SourceFile[] =>
  SOURCE_DIRECTORIES.flatMap((directory) => listFiles(root, directory))
    .filter((path) => SOURCE.test(path))
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, imports: importsOf(path, text) };
    });
