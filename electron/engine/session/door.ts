import { type ErrorCode, errorCodeOf, failure } from '../../../shared/errors.ts';
import type { DeviceId, GroupId, InviteId } from '../../../shared/ids.ts';
import { MAX_JOIN_REQUESTS } from '../../../shared/limits.ts';
import type { JoinRequest } from '../../../shared/model/group-view.ts';
import type { DecisionState } from '../../../shared/model/values.ts';
import { blake3Bytes } from '../bytes/hash.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { isRedeemProofGood, type RedeemProof } from '../group/invite-proof.ts';
import { matchingPhrase } from '../group/phrase.ts';
import { inviteStatus, isAdmin, memberOf, members } from '../group/select.ts';
import type { GroupState, Invite } from '../group/state.ts';
import type { JoinAsk } from '../network/pairing/receiver.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import { type DoorNote, decodeDoorAsk, encodeDoorAnswer, type ToldMember } from './door-messages.ts';

/** What the door needs of the session. */
export interface DoorDeps {
  readonly self: DeviceId;
  readonly group: GroupId;
  readonly clock: Clock;
  state(): GroupState;
  /** The group's time, as far as it is sure here. */
  groupTime(): number;
  firstEntry(): Uint8Array | null;
  addressesOf(device: DeviceId): ToldMember['addresses'];
  /** Submits an `invite.redeem`; resolves when it is decided or waits for a master. Rejects with the code of a refusal. */
  redeem(proof: RedeemProof): Promise<DecisionState>;
  /** Whether such an operation of this device waits to be decided. */
  isRedeeming(proof: RedeemProof): boolean;
  /** Tells a connected member. */
  tell(device: DeviceId, note: DoorNote): void;
  connected(): readonly DeviceId[];
  changed(): void;
}

/** Open asks of one newcomer; it asks again whenever its connection ended, which nobody tells. */
const MAX_ASKS = 8;

/** Who was not heard of for so long has gone, in milliseconds; it shows again if it speaks again. */
const GONE_MS = 60_000;

interface Request {
  readonly id: string;
  /** The member that the newcomer made its phrase with. */
  host: DeviceId;
  readonly proof: RedeemProof;
  readonly since: number;
  /** Open asks of the newcomer at this device; none where another member passed the request on. */
  readonly asks: Set<JoinAsk>;
  /** When the newcomer was last heard of, by the monotonic clock; null: it gave up, by what is known here. */
  heard: number | null;
  /** Takes it off the list of requests once it has gone. */
  cancelLook: CancelTimer;
}

/**
 * Where newcomers are received: any member answers them, an admin decides where the invite says so, and the outcome is
 * what the log says. A crash in the middle locks nobody out: a used invite still answers the device that used it.
 */
export class Door {
  readonly #deps: DoorDeps;
  readonly #requests = new Map<string, Request>();

  constructor(deps: DoorDeps) {
    this.#deps = deps;
  }

