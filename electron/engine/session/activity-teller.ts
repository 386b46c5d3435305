import type { DeviceTag, FolderId } from '../../../shared/ids.ts';
import type { ActivityItem } from '../folder/folder-types.ts';
import type { FolderIndex } from '../index/folder-index.ts';
import type { Decision } from '../metadata/applied-log.ts';
import type { MetadataView } from '../metadata/view.ts';
import type { Clock } from '../ports/clock.ts';
import { decisionActivity } from '../view/operation-words.ts';
import type { ActivityLog } from './activity-log.ts';

/** Turns what the rooms tell into lines of what happened. */
export class ActivityTeller {
  readonly #log: ActivityLog;
  readonly #clock: Clock;
  readonly #deviceOf: (tag: DeviceTag) => string | null;
  #term = 0;
  #decided = 0;

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

  /** Who is master now. */
  master({ master, term, masterSince }: MetadataView): void {
    if (master === null || term <= this.#term) return;
    this.#term = term;
    this.#log.add({ type: 'master', id: `master-${term}`, at: masterSince ?? this.#clock.now(), device: master, term });
  }

  /** What happened to files of a folder. */
  files(folder: FolderId, items: readonly ActivityItem[], index: FolderIndex | null): void {
    for (const { path, action, to, author, at } of items) {
      const device = this.#deviceOf(author) ?? author;
      if (action === 'conflict') {
        this.#log.add({ type: 'conflict', id: `conflict-${at}-${path}`, at, device, folder, path });
        continue;
      }
      const value = index?.remote(to ?? path)?.value;
      const bytes = value?.kind === 'file' ? value.size : 0;
      this.#log.addChange({ at, device, folder, change: action, path: to ?? path, bytes });
    }
  }
}
