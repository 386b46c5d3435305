import { type FlotillaError, failure } from '../../../shared/errors.ts';
import type { DeviceId, DeviceTag, FolderId } from '../../../shared/ids.ts';
import { INDEX_COUNTERS_DELAY_MS, INDEX_GREETING_MS } from '../../../shared/limits.ts';
import { deviceTag } from '../bytes/hash.ts';
import type { GroupState } from '../group/state.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { PeerEvent, Peers } from '../ports/peers.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store.ts';
import type { FolderIndex } from './folder-index.ts';
import { type IndexGroup, indexGroupOf } from './index-group.ts';
import { END_TABLES } from './known-at-ends.ts';
import { createLatestDesk, type LatestDesk } from './latest-desk.ts';
import { WAITING_TABLES } from './merge.ts';
import { FOLDER_TABLES, type OpenFolder, openFolder } from './open-folder.ts';
import { type CounterTable, createCounterTable } from './own-counter.ts';
import { createShardShelf, latestIn, SHARD_TABLES } from './shard-shelf.ts';
import { TREE_TABLES } from './stored-tree.ts';
import { createFolderSync, type FolderSync } from './sync/folder-sync.ts';
import { decodeIndexMessage, encodeIndexMessage } from './sync/messages.ts';
import type { SessionState } from './sync/session.ts';

/** What the indexes are built on. */
export interface IndexesParts {
  readonly store: Store;
  readonly peers: Peers;
  readonly clock: Clock;
  readonly random: Random;
  readonly identity: { readonly device: DeviceId; readonly secretKey: Uint8Array };
  /** The committed state as it is now. */
  group(): GroupState;
  /**
   * Nothing is published before another device was heard, or this time is over: only others can tell that this home was
   * restored from a copy. 0 where there are no others.
   */
  readonly listenFirstMs?: number;
  /**
   * This home has forgotten changes of this device: another says so (`claimed`, told once), or one came that this device
   * signed itself and that this home did not make (`signed`).
   */
  forgotten?(how: 'claimed' | 'signed'): void;
  /** A peer sent what it should not have; for the log. */
  problem?(device: DeviceId, what: string): void;
}

/** How far the exchange of one folder is. */
export interface IndexProgress {
  /** BLAKE3 of all heads: equal where the documents are. */
  digest(): string;
  /** Connected devices that may have the folder. */
  peers(): ReadonlyMap<DeviceId, SessionState>;
  /** Whether the device announced changes that are not here yet; false where it is not connected. */
  pendingFrom(device: DeviceId): boolean;
  /** Whether any connected device did. */
  isPending(): boolean;
  /** Whether the connected device was last heard to have just what is here. */
  headsEqual(device: DeviceId): boolean;
}

/** The indexes of all folders that this device holds. */
export interface Indexes {
  /** Opens the folder's index, or answers the one that is open. */
  open(folder: FolderId): FolderIndex;
  close(folder: FolderId): void;
  /** Closes it and removes everything of it from the store. */
  forget(folder: FolderId): void;
  /** To be called after entries of the log were applied. */
  groupChanged(): void;
  progress(folder: FolderId): IndexProgress;
  /** Hears of every change in any folder's exchange, also where no path differs. */
  subscribe(handler: (folder: FolderId) => void): () => void;
  readonly counters: Pick<CounterTable, 'own' | 'here' | 'highest' | 'ahead' | 'goOnAbove'>;
  /** Whether the folder was received whole here, or began here. */
  isReady(folder: FolderId): boolean;
  /** What the end of the device's right to write in these folders is to name. */
  latestOf: LatestDesk['latestOf'];
  /** Nothing is published, in any folder, while there is a reason. */
  hold(reason: FlotillaError | null): void;
  stop(): void;
}

interface Folder {
  readonly open: OpenFolder;
  readonly sync: FolderSync;
}

/** Removes everything of an index that is not open from the store. */
export function forgetIndex(store: Store, folder: FolderId): void {
  store.transaction((tx) => {
    for (const table of [...SHARD_TABLES, ...WAITING_TABLES, ...FOLDER_TABLES, ...TREE_TABLES, ...END_TABLES]) {
      for (const { key } of [...tx.range(table, { prefix: `${folder}/` })]) tx.remove(table, key);
    }
  });
}

