import type { KeyPair } from './bytes/signature.ts';
import type { FreeBytes } from './content/free-space.ts';
import type { EngineOptions } from './engine-options.ts';
import type { Network, NetworkDeps } from './network/network.ts';
import type { Clock } from './ports/clock.ts';
import type { FileSystem } from './ports/file-system.ts';
import type { Jobs } from './ports/jobs.ts';
import type { Random } from './ports/random.ts';
import type { Store } from './ports/store.ts';
import type { Watcher } from './ports/watcher.ts';

/** What an engine is made of. Two engines differ in nothing else. */
export interface EngineDeps {
  readonly options: EngineOptions;
  readonly keyPair: KeyPair;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly fs: FileSystem;
  readonly watcher: Watcher;
  readonly jobs: Jobs;
  readonly freeBytes: FreeBytes;
  readonly createNetwork: (deps: NetworkDeps) => Network;
  readonly platform: string;
  readonly version: string;
  readonly runtimeNote: string | null;
  /** Writes a line to the log of the process. */
  readonly log: (line: string) => void;
  /** The engine is to end: its user asked for it. */
  readonly quit: () => void;
  /** The engine is to end and to begin anew, as a new device where `newKey` says so. */
  readonly restart: (how: { readonly newKey: boolean }) => void;
}
