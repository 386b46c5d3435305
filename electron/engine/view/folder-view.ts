import type { DeviceId, FolderId } from '../../../shared/ids.ts';
import { MAX_LISTED_PROBLEMS } from '../../../shared/limits.ts';
import type { Folder as FolderModel, FolderState, Holder } from '../../../shared/model/folder.ts';
import { isComplete } from '../../../shared/model/holders.ts';
import { needsSomeone } from '../../../shared/model/notes.ts';
import type { Rates } from '../../../shared/model/values.ts';
import type { FolderStatus } from '../folder/folder-types.ts';
import type { Problem } from '../folder/problems.ts';
import { accessOf, membersOf } from '../group/select.ts';
import type { Folder, GroupState } from '../group/state.ts';
import type { Report } from '../metadata/report.ts';
import { folderReport } from './folder-report.ts';

/** What this device knows of a folder beside the log. */
export interface FolderKnowledge {
  readonly self: DeviceId;
  /** Null where it is not open here. */
  readonly status: FolderStatus | null;
  readonly root: string | null;
  readonly problems: readonly Problem[];
  readonly scannedFiles: number;
  readonly haltedSince: number | null;
  readonly rates: Rates;
  readonly revision: number;
  /** Digest of the heads here; null where the folder is not open. */
  readonly heads: string | null;
  report(device: DeviceId): Report | null;
}

/** A folder whose creation is not decided yet. */
export interface UndecidedFolder {
  readonly id: FolderId;
  readonly name: string;
  readonly root: string;
}

function stateOf(status: FolderStatus | null, root: string | null): FolderState {
  if (status === null) return root === null ? 'offered' : 'waiting';
  return status.state.type;
}

/**
 * The heads that count as all there is: this device's own, else, where it has no index of the folder, those that more
 * holders report than any other. Null where that is nobody's, or where they are divided.
 */
function headsOfAll(folder: Folder, known: FolderKnowledge): string | null {
  if (known.heads !== null) return known.heads;
  const counts = new Map<string, number>();
  for (const [device, selection] of folder.selections) {
    const heads = selection === 'all' ? known.report(device)?.folders.get(folder.id)?.heads : undefined;
    if (heads !== undefined) counts.set(heads, (counts.get(heads) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  const [first, ...others] = [...counts].filter(([, count]) => count === most);
  return first !== undefined && others.length === 0 ? first[0] : null;
}

function holdersView(state: GroupState, folder: Folder, known: FolderKnowledge): readonly Holder[] {
  const own = known.status === null ? undefined : folderReport(known.status, known.problems, known.heads ?? '');
  const heads = headsOfAll(folder, known);
  return membersOf(state, folder.id).map((device): Holder => {
    const told = device.id === known.self ? own : known.report(device.id)?.folders.get(folder.id);
    return {
      device: device.id,
      access: accessOf(state, folder.id, device.id),
      holds: folder.selections.get(device.id) === 'all',
      haveBytes: told?.bytes ?? 0,
      needBytes: told?.needBytes ?? 0,
      needFiles: told?.needFiles ?? 0,
      headsEqual: told !== undefined && told.heads === (device.id === known.self ? (known.heads ?? '') : heads),
      state: told?.state ?? 'unknown',
      problems: told?.problems ?? 0,
      diskFull: told?.diskFull ?? null,
    };
  });
}

function stillToCome({ needBytes, arrivedBytes }: FolderStatus): number {
  return Math.max(0, needBytes - arrivedBytes);
}

/** What the folder holds in all: by this device if it holds it, else by whoever reports most. */
function totals(folder: Folder, holders: readonly Holder[], known: FolderKnowledge): { files: number; bytes: number } {
  if (known.status !== null) {
    const { files, bytes, needFiles, needBytes } = known.status;
    return { files: files + needFiles, bytes: bytes + needBytes };
  }
  const reports = holders.flatMap(({ device }) => known.report(device as DeviceId)?.folders.get(folder.id) ?? []);
  return {
    files: Math.max(0, ...reports.map((report) => report.files + report.needFiles)),
    bytes: Math.max(0, ...reports.map((report) => report.bytes + report.needBytes)),
  };
}

/** A folder as people see it on this device. */
export function folderView(state: GroupState, folder: Folder, known: FolderKnowledge): FolderModel {
  const holders = holdersView(state, folder, known);
  const { status } = known;
  return {
    id: folder.id,
    name: folder.name,
    owner: folder.owner,
    access: accessOf(state, folder.id, known.self),
    path: known.root,
    state: stateOf(status, known.root),
    tentative: false,
    ...totals(folder, holders, known),
    needFiles: status?.needFiles ?? 0,
    needBytes: status === null ? 0 : stillToCome(status),
    conflicts: status?.conflicts ?? 0,
    problems: problemsView(known),
    problemCount: known.problems.length + (status?.state.type === 'error' ? 1 : 0),
    needCount:
      known.problems.filter(({ code }) => needsSomeone(code)).length + (status?.state.type === 'error' ? 1 : 0),
    copies: { complete: holders.filter(isComplete).length, wanted: holders.filter(({ holds }) => holds).length },
    rates: known.rates,
    scannedFiles: known.scannedFiles,
    localChanges: known.problems.filter(({ code }) => code === 'no-right-to-write').length,
    halt:
      status?.state.type === 'halted'
        ? { code: status.state.cause, path: status.root, since: known.haltedSince ?? 0 }
        : null,
    defaultAccess: folder.defaultAccess,
    holders,
    revision: known.revision,
  };
}

function problemsView(known: FolderKnowledge): readonly Problem[] {
  const state = known.status?.state;
  const whole = state?.type === 'error' ? [{ path: '', code: state.code, message: state.message }] : [];
  return [...whole, ...known.problems].slice(0, MAX_LISTED_PROBLEMS);
}

/** A folder that waits for the master, on the device that shares it. */
export function undecidedFolderView(undecided: UndecidedFolder, self: DeviceId): FolderModel {
  return {
    id: undecided.id,
    name: undecided.name,
    owner: self,
    access: 'readWrite',
    path: undecided.root,
    state: 'waiting',
    tentative: false,
    files: 0,
    bytes: 0,
    needFiles: 0,
    needBytes: 0,
    conflicts: 0,
    problems: [],
    problemCount: 0,
    needCount: 0,
    copies: { complete: 0, wanted: 0 },
    rates: { downBps: 0, upBps: 0 },
    scannedFiles: 0,
    localChanges: 0,
    halt: null,
    defaultAccess: 'readWrite',
    holders: [],
    revision: 0,
  };
}
