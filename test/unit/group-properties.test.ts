import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../electron/engine/bytes/hex.ts';
import type { EntryBody } from '../../electron/engine/consensus/entry.ts';
import type { OperationBody } from '../../electron/engine/group/body.ts';
import { makeRedeemProof, redeemBody } from '../../electron/engine/group/invite-proof.ts';
import { decodeOperation } from '../../electron/engine/group/operation.ts';
import { applyEntry } from '../../electron/engine/group/reduce.ts';
import { writeIntervals } from '../../electron/engine/group/rights.ts';
import { admins, inviteStatus, isAdmin, memberOf, members } from '../../electron/engine/group/select.ts';
import { emptyGroup, type GroupState } from '../../electron/engine/group/state.ts';
import { createGroupLog, folderNamed, type GroupLog } from '../support/group-log.ts';
import { deviceNamed, inviteNamed } from '../support/named-device.ts';

const names = ['ann', 'bob', 'cat', 'dan', 'eve'];
const devices = names.map(deviceNamed);
const folders = ['one', 'two'].map(folderNamed);
const invites = ['i', 'j', 'k'].map(inviteNamed);

const device = fc.constantFrom(...devices);
const author = fc.oneof({ weight: 2, arbitrary: fc.constant(deviceNamed('ann')) }, device);
const folder = fc.constantFrom(...folders);
const invite = fc.constantFrom(...invites);
const access = fc.constantFrom('readWrite' as const, 'readOnly' as const, 'none' as const);
const role = fc.constantFrom('admin' as const, 'member' as const);
const closing = fc.option(fc.nat(20), { nil: null });
const latest = fc
  .uniqueArray(fc.tuple(fc.nat(63), fc.nat(9)), { maxLength: 3, selector: ([shard]) => shard })
  .map((named) => new Map(named.map(([shard, digit]) => [shard, [String(digit).repeat(64)]])));
const name = fc.oneof({ weight: 5, arbitrary: fc.constantFrom('a', 'b') }, fc.constantFrom('', '..', 'x/y', '\u202e'));

