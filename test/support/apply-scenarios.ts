import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { contentsBelow } from './disk-snapshot.ts';
import type { FolderWorld, TestDevice } from './folder-world.ts';

/** One change elsewhere (and, for conflicts, here), while whose receiver applies it anything may happen. */
export interface ApplyScenario {
  readonly name: string;
  /** Where a person of the receiver may save just then. */
  readonly saves: readonly string[];
  readonly base: (one: TestDevice) => void;
  readonly there: (one: TestDevice) => void;
  readonly here?: (two: TestDevice) => void;
  readonly readOnly?: boolean;
}

/** What a receiver may have to put on its disk. */
export const APPLY_SCENARIOS: readonly ApplyScenario[] = [
  {
    name: 'a file and a directory are created',
    saves: ['d/new'],
    base: () => undefined,
    there: (one) => {
      mkdirSync(one.at('d'));
      writeFileSync(one.at('d/new'), 'new');
    },
  },
  {
    name: 'a file is replaced',
    saves: ['a'],
    base: (one) => writeFileSync(one.at('a'), 'old'),
    there: (one) => writeFileSync(one.at('a'), 'replaced'),
  },
  {
    name: 'a file is removed',
    saves: ['d/a'],
    base: (one) => {
      mkdirSync(one.at('d'));
      writeFileSync(one.at('d/a'), 'removed');
    },
    there: (one) => rmSync(one.at('d'), { recursive: true }),
  },
  {
    name: 'a file is moved',
    saves: ['a', 'd/b'],
    base: (one) => writeFileSync(one.at('a'), 'moved'),
    there: (one) => {
      mkdirSync(one.at('d'));
      renameSync(one.at('a'), one.at('d/b'));
    },
  },
  {
    name: 'a file becomes a directory and a directory a file',
    saves: ['f', 'd', 'd/x'],
    base: (one) => {
      writeFileSync(one.at('f'), 'was a file');
      mkdirSync(one.at('d'));
      writeFileSync(one.at('d/x'), 'was inside');
    },
    there: (one) => {
      rmSync(one.at('f'));
      mkdirSync(one.at('f'));
      writeFileSync(one.at('f/y'), 'is inside');
      rmSync(one.at('d'), { recursive: true });
      writeFileSync(one.at('d'), 'is a file');
    },
  },
  {
    name: 'a link takes the place of a file, and times change',
    saves: ['l', 't'],
    base: (one) => {
      writeFileSync(one.at('l'), 'was a file');
      writeFileSync(one.at('t'), 'times');
    },
    there: (one) => {
      rmSync(one.at('l'));
      symlinkSync('t', one.at('l'));
      utimesSync(one.at('t'), 1_400_000_000, 1_400_000_000);
    },
  },
  {
    name: 'both change a file',
    saves: ['a.txt'],
    base: (one) => writeFileSync(one.at('a.txt'), 'base'),
    there: (one) => writeFileSync(one.at('a.txt'), 'from there'),
    here: (two) => writeFileSync(two.at('a.txt'), 'from here, longer'),
  },
  {
    name: 'a file is changed here and becomes a directory there',
    saves: ['a.txt'],
    base: (one) => writeFileSync(one.at('a.txt'), 'base'),
    there: (one) => {
      rmSync(one.at('a.txt'));
      mkdirSync(one.at('a.txt'));
    },
    here: (two) => writeFileSync(two.at('a.txt'), 'from here, longer'),
  },
  {
    name: 'without the right to write, both change a file',
    saves: ['a.txt'],
    base: (one) => writeFileSync(one.at('a.txt'), 'base'),
    there: (one) => writeFileSync(one.at('a.txt'), 'from there'),
    here: (two) => writeFileSync(two.at('a.txt'), 'from here, longer'),
    readOnly: true,
  },
  {
    name: 'a file is changed here and becomes a link there',
    saves: ['a.txt'],
    base: (one) => writeFileSync(one.at('a.txt'), 'base'),
    there: (one) => {
      rmSync(one.at('a.txt'));
      symlinkSync('elsewhere', one.at('a.txt'));
    },
    here: (two) => writeFileSync(two.at('a.txt'), 'from here, longer'),
  },
  {
    name: 'without the right to write, a file is changed here and removed there',
    saves: ['a.txt'],
    base: (one) => writeFileSync(one.at('a.txt'), 'base'),
    there: (one) => rmSync(one.at('a.txt')),
    here: (two) => writeFileSync(two.at('a.txt'), 'from here, longer'),
    readOnly: true,
  },
];

/** A scenario up to the moment at which the receiver, which rests, would begin to apply it. */
export interface BegunScenario {
  readonly one: TestDevice;
  /** The receiver. */
  readonly two: TestDevice;
  /**
   * Everything that is anywhere now, and has to stay somewhere. (What a person overwrote on every device is gone by their
   * own will.)
   */
  readonly written: Set<string>;
}

/** Plays a scenario between the two devices of a world up to there. */
export async function beginScenario(world: FolderWorld, scenario: ApplyScenario): Promise<BegunScenario> {
  const [one, two] = world.devices as [TestDevice, TestDevice];
  scenario.base(one);
  await world.settle();
  if (scenario.readOnly === true) {
    two.rights = { canWrite: () => false };
    two.folder.rightsChanged();
  }
  two.folder.pause();
  scenario.there(one);
  await one.folder.flush();
  scenario.here?.(two);
  const written = new Set([...contentsBelow(one.root), ...contentsBelow(two.root)]);
  world.indexes.deliver();
  return { one, two, written };
}
