import type { DeviceId } from '../../../shared/ids.ts';
import { REPORT_INTERVAL_MS } from '../../../shared/limits.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import { decodeReport, encodeReport, type Report } from './report.ts';

/** A report of another device, and when it came. */
export interface ReceivedReport {
  readonly report: Report;
  /** Wall clock of this device, milliseconds since 1970. */
  readonly at: number;
}

export interface SoftStateDeps {
  readonly clock: Clock;
  /** Sends to all members that are connected. */
  broadcast(payload: Uint8Array): void;
  received(from: DeviceId): void;
}

/** What the devices tell each other about themselves: held in memory only, as in GFS; a new master has it already. */
export class SoftState {
  readonly #deps: SoftStateDeps;
  readonly #reports = new Map<DeviceId, ReceivedReport>();
  #own: { readonly report: Report; readonly payload: Uint8Array } | null = null;
  #sentAt = Number.NEGATIVE_INFINITY;
  #cancelSend: CancelTimer | null = null;

  constructor(deps: SoftStateDeps) {
    this.#deps = deps;
  }

  /** The latest report of each other device that told one in this run. */
  reports(): ReadonlyMap<DeviceId, ReceivedReport> {
    return this.#reports;
  }

  own(): Report | null {
    return this.#own?.report ?? null;
  }

  /** The own report as it is sent, for a device that has just connected. */
  payload(): Uint8Array | null {
    return this.#own?.payload ?? null;
  }

  /** Takes the own report; it is sent at once, or as soon as the last one is long enough ago. */
  setOwn(report: Report): void {
    const payload = encodeReport(report);
    const same = this.#own !== null && Buffer.from(this.#own.payload).equals(payload);
    this.#own = { report, payload };
    if (same || this.#cancelSend !== null) return;
    const wait = this.#sentAt + REPORT_INTERVAL_MS - this.#deps.clock.monotonic();
    if (wait <= 0) this.send();
    else this.#cancelSend = this.#deps.clock.after(wait, () => this.send());
  }

  /** Sends the own report now: with the heartbeat. */
  send(): void {
    this.#cancelSend?.();
    this.#cancelSend = null;
    if (this.#own === null) return;
    this.#sentAt = this.#deps.clock.monotonic();
    this.#deps.broadcast(this.#own.payload);
  }

  receive(from: DeviceId, payload: Uint8Array): void {
    const report = decodeReport(payload);
    if (report === null) return;
    this.#reports.set(from, { report, at: this.#deps.clock.now() });
    this.#deps.received(from);
  }

  /** Forgets what devices said that are no longer members. */
  keepOnly(isMember: (device: DeviceId) => boolean): void {
    for (const device of this.#reports.keys()) if (!isMember(device)) this.#reports.delete(device);
  }

  stop(): void {
    this.#cancelSend?.();
    this.#cancelSend = null;
  }
}
