import { failure } from '../../../shared/errors.ts';
import type { InviteId } from '../../../shared/ids.ts';
import { MAX_OFFERED_INVITES } from '../../../shared/limits.ts';
import type { Invite as InviteModel } from '../../../shared/model/group-view.ts';
import type { DecisionState, Role } from '../../../shared/model/values.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import type { OperationBody } from '../group/body.ts';
import { formatInviteCode, INVITE_SECRET_BYTES } from '../group/invite-code.ts';
import { inviteStatus } from '../group/select.ts';
import type { GroupState, Invite } from '../group/state.ts';
import type { WaitingOperation } from '../metadata/submissions.ts';
import { inviteKeys } from '../network/pairing/invite-keys.ts';
import type { PublicInvite } from '../network/pairing/receiver.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store.ts';
import { inviteRecords } from './home-records.ts';

/** How long after their end invites are still answered for and listed, in milliseconds. */
const REMEMBERED_MS = 7 * 24 * 60 * 60 * 1_000;

/** What making and listing invites needs. */
export interface InvitesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  state(): GroupState;
  /** The first 16 bytes of the first log entry's hash; null while that is not here. */
  codeHash(): Uint8Array | null;
  bootstrap(): readonly string[];
  readonly self: string;
  /** Own changes that are not decided. */
  waiting(): readonly WaitingOperation[];
  decide(body: OperationBody): Promise<DecisionState>;
}

/** The invites of the group: made here, listed, revoked. */
export class Invites {
  readonly #deps: InvitesDeps;

  constructor(deps: InvitesDeps) {
    this.#deps = deps;
  }

  /** Makes an invite. The code is kept durably before the group hears of it, so that it can be shown again. */
  async create(request: {
    readonly expiresMs: number;
    readonly approve: 'ask' | 'auto';
    readonly role: Role;
  }): Promise<{ code: string; id: string; expires: number; state: DecisionState }> {
    const { store, random, clock } = this.#deps;
    const firstEntry = this.#deps.codeHash();
    if (firstEntry === null) throw failure('no-master', 'This device has not received the group’s log yet.');
    const secret = random.bytes(INVITE_SECRET_BYTES);
    const { id, publicKey } = inviteKeys(secret);
    const code = formatInviteCode({ secret, firstEntry, bootstrap: this.#deps.bootstrap() });
    inviteRecords.save(store, id, { version: 1, code });
    let state: DecisionState;
    try {
      state = await this.#deps.decide({
        kind: 'invite.create',
        invite: id,
        publicKey: toHex(publicKey),
        role: request.role,
        approval: request.approve,
        durationMs: request.expiresMs,
      });
    } catch (error) {
      inviteRecords.erase(store, id);
      throw error;
    }
    const decided = this.#deps.state().invites.get(id);
    return { code, id, expires: decided?.expiresStamp ?? clock.now() + request.expiresMs, state };
  }

  /** Makes the invite useless; `reference` is its id or a unique beginning of it. */
  async revoke(reference: string): Promise<DecisionState> {
    const found = [...this.#deps.state().invites.keys()].filter((id) => id.startsWith(reference));
    const [invite] = found;
    if (invite === undefined || found.length > 1) throw failure('invite-unknown', 'There is no such invite.');
    return await this.#deps.decide({ kind: 'invite.revoke', invite });
  }

  /** The invites as people see them, newest first. */
  list(): readonly InviteModel[] {
    const decided = this.#remembered().map((invite) => ({
      id: invite.id,
      code: this.#status(invite) === 'open' ? (inviteRecords.get(this.#deps.store, invite.id)?.code ?? null) : null,
      role: invite.role,
      approve: invite.approval,
      expires: invite.expiresStamp,
      madeBy: invite.createdBy,
      state: this.#status(invite),
    }));
    return [...this.#undecided(), ...decided];
  }

  /** The log went on: codes that nobody can use any more are not kept. */
  onState(): void {
    const { store, state } = this.#deps;
    for (const [id] of inviteRecords.all(store)) {
      const invite = state().invites.get(id as InviteId);
      if (invite !== undefined && invite.status.type !== 'open') inviteRecords.erase(store, id);
    }
  }

  /** The invite was refused, or taken back before it was decided. */
  notCreated(id: InviteId): void {
    inviteRecords.erase(this.#deps.store, id);
  }

  #undecided(): readonly InviteModel[] {
    return this.#deps.waiting().flatMap(({ body, since }) => {
      if (body.kind !== 'invite.create') return [];
      const code = inviteRecords.get(this.#deps.store, body.invite)?.code ?? null;
      const { invite: id, role, approval: approve, durationMs } = body;
      return [{ id, code, role, approve, expires: since + durationMs, madeBy: this.#deps.self, state: 'waiting' }];
    });
  }

  /** For which invites newcomers are received: also used ones and such, to be told so. */
  offered(): readonly PublicInvite[] {
    // Those that can be used are all received for; of the others those come first whose device may be half in.
    const order = { open: 0, used: 1, revoked: 2, expired: 2 };
    const rank = (invite: Invite): number => order[this.#status(invite)];
    return [...this.#remembered()]
      .sort((a, b) => rank(a) - rank(b))
      .slice(0, MAX_OFFERED_INVITES)
      .map(({ id, publicKey }) => ({ id: id as InviteId, publicKey: fromHex(publicKey) }));
  }

  #status(invite: Invite): 'open' | 'used' | 'revoked' | 'expired' {
    return inviteStatus(invite, this.#now());
  }

  #remembered(): readonly Invite[] {
    const now = this.#now();
    return (
      [...this.#deps.state().invites.values()]
        // Whoever used one did so before it expired.
        .filter((invite) => invite.expiresStamp + REMEMBERED_MS > now)
        .sort((a, b) => b.createdAt - a.createdAt)
    );
  }

  #now(): number {
    return Math.max(this.#deps.state().applied.stamp, this.#deps.clock.now());
  }
}
