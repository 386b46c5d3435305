import { resolve } from 'node:path';
import { readSources } from '../../build/checks/source-files.ts';

const root = resolve(import.meta.dirname, '../..');

/** Constants that are written as names of tables are, and name something else. */
const NO_TABLES = ['record', 'migration'];

/** The tables of the local database, sorted, as the engine's sources name them: each in a constant, never in place. */
export function databaseTables(): readonly string[] {
  const engine = readSources(root).filter(({ path }) => path.startsWith('electron/engine/'));
  for (const { path, text } of engine) {
    if (/\b(store|tx|reader)\.(get|put|remove|range)\(\s*'/.test(text))
      throw new Error(`${path} names a table in place`);
  }
  const names = engine
    .flatMap(({ text }) => [...text.matchAll(/(?:new RecordTable\(\s*|^(?:export )?const [A-Z_]+ = )'([a-z-]+)'/gm)])
    .map(([, name = '']) => name)
    .filter((name) => !NO_TABLES.includes(name));
  if (names.length < 30) throw new Error('the engine names its tables in another way by now');
  return [...new Set(names)].sort();
}
