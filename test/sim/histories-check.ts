import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { snapshot } from '../support/disk-snapshot.ts';

/** A promise to people's files was broken. */
export class FilesLost extends Error {
  override readonly name = 'FilesLost';
}

/** Whether what a person does counts: where it may come too late nobody can tell. */
export type Right = 'has' | 'mayHave' | 'hasNot';

/** Entries of a tree by path, as `snapshot` gives them. */
export type Tree = Readonly<Record<string, string>>;

/** What an entry says, mode and mtime aside: the text of a file, where a link leads; null: a directory. */
export function textOf(entry: string): string | null {
  if (entry.startsWith('file ')) return entry.split(' ').slice(3).join(' ');
  return entry.startsWith('link ') ? linkText(entry.slice('link '.length)) : null;
}

/** Texts of what the folder keeps beside its tree. */
export function textsKept(root: string): Set<string> {
  const versions = join(root, '.flotilla', 'versions');
  if (!existsSync(versions)) return new Set();
  const texts = readdirSync(versions).map((name) => {
    const at = join(versions, name);
    return lstatSync(at).isSymbolicLink() ? linkText(readlinkSync(at)) : readFileSync(at, 'latin1');
  });
  return new Set(texts);
}

function linkText(target: string): string {
  return `-> ${target}`;
}

/** Texts in a tree. */
export function textsIn(tree: Tree): readonly string[] {
  return Object.values(tree).flatMap((entry) => textOf(entry) ?? []);
}

/**
 * Follows where each text lies. A text is one version of a file, or one link, and no two are equal. What a person takes
 * away from a disk (by overwriting or deleting it there) is that person's doing; what goes from a disk at any other time
 * was taken by the engine, and that must never happen: before it takes anything out of a tree it keeps it.
 */
export class Texts {
  readonly #disks = new Map<string, ReadonlySet<string>>();
  /** Every text ever written, and at which disk. */
  readonly #written = new Map<string, string>();
  /** Texts that some person took out of some tree. */
  readonly #unwanted = new Set<string>();
  /** Texts that the person at a disk took from a path, be it to another. */
  readonly #moved = new Map<string, Set<string>>();
  /** The disk whose person's right to write ends. */
  #ended: string | null = null;

  /** A person changed the tree; before that nothing may have gone since the last look. */
  changed(root: string, before: Tree, after: Tree, right: Right): void {
    const [here, now] = [countsOf(textsIn(before)), countsOf(textsIn(after))];
    for (const text of now.keys()) if (!here.has(text)) this.#write(root, text, right);
    const moved = this.#moved.get(root) ?? new Set();
    this.#moved.set(root, moved);
    for (const [path, entry] of Object.entries(before)) {
      const text = textOf(entry);
      if (text !== null && text !== textOf(after[path] ?? '') && right !== 'hasNot') moved.add(text);
    }
    this.#disks.set(root, new Set([...now.keys(), ...textsKept(root)]));
    if (right !== 'has') return;
    // A rename leaves as many of a text as there were.
    for (const [text, count] of here) if (count > (now.get(text) ?? 0)) this.#unwanted.add(text);
  }

  #write(root: string, text: string, right: Right): void {
    // Empty files are all one text: where they lie is judged by their places.
    if (text !== '' && !this.#written.has(text)) this.#written.set(text, root);
    if (right !== 'has') this.#unwanted.add(text);
  }

  /** Throws `FilesLost` where the engine took something from the disk since the last look. */
  look(root: string, tree: Tree): void {
    const now = new Set([...textsIn(tree), ...textsKept(root)]);
    for (const text of this.#disks.get(root) ?? []) {
      if (!now.has(text)) throw new FilesLost(`${text} went from ${root}`);
    }
    this.#disks.set(root, now);
  }

  /**
   * The right of the person at a disk is about to end. What they wrote and moved by now counts where a witness has it: the
   * device that names the end. The rest may or may not have come in time.
   */
  end(root: string, tree: Tree, witness: Tree): void {
    this.#ended = root;
    const seen = new Set(textsIn(witness));
    for (const [text, by] of this.#written) if (by === root && !seen.has(text)) this.#unwanted.add(text);
    const moved = this.#moved.get(root);
    for (const text of moved ?? []) {
      const places = placesOf(text, tree);
      if (places !== placesOf(text, witness)) continue;
      moved?.delete(text);
      if (places === '') this.#unwanted.add(text);
    }
  }

  /**
   * Texts that nobody took away anywhere: they belong into every tree. Not those that a person moved whose right has ended:
   * that may count as never done, and somebody else may have taken the place that was left.
   */
  wanted(): readonly string[] {
    const moved = this.#ended === null ? undefined : this.#moved.get(this.#ended);
    return [...this.#written.keys()].filter((text) => !this.#unwanted.has(text) && moved?.has(text) !== true);
  }

  /** How many texts there were, and how many of them lie nowhere since every holder's own person took them away. */
  counts(): { readonly written: number; readonly gone: number } {
    const somewhere = new Set([...this.#disks.values()].flatMap((texts) => [...texts]));
    const texts = [...this.#written.keys()];
    return { written: texts.length, gone: texts.filter((text) => !somewhere.has(text)).length };
  }
}

function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function placesOf(text: string, tree: Tree): string {
  return Object.keys(tree)
    .filter((path) => textOf(tree[path] as string) === text)
    .join('|');
}

/** Names of what the folder keeps beside its tree. */
export function keptIds(root: string): readonly string[] {
  return readdirSync(join(root, '.flotilla', 'versions'));
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
  return Object.fromEntries(
    Object.entries(snapshot(root))
      .filter(([path]) => !leftOut.has(path))
      .map(([path, entry]) => [path, modeless.has(path) ? 'directory' : comparableEntry(entry)]),
  );
}

/** An entry as others would have it. */
export function comparableEntry(entry: string): string {
  return entry.replace(/^(file|directory) ([0-7]+)/, (_, kind: string, mode: string) => {
    const least = kind === 'file' ? 0o600 : 0o700;
    return `${kind} ${(Number.parseInt(mode, 8) | least).toString(8)}`;
  });
}
