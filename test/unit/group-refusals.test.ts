import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../electron/engine/bytes/hex.ts';
import type { OperationBody } from '../../electron/engine/group/body.ts';
import { makeRedeemProof, redeemBody } from '../../electron/engine/group/invite-proof.ts';
import { signOperation } from '../../electron/engine/group/operation.ts';
import { judge } from '../../electron/engine/group/rules/judge.ts';
import { memberOf } from '../../electron/engine/group/select.ts';
import type { GroupState } from '../../electron/engine/group/state.ts';
import { isErrorCode } from '../../shared/errors.ts';
import { MAX_DEVICES, MAX_FOLDERS, MAX_INVITES } from '../../shared/limits.ts';
import { createGroupLog, folderNamed, type GroupLog } from '../support/group-log.ts';
import { deviceNamed, inviteNamed, type NamedDevice } from '../support/named-device.ts';

const [ann, bob, cat, dan, eve] = ['ann', 'bob', 'cat', 'dan', 'eve'].map(deviceNamed) as [
  NamedDevice,
  NamedDevice,
  NamedDevice,
  NamedDevice,
  NamedDevice,
];
const photos = folderNamed('photos');
const gone = folderNamed('gone');
const [open, asking, used, revoked, short] = ['open', 'asking', 'used', 'revoked', 'short'].map(inviteNamed) as [
  ReturnType<typeof inviteNamed>,
  ReturnType<typeof inviteNamed>,
  ReturnType<typeof inviteNamed>,
  ReturnType<typeof inviteNamed>,
  ReturnType<typeof inviteNamed>,
];

const shared = (folder: typeof photos, name = 'Photos'): OperationBody => ({
  kind: 'folder.create',
  folder,
  name,
  access: 'readWrite',
  indexBits: 6,
});
const invited = ({ id, keyPair }: typeof open, changes = {}): OperationBody => ({
  kind: 'invite.create',
  invite: id,
  publicKey: toHex(keyPair.publicKey),
  role: 'member',
  approval: 'auto',
  durationMs: 3_600_000,
  ...changes,
});
const redeems = (log: GroupLog, { id, keyPair }: typeof open, who: NamedDevice, name = who.name): OperationBody =>
  redeemBody(
    makeRedeemProof({
      group: log.group,
      invite: id,
      inviteSecretKey: keyPair.secretKey,
      device: who.id,
      deviceSecretKey: who.keyPair.secretKey,
      name,
    }),
  );

/** ann is the only admin, bob owns photos, cat was removed, dan and eve are strangers; invites in every state. */
function group(): GroupLog {
  const log = createGroupLog(ann);
  log.join(ann, bob);
  log.join(ann, cat);
  log.ask(bob, shared(photos));
  log.ask(bob, shared(gone));
  log.ask(bob, { kind: 'folder.remove', folder: gone });
  log.ask(ann, { kind: 'device.remove', device: cat.id, closing: null });
  for (const one of [open, used, revoked]) log.ask(ann, invited(one));
  log.ask(ann, invited(asking, { approval: 'ask' }));
  log.ask(ann, invited(short, { durationMs: 1 }));
  log.ask(ann, redeems(log, used, eve));
  log.ask(ann, { kind: 'device.remove', device: eve.id, closing: null });
  log.ask(ann, { kind: 'invite.revoke', invite: revoked.id });
  log.wait(10);
  return log;
}

/** What the log says to it. */
const said = (log: GroupLog, author: NamedDevice, body: OperationBody): string => {
  const outcome = log.ask(author, body);
  return outcome.type === 'refused' ? outcome.code : outcome.type;
};

/** What the rules say to it in a state that takes too many steps to come to. */
const ruled = (state: GroupState, author: NamedDevice, body: OperationBody): string => {
  const known = memberOf(state, author.id);
  return known === null ? 'no member' : (judge(state, state.applied, known, body) ?? 'accepted');
};

/** A map with as many entries as `one` repeated. */
const filled = <K, V>(count: number, one: V): ReadonlyMap<K, V> =>
  new Map(Array.from({ length: count }, (_, at) => [String(at) as K, one]));

type Row = readonly [code: string, what: string, run: (log: GroupLog) => string];
const ask =
  (author: NamedDevice, body: OperationBody) =>
  (log: GroupLog): string =>
    said(log, author, body);

