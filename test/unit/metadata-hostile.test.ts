import { expect, it } from 'vitest';
import { decodeValue, encodeValue } from '../../electron/engine/bytes/codec.ts';
import { toHex } from '../../electron/engine/bytes/hex.ts';
import type { OperationBody } from '../../electron/engine/group/body.ts';
import { makeRedeemProof, redeemBody } from '../../electron/engine/group/invite-proof.ts';
import { signOperation } from '../../electron/engine/group/operation.ts';
import { encodeFailovers, type FailoverRecord } from '../../electron/engine/metadata/failover-records.ts';
import { encodeFrame } from '../../electron/engine/metadata/frame.ts';
import { encodeSubmitted } from '../../electron/engine/metadata/master-desk.ts';
import { type Decided, Submissions } from '../../electron/engine/metadata/submissions.ts';
import { errorCodeOf } from '../../shared/errors.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createGroupLog, folderNamed, type GroupLog } from '../support/group-log.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { MetadataCluster } from '../support/metadata-cluster.ts';
import { deviceNamed, inviteNamed, type NamedDevice } from '../support/named-device.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const [ann, bob, dan] = ['ann', 'bob', 'dan'].map(deviceNamed) as [NamedDevice, NamedDevice, NamedDevice];
const share: OperationBody = {
  kind: 'folder.create',
  folder: folderNamed('x'),
  name: 'x',
  access: 'readWrite',
  indexBits: 6,
};

/** The queue of a device over a log under test, with what it handed to the master and what it was told. */
function queueOf(log: GroupLog, who: NamedDevice, clock = createFakeClock()) {
  const handed: Uint8Array[] = [];
  const decided: Decided[] = [];
  const queue = new Submissions({
    store: createMemoryStore(),
    clock,
    random: createSeededRandom(1),
    group: log.group,
    self: who.id,
    keyPair: who.keyPair,
    state: () => log.state(),
    desk: () => ({ term: 1, hand: (bytes) => handed.push(bytes) }),
    decided: (_id, _body, what) => decided.push(what),
    waitingChanged: () => undefined,
    problem: (error) => {
      throw error;
    },
  });
  return { queue, handed, decided };
}

it('MD3 no master makes an author believe that its operation was refused, by spoiling the signature', () => {
  const log = createGroupLog(ann);
  log.join(ann, bob);
  const { queue, handed, decided } = queueOf(log, bob);
  queue.submit(share);
  const [unsigned, signature] = decodeValue(handed[0] ?? new Uint8Array()) as [Uint8Array, Uint8Array];
  const spoiled = signature.slice();
  spoiled[0] = (spoiled[0] ?? 0) ^ 1;
  queue.onOutcome(log.append({ type: 'operation', bytes: encodeValue([unsigned, spoiled]) }));
  expect([queue.waiting().length, decided]).toEqual([1, []]);
  queue.onOutcome(log.append({ type: 'operation', bytes: handed[0] ?? new Uint8Array() }));
  expect([queue.waiting().length, decided]).toEqual([0, [{ type: 'committed' }]]);
});

it('MD13 a clock that is ahead refuses nothing that the log takes, and one that is behind neither', () => {
  for (const days of [1, -1]) {
    const log = createGroupLog(ann);
    log.join(ann, bob);
    const invite = inviteNamed('one');
    const publicKey = toHex(invite.keyPair.publicKey);
    const made = { kind: 'invite.create', invite: invite.id, publicKey, role: 'member', approval: 'auto' } as const;
    log.ask(ann, { ...made, durationMs: 3_600_000 });
    const clock = createFakeClock(log.state().applied.stamp + days * 86_400_000);
    const proof = makeRedeemProof({
      group: log.group,
      invite: invite.id,
      inviteSecretKey: invite.keyPair.secretKey,
      device: dan.id,
      deviceSecretKey: dan.keyPair.secretKey,
      name: 'dan',
    });
    const { queue, handed } = queueOf(log, bob, clock);
    queue.submit(redeemBody(proof));
    expect(log.append({ type: 'operation', bytes: handed[0] ?? new Uint8Array() }).type).toBe('accepted');
  }
});

