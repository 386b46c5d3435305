import { beforeEach, expect, it } from 'vitest';
import { toHex } from '../../electron/engine/bytes/hex.ts';
import { makeRedeemProof } from '../../electron/engine/group/invite-proof.ts';
import { matchingPhrase } from '../../electron/engine/group/phrase.ts';
import type { GroupState, Invite } from '../../electron/engine/group/state.ts';
import { Door } from '../../electron/engine/session/door.ts';
import { encodeDoorAsk } from '../../electron/engine/session/door-messages.ts';
import { failure } from '../../shared/errors.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { engineNamed, MemoryDoors } from '../support/engine-pair.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { deviceNamed, inviteNamed } from '../support/named-device.ts';

const laptop = deviceNamed('Laptop');
const invite = inviteNamed('one');
const clock = createFakeClock();

/** A door of a group of one admin, with what it asked of the log. */
async function door(approval: 'ask' | 'auto') {
  const { engine } = engineNamed('Studio', new MemoryDoors(), { clock });
  await engine.start();
  await engine.createGroup('Home');
  const { id } = await engine.group().invites.create({ expiresMs: 3_600_000, approve: approval, role: 'member' });
  const group = engine.group().state();
  await engine.stop();
  const made = group.invites.get(id as typeof invite.id) as Invite;
  const shown: Invite = { ...made, id: invite.id, publicKey: toHex(invite.keyPair.publicKey) };
  const state: GroupState = { ...group, invites: new Map([[invite.id, shown]]) };
  const proof = makeRedeemProof({
    group: group.id,
    invite: invite.id,
    inviteSecretKey: invite.keyPair.secretKey,
    device: laptop.id,
    deviceSecretKey: laptop.keyPair.secretKey,
    name: 'Laptop',
  });
  const redeemed: string[] = [];
  const answers: string[] = [];
  let waits = false;
  let refuse: string | null = null;
  const opened = new Door({
    self: engine.self,
    group: group.id,
    clock,
    state: () => state,
    firstEntry: () => null,
    addressesOf: () => [],
    redeem: async () => {
      redeemed.push('redeem');
      if (refuse !== null) throw failure('too-many-devices', 'full');
      waits = true;
    },
    isRedeeming: () => waits,
    tell: () => undefined,
    connected: () => [],
    changed: () => undefined,
  });
  const ask = (host: DeviceId): void =>
    opened.onAsk({
      invite: invite.id,
      bytes: encodeDoorAsk({ type: 'redeem', host, proof }),
      newcomer: 'n',
      answer: () => answers.push('answer'),
      deny: (code) => answers.push(code),
    });
  return {
    door: opened,
    self: engine.self,
    state,
    proof,
    ask,
    redeemed,
    answers,
    notWaiting: () => {
      waits = false;
    },
    refuseAll: () => {
      refuse = 'too-many-devices';
    },
  };
}

let asking: Awaited<ReturnType<typeof door>>;
beforeEach(async () => {
  asking = await door('ask');
});

it('lets a newcomer in once, however often that is said, and turns nobody away who is being let in', async () => {
  const { door: at, ask, self, redeemed, answers } = asking;
  ask(self);
  const [request] = at.requests();
  await at.approve(request!.id);
  await at.approve(request!.id);
  expect(redeemed).toHaveLength(1);
  expect(at.requests()).toEqual([]);
  expect(() => at.deny(request!.id)).toThrow(/being let in/);
  expect(answers).toEqual([]);
});

it('asks again where the change was taken back while it waited for a master', async () => {
  const { door: at, ask, self, proof, notWaiting } = asking;
  ask(self);
  await at.approve(at.requests()[0]!.id);
  notWaiting();
  at.onNotRedeemed(proof, 'join-denied');
  expect(at.requests()).toHaveLength(1);
});

it('tells a newcomer why the log does not let it in', async () => {
  const auto = await door('auto');
  auto.refuseAll();
  auto.ask(auto.self);
  await expect.poll(() => auto.answers).toEqual(['too-many-devices']);
});

it('shows the phrase of the member that the newcomer talks to now, and believes members only so far', () => {
  const { door: at, ask, self, proof, answers } = asking;
  const now = clock.now();
  const stranger = deviceNamed('Stranger').id;
  at.onNote(self, { type: 'request', host: stranger, since: now, proof });
  expect(at.requests()).toEqual([]);
  at.onNote(self, { type: 'request', host: self, since: -5, proof });
  at.onNote(self, { type: 'request', host: self, since: now + 1e9, proof });
  expect(at.requests()).toEqual([
    expect.objectContaining({ since: now, phrase: matchingPhrase(laptop.id, self, invite.id) }),
  ]);
  for (let i = 0; i < 100; i += 1) ask(self);
  at.deny(at.requests()[0]!.id);
  expect(answers).toEqual(new Array(8).fill('join-denied'));
  expect(at.requests()).toEqual([]);
});
