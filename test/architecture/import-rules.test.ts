import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkImports, findCycles } from '../../build/checks/import-rules.ts';
import { importsOf, readSources, type SourceFile } from '../../build/checks/source-files.ts';

const root = resolve(import.meta.dirname, '../..');

const file = (path: string, ...specifiers: string[]): SourceFile => ({
  path,
  text: '',
  imports: specifiers.map((specifier) => ({ specifier, line: 1 })),
});

describe('the import rules', () => {
  const files = readSources(root);

  it('are kept by all sources', () => {
    expect(checkImports(files)).toEqual([]);
  });

  it('know no circle, types included', () => {
    expect(findCycles(files)).toEqual([]);
  });

  it.each([
    ['shared/a.ts', 'node:fs'],
    ['shared/a.ts', '../electron/engine/engine.ts'],
    ['electron/engine/consensus/a.ts', 'node:crypto'],
    ['electron/engine/group/a.ts', '../storage/b.ts'],
    ['electron/engine/transfer/a.ts', '../ports/clock.ts'],
    ['electron/engine/consensus/a.ts', '../transfer/step.ts'],
    ['electron/engine/storage/a.ts', '../session/group-session.ts'],
    ['electron/engine/view/a.ts', '../session/activity-log.ts'],
    ['electron/engine/session/a.ts', '../engine.ts'],
    ['electron/engine/session/a.ts', 'vite'],
    ['electron/engine/session/a.ts', '@mantine/core'],
    ['electron/engine/network/a.ts', 'hyperdht'],
    ['electron/engine/folder/a.ts', 'electron'],
    ['electron/engine/folder/a.ts', 'lmdb'],
    ['electron/engine/folder/a.ts', '../../main/tray.ts'],
    ['electron/main/a.ts', '../engine/engine.ts'],
    ['electron/preload/a.ts', 'node:path'],
    ['electron/cli/a.ts', '../engine/folder/b.ts'],
    ['electron/cli/a.ts', 'electron'],
    ['renderer/a.tsx', 'node:path'],
    ['renderer/a.tsx', '@automerge/automerge'],
    ['renderer/features/master/a.tsx', '../folders/b.tsx'],
    ['renderer/a.tsx', '../electron/preload/preload.ts'],
    ['electron/engine/a.ts', '../../test/support/fake-clock.ts'],
    ['electron/utils/a.ts', './b.ts'],
    ['electron/engine/index.ts', './b.ts'],
    ['electron/engine/CamelCase.ts', './b.ts'],
  ])('refuse %s importing %s', (path, specifier) => {
    expect(checkImports([file(path, specifier)])).not.toEqual([]);
  });

  it('see a circle', () => {
    const circle = [file('shared/a.ts', './b.ts'), file('shared/b.ts', './c.ts'), file('shared/c.ts', './a.ts')];
    expect(findCycles(circle)).toEqual([['shared/a.ts', 'shared/b.ts', 'shared/c.ts', 'shared/a.ts']]);
  });

  it('see every way to import', () => {
    const text = [
      "import type { A } from './a.ts';",
      "export * from './b.ts';",
      "const c = await import('./c.ts');",
      "let d: import('./d.ts').D;",
      "export { e } from './e.ts';",
    ].join('\n');
    expect(importsOf('x.ts', text).map(({ specifier, line }) => [specifier, line])).toEqual(
      expect.arrayContaining([
        ['./a.ts', 1],
        ['./b.ts', 2],
        ['./c.ts', 3],
        ['./d.ts', 4],
        ['./e.ts', 5],
      ]),
    );
  });
});