/** A step of a history: mostly plausible operations, and what a hostile device or master would put into the log. */
const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ type: fc.constant('ask' as const), author, make: operation() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('wrongNumber' as const),
      author: device,
      make: operation(),
      by: fc.constantFrom(-2, -1, 1, 2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('wrongKey' as const), author: device, other: device, make: operation() }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('replay' as const), at: fc.nat(60) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('garbage' as const), bytes: fc.uint8Array({ maxLength: 200 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('adjust' as const),
      device,
      by: fc.constantFrom(1 as const, -1 as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('term' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function operation(): fc.Arbitrary<(log: GroupLog) => OperationBody> {
  const fixed = (body: fc.Arbitrary<OperationBody>) => body.map((one) => () => one);
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(invite, device).map(
        ([by, who]) =>
          (log: GroupLog): OperationBody =>
            redeemBody(
              makeRedeemProof({
                group: log.group,
                invite: by.id,
                inviteSecretKey: by.keyPair.secretKey,
                device: who.id,
                deviceSecretKey: who.keyPair.secretKey,
                name: who.name,
              }),
            ),
      ),
    },
    {
      weight: 4,
      arbitrary: fixed(
        fc
          .record({
            kind: fc.constant('invite.create' as const),
            by: invite,
            role,
            approval: fc.constantFrom('ask' as const, 'auto' as const),
            durationMs: fc.constantFrom(0, 5, 1000, 1000),
          })
          .map(({ by, ...rest }) => ({ ...rest, invite: by.id, publicKey: toHex(by.keyPair.publicKey) })),
      ),
    },
    {
      weight: 1,
      arbitrary: fixed(fc.record({ kind: fc.constant('invite.revoke' as const), invite: invite.map((i) => i.id) })),
    },
    {
      weight: 3,
      arbitrary: fixed(
        fc.record(
          {
            kind: fc.constant('device.remove' as const),
            device: device.map((d) => d.id),
            closing,
            latest: fc.tuple(folder, latest).map(([one, named]) => new Map([[one, named]])),
          },
          { requiredKeys: ['kind', 'device', 'closing'] },
        ),
      ),
    },
    {
      weight: 3,
      arbitrary: fixed(
        fc.record({ kind: fc.constant('device.setRole' as const), device: device.map((d) => d.id), role }),
      ),
    },
    {
      weight: 1,
      arbitrary: fixed(
        fc.record({ kind: fc.constant('device.rename' as const), device: device.map((d) => d.id), name }),
      ),
    },
    {
      weight: 3,
      arbitrary: fixed(
        fc.record({
          kind: fc.constant('folder.create' as const),
          folder,
          name,
          access,
          indexBits: fc.constantFrom(6, 6, 6, 7),
        }),
      ),
    },
    { weight: 1, arbitrary: fixed(fc.record({ kind: fc.constant('folder.remove' as const), folder })) },
    { weight: 1, arbitrary: fixed(fc.record({ kind: fc.constant('folder.rename' as const), folder, name })) },
    {
      weight: 4,
      arbitrary: fixed(
        fc.record(
          {
            kind: fc.constant('folder.setAccess' as const),
            folder,
            device: device.map((d) => d.id),
            access,
            closing,
            latest,
          },
          { requiredKeys: ['kind', 'folder', 'device', 'access', 'closing'] },
        ),
      ),
    },
    {
      weight: 3,
      arbitrary: fixed(
        fc.record({ kind: fc.constant('folder.transferOwner' as const), folder, device: device.map((d) => d.id) }),
      ),
    },
    {
      weight: 2,
      arbitrary: fixed(
        fc.record({
          kind: fc.constant('folder.setSelection' as const),
          folder,
          device: device.map((d) => d.id),
          selection: fc.constantFrom('all' as const, 'none' as const),
        }),
      ),
    },
    {
      weight: 1,
      arbitrary: fixed(fc.record({ kind: fc.constant('policy.set' as const), budgetMs: fc.constantFrom(10, 2000) })),
    },
    {
      weight: 1,
      // Of the group rarely: after it the rest of the history is unreadable.
      arbitrary: fixed(
        fc.record({
          kind: fc.constant('rules.raise' as const),
          rules: fc.constantFrom(0, 1, 2, 3),
          folder: fc.oneof({ weight: 9, arbitrary: folder }, fc.constant(null)),
        }),
      ),
    },
  );
}

function bodyOf(log: GroupLog, one: Step): EntryBody {
  switch (one.type) {
    case 'ask':
      return { type: 'operation', bytes: log.sign(one.author, one.make(log)).bytes };
    case 'wrongNumber': {
      const next = (log.state().devices.get(one.author.id)?.lastSequence ?? 0) + 1;
      return { type: 'operation', bytes: log.sign(one.author, one.make(log), Math.max(0, next + one.by)).bytes };
    }
    case 'wrongKey': {
      const forged = { ...one.author, keyPair: one.other.keyPair };
      return { type: 'operation', bytes: log.sign(forged, one.make(log)).bytes };
    }
    case 'replay':
      return log.entries()[one.at]?.body ?? { type: 'term.begin' };
    case 'garbage':
      return { type: 'operation', bytes: one.bytes };
    case 'adjust':
      return { type: 'electorate.adjust', device: one.device.id, by: one.by };
    default:
      return { type: 'term.begin' };
  }
}

/** What must hold after every entry, whatever the log says. */
function check(before: GroupState, body: EntryBody, after: GroupState): void {
  if (members(after).length > 0) expect(admins(after).length).toBeGreaterThan(0);
  for (const one of after.folders.values()) {
    if (one.removedAt !== null || members(after).length === 0) continue;
    expect(memberOf(after, one.owner)).not.toBeNull();
    expect(one.accessEvents.get(one.owner)?.at(-1)?.access).toBe('readWrite');
    for (const holder of one.selections.keys()) expect(memberOf(after, holder)).not.toBeNull();
  }
  if (body.type !== 'electorate.adjust') expect(after.electorate).toBe(before.electorate);
  for (const [id, known] of before.devices) {
    const now = after.devices.get(id);
    expect(now?.lastSequence).toBeGreaterThanOrEqual(known.lastSequence);
    expect(now?.lastSequence).toBeLessThanOrEqual(known.lastSequence + 1);
    if (now?.lastSequence === known.lastSequence) expect(now.lastHash).toBe(known.lastHash);
    expect(now?.joinedName).toBe(known.joinedName);
  }
  for (const one of after.invites.values()) {
    if (inviteStatus(one, after.applied.stamp) === 'open') expect(isAdmin(after, one.createdBy)).toBe(true);
  }
  expect(after.rules).toBeGreaterThanOrEqual(before.rules);
  for (const [id, { rules }] of before.folders) expect(after.folders.get(id)?.rules).toBeGreaterThanOrEqual(rules);
  for (const one of after.folders.values()) {
    for (const author of after.devices.values()) {
      const intervals = writeIntervals(one, author);
      checkIntervals(intervals);
      const [was, known] = [before.folders.get(one.id), before.devices.get(author.id)];
      if (was !== undefined && known !== undefined) checkNamed(writeIntervals(was, known), intervals);
    }
  }
}

/** What an end names it names for good. */
function checkNamed(before: ReturnType<typeof writeIntervals>, after: ReturnType<typeof writeIntervals>): void {
  for (const [place, { end }] of before.entries()) {
    for (const [shard, hashes] of end?.latest ?? []) {
      expect(after[place]?.end?.latest?.get(shard)).toEqual(expect.arrayContaining([...hashes]));
    }
  }
}

function checkIntervals(intervals: ReturnType<typeof writeIntervals>): void {
  let last = -1;
  for (const [place, { from, end }] of intervals.entries()) {
    expect(from).toBeGreaterThanOrEqual(place === 0 ? 0 : last);
    if (place === 0) expect(from).toBe(0);
    if (end === null) expect(place).toBe(intervals.length - 1);
    else last = end.at;
  }
}

describe('MD10 the reducer under random and hostile histories', () => {
  it('MD10 keeps its invariants, and is a pure function of the log', () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        fc.array(role, { maxLength: 4 }),
        fc.array(step, { minLength: 20, maxLength: 80 }),
        (roles, steps) => {
          const log = createGroupLog(devices[0]!);
          for (const [place, given] of roles.entries()) log.join(devices[0]!, devices[place + 1]!, given);
          for (const one of steps) {
            const before = log.state();
            const body = bodyOf(log, one);
            const outcome = log.append(body);
            if (outcome.type === 'accepted' && body.type === 'operation') accepted += 1;
            if (outcome.type === 'updateNeeded') expect(log.state()).toBe(before);
            check(before, body, log.state());
            if (outcome.type === 'noEffect' || (outcome.type === 'refused' && outcome.code === 'sequence-reused')) {
              expect({ ...log.state(), applied: null }).toEqual({ ...before, applied: null });
            }
          }
          let replayed = emptyGroup(log.group);
          for (const entry of log.entries()) replayed = applyEntry(replayed, entry).state;
          expect(replayed).toEqual(log.state());
        },
      ),
      { numRuns: 120 },
    );
    // The histories have to do real work, or the invariants would say nothing.
    expect(accepted).toBeGreaterThan(300);
  });

  it('MD10 never throws for hostile bytes, also those that are nearly right', () => {
    const log = createGroupLog(devices[0]!);
    const good = log.sign(devices[0]!, { kind: 'policy.set', budgetMs: 2000 }).bytes;
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = good.slice();
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        decodeOperation(bytes);
        const entry = { generation: 1, index: 3, term: 1, stamp: 0, master: devices[0]!.id };
        const applied = applyEntry(log.state(), { ...entry, body: { type: 'operation', bytes } });
        expect(applied.outcome.type).not.toBe('accepted');
        expect(applied.state.policy.budgetMs).toBe(5000);
      }),
      { numRuns: 500 },
    );
  });
});
