import { needsSomeone } from '../../../shared/model/notes.ts';
import type { FolderState, FolderStatus } from '../folder/folder-types.ts';
import type { Problem } from '../folder/problems.ts';
import type { FolderReport, ReportedState } from '../metadata/report.ts';

const DOING = {
  scanning: 'working',
  syncing: 'working',
  idle: 'working',
  paused: 'paused',
  halted: 'halted',
  error: 'failing',
} satisfies Record<FolderState['type'], ReportedState>;

/** What this device says of a folder that it holds: to the others, and by the same rule to its own user. */
export function folderReport(status: FolderStatus, problems: readonly Problem[], heads: string): FolderReport {
  const { files, bytes, needFiles, needBytes, arrivedBytes, unpublished, state, diskFull } = status;
  return {
    files,
    bytes,
    // While it works it may not have looked at all that its heads say: one that is not done needs something.
    needFiles: state.type === 'idle' ? needFiles : Math.max(1, needFiles),
    needBytes: Math.max(0, needBytes - arrivedBytes),
    unpublished,
    state: DOING[state.type],
    problems: problems.filter(({ code }) => needsSomeone(code)).length,
    diskFull,
    heads,
  };
}
