import type { FolderId } from '../../../shared/ids.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Chunk } from './chunk-list.ts';
import type { FetchRequest, LocateContent } from './content-types.ts';
import type { ManifestStore } from './manifest-store.ts';

/** Chunks copied in one job: about 16 MiB, so that no job takes long. */
const COPY_BATCH = 64;

interface LocalDeps {
  readonly jobs: Jobs;
  readonly manifests: ManifestStore;
  readonly locate: LocateContent;
}

/** Makes the target from equal content on this disk; false where there is none that proves equal. */
export async function copyLocal(deps: LocalDeps, request: FetchRequest): Promise<boolean> {
  const { content, size, target } = request;
  for (const location of deps.locate(request.folder, content)) {
    if (location.absolutePath === target) continue;
    const from = location.absolutePath;
    if (await deps.jobs.run('copyWhole', { from, target, content, size })) return true;
  }
  return false;
}

/** Finds chunks on this disk (TR-10): in every file of the folder whose chunks are known, and in the replaced version. */
export class LocalChunks {
  readonly #deps: LocalDeps;
  readonly #folder: FolderId;
  readonly #target: string;
  readonly #fresh: boolean;
  readonly #previous: string | null;
  /** The content of the replaced version once it was chunked for this; null before, or if it could not be. */
  #previousContent: string | null = null;
  #previousRead = false;

  /** `fresh`: nothing but zeros stands in the target where nothing was written yet. */
  constructor(deps: LocalDeps, request: FetchRequest, fresh: boolean) {
    this.#fresh = fresh;
    this.#deps = deps;
    this.#folder = request.folder;
    this.#target = request.target;
    this.#previous = request.previous;
  }

  /** Copies into the target what is here and returns the chunks that are not. */
  async take(
    chunks: readonly Chunk[],
    onBytes: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<readonly Chunk[]> {
    // What was noted a moment ago is often just what is wanted: a file that was copied and edited.
    this.#deps.manifests.flush();
    const left = await this.#copy(chunks, onBytes, signal);
    if (left.length < chunks.length || left.length === 0 || this.#previous === null || this.#previousRead) return left;
    // Nothing of the file is known here by its chunks: then the old version's were never noted.
    this.#previousRead = true;
    const { jobs, manifests } = this.#deps;
    const hashed = await jobs
      .run('hashFile', { path: this.#previous, size: Number.MAX_SAFE_INTEGER })
      .catch(() => null);
    if (hashed === null || hashed.file.chunks.byteLength === 0) return left;
    manifests.noteFile(hashed.file);
    manifests.flush();
    this.#previousContent = hashed.file.content;
    return await this.#copy(left, onBytes, signal);
  }

  async #copy(
    chunks: readonly Chunk[],
    onBytes: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<readonly Chunk[]> {
    const left: Chunk[] = [];
    for (let from = 0; from < chunks.length; from += COPY_BATCH) {
      const batch = chunks.slice(from, from + COPY_BATCH);
      const found = batch.flatMap((chunk) => this.#find(chunk));
      const copied = new Set<Chunk>();
      // Looking up thousands of chunks in one go would hold up everything else.
      await new Promise((resolve) => setImmediate(resolve));
      if (found.length > 0 && !signal.aborted) {
        const pieces = found.map(({ chunk, from: path, fromOffset }) => ({ ...chunk, from: path, fromOffset }));
        const good = await this.#deps.jobs.run('copyPieces', { target: this.#target, fresh: this.#fresh, pieces });
        found.forEach(({ chunk }, index) => {
          if (good[index] !== true || copied.has(chunk)) return;
          copied.add(chunk);
          onBytes(chunk.length);
        });
      }
      left.push(...batch.filter((chunk) => !copied.has(chunk)));
    }
    return left;
  }

  /** The first place that is still known on disk. */
  #find(chunk: Chunk): { readonly chunk: Chunk; readonly from: string; readonly fromOffset: number }[] {
    for (const place of this.#deps.manifests.findChunk(chunk.hash)) {
      if (place.length !== chunk.length) continue;
      const located = this.#deps.locate(this.#folder, place.content)[0]?.absolutePath;
      const from = place.content === this.#previousContent ? this.#previous : located;
      if (from !== undefined && from !== null) return [{ chunk, from, fromOffset: place.offset }];
    }
    return [];
  }
}
