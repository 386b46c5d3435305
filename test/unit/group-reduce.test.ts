import { describe, expect, it } from 'vitest';
import { encodeValue } from '../../electron/engine/bytes/codec.ts';
import { contentHash } from '../../electron/engine/bytes/hash.ts';
import { fromHex, toHex } from '../../electron/engine/bytes/hex.ts';
import { sign } from '../../electron/engine/bytes/signature.ts';
import type { OperationBody } from '../../electron/engine/group/body.ts';
import { makeRedeemProof, redeemBody } from '../../electron/engine/group/invite-proof.ts';
import { decodeOperation } from '../../electron/engine/group/operation.ts';
import { applyEntry } from '../../electron/engine/group/reduce.ts';
import {
  accessOf,
  admins,
  admissionOf,
  holdersOf,
  members,
  wantedElectorate,
} from '../../electron/engine/group/select.ts';
import { emptyGroup } from '../../electron/engine/group/state.ts';
import { createGroupLog, folderNamed } from '../support/group-log.ts';
import { deviceNamed, inviteNamed } from '../support/named-device.ts';

const [ann, bob, cat, dan] = ['ann', 'bob', 'cat', 'dan'].map(deviceNamed) as [
  ReturnType<typeof deviceNamed>,
  ReturnType<typeof deviceNamed>,
  ReturnType<typeof deviceNamed>,
  ReturnType<typeof deviceNamed>,
];
const photos = folderNamed('photos');
const share: OperationBody = {
  kind: 'folder.create',
  folder: photos,
  name: 'Photos',
  access: 'readWrite',
  indexBits: 6,
};
const accepted = expect.objectContaining({ type: 'accepted' });
const refusedWith = (code: string) => expect.objectContaining({ type: 'refused', code });

function groupOfThree() {
  const log = createGroupLog(ann);
  log.join(ann, bob);
  log.join(ann, cat, 'admin');
  return log;
}

describe('MD1 founding', () => {
  it('MD1 makes the founder the only voter and first admin', () => {
    const state = createGroupLog(ann).state();
    expect(state.name).toBe('Home');
    expect([...state.electorate]).toEqual([[ann.id, 1]]);
    expect(admins(state).map((device) => device.name)).toEqual(['ann']);
  });

  it('MD1 refuses another founder, another nonce and a second founding', () => {
    const log = createGroupLog(ann);
    const again: OperationBody = { kind: 'group.create', name: 'X', deviceName: 'x', nonce: '00'.repeat(16) };
    expect(log.ask(ann, again)).toEqual(refusedWith('group-exists'));
    const fresh = applyEntry(emptyGroup(log.group), { ...log.entries()[0]!, master: ann.id }).state;
    const entry = { ...log.entries()[1]! };
    const forged = log.sign(ann, again, 1).bytes;
    const outcome = applyEntry(fresh, { ...entry, body: { type: 'operation', bytes: forged } }).outcome;
    expect(outcome).toEqual(refusedWith('operation-malformed'));
  });
});

describe('MD2 the sequence of a device', () => {
  it('MD2 judges the next number, and lets a higher one wait unrecorded', () => {
    const log = createGroupLog(ann);
    const second = log.sign(ann, { kind: 'policy.set', budgetMs: 3000 }, 3);
    expect(log.append({ type: 'operation', bytes: second.bytes })).toMatchObject({ type: 'noEffect', why: 'ahead' });
    expect(log.state().devices.get(ann.id)?.lastSequence).toBe(1);
    expect(log.ask(ann, share)).toEqual(accepted);
    expect(log.append({ type: 'operation', bytes: second.bytes })).toEqual(accepted);
    expect(log.state().policy.budgetMs).toBe(3000);
  });

  it('MD2 gives a resend no effect and refuses another operation with the same number aloud', () => {
    const log = createGroupLog(ann);
    const first = log.sign(ann, share);
    log.append({ type: 'operation', bytes: first.bytes });
    const before = log.state().folders;
    expect(log.append({ type: 'operation', bytes: first.bytes })).toMatchObject({ type: 'noEffect', why: 'resend' });
    const other = log.sign(ann, { kind: 'policy.set', budgetMs: 3000 }, 2);
    expect(log.append({ type: 'operation', bytes: other.bytes })).toEqual(refusedWith('sequence-reused'));
    expect(log.state().folders).toBe(before);
    expect(log.state().policy.budgetMs).toBe(5000);
  });

  it('MD2 records a refused operation, so that the next number goes on', () => {
    const log = groupOfThree();
    expect(log.ask(bob, { kind: 'policy.set', budgetMs: 3000 })).toEqual(refusedWith('not-admin'));
    expect(log.state().devices.get(bob.id)?.lastSequence).toBe(1);
    expect(log.ask(bob, share)).toEqual(accepted);
  });
});

