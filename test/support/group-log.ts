import { toHex } from '../../electron/engine/bytes/hex.ts';
import type { EntryBody } from '../../electron/engine/consensus/entry.ts';
import type { OperationBody, Role } from '../../electron/engine/group/body.ts';
import { groupIdOf } from '../../electron/engine/group/group-id.ts';
import { makeRedeemProof, redeemBody } from '../../electron/engine/group/invite-proof.ts';
import { type SignedOperation, signOperation } from '../../electron/engine/group/operation.ts';
import type { Outcome } from '../../electron/engine/group/outcome.ts';
import { type AppliedEntry, applyEntry } from '../../electron/engine/group/reduce.ts';
import { emptyGroup, type GroupState } from '../../electron/engine/group/state.ts';
import type { FolderId, GroupId } from '../../shared/ids.ts';
import { inviteNamed, type NamedDevice } from './named-device.ts';

/** A committed log under test: operations go in, states and outcomes come out. No consensus, no disk. */
export interface GroupLog {
  readonly group: GroupId;
  state(): GroupState;
  entries(): readonly AppliedEntry[];
  /** Appends the next operation of a device. */
  ask(author: NamedDevice, body: OperationBody): Outcome;
  /** Appends any body. */
  append(body: EntryBody): Outcome;
  /** Signs an operation without appending it; `sequence` defaults to the next. */
  sign(author: NamedDevice, body: OperationBody, sequence?: number): SignedOperation;
  /** Lets `ms` pass on the stamps. */
  wait(ms: number): void;
  /** Invites and lets a device in by way of `admin`. */
  join(admin: NamedDevice, newcomer: NamedDevice, role?: Role): Outcome;
}

export const TEST_NONCE = '000102030405060708090a0b0c0d0e0f';

/** A log whose first two entries found the group `Home`. */
export function createGroupLog(founder: NamedDevice): GroupLog {
  const group = groupIdOf(founder.id, TEST_NONCE);
  const entries: AppliedEntry[] = [];
  let state = emptyGroup(group);
  let stamp = 1_900_000_000_000;
  let invites = 0;

  const log: GroupLog = {
    group,
    state: () => state,
    entries: () => entries,
    ask: (author, body) => log.append({ type: 'operation', bytes: log.sign(author, body).bytes }),
    append(body) {
      stamp += 1;
      const entry: AppliedEntry = {
        generation: 1,
        index: entries.length + 1,
        term: 1,
        stamp,
        master: founder.id,
        body,
      };
      const applied = applyEntry(state, entry);
      if (applied.outcome.type !== 'updateNeeded') entries.push(entry);
      state = applied.state;
      return applied.outcome;
    },
    sign(author, body, sequence) {
      const next = (state.devices.get(author.id)?.lastSequence ?? 0) + 1;
      const operation = {
        generation: state.generation,
        device: author.id,
        sequence: sequence ?? next,
        dependsOn: [],
        body,
        time: 1_900_000_000_000,
      };
      return signOperation(operation, group, author.keyPair.secretKey);
    },
    wait(ms) {
      stamp += ms;
    },
    join(admin, newcomer, role = 'member') {
      invites += 1;
      const invite = inviteNamed(`${newcomer.name} ${invites}`);
      const publicKey = toHex(invite.keyPair.publicKey);
      log.ask(admin, {
        kind: 'invite.create',
        invite: invite.id,
        publicKey,
        role,
        approval: 'auto',
        durationMs: 60_000,
      });
      const proof = makeRedeemProof({
        group,
        invite: invite.id,
        inviteSecretKey: invite.keyPair.secretKey,
        device: newcomer.id,
        deviceSecretKey: newcomer.keyPair.secretKey,
        name: newcomer.name,
      });
      return log.ask(admin, redeemBody(proof));
    },
  };
  log.append({ type: 'term.begin' });
  log.ask(founder, { kind: 'group.create', name: 'Home', deviceName: founder.name, nonce: TEST_NONCE });
  return log;
}

/** A folder id of a test. */
export function folderNamed(name: string): FolderId {
  return toHex(new TextEncoder().encode(name.padEnd(16, '.').slice(0, 16))) as FolderId;
}
