import { relative, sep } from 'node:path';
import { failure } from '../../../shared/errors.ts';
import type { DeviceId, DeviceTag, FolderId } from '../../../shared/ids.ts';
import { INDEX_LISTEN_MS } from '../../../shared/limits.ts';
import type { Health } from '../../../shared/model/health.ts';
import type { DecisionState } from '../../../shared/model/values.ts';
import { deviceTag } from '../bytes/hash.ts';
import { type ContentService, createContentService } from '../content/content-service.ts';
import type { ServedGroup } from '../contract/served-engine.ts';
import type { FolderEvent } from '../folder/folder-types.ts';
import type { OperationBody } from '../group/body.ts';
import { redeemBody } from '../group/invite-proof.ts';
import { accessOf, holdersOf, isAdmin, memberOf, members, weightIn } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import { createIndexes, type Indexes } from '../index/indexes.ts';
import { type Metadata, openMetadata } from '../metadata/metadata.ts';
import type { MetadataEvent } from '../metadata/metadata-events.ts';
import type { Report } from '../metadata/report.ts';
import type { Decided } from '../metadata/submissions.ts';
import type { JoinAsk } from '../network/pairing/receiver.ts';
import type { PeerEvent } from '../ports/peers.ts';
import type { FolderKnowledge } from '../view/folder-view.ts';
import { healthView } from '../view/health-view.ts';
import { ActivityTeller } from './activity-teller.ts';
import { Asking } from './asking.ts';
import { AutoAccept } from './auto-accept.ts';
import { Door } from './door.ts';
import { type DoorNote, decodeDoorFrame, encodeDoorFrame } from './door-messages.ts';
import { FolderDesk } from './folder-desk.ts';
import { FolderWatchlist } from './folder-watchlist.ts';
import { HeldFolders } from './held-folders.ts';
import { waitUntilIdle } from './idle.ts';
import { Invites } from './invites.ts';
import { Reporter } from './reporter.ts';
import { RightEnds } from './right-ends.ts';
import type { SessionDeps } from './session-deps.ts';

/** A device in a group: metadata, indexes, content and folders over the same peers. */
export class GroupSession implements ServedGroup {
  readonly metadata: Metadata;
  readonly indexes: Indexes;
  readonly content: ContentService;
  readonly held: HeldFolders;
  readonly folders: FolderDesk;
  readonly watchlist: FolderWatchlist;
  readonly door: Door;
  readonly inviteList: Invites;
  readonly rightEnds: RightEnds;
  readonly #deps: SessionDeps;
  readonly asking: Asking;
  readonly #reporter: Reporter;
  readonly #teller: ActivityTeller;
  readonly #autoAccept: AutoAccept;
  readonly #changeHandlers = new Set<() => void>();
  readonly #stops: (() => void)[] = [];
  /** Resolves when this begins to stop. */
  readonly ended: Promise<void>;
  #end: () => void = () => undefined;
  #releasing: Promise<void> | null = null;
  #tags: { readonly state: GroupState; readonly devices: ReadonlyMap<DeviceTag, DeviceId> } | null = null;

