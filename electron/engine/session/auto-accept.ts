import { join } from 'node:path';
import type { DeviceId, FolderId } from '../../../shared/ids.ts';
import { liveFolders, selectionOf } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import type { HeldFolders } from './held-folders.ts';

/** What accepting without asking needs. */
export interface AutoAcceptDeps {
  readonly self: DeviceId;
  readonly held: HeldFolders;
  /** Null: offers wait for their user. */
  directory(): string | null;
  state(): GroupState;
  accept(folder: FolderId, path: string): Promise<void>;
  problem(error: unknown): void;
}

/** Accepts newly shared folders into one directory, where the user wants that. A folder given up is not taken again. */
export class AutoAccept {
  readonly #deps: AutoAcceptDeps;
  readonly #tried = new Set<FolderId>();

  constructor(deps: AutoAcceptDeps) {
    this.#deps = deps;
  }

  /** Looks at what is offered now. */
  look(): void {
    const { self, held, problem } = this.#deps;
    const directory = this.#deps.directory();
    if (directory === null) return;
    const state = this.#deps.state();
    for (const folder of liveFolders(state)) {
      if (selectionOf(state, folder.id, self) !== 'offered' || this.#tried.has(folder.id)) continue;
      if (held.rootOf(folder.id) !== null) continue;
      this.#tried.add(folder.id);
      this.#deps
        .accept(folder.id, join(directory, placeName(folder.name, folder.id, held.roots(), directory)))
        .catch(problem);
    }
  }
}

/** A name from the group is no path: what could lead elsewhere is replaced, and a place that is taken gets the id added. */
function placeName(name: string, folder: FolderId, roots: readonly string[], directory: string): string {
  const safe =
    name
      .replace(/[/\\\0:*?"<>|]/g, '-')
      .replace(/^\.+/, '-')
      .trim() || 'Folder';
  return roots.includes(join(directory, safe)) ? `${safe} ${folder.slice(0, 6)}` : safe;
}
