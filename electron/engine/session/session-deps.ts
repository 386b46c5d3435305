import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import type { KeyPair } from '../bytes/signature.ts';
import type { FreeBytes } from '../content/free-space.ts';
import type { TcpAddress } from '../network/tcp-address.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Peers } from '../ports/peers.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store.ts';
import type { Watcher } from '../ports/watcher.ts';
import type { ActivityLog } from './activity-log.ts';

/** What a device in a group is made of. */
export interface SessionDeps {
  readonly self: DeviceId;
  readonly group: GroupId;
  readonly keyPair: KeyPair;
  readonly store: Store;
  readonly peers: Peers;
  readonly clock: Clock;
  readonly random: Random;
  readonly fs: FileSystem;
  readonly watcher: Watcher;
  readonly jobs: Jobs;
  readonly freeBytes: FreeBytes;
  readonly platform: string;
  readonly home: string;
  readonly activity: ActivityLog;
  /** Bootstrap nodes of one's own, for invite codes. */
  bootstrap(): readonly string[];
  addressesOf(device: DeviceId): readonly TcpAddress[];
  /** Newly shared folders are accepted into this directory; null: they wait for their user. */
  acceptDirectory(): string | null;
  /** Members or their rights changed: links have to be looked at again. */
  recheckLinks(): void;
  /** This home has forgotten changes of this device; see `IndexesParts`. */
  forgotten(how: 'claimed' | 'signed'): void;
  /** Something that people see has changed. */
  changed(): void;
  /** Something failed and was contained. */
  problem(error: unknown): void;
}
