import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { failure } from '../../../shared/errors.ts';

/** Layout of LMDB 0.9.9x data files (`MDB_page_header`, `MDB_meta`, `MDB_db` in mdb.c), 64 bit, little endian. */
const PAGE_HEADER_BYTES = 24;
const META_BYTES = PAGE_HEADER_BYTES + 144;
const MAGIC = 0xbeefc0de;
const PAGE_SIZE_AT = PAGE_HEADER_BYTES + 24;
const ROOTS_AT = [PAGE_HEADER_BYTES + 64, PAGE_HEADER_BYTES + 112] as const;
const LAST_PAGE_AT = PAGE_HEADER_BYTES + 120;
const TRANSACTION_AT = PAGE_HEADER_BYTES + 128;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;
const PAGE_SIZES: ReadonlySet<number> = new Set([512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536]);

const BRANCH = 0x01;
const LEAF = 0x02;
/** `F_BIGDATA`: the value lies on pages of its own, whose number stands in its place. */
const BIG_VALUE = 0x01;

interface Meta {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly transaction: bigint;
  readonly roots: readonly bigint[];
}

/**
 * Refuses with `database-damaged` a file whose header is not LMDB's or that ends before pages that are in use: LMDB maps
 * the file, and reading behind its end would kill the process without a word.
 */
export function checkLmdbFile(path: string): void {
  const file = openSync(path, 'r');
  try {
    const size = fstatSync(file).size;
    const first = readMeta(file, 0);
    const second = first === null ? null : readMeta(file, first.pageSize);
    if (first === null || second === null) throw damaged(path, 'its header is not that of a database');
    const newest = second.transaction > first.transaction ? second : first;
    // LMDB may leave free pages at the end unwritten, so a short file is damaged only if something points behind its end.
    if (size >= (newest.lastPage + 1) * newest.pageSize) return;
    const pages = Math.floor(size / newest.pageSize);
    for (const root of newest.roots) {
      if (root !== NO_PAGE && !isWithin(file, newest.pageSize, pages, root, 0))
        throw damaged(path, 'its end is missing');
    }
  } finally {
    closeSync(file);
  }
}

function damaged(path: string, why: string): Error {
  return failure('database-damaged', `The database ${path} is damaged: ${why}`);
}

function readMeta(file: number, at: number): Meta | null {
  const bytes = Buffer.alloc(META_BYTES);
  if (readSync(file, bytes, 0, META_BYTES, at) < META_BYTES) return null;
  if (bytes.readUInt32LE(PAGE_HEADER_BYTES) !== MAGIC) return null;
  const pageSize = bytes.readUInt32LE(PAGE_SIZE_AT);
  if (!PAGE_SIZES.has(pageSize)) return null;
  return {
    pageSize,
    lastPage: Number(bytes.readBigUInt64LE(LAST_PAGE_AT)),
    transaction: bytes.readBigUInt64LE(TRANSACTION_AT),
    roots: ROOTS_AT.map((rootAt) => bytes.readBigUInt64LE(rootAt)),
  };
}

/** Whether a tree's pages, and the pages of its big values, lie before the end of the file. */
function isWithin(file: number, pageSize: number, pages: number, page: bigint, depth: number): boolean {
  if (page >= BigInt(pages) || depth > 32) return false;
  const bytes = Buffer.alloc(pageSize);
  readSync(file, bytes, 0, pageSize, Number(page) * pageSize);
  const flags = bytes.readUInt16LE(18);
  if ((flags & (BRANCH | LEAF)) === 0) return false;
  const nodes = bytes.readUInt16LE(20) >>> 1;
  for (let index = 0; index < nodes; index += 1) {
    const slot = PAGE_HEADER_BYTES + index * 2;
    if (slot + 2 > pageSize) return false;
    const at = bytes.readUInt16LE(slot) + PAGE_HEADER_BYTES;
    if (at + 8 > pageSize) return false;
    const nodeFlags = bytes.readUInt16LE(at + 4);
    const low = bytes.readUInt32LE(at);
    if ((flags & BRANCH) !== 0) {
      const child = BigInt(low) + (BigInt(nodeFlags) << 32n);
      if (!isWithin(file, pageSize, pages, child, depth + 1)) return false;
    } else if ((nodeFlags & BIG_VALUE) !== 0) {
      const valueAt = at + 8 + bytes.readUInt16LE(at + 6);
      if (valueAt + 8 > pageSize) return false;
      const count = Math.ceil((low + PAGE_HEADER_BYTES) / pageSize);
      if (Number(bytes.readBigUInt64LE(valueAt)) + count > pages) return false;
    }
  }
  return true;
}
