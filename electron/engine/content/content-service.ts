import type { ContentHash, DeviceId, FolderId } from '../../../shared/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { HashedFile, Jobs } from '../ports/jobs.ts';
import type { Peers } from '../ports/peers.ts';
import type { Store } from '../ports/store.ts';
import type { LocateContent } from './content-types.ts';
import type { FreeBytes } from './free-space.ts';
import { ManifestStore } from './manifest-store.ts';
import { createPuller, type Puller } from './puller.ts';
import { startContentServer } from './server.ts';

/** What the content of all folders needs from the rest of the engine. */
export interface ContentDeps {
  readonly peers: Peers;
  readonly jobs: Jobs;
  readonly store: Store;
  readonly clock: Clock;
  readonly locate: LocateContent;
  /** Whether the device holds the folder, so that content may be asked of it. */
  readonly holds: (device: DeviceId, folder: FolderId) => boolean;
  /** Whether the device may read the folder now, so that content may be sent to it. */
  readonly mayRead: (device: DeviceId, folder: FolderId) => boolean;
  readonly freeBytes: FreeBytes;
}

/** Content of all folders: brings it here, and hands it to others. */
export interface ContentService extends Puller {
  /**
   * Notes the chunks of a file of this device that was hashed, so that they are found for other files and its manifest
   * need not be made when a peer asks. A help and no duty: what is not noted is found out when it is needed.
   */
  remember(file: HashedFile): Promise<void>;
  /** Forgets the chunks of a content that this device has nowhere any more. */
  forget(content: ContentHash): void;
}

/** Starts serving and is ready to fetch. */
export function createContentService(deps: ContentDeps): ContentService {
  const manifests = new ManifestStore(deps.store, deps.clock);
  const puller = createPuller({ ...deps, manifests });
  const server = startContentServer({ ...deps, manifests });
  return {
    ...puller,
    async remember(file) {
      manifests.noteFile(file);
    },
    forget: (content) => manifests.forget(content),
    stop() {
      server.stop();
      puller.stop();
      manifests.flush();
    },
  };
}