  /** What this device's user can decide. */
  requests(): readonly JoinRequest[] {
    const state = this.#deps.state();
    if (!isAdmin(state, this.#deps.self)) return [];
    return [...this.#requests.values()]
      .filter((request) => this.#isThere(request) && !this.#deps.isRedeeming(request.proof))
      .flatMap(({ id, host, proof, since }) => {
        const invite = state.invites.get(proof.invite);
        if (invite === undefined || invite.approval !== 'ask' || this.#unusable(invite, proof.device) !== null)
          return [];
        return [
          { id, name: proof.name, phrase: matchingPhrase(proof.device, host, proof.invite), role: invite.role, since },
        ];
      });
  }

  /** A newcomer asks something. */
  onAsk(ask: JoinAsk): void {
    const message = decodeDoorAsk(ask.bytes);
    const invite = this.#deps.state().invites.get(ask.invite);
    if (message === null) {
      ask.deny('bad-request');
      return;
    }
    if (invite === undefined) {
      ask.deny('invite-unknown');
      return;
    }
    const device = message.type === 'hello' ? message.device : message.proof.device;
    const code = this.#unusable(invite, device);
    if (code !== null) {
      ask.deny(code);
      return;
    }
    if (message.type === 'hello') this.#welcome(ask, invite);
    else if (message.proof.invite !== ask.invite) ask.deny('bad-request');
    else if (message.type === 'redeem') this.#receive(ask, invite, message.host, message.proof);
    else this.#withdraw(ask, invite, message.proof);
  }

  /** Another member tells of a newcomer, or an admin of a refusal. */
  onNote(from: DeviceId, note: DoorNote): void {
    const state = this.#deps.state();
    if (note.type === 'denied') {
      if (isAdmin(state, from)) this.#drop(requestId(note.invite, note.device), this.#whyDenied(note.invite));
      return;
    }
    if (note.type === 'withdrawn') {
      const known = this.#requests.get(requestId(note.invite, note.device));
      // Only hidden: should it not be so, the newcomer is heard of again.
      if (known !== undefined) this.#hide(known);
      return;
    }
    const invite = state.invites.get(note.proof.invite);
    if (invite?.approval !== 'ask') return;
    const code = this.#unusable(invite, note.proof.device);
    // The member that received it may not know yet how late it is.
    if (code === 'invite-expired')
      this.#deps.tell(from, { type: 'denied', invite: note.proof.invite, device: note.proof.device });
    if (code !== null) return;
    if (memberOf(state, note.host) === null || !isRedeemProofGood(this.#deps.group, invite.publicKey, note.proof))
      return;
    // Members say since when; what lies in the future or before 1970 is not believed.
    const now = this.#deps.clock.now();
    const since = note.since >= 0 ? Math.min(note.since, now) : now;
    // What the newcomer said here itself counts more than what others say of it.
    const others = this.#ofDevice(note.proof);
    if (others.some((other) => (other.asks.size > 0 && this.#isThere(other)) || other.since > since)) return;
    const request = this.#remember(note.host, note.proof, since);
    if (request !== null && request.asks.size === 0) this.#nameHost(request, note.host);
  }

  /** A member came: what it may have to decide is passed on. */
  onPeerUp(device: DeviceId): void {
    for (const request of this.#requests.values()) if (request.asks.size > 0) this.#passOn(request, [device]);
  }

  /** What this device submitted to let a newcomer in was refused or taken back. */
  onNotRedeemed(proof: Pick<RedeemProof, 'invite' | 'device'>, code: ErrorCode): void {
    // Another member may have redeemed it in the same moment: then the state lets the newcomer in.
    this.onState();
    const approval = this.#deps.state().invites.get(proof.invite)?.approval;
    if (approval === 'auto') this.#drop(requestId(proof.invite, proof.device), code);
    else this.#deps.changed();
  }

  /** The log went on: answers those whose invite is used now, and drops what can't be decided any more. */
  onState(): void {
    const state = this.#deps.state();
    for (const request of [...this.#requests.values()]) {
      const invite = state.invites.get(request.proof.invite);
      const code = invite === undefined ? 'invite-unknown' : this.#unusable(invite, request.proof.device);
      if (code !== null) this.#drop(request.id, code);
      else if (memberOf(state, request.proof.device) !== null) this.#admit(request);
    }
  }

  /**
   * An admin's user lets a newcomer in; once more has no effect. Throws `request-unknown`, `not-admin` or what the log
   * refuses with. Where there is no master it waits, as every change does.
   */
  async approve(id: string): Promise<DecisionState> {
    const { proof } = this.#decidable(id);
    return this.#deps.isRedeeming(proof) ? 'waiting' : await this.#deps.redeem(proof);
  }

  /** An admin's user turns a newcomer away. Throws `request-unknown` or `not-admin`. */
  deny(id: string): void {
    const { proof } = this.#decidable(id);
    if (this.#deps.isRedeeming(proof)) throw failure('request-unknown', 'This device is being let in already.');
    const note: DoorNote = { type: 'denied', invite: proof.invite, device: proof.device };
    for (const device of this.#deps.connected()) this.#deps.tell(device, note);
    this.#drop(requestId(proof.invite, proof.device), 'join-denied');
  }

  #decidable(reference: string): Request {
    if (!isAdmin(this.#deps.state(), this.#deps.self))
      throw failure('not-admin', 'Only an admin can decide who joins.');
    const found = [...this.#requests.values()].filter((one) => one.id.startsWith(reference) && this.#isThere(one));
    const [request] = found;
    if (request === undefined || found.length > 1)
      throw failure('request-unknown', 'There is no such request to join.');
    return request;
  }

  /** By the group's time alone: whether an invite has expired is for the log to say, and no clock here. */
  #unusable(invite: Invite, device: DeviceId): ErrorCode | null {
    const status = inviteStatus(invite, this.#deps.groupTime());
    if (status === 'used')
      return invite.status.type === 'used' && invite.status.device === device ? null : 'invite-used';
    if (status === 'revoked') return 'invite-revoked';
    return status === 'expired' ? 'invite-expired' : null;
  }

  /** An admin turns away by hand, or since it knows that the time is over. */
  #whyDenied(id: InviteId): ErrorCode {
    const invite = this.#deps.state().invites.get(id);
    const isOver = invite !== undefined && inviteStatus(invite, this.#deps.clock.now()) === 'expired';
    return isOver ? 'invite-expired' : 'join-denied';
  }

  #welcome(ask: JoinAsk, invite: Invite): void {
    const firstEntry = this.#deps.firstEntry();
    if (firstEntry === null) {
      ask.deny('engine-stopping');
      return;
    }
    for (const request of this.#requests.values()) {
      if (request.proof.invite !== ask.invite) continue;
      if ([...request.asks].some(({ newcomer }) => newcomer === ask.newcomer)) this.#renew(request);
    }
    const { group, self: host } = this.#deps;
    ask.answer(encodeDoorAnswer({ type: 'welcome', group, firstEntry, host, approval: invite.approval }));
  }

  #receive(ask: JoinAsk, invite: Invite, host: DeviceId, proof: RedeemProof): void {
    const { group, clock } = this.#deps;
    if (!isRedeemProofGood(group, invite.publicKey, proof)) {
      ask.deny('invite-proof-bad');
      return;
    }
    if (memberOf(this.#deps.state(), host) === null) {
      ask.deny('bad-request');
      return;
    }
    const request = this.#remember(host, proof, clock.now());
    if (request === null) {
      ask.deny('too-many-invites');
      return;
    }
    this.#nameHost(request, host);
    request.asks.add(ask);
    const [oldest] = request.asks;
    if (request.asks.size > MAX_ASKS && oldest !== undefined) request.asks.delete(oldest);
    if (memberOf(this.#deps.state(), proof.device) !== null) {
      this.#admit(request);
      return;
    }
    if (invite.approval === 'auto') this.#redeemAtOnce(request);
    else this.#passOn(request, this.#deps.connected());
  }

  /** The newcomer gave up: what nobody waits for is approved by nobody. */
  #withdraw(ask: JoinAsk, invite: Invite, proof: RedeemProof): void {
    if (!isRedeemProofGood(this.#deps.group, invite.publicKey, proof)) {
      ask.deny('invite-proof-bad');
      return;
    }
    const { invite: id, device } = proof;
    const state = this.#deps.state();
    for (const to of this.#deps.connected())
      if (isAdmin(state, to)) this.#deps.tell(to, { type: 'withdrawn', invite: id, device });
    this.#drop(requestId(id, device), 'cancelled');
    ask.deny('cancelled');
  }

  #redeemAtOnce({ proof }: Request): void {
    if (this.#deps.isRedeeming(proof)) return;
    this.#deps.redeem(proof).catch((error: unknown) => this.onNotRedeemed(proof, errorCodeOf(error)));
  }

  /** A newcomer that began anew with another member has another phrase on its screen. */
  #nameHost(request: Request, host: DeviceId): void {
    if (request.host === host) return;
    request.host = host;
    this.#deps.changed();
  }

  #remember(host: DeviceId, proof: RedeemProof, since: number): Request | null {
    const id = requestId(proof.invite, proof.device);
    const known = this.#requests.get(id);
    if (known !== undefined) {
      this.#hear(known);
      return known;
    }
    // A device joins with one code at a time: with a newer one it has given up the one before.
    for (const older of this.#ofDevice(proof)) this.#drop(older.id, 'cancelled');
    // Newcomers go without a word.
    if (this.#requests.size >= MAX_JOIN_REQUESTS) {
      this.#dropOverdue();
      for (const gone of [...this.#requests.values()]) if (!this.#isThere(gone)) this.#forget(gone);
    }
    if (this.#requests.size >= MAX_JOIN_REQUESTS) return null;
    const request: Request = { id, host, proof, since, asks: new Set(), heard: null, cancelLook: () => undefined };
    this.#requests.set(id, request);
    this.#hear(request);
    return request;
  }

  /** Requests of the same device with other invites. */
  #ofDevice({ invite, device }: RedeemProof): readonly Request[] {
    return [...this.#requests.values()].filter(({ proof }) => proof.device === device && proof.invite !== invite);
  }

  #isThere({ heard }: Request): boolean {
    return heard !== null && this.#deps.clock.monotonic() - heard < GONE_MS;
  }

  /** The newcomer waits still. */
  #hear(request: Request): void {
    const { clock, changed } = this.#deps;
    const wasThere = this.#isThere(request);
    request.heard = clock.monotonic();
    request.cancelLook();
    request.cancelLook = clock.after(GONE_MS, changed);
    if (!wasThere) changed();
  }

  #hide(request: Request): void {
    request.heard = null;
    request.cancelLook();
    this.#deps.changed();
  }

  /** As `#hear`, and the admins that were told of it hear so too. */
  #renew(request: Request): void {
    this.#hear(request);
    this.#passOn(request, this.#deps.connected());
  }

  #forget(request: Request): void {
    request.cancelLook();
    this.#requests.delete(request.id);
    this.#deps.changed();
  }

  /** Ends with the session. */
  stop(): void {
    for (const { cancelLook } of this.#requests.values()) cancelLook();
    this.#requests.clear();
  }

  /** Makes room where the log may stand still: by this clock too, requests are not kept for ever. */
  #dropOverdue(): void {
    const { state, clock } = this.#deps;
    for (const { id, proof } of [...this.#requests.values()]) {
      const invite = state().invites.get(proof.invite);
      if (invite !== undefined && inviteStatus(invite, clock.now()) === 'expired') this.#drop(id, 'invite-expired');
    }
  }

  #passOn(request: Request, devices: readonly DeviceId[]): void {
    const state = this.#deps.state();
    const { host, proof, since } = request;
    if (state.invites.get(proof.invite)?.approval !== 'ask') return;
    for (const device of devices)
      if (isAdmin(state, device)) this.#deps.tell(device, { type: 'request', host, proof, since });
  }

  #admit(request: Request): void {
    const told = members(this.#deps.state())
      .filter(({ id }) => id !== request.proof.device)
      .map(({ id }) => ({ device: id, addresses: this.#deps.addressesOf(id) }));
    const answer = encodeDoorAnswer({ type: 'admitted', members: told });
    for (const ask of request.asks) ask.answer(answer);
    this.#forget(request);
  }

  #drop(id: string, code: ErrorCode): void {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    for (const ask of request.asks) ask.deny(code);
    this.#forget(request);
  }
}

/** One request per invite and newcomer, whoever received it. */
function requestId(invite: InviteId, device: DeviceId): string {
  return toHex(blake3Bytes(Buffer.concat([fromHex(invite), fromHex(device)])).subarray(0, 16));
}
