import { expect, it } from 'vitest';
import { WatchHub } from '../../electron/engine/view/watch-hub.ts';
import type { AppState } from '../../shared/model/app-state.ts';
import { createFakeClock, settlePromises } from '../support/fake-clock.ts';

it('computes a costly state less often, and lets every client go', async () => {
  const clock = createFakeClock();
  let computed = 0;
  const hub = new WatchHub(clock, () => {
    computed += 1;
    clock.advance(40);
    return { home: computed % 2 === 0 ? 'ok' : 'confirm' } as AppState;
  });
  const abort = new AbortController();
  const [stream, gone] = [hub.watch(undefined), hub.watch(abort.signal)];
  expect((await stream.next()).value).toMatchObject({ type: 'snapshot' });
  expect((await gone.next()).value).toMatchObject({ type: 'snapshot' });
  expect(computed).toBe(1);
  const patch = stream.next();
  const last = gone.next();
  await settlePromises();
  abort.abort();
  expect((await last).done).toBe(true);
  hub.changed();
  clock.advance(399);
  await settlePromises();
  expect(computed).toBe(1);
  clock.advance(1);
  expect((await patch).value).toMatchObject({ type: 'patch' });
  expect(computed).toBe(2);
  const end = stream.next();
  await settlePromises();
  hub.stop();
  expect((await end).done).toBe(true);
  hub.changed();
  expect(clock.pending()).toBe(0);
});
