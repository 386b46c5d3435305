import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { failure } from '../../shared/errors.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { toHex } from './bytes/hex.ts';
import { systemFreeBytes } from './content/free-space.ts';
import { localSocketPath } from './contract/local-socket-path.ts';
import { type ContractRouter, createRouter } from './contract/router.ts';
import { serveLocalSocket } from './contract/serve-local.ts';
import { type PageServer, servePage } from './contract/serve-page.ts';
import { Engine } from './engine.ts';
import type { EngineOptions } from './engine-options.ts';
import { nodeFileSystem } from './folder/file-system-node.ts';
import { parcelWatcher } from './folder/watcher-parcel.ts';
import { makeHomeDirectory } from './home-directory.ts';
import { createInlineJobs } from './jobs/inline-jobs.ts';
import { createWorkerPool } from './jobs/worker-pool.ts';
import { openDeviceKey } from './keyring/device-key.ts';
import { retireDeviceKey } from './keyring/retire-key.ts';
import { createNetwork } from './network/network.ts';
import { requireOwnAddress } from './network/own-address.ts';
import type { Jobs } from './ports/jobs.ts';
import { systemClock } from './ports/system-clock.ts';
import { systemRandom } from './ports/system-random.ts';
import { acquireHomeLock, type HomeLock } from './storage/home-lock.ts';
import { openLmdbStore } from './storage/lmdb-store.ts';
import { migrate } from './storage/migrations.ts';

/** Beside the bundles lie the worker and the page. */
const WORKER_FILE = join(__dirname, 'worker.cjs');
const PAGE_DIRECTORY = join(__dirname, 'renderer');

interface Running {
  readonly engine: Engine;
  readonly router: ContractRouter;
  readonly page: PageServer | null;
  /** Ends in order; clients of the local socket stay connected, and so learn when all is over. */
  stop(): Promise<void>;
  /** Lets those clients go. */
  letGo(): void;
}

/** The log of the process is its standard error. */
function log(line: string): void {
  process.stderr.write(`${new Date(systemClock.now()).toISOString()} ${line}\n`);
}

/** A promise that nobody waited for failed, most likely deep in a library: told, and no reason to stop syncing. */
function surviveForgottenPromises(): void {
  process.on('unhandledRejection', (reason) => {
    log(`internal: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`);
  });
}

function createJobs(): Jobs {
  return existsSync(WORKER_FILE) ? createWorkerPool(WORKER_FILE) : createInlineJobs();
}

/** What would not work is said at the start, and not left to be wondered about later. */
async function checkOptions({ listen, accept }: EngineOptions): Promise<void> {
  if (listen !== null) await requireOwnAddress(listen);
  if (accept !== null && statSync(accept, { throwIfNoEntry: false })?.isDirectory() === false)
    throw failure('path-not-a-directory', `${accept} is not a directory, so no folder can be accepted into it.`);
}

/** An engine with everything real around it: its home, its local socket, its page. */
export class Host {
  readonly #options: EngineOptions;
  readonly #runtimeNote: string | null;
  readonly #lock: HomeLock;
  readonly #onRouter: (router: ContractRouter) => void;
  /** Resolves when a client has asked the engine to end. */
  readonly quitAsked: Promise<void>;
  #quit: () => void = () => undefined;
  #running: Running | null = null;
  #stopping: Promise<void> | null = null;

  private constructor(
    options: EngineOptions,
    runtimeNote: string | null,
    lock: HomeLock,
    onRouter: (router: ContractRouter) => void,
  ) {
    this.#options = options;
    this.#runtimeNote = runtimeNote;
    this.#lock = lock;
    this.#onRouter = onRouter;
    this.quitAsked = new Promise((resolve) => {
      this.#quit = resolve;
    });
  }

  /**
   * Starts an engine on the home. `onRouter` is given what serves the contract, again after the engine began anew. Throws
   * `engine-already-running`, `home-not-usable`, `address-not-usable`, `path-not-a-directory`, and what a damaged home has
   * to say.
   */
  static async start(
    options: EngineOptions,
    runtimeNote: string | null,
    onRouter: (router: ContractRouter) => void = () => undefined,
  ): Promise<Host> {
    await checkOptions(options);
    makeHomeDirectory(options.home);
    surviveForgottenPromises();
    const lock = await acquireHomeLock(options.home, systemClock, systemRandom);
    const host = new Host(options, runtimeNote, lock, onRouter);
    try {
      await host.#open();
      return host;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  get device(): DeviceId {
    return this.#expectRunning().engine.self;
  }

  /** Address of the page with its token; null where none is served. */
  get web(): string | null {
    return this.#expectRunning().page?.url ?? null;
  }

  /** Ends in order. Whoever waits at the local socket for the end can start an engine on the home at once. */
  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  async #end(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    try {
      await running?.stop();
    } finally {
      this.#lock.release();
      running?.letGo();
    }
  }

  #expectRunning(): Running {
    if (this.#running === null) throw failure('engine-stopping', 'The engine is ending.');
    return this.#running;
  }

  async #open(): Promise<void> {
    const { home, web } = this.#options;
    const { keyPair } = openDeviceKey(home, systemRandom);
    const store = openLmdbStore(join(home, 'flotilla.db'));
    migrate(store);
    const engine = new Engine({
      options: this.#options,
      keyPair,
      store,
      clock: systemClock,
      random: systemRandom,
      fs: nodeFileSystem,
      watcher: parcelWatcher,
      jobs: createJobs(),
      freeBytes: systemFreeBytes,
      createNetwork,
      platform: process.platform,
      version: packageJson.version,
      runtimeNote: this.#runtimeNote,
      log,
      // The answer to whoever asked goes out first.
      quit: () => void systemClock.after(0, this.#quit),
      restart: (how) => void systemClock.after(0, () => this.#restartOrEnd(how)),
    });
    const router = createRouter(engine);
    const open: (() => Promise<void> | void)[] = [() => store.close(), () => engine.stop()];
    const stop = async (): Promise<void> => {
      for (const close of open.splice(0).reverse()) await close();
    };
    try {
      await engine.start();
      const local = await serveLocalSocket(router, localSocketPath(home));
      open.push(() => local.stopListening());
      const page = web === null ? null : await this.#servePage(router, engine.home.pageToken(systemRandom), web);
      if (page !== null) open.push(() => page.close());
      this.#running = { engine, router, page, stop, letGo: () => local.close() };
    } catch (error) {
      await stop();
      throw error;
    }
    this.#onRouter(router);
  }

  async #servePage(router: ContractRouter, token: string, port: number): Promise<PageServer> {
    try {
      return await servePage(router, { host: '127.0.0.1', port, token, directory: PAGE_DIRECTORY });
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      throw failure(
        taken ? 'address-in-use' : 'address-not-usable',
        `The page cannot be served on port ${port}.`,
        error,
      );
    }
  }

  /** An engine that cannot begin anew must not go on half: whoever watches over the process starts it again. */
  #restartOrEnd(how: { readonly newKey: boolean }): void {
    this.#restart(how).catch((error: unknown) => {
      log(`internal: the engine could not begin anew: ${String(error)}`);
      process.exit(1);
    });
  }

  async #restart({ newKey }: { readonly newKey: boolean }): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.stop();
    running?.letGo();
    if (this.#stopping !== null) return;
    if (newKey) retireDeviceKey(this.#options.home, toHex(systemRandom.bytes(4)));
    await this.#open();
  }
}
