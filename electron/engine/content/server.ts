import type { ContentHash, DeviceId, FolderId } from '../../../shared/ids.ts';
import {
  CONTENT_FRAME_BYTES,
  MAX_BATCH_CONTENTS,
  MAX_MISSED_CONTENTS,
  MAX_READY_ANSWERS,
  MAX_WAITING_CONTENT_REQUESTS,
} from '../../../shared/limits.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Peers } from '../ports/peers.ts';
import type { ContentLocation, LocateContent } from './content-types.ts';
import { encodeManifestPage, pagesOf } from './manifest.ts';
import type { ManifestStore } from './manifest-store.ts';
import {
  type ContentMessage,
  decodeContentMessage,
  encodeContentMessage,
  encodePieces,
  PIECES_ROOM_BYTES,
} from './messages.ts';
import { NOT_HERE } from './piece-lengths.ts';

/** What the server answers from. */
interface ContentServerDeps {
  readonly peers: Peers;
  readonly jobs: Jobs;
  readonly manifests: ManifestStore;
  readonly clock: Clock;
  readonly locate: LocateContent;
  /** Whether the device may read the folder now, by the committed log. */
  readonly mayRead: (device: DeviceId, folder: FolderId) => boolean;
}

type Want = Extract<ContentMessage, { readonly type: 'wantManifest' | 'wantChunks' | 'wantContents' }>;

/** One peer's requests. */
interface Client {
  readonly waiting: Want[];
  running: number;
  /** Sends in the order of the requests, one after another, each when the channel takes it. */
  sending: Promise<void>;
  /** `folder/content` that it asked for in vain. */
  readonly missed: Set<string>;
}

/** How often is looked whether something that was asked for in vain is here by now. */
const MISSED_LOOK_MS = 500;

