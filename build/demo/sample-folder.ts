/** What the demonstration shares: a handful of files that are worth opening. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TEXTS: Readonly<Record<string, string>> = {
  'Read me first.txt':
    'This folder is on three devices at once. Change, rename or delete something in it on one of them,\n' +
    'and look at the same folder of another.\n',
  'Recipes/Bread.md':
    '# Bread\n\n500 g flour, 350 g water, 10 g salt, 3 g yeast. Wait a night. Bake 45 minutes at 240 °C.\n',
  'Recipes/Soup.md': '# Soup\n\nEverything that is left, slowly.\n',
  'Plans/Summer.txt': 'By train to the sea, by bicycle along it.\n',
  'Plans/Empty list.txt': '',
};

const PICTURES = ['Harbour', 'Lighthouse', 'Regatta'] as const;

/** A small picture of its own for each name, as SVG. */
const drawing = (name: string, index: number): string => {
  const sails = Array.from({ length: index + 2 }, (_, place) => {
    const left = 40 + place * 90;
    return `<path d="M${left} 150 L${left + 50} 150 L${left} 70 Z" fill="#fff" fill-opacity="${0.9 - place * 0.15}"/>`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 240"><title>${name}</title>` +
    `<rect width="480" height="240" fill="#${['1f7a8c', '0b4f6c', '145c9e'][index] ?? '1f7a8c'}"/>${sails.join('')}</svg>\n`
  );
};

/** Writes the sample files into `directory`. */
export const writeSampleFolder = (directory: string): void => {
  for (const folder of ['Recipes', 'Plans', 'Pictures', 'An empty folder']) {
    mkdirSync(join(directory, folder), { recursive: true });
  }
  for (const [path, text] of Object.entries(TEXTS)) writeFileSync(join(directory, path), text);
  PICTURES.forEach((name, index) => {
    writeFileSync(join(directory, 'Pictures', `${name}.svg`), drawing(name, index));
  });
};