/** The indexes over a store, exchanged with peers on the channel `index`. */
export function createIndexes(parts: IndexesParts): Indexes {
  const { store, peers, clock } = parts;
  const tag = deviceTag(parts.identity.device);
  const identity = { ...parts.identity, tag };
  const folders = new Map<FolderId, Folder>();
  const shelf = createShardShelf(store, parts.random, tag, (folder, shard) =>
    folders.get(folder)?.sync.repaired(shard),
  );
  const counters = createCounterTable(store, tag);
  const handlers = new Set<(folder: FolderId) => void>();
  const upSince = new Map<DeviceId, number>();
  let group: IndexGroup = indexGroupOf(parts.group());
  let held: FlotillaError | null = null;
  let listening = (parts.listenFirstMs ?? 0) > 0;
  const cancelListening = listening ? clock.after(parts.listenFirstMs ?? 0, () => heardOthers()) : null;
  let cancelTell: CancelTimer | null = null;
  let toldCounters: ReadonlyMap<DeviceTag, number> = counters.here();
  /** Up to which number own changes were made here, or are left out. */
  let made = counters.own();
  let claimed = false;

  const latest = createLatestDesk({
    self: parts.identity.device,
    peers,
    clock,
    group: () => group,
    here(folder, author) {
      if (folders.get(folder)?.open.isReady() !== true) return null;
      return latestIn(shelf, folder, author);
    },
  });

  const problem = (device: DeviceId, what: string): void => parts.problem?.(device, what);

  function tellCountersSoon(): void {
    cancelTell ??= clock.after(INDEX_COUNTERS_DELAY_MS, () => {
      cancelTell = null;
      const now = counters.here();
      const news = new Map([...now].filter(([author, counter]) => toldCounters.get(author) !== counter));
      toldCounters = now;
      if (news.size === 0) return;
      const bytes = encodeIndexMessage({ type: 'counters', counters: news });
      for (const { device } of peers.connected()) peers.send(device, 'index', bytes);
    });
  }

  /**
   * Own changes that others have seen and this home has not: everything of them that can be had is fetched from that
   * device before own changes go on above their number.
   */
  function catchUpWithSelf(): void {
    const ahead = counters.ahead();
    if (ahead === null) return;
    const since = upSince.get(ahead.device);
    const greeted = since !== undefined && clock.monotonic() - since >= INDEX_GREETING_MS;
    for (const { sync } of folders.values()) {
      const state = sync.peers().get(ahead.device);
      if (state?.type === 'behind' || (state?.type === 'unknown' && !greeted)) return;
    }
    if (!greeted && folders.size === 0) return;
    counters.goOnAbove(ahead.counter);
    made = counters.own();
  }

  function lookAtOwn(): void {
    if (!claimed && counters.ahead() !== null) {
      claimed = true;
      parts.forgotten?.('claimed');
    }
    const own = counters.own();
    if (own <= made) return;
    made = own;
    parts.forgotten?.('signed');
  }

  function changed(folder: FolderId): void {
    tellCountersSoon();
    lookAtOwn();
    catchUpWithSelf();
    for (const handler of [...handlers]) handler(folder);
  }

  function heardOthers(): void {
    listening = false;
    cancelListening?.();
  }

  function refusal(): Error | null {
    if (held !== null) return held;
    if (listening) return failure('peer-not-connected', 'No other device was heard since the start');
    if (counters.ahead() === null) return null;
    return failure('home-restored', 'Other devices have later changes of this device than are here');
  }

  function mayExchange(device: DeviceId, folder: FolderId): boolean {
    return group.mayRead(device, folder) && group.mayRead(parts.identity.device, folder);
  }

  /** Links of one folder follow who is connected and may have it. */
  function matchPeers(folder: FolderId, { sync }: Folder, ask: boolean): void {
    const wanted = new Set(peers.connected().map(({ device }) => device));
    for (const device of wanted) if (!mayExchange(device, folder)) wanted.delete(device);
    for (const device of sync.peers().keys()) if (!wanted.has(device)) sync.peerDown(device);
    for (const device of wanted) sync.peerUp(device, ask);
  }

  function receive(from: DeviceId, bytes: Uint8Array): void {
    const message = decodeIndexMessage(bytes);
    if (message === null) {
      problem(from, 'a message of the index could not be read');
      return;
    }
    if (message.type === 'counters') {
      counters.heard(from, message.counters);
      heardOthers();
      lookAtOwn();
      if (counters.ahead() !== null) clock.after(INDEX_GREETING_MS, catchUpWithSelf);
      catchUpWithSelf();
      return;
    }
    if (message.type === 'latestAsked' || message.type === 'latest') {
      latest.handle(from, message);
      return;
    }
    const folder = folders.get(message.folder);
    if (folder === undefined || !mayExchange(from, message.folder)) return;
    folder.sync.handle(from, message);
  }

  function greet(device: DeviceId): void {
    upSince.set(device, clock.monotonic());
    peers.send(device, 'index', encodeIndexMessage({ type: 'counters', counters: counters.here() }));
  }

  const stopListening = peers.subscribe((event: PeerEvent) => {
    switch (event.type) {
      case 'up':
        greet(event.peer.device);
        for (const [folder, { sync }] of folders) {
          if (mayExchange(event.peer.device, folder)) sync.peerUp(event.peer.device, false);
        }
        return;
      case 'down':
        upSince.delete(event.device);
        counters.gone(event.device);
        latest.gone(event.device);
        for (const { sync } of folders.values()) sync.peerDown(event.device);
        return;
      case 'moved':
        return;
      case 'message':
        if (event.channel !== 'index') return;
        try {
          receive(event.from, event.bytes);
        } catch (error) {
          problem(event.from, String(error));
        }
    }
  });

  for (const { device } of peers.connected()) greet(device);

  function openOne(folder: FolderId): Folder {
    const open = openFolder(
      { folder, store, shelf, identity, group: () => group },
      {
        published: (changes) => {
          made = counters.own();
          one.sync.published(changes);
        },
        ready: () => one.sync.becameHolder(),
        refusal,
      },
    );
    const sync = createFolderSync({ open, peers, clock, changed: () => changed(folder), problem });
    const one: Folder = { open, sync };
    return one;
  }

  function close(folder: FolderId): void {
    folders.get(folder)?.sync.stop();
    folders.delete(folder);
    shelf.close(folder);
  }

  return {
    open(folder) {
      const known = folders.get(folder);
      if (known !== undefined) return known.open.index;
      const one = openOne(folder);
      folders.set(folder, one);
      one.sync.merged(one.open.groupChanged());
      matchPeers(folder, one, true);
      return one.open.index;
    },
    close,
    forget(folder) {
      close(folder);
      forgetIndex(store, folder);
    },
    groupChanged() {
      group = indexGroupOf(parts.group());
      for (const [folder, one] of folders) {
        one.sync.merged(one.open.groupChanged());
        matchPeers(folder, one, true);
      }
    },
    progress(folder) {
      const sync = (): FolderSync | undefined => folders.get(folder)?.sync;
      return {
        digest: () => sync()?.digest() ?? '',
        peers: () => sync()?.peers() ?? new Map(),
        pendingFrom: (device) => sync()?.isPending(device) ?? false,
        isPending: () => [...(sync()?.peers().keys() ?? [])].some((device) => sync()?.isPending(device) === true),
        headsEqual: (device) => sync()?.peers().get(device)?.type === 'equal',
      };
    },
    subscribe(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    counters,
    isReady: (folder) => folders.get(folder)?.open.isReady() === true,
    latestOf: (device, of) => latest.latestOf(device, of),
    hold(reason) {
      held = reason;
    },
    stop() {
      stopListening();
      cancelTell?.();
      cancelListening?.();
      latest.stop();
      for (const folder of [...folders.keys()]) close(folder);
    },
  };
}
