import type { GroupId } from '../../../shared/ids.ts';

/** Entries: group/index -> the entry's signed bytes. */
export const LOG_TABLE = 'metadata-log';
/** Group -> CBOR [version, generation, term, voted for, commit index, commit proof]. */
export const HARD_TABLE = 'metadata-hard';
/** How a group began here: group -> CBOR [version, founding, first entry's hash, introduced devices]. */
export const BEGINNING_TABLE = 'metadata-beginning';
/** Own operations that are not decided: group/order -> CBOR [version, id, since, sent in term, operation]. */
export const PENDING_TABLE = 'metadata-pending';
/** Failovers that were measured: group/generation-term -> CBOR. */
export const FAILOVER_TABLE = 'metadata-failovers';

/** All tables of a group. */
export const METADATA_TABLES = [LOG_TABLE, HARD_TABLE, BEGINNING_TABLE, PENDING_TABLE, FAILOVER_TABLE];
const DIGITS = 14;

/** Key of a table's one row of a group. */
export function groupRow(group: GroupId): string {
  return group;
}

/** Key of a numbered row of a group; keys order as the numbers do. */
export function numberedRow(group: GroupId, number: number): string {
  return `${group}/${number.toString(16).padStart(DIGITS, '0')}`;
}
