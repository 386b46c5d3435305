import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOMS } from '../../build/checks/import-rules.ts';
import { databaseTables } from '../support/database-tables.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8');

const architecture = read('ARCHITECTURE.md');
const { dependencies, devDependencies }: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(
  read('package.json'),
);

/** The text from one heading of that depth or less to the next. */
const section = (title: string): string => {
  const start = architecture.indexOf(`${title}\n`);
  if (start < 0) throw new Error(`there is no ${title}`);
  const depth = title.indexOf(' ');
  const next = architecture.slice(start + title.length).search(new RegExp(`^#{1,${depth}} `, 'm'));
  return next < 0 ? architecture.slice(start) : architecture.slice(start, start + title.length + next);
};

/** What stands between backticks. */
const quoted = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, one = '']) => one);

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').slice(0, -1);

/** The rows on the folders around the engine: which, and what to read first there. */
const aroundTheEngine = [
  ...section('## Everything around the engine, folder by folder').matchAll(/^\| (`.+?) \| .+ \| (.*)\|$/gm),
].map(([, places = '', files = '']) => [quoted(places), quoted(files)] as const);

describe('ARCHITECTURE', () => {
  it('has a heading for each package that is depended on, and for no other', () => {
    const headings = [...section('## Dependencies').matchAll(/^#### (.+)$/gm)].map(([, names = '']) => names);
    const named = headings.flatMap((names) => names.split(', ')).sort();
    expect(named).toEqual([...Object.keys({ ...dependencies, ...devDependencies })].sort());
  });

  it('lists the rooms of the engine, all of them, in the order that the check of imports holds', () => {
    const rooms = ROOMS.filter((name) => !name.endsWith('.ts'));
    const listed = [...section('## The rooms of the engine').matchAll(/^\| `([a-z]+)`/gm)].map(([, room]) => room);
    expect(listed).toEqual(rooms);
    const folders = readdirSync(resolve(root, 'electron/engine'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect([...rooms].sort()).toEqual(folders.sort());
  });

  it('names each folder of the sources, and none that is gone', () => {
    const folders = new Set(
      tracked.map((path) => dirname(path)).filter((path) => /^(electron|renderer|shared|test|build)\b/.test(path)),
    );
    const named = aroundTheEngine.flatMap(([places]) => places);
    const lines = architecture.split('\n');
    /** Its row in one of the tables tells of its parts. */
    const isTold = (folder: string, part: string): boolean =>
      lines.some((line) => line.startsWith(`| \`${folder}\``) && line.includes(`\`${part}/\``));
    const isNamed = (folder: string): boolean =>
      named.includes(folder) ||
      // That all of these are there is asked above.
      /^electron\/engine(\/[a-z]+)?$/.test(folder) ||
      isTold(dirname(folder).replace('electron/engine/', ''), basename(folder));
    expect([...folders].filter((folder) => !isNamed(folder))).toEqual([]);
    expect(named.filter((folder) => !folders.has(folder))).toEqual([]);
  });

  it('says of folders to begin at files that are in them', () => {
    const gone = aroundTheEngine.flatMap(([places, files]) =>
      files.filter((file) => !places.some((folder) => tracked.includes(`${folder}/${file}`))),
    );
    expect(gone).toEqual([]);
  });

  it('names no file that is gone', () => {
    const files = quoted(architecture).filter((text) => /^[\w./-]+\.(tsx?|mjs|md)$/.test(text));
    expect(files.filter((file) => !tracked.some((path) => `/${path}`.endsWith(`/${file}`)))).toEqual([]);
  });

  it('names each table of the local database', () => {
    const rows = section('### Rows of the local database');
    expect(databaseTables().filter((table) => !rows.includes(`\`${table}\``))).toEqual([]);
  });
});
