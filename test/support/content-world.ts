import { expect } from 'vitest';
import type { FetchResult } from '../../electron/engine/content/content-types.ts';
import { decodeContentMessage } from '../../electron/engine/content/messages.ts';
import { type ContentDevice, createContentDevice } from './content-device.ts';
import { createFakeClock } from './fake-clock.ts';
import { createMemoryNetwork, type QueuedMessage } from './memory-peers.ts';
import { createSeededRandom } from './seeded-random.ts';

/** The result of a fetch that brought the content. */
export const fetched: FetchResult = { type: 'fetched' };
/** A signal that never calls anything off. */
export const never = new AbortController().signal;

/** Devices with real files on a network in memory. */
export class ContentWorld {
  readonly network = createMemoryNetwork();
  readonly clock = createFakeClock();
  readonly devices: ContentDevice[] = [];
  readonly random = createSeededRandom(11);
  /** Bytes of content that answers carried. */
  carried = 0;
  /** What happens to a message on its way; null loses it. */
  alter: (message: QueuedMessage) => QueuedMessage | null = (message) => message;

  constructor() {
    this.network.dropWhere((message) => {
      const altered = this.alter(message);
      const decoded = altered === null ? null : decodeContentMessage(altered.bytes);
      if (decoded?.type === 'pieces') this.carried += decoded.bytes.byteLength;
      return altered === null;
    });
  }

  add(name: string, mayRead?: (device: string) => boolean): ContentDevice {
    const { network, clock } = this;
    const device = createContentDevice(name, { network, clock, ...(mayRead === undefined ? {} : { mayRead }) });
    this.devices.push(device);
    return device;
  }

  connectAll(): void {
    for (const a of this.devices) for (const b of this.devices) this.network.connect(a.device, b.device);
  }

  /** Delivers until the promise is done, moving time on where nothing else moves. */
  async finish<T>(promise: Promise<T>): Promise<T> {
    let over = false;
    void promise.then(() => {
      over = true;
    });
    for (let round = 0; !over; round += 1) {
      if (round > 2_000) throw new Error('still not done');
      await this.network.settle();
      if (!over) this.clock.advance(50);
    }
    return await promise;
  }

  remove(): void {
    for (const device of this.devices) device.remove();
  }
}

/** Checks that the device has just these bytes in the file. */
export function same(device: ContentDevice, name: string, bytes: Uint8Array): void {
  expect(Buffer.compare(device.read(name), bytes)).toBe(0);
}
