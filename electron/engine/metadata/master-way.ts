import { failure } from '../../../shared/errors.ts';
import type { ContentHash, DeviceId } from '../../../shared/ids.ts';
import type { LogEntry } from '../consensus/entry.ts';
import { masterOf } from '../consensus/state.ts';
import { isAdmin } from '../group/select.ts';
import type { AppliedLog } from './applied-log.ts';
import type { ConsensusDriver } from './consensus-driver.ts';
import type { MasterDesk, Submitted } from './master-desk.ts';
import type { PeerChannel } from './peer-channel.ts';
import type { Desk } from './submissions.ts';

/** What lies on the way. */
export interface MasterWayParts {
  readonly self: DeviceId;
  readonly driver: ConsensusDriver;
  readonly channel: PeerChannel;
  readonly applied: AppliedLog;
  /** Where this device, while it is master, takes operations. */
  readonly desk: MasterDesk;
}

/** The way of what is asked for to the master, be it this device or another. */
export class MasterWay {
  readonly #parts: MasterWayParts;

  constructor(parts: MasterWayParts) {
    this.#parts = parts;
  }

  /** The master of the term as this device can reach it; null: there is none for it now. */
  reachable(): Desk | null {
    const { self, driver, channel, applied } = this.#parts;
    const core = driver.state;
    const master = masterOf(core);
    if (master === null || core.held || applied.updateNeeded !== null) return null;
    const { term } = core.hard;
    if (master === self) return { term, hand: (bytes) => this.propose(self, { term, bytes }) };
    if (!core.links.has(master)) return null;
    return { term, hand: (bytes) => channel.submit(master, { term, bytes }) };
  }

  /** Takes an operation for the log if this device is master of just that term. */
  propose(from: DeviceId, submitted: Submitted): void {
    const { driver, applied, desk } = this.#parts;
    const core = driver.state;
    if (core.role.kind !== 'master' || core.hard.term !== submitted.term) return;
    const { state } = applied;
    const unjudged = (): LogEntry[] => core.log.entries.filter(({ index }) => index > state.applied.index);
    const hash: ContentHash | null = desk.admit({ state, unjudged }, from, submitted);
    if (hash !== null) driver.feed({ type: 'propose', id: hash, bytes: submitted.bytes });
  }

  /** Asks the master to hand over to a voter. Throws `no-master`. */
  transfer(to: DeviceId): void {
    const { self, driver, channel } = this.#parts;
    const master = masterOf(driver.state);
    if (master === self) driver.feed({ type: 'transfer', to });
    else if (master === null || !channel.transfer(master, to)) {
      throw failure('no-master', 'There is no master within reach');
    }
  }

  /** Another device asks this one to hand over. The core takes no notice where this device is not the master. */
  transferAsked(from: DeviceId, to: DeviceId): void {
    if (isAdmin(this.#parts.applied.state, from)) this.#parts.driver.feed({ type: 'transfer', to });
  }
}
