import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../../electron/engine/ports/clock.ts';
import type { SeededRandom } from '../support/seeded-random.ts';

/** Few names, so that people meet: two that differ in case alone, one with an extension, one not in ASCII. */
const NAMES = ['a', 'b', 'c', 'A', 'notes.txt', 'Grüße.md'];
const TARGETS = ['a', '../b', 'c/notes.txt', '/nowhere'];
const MOST_PEOPLE = 3;
const FILE_MODES = [0o600, 0o644, 0o755, 0o444];
const DIRECTORY_MODES = [0o700, 0o755, 0o750];

const RELEASED_NAMES = ['a', 'notes.txt'];
const RELEASED_BYTES = 32;
const RELEASED_AT = 1_000_000_000;
const RELEASED_MODE = 0o644;

/** What a person does, by how often. */
const ACTIONS = {
  createFile: 5,
  createEmptyFile: 1,
  edit: 4,
  append: 3,
  createDirectory: 2,
  remove: 3,
  rename: 3,
  renameOver: 1,
  moveUp: 2,
  moveIntoNewDirectory: 1,
  changeCase: 1,
  swap: 1,
  link: 2,
  changeMode: 4,
  changeMtime: 3,
  fileForDirectory: 1,
  directoryForFile: 1,
  fullDirectoryForAnything: 1,
  saveByRename: 2,
  unpack: 5,
} as const;
type Action = keyof typeof ACTIONS;
const DRAWN: readonly Action[] = (Object.keys(ACTIONS) as Action[]).flatMap((action) =>
  Array<Action>(ACTIONS[action]).fill(action),
);

/** The person at one device: does things to the directory as programs do, knowing nothing of syncing. */
export class Person {
  readonly #root: string;
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #name: string;
  readonly #number: number;
  #texts = 0;
  #links = 0;
  /** Where a release was unpacked last. */
  #release: string | null = null;
  #touched = new Set<string>();

  /** People of one folder have different numbers. */
  constructor(root: string, name: string, clock: Clock, random: SeededRandom, number = 0) {
    this.#root = root;
    this.#name = name;
    this.#clock = clock;
    this.#random = random;
    this.#number = number;
  }

