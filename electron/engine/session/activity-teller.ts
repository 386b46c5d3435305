import type { ErrorCode } from '../../../shared/errors.ts';
import type { DeviceTag, FolderId } from '../../../shared/ids.ts';
import type { ActivityItem } from '../folder/folder-types.ts';
import type { FolderIndex } from '../index/folder-index.ts';
import type { Decision } from '../metadata/applied-log.ts';
import type { MetadataView } from '../metadata/view.ts';
import type { Clock } from '../ports/clock.ts';
import { decisionActivity } from '../view/operation-words.ts';
import type { ActivityLog } from './activity-log.ts';

/** A change at a path at which a kept version was put comes within this time, or is another one. */
const RESTORED_WITHIN_MS = 10_000;

/** Turns what the rooms tell into lines of what happened. */
export class ActivityTeller {
  readonly #log: ActivityLog;
  readonly #clock: Clock;
  readonly #deviceOf: (tag: DeviceTag) => string | null;
  #term = 0;
  #decided = 0;
  /** Paths at which a kept version was put lately, with when. */
  readonly #restoring = new Map<string, number>();

  constructor(log: ActivityLog, clock: Clock, deviceOf: (tag: DeviceTag) => string | null) {
    this.#log = log;
    this.#clock = clock;
    this.#deviceOf = deviceOf;
  }

  /** What the log decided; told once each. */
  decisions(decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      if (decision.index <= this.#decided) continue;
      this.#decided = decision.index;
      this.#log.add(decisionActivity(decision));
    }
  }

  /** An own change that was refused when its author did not wait for it any more. */
  refused(change: string, decision: Decision, code: ErrorCode): void {
    const line = decisionActivity(decision);
    this.#log.add({ ...line, id: `refused-${change}`, outcome: 'refused', code });
  }

  /** Who is master now. */
  master({ master, term, masterSince }: MetadataView): void {
    if (master === null || term <= this.#term) return;
    this.#term = term;
    this.#log.add({ type: 'master', id: `master-${term}`, at: masterSince ?? this.#clock.now(), device: master, term });
  }

  /** A kept version is about to be put at that path: the change that follows is told as what it is. */
  restoring(folder: FolderId, path: string): void {
    const now = this.#clock.monotonic();
    for (const [key, at] of this.#restoring) if (now - at > RESTORED_WITHIN_MS) this.#restoring.delete(key);
    this.#restoring.set(`${folder}/${path}`, now);
  }

  /** What happened to files of a folder. */
  files(folder: FolderId, items: readonly ActivityItem[], index: FolderIndex | null): void {
    for (const { path, action, to, author, at } of items) {
      const device = this.#deviceOf(author) ?? author;
      if (action === 'conflict') {
        this.#log.add({
          type: 'conflict',
          id: `conflict-${at}-${folder.slice(0, 8)}-${path}`,
          at,
          device,
          folder,
          path,
        });
        continue;
      }
      const value = index?.remote(to ?? path)?.value;
      const bytes = value?.kind === 'file' ? value.size : 0;
      const restored = (action === 'added' || action === 'changed') && this.#restoring.delete(`${folder}/${path}`);
      this.#log.addChange({ at, device, folder, change: restored ? 'restored' : action, path: to ?? path, bytes });
    }
  }
}
