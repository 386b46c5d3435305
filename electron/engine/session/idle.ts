import { failure } from '../../../shared/errors.ts';
import type { DeviceId, FolderId } from '../../../shared/ids.ts';
import { holdersOf, liveFolders } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import type { Report } from '../metadata/report.ts';
import type { Clock } from '../ports/clock.ts';
import type { HeldFolders } from './held-folders.ts';

/** What telling whether all is done needs. */
export interface IdleDeps {
  readonly clock: Clock;
  readonly held: HeldFolders;
  state(): GroupState;
  heads(folder: FolderId): string;
  report(device: DeviceId): Report | null;
  connected(): readonly DeviceId[];
  /** Calls whenever any answer above may differ. */
  onChange(handler: () => void): () => void;
}

/** Whether every connected device that holds the folder has the same and needs nothing. */
function isFolderIdle(deps: IdleDeps, folder: FolderId): boolean {
  const own = deps.held.get(folder);
  const reports = deps.connected().flatMap((device) => {
    const holds = holdersOf(deps.state(), folder).some(({ id }) => id === device);
    return holds ? [deps.report(device)?.folders.get(folder) ?? null] : [];
  });
  const done = reports.every((report) => report !== null && report.needFiles === 0 && report.unpublished === 0);
  if (!done) return false;
  if (own === null) return new Set(reports.map((report) => report?.heads)).size <= 1;
  const status = own.folder.status();
  const heads = deps.heads(folder);
  return (
    status.state.type === 'idle' &&
    status.needFiles === 0 &&
    status.unpublished === 0 &&
    !status.waitingForHolder &&
    reports.every((report) => report?.heads === heads)
  );
}

/**
 * Takes in what is on this disk now, then resolves when all connected holders agree. `folder` null: all folders that
 * this device holds. Rejects with `time-out`, or `folder-halted` for one that can't go on by itself.
 */
export async function waitUntilIdle(deps: IdleDeps, folder: FolderId | null, timeoutMs: number | null): Promise<void> {
  const ids = folder !== null ? [folder] : liveFolders(deps.state()).map(({ id }) => id);
  const wanted = ids.filter((id) => folder !== null || deps.held.get(id) !== null);
  let over = false;
  const timeOut = new Promise<never>((_, reject) => {
    if (timeoutMs === null) return;
    deps.clock.after(timeoutMs, () => {
      over = true;
      reject(failure('time-out', 'Not everything was the same everywhere in time.'));
    });
  });
  // Whoever waits no longer must not be told of it twice.
  timeOut.catch(() => undefined);
  await Promise.race([timeOut, Promise.all(wanted.map((id) => deps.held.get(id)?.folder.flush()))]);
  while (!over && !wanted.every((id) => isFolderIdle(deps, id))) {
    await Promise.race([timeOut, nextChange(deps)]);
  }
}

function nextChange(deps: IdleDeps): Promise<void> {
  return new Promise((resolve) => {
    const stop = deps.onChange(() => {
      stop();
      resolve();
    });
  });
}
