import type { DeviceId, DeviceTag } from '../../../shared/ids.ts';
import { MAX_INDEX_COUNTER } from '../../../shared/limits.ts';
import { deviceTag } from '../bytes/hash.ts';
import type { Store } from '../ports/store.ts';
import { highestCounter, highestCounters, noteCounter } from './counters.ts';

/** What others say of counters is believed up to here: who goes on above it is still far from the last number. */
const MAX_CLAIMED = MAX_INDEX_COUNTER / 2;

/** What is known of counters: by changes that are here, and by what connected devices say that they have. */
export interface CounterTable {
  /** Highest counter of this device's own changes here. */
  own(): number;
  /** Highest counter of each author in changes that are here. */
  here(): ReadonlyMap<DeviceTag, number>;
  /**
   * The highest counter of the device that this or any connected device has seen; what the device itself says is left
   * out. It is the closing number to be named when the device's right to write ends.
   */
  highest(device: DeviceId): number;
  /** A connected device that has seen later changes of this device than are here: this home was restored or copied. */
  ahead(): { readonly device: DeviceId; readonly counter: number } | null;
  /** Own changes go on above this number. */
  goOnAbove(counter: number): void;
  heard(from: DeviceId, counters: ReadonlyMap<DeviceTag, number>): void;
  gone(device: DeviceId): void;
}

/** The table over a store. */
export function createCounterTable(store: Store, own: DeviceTag): CounterTable {
  const claims = new Map<DeviceId, Map<DeviceTag, number>>();

  return {
    own: () => highestCounter(store, own),
    here: () => highestCounters(store),
    highest(device) {
      const tag = deviceTag(device);
      let most = highestCounter(store, tag);
      for (const [from, counters] of claims) {
        if (from !== device) most = Math.max(most, counters.get(tag) ?? 0);
      }
      return most;
    },
    ahead() {
      let most: { device: DeviceId; counter: number } | null = null;
      for (const [device, counters] of claims) {
        const counter = counters.get(own) ?? 0;
        if (counter > (most?.counter ?? highestCounter(store, own))) most = { device, counter };
      }
      return most;
    },
    goOnAbove(counter) {
      if (counter > MAX_CLAIMED) return;
      store.transaction((tx) => noteCounter(tx, own, counter));
    },
    heard(from, counters) {
      const believed = new Map([...counters].filter(([, counter]) => counter <= MAX_CLAIMED));
      claims.set(from, new Map([...(claims.get(from) ?? []), ...believed]));
    },
    gone(device) {
      claims.delete(device);
    },
  };
}
