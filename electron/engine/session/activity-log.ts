import { MAX_ACTIVITY } from '../../../shared/limits.ts';
import { type Activity, activitySchema } from '../../../shared/model/activity.ts';
import type { Page } from '../contract/served-engine.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';

/** Changes of one device in one folder that follow each other within this time are told as one. */
const BURST_MS = 2_000;
/** What happened is for people to read, not to decide by: it is written down this often, and at an orderly end. */
const SAVE_MS = 5_000;
const TABLE = 'activity';
const MAX_NAMED_PATHS = 5;

/** One change of one path, before it is folded into a line. */
export interface FileChange {
  readonly at: number;
  readonly device: string;
  readonly folder: string;
  readonly change: 'added' | 'changed' | 'removed' | 'moved' | 'restored';
  readonly path: string;
  readonly bytes: number;
}

/** What happened, newest last: bursts folded, the newest kept over restarts. */
export class ActivityLog {
  readonly #store: Store;
  readonly #clock: Clock;
  #lines: Activity[] = [];
  #number = 0;
  #unsaved = false;
  #timer: CancelTimer | null = null;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    const saved = store.get(TABLE, 'lines');
    if (saved !== undefined) this.#lines = readLines(saved);
    this.#number = this.#lines.length;
  }

  /** Adds a line; one with an id that is there already is passed over. */
  add(line: Activity): void {
    if (this.#lines.some(({ id }) => id === line.id)) return;
    // The log tells its latest decisions again at each start, also those that have had to make room here.
    if (this.#lines.length >= MAX_ACTIVITY && line.at < (this.#lines[0]?.at ?? 0)) return;
    this.#lines.push(line);
    this.#changed();
  }

  /** Adds a change of a file, to the line before where it belongs to the same burst. */
  addChange(change: FileChange): void {
    const last = this.#lines.findLast((line) => line.type === 'files' && line.folder === change.folder);
    const same =
      last?.type === 'files' &&
      last.device === change.device &&
      last.change === change.change &&
      change.at - last.at <= BURST_MS;
    if (same) {
      const paths = last.paths.length < MAX_NAMED_PATHS ? [...last.paths, change.path] : last.paths;
      const folded = { ...last, at: change.at, count: last.count + 1, bytes: last.bytes + change.bytes, paths };
      this.#lines[this.#lines.lastIndexOf(last)] = folded;
    } else {
      this.#number += 1;
      const { at, device, folder, path, bytes } = change;
      const id = `files-${at}-${this.#number}`;
      this.#lines.push({
        type: 'files',
        id,
        at,
        device,
        folder,
        change: change.change,
        count: 1,
        bytes,
        paths: [path],
      });
    }
    this.#changed();
  }

  /** The newest `count`, oldest first. */
  tail(count: number): readonly Activity[] {
    return this.#lines.slice(-count);
  }

  /** Newest first, from the line before the one that the cursor names. */
  page(folder: string | null, cursor: string | null, limit: number): Page<Activity> {
    const newest = this.#lines
      .filter((line) => folder === null || ('folder' in line && line.folder === folder))
      .reverse();
    const at = cursor === null ? -1 : newest.findIndex(({ id }) => id === cursor);
    // A line that had to make room had nothing older after it that is still here.
    const from = cursor !== null && at < 0 ? newest.length : at + 1;
    const items = newest.slice(from, from + limit);
    return { items, next: from + limit < newest.length ? (items.at(-1)?.id ?? null) : null };
  }

  /** Writes what is not written yet. */
  save(): void {
    this.#timer?.();
    this.#timer = null;
    if (!this.#unsaved) return;
    this.#unsaved = false;
    const bytes = new TextEncoder().encode(JSON.stringify({ version: 1, lines: this.#lines }));
    this.#store.transaction((tx) => tx.put(TABLE, 'lines', bytes));
  }

  /** Forgets everything: the device has left the group. */
  clear(): void {
    this.#lines = [];
    this.#unsaved = true;
    this.save();
  }

  #changed(): void {
    if (this.#lines.length > MAX_ACTIVITY) this.#lines = this.#lines.slice(-MAX_ACTIVITY);
    this.#unsaved = true;
    this.#timer ??= this.#clock.after(SAVE_MS, () => {
      this.#timer = null;
      try {
        this.save();
      } catch {
        // A full disk must not end the engine for the sake of a list; it is tried again with the next line.
        this.#unsaved = true;
      }
    });
  }
}

/** The saved lines; those that can't be read are dropped: nothing depends on them. */
function readLines(bytes: Uint8Array): Activity[] {
  try {
    const { lines } = JSON.parse(new TextDecoder().decode(bytes)) as { lines: unknown[] };
    return lines.flatMap((line) => {
      const parsed = activitySchema.safeParse(line);
      return parsed.success ? [parsed.data] : [];
    });
  } catch {
    return [];
  }
}
