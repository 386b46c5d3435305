import { failure } from '../../../shared/errors.ts';
import type { ContentHash, DeviceId, GroupId } from '../../../shared/ids.ts';
import { MASTER_LISTEN_MS } from '../../../shared/limits.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { createSealer } from '../bytes/sealer.ts';
import type { KeyPair } from '../bytes/signature.ts';
import type { LogEntry } from '../consensus/entry.ts';
import { entryAt } from '../consensus/log.ts';
import { timingFromBudget } from '../consensus/timing.ts';
import type { Failover, Violation } from '../consensus/types.ts';
import type { OperationBody } from '../group/body.ts';
import { FIRST_ENTRY_HASH_BYTES } from '../group/invite-code.ts';
import { memberOf, members, wantedElectorate } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { Peers } from '../ports/peers.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store.ts';
import { admissionFor, type Viewer, wantedPeersFor } from './admission.ts';
import { AppliedLog, type AppliedOutcome, type Decision } from './applied-log.ts';
import { Beats } from './beats.ts';
import { loadBeginning } from './beginning.ts';
import { ConsensusDriver } from './consensus-driver.ts';
import { type DecideResult, decideWithin } from './decide.ts';
import { encodeFailovers, type FailoverRecord, FailoverRecords } from './failover-records.ts';
import { loadLog } from './log-store.ts';
import { MasterDesk } from './master-desk.ts';
import { MasterWay } from './master-way.ts';
import { type MetadataEvent, MetadataListeners } from './metadata-events.ts';
import { type Admission, PeerChannel } from './peer-channel.ts';
import type { Report } from './report.ts';
import { type ReceivedReport, SoftState } from './soft-state.ts';
import { type Submission, Submissions, type WaitingOperation } from './submissions.ts';
import { isCaughtUp, type MetadataView, metadataView } from './view.ts';

