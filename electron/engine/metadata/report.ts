import { type FolderId, parseFolderId } from '../../../shared/ids.ts';
import { MAX_FOLDERS, MAX_REPORT_BYTES } from '../../../shared/limits.ts';
import { decodeValue, encodeValue } from '../bytes/codec.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { isBytes, isCount } from '../bytes/log-entry.ts';
import { isMap } from '../group/fields.ts';

const VERSION = 1;
const MAX_PLATFORM_CHARACTERS = 32;
const HEADS_BYTES = 32;

/** In the order of their numbers. `working`: what is missing comes by itself. */
const STATES = ['working', 'paused', 'halted', 'failing'] as const;
export type ReportedState = (typeof STATES)[number];

/** What a device says about one folder that it holds. */
export interface FolderReport {
  /** What is here: files and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** What is known to be missing here. */
  readonly needFiles: number;
  readonly needBytes: number;
  /** Local changes that are not published yet. */
  readonly unpublished: number;
  /** What it does with the folder. */
  readonly state: ReportedState;
  /** Problems there that someone has to do something about. */
  readonly problems: number;
  /** Free bytes on its disk there, where that is too full for what is to come; null: nothing waits for room. */
  readonly diskFull: number | null;
  /** Digest of the heads of all shards, 64 hex digits: equal where two devices know the same. */
  readonly heads: string;
}

/** What a device tells the others about itself: soft state, never logged, true at the moment of sending. */
export interface Report {
  readonly folders: ReadonlyMap<FolderId, FolderReport>;
  /** Free bytes on the disk of its home; null where unknown. */
  readonly freeBytes: number | null;
  /** Operating system as Node names it. */
  readonly platform: string;
}

/** The report as it is sent. */
export function encodeReport(report: Report): Uint8Array {
  return encodeValue({
    version: VERSION,
    platform: report.platform.slice(0, MAX_PLATFORM_CHARACTERS),
    free: report.freeBytes,
    folders: [...report.folders]
      .slice(0, MAX_FOLDERS)
      .map(([folder, one]) => [
        fromHex(folder),
        one.files,
        one.bytes,
        one.needFiles,
        one.needBytes,
        one.unpublished,
        fromHex(one.heads),
        STATES.indexOf(one.state),
        one.problems,
        ...(one.diskFull === null ? [] : [one.diskFull]),
      ]),
  });
}

/** A peer's report, or null where the bytes are none. Fields that are not known are passed over. */
export function decodeReport(bytes: Uint8Array): Report | null {
  if (bytes.byteLength > MAX_REPORT_BYTES) return null;
  const value = decodeValue(bytes);
  if (!isMap(value) || value.version !== VERSION) return null;
  const { platform, free, folders } = value;
  if (typeof platform !== 'string' || platform.length > MAX_PLATFORM_CHARACTERS) return null;
  if (free !== null && !isCount(free)) return null;
  if (!Array.isArray(folders) || folders.length > MAX_FOLDERS) return null;
  const byFolder = new Map<FolderId, FolderReport>();
  for (const one of folders) {
    const read = readFolder(one);
    if (read === null) return null;
    byFolder.set(...read);
  }
  return { folders: byFolder, freeBytes: free, platform };
}

function readFolder(value: unknown): [FolderId, FolderReport] | null {
  if (!Array.isArray(value) || value.length < 7) return null;
  const [id, files, bytes, needFiles, needBytes, unpublished, heads, state, problems, full]: unknown[] = value;
  const folder = isBytes(id, 16) ? parseFolderId(toHex(id)) : null;
  if (folder === null || !isBytes(heads, HEADS_BYTES)) return null;
  if (!isCount(files) || !isCount(bytes) || !isCount(needFiles) || !isCount(needBytes) || !isCount(unpublished)) {
    return null;
  }
  const doing = isCount(state) ? (STATES[state] ?? 'working') : 'working';
  const needing = isCount(problems) ? problems : 0;
  const diskFull = isCount(full) ? full : null;
  const needs = { needFiles, needBytes, problems: needing, diskFull };
  return [folder, { files, bytes, ...needs, unpublished, state: doing, heads: toHex(heads) }];
}
