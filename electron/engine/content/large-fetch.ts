import type { DeviceId } from '../../../shared/ids.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Store } from '../ports/store.ts';
import { type Chunk, unpackChunks } from './chunk-list.ts';
import type { FetchRequest, LocateContent } from './content-types.ts';
import type { TransferDesk } from './desk.ts';
import { endProgress, keepProgress, readProgress } from './fetch-progress.ts';
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
  /** A place among the large fetches of that source (null: of what is known here); resolves with what gives it back. */
  readonly place: (source: DeviceId | null, signal: AbortSignal) => Promise<() => void>;
}

/** Chunks looked at in one job. */
const VERIFY_BATCH = 64;
/**
 * Brings a file above the single-chunk size, one manifest page (about 1 GiB) after another, so that memory does not grow
 * with its size. Interrupted, it leaves target and progress, and goes on from the chunks that are there (TR-10).
 * What a manifest names is a claim: where it comes to nothing, each source is believed alone, one after another, so that
 * an honest one is enough (TR-8), whatever others say and whatever was kept of it.
 */
export async function fetchLarge(
  deps: LargeFetchDeps,
  request: FetchRequest,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<'fetched' | 'noSource'> {
  /** Whose whole manifest was believed already. */
  const believed = new Set<DeviceId>();
  let believe: Believe = { sources: deps.sources, kept: true };
  let begun: number | null = null;
  while (true) {
    const attempt = await tryManifest(deps, request, { believe, begun, onBytes, signal });
    if (attempt.type === 'fetched') return 'fetched';
    if (attempt.type === 'noManifest' && believe.kept) return 'noSource';
    if (attempt.type === 'inVain') {
      begun = attempt.begun;
      if (attempt.onlyFrom !== null) believed.add(attempt.onlyFrom);
    }
    const next = deps.sources().find((source) => !believed.has(source));
    if (next === undefined || signal.aborted) return 'noSource';
    believed.add(next);
    believe = { sources: () => [next], kept: false };
    onBytes(Number.NEGATIVE_INFINITY);
  }
}

/** Who is believed what a content consists of. */
interface Believe {
  readonly sources: () => readonly DeviceId[];
  /** Whether what is known here already is. */
  readonly kept: boolean;
}

interface AttemptDeps {
  readonly believe: Believe;
  /** Manifest pages of which chunks may stand in the target; null before the first attempt. */
  readonly begun: number | null;
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

type Attempt =
  | { readonly type: 'fetched' }
  /** Nobody said what the content consists of. */
  | { readonly type: 'noManifest' }
  /** What the manifest named is not to be had, or is not the content. `onlyFrom`: whose word that was, if of one alone. */
  | { readonly type: 'inVain'; readonly begun: number; readonly onlyFrom: DeviceId | null };

async function tryManifest(deps: LargeFetchDeps, request: FetchRequest, attempt: AttemptDeps): Promise<Attempt> {
  const { believe, onBytes, signal } = attempt;
  const { target, size, content } = request;
  const fits = (page: ManifestPage): boolean => page.size === size && page.offset === 0;
  const first = await manifestPage(deps, request, { number: 0, fits, believe, signal });
  if (first === null) return { type: 'noManifest' };
  const release = await deps.place(first.source, signal);
  try {
    const { existed } = await deps.jobs.run('prepareTarget', { target, size });
    const begun = attempt.begun ?? (existed ? Math.max(1, readProgress(deps.store, request)) : 0);
    const pages = await fetchPages(deps, request, { first, begun, fresh: !existed, believe, onBytes, signal });
    if (pages.whole) {
      if (await deps.jobs.run('finishTarget', { target, content, size })) {
        finish(deps, request, pages.held);
        return { type: 'fetched' };
      }
      // Every chunk had its hash, so the manifest named other chunks than the content's.
      deps.manifests.forget(content);
    }
    const [source = null, ...others] = pages.from;
    return { type: 'inVain', begun: Math.max(begun, pages.held.length), onlyFrom: others.length > 0 ? null : source };
  } finally {
    release();
  }
}

/** A page of a manifest; `source` is null where it was known here. */
interface FoundPage {
  readonly page: ManifestPage;
  readonly source: DeviceId | null;
}

interface Pages {
  /** Whether all chunks of all pages are in the target. */
  readonly whole: boolean;
  /** The one page of most files; of larger ones each is in the database, and this holds null. */
  readonly held: readonly (ManifestPage | null)[];
  readonly from: ReadonlySet<DeviceId | null>;
}

async function fetchPages(
  deps: LargeFetchDeps,
  request: FetchRequest,
  attempt: AttemptDeps & { readonly first: FoundPage; readonly begun: number; readonly fresh: boolean },
): Promise<Pages> {
  const { first, begun, fresh, believe, onBytes, signal } = attempt;
  const local = new LocalChunks(deps, request, fresh);
  const repeats = new Repeats(deps.jobs, request.target);
  const { total } = first.page;
  const from = new Set<DeviceId | null>();
  const held: (ManifestPage | null)[] = [];
  let offset = 0;
  for (let number = 0; number < pageCount(total); number += 1) {
    const fits = (page: ManifestPage): boolean =>
      page.size === request.size && page.offset === offset && page.total === total;
    const found = number === 0 ? first : await manifestPage(deps, request, { number, fits, believe, signal });
    if (found === null) return { whole: false, held, from };
    from.add(found.source);
    const chunks = unpackChunks(found.page.chunks, offset);
    offset += chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    let missing: readonly Chunk[] = chunks;
    held.push(pageCount(total) === 1 ? found.page : null);
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
    const { first: once, again } = repeats.split(missing);
    if (!(await fromPeers(once))) return { whole: false, held, from };
    const failed = await repeats.copy(again, fresh, onBytes);
    if (!(await fromPeers(failed))) return { whole: false, held, from };
  }
  return { whole: true, held, from };
}

async function manifestPage(
  deps: LargeFetchDeps,
  request: FetchRequest,
  wanted: {
    readonly number: number;
    readonly fits: (page: ManifestPage) => boolean;
    readonly believe: Believe;
    readonly signal: AbortSignal;
  },
): Promise<FoundPage | null> {
  const { number, fits, believe, signal } = wanted;
  const known = believe.kept ? deps.manifests.page(request.content, number) : null;
  if (known !== null && fits(known)) return { page: known, source: null };
  const want = { folder: request.folder, content: request.content, page: number };
  return await deps.manifestDesk.get(want, believe.sources(), fits, signal);
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
  if (pages.length > 1) endProgress(deps.store, request);
}