describe('MD3 hostile and future bytes', () => {
  it('MD3 refuses garbage, a wrong signature and a stranger without recording anything', () => {
    const log = createGroupLog(ann);
    const before = log.state().devices;
    expect(log.append({ type: 'operation', bytes: new Uint8Array([1, 2, 3]) })).toEqual(
      refusedWith('operation-malformed'),
    );
    const good = log.sign(ann, share).bytes.slice();
    good[good.length - 1]! ^= 1;
    // The bytes that were signed are the author's own, which says nothing yet about its operation.
    expect(log.append({ type: 'operation', bytes: good })).toMatchObject({
      type: 'refused',
      code: 'signature-bad',
      operation: null,
    });
    expect(log.ask(bob, share)).toEqual(refusedWith('device-unknown'));
    expect(log.state().devices).toBe(before);
  });

  it('MD3 stops before a kind, a version or rules that it does not know', () => {
    const log = createGroupLog(ann);
    const craft = (version: number, kind: number) => {
      const unsigned = encodeValue({
        version,
        generation: 1,
        device: fromHex(ann.id),
        sequence: 2,
        dependsOn: [],
        kind,
        body: {},
        time: 0,
      });
      return encodeValue([
        unsigned,
        sign('flotilla/operation/1', [fromHex(log.group), unsigned], ann.keyPair.secretKey),
      ]);
    };
    const before = log.state();
    expect(log.append({ type: 'operation', bytes: craft(1, 16) }).type).toBe('updateNeeded');
    expect(log.append({ type: 'operation', bytes: craft(2, 1) }).type).toBe('updateNeeded');
    expect(log.state()).toBe(before);
    expect(log.append({ type: 'operation', bytes: craft(1, 14) })).toEqual(refusedWith('operation-malformed'));
    expect(log.ask(ann, { kind: 'rules.raise', rules: 2, folder: null })).toEqual(accepted);
    expect(log.ask(ann, share).type).toBe('updateNeeded');
    expect(log.append({ type: 'term.begin' }).type).toBe('updateNeeded');
  });

  it('MD3 does not stop for a stranger that invents kinds', () => {
    const log = createGroupLog(ann);
    const unsigned = encodeValue({
      version: 1,
      generation: 1,
      device: fromHex(bob.id),
      sequence: 1,
      dependsOn: [],
      kind: 99,
      body: {},
      time: 0,
    });
    const signature = sign('flotilla/operation/1', [fromHex(log.group), unsigned], bob.keyPair.secretKey);
    expect(log.append({ type: 'operation', bytes: encodeValue([unsigned, signature]) })).toEqual(
      refusedWith('device-unknown'),
    );
  });

  it('MD3 names an operation by the hash of its unsigned bytes', () => {
    const signed = createGroupLog(ann).sign(ann, share);
    const decoded = decodeOperation(signed.bytes);
    expect(decoded.type === 'operation' && contentHash(decoded.unsigned)).toBe(signed.hash);
    expect(decoded.type === 'operation' && decoded.body).toEqual({ type: 'known', body: share });
  });
});

