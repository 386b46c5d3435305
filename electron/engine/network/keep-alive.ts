import { LINK_KEEPALIVE_MS, LINK_SILENT_MS } from '../../../shared/limits.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';

const SILENT_TICKS = Math.ceil(LINK_SILENT_MS / LINK_KEEPALIVE_MS);
const KEPT_PINGS = 16;

/**
 * Pings one connection, measures its round trip and notices when it falls silent. Silence is counted in ticks that came in
 * time: where this process itself was held up, what arrived meanwhile has not been read yet and says nothing.
 */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #ping: (nonce: number) => void;
  readonly #silent: () => void;
  readonly #stop: CancelTimer;
  readonly #sentAt = new Map<number, number>();
  #nonce = 0;
  #heard = true;
  #silentTicks = 0;
  #lastTick: number;
  #rtt: number | null = null;

  constructor(clock: Clock, ping: (nonce: number) => void, silent: () => void) {
    this.#clock = clock;
    this.#ping = ping;
    this.#silent = silent;
    this.#lastTick = clock.monotonic();
    this.#stop = clock.every(LINK_KEEPALIVE_MS, () => this.#tick());
  }

  /** Smoothed round trip in milliseconds, null before the first. */
  get rttMs(): number | null {
    return this.#rtt;
  }

  /** Something arrived. */
  heard(): void {
    this.#heard = true;
  }

  /** Sends a ping now; its number comes back in a pong. */
  pingNow(): number {
    this.#nonce += 1;
    this.#sentAt.set(this.#nonce, this.#clock.monotonic());
    if (this.#sentAt.size > KEPT_PINGS) {
      const [oldest] = this.#sentAt.keys();
      if (oldest !== undefined) this.#sentAt.delete(oldest);
    }
    this.#ping(this.#nonce);
    return this.#nonce;
  }

  pong(nonce: number): void {
    const sentAt = this.#sentAt.get(nonce);
    if (sentAt === undefined) return;
    this.#sentAt.delete(nonce);
    const trip = this.#clock.monotonic() - sentAt;
    this.#rtt = this.#rtt === null ? trip : this.#rtt * 0.875 + trip * 0.125;
  }

  stop(): void {
    this.#stop();
  }

  #tick(): void {
    const now = this.#clock.monotonic();
    const late = now - this.#lastTick > 2 * LINK_KEEPALIVE_MS;
    this.#lastTick = now;
    if (this.#heard || late) this.#silentTicks = 0;
    else this.#silentTicks += 1;
    this.#heard = false;
    if (this.#silentTicks >= SILENT_TICKS) this.#silent();
    else this.pingNow();
  }
}