it('MD2 a member cannot fill the log with an operation that is ahead of its turn', () => {
  const cluster = new MetadataCluster();
  const master = cluster.found('ann');
  cluster.join('bob', 'ann');
  cluster.run(1_000);
  const { commitIndex, term } = master.view();
  const header = { generation: 1, device: bob.id, dependsOn: [], time: 0, body: share };
  const peers = cluster.network.peersOf(bob.id);
  for (let n = 0; n < 100; n += 1) {
    const { bytes } = signOperation(
      { ...header, sequence: n < 50 ? 1_000_000 : n },
      cluster.group,
      bob.keyPair.secretKey,
    );
    peers.send(ann.id, 'metadata', encodeFrame('submit', encodeSubmitted({ term, bytes })));
    cluster.network.deliverAll();
  }
  expect(master.view().commitIndex).toBe(commitIndex);
});

it('MD13 many operations in a row are placed at once, in their order, also by a new master', () => {
  const cluster = new MetadataCluster();
  cluster.found('ann');
  for (const name of ['bob', 'cat']) cluster.join(name, 'ann');
  cluster.until(() => cluster.weights('ann').ann === 1 && cluster.weights('ann').cat === 1, 'one vote each');
  const first = cluster.elect();
  const author = cluster.running().find((name) => name !== first) ?? '';
  const submitAll = (round: string): void => {
    for (let n = 0; n < 20; n += 1) cluster.on(author).submit({ ...share, folder: folderNamed(`${round} ${n}`) });
  };
  submitAll('one');
  cluster.network.deliver(3);
  cluster.crash(first);
  submitAll('two');
  cluster.until(() => cluster.on(author).waiting().length === 0, 'all are decided');
  expect(cluster.on(author).state().folders.size).toBe(40);
});

/** Three devices whose first master died, with the failover that the second measured. */
function afterFailover() {
  const cluster = new MetadataCluster();
  cluster.found('ann');
  for (const name of ['bob', 'cat']) cluster.join(name, 'ann');
  cluster.until(() => cluster.weights('ann').ann === 1 && cluster.weights('ann').cat === 1, 'one vote each');
  const first = cluster.elect();
  cluster.crash(first);
  const winner = cluster.elect();
  const other = cluster.running().find((name) => name !== winner) ?? '';
  cluster.until(() => cluster.on(other).failovers().length === 1, 'the record');
  const tell = (from: string, records: readonly FailoverRecord[]): void => {
    const frame = encodeFrame('failovers', encodeFailovers(records));
    cluster.network.peersOf(deviceNamed(from).id).send(deviceNamed(other).id, 'metadata', frame);
    cluster.network.deliverAll();
  };
  return { cluster, first, winner, other, measured: cluster.on(other).failovers()[0]!, tell };
}

it('MD12 failovers that nobody went through do not crowd out what was measured', () => {
  const { cluster, winner, other, measured, tell } = afterFailover();
  const from = deviceNamed('x').id;
  for (const first of [2 ** 40, 0])
    tell(
      winner,
      Array.from({ length: 100 }, (_, n) => ({ ...measured, term: first + n, from, detectMs: 1 })),
    );
  expect(
    cluster
      .on(other)
      .failovers()
      .filter(({ term }) => term === measured.term),
  ).toHaveLength(1);
  expect(
    cluster
      .on(other)
      .failovers()
      .filter((one) => one.term !== measured.term && one.term > 100),
  ).toEqual([]);
});

it('MD12 what the winner measured goes before what others say of it', () => {
  const { cluster, first, winner, other, measured, tell } = afterFailover();
  cluster.start(first);
  cluster.run(1_000);
  tell(first, [{ ...measured, detectMs: 1 }]);
  expect(cluster.on(other).failovers()).toEqual([measured]);
  tell(winner, [{ ...measured, detectMs: 2 }]);
  expect(cluster.on(other).failovers()).toEqual([{ ...measured, detectMs: 2 }]);
});

it('MD3 takes no change of its user while it cannot read the log, and says so', () => {
  const cluster = new MetadataCluster();
  const metadata = cluster.found('ann');
  cluster.ask('ann', { kind: 'rules.raise', rules: 2, folder: null });
  // What comes after is judged by rules that this program does not know.
  metadata.submit(share);
  cluster.run(1_000);
  expect(metadata.view().updateNeeded).toBe('rules 2');
  let code = 'none';
  try {
    metadata.submit({ kind: 'policy.set', budgetMs: 3000 });
  } catch (error) {
    code = errorCodeOf(error);
  }
  expect(code).toBe('update-needed');
});
