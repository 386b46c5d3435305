import type { ChannelName, ConnectedPeer, LinkKind, PeerEvent, Peers } from '../../electron/engine/ports/peers.ts';
import type { DeviceId } from '../../shared/ids.ts';
import type { SeededRandom } from './seeded-random.ts';

/** One message under way. */
export interface QueuedMessage {
  readonly from: DeviceId;
  readonly to: DeviceId;
  readonly channel: ChannelName;
  readonly bytes: Uint8Array;
}

/** A network in memory in which nothing arrives until the test delivers it. */
export interface MemoryNetwork {
  /** The view of one device. A second call for the same device (a restart) replaces and silences the first. */
  peersOf(device: DeviceId): Peers;
  /** Connects two devices; both hear `up` at once. Does nothing where they are connected already. */
  connect(a: DeviceId, b: DeviceId, kind?: LinkKind): void;
  /** Cuts two devices apart; everything under way is lost and both hear `down` at once. */
  disconnect(a: DeviceId, b: DeviceId): void;
  /** Cuts a device from all. */
  isolate(device: DeviceId): void;
  /** As a crash: the others hear `down`, the device itself hears nothing more. */
  crash(device: DeviceId): void;
  isConnected(a: DeviceId, b: DeviceId): boolean;
  /** Messages under way, oldest first. */
  queued(): readonly QueuedMessage[];
  /** Delivers up to `count` messages, in order sent, or with `random` from queues drawn by it. Returns how many. */
  deliver(count?: number, random?: SeededRandom): number;
  /** Delivers until nothing is under way; throws after `limit` messages. Returns how many. */
  deliverAll(limit?: number): number;
  /** As `deliverAll`, letting promises settle between, until both are quiet. */
  settle(limit?: number): Promise<number>;
  /** Loses messages for which the predicate says so, from now on; null stops that. */
  dropWhere(predicate: ((message: QueuedMessage) => boolean) | null): void;
}

/** Bytes on one channel towards one device above which `ready` waits. */
const READY_BELOW_BYTES = 1024 * 1024;

interface Endpoint {
  readonly handlers: Set<(event: PeerEvent) => void>;
  alive: boolean;
}

/** An empty network. */
export function createMemoryNetwork(): MemoryNetwork {
  const endpoints = new Map<DeviceId, Endpoint>();
  const links = new Map<string, LinkKind>();
  let queue: QueuedMessage[] = [];
  let drop: ((message: QueuedMessage) => boolean) | null = null;
  let waiters: { readonly to: DeviceId; readonly from: DeviceId; readonly channel: ChannelName; run: () => void }[] =
    [];

  const linkKey = (a: DeviceId, b: DeviceId): string => (a < b ? `${a}|${b}` : `${b}|${a}`);
  const peer = (device: DeviceId, kind: LinkKind): ConnectedPeer => ({ device, kind, rttMs: 1, features: [] });

  function emit(to: DeviceId, event: PeerEvent): void {
    const endpoint = endpoints.get(to);
    if (endpoint === undefined || !endpoint.alive) return;
    for (const handler of [...endpoint.handlers]) handler(event);
  }

  function queuedBytes(from: DeviceId, to: DeviceId, channel: ChannelName): number {
    let sum = 0;
    for (const message of queue) {
      if (message.from === from && message.to === to && message.channel === channel) sum += message.bytes.byteLength;
    }
    return sum;
  }

  function wake(): void {
    const ready = (w: (typeof waiters)[number]): boolean =>
      !links.has(linkKey(w.from, w.to)) || queuedBytes(w.from, w.to, w.channel) < READY_BELOW_BYTES;
    const woken = waiters.filter(ready);
    if (woken.length === 0) return;
    waiters = waiters.filter((waiter) => !woken.includes(waiter));
    for (const waiter of woken) waiter.run();
  }

  function hand(message: QueuedMessage): void {
    emit(message.to, { type: 'message', from: message.from, channel: message.channel, bytes: message.bytes.slice() });
    wake();
  }

  const network: MemoryNetwork = {
    peersOf(device) {
      const before = endpoints.get(device);
      if (before !== undefined) before.alive = false;
      const endpoint: Endpoint = { handlers: new Set(), alive: true };
      endpoints.set(device, endpoint);
      return {
        connected() {
          if (!endpoint.alive) return [];
          return [...endpoints.keys()]
            .filter((other) => other !== device && links.has(linkKey(device, other)))
            .map((other) => peer(other, links.get(linkKey(device, other)) as LinkKind));
        },
        send(to, channel, bytes) {
          if (!endpoint.alive || !links.has(linkKey(device, to))) return false;
          const message: QueuedMessage = { from: device, to, channel, bytes };
          if (drop?.(message) !== true) queue.push(message);
          return true;
        },
        ready(to, channel) {
          if (!links.has(linkKey(device, to)) || queuedBytes(device, to, channel) < READY_BELOW_BYTES) {
            return Promise.resolve();
          }
          return new Promise((resolve) => waiters.push({ from: device, to, channel, run: resolve }));
        },
        subscribe(handler) {
          endpoint.handlers.add(handler);
          return () => endpoint.handlers.delete(handler);
        },
      };
    },
    connect(a, b, kind = 'lan') {
      if (a === b || links.has(linkKey(a, b))) return;
      links.set(linkKey(a, b), kind);
      emit(a, { type: 'up', peer: peer(b, kind) });
      emit(b, { type: 'up', peer: peer(a, kind) });
    },
    disconnect(a, b) {
      if (!links.delete(linkKey(a, b))) return;
      queue = queue.filter((message) => linkKey(message.from, message.to) !== linkKey(a, b));
      emit(a, { type: 'down', device: b });
      emit(b, { type: 'down', device: a });
      wake();
    },
    isolate(device) {
      for (const other of endpoints.keys()) if (other !== device) network.disconnect(device, other);
    },
    crash(device) {
      const endpoint = endpoints.get(device);
      if (endpoint !== undefined) endpoint.alive = false;
      network.isolate(device);
    },
    isConnected: (a, b) => links.has(linkKey(a, b)),
    queued: () => queue,
    deliver(count = 1, random) {
      let delivered = 0;
      while (delivered < count && queue.length > 0) {
        let at = 0;
        if (random !== undefined) {
          // Order holds per pair and channel alone: draw one message and take the first of its queue.
          const drawn = random.pick(queue);
          at = queue.findIndex((m) => m.from === drawn.from && m.to === drawn.to && m.channel === drawn.channel);
        }
        const [message] = queue.splice(at, 1);
        if (message !== undefined) hand(message);
        delivered += 1;
      }
      return delivered;
    },
    deliverAll(limit = 100_000) {
      let delivered = 0;
      while (queue.length > 0) {
        if (delivered >= limit) throw new Error(`still not quiet after ${limit} messages`);
        delivered += network.deliver(1);
      }
      return delivered;
    },
    async settle(limit = 100_000) {
      let delivered = 0;
      for (let quiet = 0; quiet < 3; ) {
        const now = network.deliverAll(limit - delivered);
        delivered += now;
        quiet = now === 0 ? quiet + 1 : 0;
        await new Promise((resolve) => setImmediate(resolve));
      }
      return delivered;
    },
    dropWhere(predicate) {
      drop = predicate;
    },
  };
  return network;
}
