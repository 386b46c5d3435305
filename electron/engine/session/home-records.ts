import { z } from 'zod';
import { ownSettingsSchema } from '../../../shared/model/settings.ts';
import { RecordTable } from './record-table.ts';

const hex = z.string().regex(/^([0-9a-f]{2})*$/);
const version = z.literal(1);

/** The one key of tables that hold a single record. */
export const SINGLE = 'record';

/**
 * How often the engine was started on this home; raised durably before the first link of each start. `settled`: up to
 * which start it is settled that this home goes on, whoever made them.
 */
export const startRecords = new RecordTable(
  'home-start',
  z.object({ version, start: z.number().int().positive(), settled: z.number().int().optional() }),
);

/** The instances of the starts of this home, by their number: what another says runs besides it is none of them. */
export const ownStartRecords = new RecordTable('own-starts', z.object({ version, instance: hex }));

/** The device's name and own settings. */
export const settingsRecords = new RecordTable(
  'home-settings',
  z.object({ version, name: z.string().nullable(), settings: ownSettingsSchema.partial() }),
);

/** The group that this home belongs to, and the bootstrap nodes that its invite code named. */
export const groupRecords = new RecordTable(
  'home-group',
  z.object({ version, group: hex.length(64), bootstrap: z.array(z.string()) }),
);
export type GroupRecord = NonNullable<ReturnType<typeof groupRecords.get>>;

/** The groups that this home has left and still has something to hand on in, by group id. */
export const leavingRecords = new RecordTable(
  'home-leaving',
  z.object({ version, since: z.number(), bootstrap: z.array(z.string()) }),
);

/** Codes of the invites that this device made, by invite id: shown again while they can be used. */
export const inviteRecords = new RecordTable('own-invites', z.object({ version, code: z.string() }));

/** The folders that this device holds or is about to share, by folder id; where they lie is the folder room's to know. */
export const mountRecords = new RecordTable('mounts', z.object({ version, paused: z.boolean(), shared: z.boolean() }));

/** The highest start statement seen of each device. */
export const knownStartRecords = new RecordTable('known-starts', z.object({ version, bytes: hex, signature: hex }));

/** Addresses at which a device took TCP connections last. */
export const knownAddressRecords = new RecordTable(
  'known-addresses',
  z.object({ version, addresses: z.array(z.object({ host: z.string(), port: z.number().int() })) }),
);

/** When a device was last connected, for people. */
export const lastSeenRecords = new RecordTable('last-seen', z.object({ version, at: z.number() }));

/** The secret of the page's address, the same over restarts so that a bookmark goes on working. */
export const pageTokenRecords = new RecordTable('page-token', z.object({ version, token: z.string().min(32) }));

/** Own changes that were refused and whose author has not read of it, by the id of the change. `at`: wall clock. */
export const refusalRecords = new RecordTable(
  'refusals',
  z.object({ version, about: z.string(), code: z.string(), at: z.number() }),
);
