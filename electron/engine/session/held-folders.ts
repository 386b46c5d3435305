import type { DeviceId, DeviceTag, FolderId, GroupId } from '../../../shared/ids.ts';
import { parseFolderId } from '../../../shared/ids.ts';
import { deviceTag } from '../bytes/hash.ts';
import type { ContentFetcher, ContentLocation } from '../content/content-types.ts';
import { createFolder, forgetFolder, placeFolder } from '../folder/folder.ts';
import type { Folder, FolderEvent } from '../folder/folder-types.ts';
import { readPlace } from '../folder/marker.ts';
import { accessOf, canWriteNow } from '../group/select.ts';
import { type GroupState, KNOWN_TREE_RULES } from '../group/state.ts';
import type { FolderIndex } from '../index/folder-index.ts';
import { forgetIndex, type Indexes } from '../index/indexes.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { HashedFile, Jobs } from '../ports/jobs.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store.ts';
import type { Watcher } from '../ports/watcher.ts';
import { conflictAuthor } from '../reconcile/conflict-name.ts';
import { mountRecords } from './home-records.ts';

/** What folders are made of; the same for all of a session. */
export interface HeldFoldersDeps {
  readonly self: DeviceId;
  readonly group: GroupId;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly fs: FileSystem;
  readonly watcher: Watcher;
  readonly jobs: Jobs;
  readonly indexes: Indexes;
  readonly fetcher: ContentFetcher;
  readonly hashed: (file: HashedFile) => void;
  state(): GroupState;
  event(folder: FolderId, event: FolderEvent): void;
  failed(error: unknown): void;
}

/** A folder that this device holds, while it runs. */
export interface HeldFolder {
  readonly folder: Folder;
  readonly index: FolderIndex;
}

/** Gives up all folders of a home that is in no group: leaving one was interrupted. Their files stay. */
export function releaseLeftFolders(store: Store): void {
  for (const [key] of mountRecords.all(store)) {
    const folder = parseFolderId(key);
    if (folder !== null) {
      forgetIndex(store, folder);
      forgetFolder({ store }, folder);
    }
    mountRecords.erase(store, key);
  }
}

/** The folders that this device holds: opened and closed as the log and its user say. */
export class HeldFolders {
  readonly #deps: HeldFoldersDeps;
  readonly #tag: DeviceTag;
  readonly #open = new Map<FolderId, HeldFolder>();
  readonly #closing = new Set<Promise<void>>();
  /** Folders that are being given up: they are not opened again meanwhile. */
  readonly #releasing = new Map<FolderId, Promise<void>>();
  #stopped = false;

  constructor(deps: HeldFoldersDeps) {
    this.#deps = deps;
    this.#tag = deviceTag(deps.self);
  }

  get(folder: FolderId): HeldFolder | null {
    return this.#open.get(folder) ?? null;
  }

