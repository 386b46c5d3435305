import { beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../electron/engine/ports/store.ts';
import type { GroupSession } from '../../electron/engine/session/group-session.ts';
import { HomeIdentity } from '../../electron/engine/session/home-identity.ts';
import { HomeWatch } from '../../electron/engine/session/home-watch.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const random = createSeededRandom(4);

describe('a home that is watched over', () => {
  let store: Store;
  let clock: FakeClock;
  let held: boolean;
  let caughtUp: boolean;

  beforeEach(() => {
    store = createMemoryStore();
    clock = createFakeClock();
    caughtUp = false;
  });

  /** A start of the engine on the home. */
  function start(on = store): { readonly watch: HomeWatch; readonly number: number; readonly home: HomeIdentity } {
    const home = new HomeIdentity(on);
    const { number } = home.nextStart(random);
    held = false;
    const session = {
      metadata: { hold: () => (held = true), release: () => (held = false), isCaughtUp: () => caughtUp },
      indexes: { hold: () => {}, counters: { ahead: () => null } },
    } as unknown as GroupSession;
    const watch = new HomeWatch({
      clock,
      session: () => session,
      settledStart: () => home.settledStart(),
      settleStart: (settled) => home.settleStart(settled),
      goOnAbove: (above) => home.goOnAbove(above),
      changed: () => {},
    });
    return { watch, number, home };
  }

  it('PA-41 stays as its user chose, though the other goes on running', () => {
    const one = start();
    one.watch.shown('cloned', 6);
    expect([one.watch.state(), held]).toEqual(['cloned', true]);
    one.watch.stay();
    const again = start();
    expect(again.number).toBe(7);
    // The other still answers, and others remember its statement.
    again.watch.shown('cloned', 6);
    again.watch.shown('restored', 6);
    expect([again.watch.state(), held]).toEqual(['ok', false]);
    const later = start();
    later.watch.shown('cloned', 1);
    expect(later.watch.state()).toBe('ok');
    // What was started after the choice is another matter.
    later.watch.shown('cloned', 9);
    expect(later.watch.state()).toBe('cloned');
  });

  it('PA-41 stays as its user chose where the other has ended before', () => {
    const one = start();
    one.watch.shown('cloned', 6);
    // The other's end changes nothing here.
    one.watch.look();
    one.watch.stay();
    expect(start().watch.state()).toBe('ok');
  });

  it('PA-41 is no less one of two for having caught up before the other answered', () => {
    const one = start();
    caughtUp = true;
    one.watch.shown('restored', one.number);
    expect(one.watch.state()).toBe('ok');
    one.watch.shown('cloned', one.number);
    expect([one.watch.state(), held]).toEqual(['cloned', true]);
  });

  it('PA-40 goes on above what it was shown once it has caught up, or its user says so', () => {
    for (const byUser of [false, true]) {
      const one = start();
      const { number } = one;
      one.watch.shown('restored', number + 5);
      expect([one.watch.state(), held]).toEqual(['recovering', true]);
      clock.advance(60_000);
      expect(one.watch.state()).toBe('confirm');
      if (byUser) one.watch.goOn();
      else caughtUp = true;
      one.watch.look();
      expect([one.watch.state(), held]).toEqual(['ok', false]);
      one.watch.shown('restored', number + 5);
      expect(one.watch.state()).toBe('ok');
      caughtUp = false;
      expect(start().number).toBe(number + 6);
    }
  });

  it('PA-56 copied while it ran, recovers as from a later start, once', () => {
    const one = start();
    one.watch.forgot('signed');
    expect([one.watch.state(), held]).toEqual(['recovering', true]);
    caughtUp = true;
    one.watch.look();
    expect([one.watch.state(), held]).toEqual(['ok', false]);
    caughtUp = false;
    one.watch.forgot('signed');
    one.watch.forgot('claimed');
    expect([one.watch.state(), held]).toEqual(['ok', false]);
    expect(start().number).toBe(one.number + 1);
  });

  it('PA-56 does not vote for a moment because of what another claims', () => {
    const one = start();
    one.watch.forgot('claimed');
    expect([one.watch.state(), held]).toEqual(['ok', true]);
    clock.advance(3_000);
    expect([one.watch.state(), held]).toEqual(['ok', false]);
    const proven = start();
    proven.watch.forgot('claimed');
    proven.watch.forgot('signed');
    clock.advance(3_000);
    expect([proven.watch.state(), held]).toEqual(['recovering', true]);
  });

  it('PA-21 knows its own starts', () => {
    const home = new HomeIdentity(store);
    const first = home.nextStart(random);
    const second = new HomeIdentity(store).nextStart(random);
    expect(second.number).toBe(first.number + 1);
    expect(second.isOwn(first.number, first.instance)).toBe(true);
    expect(second.isOwn(second.number, second.instance)).toBe(true);
    expect(second.isOwn(first.number, second.instance)).toBe(false);
    expect(second.isOwn(9, first.instance)).toBe(false);
  });
});