describe('MD4 invites', () => {
  const invite = inviteNamed('one');
  const create = (approval: 'ask' | 'auto', made = invite): OperationBody => ({
    kind: 'invite.create',
    invite: made.id,
    publicKey: toHex(made.keyPair.publicKey),
    role: 'member',
    approval,
    durationMs: 1000,
  });
  const redeem = (log: ReturnType<typeof createGroupLog>, who: typeof ann, name = who.name, by = invite) =>
    redeemBody(
      makeRedeemProof({
        group: log.group,
        invite: by.id,
        inviteSecretKey: by.keyPair.secretKey,
        device: who.id,
        deviceSecretKey: who.keyPair.secretKey,
        name,
      }),
    );

  it('MD4 admits one device once, and answers it again after a crash', () => {
    const log = groupOfThree();
    log.ask(ann, create('auto'));
    expect(log.ask(bob, redeem(log, dan))).toEqual(accepted);
    expect(log.state().devices.get(dan.id)).toMatchObject({ name: 'dan', role: 'member' });
    const before = log.state().devices.get(dan.id);
    expect(log.ask(cat, redeem(log, dan))).toEqual(accepted);
    expect(log.state().devices.get(dan.id)).toEqual(before);
    expect(log.ask(bob, redeem(log, deviceNamed('eve')))).toEqual(refusedWith('invite-used'));
  });

  it('MD4 wants an admin where the invite asks', () => {
    const log = groupOfThree();
    log.ask(ann, create('ask'));
    expect(log.ask(bob, redeem(log, dan))).toEqual(refusedWith('not-admin'));
    expect(log.ask(cat, redeem(log, dan))).toEqual(accepted);
  });

  it('MD4 expires by the stamp, and can be revoked', () => {
    const log = groupOfThree();
    log.ask(ann, create('auto'));
    log.wait(2000);
    expect(log.ask(ann, redeem(log, dan))).toEqual(refusedWith('invite-expired'));
    const other = groupOfThree();
    other.ask(ann, create('auto'));
    expect(other.ask(bob, { kind: 'invite.revoke', invite: invite.id })).toEqual(refusedWith('not-admin'));
    expect(other.ask(cat, { kind: 'invite.revoke', invite: invite.id })).toEqual(accepted);
    expect(other.ask(ann, redeem(other, dan))).toEqual(refusedWith('invite-revoked'));
  });

  it('MD4 ends with its maker being an admin: one that was removed or stepped down lets nobody in, itself neither', () => {
    const log = createGroupLog(ann);
    log.join(ann, bob, 'admin');
    log.join(ann, cat, 'admin');
    log.ask(bob, create('auto', inviteNamed('back')));
    log.ask(cat, create('auto', inviteNamed('door')));
    log.ask(ann, create('auto', inviteNamed('kept')));
    log.ask(ann, { kind: 'device.remove', device: bob.id, closing: null });
    log.ask(ann, { kind: 'device.setRole', device: cat.id, role: 'member' });
    expect(log.ask(ann, redeem(log, bob, 'bob', inviteNamed('back')))).toEqual(refusedWith('invite-revoked'));
    expect(log.ask(cat, redeem(log, dan, 'dan', inviteNamed('door')))).toEqual(refusedWith('invite-revoked'));
    expect(log.ask(ann, redeem(log, dan, 'dan', inviteNamed('kept')))).toEqual(accepted);
  });

  it('MD4 wants both signatures over this group, this device and this name', () => {
    const log = groupOfThree();
    log.ask(ann, create('auto'));
    const good = redeem(log, dan);
    expect(log.ask(ann, { ...good, name: 'Dan' })).toEqual(refusedWith('invite-proof-bad'));
    expect(log.ask(ann, { ...good, device: deviceNamed('eve').id })).toEqual(refusedWith('invite-proof-bad'));
    expect(log.ask(ann, { ...good, proof: good.consent })).toEqual(refusedWith('invite-proof-bad'));
    expect(log.ask(ann, redeem(createGroupLog(bob), dan))).toEqual(refusedWith('invite-proof-bad'));
  });
});

describe('MD5 roles and leaving', () => {
  it('MD5 keeps an admin while devices are there, and lets the last device go', () => {
    const log = createGroupLog(ann);
    log.join(ann, bob);
    expect(log.ask(ann, { kind: 'device.remove', device: ann.id, closing: null })).toEqual(refusedWith('last-admin'));
    expect(log.ask(ann, { kind: 'device.setRole', device: ann.id, role: 'member' })).toEqual(refusedWith('last-admin'));
    expect(log.ask(bob, { kind: 'device.remove', device: bob.id, closing: 7 })).toEqual(accepted);
    expect(log.ask(bob, share)).toEqual(refusedWith('device-removed'));
    expect(log.ask(ann, { kind: 'device.remove', device: ann.id, closing: null })).toEqual(accepted);
    expect(members(log.state())).toEqual([]);
  });

  it('MD5 passes the folders of an owner that goes to the longest-standing admin', () => {
    const log = groupOfThree();
    log.ask(bob, { ...share, access: 'none' } as OperationBody);
    expect(accessOf(log.state(), photos, ann.id)).toBe('none');
    log.ask(ann, { kind: 'device.remove', device: bob.id, closing: null });
    expect(log.state().folders.get(photos)?.owner).toBe(ann.id);
    expect(accessOf(log.state(), photos, ann.id)).toBe('readWrite');
    expect(accessOf(log.state(), photos, bob.id)).toBe('none');
  });

  it('MD5 keeps a bare link for a removed device while it has weight', () => {
    const log = groupOfThree();
    log.append({ type: 'electorate.adjust', device: bob.id, by: 1 });
    log.ask(ann, { kind: 'device.remove', device: bob.id, closing: null });
    expect(admissionOf(log.state(), bob.id)).toBe('metadataOnly');
    log.append({ type: 'electorate.adjust', device: bob.id, by: -1 });
    expect(admissionOf(log.state(), bob.id)).toBe('refused');
    expect(admissionOf(log.state(), ann.id)).toBe('member');
    expect(admissionOf(log.state(), dan.id)).toBe('refused');
  });

  it('MD5 lets a device that went come back with its old numbers and first name', () => {
    const log = groupOfThree();
    log.ask(bob, { kind: 'device.rename', device: bob.id, name: 'Robert' });
    log.ask(ann, { kind: 'device.remove', device: bob.id, closing: 3 });
    expect(log.join(ann, bob, 'admin')).toEqual(accepted);
    expect(log.state().devices.get(bob.id)).toMatchObject({ joinedName: 'bob', role: 'admin', lastSequence: 1 });
    expect(log.ask(bob, share)).toEqual(accepted);
  });
});

