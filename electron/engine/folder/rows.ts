import type { ContentHash, DeviceTag } from '../../../shared/ids.ts';
import { invariant } from '../../../shared/invariant.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';
import { decodeValue, type Encodable, encodeValue } from '../bytes/codec.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import type { LocalNode, Node, StatMark, SyncedNode } from '../reconcile/tree-types.ts';

/** What the disk was last seen to hold, as the local database keeps it. */
export interface LocalRow extends LocalNode {
  /** Its mtime was so near to the look that a later change may not show in the stat: hashed again next time. */
  readonly racy: boolean;
}

/** Version of both row formats; the first element of each. */
const ROW_VERSION = 1;

const KINDS = ['file', 'directory', 'symlink'] as const;

/** Bytes of a row of the table `local`. */
export function encodeLocalRow(path: RelativePath, row: LocalRow): Uint8Array {
  return encodeValue([ROW_VERSION, path, row.name, row.racy, ...markFields(row.mark), ...nodeFields(row.value)]);
}

/** Bytes of a row of the table `synced`. */
export function encodeSyncedRow(path: RelativePath, row: SyncedNode): Uint8Array {
  const { author, counter } = row.version;
  return encodeValue([
    ROW_VERSION,
    path,
    fromHex(author),
    counter,
    row.copy,
    ...markFields(row.mark),
    ...nodeFields(row.value),
  ]);
}

/** The row and its path; throws where the database holds something else. */
export function decodeLocalRow(bytes: Uint8Array): { readonly path: RelativePath; readonly row: LocalRow } {
  const fields = fieldsOf(bytes);
  const [, path, name, racy] = fields as [number, RelativePath, string, boolean];
  return { path, row: { name, racy, mark: markFrom(fields, 4), value: nodeFrom(fields, 9) } };
}

/** The row and its path; throws where the database holds something else. */
export function decodeSyncedRow(bytes: Uint8Array): { readonly path: RelativePath; readonly row: SyncedNode } {
  const fields = fieldsOf(bytes);
  const [, path, author, counter, copy] = fields as [number, RelativePath, Uint8Array, number, boolean];
  const version = { author: toHex(author) as DeviceTag, counter };
  return { path, row: { version, copy, mark: markFrom(fields, 5), value: nodeFrom(fields, 10) } };
}

function fieldsOf(bytes: Uint8Array): readonly unknown[] {
  const fields = decodeValue(bytes);
  invariant(Array.isArray(fields) && fields[0] === ROW_VERSION, 'a row of an unknown format');
  return fields;
}

function markFields(mark: StatMark): Encodable[] {
  return [mark.inode, mark.device, mark.size, mark.mtimeNs, mark.ctimeNs];
}

function markFrom(fields: readonly unknown[], at: number): StatMark {
  const [inode, device, size, mtimeNs, ctimeNs] = fields.slice(at, at + 5) as [string, string, number, string, string];
  return { inode, device, size, mtimeNs, ctimeNs };
}

function nodeFields(value: Node): Encodable[] {
  const kind = KINDS.indexOf(value.kind);
  switch (value.kind) {
    case 'file':
      return [kind, fromHex(value.content), value.size, value.mtime, value.mode];
    case 'directory':
      return [kind, value.mode];
    case 'symlink':
      return [kind, value.target];
  }
}

function nodeFrom(fields: readonly unknown[], at: number): Node {
  const kind = KINDS[fields[at] as number];
  switch (kind) {
    case 'file': {
      const [content, size, mtime, mode] = fields.slice(at + 1) as [Uint8Array, number, number, number | null];
      return { kind, content: toHex(content) as ContentHash, size, mtime, mode };
    }
    case 'directory':
      return { kind, mode: fields[at + 1] as number | null };
    case 'symlink':
      return { kind, target: fields[at + 1] as string };
    default:
      throw new Error('a row of an unknown kind');
  }
}
