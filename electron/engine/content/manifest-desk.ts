import type { ContentHash, DeviceId, FolderId } from '../../../shared/ids.ts';
import { MAX_MANIFEST_ASKS } from '../../../shared/limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { Peers } from '../ports/peers.ts';
import { decodeManifestPage, type ManifestPage } from './manifest.ts';
import { encodeContentMessage } from './messages.ts';

/** A source that has not answered after so long is passed over; it may have to hash a large file first. */
const PATIENCE_MS = 60_000;
/** A second source is asked beside one that has not answered after so long. */
const IMPATIENCE_MS = 2_000;

interface Ask {
  readonly source: DeviceId;
  readonly answer: (bytes: Uint8Array | null) => void;
  readonly send: () => void;
}

/** Request numbers of manifests; those of chunks count from 1. */
const FIRST_REQUEST = 2 ** 40;

/** Asks peers for manifest pages, each for few at a time. */
export class ManifestDesk {
  readonly #asks = new Map<number, Ask>();
  /** By device: the requests that it has, and those that wait for it to answer one. */
  readonly #sent = new Map<DeviceId, Set<number>>();
  readonly #waiting = new Map<DeviceId, Set<number>>();
  readonly #peers: Peers;
  readonly #clock: Clock;
  #next = FIRST_REQUEST;

  constructor(peers: Peers, clock: Clock) {
    this.#peers = peers;
    this.#clock = clock;
  }

  /** The page from the first source that has one which `accept` takes, or null. */
  async get(
    want: { readonly folder: FolderId; readonly content: ContentHash; readonly page: number },
    sources: readonly DeviceId[],
    accept: (page: ManifestPage) => boolean,
    signal: AbortSignal,
  ): Promise<{ readonly page: ManifestPage; readonly source: DeviceId } | null> {
    const queue = [...sources];
    return await new Promise((resolve) => {
      let running = 0;
      let over = false;
      const cancels: (() => void)[] = [];
      const finish = (result: { readonly page: ManifestPage; readonly source: DeviceId } | null): void => {
        if (over) return;
        over = true;
        signal.removeEventListener('abort', aborted);
        for (const cancel of cancels) cancel();
        resolve(result);
      };
      const aborted = (): void => finish(null);
      const askNext = (): void => {
        if (over) return;
        const source = queue.shift();
        if (source === undefined) {
          if (running === 0) finish(null);
          return;
        }
        running += 1;
        cancels.push(
          this.#ask(source, want, (bytes) => {
            running -= 1;
            const page = bytes === null ? null : decodeManifestPage(bytes);
            const fits = page !== null && page.content === want.content && page.page === want.page && accept(page);
            if (fits) finish({ page, source });
            else askNext();
          }),
          this.#clock.after(IMPATIENCE_MS, askNext),
        );
      };
      if (signal.aborted) aborted();
      else signal.addEventListener('abort', aborted, { once: true });
      askNext();
    });
  }

  /** An answer came; dropped where nobody waits for it or another device was asked. */
  answered(source: DeviceId, request: number, bytes: Uint8Array): void {
    const ask = this.#asks.get(request);
    if (ask?.source === source) ask.answer(bytes.byteLength === 0 ? null : bytes);
  }

  /** The device is busy, or gone: whoever waits for it asks the next one. */
  lose(source: DeviceId, request?: number): void {
    for (const [number, ask] of [...this.#asks]) {
      if (ask.source === source && (request === undefined || request === number)) ask.answer(null);
    }
  }

  #ask(
    source: DeviceId,
    want: { readonly folder: FolderId; readonly content: ContentHash; readonly page: number },
    answer: (bytes: Uint8Array | null) => void,
  ): () => void {
    const request = this.#next;
    this.#next += 1;
    let cancelTimer = this.#clock.after(PATIENCE_MS, () => once(null));
    const close = (): void => {
      if (!this.#asks.delete(request)) return;
      cancelTimer();
      this.#waiting.get(source)?.delete(request);
      if (this.#sent.get(source)?.delete(request) === true) this.#sendNext(source);
    };
    const once = (bytes: Uint8Array | null): void => {
      if (!this.#asks.has(request)) return;
      close();
      answer(bytes);
    };
    const send = (): void => {
      cancelTimer();
      cancelTimer = this.#clock.after(PATIENCE_MS, () => once(null));
      this.#peers.send(source, 'content', encodeContentMessage({ type: 'wantManifest', request, ...want }));
    };
    this.#asks.set(request, { source, answer: once, send });
    setOf(this.#waiting, source).add(request);
    this.#sendNext(source);
    return close;
  }

  #sendNext(source: DeviceId): void {
    const sent = setOf(this.#sent, source);
    const waiting = setOf(this.#waiting, source);
    for (const request of waiting) {
      if (sent.size >= MAX_MANIFEST_ASKS) return;
      waiting.delete(request);
      sent.add(request);
      this.#asks.get(request)?.send();
    }
  }
}

function setOf(sets: Map<DeviceId, Set<number>>, device: DeviceId): Set<number> {
  const set = sets.get(device) ?? new Set();
  sets.set(device, set);
  return set;
}
