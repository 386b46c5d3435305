import { describe, expect, it } from 'vitest';
import * as limits from '../../shared/limits.ts';

const values: ReadonlyMap<string, number> = new Map(Object.entries(limits));

/** Smaller or equal, in this order. */
const ASCENDING: readonly (readonly (keyof typeof limits)[])[] = [
  ['MIN_BUDGET_MS', 'DEFAULT_BUDGET_MS', 'MAX_BUDGET_MS'],
  ['LINK_KEEPALIVE_MS', 'LINK_SILENT_MS', 'DEFAULT_BUDGET_MS'],
  ['MAX_NAME_BYTES', 'MAX_NAME_SEGMENT_BYTES', 'MAX_PATH_BYTES'],
  ['MAX_OPERATION_BYTES', 'MAX_LOG_ENTRY_BYTES', 'MAX_APPEND_BYTES', 'MAX_MESSAGE_BYTES'],
  ['MIN_CHUNK_BYTES', 'NORMAL_CHUNK_BYTES', 'MAX_CHUNK_BYTES', 'MAX_MESSAGE_BYTES'],
  ['CONTENT_FRAME_BYTES', 'MAX_MESSAGE_BYTES'],
  ['MAX_INDEX_CHANGE_BYTES', 'MAX_MESSAGE_BYTES'],
  ['MIN_SOURCE_WINDOW_BYTES', 'MAX_SOURCE_WINDOW_BYTES'],
  ['CONTENT_FRAME_BYTES', 'MIN_SOURCE_WINDOW_BYTES'],
  ['MAX_VOTERS', 'MAX_WEIGHTED_DEVICES', 'MAX_DEVICES'],
  ['MAX_INVITES', 'MAX_OFFERED_INVITES', 'MAX_KEPT_INVITES'],
];

describe('the limits', () => {
  it.each(ASCENDING)('%s <= %s', (...names) => {
    const ordered = names.map((name) => values.get(name) ?? Number.NaN);
    expect(ordered).toEqual([...ordered].sort((a, b) => a - b));
  });

  it('are positive whole numbers, or shares of a whole', () => {
    for (const [name, value] of values) {
      if (name.endsWith('_SHARE')) expect(value > 0 && value < 1, name).toBe(true);
      else expect(Number.isSafeInteger(value) && value > 0, name).toBe(true);
    }
  });

  it('let one append hold all that a master may have uncommitted, and as many begins of terms', () => {
    expect(limits.MAX_APPEND_ENTRIES).toBeGreaterThanOrEqual(2 * limits.MAX_UNCOMMITTED_ENTRIES);
    expect(limits.MAX_APPEND_BYTES).toBeGreaterThan(limits.MAX_UNCOMMITTED_ENTRIES * limits.MAX_LOG_ENTRY_BYTES);
  });

  it('let one operation name the last changes of a device in all of a folder', () => {
    const ofShard = 8 + limits.MAX_LATEST_CHANGES * 32;
    expect(2 ** limits.INDEX_BITS * ofShard).toBeLessThan(limits.MAX_OPERATION_BYTES - 1_024);
  });

  it('keep room for several devices where one signer floods those that wait', () => {
    // Its own changes, and those of signers that it made up.
    expect(limits.MAX_WAITING_CHANGES / limits.MAX_WAITING_CHANGES_BY_SIGNER).toBeGreaterThan(3);
  });

  it('let a link miss several keep-alives before it counts as silent', () => {
    expect(limits.LINK_SILENT_MS / limits.LINK_KEEPALIVE_MS).toBeGreaterThanOrEqual(3);
  });
});
