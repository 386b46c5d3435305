import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a golden file holds. `FLOTILLA_WRITE_GOLDEN=1` writes one that is not there; from then on a difference is a broken
 * promise to people's disks, or to a device that was not updated yet.
 */
export function goldenJson<T>(name: string, made: T): T {
  const path = join(import.meta.dirname, '../golden', name);
  if (!existsSync(path) && process.env.FLOTILLA_WRITE_GOLDEN === '1') {
    writeFileSync(path, `${JSON.stringify(made, null, 2)}\n`);
  }
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Examples of each type of a union: does not compile where one has none. */
export type ExamplesOfEach<Union extends { readonly type: string }> = {
  readonly [Type in Union['type']]: readonly [
    Extract<Union, { readonly type: Type }>,
    ...Extract<Union, { readonly type: Type }>[],
  ];
};

/** All examples, in the order in which they are written. */
export function allExamples<Union extends { readonly type: string }>(examples: ExamplesOfEach<Union>): Union[] {
  return Object.values<readonly Union[]>(examples).flat();
}
