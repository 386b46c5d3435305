import { join } from 'node:path';
import { errorCodeOf } from '../../../shared/errors.ts';
import type { DeviceId, FolderId } from '../../../shared/ids.ts';
import type { OperationBody } from '../group/body.ts';
import { liveFolders, selectionOf } from '../group/select.ts';
import type { Folder } from '../group/state.ts';
import type { Metadata } from '../metadata/metadata.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { HeldFolders } from './held-folders.ts';

/** What accepting without asking needs. */
export interface AutoAcceptDeps {
  readonly clock: Clock;
  readonly self: DeviceId;
  readonly held: Pick<HeldFolders, 'rootOf' | 'all'>;
  /** Null: offers wait for their user. */
  directory(): string | null;
  readonly metadata: Pick<Metadata, 'state' | 'waiting'>;
  accept(folder: FolderId, path: string): Promise<unknown>;
  decide(body: OperationBody): Promise<unknown>;
  problem(error: unknown): void;
}

/** After a place could not be used, it is tried again this often. */
const AGAIN_MS = 30_000;

/** Accepts newly shared folders into one directory, where the user wants that. A folder given up is not taken again. */
export class AutoAccept {
  readonly #deps: AutoAcceptDeps;
  /** Folders that are being accepted, or could not be a while ago. */
  readonly #tried = new Set<FolderId>();
  #again: CancelTimer | null = null;
  #stopped = false;

  constructor(deps: AutoAcceptDeps) {
    this.#deps = deps;
  }

  /** Looks at what is offered now. */
  look(): void {
    const { self, held } = this.#deps;
    const directory = this.#deps.directory();
    if (this.#stopped) return;
    this.#tellHolding();
    if (directory === null) return;
    const state = this.#deps.metadata.state();
    for (const folder of liveFolders(state)) {
      if (selectionOf(state, folder.id, self) !== 'offered' || this.#tried.has(folder.id)) continue;
      if (held.rootOf(folder.id) !== null) continue;
      this.#tried.add(folder.id);
      this.#accept(folder, directory).then(
        () => this.#tried.delete(folder.id),
        (error: unknown) => this.#failed(error),
      );
    }
  }

  /** The directory is another one now: what could not be accepted is tried again. */
  directoryChanged(): void {
    this.#tried.clear();
    this.look();
  }

  stop(): void {
    this.#stopped = true;
    this.#again?.();
  }

  /** Access that was taken and given again while this device was away made of a folder that is held here an offer. */
  #tellHolding(): void {
    const { self, held, metadata, problem } = this.#deps;
    const waiting = metadata.waiting();
    for (const [folder] of held.all()) {
      if (selectionOf(metadata.state(), folder, self) !== 'offered') continue;
      if (waiting.some(({ body }) => body.kind === 'folder.setSelection' && body.folder === folder)) continue;
      this.#deps.decide({ kind: 'folder.setSelection', folder, device: self, selection: 'all' }).catch(problem);
    }
  }

  async #accept({ id, name }: Folder, directory: string): Promise<void> {
    const place = join(directory, placeName(name));
    try {
      await this.#deps.accept(id, place);
    } catch (error) {
      // Most likely another folder of that name lies there.
      if (errorCodeOf(error) !== 'path-inside-folder') throw error;
      await this.#deps.accept(id, `${place} ${id.slice(0, 6)}`);
    }
  }

  #failed(error: unknown): void {
    this.#deps.problem(error);
    if (this.#stopped) return;
    this.#again ??= this.#deps.clock.after(AGAIN_MS, () => {
      this.#again = null;
      this.directoryChanged();
    });
  }
}

/** A name from the group is no path: what could lead elsewhere is replaced. */
function placeName(name: string): string {
  const safe = name
    .replace(/[/\\\0:*?"<>|]/g, '-')
    .replace(/^\.+/, '-')
    .trim();
  return safe || 'Folder';
}
