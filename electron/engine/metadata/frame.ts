/**
 * Frames of the channel `metadata`: one byte that says the kind, then the bytes of that kind. A frame of an unknown kind is
 * passed over, so that later versions can say more.
 */
const KINDS = { consensus: 1, submit: 2, report: 3, failovers: 4, transfer: 5 } as const;

/** What a frame is about. */
export type FrameKind = keyof typeof KINDS;

const kindsByNumber = new Map<number, FrameKind>(
  Object.entries(KINDS).map(([kind, number]) => [number, kind as FrameKind]),
);

/** The frame of a payload. */
export function encodeFrame(kind: FrameKind, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(payload.byteLength + 1);
  frame[0] = KINDS[kind];
  frame.set(payload, 1);
  return frame;
}

/** Kind and payload of a frame; null for kinds that this program does not know. */
export function decodeFrame(frame: Uint8Array): { readonly kind: FrameKind; readonly payload: Uint8Array } | null {
  const kind = kindsByNumber.get(frame[0] ?? 0);
  return kind === undefined ? null : { kind, payload: frame.subarray(1) };
}
