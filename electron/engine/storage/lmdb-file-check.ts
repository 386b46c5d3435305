import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { failure } from '../../../shared/errors.ts';
import {
  type BigValue,
  bigValueOf,
  compareBytes,
  compareTransactions,
  isFreeList,
  META_PAGE_BYTES,
  type Meta,
  pagesOfBigValue,
  readMeta,
  readTreePage,
  type Span,
  type TreePage,
} from './lmdb-layout.ts';

/** Read in one go where pages lie close together: a database is looked at as quickly as its disk can read. */
const BLOCK_BYTES = 1024 * 1024;
/** Reading over so much that is not needed costs less than reading again behind it. */
const GAP_BYTES = 64 * 1024;

/**
 * Refuses with `database-damaged` a file in which not every page that is in use is where, what and as it should be: LMDB
 * believes its file, and what it would find there ends in rows that are missing without a word, or with the process.
 * Only the bytes of rows are not looked at; whoever reads them does that.
 */
export function checkLmdbFile(path: string): void {
  const file = openSync(path, 'r');
  try {
    const first = readMeta(read(file, 0, META_PAGE_BYTES));
    const second = first === null ? null : readMeta(read(file, first.pageSize, META_PAGE_BYTES));
    if (first === null || second === null) throw damaged(path, 'its header is not that of a database');
    const newest = second.transaction > first.transaction ? second : first;
    const check = new FileCheck(file, newest);
    if (newest.freeRoot !== null) check.walk(newest.freeRoot, FREE_TREE);
    if (newest.dataRoot !== null) check.walk(newest.dataRoot, DATA_TREE);
  } catch (error) {
    throw error instanceof Unsound ? damaged(path, error.message) : error;
  } finally {
    closeSync(file);
  }
}

function damaged(path: string, why: string): Error {
  return failure('database-damaged', `The database ${path} is damaged: ${why}`);
}

class Unsound extends Error {}

function read(file: number, at: number, length: number, into = Buffer.allocUnsafe(length)): Buffer {
  return into.subarray(0, readSync(file, into, 0, length, at));
}

/** In what the two trees of the file differ. */
interface Tree {
  readonly compare: (a: Span, b: Span) => number;
  /** LMDB ends the process at a branch of the data with fewer. */
  readonly leastChildren: number;
  readonly isFreeList: boolean;
}

const FREE_TREE: Tree = { compare: compareTransactions, leastChildren: 1, isFreeList: true };
const DATA_TREE: Tree = { compare: compareBytes, leastChildren: 2, isFreeList: false };

/** A page that is referred to, and between which keys its own must be. */
interface Reference {
  readonly page: number;
  readonly from: Span | null;
  readonly below: Span | null;
}

class FileCheck {
  readonly #file: number;
  readonly #meta: Meta;
  /** Pages that are wholly in the file; LMDB may leave free ones at its end unwritten. */
  readonly #pages: number;
  /** A bit for each page that something refers to: nothing else may. */
  readonly #used: Uint8Array;
  readonly #block = Buffer.allocUnsafe(BLOCK_BYTES);

  constructor(file: number, meta: Meta) {
    this.#file = file;
    this.#meta = meta;
    this.#pages = Math.min(Math.floor(fstatSync(file).size / meta.pageSize), meta.lastPage + 1);
    this.#used = new Uint8Array(Math.ceil(this.#pages / 8));
    this.#use(0, 2);
  }

  /** Level by level, since the pages of a level can be read in the order in which they lie. */
  walk(root: number, tree: Tree): void {
    let level: Reference[] = [{ page: root, from: null, below: null }];
    while (level.length > 0) {
      for (const { page } of level) this.#use(page, 1);
      level = this.#level(level, tree);
    }
  }