const ROWS: readonly Row[] = [
  [
    'group-exists',
    'a second founding',
    ask(ann, { kind: 'group.create', name: 'X', deviceName: 'x', nonce: '00'.repeat(16) }),
  ],
  ['not-admin', 'a member renames another', ask(bob, { kind: 'device.rename', device: ann.id, name: 'x' })],
  ['not-admin', 'a member gives a role', ask(bob, { kind: 'device.setRole', device: bob.id, role: 'admin' })],
  ['not-admin', 'a member removes another', ask(bob, { kind: 'device.remove', device: ann.id, closing: null })],
  ['not-admin', 'a member invites', ask(bob, invited(inviteNamed('new')))],
  ['not-admin', 'a member revokes', ask(bob, { kind: 'invite.revoke', invite: open.id })],
  ['not-admin', 'a member lets in where an admin is asked', (log) => said(log, bob, redeems(log, asking, dan))],
  ['not-admin', 'a member sets the budget', ask(bob, { kind: 'policy.set', budgetMs: 3000 })],
  ['not-admin', 'a member raises the rules', ask(bob, { kind: 'rules.raise', rules: 2, folder: null })],
  ['name-invalid', 'an empty name of a device', ask(bob, { kind: 'device.rename', device: bob.id, name: '' })],
  ['name-invalid', 'an empty name of a newcomer', (log) => said(log, ann, redeems(log, open, dan, ''))],
  ['name-invalid', 'a folder called ..', ask(bob, shared(folderNamed('new'), '..'))],
  ['name-invalid', 'a folder renamed to a path', ask(bob, { kind: 'folder.rename', folder: photos, name: 'a/b' })],
  ['device-unknown', 'a stranger is renamed', ask(ann, { kind: 'device.rename', device: dan.id, name: 'x' })],
  ['device-unknown', 'a stranger asks', ask(dan, shared(folderNamed('new')))],
  [
    'device-removed',
    'one that is gone is given a role',
    ask(ann, { kind: 'device.setRole', device: cat.id, role: 'admin' }),
  ],
  ['device-removed', 'one that is gone asks', ask(cat, shared(folderNamed('new')))],
  ['last-admin', 'the last admin steps down', ask(ann, { kind: 'device.setRole', device: ann.id, role: 'member' })],
  ['last-admin', 'the last admin leaves', ask(ann, { kind: 'device.remove', device: ann.id, closing: null })],
  ['invite-exists', 'the same invite again', ask(ann, invited(open))],
  ['operation-malformed', 'an invite for no time', ask(ann, invited(inviteNamed('new'), { durationMs: 0 }))],
  [
    'operation-malformed',
    'an index of another width',
    ask(bob, { ...shared(folderNamed('new')), indexBits: 7 } as OperationBody),
  ],
  [
    'operation-malformed',
    'writing given with a closing number',
    ask(bob, { kind: 'folder.setAccess', folder: photos, device: ann.id, access: 'readWrite', closing: 3 }),
  ],
  [
    'invite-unknown',
    'an invite that nobody made is revoked',
    ask(ann, { kind: 'invite.revoke', invite: inviteNamed('no').id }),
  ],
  ['invite-unknown', 'or redeemed', (log) => said(log, ann, redeems(log, inviteNamed('no'), dan))],
  ['invite-used', 'a used invite is revoked', ask(ann, { kind: 'invite.revoke', invite: used.id })],
  ['invite-used', 'or used again by another', (log) => said(log, ann, redeems(log, used, dan))],
  ['invite-used', 'or by the one that used it and is gone', (log) => said(log, ann, redeems(log, used, eve))],
  ['invite-revoked', 'a revoked invite is revoked', ask(ann, { kind: 'invite.revoke', invite: revoked.id })],
  ['invite-revoked', 'or used', (log) => said(log, ann, redeems(log, revoked, dan))],
  ['invite-expired', 'an invite is used too late', (log) => said(log, ann, redeems(log, short, dan))],
  [
    'invite-proof-bad',
    'with the key of another invite',
    (log) => said(log, ann, redeems(log, { ...open, keyPair: used.keyPair }, dan)),
  ],
  ['device-already-member', 'one that is in is let in', (log) => said(log, ann, redeems(log, open, bob))],
  ['folder-exists', 'the same folder again', ask(ann, shared(photos))],
  ['folder-exists', 'or one that is not shared any more', ask(ann, shared(gone))],
  ['folder-unknown', 'a folder that nobody shared', ask(ann, { kind: 'folder.remove', folder: folderNamed('no') })],
  [
    'folder-removed',
    'a folder that is not shared any more',
    ask(bob, { kind: 'folder.rename', folder: gone, name: 'x' }),
  ],
  ['folder-removed', 'its rules', ask(ann, { kind: 'rules.raise', rules: 2, folder: gone })],
  ['not-owner', 'an admin ends the sharing of another', ask(ann, { kind: 'folder.remove', folder: photos })],
  ['not-owner', 'or passes it on', ask(ann, { kind: 'folder.transferOwner', folder: photos, device: ann.id })],
  [
    'owner-access-fixed',
    'an owner takes its own access',
    ask(bob, { kind: 'folder.setAccess', folder: photos, device: bob.id, access: 'none', closing: null }),
  ],
  [
    'no-access',
    'one says what another holds',
    ask(ann, { kind: 'folder.setSelection', folder: photos, device: bob.id, selection: 'all' }),
  ],
  ['budget-out-of-range', 'a budget of a moment', ask(ann, { kind: 'policy.set', budgetMs: 10 })],
  ['rules-not-raised', 'rules that are there', ask(ann, { kind: 'rules.raise', rules: 1, folder: null })],
  ['rules-not-raised', 'of a folder', ask(ann, { kind: 'rules.raise', rules: 1, folder: photos })],
  [
    'too-many-devices',
    'one more than there may be',
    (log) => {
      const state = log.state();
      const bobs = filled<typeof bob.id, NonNullable<ReturnType<typeof memberOf>>>(
        MAX_DEVICES,
        state.devices.get(bob.id)!,
      );
      return ruled({ ...state, devices: new Map([...state.devices, ...bobs]) }, ann, redeems(log, open, dan));
    },
  ],
  [
    'too-many-folders',
    'one more than there may be',
    (log) => {
      const state = log.state();
      return ruled(
        { ...state, folders: filled(MAX_FOLDERS, state.folders.get(photos)!) },
        ann,
        shared(folderNamed('new')),
      );
    },
  ],
  [
    'too-many-invites',
    'one more open one than there may be',
    (log) => {
      const state = log.state();
      return ruled(
        { ...state, invites: filled(MAX_INVITES, state.invites.get(open.id)!) },
        ann,
        invited(inviteNamed('new')),
      );
    },
  ],
  [
    'signature-bad',
    'in the name of another',
    (log) => said(log, { ...ann, keyPair: bob.keyPair }, { kind: 'policy.set', budgetMs: 3000 }),
  ],
  [
    'sequence-reused',
    'the same number for something else',
    (log) => {
      const again = log.sign(
        ann,
        { kind: 'policy.set', budgetMs: 3000 },
        log.state().devices.get(ann.id)?.lastSequence,
      );
      const outcome = log.append({ type: 'operation', bytes: again.bytes });
      return outcome.type === 'refused' ? outcome.code : outcome.type;
    },
  ],
  ...(['generation-mismatch', 'operation-malformed'] as const).map(
    (code): Row => [
      code,
      code === 'generation-mismatch' ? 'of another generation' : 'that depends on others',
      (log) => {
        const other = code === 'generation-mismatch';
        const header = {
          generation: other ? 2 : 1,
          device: ann.id,
          sequence: (log.state().devices.get(ann.id)?.lastSequence ?? 0) + 1,
          dependsOn: other ? [] : [log.sign(ann, shared(folderNamed('new'))).hash],
          time: 0,
          body: { kind: 'policy.set', budgetMs: 3000 } as const,
        };
        const outcome = log.append({
          type: 'operation',
          bytes: signOperation(header, log.group, ann.keyPair.secretKey).bytes,
        });
        return outcome.type === 'refused' ? outcome.code : outcome.type;
      },
    ],
  ),
];

describe('MD10 what is refused', () => {
  it.each(ROWS)('%s: %s', (code, _what, run) => {
    const log = group();
    const { devices, invites, folders, policy, rules, electorate } = log.state();
    expect(run(log)).toBe(code);
    // Nothing is changed but that the operation was judged.
    const after = log.state();
    expect([after.invites, after.folders, after.policy, after.rules, after.electorate]).toEqual([
      invites,
      folders,
      policy,
      rules,
      electorate,
    ]);
    expect([...after.devices.keys()]).toEqual([...devices.keys()]);
  });

  it('has a row for every code that the rules know', () => {
    const place = join(__dirname, '../../electron/engine/group');
    const sources = [...readdirSync(join(place, 'rules')).map((name) => join('rules', name)), 'reduce.ts'];
    const written = sources.flatMap((name) => [...readFileSync(join(place, name), 'utf8').matchAll(/'([a-z-]+)'/g)]);
    const codes = new Set(written.flatMap(([, text]) => (text !== undefined && isErrorCode(text) ? [text] : [])));
    expect(codes.size).toBeGreaterThan(20);
    expect([...codes].filter((code) => !ROWS.some(([of]) => of === code))).toEqual([]);
  });
});
