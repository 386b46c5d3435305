const BYTES = 1024 * 1024;

let shared: Buffer | null = null;

/** This thread's buffer for reading files through, made once: fresh large buffers cost as much as the read itself. */
export function readBuffer(): Buffer {
  shared ??= Buffer.from(new ArrayBuffer(BYTES));
  return shared;
}
