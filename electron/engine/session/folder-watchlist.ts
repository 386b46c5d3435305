import type { FolderId } from '../../../shared/ids.ts';
import type { FolderStatus } from '../folder/folder-types.ts';
import type { Clock } from '../ports/clock.ts';

/** What is remembered of a folder between two looks. */
export interface WatchedFolder {
  /** Goes up with everything that happens to the folder. */
  readonly revision: number;
  /** Wall clock, milliseconds. */
  readonly haltedSince: number | null;
}

const NEVER: WatchedFolder = { revision: 0, haltedSince: null };

/** Remembers of each folder how often it changed, and since when it is halted. */
export class FolderWatchlist {
  readonly #clock: Clock;
  readonly #folders = new Map<FolderId, WatchedFolder>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(folder: FolderId): WatchedFolder {
    return this.#folders.get(folder) ?? NEVER;
  }

  /** Something happened to the folder. */
  note(folder: FolderId, status: FolderStatus | null): void {
    const { revision, haltedSince } = this.of(folder);
    const halted = status?.state.type === 'halted';
    this.#folders.set(folder, {
      revision: revision + 1,
      haltedSince: halted ? (haltedSince ?? this.#clock.now()) : null,
    });
  }
}
