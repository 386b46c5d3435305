import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withHeartbeat } from '../../build/running/heartbeat.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** When something was said, in seconds. */
async function saidDuring(work: (say: (text: string) => void) => Promise<void>): Promise<readonly number[]> {
  const started = Date.now();
  const times: number[] = [];
  const done = withHeartbeat('work', work, () => times.push((Date.now() - started) / 1_000));
  await vi.advanceTimersByTimeAsync(60_000);
  await done;
  return times;
}

it('leaves no silence of 5 s while work says nothing, and none of its own beside work that speaks', async () => {
  const silent = await saidDuring(() => pause(20_000));
  expect(silent).toEqual([3, 6, 9, 12, 15, 18]);
  const speaking = await saidDuring(async (say) => {
    for (let i = 0; i < 8; i += 1) {
      await pause(2_500);
      say('progress');
    }
  });
  expect(speaking).toHaveLength(8);
  const half = await saidDuring(async (say) => {
    await pause(2_500);
    say('progress');
    await pause(10_000);
  });
  expect(Math.max(...half.map((time, i) => time - (half[i - 1] ?? 0)))).toBeLessThan(5);
});