  /** Looks at the pages of a level; gives those of the next. */
  #level(level: Reference[], tree: Tree): Reference[] {
    const { transaction } = this.#meta;
    const next: Reference[] = [];
    const bigValues: BigValue[] = [];
    let kind: 'branch' | 'leaf' | null = null;
    for (const [reference, bytes] of this.#read(level)) {
      const page = readTreePage(bytes, reference.page, transaction);
      kind ??= page?.kind ?? null;
      if (page === null || page.kind !== kind) throw new Unsound(`page ${reference.page} is not what it should be`);
      if (!isInOrder(page, reference, tree)) throw new Unsound(`the keys of page ${reference.page} are not in order`);
      if (page.kind === 'branch') {
        if (page.children.length < tree.leastChildren) throw new Unsound(`page ${reference.page} leads nowhere`);
        next.push(...referencesOf(page, reference));
      }
      bigValues.push(...page.bigValues);
      if (tree.isFreeList) this.#checkFreeLists(page);
    }
    this.#checkBigValues(bigValues, tree);
    return next;
  }

  #checkBigValues(values: BigValue[], tree: Tree): void {
    for (const [value, bytes] of this.#read(values)) {
      const count = pagesOfBigValue(bytes, value, this.#meta.transaction);
      if (count === null) throw new Unsound(`page ${value.page} is not what it should be`);
      this.#use(value.page, count);
      if (!tree.isFreeList) continue;
      const { pageSize } = this.#meta;
      this.#checkFreeList(bigValueOf(read(this.#file, value.page * pageSize, count * pageSize), value));
    }
  }

  #checkFreeLists({ bytes, keyTo, lengths }: TreePage): void {
    lengths.forEach((length, nth) => {
      const from = keyTo[nth] as number;
      if (length >= 0) this.#checkFreeList(bytes.subarray(from, from + length));
    });
  }

  #checkFreeList(value: Buffer): void {
    if (!isFreeList(value, this.#meta.lastPage)) throw new Unsound('its list of free pages cannot be believed');
  }

  #use(page: number, count: number): void {
    if (page + count > this.#pages) throw new Unsound('its end is missing');
    for (let one = page; one < page + count; one += 1) {
      const bit = 1 << (one & 7);
      const byte = this.#used[one >>> 3] as number;
      if ((byte & bit) !== 0) throw new Unsound(`page ${one} is in use twice`);
      this.#used[one >>> 3] = byte | bit;
    }
  }

  /** The pages that are referred to, from the front of the file to its end. A page's bytes hold until the next is read. */
  *#read<T extends { readonly page: number }>(references: T[]): Generator<[T, Buffer]> {
    const { pageSize } = this.#meta;
    references.sort((a, b) => a.page - b.page);
    let first = 0;
    let block: Buffer = Buffer.alloc(0);
    for (const [nth, reference] of references.entries()) {
      const at = (reference.page - first) * pageSize;
      if (at + pageSize <= block.byteLength) {
        yield [reference, block.subarray(at, at + pageSize)];
        continue;
      }
      if (reference.page >= this.#pages) throw new Unsound('its end is missing');
      first = reference.page;
      let last = first;
      for (const { page } of references.slice(nth, nth + BLOCK_BYTES / pageSize)) {
        if ((page - last) * pageSize > GAP_BYTES || (page + 1 - first) * pageSize > BLOCK_BYTES) break;
        last = page;
      }
      block = read(this.#file, first * pageSize, (last + 1 - first) * pageSize, this.#block);
      yield [reference, block.subarray(0, pageSize)];
    }
  }
}

function keyOf(page: TreePage, nth: number): Span {
  return { bytes: page.bytes, from: page.keyFrom[nth] as number, to: page.keyTo[nth] as number };
}

/** A branch's first key counts as the least there can be. */
function isInOrder(page: TreePage, { from, below }: Reference, { compare }: Tree): boolean {
  const first = page.kind === 'branch' ? 1 : 0;
  let before: Span | null = null;
  for (let nth = first; nth < page.keyFrom.length; nth += 1) {
    const key = keyOf(page, nth);
    if (before === null ? from !== null && compare(key, from) < 0 : compare(key, before) <= 0) return false;
    before = key;
  }
  return before === null || below === null || compare(before, below) < 0;
}

/** Keys are needed until the next level is read, the pages on which they stand are not. */
function referencesOf(page: TreePage, above: Reference): Reference[] {
  const bounds = page.children.map((_, nth) => {
    const { bytes, from, to } = keyOf(page, nth);
    return { bytes: Buffer.from(bytes.subarray(from, to)), from: 0, to: to - from };
  });
  return page.children.map((child, nth) => ({
    page: child,
    from: nth === 0 ? above.from : (bounds[nth] ?? null),
    below: bounds[nth + 1] ?? above.below,
  }));
}
