import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChannelName, PeerEvent, Peers } from '../../electron/engine/ports/peers.ts';
import type { DeviceId } from '../../shared/ids.ts';

/** Two devices of one kind of network, for the contract that every kind has to keep. */
export interface PeersPair {
  readonly a: Peers;
  readonly b: Peers;
  readonly idA: DeviceId;
  readonly idB: DeviceId;
  connect(): void;
  /** Cuts every link; whether they find each other again is the network's affair. */
  cut(): void;
  /** Lets what is under way arrive where that does not happen by itself. */
  deliver(): void;
  close(): Promise<void>;
}

const CHANNELS: readonly ChannelName[] = ['metadata', 'index', 'content'];

/** What `Peers` promises, whatever carries the links. */
export function describePeersContract(name: string, create: () => Promise<PeersPair>): void {
  describe(`PA-1 peers over ${name}`, () => {
    let pair: PeersPair;
    let seenByA: PeerEvent[];
    let seenByB: PeerEvent[];

    beforeEach(async () => {
      pair = await create();
      seenByA = [];
      seenByB = [];
      pair.a.subscribe((event) => seenByA.push(event));
      pair.b.subscribe((event) => seenByB.push(event));
    });
    afterEach(() => pair.close());

    const until = (check: () => void): Promise<void> =>
      vi.waitFor(
        () => {
          pair.deliver();
          check();
        },
        { timeout: 10_000, interval: 5 },
      );
    const messages = (events: readonly PeerEvent[], channel: ChannelName): Uint8Array[] =>
      events.flatMap((event) => (event.type === 'message' && event.channel === channel ? [event.bytes] : []));
    const connected = (): Promise<void> =>
      until(() => {
        expect(pair.a.connected().map(({ device }) => device)).toEqual([pair.idB]);
        expect(pair.b.connected().map(({ device }) => device)).toEqual([pair.idA]);
      });

    it('sends nothing to a device that is not connected', async () => {
      expect(pair.a.send(pair.idB, 'metadata', Uint8Array.of(1))).toBe(false);
      await pair.a.ready(pair.idB, 'content');
    });

    it('tells both sides once that they are connected', async () => {
      pair.connect();
      await connected();
      expect(seenByA.filter(({ type }) => type === 'up')).toHaveLength(1);
      expect(seenByB.filter(({ type }) => type === 'up')).toHaveLength(1);
    });

    it('delivers whole messages in the order sent, on every channel', async () => {
      pair.connect();
      await connected();
      for (const channel of CHANNELS) {
        for (let i = 0; i < 200; i += 1) expect(pair.a.send(pair.idB, channel, Uint8Array.of(i))).toBe(true);
      }
      await until(() => {
        for (const channel of CHANNELS) {
          expect(messages(seenByB, channel).map(([first]) => first)).toEqual([...Array(200).keys()]);
        }
      });
    });

    it('delivers empty and very long messages', async () => {
      pair.connect();
      await connected();
      const long = new Uint8Array(8 * 1024 * 1024).map((_, i) => i % 251);
      pair.b.send(pair.idA, 'content', new Uint8Array(0));
      pair.b.send(pair.idA, 'content', long);
      await until(() => expect(messages(seenByA, 'content').length).toBe(2));
      const [empty, same] = messages(seenByA, 'content');
      expect(empty?.byteLength).toBe(0);
      expect(Buffer.from(same ?? []).equals(Buffer.from(long))).toBe(true);
    });

    it('hands over every message alone in its buffer', async () => {
      pair.connect();
      await connected();
      for (const length of [1, 3, 70_000, 600_000]) pair.a.send(pair.idB, 'content', new Uint8Array(length).fill(7));
      await until(() => expect(messages(seenByB, 'content').length).toBe(4));
      for (const bytes of messages(seenByB, 'content')) expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
    });

    it('never calls a handler from within send', async () => {
      pair.connect();
      await connected();
      let sending = false;
      let within = false;
      for (const peers of [pair.a, pair.b]) {
        peers.subscribe(() => {
          if (sending) within = true;
        });
      }
      sending = true;
      pair.a.send(pair.idB, 'metadata', Uint8Array.of(1));
      sending = false;
      await until(() => expect(messages(seenByB, 'metadata').length).toBe(1));
      expect(within).toBe(false);
    });

    it('resolves ready when a full channel has drained', async () => {
      pair.connect();
      await connected();
      for (let i = 0; i < 24; i += 1) pair.a.send(pair.idB, 'content', new Uint8Array(1024 * 1024));
      const ready = pair.a.ready(pair.idB, 'content');
      await until(() => expect(messages(seenByB, 'content').length).toBe(24));
      await ready;
    });

    it('tells both sides when the last link has gone, and delivers nothing after', async () => {
      pair.connect();
      await connected();
      pair.cut();
      await until(() => {
        expect(seenByA.some(({ type }) => type === 'down')).toBe(true);
        expect(seenByB.some(({ type }) => type === 'down')).toBe(true);
      });
      for (const events of [seenByA, seenByB]) expect(orderIsRight(events)).toBe(true);
    });

    it('lets go of ready when the device goes', async () => {
      pair.connect();
      await connected();
      for (let i = 0; i < 8; i += 1) pair.a.send(pair.idB, 'content', new Uint8Array(1024 * 1024));
      const ready = pair.a.ready(pair.idB, 'content');
      pair.cut();
      await until(() => expect(seenByA.some(({ type }) => type === 'down')).toBe(true));
      await ready;
    });
  });
}

/** Up and down take turns, and messages come between them. */
function orderIsRight(events: readonly PeerEvent[]): boolean {
  let up = false;
  for (const { type } of events) {
    if (type === 'up' ? up : !up) return false;
    if (type === 'up') up = true;
    if (type === 'down') up = false;
  }
  return true;
}
