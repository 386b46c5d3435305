import type { DeviceId } from '../../../shared/ids.ts';
import type { Rates as RatesModel } from '../../../shared/model/values.ts';
import type { Network } from '../network/network.ts';
import type { Clock } from '../ports/clock.ts';
import { RateMeter } from './rate-meter.ts';

const NONE: RatesModel = { downBps: 0, upBps: 0 };
/** What flows because of files; heartbeats are no news. */
const CHANNELS = ['index', 'content'] as const;

/** What flows to and from each device, measured for people. */
export class Rates {
  readonly #network: Pick<Network, 'connected' | 'traffic'>;
  readonly #clock: Clock;
  readonly #meters = new Map<DeviceId, { readonly down: RateMeter; readonly up: RateMeter }>();
  #rates = new Map<DeviceId, RatesModel>();

  constructor(network: Pick<Network, 'connected' | 'traffic'>, clock: Clock) {
    this.#network = network;
    this.#clock = clock;
  }

  /** Measures; whether anything is worth showing anew. */
  sample(): boolean {
    const now = this.#clock.monotonic();
    const rates = new Map<DeviceId, RatesModel>();
    for (const { device } of this.#network.connected()) {
      const meters = this.#meters.get(device) ?? { down: new RateMeter(), up: new RateMeter() };
      this.#meters.set(device, meters);
      const counts = CHANNELS.map((channel) => this.#network.traffic(device, channel));
      const down = meters.down.sample(
        now,
        counts.reduce((sum, count) => sum + count.down, 0),
      );
      const up = meters.up.sample(
        now,
        counts.reduce((sum, count) => sum + count.up, 0),
      );
      rates.set(device, { downBps: Math.round(down), upBps: Math.round(up) });
    }
    const differs = [...rates].some(([device, rate]) => !similar(this.#rates.get(device) ?? NONE, rate));
    const changed = differs || rates.size !== this.#rates.size;
    if (changed) this.#rates = rates;
    return changed;
  }

  of(device: DeviceId): RatesModel {
    return this.#rates.get(device) ?? NONE;
  }

  /** All devices together. */
  total(): RatesModel {
    const all = [...this.#rates.values()];
    return {
      downBps: all.reduce((sum, rate) => sum + rate.downBps, 0),
      upBps: all.reduce((sum, rate) => sum + rate.upBps, 0),
    };
  }
}

/** Heartbeats alone must not make the screen flicker. */
function similar(a: RatesModel, b: RatesModel): boolean {
  const close = (x: number, y: number): boolean => Math.abs(x - y) < Math.max(2_000, 0.05 * Math.max(x, y));
  return close(a.downBps, b.downBps) && close(a.upBps, b.upBps);
}
