import type { LoadedDirectory } from './file-tree-view.ts';

/** Rows asked for at a time. */
const PAGE = 500;
/** After a directory was read again it rests this many times as long as that took, however often it changes. */
const REST = 4;

/** What a loader asks, and whom it tells. */
export interface TreeLoaderDeps {
  /** One page of a directory; null: refused, and said so. */
  ask(directory: string, cursor: string | null, limit: number): Promise<LoadedDirectory | null>;
  changed(loaded: ReadonlyMap<string, LoadedDirectory>): void;
  now(): number;
  pause(ms: number): Promise<void>;
}

/**
 * Reads a folder's directories. Of each one reading runs at a time, so that no page is put after one that is older; what
 * changes meanwhile is read once more afterwards. Reading again brings as many rows as there were, so that the place
 * where the person is stays, and the old rows stand until the new ones are whole.
 */
export class TreeLoader {
  readonly #deps: TreeLoaderDeps;
  readonly #busy = new Set<string>();
  readonly #dirty = new Set<string>();
  #loaded: ReadonlyMap<string, LoadedDirectory> = new Map();
  #open = true;

  constructor(deps: TreeLoaderDeps) {
    this.#deps = deps;
  }

  /** It may read differently now. */
  refresh(directory: string): void {
    this.#dirty.add(directory);
    void this.#run(directory);
  }

  /** The next page, where there is one. */
  async more(directory: string): Promise<void> {
    const known = this.#loaded.get(directory);
    if (known === undefined || known.next === null || this.#busy.has(directory)) return;
    this.#busy.add(directory);
    const page = await this.#deps.ask(directory, known.next, PAGE);
    if (page !== null) this.#set(directory, { ...page, entries: [...known.entries, ...page.entries] });
    this.#busy.delete(directory);
    void this.#run(directory);
  }

  /** Nobody looks at it any more. */
  close(): void {
    this.#open = false;
  }

  async #run(directory: string): Promise<void> {
    if (this.#busy.has(directory)) return;
    this.#busy.add(directory);
    while (this.#open && this.#dirty.delete(directory)) {
      const start = this.#deps.now();
      const whole = await this.#read(directory, this.#loaded.get(directory)?.entries.length ?? 0);
      if (whole !== null) this.#set(directory, whole);
      if (this.#dirty.has(directory)) await this.#deps.pause(REST * (this.#deps.now() - start));
    }
    this.#busy.delete(directory);
  }

  async #read(directory: string, rows: number): Promise<LoadedDirectory | null> {
    let whole = await this.#deps.ask(directory, null, PAGE);
    while (whole !== null && whole.next !== null && whole.entries.length < rows) {
      const page: LoadedDirectory | null = await this.#deps.ask(directory, whole.next, PAGE);
      whole = page === null ? null : { ...page, entries: [...whole.entries, ...page.entries] };
    }
    return whole;
  }

  #set(directory: string, known: LoadedDirectory): void {
    if (!this.#open) return;
    this.#loaded = new Map(this.#loaded).set(directory, known);
    this.#deps.changed(this.#loaded);
  }
}
