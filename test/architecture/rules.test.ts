import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8');

const spec = read('electron/engine/SPEC.md');
const rules = [...spec.matchAll(/^- ([A-Z]{2}-?\d+)\b/gm)].map(([, rule = '']) => rule);
const families = [...new Set(rules.map((rule) => rule.replace(/\d+$/, '')))].join('|');

/** A title begins with the numbers of the rules that its test shows; some stand in a table of cases. */
const TITLE = new RegExp(`(['"\`])((?:(?:${families})\\d+[,:]? )+)`, 'g');

const shown = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', 'test'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => /\.tsx?$/.test(path) && existsSync(resolve(root, path)))
  .flatMap((path) =>
    [...read(path).matchAll(TITLE)].flatMap(([, , numbers = '']) =>
      numbers
        .replace(/[,:]? $/, '')
        .split(/[,:]? /)
        .map((rule) => ({ path, rule })),
    ),
  );

describe('the numbered rules', () => {
  it('have a number each', () => {
    expect(rules.filter((rule, place) => rules.indexOf(rule) !== place)).toEqual([]);
  });

  it('are each shown by a test that says so in its title', () => {
    const tested = new Set(shown.map(({ rule }) => rule));
    expect(rules.filter((rule) => !tested.has(rule))).toEqual([]);
  });

  it('are there where a title names them', () => {
    const known = new Set(rules);
    expect(shown.filter(({ rule }) => !known.has(rule))).toEqual([]);
  });
});
