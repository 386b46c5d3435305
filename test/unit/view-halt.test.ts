import { describe, expect, it } from 'vitest';
import { haltView } from '../../renderer/features/folders/halt-view.ts';

describe('HA1 a halted folder', () => {
  it.each([
    ['root-missing', 'resume moved startOver stop'],
    // Nothing can be started over where a file stands.
    ['root-replaced', 'resume moved stop'],
    ['root-marker-missing', 'startOver resume moved stop'],
    ['root-marker-foreign', 'moved resume startOver stop'],
    ['root-other-file-system', 'resume moved startOver stop'],
  ] as const)('has the answers that the engine takes, the likeliest first: %s', (code, kinds) => {
    expect(
      haltView(code)
        .answers.map(({ kind }) => kind)
        .join(' '),
    ).toBe(kinds);
  });

  it('says before each answer what it does to files', () => {
    const codes = [
      'root-missing',
      'root-replaced',
      'root-marker-missing',
      'root-marker-foreign',
      'root-other-file-system',
    ];
    for (const code of codes as Parameters<typeof haltView>[0][]) {
      const { hint, answers } = haltView(code);
      expect(hint).toMatch(/\.$/);
      for (const { effect } of answers) expect(effect).toMatch(/\.$/);
    }
  });
});
