/**
 * The layout of LMDB 0.9.9x data files (`MDB_page_header`, `MDB_meta`, `MDB_db` and `MDB_node` in mdb.c), 64 bit, little
 * endian. What is read is checked against the bounds of its page; null where it does not hold.
 */

const PAGE_HEADER_BYTES = 24;
const META_BYTES = PAGE_HEADER_BYTES + 144;
const MAGIC = 0xbeefc0de;
const PAGE_SIZE_AT = PAGE_HEADER_BYTES + 24;
/** Of the free list's tree and the data's. */
const ROOTS_AT = [PAGE_HEADER_BYTES + 64, PAGE_HEADER_BYTES + 112] as const;
const LAST_PAGE_AT = PAGE_HEADER_BYTES + 120;
const TRANSACTION_AT = PAGE_HEADER_BYTES + 128;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;
const PAGE_SIZES: ReadonlySet<number> = new Set([512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536]);

const BRANCH = 0x01;
const LEAF = 0x02;
const OVERFLOW = 0x04;
const NODE_HEADER_BYTES = 8;
/** `F_BIGDATA`: the value lies on pages of its own, whose number stands in its place. */
const BIG_VALUE = 0x01;

/** What one of the two meta pages says; the one with the later transaction holds. */
export interface Meta {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly transaction: bigint;
  readonly freeRoot: number | null;
  readonly dataRoot: number | null;
}

/** Bytes that a meta page needs at least. */
export const META_PAGE_BYTES = META_BYTES;

/** The meta page at the beginning of `bytes`. */
export function readMeta(bytes: Buffer): Meta | null {
  if (bytes.byteLength < META_BYTES || bytes.readUInt32LE(PAGE_HEADER_BYTES) !== MAGIC) return null;
  const pageSize = bytes.readUInt32LE(PAGE_SIZE_AT);
  if (!PAGE_SIZES.has(pageSize)) return null;
  const [freeRoot, dataRoot] = ROOTS_AT.map((at) => bytes.readBigUInt64LE(at));
  return {
    pageSize,
    lastPage: Number(bytes.readBigUInt64LE(LAST_PAGE_AT)),
    transaction: bytes.readBigUInt64LE(TRANSACTION_AT),
    freeRoot: freeRoot === NO_PAGE ? null : Number(freeRoot),
    dataRoot: dataRoot === NO_PAGE ? null : Number(dataRoot),
  };
}

/** A value that lies on pages of its own, from `page` on. */
export interface BigValue {
  readonly page: number;
  readonly length: number;
}

/** A stretch of a page. */
export interface Span {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** A page of a tree. Its keys lie between `keyFrom` and `keyTo`: an object for each would cost more than all else. */
export interface TreePage {
  readonly kind: 'branch' | 'leaf';
  readonly bytes: Buffer;
  readonly keyFrom: readonly number[];
  readonly keyTo: readonly number[];
  /** Of a branch: the pages below, one for each key. */
  readonly children: readonly number[];
  /** Of a leaf: the lengths of the values behind their keys; -1 where the value is a big one. */
  readonly lengths: readonly number[];
  readonly bigValues: readonly BigValue[];
}

/** The tree's page `number`, written by no later transaction than `last`. */
export function readTreePage(bytes: Buffer, number: number, last: bigint): TreePage | null {
  if (!isPage(bytes, number, last)) return null;
  const flags = bytes.readUInt16LE(18);
  if (flags !== BRANCH && flags !== LEAF) return null;
  const lower = bytes.readUInt16LE(20);
  const upper = bytes.readUInt16LE(22);
  const room = bytes.byteLength - PAGE_HEADER_BYTES;
  if (lower % 2 !== 0 || lower > upper || upper > room) return null;
  const page = {
    kind: flags === BRANCH ? ('branch' as const) : ('leaf' as const),
    bytes,
    keyFrom: [] as number[],
    keyTo: [] as number[],
    children: [] as number[],
    lengths: [] as number[],
    bigValues: [] as BigValue[],
  };
  for (let slot = PAGE_HEADER_BYTES; slot < PAGE_HEADER_BYTES + lower; slot += 2) {
    const offset = bytes.readUInt16LE(slot);
    if (offset < upper || offset + NODE_HEADER_BYTES > room) return null;
    const at = offset + PAGE_HEADER_BYTES;
    const low = bytes.readUInt32LE(at);
    const high = bytes.readUInt16LE(at + 4);
    const keyTo = at + NODE_HEADER_BYTES + bytes.readUInt16LE(at + 6);
    page.keyFrom.push(at + NODE_HEADER_BYTES);
    page.keyTo.push(keyTo);
    if (flags === BRANCH) {
      if (keyTo > bytes.byteLength) return null;
      page.children.push(low + high * 2 ** 32);
    } else if (high === BIG_VALUE) {
      if (keyTo + 8 > bytes.byteLength) return null;
      page.lengths.push(-1);
      page.bigValues.push({ page: Number(bytes.readBigUInt64LE(keyTo)), length: low });
    } else {
      // Other flags stand for databases in the database and for several values of a key: there are none here.
      if (high !== 0 || keyTo + low > bytes.byteLength) return null;
      page.lengths.push(low);
    }
  }
  return page;
}

/** The order of rows: by their bytes. */
export function compareBytes(a: Span, b: Span): number {
  const length = Math.min(a.to - a.from, b.to - b.from);
  for (let at = 0; at < length; at += 1) {
    const difference = (a.bytes[a.from + at] as number) - (b.bytes[b.from + at] as number);
    if (difference !== 0) return difference;
  }
  return a.to - a.from - (b.to - b.from);
}

/** The order of the free list: by the number of a transaction. */
export function compareTransactions(a: Span, b: Span): number {
  if (a.to - a.from !== 8 || b.to - b.from !== 8) return 0;
  return Number(a.bytes.readBigUInt64LE(a.from) - b.bytes.readBigUInt64LE(b.from));
}

/** How many pages a big value has for itself: as many as the longest needed that it ever was. `page`: the first one. */
export function pagesOfBigValue(page: Buffer, value: BigValue, last: bigint): number | null {
  if (!isPage(page, value.page, last) || page.readUInt16LE(18) !== OVERFLOW) return null;
  const pages = page.readUInt32LE(20);
  return pages * page.byteLength < PAGE_HEADER_BYTES + value.length ? null : pages;
}

/** The value on these pages. */
export function bigValueOf(pages: Buffer, value: BigValue): Buffer {
  return pages.subarray(PAGE_HEADER_BYTES, PAGE_HEADER_BYTES + value.length);
}

function isPage(page: Buffer, number: number, last: bigint): boolean {
  return Number(page.readBigUInt64LE(0)) === number && page.readBigUInt64LE(8) <= last;
}

/** Whether a value of the free list names no page behind `lastPage`: its length, then pages, lengths of runs (< 0), gaps. */
export function isFreeList(value: Buffer, lastPage: number): boolean {
  if (value.byteLength < 8 || value.byteLength % 8 !== 0) return false;
  const length = value.readBigUInt64LE(0);
  if (length > BigInt(value.byteLength / 8 - 1)) return false;
  for (let nth = 1; nth <= Number(length); nth += 1) {
    const entry = value.readBigInt64LE(nth * 8);
    if ((entry < 0n ? -entry : entry) > BigInt(lastPage)) return false;
  }
  return true;
}
