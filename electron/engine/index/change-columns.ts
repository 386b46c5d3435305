import { type ByteReader, MalformedBytes } from './byte-cursor.ts';

/**
 * The column encodings of Automerge's binary format (automerge.org/automerge-binary-format-spec, "Column layouts"):
 * run-length, delta and boolean. Every reader gets the number of values it must find, so that a few bytes can't unfold
 * to more than the caller allows.
 */

/** Run-length encoded values, null where a run of nulls says so. */
export function readRuns<T>(input: ByteReader, limit: number, read: (input: ByteReader) => T): (T | null)[] {
  const values: (T | null)[] = [];
  const room = (count: number): void => {
    if (count > limit - values.length) throw new MalformedBytes('more values than a change may hold');
  };
  while (input.left() > 0) {
    const length = input.signed();
    if (length > 0) {
      room(length);
      const value = read(input);
      for (let count = 0; count < length; count += 1) values.push(value);
    } else if (length < 0) {
      room(-length);
      for (let count = 0; count < -length; count += 1) values.push(read(input));
    } else {
      const nulls = input.unsigned();
      room(nulls);
      for (let count = 0; count < nulls; count += 1) values.push(null);
    }
  }
  return values;
}

/** Delta encoded numbers. */
export function readDeltas(input: ByteReader, limit: number): (number | null)[] {
  let absolute = 0;
  return readRuns(input, limit, (deltas) => deltas.signed()).map((delta) => {
    if (delta === null) return null;
    absolute += delta;
    if (!Number.isSafeInteger(absolute)) throw new MalformedBytes('number too large');
    return absolute;
  });
}

/** Whether a boolean column holds nothing but false. */
export function isAllFalse(input: ByteReader): boolean {
  for (let value = false; input.left() > 0; value = !value) if (input.unsigned() > 0 && value) return false;
  return true;
}
