import { setMaxListeners } from 'node:events';
import { errorCodeOf } from '../../../shared/errors.ts';
import type { DeviceId, FolderId } from '../../../shared/ids.ts';
import { MAX_LARGE_FETCHES, SINGLE_CHUNK_BYTES } from '../../../shared/limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Peers } from '../ports/peers.ts';
import type { Store } from '../ports/store.ts';
import type { ContentFetcher, FetchProgress, FetchRequest, FetchResult, LocateContent } from './content-types.ts';
import { TransferDesk } from './desk.ts';
import { type FreeBytes, SpaceKeeper } from './free-space.ts';
import { fetchLarge } from './large-fetch.ts';
import { copyLocal } from './local-source.ts';
import { ManifestDesk } from './manifest-desk.ts';
import type { ManifestStore } from './manifest-store.ts';
import { decodeContentMessage } from './messages.ts';
import { Slots } from './slots.ts';

/** What the puller works with. */
interface PullerDeps {
  readonly peers: Peers;
  readonly jobs: Jobs;
  readonly store: Store;
  readonly manifests: ManifestStore;
  readonly clock: Clock;
  readonly locate: LocateContent;
  /** Whether the device, connected or not, holds the folder: by the committed log, or as it said itself. */
  readonly holds: (device: DeviceId, folder: FolderId) => boolean;
  readonly freeBytes: FreeBytes;
}

/** A `ContentFetcher` and what its owner does with it. */
export interface Puller extends ContentFetcher {
  /** Calls with folders for which content that had no source may have one now: a holder connected, or said that it has. */
  onAvailable(handler: (folder: FolderId) => void): () => void;
  /** To be called when `holds` may answer otherwise than before for connected devices. */
  holdersChanged(): void;
  /** Ends all fetches as aborted. */
  stop(): void;
}

interface Running {
  readonly request: FetchRequest;
  done: number;
}

