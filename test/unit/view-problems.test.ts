import { expect, it } from 'vitest';
import { Problems } from '../../electron/engine/view/problems.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const studio = '0a'.repeat(32) as DeviceId;

it('keeps what shows itself once until it is solved, and lets go of what does not come again', () => {
  const clock = createFakeClock();
  let told = 0;
  const problems = new Problems(clock, () => {
    told += 1;
  });
  problems.add('peer-too-old', studio, 'old');
  problems.add('address-in-use', null, 'in use');
  clock.advance(50_000);
  problems.add('address-in-use', null, 'in use');
  clock.advance(50_000);
  expect(problems.list().map(({ code }) => code)).toEqual(['peer-too-old', 'address-in-use']);
  clock.advance(3_600_000);
  expect(problems.list().map(({ code }) => code)).toEqual(['peer-too-old']);
  problems.solved('peer-too-old', studio);
  problems.solved('peer-too-old', studio);
  expect(problems.list()).toEqual([]);
  expect(told).toBe(4);
});
