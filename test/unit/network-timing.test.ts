import { describe, expect, it } from 'vitest';
import { BULK_QUEUE_MS, BulkWindow } from '../../electron/engine/network/bulk-window.ts';
import { type NetworkChange, watchForChanges } from '../../electron/engine/network/change-watch.ts';
import { KeepAlive } from '../../electron/engine/network/keep-alive.ts';
import { LINK_SILENT_MS } from '../../shared/limits.ts';
import { createFakeClock } from '../support/fake-clock.ts';

describe('PA keep-alive', () => {
  function watched() {
    const clock = createFakeClock();
    const pings: number[] = [];
    let silent = false;
    const keepAlive = new KeepAlive(
      clock,
      (nonce) => pings.push(nonce),
      () => {
        silent = true;
      },
    );
    return { clock, pings, keepAlive, isSilent: () => silent };
  }

  it('PA-23 gives up a link after two silent seconds, and not while something comes', () => {
    const { clock, keepAlive, isSilent } = watched();
    for (let i = 0; i < 20; i += 1) {
      clock.advance(450);
      keepAlive.heard();
    }
    expect(isSilent()).toBe(false);
    clock.advance(LINK_SILENT_MS + 500);
    expect(isSilent()).toBe(true);
  });

  it('PA-24 measures the round trip', () => {
    const { clock, pings, keepAlive } = watched();
    expect(keepAlive.rttMs).toBeNull();
    clock.advance(500);
    clock.advance(30);
    keepAlive.pong(pings[0] as number);
    expect(keepAlive.rttMs).toBe(30);
    keepAlive.pong(99);
    expect(keepAlive.rttMs).toBe(30);
  });
});

describe('PA changes', () => {
  it('PA-25 are seen: other addresses, and sleep on either clock', () => {
    const clock = createFakeClock();
    let addresses = ['10.0.0.1'];
    const seen: NetworkChange['type'][] = [];
    watchForChanges(
      clock,
      () => addresses,
      ({ type }) => seen.push(type),
    );
    clock.advance(10_000);
    expect(seen).toEqual([]);
    addresses = ['10.0.0.2'];
    clock.advance(1_000);
    expect(seen).toEqual(['addresses']);
    clock.jumpWall(60_000);
    clock.advance(1_000);
    expect(seen).toEqual(['addresses', 'woke']);
    clock.jumpWall(-60_000);
    clock.advance(5_000);
    expect(seen).toEqual(['addresses', 'woke']);
  });
});

describe('PA bulk window', () => {
  /** Sends bulk over a path of a fixed rate with a queue, and says how full the pipe was and how long the queue. */
  function simulate(bytesPerMs: number, pathMs: number, forMs: number) {
    const window = new BulkWindow();
    const onTheWay: { readonly at: number; readonly total: number }[] = [];
    let sent = 0;
    let freeAt = 0;
    let longest = 0;
    let delivered = 0;
    for (let now = 0; now < forMs; now += 1) {
      while (onTheWay[0] !== undefined && onTheWay[0].at <= now) {
        const { total } = onTheWay.shift() as { at: number; total: number };
        delivered = total;
        expect(window.acknowledged(total, now)).toBe(true);
      }
      for (let piece = window.nextPiece(); piece > 0; piece = window.nextPiece()) {
        window.sent(piece, now);
        sent += piece;
        freeAt = Math.max(freeAt, now) + piece / bytesPerMs;
        onTheWay.push({ at: freeAt + pathMs, total: sent });
      }
      if (now > forMs / 2) longest = Math.max(longest, freeAt - now);
    }
    return { use: delivered / (bytesPerMs * forMs), longest };
  }

  it.each([
    [100, 20],
    [1_000, 2],
    [1_000, 50],
    [5_000, 100],
    [20_000, 1],
  ])('PA-26 fills a path of %d bytes/ms and %d ms, with a short queue', (rate, path) => {
    const { use, longest } = simulate(rate, path, 20_000);
    expect(use).toBeGreaterThan(0.85);
    // For a moment after a probe the whole window stands in the queue; its least size is what a slow path has to bear.
    expect(longest).toBeLessThan(Math.max(2 * BULK_QUEUE_MS + path, (64 * 1024) / rate));
  });

  it('PA-27 takes no acknowledgement of what was not sent', () => {
    const window = new BulkWindow();
    window.sent(100, 0);
    expect(window.acknowledged(101, 1)).toBe(false);
    expect(window.acknowledged(100, 1)).toBe(true);
  });
});
