import { beforeEach, expect, it } from 'vitest';
import { toHex } from '../../electron/engine/bytes/hex.ts';
import { makeRedeemProof } from '../../electron/engine/group/invite-proof.ts';
import { matchingPhrase } from '../../electron/engine/group/phrase.ts';
import type { GroupState, Invite } from '../../electron/engine/group/state.ts';
import { Door } from '../../electron/engine/session/door.ts';
import { type DoorAsk, type DoorNote, encodeDoorAsk } from '../../electron/engine/session/door-messages.ts';
import { failure } from '../../shared/errors.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { engineNamed, MemoryDoors } from '../support/engine-pair.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { deviceNamed, inviteNamed } from '../support/named-device.ts';

const laptop = deviceNamed('Laptop');
const invite = inviteNamed('one');
const second = inviteNamed('two');
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
  const shown = ({ id, keyPair }: typeof invite): [Invite['id'], Invite] => [
    id,
    { ...made, id, publicKey: toHex(keyPair.publicKey) },
  ];
  let state: GroupState = { ...group, invites: new Map([shown(invite), shown(second)]) };
  const proofWith = ({ id, keyPair }: typeof invite) =>
    makeRedeemProof({
      group: group.id,
      invite: id,
      inviteSecretKey: keyPair.secretKey,
      device: laptop.id,
      deviceSecretKey: laptop.keyPair.secretKey,
      name: 'Laptop',
    });
  const proof = proofWith(invite);
  const told: DoorNote[] = [];
  const redeemed: string[] = [];
  const answers: string[] = [];
  let waits = false;
  let sure = 0;
  let refuse: string | null = null;
  const opened = new Door({
    self: engine.self,
    group: group.id,
    clock,
    state: () => state,
    groupTime: () => Math.max(state.applied.stamp, sure),
    firstEntry: () => new Uint8Array(1),
    addressesOf: () => [],
    redeem: async () => {
      redeemed.push('redeem');
      if (refuse !== null) throw failure('too-many-devices', 'full');
      waits = true;
      return 'waiting';
    },
    isRedeeming: () => waits,
    tell: (_device, note) => told.push(note),
    connected: () => [engine.self],
    changed: () => undefined,
  });
  const say = (said: DoorAsk, newcomer = 'n'): void =>
    opened.onAsk({
      invite: said.type === 'hello' ? invite.id : said.proof.invite,
      bytes: encodeDoorAsk(said),
      newcomer,
      answer: () => answers.push('answer'),
      deny: (code) => answers.push(code),
    });
  const ask = (host: DeviceId): void => say({ type: 'redeem', host, proof });
  return {
    door: opened,
    self: engine.self,
    state,
    proof,
    proofWith,
    ask,
    say,
    told,
    redeemed,
    answers,
    notWaiting: () => {
      waits = false;
    },
    refuseAll: () => {
      refuse = 'too-many-devices';
    },
    /** It is master, and this is the present moment. */
    isSureOf: (now: number) => {
      sure = now;
    },
    /** So much later an entry is applied. */
    logPasses: (ms: number) => {
      state = { ...state, applied: { ...state.applied, stamp: state.applied.stamp + ms } };
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

it('MD4 turns nobody away by its own clock, which may be wrong: the log says whether an invite has expired', async () => {
  const auto = await door('auto');
  clock.jumpWall(3 * 86_400_000);
  auto.ask(auto.self);
  expect(auto.redeemed).toEqual(['redeem']);
  expect(auto.answers).toEqual([]);
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

it('MD4 turns away who comes with an expired invite, and shows nobody who waits with one', async () => {
  const auto = await door('auto');
  const { door: at, ask, say, self, redeemed, answers } = asking;
  ask(self);
  clock.advance(3_600_000 - 20_000);
  say({ type: 'hello', device: laptop.id });
  expect(at.requests()).toHaveLength(1);
  answers.length = 0;
  for (const { logPasses } of [asking, auto]) logPasses(3_600_001);
  expect(at.requests()).toEqual([]);
  say({ type: 'hello', device: laptop.id });
  ask(self);
  expect(answers).toEqual(['invite-expired', 'invite-expired']);
  auto.ask(auto.self);
  expect(auto.answers).toEqual(['invite-expired']);
  expect([...redeemed, ...auto.redeemed]).toEqual([]);
});

it('MD4 a master knows that an invite has expired though nothing was decided since, and tells who received the newcomer', () => {
  const { door: at, ask, self, proof, told, answers, isSureOf } = asking;
  ask(self);
  told.length = 0;
  clock.advance(3_600_001);
  isSureOf(clock.now());
  expect(at.requests()).toEqual([]);
  ask(self);
  expect(answers.at(-1)).toBe('invite-expired');
  at.onNote(self, { type: 'request', host: self, since: clock.now(), proof });
  const denied: DoorNote = { type: 'denied', invite: invite.id, device: laptop.id };
  expect(told).toEqual([denied]);

  // At the member that received it, which is not master and knows no later time.
  isSureOf(0);
  ask(self);
  answers.length = 0;
  at.onNote(self, denied);
  expect(new Set(answers)).toEqual(new Set(['invite-expired']));
});

it('PA-60 forgets a newcomer that gave up, and tells the other admins', async () => {
  const { door: at, ask, say, told, self, proof, answers } = asking;
  ask(self);
  const [request] = at.requests();
  say({ type: 'withdraw', host: self, proof: { ...proof, name: 'Somebody' } });
  expect(at.requests()).toHaveLength(1);
  say({ type: 'withdraw', host: self, proof });
  expect(at.requests()).toEqual([]);
  expect(answers).toEqual(['invite-proof-bad', 'cancelled', 'cancelled']);
  expect(told.at(-1)).toEqual({ type: 'withdrawn', invite: invite.id, device: laptop.id });
  await expect(at.approve(request!.id)).rejects.toThrow(/no such request/);
});

it('PA-60 hides what another member says was withdrawn until the newcomer speaks again', () => {
  const { door: at, ask, say, self } = asking;
  ask(self);
  at.onNote(self, { type: 'withdrawn', invite: invite.id, device: laptop.id });
  expect(at.requests()).toEqual([]);
  say({ type: 'hello', device: laptop.id });
  expect(at.requests()).toHaveLength(1);
});

it('PA-60 shows only newcomers that were heard of within the last minute', async () => {
  const { door: at, ask, say, told, self, proof } = asking;
  ask(self);
  const [request] = at.requests();
  for (let i = 0; i < 5; i += 1) {
    clock.advance(20_000);
    say({ type: 'hello', device: laptop.id });
  }
  expect(at.requests()).toHaveLength(1);
  expect(told).toEqual(new Array(6).fill(expect.objectContaining({ type: 'request', proof })));
  clock.advance(60_000);
  say({ type: 'hello', device: laptop.id }, 'another newcomer');
  expect(at.requests()).toEqual([]);
  await expect(at.approve(request!.id)).rejects.toThrow(/no such request/);
  say({ type: 'hello', device: laptop.id });
  expect(at.requests()).toHaveLength(1);
});

it('PA-60 keeps of one device the newest request', () => {
  const { door: at, ask, say, self, proof, proofWith, answers } = asking;
  ask(self);
  const [older] = at.requests();
  say({ type: 'redeem', host: self, proof: proofWith(second) });
  expect(at.requests()).toHaveLength(1);
  expect(at.requests()[0]!.id).not.toBe(older!.id);
  expect(answers).toEqual(['cancelled']);
  // What others still say of the older one does not bring it back.
  at.onNote(self, { type: 'request', host: self, since: clock.now() - 1, proof });
  expect(at.requests()[0]!.id).not.toBe(older!.id);
});
