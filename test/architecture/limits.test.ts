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
  ['MAX_VOTERS', 'MAX_DEVICES'],
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

  it('let a link miss several keep-alives before it counts as silent', () => {
    expect(limits.LINK_SILENT_MS / limits.LINK_KEEPALIVE_MS).toBeGreaterThanOrEqual(3);
  });
});