/** Brings content from this disk and from all connected holders (rules TR-1 to TR-10). */
export function createPuller(deps: PullerDeps): Puller {
  const desk = new TransferDesk(deps);
  const manifestDesk = new ManifestDesk(deps.peers, deps.clock);
  const space = new SpaceKeeper(deps.freeBytes, deps.clock);
  /** By whose word it is that a large file consists of what it does: one that is slow holds up nobody else's files. */
  const slots = new Map<DeviceId | null, Slots>();
  const running = new Set<Running>();
  const controllers = new Set<AbortController>();
  const availableHandlers = new Set<(folder: FolderId) => void>();
  /** Folders of which some content had no source. */
  const unsourced = new Set<FolderId>();
  /** Fetches from peers by folder and content. */
  const coming = new Map<string, { readonly target: string; readonly over: Promise<unknown> }>();
  let stopped = false;

  const unsubscribe = deps.peers.subscribe((event) => {
    switch (event.type) {
      case 'up':
        offer(event.peer.device);
        return;
      case 'down':
        desk.lose(event.device);
        manifestDesk.lose(event.device);
        return;
      case 'moved':
        return;
      case 'message':
        if (event.channel === 'content') takeMessage(event.from, event.bytes);
    }
  });

  function offer(device: DeviceId): void {
    desk.offer(device, (folder) => deps.holds(device, folder));
    for (const folder of [...unsourced]) if (deps.holds(device, folder)) announce(folder);
  }

  function takeMessage(from: DeviceId, bytes: Uint8Array): void {
    const message = decodeContentMessage(bytes);
    switch (message?.type) {
      case 'pieces':
        void desk.answered(from, message);
        return;
      case 'manifest':
        manifestDesk.answered(from, message.request, message.bytes);
        return;
      case 'busy':
        desk.refused(from, message.request);
        manifestDesk.lose(from, message.request);
        return;
      case 'have':
        if (!deps.holds(from, message.folder)) return;
        desk.offer(from, (folder) => folder === message.folder);
        announce(message.folder);
        return;
      default:
        return;
    }
  }

  function announce(folder: FolderId): void {
    unsourced.delete(folder);
    for (const handler of [...availableHandlers]) handler(folder);
  }

  function sourcesOf(folder: FolderId): DeviceId[] {
    return deps.peers
      .connected()
      .filter((peer) => deps.holds(peer.device, folder))
      .sort((a, b) => (a.rttMs ?? Number.POSITIVE_INFINITY) - (b.rttMs ?? Number.POSITIVE_INFINITY))
      .map((peer) => peer.device);
  }

  function place(source: DeviceId | null, aborting: AbortSignal): Promise<() => void> {
    const of = slots.get(source) ?? new Slots(MAX_LARGE_FETCHES);
    slots.set(source, of);
    return of.take(aborting);
  }

  async function bring(entry: Running, signal: AbortSignal): Promise<FetchResult> {
    const { request } = entry;
    const promised = await space.promise(request.target, request.size);
    if (promised === null) return { type: 'failed', code: 'NO_SPACE', message: `No space for ${request.path}` };
    try {
      const result = (await copyLocal(deps, request)) ? 'fetched' : await fromPeersOnce(entry, signal);
      if (result === 'fetched') return { type: 'fetched' };
      if (signal.aborted) return { type: 'failed', code: 'ABORTED', message: 'The fetch was called off' };
      unsourced.add(request.folder);
      return { type: 'noSource' };
    } finally {
      promised.release();
    }
  }

  /** Equal content for several paths comes over the network once. */
  async function fromPeersOnce(entry: Running, signal: AbortSignal): Promise<'fetched' | 'noSource'> {
    const { folder, content, size, target } = entry.request;
    const key = `${folder}/${content}`;
    const first = coming.get(key);
    if (first !== undefined) {
      await Promise.race([first.over, aborted(signal)]);
      if (signal.aborted) return 'noSource';
      const from = first.target;
      if (await deps.jobs.run('copyWhole', { from, target, content, size })) return 'fetched';
      if (await copyLocal(deps, entry.request)) return 'fetched';
    }
    if (coming.has(key)) return await fromPeersOnce(entry, signal);
    const result = fromPeers(entry, signal);
    coming.set(key, { target, over: result.catch(() => undefined) });
    try {
      return await result;
    } finally {
      coming.delete(key);
    }
  }

  async function fromPeers(entry: Running, signal: AbortSignal): Promise<'fetched' | 'noSource'> {
    const { request } = entry;
    const sources = (): DeviceId[] => sourcesOf(request.folder);
    if (request.size > SINGLE_CHUNK_BYTES) {
      const onBytes = (bytes: number): void => {
        entry.done = Math.max(0, entry.done + bytes);
      };
      return await fetchLarge({ ...deps, desk, manifestDesk, sources, place }, request, onBytes, signal);
    }
    const { folder, content, size, target } = request;
    if (size === 0) return (await writeEmpty(request)) ? 'fetched' : 'noSource';
    const result = await desk.get({ kind: 'small', folder, content, size, target }, sources(), signal);
    if (result.type === 'failed') throw result.error;
    return result.type === 'done' ? 'fetched' : 'noSource';
  }

  async function writeEmpty(request: FetchRequest): Promise<boolean> {
    const files = [{ target: request.target, hash: request.content, at: 0, length: 0 }];
    const [outcome] = await deps.jobs.run('writeWhole', { bytes: new Uint8Array(), files });
    return outcome?.type === 'written';
  }

  return {
    async fetch(request, signal) {
      const entry: Running = { request, done: 0 };
      const controller = new AbortController();
      const abort = (): void => controller.abort();
      if (signal.aborted || stopped) abort();
      // One signal may well be given to thousands of fetches.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', abort, { once: true });
      controllers.add(controller);
      running.add(entry);
      try {
        return await bring(entry, controller.signal);
      } catch (error) {
        return failedBy(error, controller.signal);
      } finally {
        signal.removeEventListener('abort', abort);
        controllers.delete(controller);
        running.delete(entry);
      }
    },
    progress: (): FetchProgress[] =>
      [...running].map(({ request, done }) => ({
        folder: request.folder,
        path: request.path,
        bytesDone: Math.min(done, request.size),
        bytesTotal: request.size,
      })),
    onAvailable(handler) {
      availableHandlers.add(handler);
      return () => availableHandlers.delete(handler);
    },
    holdersChanged() {
      for (const peer of deps.peers.connected()) offer(peer.device);
    },
    stop() {
      unsubscribe();
      stopped = true;
      for (const controller of controllers) controller.abort();
      desk.stop();
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function failedBy(error: unknown, signal: AbortSignal): FetchResult {
  const message = error instanceof Error ? error.message : String(error);
  const code = errorCodeOf(error);
  if (signal.aborted || code === 'engine-stopping') return { type: 'failed', code: 'ABORTED', message };
  if (code === 'disk-full') return { type: 'failed', code: 'NO_SPACE', message };
  return { type: 'failed', code: code === 'file-too-large' ? 'TOO_LARGE' : 'IO_ERROR', message };
}
