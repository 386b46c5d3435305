/** What is wrong with a page as it is drawn: text that is cut or covered, words that are not for people, what axe finds. */
import type { Page } from 'playwright-core';
import { ERROR_CODES } from '../../../shared/errors.ts';
import { textFaults } from './text-layout.ts';

const RAW = /\bundefined\b|\bNaN\b|\[object |\bnull\b|\bInfinity\b|\bE(?:ACCES|PERM|IO|BUSY|EXIST|N[A-Z]+)\b/;
/** Codes that are no words of a sentence. */
const CODES = ERROR_CODES.filter((code) => code.includes('-'));
/** Those that are; alone they say nothing. */
const BARE = new RegExp(`^(?:${ERROR_CODES.filter((code) => !code.includes('-')).join('|')})$`, 'm');

/** How text stands, and words that only programs know. */
export const layoutFaults = async (page: Page): Promise<readonly string[]> => {
  const faults = (await textFaults(page)).map(({ fault, text }) => `${fault}: ${text}`);
  const words = await page.locator('body').innerText();
  const raw = RAW.exec(words) ?? BARE.exec(words);
  return [
    ...faults,
    ...(raw ? [`raw: ${raw[0]}`] : []),
    ...CODES.filter((code) => words.includes(code)).map((code) => `code: ${code}`),
  ];
};

/** What colours can be wrong about; all else in axe is the same in light and dark. */
export const COLOUR_RULES = ['color-contrast'] as const;
/** What a change of width can be wrong about beside it: names that went with the words, order, what can't be reached. */
export const NARROW_RULES = [
  ...COLOUR_RULES,
  'aria-command-name',
  'button-name',
  'link-name',
  'image-alt',
  'svg-img-alt',
  'label',
  'list',
  'listitem',
  'scrollable-region-focusable',
  'region',
] as const;

/** The faults that axe finds, in words. `rules`: only these; all where none are named. The page serves axe beside itself. */
export const axeFaults = async (page: Page, rules: readonly string[] | null): Promise<readonly string[]> => {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ url: '/axe.js' });
  return page.evaluate(async (only) => {
    const checker = Reflect.get(window, 'axe') as {
      run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    };
    const { violations } = await checker.run({
      ...(only === null ? {} : { runOnly: only }),
      // None of what these make is read here, and they take longer than the rules.
      preload: false,
      iframes: false,
      selectors: false,
      resultTypes: ['violations'],
    });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  }, rules);
};