  /** Does one thing, if it can be done. Gives its name and the absolute paths that a watcher would name. */
  act(): { readonly action: Action; readonly touched: readonly string[] } {
    const action = this.#random.pick(DRAWN);
    this.#touched = new Set();
    this.#do(action);
    return { action, touched: [...this.#touched] };
  }

  #do(action: Action): void {
    const random = this.#random;
    switch (action) {
      case 'createFile':
        this.#write(this.#fresh(), this.#text());
        return;
      case 'createEmptyFile':
        this.#write(this.#fresh(), '');
        return;
      case 'edit':
        this.#with('file', (at) => this.#write(at, this.#text()));
        return;
      case 'append':
        this.#with('file', (at) => {
          appendFileSync(at, this.#text());
          this.#stamp(at);
        });
        return;
      case 'createDirectory':
        this.#makeDirectory(this.#fresh());
        return;
      case 'remove':
        this.#with('any', (at) => this.#remove(at));
        return;
      case 'rename':
        this.#with('any', (at) => this.#move(at, this.#fresh(), false));
        return;
      case 'renameOver':
        this.#with('file', (from) => this.#with('file', (to) => this.#move(from, to, true)));
        return;
      case 'moveUp':
        this.#with('any', (at) => {
          const above = dirname(at);
          if (above !== this.#root) this.#move(at, join(dirname(above), basename(at)), false);
        });
        return;
      case 'moveIntoNewDirectory':
        this.#with('any', (at) => {
          const directory = this.#fresh();
          if (exists(directory) || directory.startsWith(`${at}/`)) return;
          this.#makeDirectory(directory);
          this.#move(at, join(directory, basename(at)), false);
        });
        return;
      case 'changeCase':
        this.#with('any', (at) => {
          const name = basename(at);
          const other = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
          this.#move(at, join(dirname(at), other), false);
        });
        return;
      case 'swap':
        this.#with('file', (one) =>
          this.#with('file', (other) => {
            const between = join(this.#root, '.swap');
            if (one === other) return;
            this.#move(one, between, false);
            this.#move(other, one, false);
            this.#move(between, other, false);
          }),
        );
        return;
      case 'link': {
        const at = this.#fresh();
        if (exists(at)) return;
        symlinkSync(this.#target(), at);
        this.#touched.add(at);
        return;
      }
      case 'changeMode':
        this.#with(random.pick(['file', 'directory'] as const), (at) => {
          chmodSync(at, random.pick(lstatSync(at).isDirectory() ? DIRECTORY_MODES : FILE_MODES));
          this.#touched.add(at);
        });
        return;
      case 'changeMtime':
        this.#with('file', (at) => {
          const seconds = random.integer(2 ** 31) + 0.25;
          lutimesSync(at, seconds, seconds);
          this.#touched.add(at);
        });
        return;
      case 'fileForDirectory':
        this.#with('directory', (at) => {
          this.#remove(at);
          this.#write(at, this.#text());
        });
        return;
      case 'directoryForFile':
        this.#with('file', (at) => {
          this.#remove(at);
          this.#makeDirectory(at);
        });
        return;
      case 'fullDirectoryForAnything':
        this.#with('any', (at) => {
          this.#remove(at);
          this.#makeDirectory(at);
          this.#write(join(at, random.pick(NAMES)), this.#text());
        });
        return;
      case 'saveByRename':
        this.#with('file', (at) => {
          const beside = join(dirname(at), '.save~');
          this.#write(beside, this.#text());
          this.#move(beside, at, true);
        });
        return;
      case 'unpack':
        this.#unpack();
    }
  }

  /**
   * Takes away the release that was unpacked before and unpacks another, under the same name or another. Its sizes and times
   * are those of any other, as in archives that are made to come out alike, and its files may get the inodes of those that
   * went, as some file systems hand them out again.
   */
  #unpack(): void {
    const before = this.#release;
    const spares: string[] = [];
    if (before !== null && isDirectory(before)) {
      for (const name of this.#random.chance(0.5) ? RELEASED_NAMES : []) {
        const spare = `${this.#root}.spare-${name}`;
        if (!exists(join(before, name)) || !lstatSync(join(before, name)).isFile()) continue;
        renameSync(join(before, name), spare);
        spares.push(spare);
      }
      this.#remove(before);
    }
    const at = before !== null && this.#random.chance(0.5) ? before : this.#fresh();
    if (isDirectory(dirname(at)) && !exists(at)) {
      this.#makeDirectory(at);
      this.#release = at;
      const isInOrder = this.#random.chance(0.7);
      for (const name of RELEASED_NAMES) this.#extract(join(at, name), isInOrder ? spares.shift() : spares.pop());
    }
    for (const spare of spares) rmSync(spare);
  }

  #extract(at: string, spare: string | undefined): void {
    const before = spare === undefined ? 0n : lstatSync(spare, { bigint: true }).ctimeNs;
    if (spare !== undefined) {
      renameSync(spare, at);
      chmodSync(at, RELEASED_MODE);
    }
    writeFileSync(at, this.#text().padEnd(RELEASED_BYTES, '.'));
    // Where the system's clock is coarse this is another moment only after a while.
    do lutimesSync(at, RELEASED_AT, RELEASED_AT);
    while (lstatSync(at, { bigint: true }).ctimeNs === before);
    this.#touched.add(at);
  }

  /** No text is ever written twice. */
  #text(): string {
    this.#texts += 1;
    return `<${this.#name} ${this.#texts}${'.'.repeat(this.#random.integer(12))}>`;
  }

  /** No two links are equal, though they lead where others do. */
  #target(): string {
    this.#links += 1;
    const steps = './'.repeat(this.#links * MOST_PEOPLE + this.#number);
    const target = this.#random.pick(TARGETS);
    return target.startsWith('/') ? `/${steps}${target.slice(1)}` : `${steps}${target}`;
  }

  #write(at: string, text: string): void {
    const there = lstatSync(at, { throwIfNoEntry: false });
    if (there !== undefined && !there.isFile()) return;
    writeFileSync(at, text);
    this.#stamp(at);
  }

  /** Files are as old as the simulated clock says. */
  #stamp(at: string): void {
    const seconds = (this.#clock.now() + 0.5) / 1_000;
    lutimesSync(at, seconds, seconds);
    this.#touched.add(at);
  }

  #makeDirectory(at: string): void {
    if (exists(at)) return;
    mkdirSync(at);
    this.#touched.add(at);
  }

  #remove(at: string): void {
    rmSync(at, { recursive: true, force: true });
    this.#touched.add(at);
  }

  #move(from: string, to: string, over: boolean): void {
    if (from === to || to.startsWith(`${from}/`) || from.startsWith(`${to}/`)) return;
    if (exists(to) && !over) return;
    renameSync(from, to);
    this.#touched.add(from).add(to);
  }

  #fresh(): string {
    const directories = ['', ...pathsBelow(this.#root).filter((path) => this.#kind(path) === 'directory')];
    return join(this.#root, this.#random.pick(directories), this.#random.pick(NAMES));
  }

  #with(kind: 'any' | 'file' | 'directory', run: (at: string) => void): void {
    const paths = pathsBelow(this.#root).filter((path) => kind === 'any' || this.#kind(path) === kind);
    if (paths.length > 0) run(join(this.#root, this.#random.pick(paths)));
  }

  #kind(path: string): 'file' | 'directory' | 'link' {
    const stat = lstatSync(join(this.#root, path));
    return stat.isDirectory() ? 'directory' : stat.isFile() ? 'file' : 'link';
  }
}

function exists(at: string): boolean {
  return lstatSync(at, { throwIfNoEntry: false }) !== undefined;
}

function isDirectory(at: string): boolean {
  return existsSync(at) && lstatSync(at).isDirectory();
}

/** All paths that people see, sorted. */
function pathsBelow(root: string, below = ''): string[] {
  const found: string[] = [];
  for (const name of readdirSync(join(root, below))) {
    if (below === '' && name === '.flotilla') continue;
    const path = below === '' ? name : `${below}/${name}`;
    found.push(path);
    if (lstatSync(join(root, path)).isDirectory()) found.push(...pathsBelow(root, path));
  }
  return found.sort();
}
