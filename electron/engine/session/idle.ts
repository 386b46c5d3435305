import { type FlotillaError, failure } from '../../../shared/errors.ts';
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
  /** Resolves when nothing will change any more. */
  readonly ended: Promise<void>;
  /** Calls whenever any answer above may differ. */
  onChange(handler: () => void): () => void;
}

/** Throws where the folder can't go on by itself. */
function requireNotHalted(deps: IdleDeps, folder: FolderId): void {
  const state = deps.held.get(folder)?.folder.status().state;
  if (state?.type === 'halted') throw failure('folder-halted', state.message);
}

/** Whether every connected device that holds the folder has the same and needs nothing. */
function isFolderIdle(deps: IdleDeps, folder: FolderId): boolean {
  requireNotHalted(deps, folder);
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
  let over: FlotillaError | null = null;
  let wake: () => void = () => undefined;
  let end: (error: FlotillaError) => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = (error) => {
      over ??= error;
      reject(over);
      wake();
    };
  });
  // Whoever waits no longer must not be told of it twice.
  ended.catch(() => undefined);
  const cancel =
    timeoutMs === null
      ? null
      : deps.clock.after(timeoutMs, () => end(failure('time-out', 'Not everything was the same everywhere in time.')));
  const stop = deps.onChange(() => wake());
  void deps.ended.then(() => end(failure('engine-stopping', 'The engine ends, or the group was left.')));
  try {
    await Promise.race([ended, Promise.all(wanted.map((id) => deps.held.get(id)?.folder.flush()))]);
    while (!wanted.every((id) => isFolderIdle(deps, id))) {
      if (over !== null) throw over;
      // Not a race: each would leave something behind at a promise that lives as long as this waits.
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    cancel?.();
    stop();
  }
}
