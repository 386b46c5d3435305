import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentHash } from '../../electron/engine/bytes/hash.ts';
import { type ContentService, createContentService } from '../../electron/engine/content/content-service.ts';
import type { FetchRequest } from '../../electron/engine/content/content-types.ts';
import { createInlineJobs } from '../../electron/engine/jobs/inline-jobs.ts';
import type { Clock } from '../../electron/engine/ports/clock.ts';
import type { Jobs } from '../../electron/engine/ports/jobs.ts';
import type { Store } from '../../electron/engine/ports/store.ts';
import type { ContentHash, DeviceId, FolderId } from '../../shared/ids.ts';
import type { RelativePath } from '../../shared/relative-path.ts';
import type { MemoryNetwork } from './memory-peers.ts';
import { createMemoryStore } from './memory-store.ts';

/** The one folder of these tests. */
export const FOLDER = 'f0'.repeat(16) as FolderId;

/** A device that has content and nothing else: files in a temporary directory. */
export interface ContentDevice {
  readonly device: DeviceId;
  readonly root: string;
  readonly store: Store;
  service: ContentService;
  /** Free bytes that its disk claims. */
  free: number;
  /** Writes a file and knows it by its content. */
  add(name: string, bytes: Uint8Array): Promise<ContentHash>;
  /** Says that a content is to be found in the file of that name. */
  place(content: ContentHash, name: string): void;
  request(content: ContentHash, size: number, name: string, previous?: string): FetchRequest;
  read(name: string): Buffer;
  /** Ends the service and starts it anew over the same disk and database. */
  restart(): void;
  remove(): void;
}

export interface ContentDeviceOptions {
  readonly network: MemoryNetwork;
  readonly clock: Clock;
  readonly mayRead?: (device: DeviceId) => boolean;
  readonly jobs?: Jobs;
  readonly store?: Store;
}

/** A device by that name on the network; connect it yourself. */
export function createContentDevice(name: string, options: ContentDeviceOptions): ContentDevice {
  const device = name.repeat(64).slice(0, 64) as DeviceId;
  const root = mkdtempSync(join(tmpdir(), `flotilla-content-${name}-`));
  mkdirSync(join(root, 'tmp'));
  const store = options.store ?? createMemoryStore();
  const jobs = options.jobs ?? createInlineJobs();
  const places = new Map<ContentHash, string>();

  const start = (): ContentService =>
    createContentService({
      peers: options.network.peersOf(device),
      jobs,
      store,
      clock: options.clock,
      locate(folder, content) {
        const place = folder === FOLDER ? places.get(content) : undefined;
        return place === undefined ? [] : [{ absolutePath: place, size: 0 }];
      },
      holds: (_, folder) => folder === FOLDER,
      mayRead: (other, folder) => folder === FOLDER && (options.mayRead?.(other) ?? true),
      freeBytes: async () => self.free,
    });

  const self: ContentDevice = {
    device,
    root,
    store,
    free: Number.MAX_SAFE_INTEGER,
    service: undefined as unknown as ContentService,
    async add(file, bytes) {
      const path = join(root, file);
      writeFileSync(path, bytes);
      const content = contentHash(bytes);
      places.set(content, path);
      const hashed = await jobs.run('hashFile', { path, size: bytes.byteLength });
      await self.service.remember(hashed.file);
      return content;
    },
    place: (content, file) => void places.set(content, join(root, file)),
    request: (content, size, file, previous) => ({
      folder: FOLDER,
      path: file as RelativePath,
      content,
      size,
      target: join(root, 'tmp', file),
      previous: previous === undefined ? null : join(root, previous),
    }),
    read: (file) => readFileSync(join(root, 'tmp', file)),
    restart() {
      self.service.stop();
      self.service = start();
    },
    remove() {
      self.service.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
  self.service = start();
  return self;
}
