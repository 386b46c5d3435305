import { failure } from '../../../shared/errors.ts';
import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import { assertNever } from '../../../shared/invariant.ts';
import { decodeConsensusMessage, encodeConsensusMessage } from '../bytes/consensus-message.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { createSealer } from '../bytes/sealer.ts';
import { type KeyPair, PUBLIC_KEY_BYTES } from '../bytes/signature.ts';
import type { LogEntry } from '../consensus/entry.ts';
import { entryAt, lastPosition } from '../consensus/log.ts';
import type { ConsensusMessage } from '../consensus/messages.ts';
import { masterOf } from '../consensus/state.ts';
import { timingFromBudget } from '../consensus/timing.ts';
import type { Failover } from '../consensus/types.ts';
import type { OperationBody } from '../group/body.ts';
import { FIRST_ENTRY_HASH_BYTES } from '../group/invite-code.ts';
import { admissionOf, isAdmin, memberOf, members, wantedElectorate } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { PeerEvent, Peers } from '../ports/peers.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store.ts';
import { AppliedLog, type Decision } from './applied-log.ts';
import { type Beginning, loadBeginning } from './beginning.ts';
import { ConsensusDriver } from './consensus-driver.ts';
import { decodeFailovers, encodeFailovers, type FailoverRecord, FailoverRecords } from './failover-records.ts';
import { decodeFrame, encodeFrame } from './frame.ts';
import { loadLog } from './log-store.ts';
import { decodeSubmitted, encodeSubmitted, MasterDesk } from './master-desk.ts';
import type { MetadataEvent } from './metadata-events.ts';
import type { Report } from './report.ts';
import { type ReceivedReport, SoftState } from './soft-state.ts';
import { type Desk, type Submission, Submissions, type WaitingOperation } from './submissions.ts';
import { type MetadataView, metadataView } from './view.ts';

/** What the metadata layer of one group is made of. */
export interface MetadataDeps {
  readonly store: Store;
  readonly peers: Peers;
  readonly clock: Clock;
  readonly random: Random;
  readonly keyPair: KeyPair;
  readonly group: GroupId;
}

/** How far a device is let in. */
export type Admission = 'member' | 'metadataOnly' | 'refused';

/**
 * Opens the metadata layer of a group that `recordFounding` or `recordJoining` put into the store: reads and checks the
 * log, and applies what is committed. Nothing is sent before `start`. Throws `no-group`, `log-damaged`.
 */
export function openMetadata(deps: MetadataDeps): Metadata {
  return new Metadata(deps);
}

/** The metadata layer of one group on one device: driver of the consensus core and of the reducer. */
export class Metadata {
  readonly group: GroupId;
  readonly self: DeviceId;
  readonly #deps: MetadataDeps;
  readonly #beginning: Beginning;
  readonly #applied: AppliedLog;
  readonly #driver: ConsensusDriver;
  readonly #submissions: Submissions;
  readonly #desk: MasterDesk;
  readonly #soft: SoftState;
  readonly #failovers: FailoverRecords;
  readonly #handlers = new Set<(event: MetadataEvent) => void>();
  readonly #timers: CancelTimer[] = [];
  #toldUpdate = false;

