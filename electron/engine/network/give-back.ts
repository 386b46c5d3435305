import { MessageChannel } from 'node:worker_threads';

/** Smaller buffers than this are not worth the call. */
const WORTH_BYTES = 32 * 1024;

/** What secret stream and Protomux write around one piece: less than a second piece in the same frame would take. */
const FRAMING_BYTES = 24;

/** A port without another end: what is handed to it is gone at once, as the HTML standard has it for `postMessage`. */
const nowhere = new MessageChannel().port1;
nowhere.close();

/**
 * Gives the memory of received bytes back now, if it is large and nearly all of it theirs: nobody may use it any more.
 *
 * Buffers that come from the network lie outside of the collector's heap, and it counts them: a file of 256 MiB cost some
 * twenty looks at the whole heap.
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  if (buffer.byteLength < WORTH_BYTES || byteLength + FRAMING_BYTES < buffer.byteLength) return;
  if (buffer instanceof ArrayBuffer) nowhere.postMessage(null, [buffer]);
}
