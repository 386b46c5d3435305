import { resolve } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { readSources } from '../../build/checks/source-files.ts';

const root = resolve(import.meta.dirname, '../..');

/** Time and entropy come through ports; only their adapters ask the machine. */
const ADAPTER = /^electron\/engine\/ports\/system-/;
const PURE_ROOM = /^electron\/engine\/(consensus|group|reconcile|transfer)\//;

const MACHINE_CALLS =
  /(?<![.\w])(Date\.now|Math\.random|performance\.now|process\.hrtime|setTimeout|setInterval|randomBytes|randomUUID|randomInt|crypto\.\w+)\s*\(|new Date\(\s*\)/g;
const WAITING = /(?<![.\w])(async|await|Promise|new Date)\b/g;

/** The text with its comments and strings blanked out, so that what is only spoken of is not found. */
const codeOf = (path: string, text: string): string => {
  const { comments } = parseSync(path, text);
  let code = text;
  for (const { start, end } of comments) code = code.slice(0, start) + ' '.repeat(end - start) + code.slice(end);
  return code.replace(/'(?:[^'\\\n]|\\.)*'/g, (quoted) => ' '.repeat(quoted.length));
};

const find = (path: string, text: string, pattern: RegExp): string[] =>
  [...codeOf(path, text).matchAll(pattern)].map((match) => `${path}: ${match[0]}`);

describe('calls that tests could not control', () => {
  const sources = readSources(root);

  it('are made by the ports’ adapters alone', () => {
    const found = sources
      .filter(({ path }) => /^(shared|electron\/engine|electron\/cli)\//.test(path) && !ADAPTER.test(path))
      .flatMap(({ path, text }) => find(path, text, MACHINE_CALLS));
    expect(found).toEqual([]);
  });

  it('are not needed in the pure rooms, nor is waiting', () => {
    const found = sources
      .filter(({ path }) => PURE_ROOM.test(path))
      .flatMap(({ path, text }) => find(path, text, WAITING));
    expect(found).toEqual([]);
  });

  it.each(['Date.now()', 'setTimeout(f, 1)', 'new Date()', 'Math.random()', 'crypto.randomBytes(3)'])(
    'are seen: %s',
    (call) => {
      expect(find('x.ts', `const x = ${call};`, MACHINE_CALLS)).toHaveLength(1);
    },
  );

  it.each(['// Date.now()', "const x = 'Date.now()';", 'clock.setTimeout(f, 1)', 'new Date(5)'])(
    'are not seen: %s',
    (text) => {
      expect(find('x.ts', text, MACHINE_CALLS)).toEqual([]);
    },
  );
});
