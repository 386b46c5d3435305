import { signCommitProof } from '../../../electron/engine/bytes/commit-proof.ts';
import { sealLogEntry } from '../../../electron/engine/bytes/log-entry.ts';
import type { EntryBody, LogEntry } from '../../../electron/engine/consensus/entry.ts';
import type { OperationBody } from '../../../electron/engine/group/body.ts';
import { signOperation } from '../../../electron/engine/group/operation.ts';
import { loadBeginning, recordFounding, recordJoining } from '../../../electron/engine/metadata/beginning.ts';
import { FailoverRecords } from '../../../electron/engine/metadata/failover-records.ts';
import { loadLog, persistLog } from '../../../electron/engine/metadata/log-store.ts';
import { loadPending, putPending } from '../../../electron/engine/metadata/pending-store.ts';
import type { Store } from '../../../electron/engine/ports/store.ts';
import type { EntryHash, GroupId } from '../../../shared/ids.ts';
import { BODIES_WITH_LATEST, EVERY_BODY } from '../every-operation.ts';
import { createFakeClock } from '../fake-clock.ts';
import { createGroupLog } from '../group-log.ts';
import { createMemoryStore } from '../memory-store.ts';
import { deviceNamed } from '../named-device.ts';
import { createSeededRandom } from '../seeded-random.ts';
import type { RowCase } from './row-case.ts';

const ann = deviceNamed('ann');
const bob = deviceNamed('bob');
const { group } = createGroupLog(ann);
const hex32 = (byte: string): string => byte.repeat(32);

const sign = (body: OperationBody, sequence: number) =>
  signOperation(
    { generation: 1, device: ann.id, sequence, dependsOn: [], time: 1_900_000_000_000, body },
    group,
    ann.keyPair.secretKey,
  );

/** Entries of all kinds that may follow each other: an operation of each kind, and those that name last changes. */
function sealAll(): LogEntry[] {
  const bodies: EntryBody[] = [
    { type: 'term.begin' },
    ...[...EVERY_BODY, ...BODIES_WITH_LATEST].map((body, place): EntryBody => {
      return { type: 'operation', bytes: sign(body, place + 1).bytes };
    }),
    { type: 'electorate.adjust', device: bob.id, by: 1 },
    { type: 'electorate.adjust', device: bob.id, by: -1 },
  ];
  const entries: LogEntry[] = [];
  for (const [place, body] of bodies.entries()) {
    const previousHash = entries.at(-1)?.hash ?? (group as string as EntryHash);
    const stamp = 1_900_000_000_000 + place;
    const draft = { generation: 1, index: place + 1, term: 1, previousHash, stamp, master: ann.id, body };
    entries.push(sealLogEntry(group, draft, ann.keyPair.secretKey));
  }
  return entries;
}

const failovers = (store: Store) =>
  new FailoverRecords({
    store,
    group,
    self: ann.id,
    appliedTerm: () => 9,
    masterIn: () => ann.id,
    broadcast: () => undefined,
    kept: () => undefined,
    problem: (error) => {
      throw error;
    },
  });

const foundedGroup = (store: Store): GroupId => [...store.range('metadata-beginning', {})][0]?.key as GroupId;

/** Rows about the group and its log. */
export const METADATA_ROWS: Readonly<Record<string, RowCase>> = {
  'a group that is being founded': {
    write: (disk) => {
      const store = createMemoryStore(disk);
      const founding = { store, clock: createFakeClock(), random: createSeededRandom(1), keyPair: ann.keyPair };
      recordFounding({ ...founding, name: 'Home', deviceName: 'ann' });
    },
    read: (store) => [loadBeginning(store, foundedGroup(store)), loadPending(store, foundedGroup(store))],
  },
  'a group that is being joined': {
    write: (disk) => {
      const [first] = sealAll();
      if (first === undefined) throw new Error('no entry');
      const codeHash = new Uint8Array(Buffer.from(first.hash, 'hex').subarray(0, 16));
      const store = createMemoryStore(disk);
      recordJoining({ store, group, firstEntry: first.bytes, codeHash, introduced: [ann.id] });
    },
    read: (store) => loadBeginning(store, group),
  },
  'changes that wait for the master': {
    write: (disk) => {
      const pending = { id: '0102030405060708', since: 1_700_000_000_000 };
      createMemoryStore(disk).transaction((tx) => {
        for (const [place, body] of BODIES_WITH_LATEST.entries()) {
          const sentTerm = place === 0 ? null : 8;
          putPending(tx, group, { ...pending, order: place + 1, sentTerm, signed: sign(body, place + 7) });
        }
      });
    },
    read: (store) => loadPending(store, group),
  },
  'the log of a group': {
    write: (disk) => {
      const entries = sealAll();
      const last = entries.at(-1);
      if (last === undefined) throw new Error('no entry');
      const { index, term, hash } = last;
      const position = { generation: 1, index, term, hash, master: ann.id };
      const proof = signCommitProof(group, position, ann.keyPair.secretKey);
      const hardState = { generation: 1, term: 3, votedFor: bob.id, commitIndex: index };
      const effect = { type: 'persist', hardState, truncateFrom: null, entries, proof } as const;
      persistLog(createMemoryStore(disk), group, effect, proof, index);
    },
    read: (store) => loadLog(store, group),
  },
  failovers: {
    write: (disk) => {
      const one = { generation: 1, term: 8, at: 1_700_000_000_000, from: hex32('11') as typeof ann.id, to: ann.id };
      const took = { detectMs: 280, electMs: 10, respondMs: 0, budgetMs: 5_000 };
      failovers(createMemoryStore(disk)).hear(ann.id, [{ ...one, ...took }]);
    },
    read: (store) => failovers(store).all(),
  },
};
