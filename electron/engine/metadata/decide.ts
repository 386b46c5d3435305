import { failure } from '../../../shared/errors.ts';
import { failureOf } from '../../../shared/text/error-sentences.ts';
import type { Clock } from '../ports/clock.ts';
import type { Submission } from './submissions.ts';

/** Where a change stands when its author has waited for it. */
export interface DecideResult {
  readonly id: string;
  readonly state: 'committed' | 'waiting';
}

/**
 * Waits for the outcome of a change, at most `waitMs`. Throws `FlotillaError` with the code of the refusal, or `cancelled`.
 */
export async function decideWithin({ id, decided }: Submission, waitMs: number, clock: Clock): Promise<DecideResult> {
  const timeOut = new Promise<null>((resolve) => {
    const cancel = clock.after(waitMs, () => resolve(null));
    void decided.then(cancel);
  });
  const result = await Promise.race([decided, timeOut]);
  if (result === null || result.type === 'stopped') return { id, state: 'waiting' };
  if (result.type === 'refused') throw failureOf(result.code);
  if (result.type === 'cancelled') throw failure('cancelled', 'The change was cancelled');
  return { id, state: 'committed' };
}
