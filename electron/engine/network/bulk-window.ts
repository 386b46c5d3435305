/** How long bulk bytes may stand in queues between the two ends, beyond the path's own round trip. */
export const BULK_QUEUE_MS = 100;
const FIRST_WINDOW_BYTES = 128 * 1024;
const MIN_WINDOW_BYTES = 32 * 1024;
const MAX_WINDOW_BYTES = 16 * 1024 * 1024;
const MIN_PIECE_BYTES = 4 * 1024;
const MAX_PIECE_BYTES = 64 * 1024;
const RATE_SAMPLES = 16;
/** After this long without a shorter round trip the queue is let run empty, to see what the path's own is by now. */
const SHORTEST_TRIP_KEPT_MS = 10_000;
const PROBE_MS = 150;

interface SentPiece {
  readonly end: number;
  readonly sentAt: number;
  /** What had arrived when it was sent, and since when that was known. */
  readonly receivedBefore: number;
  readonly receivedBeforeAt: number;
  /** Whether the window was the limit: a sender that has little to send says nothing about the path. */
  readonly full: boolean;
}

/**
 * Bounds what a sender of bulk has unacknowledged on a connection that it shares with metadata, so that a metadata message
 * waits at most about 100 ms behind it: the window is the measured rate times (shortest round trip + 100 ms). The rate is
 * the highest of the last samples of the delivery rate as of BBR (Cardwell et al., 2016): what arrived between the last
 * acknowledgement before a piece was sent and that of the piece itself, per time. Times in milliseconds of a monotonic clock.
 */
export class BulkWindow {
  #sent = 0;
  #received = 0;
  #receivedAt = 0;
  #pieces: SentPiece[] = [];
  #rates: number[] = [];
  #shortest = Number.POSITIVE_INFINITY;
  #shortestAt = 0;
  #probe: { readonly until: number; shortest: number } | null = null;

  /** Bytes that may be in flight. */
  get size(): number {
    if (this.#rates.length === 0) return FIRST_WINDOW_BYTES;
    if (this.#probe !== null) return MIN_WINDOW_BYTES;
    const wanted = Math.max(...this.#rates) * (this.#shortest + BULK_QUEUE_MS);
    return Math.min(MAX_WINDOW_BYTES, Math.max(MIN_WINDOW_BYTES, Math.floor(wanted)));
  }

  /** Bytes sent and not acknowledged. */
  get inFlight(): number {
    return this.#sent - this.#received;
  }

  /** How long the next piece may be; 0 while the window is full. */
  nextPiece(): number {
    if (this.inFlight >= this.size) return 0;
    return Math.min(MAX_PIECE_BYTES, Math.max(MIN_PIECE_BYTES, Math.floor(this.size / 8)));
  }

  sent(bytes: number, now: number): void {
    if (this.inFlight === 0) this.#receivedAt = now;
    this.#sent += bytes;
    this.#pieces.push({
      end: this.#sent,
      sentAt: now,
      receivedBefore: this.#received,
      receivedBeforeAt: this.#receivedAt,
      full: this.inFlight >= this.size,
    });
  }

  /** Takes an acknowledgement: `total` bytes have arrived so far. False where that cannot be true. */
  acknowledged(total: number, now: number): boolean {
    if (total > this.#sent) return false;
    if (total <= this.#received) return true;
    this.#received = total;
    this.#receivedAt = now;
    let last: SentPiece | undefined;
    while (this.#pieces[0] !== undefined && this.#pieces[0].end <= total) last = this.#pieces.shift();
    if (last === undefined) return true;
    this.#measureTrip(Math.max(0.1, now - last.sentAt), now);
    const rate = (total - last.receivedBefore) / Math.max(0.1, now - last.receivedBeforeAt);
    if ((last.full && this.#probe === null) || this.#rates.every((other) => rate > other)) this.#rates.push(rate);
    if (this.#rates.length > RATE_SAMPLES) this.#rates.shift();
    return true;
  }
  #measureTrip(trip: number, now: number): void {
    const probe = this.#probe;
    if (trip <= this.#shortest) {
      this.#shortest = trip;
      this.#shortestAt = now;
    } else if (probe !== null) {
      probe.shortest = Math.min(probe.shortest, trip);
      if (now < probe.until) return;
      this.#shortest = probe.shortest;
      this.#shortestAt = now;
    } else if (now - this.#shortestAt > SHORTEST_TRIP_KEPT_MS) {
      this.#probe = { until: now + trip + PROBE_MS, shortest: trip };
      return;
    }
    this.#probe = null;
  }
}