describe('MD6 folders', () => {
  it('MD6 lets the owner alone manage access, and fixes its own', () => {
    const log = groupOfThree();
    log.ask(bob, share);
    const take: OperationBody = {
      kind: 'folder.setAccess',
      folder: photos,
      device: cat.id,
      access: 'none',
      closing: 4,
    };
    expect(log.ask(ann, take)).toEqual(refusedWith('not-owner'));
    expect(log.ask(cat, { kind: 'folder.setSelection', folder: photos, device: cat.id, selection: 'all' })).toEqual(
      accepted,
    );
    expect(holdersOf(log.state(), photos).map((device) => device.name)).toEqual(['bob', 'cat']);
    expect(log.ask(bob, take)).toEqual(accepted);
    expect(holdersOf(log.state(), photos).map((device) => device.name)).toEqual(['bob']);
    expect(log.ask(cat, { kind: 'folder.setSelection', folder: photos, device: cat.id, selection: 'all' })).toEqual(
      refusedWith('no-access'),
    );
    expect(log.ask(bob, { ...take, device: bob.id })).toEqual(refusedWith('owner-access-fixed'));
    expect(log.ask(bob, { kind: 'folder.transferOwner', folder: photos, device: cat.id })).toEqual(accepted);
    expect(accessOf(log.state(), photos, cat.id)).toBe('readWrite');
    expect(log.ask(bob, { kind: 'folder.remove', folder: photos })).toEqual(refusedWith('not-owner'));
    expect(log.ask(cat, { kind: 'folder.remove', folder: photos })).toEqual(accepted);
    expect(log.ask(cat, share)).toEqual(refusedWith('folder-exists'));
    expect(log.ask(cat, { kind: 'folder.rename', folder: photos, name: 'x' })).toEqual(refusedWith('folder-removed'));
  });

  it('MD6 refuses names that could not be shown or made a directory', () => {
    const log = createGroupLog(ann);
    for (const name of ['', ' a', 'a/b', 'a\\b', '..', '.flotilla', 'a\nb', 'a\u202eb', 'x'.repeat(129), '\ufffd']) {
      const outcome = log.ask(ann, { ...share, name } as OperationBody);
      expect(outcome.type, JSON.stringify(name)).toBe('refused');
    }
    expect(log.ask(ann, { ...share, name: 'Ünïcode 照片' } as OperationBody)).toEqual(accepted);
  });
});

describe('MD7 the wanted electorate', () => {
  it('MD7 is 1, then 2 and 1, then 1 each for the three that joined first', () => {
    const log = createGroupLog(ann);
    const wanted = () => [...wantedElectorate(log.state()).values()];
    expect(wanted()).toEqual([1]);
    log.join(ann, bob);
    expect(wanted()).toEqual([2, 1]);
    log.join(ann, cat, 'admin');
    expect(wanted()).toEqual([1, 1, 1]);
    log.join(ann, dan);
    expect([...wantedElectorate(log.state()).keys()]).toEqual([ann.id, bob.id, cat.id]);
    log.ask(ann, { kind: 'device.remove', device: ann.id, closing: null });
    expect([...wantedElectorate(log.state()).keys()]).toEqual([bob.id, cat.id, dan.id]);
  });
});
