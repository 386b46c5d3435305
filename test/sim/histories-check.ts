import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { snapshot } from '../support/disk-snapshot.ts';

/** A promise to people's files was broken. */
export class FilesLost extends Error {
  override readonly name = 'FilesLost';
}

/** What a tree holds: text of each file by path. */
export function textsInTree(root: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [path, entry] of Object.entries(snapshot(root))) {
    if (entry.startsWith('file ')) texts.set(path, entry.split(' ').slice(3).join(' '));
  }
  return texts;
}

/** Texts of all files that the folder keeps beside its tree. */
export function textsKept(root: string): Set<string> {
  const versions = join(root, '.flotilla', 'versions');
  if (!existsSync(versions)) return new Set();
  const files = readdirSync(versions).map((name) => join(versions, name));
  return new Set(files.filter((at) => lstatSync(at).isFile()).map((at) => readFileSync(at, 'latin1')));
}

/**
 * Follows where each text lies. A text is one version of a file, and no two are equal. What a person takes away from a
 * disk (by overwriting or deleting it there) is that person's doing; what goes from a disk at any other time was taken
 * by the engine, and that must never happen: before it takes anything out of a tree it keeps it.
 */
export class Versions {
  readonly #disks = new Map<string, Set<string>>();
  /** Every text ever written. */
  readonly #written = new Set<string>();
  /** Texts that some person took out of some tree. */
  readonly #unwanted = new Set<string>();
  /** Texts that the person at a disk took from a path, be it to another. */
  readonly #moved = new Map<string, Set<string>>();
  #before = new Map<string, string>();

  /** What lies on the disk just before its person does something: nothing may have gone since the last look. */
  beforePerson(root: string): void {
    this.look(root);
    this.#before = textsInTree(root);
  }

  /** The person did something. */
  afterPerson(root: string): void {
    const now = textsInTree(root);
    const moved = this.#moved.get(root) ?? new Set();
    for (const [path, text] of this.#before) if (now.get(path) !== text) moved.add(text);
    this.#moved.set(root, moved);
    const [before, after] = [countsOf(this.#before.values()), countsOf(now.values())];
    // A rename leaves as many of a text as there were.
    for (const [text, count] of before) if (count > (after.get(text) ?? 0)) this.#unwanted.add(text);
    // Empty files are all one text: where they lie is seen in the trees alone.
    for (const text of after.keys()) if (!before.has(text) && text !== '') this.#written.add(text);
    this.#disks.set(root, onDisk(root));
  }

  /** Throws `FilesLost` where the engine took something from the disk since the last look. */
  look(root: string): void {
    const now = onDisk(root);
    for (const text of this.#disks.get(root) ?? []) {
      if (!now.has(text)) throw new FilesLost(`${text} went from ${root}`);
    }
    this.#disks.set(root, now);
  }

  /**
   * Texts that nobody took away anywhere: they belong into every tree. Not those that the person at `voided` moved: what
   * that device wrote may count as never written, and somebody else may have taken the place that was left.
   */
  wanted(voided: string | null): Set<string> {
    const moved = voided === null ? undefined : this.#moved.get(voided);
    return new Set([...this.#written].filter((text) => !this.#unwanted.has(text) && moved?.has(text) !== true));
  }

  /** The text need not be in the trees any more, for a reason other than a person's doing. */
  release(text: string): void {
    this.#unwanted.add(text);
  }

  /** Names of what the folder keeps beside its tree. */
  keptIds(root: string): readonly string[] {
    return readdirSync(join(root, '.flotilla', 'versions'));
  }

  /** How many texts there were, and how many of them lie nowhere since every holder's own person took them away. */
  counts(): { readonly written: number; readonly gone: number } {
    const somewhere = new Set([...this.#disks.values()].flatMap((texts) => [...texts]));
    return {
      written: this.#written.size,
      gone: [...this.#written].filter((text) => !somewhere.has(text)).length,
    };
  }
}

function countsOf(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function onDisk(root: string): Set<string> {
  return new Set([...textsInTree(root).values(), ...textsKept(root)]);
}

/**
 * The tree as the others must have it: whoever applies a mode keeps read and write for its own user, so that a mode
 * without them differs where it was set. `leftOut`: paths that nobody can have;
 * `modeless`: directories of which nobody said a mode.
 */
export function comparableTree(
  root: string,
  leftOut: ReadonlySet<string>,
  modeless: ReadonlySet<string>,
): Record<string, string> {
  const owned = (_: string, kind: string, mode: string): string => {
    const least = kind === 'file' ? 0o600 : 0o700;
    return `${kind} ${(Number.parseInt(mode, 8) | least).toString(8)}`;
  };
  return Object.fromEntries(
    Object.entries(snapshot(root))
      .filter(([path]) => !leftOut.has(path))
      .map(([path, entry]) => [
        path,
        modeless.has(path) ? 'directory' : entry.replace(/^(file|directory) ([0-7]+)/, owned),
      ]),
  );
}
