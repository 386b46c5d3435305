/** Devices that a call over the local network did not reach and that are remembered, at most. */
const MAX_REMEMBERED = 256;

/**
 * Whether a call over the DHT tries the other's address on the local network. HyperDHT tries nothing else where both
 * sides are seen under one address, and gives up when that fails, as it does between two machines whose firewalls let
 * nothing in. So the call after one that failed goes without.
 */
export class LanShortcut {
  readonly #failed = new Set<string>();

  /** How to call the device with this key now. */
  isTried(key: string): boolean {
    return !this.#failed.delete(key);
  }

  /** A call that tried it reached nobody. */
  failed(key: string): void {
    this.#failed.add(key);
    const [oldest] = this.#failed;
    if (this.#failed.size > MAX_REMEMBERED && oldest !== undefined) this.#failed.delete(oldest);
  }
}
