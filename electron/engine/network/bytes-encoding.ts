import type { Encoding } from 'protomux';

/** A Protomux message that is bytes as they are: what is in them is coded by whoever sends them. */
export const bytesEncoding: Encoding<Uint8Array> = {
  preencode(state, bytes) {
    state.end += bytes.byteLength;
  },
  encode(state, bytes) {
    state.buffer.set(bytes, state.start);
    state.start += bytes.byteLength;
  },
  decode(state) {
    const bytes = state.buffer.subarray(state.start, state.end);
    state.start = state.end;
    return bytes;
  },
};
