/** Above this many bytes handing a buffer over is cheaper than copying it. */
const WORTH_BYTES = 16 * 1024;

/**
 * The buffers in a job's input or output that may be handed over to the other thread: large ones that belong to their
 * array alone. Whoever passes such an array to a job gives it away.
 */
export function buffersOf(value: unknown): ArrayBuffer[] {
  if (typeof value !== 'object' || value === null) return [];
  const buffers: ArrayBuffer[] = [];
  for (const part of Object.values(value)) {
    if (part instanceof Uint8Array && part.buffer instanceof ArrayBuffer) {
      if (part.byteLength >= WORTH_BYTES && part.byteLength === part.buffer.byteLength) buffers.push(part.buffer);
    }
  }
  return buffers;
}