  all(): readonly (readonly [FolderId, HeldFolder])[] {
    return [...this.#open];
  }

  /** Where the folder lies, also while it is not open; null where it is not held. */
  rootOf(folder: FolderId): string | null {
    // A place without the record is what a crash left of giving the folder up, or of beginning to hold it.
    if (mountRecords.get(this.#deps.store, folder) === null) return null;
    return readPlace(this.#deps.store, folder)?.root ?? null;
  }

  /** Roots in use. */
  roots(): readonly string[] {
    return this.#mounts().flatMap((folder) => this.rootOf(folder) ?? []);
  }

  isPaused(folder: FolderId): boolean {
    return mountRecords.get(this.#deps.store, folder)?.paused === true;
  }

  /** Begins to hold a folder at a checked root; it opens as soon as the log has it. */
  hold(folder: FolderId, root: string, shared: boolean): void {
    const { group, self, store } = this.#deps;
    placeFolder(this.#deps, root, { group, folder, device: self });
    mountRecords.save(store, folder, { version: 1, paused: false, shared });
    this.match();
  }

  /** Stops holding a folder. Its files, `.flotilla` included, stay. */
  release(folder: FolderId): Promise<void> {
    const under = this.#releasing.get(folder);
    if (under !== undefined) return under;
    const releasing = this.#release(folder);
    this.#releasing.set(folder, releasing);
    return releasing;
  }

  /** As `release`, where nobody waits for it. */
  releaseSoon(folder: FolderId): void {
    this.release(folder).catch(this.#deps.failed);
  }

  async #release(folder: FolderId): Promise<void> {
    try {
      await this.#close(folder);
      this.#deps.indexes.forget(folder);
      forgetFolder(this.#deps, folder);
      mountRecords.erase(this.#deps.store, folder);
    } finally {
      this.#releasing.delete(folder);
    }
  }

  setPaused(folder: FolderId, paused: boolean): void {
    const { store } = this.#deps;
    const record = mountRecords.get(store, folder);
    if (record === null) return;
    mountRecords.save(store, folder, { ...record, paused });
    const held = this.#open.get(folder);
    if (paused) held?.folder.pause();
    else held?.folder.resume();
  }

  /** Opens what the log lets this device hold, closes what it does not any more, and tells the others of their rights. */
  match(): void {
    if (this.#stopped) return;
    const state = this.#deps.state();
    for (const folder of this.#mounts()) {
      // A folder that is not decided yet keeps its place and waits.
      if (!state.folders.has(folder) || this.#releasing.has(folder)) continue;
      try {
        this.#matchOne(state, folder);
      } catch (error) {
        // One that can't be opened must not keep the others closed.
        this.#deps.failed(error);
      }
    }
  }

  #matchOne(state: GroupState, folder: FolderId): void {
    const may = accessOf(state, folder, this.#deps.self) !== 'none';
    const open = this.#open.get(folder);
    // Without a place a crash interrupted giving it up.
    if (!may || this.rootOf(folder) === null) this.releaseSoon(folder);
    else if ((state.folders.get(folder)?.rules ?? 0) > KNOWN_TREE_RULES) this.#restUntilUpdated(folder);
    else if (open === undefined) this.#start(folder);
    else open.folder.rightsChanged();
  }

  /** By rules that this program does not know it would see another tree than the others: it leaves the files alone. */
  #restUntilUpdated(folder: FolderId): void {
    this.#close(folder).catch(this.#deps.failed);
  }

  locate(folder: FolderId, content: Parameters<Folder['locate']>[0]): readonly ContentLocation[] {
    return this.#open.get(folder)?.folder.locate(content) ?? [];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#open.keys()].map((folder) => this.#close(folder)));
    await Promise.all([...this.#closing, ...this.#releasing.values()]);
  }

  /** Forgets all folders: the device leaves the group. */
  async releaseAll(): Promise<void> {
    for (const folder of this.#mounts()) await this.release(folder);
  }

  #mounts(): readonly FolderId[] {
    return mountRecords.all(this.#deps.store).flatMap(([key]) => parseFolderId(key) ?? []);
  }

  #start(id: FolderId): void {
    const { store, indexes, fetcher, fs, watcher, clock, random, jobs, failed } = this.#deps;
    const index = indexes.open(id);
    if (mountRecords.get(store, id)?.shared === true) index.startWithoutHolder();
    const folder = createFolder({
      folder: id,
      self: this.#tag,
      store,
      index,
      fetcher,
      fs,
      watcher,
      clock,
      random,
      jobs,
      rights: { canWrite: () => canWriteNow(this.#deps.state(), id, this.#deps.self) },
      authorName: (tag) => this.#authorName(tag),
      hashed: this.#deps.hashed,
      shardUnknown: (path) => failed(new Error(`the index of ${id} does not know ${path}, which was synced`)),
      failed,
    });
    this.#open.set(id, { folder, index });
    folder.subscribe((event) => this.#deps.event(id, event));
    folder.start();
    if (this.isPaused(id)) folder.pause();
    this.#deps.event(id, { type: 'status' });
  }

  async #close(id: FolderId): Promise<void> {
    const held = this.#open.get(id);
    if (held === undefined) return;
    this.#open.delete(id);
    const closing: Promise<void> = held.folder.stop().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
    await closing;
    this.#deps.indexes.close(id);
  }

  #authorName(tag: DeviceTag): string {
    const device = [...this.#deps.state().devices.values()].find(({ id }) => deviceTag(id) === tag);
    return device === undefined ? tag.slice(0, 6) : conflictAuthor(device.joinedName, device.id);
  }
}
