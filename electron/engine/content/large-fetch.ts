import type { DeviceId } from '../../../shared/ids.ts';
import { decodeValue, encodeValue } from '../bytes/codec.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Store } from '../ports/store.ts';
import { type Chunk, unpackChunks } from './chunk-list.ts';
import type { FetchRequest, LocateContent } from './content-types.ts';
import type { TransferDesk } from './desk.ts';
import { LocalChunks } from './local-source.ts';
import { type ManifestPage, pageCount } from './manifest.ts';
import type { ManifestDesk } from './manifest-desk.ts';
import type { ManifestStore } from './manifest-store.ts';
import { Repeats } from './repeats.ts';

/** What the fetch of a large file works with. */
interface LargeFetchDeps {
  readonly jobs: Jobs;
  readonly store: Store;
  readonly locate: LocateContent;
  readonly desk: TransferDesk;
  readonly manifests: ManifestStore;
  readonly manifestDesk: ManifestDesk;
  /** Connected devices that hold the folder, best first. */
  readonly sources: () => readonly DeviceId[];
}

/** `folder/content` -> number of manifest pages that an interrupted attempt had begun; for content of several pages. */
const PROGRESS = 'fetch';
/** Chunks looked at in one job. */
const VERIFY_BATCH = 64;
/** Manifests that turned out to be lies before a fetch gives up for now. */
const MAX_LIES = 3;

/**
 * Brings a file above the single-chunk size, one manifest page (about 1 GiB) after another, so that memory does not grow
 * with its size. Interrupted, it leaves target and progress, and goes on from the chunks that are there (TR-10).
 */
export async function fetchLarge(
  deps: LargeFetchDeps,
  request: FetchRequest,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<'fetched' | 'noSource'> {
  const liars = new Set<DeviceId>();
  const { target, size, content } = request;
  const prepared = await deps.jobs.run('prepareTarget', { target, size });
  let begun = prepared.existed ? Math.max(1, readProgress(deps.store, request)) : 0;
  for (let lies = 0; lies < MAX_LIES; lies += 1) {
    const fresh = !prepared.existed && lies === 0;
    const attempt = await fetchPages(deps, request, { begun, fresh, liars }, onBytes, signal);
    if (attempt.type === 'noSource') return 'noSource';
    if (await deps.jobs.run('finishTarget', { target, content, size })) {
      finish(deps, request, attempt.pages);
      return 'fetched';
    }
    // Every chunk had its hash, so the manifest named other chunks than the content's: it is forgotten with its source.
    for (const source of attempt.manifestsFrom) liars.add(source);
    deps.manifests.forget(content);
    begun = attempt.pages.length;
    onBytes(Number.NEGATIVE_INFINITY);
  }
  return 'noSource';
}

type Attempt =
  | { readonly type: 'noSource' }
  | {
      readonly type: 'whole';
      readonly pages: readonly (ManifestPage | null)[];
      readonly manifestsFrom: ReadonlySet<DeviceId>;
    };

async function fetchPages(
  deps: LargeFetchDeps,
  request: FetchRequest,
  before: { readonly begun: number; readonly fresh: boolean; readonly liars: ReadonlySet<DeviceId> },
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Attempt> {
  const { begun, fresh, liars } = before;
  const local = new LocalChunks(deps, request, fresh);
  const repeats = new Repeats(deps.jobs, request.target);
  const manifestsFrom = new Set<DeviceId>();
  /** The one page of most files; of larger ones each is in the database, and this holds null. */
  const pages: (ManifestPage | null)[] = [];
  let total = 1;
  let offset = 0;
  for (let number = 0; number < pageCount(total); number += 1) {
    const fits = (page: ManifestPage): boolean =>
      page.size === request.size && page.offset === offset && (number === 0 || page.total === total);
    const found = await manifestPage(deps, request, number, fits, liars, signal);
    if (found === null) return { type: 'noSource' };
    if (found.source !== null) manifestsFrom.add(found.source);
    total = found.page.total;
    const chunks = unpackChunks(found.page.chunks, offset);
    offset += chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    let missing: readonly Chunk[] = chunks;
    pages.push(pageCount(total) === 1 ? found.page : null);
    if (number < begun) missing = await notYetThere(deps.jobs, request.target, chunks, onBytes, signal);
    if (pageCount(total) > 1) keepProgress(deps.manifests, request, found.page, Math.max(begun, number + 1));
    if (missing.length > 0) missing = await local.take(missing, onBytes, signal);
    const { folder, content, size, target } = request;
    const fromPeers = async (chunks: readonly Chunk[]): Promise<boolean> => {
      if (chunks.length === 0) return true;
      const want = { kind: 'large', folder, content, size, target, fresh, chunks, onBytes } as const;
      const result = await deps.desk.get(want, deps.sources(), signal);
      if (result.type === 'failed') throw result.error;
      return result.type === 'done';
    };
    const { first, again } = repeats.split(missing);
    if (!(await fromPeers(first))) return { type: 'noSource' };
    const failed = await repeats.copy(again, fresh, onBytes);
    if (!(await fromPeers(failed))) return { type: 'noSource' };
  }
  return { type: 'whole', pages, manifestsFrom };
}

async function manifestPage(
  deps: LargeFetchDeps,
  request: FetchRequest,
  number: number,
  fits: (page: ManifestPage) => boolean,
  liars: ReadonlySet<DeviceId>,
  signal: AbortSignal,
): Promise<{ readonly page: ManifestPage; readonly source: DeviceId | null } | null> {
  const known = deps.manifests.page(request.content, number);
  if (known !== null && fits(known)) return { page: known, source: null };
  const sources = deps.sources().filter((source) => !liars.has(source));
  const want = { folder: request.folder, content: request.content, page: number };
  return await deps.manifestDesk.get(want, sources, fits, signal);
}

/** The chunks that an interrupted attempt had not written. */
async function notYetThere(
  jobs: Jobs,
  target: string,
  chunks: readonly Chunk[],
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Chunk[]> {
  const missing: Chunk[] = [];
  for (let from = 0; from < chunks.length && !signal.aborted; from += VERIFY_BATCH) {
    const pieces = chunks.slice(from, from + VERIFY_BATCH);
    const there = await jobs.run('verifyPieces', { path: target, pieces });
    pieces.forEach((chunk, index) => {
      if (there[index] === true) onBytes(chunk.length);
      else missing.push(chunk);
    });
  }
  return missing;
}

/** Notes where the chunks lie, and that nothing is left to resume. */
function finish(deps: LargeFetchDeps, request: FetchRequest, pages: readonly (ManifestPage | null)[]): void {
  pages.forEach((held, number) => {
    const page = held ?? deps.manifests.page(request.content, number);
    if (page !== null) deps.manifests.note(page);
  });
  if (pages.length > 1) deps.store.transaction((tx) => tx.remove(PROGRESS, progressKey(request)));
}

function progressKey(request: FetchRequest): string {
  return `${request.folder}/${request.content}`;
}

function readProgress(store: Store, request: FetchRequest): number {
  const bytes = store.get(PROGRESS, progressKey(request));
  const pages = bytes === undefined ? 0 : decodeValue(bytes);
  return typeof pages === 'number' ? pages : 0;
}

/** A content of several pages takes long: page and progress are durable before its chunks are asked for. */
function keepProgress(manifests: ManifestStore, request: FetchRequest, page: ManifestPage, begun: number): void {
  manifests.keep(page, (tx) => tx.put(PROGRESS, progressKey(request), encodeValue(begun)));
}
