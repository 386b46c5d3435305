import { beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../electron/engine/bytes/hex.ts';
import { makeRedeemProof, redeemBody } from '../../electron/engine/group/invite-proof.ts';
import { Invites } from '../../electron/engine/session/invites.ts';
import type { InviteId } from '../../shared/ids.ts';
import { MAX_INVITES } from '../../shared/limits.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createGroupLog, type GroupLog } from '../support/group-log.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { deviceNamed, inviteNamed, type NamedDevice } from '../support/named-device.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const ann = deviceNamed('ann');

describe('invites that newcomers are received for', () => {
  let log: GroupLog;
  let invites: Invites;

  beforeEach(() => {
    log = createGroupLog(ann);
    invites = new Invites({
      store: createMemoryStore(),
      clock: createFakeClock(),
      random: createSeededRandom(1),
      state: () => log.state(),
      codeHash: () => null,
      bootstrap: () => [],
      self: ann.id,
      waiting: () => [],
      decide: async () => 'committed',
    });
  });

  const create = (name: string, days: number): void => {
    const { id, keyPair } = inviteNamed(name);
    const outcome = log.ask(ann, {
      kind: 'invite.create',
      invite: id,
      publicKey: toHex(keyPair.publicKey),
      role: 'member',
      approval: 'auto',
      durationMs: days * DAY_MS,
    });
    expect(outcome).toMatchObject({ type: 'accepted' });
  };
  const use = (name: string, device: NamedDevice): void => {
    const { id, keyPair } = inviteNamed(name);
    const secrets = { inviteSecretKey: keyPair.secretKey, deviceSecretKey: device.keyPair.secretKey };
    const proof = makeRedeemProof({ group: log.group, invite: id, device: device.id, name: device.name, ...secrets });
    expect(log.ask(ann, redeemBody(proof))).toMatchObject({ type: 'accepted' });
  };
  /** The log goes on, with anything. */
  const later = (days: number): void => {
    log.wait(days * DAY_MS);
    log.ask(ann, { kind: 'device.rename', device: ann.id, name: 'ann' });
  };
  const offered = (name: string): boolean => invites.offered().some(({ id }) => id === inviteNamed(name).id);

  it('MD4 a used invite that lasted long answers its device for a week and more', () => {
    create('long', 30);
    later(20);
    use('long', deviceNamed('dan'));
    later(6);
    expect(offered('long')).toBe(true);
    later(12);
    expect(offered('long')).toBe(false);
  });

  it('MD4 so do those that have expired or were revoked', () => {
    create('expires', 10);
    create('revoked', 30);
    later(9);
    log.ask(ann, { kind: 'invite.revoke', invite: inviteNamed('revoked').id });
    later(7);
    expect(['expires', 'revoked'].map(offered)).toEqual([true, true]);
    later(2);
    expect(offered('expires')).toBe(false);
  });

  it('MD4 every open invite reaches somebody, and those that were used lately too', () => {
    for (let nth = 0; nth < 20; nth += 1) {
      create(`used ${nth}`, 1);
      use(`used ${nth}`, deviceNamed(`device ${nth}`));
    }
    for (let nth = 0; nth < MAX_INVITES; nth += 1) create(`open ${nth}`, 1);
    const ids: ReadonlySet<InviteId> = new Set(invites.offered().map(({ id }) => id));
    expect(ids.size).toBe(MAX_INVITES + 20);
    const one = inviteNamed('one too many');
    const body = { kind: 'invite.create', invite: one.id, publicKey: toHex(one.keyPair.publicKey) } as const;
    const outcome = log.ask(ann, { ...body, role: 'member', approval: 'auto', durationMs: DAY_MS });
    expect(outcome).toMatchObject({ type: 'refused', code: 'too-many-invites' });
  });
});