/** Answers what other devices ask of this one's content (TR-11, TR-12, TR-13). `stop` ends it. */
export function startContentServer(deps: ContentServerDeps): { stop(): void } {
  const clients = new Map<DeviceId, Client>();
  let lookTimer: CancelTimer | null = null;

  const unsubscribe = deps.peers.subscribe((event) => {
    if (event.type === 'down') clients.delete(event.device);
    if (event.type !== 'message' || event.channel !== 'content') return;
    const message = decodeContentMessage(event.bytes);
    if (message === null) return;
    if (message.type === 'wantManifest' || message.type === 'wantChunks' || message.type === 'wantContents') {
      take(event.from, message);
    }
  });

  function clientOf(device: DeviceId): Client {
    let client = clients.get(device);
    if (client === undefined) {
      client = { waiting: [], running: 0, sending: Promise.resolve(), missed: new Set() };
      clients.set(device, client);
    }
    return client;
  }

  function take(from: DeviceId, want: Want): void {
    const client = clientOf(from);
    if (client.waiting.length >= MAX_WAITING_CONTENT_REQUESTS) {
      deps.peers.send(from, 'content', encodeContentMessage({ type: 'busy', request: want.request }));
      return;
    }
    client.waiting.push(want);
    pump(from, client);
  }

  function pump(device: DeviceId, client: Client): void {
    while (client.running < MAX_READY_ANSWERS) {
      const want = client.waiting.shift();
      if (want === undefined) return;
      client.running += 1;
      const answer = answerTo(device, client, want).catch(() => emptyAnswer(want));
      // Reads run side by side; the answers leave in order, and only as fast as the link takes them.
      client.sending = client.sending.then(async () => {
        const bytes = await answer;
        await deps.peers.ready(device, 'content');
        if (clients.get(device) === client) deps.peers.send(device, 'content', bytes);
        client.running -= 1;
        pump(device, client);
      });
    }
  }

  /** The answer as it travels. */
  async function answerTo(device: DeviceId, client: Client, want: Want): Promise<Uint8Array> {
    if (!deps.mayRead(device, want.folder)) return emptyAnswer(want);
    switch (want.type) {
      case 'wantManifest':
        return await manifestAnswer(client, want);
      case 'wantChunks': {
        const paths = pathsOf(client, want.folder, want.content);
        const pieces = want.chunks.map((chunk) => ({ ...chunk, paths, fileSize: want.size }));
        return await piecesAnswer(want.request, pieces);
      }
      case 'wantContents': {
        const pieces = want.contents.map(({ hash, length }) => {
          return { hash, offset: 0, length, paths: pathsOf(client, want.folder, hash), fileSize: length };
        });
        return await piecesAnswer(want.request, pieces);
      }
    }
  }

  async function piecesAnswer(
    request: number,
    pieces: readonly {
      readonly hash: ContentHash;
      readonly offset: number;
      readonly length: number;
      readonly paths: readonly string[];
      readonly fileSize: number;
    }[],
  ): Promise<Uint8Array> {
    const wanted = { pieces, budget: CONTENT_FRAME_BYTES, room: PIECES_ROOM_BYTES };
    const { lengths, frame } = await deps.jobs.run('readPieces', wanted);
    return encodePieces(request, lengths, frame);
  }

  async function manifestAnswer(client: Client, want: Want & { type: 'wantManifest' }): Promise<Uint8Array> {
    const answer = (bytes: Uint8Array): Uint8Array =>
      encodeContentMessage({ type: 'manifest', request: want.request, bytes });
    const locations = locate(client, want.folder, want.content);
    const known = locations.length === 0 ? null : deps.manifests.page(want.content, want.page);
    if (known !== null) return answer(encodeManifestPage(known));
    for (const location of want.page === 0 ? locations : []) {
      const made = await makeManifest(location, want.content);
      if (made !== null) return answer(made);
    }
    return emptyAnswer(want);
  }

  /** The first page of a file whose manifest was never made or was lost; the others are stored then. */
  async function makeManifest(location: ContentLocation, content: ContentHash): Promise<Uint8Array | null> {
    const hashed = await deps.jobs
      .run('hashFile', { path: location.absolutePath, size: location.size })
      .catch(() => null);
    if (hashed === null || hashed.file.content !== content) return null;
    deps.manifests.noteFile(hashed.file);
    for (const page of pagesOf(hashed.file)) return encodeManifestPage(page);
    return null;
  }

  function pathsOf(client: Client, folder: FolderId, content: ContentHash): string[] {
    return locate(client, folder, content).map((location) => location.absolutePath);
  }

  function locate(client: Client, folder: FolderId, content: ContentHash): readonly ContentLocation[] {
    const locations = deps.locate(folder, content);
    if (locations.length === 0 && client.missed.size < MAX_MISSED_CONTENTS) {
      client.missed.add(`${folder}/${content}`);
      lookTimer ??= deps.clock.every(MISSED_LOOK_MS, lookForMissed);
    }
    return locations;
  }

  /** Tells those who asked in vain what has come since. */
  function lookForMissed(): void {
    let left = 0;
    for (const [device, client] of clients) {
      const found = new Map<FolderId, ContentHash[]>();
      for (const key of client.missed) {
        const [folder, content] = key.split('/') as [FolderId, ContentHash];
        if (deps.locate(folder, content).length === 0 || !deps.mayRead(device, folder)) continue;
        const contents = found.get(folder) ?? [];
        found.set(folder, contents);
        if (contents.length >= MAX_BATCH_CONTENTS) continue;
        contents.push(content);
        client.missed.delete(key);
      }
      for (const [folder, contents] of found) {
        deps.peers.send(device, 'content', encodeContentMessage({ type: 'have', folder, contents }));
      }
      left += client.missed.size;
    }
    if (left > 0) return;
    lookTimer?.();
    lookTimer = null;
  }

  return {
    stop() {
      unsubscribe();
      lookTimer?.();
      clients.clear();
    },
  };
}

function emptyAnswer(want: Want): Uint8Array {
  const { request } = want;
  const bytes = new Uint8Array();
  if (want.type === 'wantManifest') return encodeContentMessage({ type: 'manifest', request, bytes });
  const asked = want.type === 'wantChunks' ? want.chunks : want.contents;
  return encodeContentMessage({ type: 'pieces', request, lengths: asked.map(() => NOT_HERE), bytes });
}