  constructor(deps: MetadataDeps) {
    const { store, clock, random, keyPair, group } = deps;
    this.#deps = deps;
    this.group = group;
    this.self = toHex(keyPair.publicKey) as DeviceId;
    this.#beginning = loadBeginning(store, group);
    const stored = loadLog(store, group);
    this.#applied = new AppliedLog(group);
    const replayed = this.#applied.apply(stored.entries.slice(0, stored.hardState.commitIndex));
    this.#desk = new MasterDesk(group);
    this.#failovers = new FailoverRecords(store, group);
    this.#soft = new SoftState({
      clock,
      broadcast: (payload) => this.#broadcast(encodeFrame('report', payload)),
      received: (device) => this.#tell({ type: 'report', device }),
    });
    this.#driver = new ConsensusDriver({
      store,
      clock,
      random,
      group,
      self: this.self,
      sealer: createSealer(group, keyPair.secretKey),
      stored,
      timing: timingFromBudget(this.state().policy.budgetMs, 0),
      handlers: {
        send: (to, message) => this.#sendConsensus(to, message),
        apply: (entries) => this.#apply(entries),
        roleChanged: () => this.#onRole(),
        refused: (id) => this.#onRefused(id),
        failover: (record) => this.#onFailover(record),
        problem: (error) => this.#tell({ type: 'problem', error }),
      },
    });
    this.#submissions = new Submissions({
      store,
      clock,
      random,
      group,
      self: this.self,
      keyPair,
      state: () => this.state(),
      desk: () => this.#reachableDesk(),
      decided: (id, body, decided) => this.#tell({ type: 'decided', id, body, decided }),
      waitingChanged: () => this.#tell({ type: 'waiting' }),
      problem: (error) => this.#tell({ type: 'problem', error }),
    });
    for (const { outcome } of replayed) this.#submissions.onOutcome(outcome);
  }

  /** Takes part from now on. The founder's group exists when this returns. */
  start(): void {
    const { peers, clock } = this.#deps;
    const founds = this.#beginning.founding && lastPosition(this.#driver.state.log).index === 0;
    this.#timers.push(peers.subscribe((event) => this.#onPeer(event)));
    this.#driver.start(founds);
    this.#submissions.onApplied();
    this.#feedWanted();
    for (const { device } of peers.connected()) this.#linkUp(device);
    const { budgetMs } = this.state().policy;
    this.#timers.push(clock.every(Math.max(1, Math.round(budgetMs / 5)), () => this.#keepHouse()));
    this.#timers.push(clock.every(budgetMs, () => this.#soft.send()));
    this.#tellUpdate();
  }

  /** Ends taking part; everything is on disk already. */
  stop(): void {
    for (const cancel of this.#timers.splice(0)) cancel();
    this.#driver.stop();
    this.#soft.stop();
    this.#submissions.stop();
  }

  subscribe(handler: (event: MetadataEvent) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  /** What the committed log says, as far as it is applied here. */
  state(): GroupState {
    return this.#applied.state;
  }

  view(): MetadataView {
    return metadataView(this.#driver.state, this.#applied, this.#deps.clock);
  }

  /** The latest decisions, oldest first, for people. */
  decisions(): readonly Decision[] {
    return this.#applied.decisions;
  }

  /** Measured failovers of the group, newest last. */
  failovers(): readonly FailoverRecord[] {
    return this.#failovers.all();
  }

  /** The log's first entry, as a newcomer needs it; null where this device has not got it yet. */
  firstEntry(): { readonly bytes: Uint8Array; readonly codeHash: Uint8Array } | null {
    const entry = entryAt(this.#driver.state.log, 1);
    if (entry === undefined) return null;
    return { bytes: entry.bytes, codeHash: fromHex(entry.hash).subarray(0, FIRST_ENTRY_HASH_BYTES) };
  }

  // Own changes

  /** Asks for a change; see `Submissions.submit`. */
  submit(body: OperationBody): Submission {
    return this.#submissions.submit(body);
  }

  /**
   * Asks for a change and waits for the outcome, at most `waitMs`. Answers `waiting` where it was not decided by then and
   * stays in the queue. Throws `FlotillaError` with the code of the refusal, or `cancelled`.
   */
  async decide(
    body: OperationBody,
    waitMs: number,
  ): Promise<{ readonly id: string; readonly state: 'committed' | 'waiting' }> {
    const { id, decided } = this.submit(body);
    const timeOut = new Promise<null>((resolve) => {
      const cancel = this.#deps.clock.after(waitMs, () => resolve(null));
      void decided.then(cancel);
    });
    const result = await Promise.race([decided, timeOut]);
    if (result === null || result.type === 'stopped') return { id, state: 'waiting' };
    if (result.type === 'refused') throw failure(result.code, `The change ${body.kind} was refused: ${result.code}`);
    if (result.type === 'cancelled') throw failure('cancelled', 'The change was cancelled');
    return { id, state: 'committed' };
  }

  /** Own changes that are not decided, oldest first. */
  waiting(): readonly WaitingOperation[] {
    return this.#submissions.waiting();
  }

  /** Takes back a waiting change. Throws `operation-unknown`, `operation-maybe-decided`. */
  cancel(id: string): void {
    this.#submissions.cancel(id);
  }

  /** Asks the master to hand over to a voter. Throws `no-master`; that it happened shows in `view()`. */
  transfer(to: DeviceId): void {
    const master = masterOf(this.#driver.state);
    if (master === this.self) this.#driver.feed({ type: 'transfer', to });
    else if (master === null || !this.#send(master, encodeFrame('transfer', fromHex(to)))) {
      throw failure('no-master', 'There is no master within reach');
    }
  }

  // The other devices

  /** How far a device is let in on links. */
  admission(device: DeviceId): Admission {
    const admission = admissionOf(this.state(), device);
    return admission === 'refused' && this.#isIntroduced(device) ? 'member' : admission;
  }

  /** Devices that there should be links to. */
  wantedPeers(): readonly DeviceId[] {
    const known = [...this.state().devices.keys()].filter((device) => admissionOf(this.state(), device) !== 'refused');
    const introduced = this.#beginning.introduced.filter((device) => this.#isIntroduced(device));
    return [...new Set([...known, ...introduced])].filter((device) => device !== this.self);
  }

  /** Tells the others about this device. */
  report(report: Report): void {
    this.#soft.setOwn(report);
  }

  /** What this device last told. */
  ownReport(): Report | null {
    return this.#soft.own();
  }

  /** What the other devices last told in this run. */
  reports(): ReadonlyMap<DeviceId, ReceivedReport> {
    return this.#soft.reports();
  }

  /** The highest change counter of a device that this one or any connected one has seen: its closing number. */
  highestCounter(device: DeviceId): number {
    const connected = this.#deps.peers.connected().map((peer) => this.reports().get(peer.device)?.report);
    const counters = [this.ownReport(), ...connected].map((report) => report?.counters.get(device) ?? 0);
    return Math.max(0, ...counters);
  }

  // A restored home

  /** Neither votes nor asks for changes until `release`: this home does not know what it had promised. */
  hold(): void {
    this.#driver.hold(true);
  }

  /** Takes part fully again. */
  release(): void {
    this.#driver.hold(false);
    const connected = new Set(this.#deps.peers.connected().map((peer) => peer.device));
    for (const device of this.#driver.state.links) {
      if (!connected.has(device)) this.#driver.feed({ type: 'link', device, state: 'down' });
    }
    this.#driver.feed({ type: 'tick' });
    this.#submissions.pump();
  }

  /** Whether this device follows a master that others elected and has applied all that it knows to be committed. */
  isCaughtUp(): boolean {
    const core = this.#driver.state;
    const follows = core.role.kind === 'follower' && core.role.master !== null;
    return follows && this.state().applied.index === core.hard.commitIndex && core.hard.commitIndex > 0;
  }

  #onPeer(event: PeerEvent): void {
    switch (event.type) {
      case 'up':
        this.#linkUp(event.peer.device);
        return;
      case 'moved':
        return;
      case 'down':
        this.#driver.feed({ type: 'link', device: event.device, state: 'down' });
        this.#tell({ type: 'role' });
        this.#tell({ type: 'report', device: event.device });
        return;
      case 'message':
        if (event.channel === 'metadata') this.#onFrame(event.from, event.bytes);
        return;
      default:
        assertNever(event);
    }
  }

  #linkUp(device: DeviceId): void {
    if (this.admission(device) === 'refused') return;
    this.#driver.feed({ type: 'link', device, state: 'up' });
    if (this.admission(device) === 'member') {
      const own = this.#soft.payload();
      if (own !== null) this.#send(device, encodeFrame('report', own));
      const failovers = this.#failovers.all();
      if (failovers.length > 0) this.#send(device, encodeFrame('failovers', encodeFailovers(failovers)));
    }
    this.#submissions.pump();
    this.#tell({ type: 'role' });
  }

  #onFrame(from: DeviceId, bytes: Uint8Array): void {
    const admission = this.admission(from);
    const frame = decodeFrame(bytes);
    if (frame === null || admission === 'refused') return;
    if (frame.kind === 'consensus') {
      const message = decodeConsensusMessage(this.group, frame.payload);
      if (message !== null && this.#isOfOurLog(message)) this.#driver.feed({ type: 'message', from, message });
      return;
    }
    if (admission !== 'member') return;
    switch (frame.kind) {
      case 'submit':
        this.#onSubmitted(from, frame.payload);
        return;
      case 'report':
        this.#soft.receive(from, frame.payload);
        return;
      case 'failovers':
        this.#addFailovers(decodeFailovers(frame.payload));
        return;
      case 'transfer':
        this.#onTransfer(from, frame.payload);
        return;
      default:
        assertNever(frame.kind);
    }
  }

  /** A newcomer takes no log but the one whose first entry its invite code named. */
  #isOfOurLog(message: ConsensusMessage): boolean {
    const { firstEntry } = this.#beginning;
    if (firstEntry === null || (message.type !== 'append' && message.type !== 'committed')) return true;
    const first = message.entries[0];
    return first === undefined || first.index !== 1 || first.hash.startsWith(toHex(firstEntry));
  }

  #onSubmitted(from: DeviceId, payload: Uint8Array): void {
    const submitted = decodeSubmitted(payload);
    if (submitted !== null) this.#propose(from, submitted.bytes, submitted.term);
  }

  /** Takes an operation for the log if this device is master of just that term. */
  #propose(from: DeviceId, bytes: Uint8Array, term: number): void {
    const core = this.#driver.state;
    if (core.role.kind !== 'master' || core.hard.term !== term || this.#driver.held) return;
    const hash = this.#desk.admit(this.state(), from, bytes, term);
    if (hash !== null) this.#driver.feed({ type: 'propose', id: hash, bytes });
  }

  #onRefused(id: string): void {
    this.#desk.release(id as Parameters<MasterDesk['release']>[0]);
    this.#submissions.notTaken(id as Parameters<MasterDesk['release']>[0]);
  }

  #onTransfer(from: DeviceId, payload: Uint8Array): void {
    if (payload.byteLength !== PUBLIC_KEY_BYTES || !isAdmin(this.state(), from)) return;
    this.#driver.feed({ type: 'transfer', to: toHex(payload) as DeviceId });
  }

  #apply(entries: readonly LogEntry[]): void {
    const before = this.state();
    const applied = this.#applied.apply(entries);
    for (const { outcome } of applied) {
      this.#submissions.onOutcome(outcome);
      if (outcome.type !== 'updateNeeded' && outcome.operation !== null) this.#desk.release(outcome.operation.hash);
    }
    this.#submissions.onApplied();
    const state = this.state();
    if (state !== before) {
      this.#feedWanted();
      if (state.policy.budgetMs !== before.policy.budgetMs) this.#feedTiming();
      this.#soft.keepOnly((device) => memberOf(state, device) !== null);
      this.#linkAdmitted();
      this.#tell({ type: 'state', state, before });
    }
    this.#tellUpdate();
  }

  /** Devices whose link was there before the log let them in. */
  #linkAdmitted(): void {
    const { links } = this.#driver.state;
    for (const { device } of this.#deps.peers.connected()) if (!links.has(device)) this.#linkUp(device);
  }

  #onRole(): void {
    this.#submissions.pump();
    this.#tell({ type: 'role' });
  }

  #onFailover(record: Failover): void {
    const { generation } = this.#driver.state.hard;
    const { budgetMs } = this.state().policy;
    this.#addFailovers([{ ...record, generation, at: this.#deps.clock.now(), budgetMs }]);
  }

  #addFailovers(records: readonly FailoverRecord[]): void {
    try {
      const fresh = this.#failovers.add(records);
      const own = fresh.filter((record) => record.to === this.self);
      if (own.length > 0) this.#broadcast(encodeFrame('failovers', encodeFailovers(own)));
      for (const record of fresh) this.#tell({ type: 'failover', record });
    } catch (error) {
      this.#tell({ type: 'problem', error });
    }
  }

  #feedWanted(): void {
    if (members(this.state()).length === 0) return;
    this.#driver.feed({ type: 'wantedElectorate', electorate: wantedElectorate(this.state()) });
  }

  #feedTiming(): void {
    const trips = this.#deps.peers.connected().map((peer) => peer.rttMs ?? 0);
    const timing = timingFromBudget(this.state().policy.budgetMs, Math.max(0, ...trips));
    const known = this.#driver.state.timing;
    if (timing.heartbeatMs === known.heartbeatMs && timing.electionMinMs === known.electionMinMs) return;
    this.#driver.feed({ type: 'timing', timing });
  }

  #keepHouse(): void {
    this.#feedTiming();
    this.#submissions.pump(true);
  }

  #reachableDesk(): Desk | null {
    const core = this.#driver.state;
    const master = masterOf(core);
    if (master === null || this.#driver.held || this.#applied.updateNeeded !== null) return null;
    const { term } = core.hard;
    if (master === this.self) return { term, hand: (bytes) => this.#propose(this.self, bytes, term) };
    if (!core.links.has(master)) return null;
    return { term, hand: (bytes) => this.#send(master, encodeFrame('submit', encodeSubmitted({ term, bytes }))) };
  }

  #sendConsensus(to: DeviceId, message: ConsensusMessage): void {
    this.#send(to, encodeFrame('consensus', encodeConsensusMessage(message)));
  }

  #send(to: DeviceId, frame: Uint8Array): boolean {
    return this.#deps.peers.send(to, 'metadata', frame);
  }

  #broadcast(frame: Uint8Array): void {
    for (const { device } of this.#deps.peers.connected()) {
      if (this.admission(device) === 'member') this.#send(device, frame);
    }
  }

  /** Introduced members count until the own log knows this device: then it says who is in. */
  #isIntroduced(device: DeviceId): boolean {
    return this.#beginning.introduced.includes(device) && !this.state().devices.has(this.self);
  }

  #tellUpdate(): void {
    const what = this.#applied.updateNeeded;
    if (what === null || this.#toldUpdate) return;
    this.#toldUpdate = true;
    this.#tell({ type: 'updateNeeded', what });
  }

  #tell(event: MetadataEvent): void {
    for (const handler of [...this.#handlers]) handler(event);
  }
}
