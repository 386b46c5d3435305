import { Engine } from '../../electron/engine/engine.ts';
import type { EngineOptions } from '../../electron/engine/engine-options.ts';
import { nodeFileSystem } from '../../electron/engine/folder/file-system-node.ts';
import { createInlineJobs } from '../../electron/engine/jobs/inline-jobs.ts';
import type { Network } from '../../electron/engine/network/network.ts';
import type { JoinSession } from '../../electron/engine/network/pairing/pairing-desk.ts';
import type { JoinAsk, PublicInvite } from '../../electron/engine/network/pairing/receiver.ts';
import { failure } from '../../shared/errors.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createManualWatcher } from './manual-watcher.ts';
import { createMemoryNetwork, type MemoryNetwork } from './memory-peers.ts';
import { createMemoryDisk, createMemoryStore, type MemoryDisk } from './memory-store.ts';
import { deviceNamed } from './named-device.ts';
import { createSeededRandom } from './seeded-random.ts';
import { Life, mortalClock, mortalStore } from './session-cluster-ports.ts';

/** Doors that newcomers of other engines can knock at: pairing without any network, and links where a test makes them. */
export class MemoryDoors {
  readonly links: MemoryNetwork = createMemoryNetwork();
  readonly #doors = new Set<{ invites: readonly PublicInvite[]; readonly handlers: Set<(ask: JoinAsk) => void> }>();

  /** The network of a device, whose pairing reaches the engines of the same doors. */
  network(device: DeviceId): Network {
    const peers = this.links.peersOf(device);
    const door = { invites: [] as readonly PublicInvite[], handlers: new Set<(ask: JoinAsk) => void>() };
    this.#doors.add(door);
    const network: Network = {
      start: async () => undefined,
      stop: async () => undefined,
      watch: () => () => undefined,
      recheck: () => undefined,
      addAddresses: () => undefined,
      setBootstrap: async () => undefined,
      ...peers,
      peersOf: () => peers,
      status: () => ({ addresses: [], links: [] }),
      traffic: () => ({ down: 0, up: 0 }),
      pairing: {
        setInvites: (invites) => {
          door.invites = invites;
        },
        onAsk: (handler) => {
          door.handlers.add(handler);
          return () => door.handlers.delete(handler);
        },
        join: () => this.#join(),
      },
    };
    return network;
  }

  #join(): JoinSession {
    const open = new Set<(error: Error) => void>();
    return {
      connected: true,
      ask: (bytes) =>
        new Promise((resolve, reject) => {
          open.add(reject);
          for (const { invites, handlers } of this.#doors) {
            const [invite] = invites;
            if (invite === undefined) continue;
            const answer = {
              answer: resolve,
              deny: (code: Parameters<JoinAsk['deny']>[0]) => reject(failure(code, 'denied')),
            };
            for (const handler of [...handlers]) handler({ invite: invite.id, bytes, newcomer: 'n', ...answer });
          }
        }),
      close: async () => {
        for (const reject of open) reject(failure('cancelled', 'closed'));
      },
    };
  }
}

/** An engine in this process, with a database in memory and no links but those that a test makes. */
export function engineNamed(
  name: string,
  doors: MemoryDoors,
  given: {
    readonly disk?: MemoryDisk;
    readonly clock?: FakeClock;
    readonly options?: Partial<EngineOptions>;
    /** When it dies, as by `kill -9`. */
    readonly life?: Life;
  } = {},
): { readonly engine: Engine; readonly disk: MemoryDisk; readonly clock: FakeClock; readonly logged: string[] } {
  const disk = given.disk ?? createMemoryDisk();
  const clock = given.clock ?? createFakeClock();
  const logged: string[] = [];
  const life = given.life ?? new Life(() => undefined);
  const options: EngineOptions = {
    home: '/home-of-nobody',
    name,
    bootstrap: null,
    lan: true,
    dht: true,
    listen: null,
    accept: null,
    web: null,
    ...given.options,
  };
  const device = deviceNamed(name);
  const engine = new Engine({
    options,
    keyPair: device.keyPair,
    store: mortalStore(createMemoryStore(disk), life),
    clock: mortalClock(clock, life),
    random: createSeededRandom(1),
    fs: nodeFileSystem,
    watcher: createManualWatcher(),
    jobs: createInlineJobs(),
    freeBytes: async () => 2 ** 40,
    createNetwork: () => doors.network(device.id),
    platform: 'linux',
    version: '0.0.0',
    runtimeNote: null,
    log: (line) => logged.push(line),
    quit: () => undefined,
    restart: () => undefined,
  });
  return { engine, disk, clock, logged };
}
