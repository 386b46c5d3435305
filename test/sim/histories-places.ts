import { comparableEntry, FilesLost, type Right, type Tree } from './histories-check.ts';

/** What the person at one disk last made of a path; null: nothing. */
interface LastWord {
  readonly root: string;
  readonly entry: string | null;
  /** What it was before. */
  readonly past: readonly (string | null)[];
}

/** A word that was said more often may be one that was said before, so that nobody can tell which of them came in time. */
const MOST_PAST = 1;

/**
 * Follows what people did to each path. What one person alone ever touched must end as that person left it: kind, text,
 * mode and mtime. So links, empty files and empty directories are missed as well, of which texts say nothing.
 */
export class Places {
  readonly #words = new Map<string, LastWord>();
  /** Paths that several people touched, or one whose right had ended: what becomes of them is the index's to say. */
  readonly #open = new Set<string>();
  /** At which disks each path was touched. */
  readonly #touched = new Map<string, Set<string>>();

  /** A person changed the tree. */
  changed(root: string, before: Tree, after: Tree, right: Right): void {
    for (const path of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const entry = after[path] ?? null;
      if (entry === (before[path] ?? null)) continue;
      this.#touched.set(path, (this.#touched.get(path) ?? new Set()).add(root));
      const last = this.#words.get(path);
      if ((last !== undefined && last.root !== root) || right === 'mayHave') this.#open.add(path);
      else if (right === 'has')
        this.#words.set(path, { root, entry, past: last === undefined ? [] : [...last.past, last.entry] });
      else if (last === undefined) this.#open.add(path);
    }
  }

  /** The right of the person at a disk is about to end: what they did by now counts where the device that names it has it. */
  end(root: string, witness: Tree): void {
    for (const [path, { root: by, entry, past }] of this.#words) {
      const there = witness[path];
      const stands = entry !== null && there !== undefined && comparableEntry(entry) === comparableEntry(there);
      if (by === root && (!stands || past.length > MOST_PAST)) this.#open.add(path);
    }
  }

  /** The person at a disk lost the right to write and got it back: what they removed in between has come back. */
  regained(root: string): void {
    for (const [path, word] of this.#words) if (word.root === root && word.entry === null) this.#open.add(path);
  }

  /**
   * Throws `FilesLost` where a tree does not hold what people made of it. `leftOut` as for `comparableTree`. Where engines
   * `died`, what was removed may have come back: one that dies right after it put a file in place can't know later whose
   * it is, and takes it for a person's.
   */
  check(tree: Tree, leftOut: ReadonlySet<string>, died: boolean): void {
    const paths = [...Object.keys(tree), ...leftOut];
    for (const [path, word] of this.#words) {
      if (this.#open.has(path) || leftOut.has(path) || isCopy(path)) continue;
      const there = tree[path] ?? null;
      // What others put into a directory keeps it, be it for a while, and then a file that took its name is a copy.
      const isFilled = paths.some((other) => other.startsWith(`${path}/`)) || this.#isFilledBesides(path, word.root);
      if (isAsLeft(word, there, isFilled) || (died && isBack(word, there))) continue;
      throw new FilesLost(`${path} is ${there ?? 'nothing'}, and who alone touched it left ${word.entry ?? 'nothing'}`);
    }
  }

  /** Whether anybody but the person at the disk ever had something in it. */
  #isFilledBesides(path: string, root: string): boolean {
    return [...this.#touched].some(
      ([below, by]) => below.startsWith(`${path}/`) && [...by].some((one) => one !== root),
    );
  }
}

function isAsLeft({ entry }: LastWord, there: string | null, isFilled: boolean): boolean {
  if (entry === null || there === null) return entry === there || (there !== null && isDirectory(there) && isFilled);
  if (comparableEntry(entry) === there) return true;
  if (!isDirectory(there)) return false;
  // A directory that came back for what is in it has lost its mode, until somebody says it again.
  return isDirectory(entry) ? there === 'directory' : isFilled;
}

function isBack({ entry, past }: LastWord, there: string | null): boolean {
  if (entry !== null || there === null) return false;
  return past.some(
    (one) => one !== null && (comparableEntry(one) === there || (isDirectory(one) && isDirectory(there))),
  );
}

function isDirectory(entry: string): boolean {
  return entry.startsWith('directory');
}

/** Copies come, go and are named by the index, whoever touches them. */
function isCopy(path: string): boolean {
  return path.includes('(conflict ');
}
