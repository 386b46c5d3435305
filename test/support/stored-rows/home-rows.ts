import { ActivityLog } from '../../../electron/engine/session/activity-log.ts';
import * as homeRecords from '../../../electron/engine/session/home-records.ts';
import { RecordTable } from '../../../electron/engine/session/record-table.ts';
import { migrate } from '../../../electron/engine/storage/migrations.ts';
import type { Activity } from '../../../shared/model/activity.ts';
import { createFakeClock } from '../fake-clock.ts';
import { allExamples, type ExamplesOfEach } from '../golden.ts';
import { FOLDER } from '../index-world.ts';
import { createMemoryStore } from '../memory-store.ts';
import type { RowCase } from './row-case.ts';

const device = '11'.repeat(32);
const group = 'ab'.repeat(32);

/** A record of each table of the home, by the name of the table in the code. */
const RECORDS: Readonly<Record<string, readonly [key: string, record: Readonly<Record<string, unknown>>]>> = {
  startRecords: [homeRecords.SINGLE, { start: 7, settled: 6 }],
  ownStartRecords: ['0000000007', { instance: '33'.repeat(16) }],
  settingsRecords: [
    homeRecords.SINGLE,
    {
      name: 'Studio',
      settings: { bootstrap: ['10.0.0.1:49737'], lan: true, dht: false, acceptDirectory: null },
    },
  ],
  groupRecords: [homeRecords.SINGLE, { group, bootstrap: ['10.0.0.1:49737'] }],
  leavingRecords: [group, { since: 1_700_000_000_000, bootstrap: [] }],
  inviteRecords: ['44'.repeat(32), { code: 'flt1-k7m2' }],
  mountRecords: [FOLDER, { paused: true, shared: false }],
  knownStartRecords: [device, { bytes: '0102', signature: '0304' }],
  knownAddressRecords: [device, { addresses: [{ host: '192.168.1.2', port: 4_321 }] }],
  lastSeenRecords: [device, { at: 1_700_000_000_000 }],
  pageTokenRecords: [homeRecords.SINGLE, { token: '55'.repeat(24) }],
  refusalRecords: ['66'.repeat(8), { about: 'Share "Photos"', code: 'not-owner', at: 1_700_000_000_000 }],
};

const ACTIVITY: ExamplesOfEach<Activity> = {
  files: [
    {
      type: 'files',
      id: 'files-1',
      at: 1_700_000_000_000,
      device,
      folder: FOLDER,
      change: 'added',
      count: 1,
      bytes: 5,
      paths: ['Plans/Summer.txt'],
    },
  ],
  decision: [
    {
      type: 'decision',
      id: 'decision-9',
      at: 1_700_000_000_001,
      device,
      kind: 'folder.setAccess',
      index: 9,
      subject: { type: 'folder', id: FOLDER, name: 'Photos' },
      value: 'readOnly',
      outcome: 'refused',
      code: 'not-admin',
    },
  ],
  master: [{ type: 'master', id: 'master-8', at: 1_700_000_000_002, device, term: 8 }],
  conflict: [
    { type: 'conflict', id: 'conflict-1', at: 1_700_000_000_003, device, folder: FOLDER, path: 'Plans/Summer.txt' },
  ],
};

function tableNamed(name: string): RecordTable<{ readonly version: number }> {
  const table: unknown = Reflect.get(homeRecords, name);
  if (!(table instanceof RecordTable)) throw new Error(`there is no table ${name}`);
  return table;
}

/** Rows of the home as a whole. */
export const HOME_ROWS: Readonly<Record<string, RowCase>> = {
  'the format of the database': {
    write: (disk) => migrate(createMemoryStore(disk)),
    // Nothing is left to migrate.
    read: (store) => {
      migrate(store);
      return store.transactions();
    },
  },
  'the records of a home': {
    write: (disk) => {
      const store = createMemoryStore(disk);
      for (const [name, [key, record]] of Object.entries(RECORDS)) {
        tableNamed(name).save(store, key, { version: 1, ...record });
      }
    },
    read: (store) => Object.keys(RECORDS).map((name) => [...tableNamed(name).all(store)]),
  },
  'what happened': {
    write: (disk) => {
      const log = new ActivityLog(createMemoryStore(disk), createFakeClock());
      for (const line of allExamples(ACTIVITY)) log.add(line);
      log.save();
    },
    read: (store) => new ActivityLog(store, createFakeClock()).tail(10),
  },
};