  constructor(deps: SessionDeps) {
    const { self, group, keyPair, store, peers, clock, random, fs, watcher, jobs } = deps;
    this.#deps = deps;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.metadata = openMetadata({ store, peers, clock, random, keyPair, group });
    this.indexes = createIndexes({
      store,
      peers,
      clock,
      random,
      identity: { device: self, secretKey: keyPair.secretKey },
      group: () => this.state(),
      listenFirstMs: members(this.state()).length > 1 ? INDEX_LISTEN_MS : 0,
      forgotten: deps.forgotten,
      problem: (device, what) => deps.problem(new Error(`${device.slice(0, 8)}: ${what}`)),
    });
    this.content = createContentService({
      peers,
      jobs,
      store,
      clock,
      locate: (folder, content) => this.held.locate(folder, content),
      holds: (device, folder) => this.#holds(device, folder),
      mayRead: (device, folder) => accessOf(this.state(), folder, device) !== 'none',
      freeBytes: deps.freeBytes,
    });
    this.watchlist = new FolderWatchlist(clock);
    this.#teller = new ActivityTeller(deps.activity, clock, (tag) => this.deviceOf(tag));
    this.asking = new Asking({ ...deps, metadata: this.metadata, teller: this.#teller });
    this.held = new HeldFolders({
      self,
      group,
      store,
      clock,
      random,
      fs,
      watcher,
      jobs,
      indexes: this.indexes,
      fetcher: this.content,
      hashed: (file) => this.content.remember(file),
      state: () => this.state(),
      event: (folder, event) => this.#onFolder(folder, event),
      failed: deps.problem,
    });
    this.folders = new FolderDesk({
      held: this.held,
      self,
      fs,
      random,
      home: deps.home,
      decide: (body) => this.decide(body),
      deviceOf: (tag) => this.deviceOf(tag),
      waitIdle: (folder, timeoutMs) => this.#waitIdle(folder as FolderId | null, timeoutMs),
      restoring: (folder, target) => {
        const root = this.held.rootOf(folder);
        if (root !== null) this.#teller.restoring(folder, relative(root, target).split(sep).join('/').normalize('NFC'));
      },
    });
    this.inviteList = new Invites({
      store,
      clock,
      random,
      state: () => this.state(),
      codeHash: () => this.metadata.firstEntry()?.codeHash ?? null,
      bootstrap: deps.bootstrap,
      self,
      waiting: () => this.metadata.waiting(),
      decide: (body) => this.decide(body),
    });
    this.door = new Door({
      self,
      group,
      clock,
      state: () => this.state(),
      groupTime: () => this.metadata.view().groupTime,
      firstEntry: () => this.metadata.firstEntry()?.bytes ?? null,
      addressesOf: deps.addressesOf,
      redeem: (proof) => this.decide(redeemBody(proof)),
      isRedeeming: ({ invite, device }) =>
        this.metadata
          .waiting()
          .some(({ body }) => body.kind === 'invite.redeem' && body.invite === invite && body.device === device),
      tell: (device, note) => this.#tellNote(device, note),
      connected: () => peers.connected().map(({ device }) => device),
      changed: deps.changed,
    });
    this.#reporter = new Reporter({
      clock,
      held: this.held,
      heads: (folder) => this.indexes.progress(folder).digest(),
      freeBytes: () => deps.freeBytes(deps.home),
      platform: deps.platform,
      report: (report) => this.metadata.report(report),
      reported: () => this.#anyChange(),
      problem: deps.problem,
    });
    this.rightEnds = new RightEnds({
      self,
      indexes: this.indexes,
      metadata: this.metadata,
      decide: (body) => this.decide(body),
      problem: deps.problem,
    });
    this.#autoAccept = new AutoAccept({
      clock,
      self,
      held: this.held,
      directory: deps.acceptDirectory,
      metadata: this.metadata,
      accept: (folder, path) => this.folders.accept(folder, path),
      decide: (body) => this.decide(body),
      problem: deps.problem,
    });
  }

  /** Takes part from now on. */
  start(): void {
    const { peers } = this.#deps;
    this.#stops.push(
      this.metadata.subscribe((event) => this.#onMetadata(event)),
      peers.subscribe((event) => this.#onPeer(event)),
      this.indexes.subscribe(() => this.#reporter.soon()),
      this.content.onAvailable((folder) => this.held.get(folder)?.folder.sourcesChanged()),
    );
    this.asking.begin();
    this.metadata.start();
    this.held.match();
    this.rightEnds.onState();
    this.#autoAccept.look();
    this.#reporter.start();
  }

  /** Ends taking part; everything that counts is on disk. */
  async stop(): Promise<void> {
    this.metadata.stop();
    await this.release();
  }

  /** Ends all but the metadata layer, with which the caller goes on: the device leaves the group. */
  release(): Promise<void> {
    this.#releasing ??= this.#release();
    return this.#releasing;
  }

  async #release(): Promise<void> {
    this.#end();
    for (const stop of this.#stops.splice(0)) stop();
    this.#reporter.stop();
    this.#autoAccept.stop();
    this.door.stop();
    this.content.stop();
    await this.held.stop();
    this.indexes.stop();
  }

  state(): GroupState {
    return this.metadata.state();
  }

  get invites(): ServedGroup['invites'] {
    return {
      create: (request) => this.inviteList.create(request),
      revoke: (id) => this.inviteList.revoke(id),
      approve: (request) => this.door.approve(request),
      deny: async (request) => this.door.deny(request),
    };
  }

  decide(body: OperationBody): Promise<DecisionState> {
    return this.asking.decide(body);
  }

  cancel(id: string): void {
    const found = this.metadata.waiting().filter((one) => one.id.startsWith(id));
    const [waiting] = found;
    this.metadata.cancel(found.length === 1 && waiting !== undefined ? waiting.id : id);
    const body = waiting?.body;
    const begun = body?.kind === 'folder.setSelection' && body.selection === 'all' && body.device === this.#deps.self;
    if (body?.kind === 'folder.create' || begun) this.held.releaseSoon(body.folder);
  }

  async transferMaster(device: string): Promise<void> {
    const to = device as DeviceId;
    // The master passes over in silence what it is not to do.
    if (!isAdmin(this.state(), this.#deps.self))
      throw failure('not-admin', 'Only an admin can pass the mastership on.');
    if (weightIn(this.state(), to) === 0) throw failure('bad-request', 'Only a device that votes can be master.');
    this.metadata.transfer(to);
  }

  closingOf(device: string): number | null {
    return this.indexes.counters.highest(device as DeviceId);
  }

  health(): Health {
    const { peers, self } = this.#deps;
    return healthView(this.state(), {
      alive: new Set([self, ...peers.connected().map(({ device }) => device)]),
      knowledge: (folder) => this.folderKnowledge(folder),
      freeBytes: (device) => this.reportOf(device)?.freeBytes ?? null,
      reportedAt: (device) => this.metadata.reports().get(device)?.at ?? null,
    });
  }

  /** What this device knows of a folder beside the log. */
  folderKnowledge(folder: FolderId): FolderKnowledge {
    const held = this.held.get(folder);
    const watched = this.watchlist.of(folder);
    const status = held?.folder.status() ?? null;
    return {
      self: this.#deps.self,
      status,
      root: status?.root ?? this.held.rootOf(folder),
      problems: held?.folder.problems() ?? [],
      scannedFiles: status?.files ?? 0,
      haltedSince: watched.haltedSince,
      rates: { downBps: 0, upBps: 0 },
      revision: watched.revision,
      heads: held === null ? null : this.indexes.progress(folder).digest(),
      report: (device) => this.reportOf(device),
    };
  }

  /** What a device last said of itself; of this one what it says now. */
  reportOf(device: DeviceId): Report | null {
    if (device === this.#deps.self) return this.metadata.ownReport();
    return this.metadata.reports().get(device)?.report ?? null;
  }

  /** The device of a tag, or null where the log does not know it. */
  deviceOf(tag: DeviceTag): DeviceId | null {
    const state = this.state();
    if (this.#tags?.state.devices !== state.devices) {
      this.#tags = { state, devices: new Map([...state.devices.keys()].map((id) => [deviceTag(id), id])) };
    }
    return this.#tags.devices.get(tag) ?? null;
  }

  /** Where newly shared folders go without asking is another place now. */
  offersChanged(): void {
    this.#autoAccept.directoryChanged();
  }

  /** A newcomer asks at this device. */
  onAsk(ask: JoinAsk): void {
    this.door.onAsk(ask);
  }

  #onMetadata(event: MetadataEvent): void {
    if (event.type === 'problem') this.#deps.problem(event.error);
    if (event.type === 'decided') this.#onDecided(event.id, event.body, event.decided);
    if (event.type === 'state') {
      this.#deps.recheckLinks();
      this.indexes.groupChanged();
      this.held.match();
      this.content.holdersChanged();
      this.rightEnds.onState();
      this.#autoAccept.look();
      this.door.onState();
      this.inviteList.onState();
      this.#teller.decisions(this.metadata.decisions());
      this.#reporter.soon();
    }
    if (event.type === 'role') this.#teller.master(this.metadata.view());
    this.#anyChange();
  }

  /** The person was told where it was asked for; what it had led to here already is undone. */
  #onDecided(id: string, body: OperationBody, decided: Decided): void {
    this.asking.decided(id, body, decided);
    if (decided.type !== 'refused' && decided.type !== 'cancelled') return;
    if (body.kind === 'folder.create') this.held.releaseSoon(body.folder);
    if (body.kind === 'invite.create') this.inviteList.notCreated(body.invite);
    if (body.kind === 'invite.redeem')
      this.door.onNotRedeemed(body, decided.type === 'refused' ? decided.code : 'join-denied');
  }

  #onPeer(event: PeerEvent): void {
    if (event.type === 'up') this.door.onPeerUp(event.peer.device);
    if (event.type === 'message') {
      if (event.channel === 'metadata') this.#onFrame(event.from, event.bytes);
      return;
    }
    this.#anyChange();
  }

  #onFrame(from: DeviceId, frame: Uint8Array): void {
    const note = decodeDoorFrame(frame);
    if (note !== null && memberOf(this.state(), from) !== null) this.door.onNote(from, note);
  }

  #tellNote(device: DeviceId, note: DoorNote): void {
    if (note.type === 'denied' || isAdmin(this.state(), device))
      this.#deps.peers.send(device, 'metadata', encodeDoorFrame(note));
  }

  #onFolder(folder: FolderId, event: FolderEvent): void {
    if (event.type === 'activity') this.#teller.files(folder, event.items, this.held.get(folder)?.index ?? null);
    this.watchlist.note(folder, this.held.get(folder)?.folder.status() ?? null);
    this.#reporter.soon();
    this.#anyChange();
  }

  #holds(device: DeviceId, folder: FolderId): boolean {
    if (this.metadata.reports().get(device)?.report.folders.has(folder) === true) return true;
    return holdersOf(this.state(), folder).some(({ id }) => id === device);
  }

  #waitIdle(folder: FolderId | null, timeoutMs: number | null): Promise<void> {
    const { clock, peers } = this.#deps;
    return waitUntilIdle(
      {
        clock,
        held: this.held,
        state: () => this.state(),
        heads: (id) => this.indexes.progress(id).digest(),
        report: (device) => this.reportOf(device),
        connected: () => peers.connected().map(({ device }) => device),
        ended: this.ended,
        onChange: (handler) => {
          this.#changeHandlers.add(handler);
          return () => this.#changeHandlers.delete(handler);
        },
      },
      folder,
      timeoutMs,
    );
  }

  #anyChange(): void {
    for (const handler of [...this.#changeHandlers]) handler();
    this.#deps.changed();
  }
}