/** What the metadata layer of one group is made of. */
export interface MetadataDeps {
  readonly store: Store;
  readonly peers: Peers;
  readonly clock: Clock;
  readonly random: Random;
  readonly keyPair: KeyPair;
  readonly group: GroupId;
}

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
  readonly #viewer: Viewer;
  readonly #founds: boolean;
  readonly #applied: AppliedLog;
  readonly #replayed: AppliedOutcome[];
  readonly #driver: ConsensusDriver;
  readonly #submissions: Submissions;
  readonly #channel: PeerChannel;
  readonly #desk: MasterDesk;
  readonly #way: MasterWay;
  readonly #soft: SoftState;
  readonly #failovers: FailoverRecords;
  readonly #listeners = new MetadataListeners();
  /** Devices that showed in this run that other entries are committed for them. */
  readonly #diverged = new Set<DeviceId>();
  readonly #beats: Beats;
  #toldUpdate = false;

  constructor(deps: MetadataDeps) {
    const { store, peers, clock, random, keyPair, group } = deps;
    this.#deps = deps;
    this.group = group;
    this.self = toHex(keyPair.publicKey) as DeviceId;
    const { founding, firstEntry, introduced } = loadBeginning(store, group);
    this.#viewer = { self: this.self, introduced };
    const stored = loadLog(store, group);
    this.#founds = founding && stored.entries.length === 0;
    this.#applied = new AppliedLog(group);
    this.#replayed = [...this.#applied.apply(stored.entries.slice(0, stored.hardState.commitIndex))];
    this.#desk = new MasterDesk(group);
    this.#failovers = new FailoverRecords({
      store,
      group,
      self: this.self,
      appliedTerm: () => this.state().applied.term,
      masterIn: (generation, term) => this.#applied.masterIn(generation, term),
      broadcast: (payload) => this.#channel.broadcast('failovers', payload),
      kept: (record) => this.#tell({ type: 'failover', record }),
      problem: (error) => this.#tell({ type: 'problem', error }),
    });
    this.#soft = new SoftState({
      clock,
      broadcast: (payload) => this.#channel.broadcast('report', payload),
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
      listenMs: members(this.state()).some(({ id }) => id !== this.self) ? MASTER_LISTEN_MS : 0,
      handlers: {
        send: (to, message) => this.#channel.consensus(to, message),
        apply: (entries) => this.#apply(entries),
        roleChanged: () => {
          this.#submissions.pump();
          this.#tell({ type: 'role' });
        },
        refused: (id) => this.#onRefused(id as ContentHash),
        failover: (record) => this.#onFailover(record),
        violation: (from, rule) => this.#onViolation(from, rule),
        problem: (error) => this.#tell({ type: 'problem', error }),
      },
    });
    this.#channel = new PeerChannel({
      peers,
      group,
      firstEntry,
      admission: (device) => this.admission(device),
      handlers: {
        up: (device) => this.#linkUp(device),
        down: (device) => this.#linkDown(device),
        consensus: (from, message) => this.#driver.feed({ type: 'message', from, message }),
        submitted: (from, submitted) => this.#way.propose(from, submitted),
        report: (from, payload) => this.#soft.receive(from, payload),
        failovers: (from, records) => this.#failovers.hear(from, records),
        transfer: (from, to) => this.#way.transferAsked(from, to),
      },
    });
    this.#way = new MasterWay({
      self: this.self,
      driver: this.#driver,
      channel: this.#channel,
      applied: this.#applied,
      desk: this.#desk,
    });
    this.#submissions = new Submissions({
      store,
      clock,
      random,
      group,
      self: this.self,
      keyPair,
      state: () => this.state(),
      desk: () => this.#way.reachable(),
      decided: (id, body, decided) => this.#tell({ type: 'decided', id, body, decided }),
      waitingChanged: () => this.#tell({ type: 'waiting' }),
      problem: (error) => this.#tell({ type: 'problem', error }),
    });
    this.#beats = new Beats(clock, { keepHouse: () => this.#keepHouse(), report: () => this.#soft.send() });
  }

  /** Takes part from now on, and tells what a crash kept from being told. The founder's group exists when this returns. */
  start(): void {
    for (const { outcome } of this.#replayed.splice(0)) this.#submissions.onOutcome(outcome);
    this.#channel.start();
    this.#driver.start(this.#founds);
    this.#submissions.onApplied();
    this.#feedWanted();
    this.#linkAdmitted();
    this.#beats.start(this.state().policy.budgetMs);
    this.#tellUpdate();
  }

  /** Ends taking part; everything is on disk already. */
  stop(): void {
    this.#beats.stop();
    this.#channel.stop();
    this.#driver.stop();
    this.#soft.stop();
    this.#submissions.stop();
  }

  subscribe(handler: (event: MetadataEvent) => void): () => void {
    return this.#listeners.add(handler);
  }

  /** What the committed log says, as far as it is applied here. */
  state(): GroupState {
    return this.#applied.state;
  }

  view(): MetadataView {
    return metadataView(this.#driver.state, this.#applied, this.#diverged, this.#deps.clock);
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

  /** Asks for a change; see `Submissions.submit`. Throws `update-needed` where this program can't follow the log. */
  submit(body: OperationBody): Submission {
    // What this program can't read may have changed everything by which the change would be judged.
    if (this.#applied.updateNeeded !== null)
      throw failure('update-needed', 'The log of the group holds what this version does not know');
    return this.#submissions.submit(body);
  }

  /**
   * Asks for a change and waits for the outcome, at most `waitMs`, and not at all where no decision can be made. Answers
   * `waiting` where it stays in the queue. Throws `FlotillaError` with the code of the refusal, or `cancelled`.
   */
  async decide(body: OperationBody, waitMs: number): Promise<DecideResult> {
    const submission = this.submit(body);
    const { decides, quorate } = this.view();
    const canWait = decides || quorate;
    return decideWithin(submission, canWait ? waitMs : 0, this.#deps.clock);
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
    this.#way.transfer(to);
  }

  /** How far a device is let in on links. */
  admission(device: DeviceId): Admission {
    return admissionFor(this.state(), this.#viewer, device);
  }

  /** Devices that there should be links to. */
  wantedPeers(): readonly DeviceId[] {
    return wantedPeersFor(this.state(), this.#viewer);
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

  /** Neither leads nor votes nor asks for changes until `release`: this home does not know what it had promised. */
  hold(): void {
    this.#driver.feed({ type: 'hold', held: true });
  }

  /** Takes part fully again. */
  release(): void {
    this.#driver.feed({ type: 'hold', held: false });
    this.#submissions.pump();
  }

  /** Whether this device follows a master that others elected and has applied all that it knows to be committed. */
  isCaughtUp(): boolean {
    return isCaughtUp(this.#driver.state, this.#applied);
  }

  #linkUp(device: DeviceId): void {
    this.#driver.feed({ type: 'link', device, state: 'up' });
    if (this.admission(device) === 'member') {
      const own = this.#soft.payload();
      if (own !== null) this.#channel.send(device, 'report', own);
      const failovers = this.#failovers.all();
      if (failovers.length > 0) this.#channel.send(device, 'failovers', encodeFailovers(failovers));
    }
    this.#submissions.pump();
    this.#tell({ type: 'role' });
  }

  #linkDown(device: DeviceId): void {
    this.#driver.feed({ type: 'link', device, state: 'down' });
    this.#tell({ type: 'role' });
    this.#tell({ type: 'report', device });
  }

  /** The core had no place for an operation, which was proposed under its hash. */
  #onRefused(hash: ContentHash): void {
    this.#desk.release(hash);
    this.#submissions.notTaken(hash);
  }

  #apply(entries: readonly LogEntry[]): void {
    const before = this.state();
    for (const { outcome } of this.#applied.apply(entries)) {
      this.#submissions.onOutcome(outcome);
      if (outcome.type !== 'updateNeeded' && outcome.operation !== null) this.#desk.release(outcome.operation.hash);
    }
    this.#submissions.onApplied();
    this.#failovers.look();
    const state = this.state();
    if (state !== before) {
      this.#feedWanted();
      if (state.policy.budgetMs !== before.policy.budgetMs) {
        this.#feedTiming();
        this.#beats.start(state.policy.budgetMs);
      }
      this.#soft.keepOnly((device) => memberOf(state, device) !== null);
      this.#linkAdmitted();
      this.#tell({ type: 'state', state, before });
    }
    this.#tellUpdate();
  }

  /** Devices whose link was there before the log let them in. */
  #linkAdmitted(): void {
    const { links } = this.#driver.state;
    for (const device of this.#channel.connected()) {
      if (!links.has(device) && this.admission(device) !== 'refused') this.#linkUp(device);
    }
  }

  #onViolation(from: DeviceId, rule: Violation): void {
    if ((rule !== 'contradictsCommitted' && rule !== 'proofContradictsLog') || this.#diverged.has(from)) return;
    this.#diverged.add(from);
    this.#tell({ type: 'role' });
  }

  #onFailover(record: Failover): void {
    const { generation } = this.#driver.state.hard;
    const { budgetMs } = this.state().policy;
    this.#failovers.hear(this.self, [{ ...record, generation, at: this.#deps.clock.now(), budgetMs }]);
  }

  #keepHouse(): void {
    this.#feedTiming();
    this.#submissions.pump(true);
  }

  #feedWanted(): void {
    if (members(this.state()).length === 0) return;
    this.#driver.feed({ type: 'wantedElectorate', electorate: wantedElectorate(this.state()) });
  }

  #feedTiming(): void {
    const timing = timingFromBudget(this.state().policy.budgetMs, this.#channel.slowestTripMs());
    const known = this.#driver.state.timing;
    if (timing.heartbeatMs === known.heartbeatMs && timing.electionMinMs === known.electionMinMs) return;
    this.#driver.feed({ type: 'timing', timing });
  }

  #tellUpdate(): void {
    const what = this.#applied.updateNeeded;
    if (what !== null && !this.#toldUpdate) this.#tell({ type: 'updateNeeded', what });
    this.#toldUpdate = what !== null;
  }

  #tell(event: MetadataEvent): void {
    this.#listeners.tell(event);
  }
}
