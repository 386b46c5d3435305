import type { FolderId } from '../../../shared/ids.ts';
import { OWN_REPORT_DELAY_MS, VIEW_TICK_MS } from '../../../shared/limits.ts';
import type { FolderReport, Report } from '../metadata/report.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import { folderReport } from '../view/folder-report.ts';
import type { HeldFolders } from './held-folders.ts';

/** How often free space is looked at. */
const FREE_SPACE_MS = 10_000;

/** What reporting needs. */
export interface ReporterDeps {
  readonly clock: Clock;
  readonly held: HeldFolders;
  readonly platform: string;
  heads(folder: FolderId): string;
  freeBytes(): Promise<number>;
  report(report: Report): void;
  reported(): void;
  problem(error: unknown): void;
}

/** Tells the other devices what is here, soon after it changes. */
export class Reporter {
  readonly #deps: ReporterDeps;
  #soon: CancelTimer | null = null;
  #looking: CancelTimer | null = null;
  #again: CancelTimer | null = null;
  #freeBytes: number | null = null;

  constructor(deps: ReporterDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#look();
    this.#looking = this.#deps.clock.every(FREE_SPACE_MS, () => this.#look());
    this.#report();
  }

  stop(): void {
    this.#soon?.();
    this.#looking?.();
    this.#again?.();
    this.#soon = null;
    this.#looking = null;
    this.#again = null;
  }

  /** Something that is reported has changed. */
  soon(): void {
    if (this.#looking === null || this.#soon !== null) return;
    this.#soon = this.#deps.clock.after(OWN_REPORT_DELAY_MS, () => {
      this.#soon = null;
      this.#report();
    });
  }

  #look(): void {
    this.#deps.freeBytes().then(
      (bytes) => {
        this.#freeBytes = bytes;
        this.soon();
      },
      (error: unknown) => this.#deps.problem(error),
    );
  }

  /** Called by timers: what fails here must not end the engine. */
  #report(): void {
    try {
      this.#reportNow();
    } catch (error) {
      this.#deps.problem(error);
    }
  }

  #reportNow(): void {
    const { held, platform } = this.#deps;
    const folders = new Map<FolderId, FolderReport>();
    for (const [id, { folder }] of held.all()) {
      const heads = this.#deps.heads(id);
      if (heads === '') continue;
      const report = folderReport(folder.status(), folder.problems(), heads);
      if (report.needBytes > 0) this.#tellProgress();
      folders.set(id, report);
    }
    this.#deps.report({ folders, freeBytes: this.#freeBytes, platform });
    this.#deps.reported();
  }

  /** Content that arrives in pieces changes nothing else that would be told. */
  #tellProgress(): void {
    this.#again ??= this.#deps.clock.after(VIEW_TICK_MS, () => {
      this.#again = null;
      this.soon();
    });
  }
}
