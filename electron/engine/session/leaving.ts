import { errorCodeOf } from '../../../shared/errors.ts';
import type { DeviceId } from '../../../shared/ids.ts';
import { weightOf } from '../consensus/quorum.ts';
import { memberOf, members } from '../group/select.ts';
import type { Clock } from '../ports/clock.ts';
import type { GroupSession } from './group-session.ts';

/** How long a leaving device stays to hand on its vote, in latency budgets. */
const HAND_ON_BUDGETS = 2;

/**
 * Tells the group that this device leaves and hands on its vote, as far as that can be done soon; then it may go. Leaving
 * works always, here and now: where no decision can be made the others find a member that does not come back, and their
 * admin removes it. Throws `last-admin` where the group can decide and would have nobody to decide who is in it.
 */
export async function leaveGroup(session: GroupSession, self: DeviceId, clock: Clock): Promise<void> {
  const state = session.state();
  if (members(state).length <= 1 || memberOf(state, self) === null) return;
  const { budgetMs, decides, quorate } = session.metadata.view();
  try {
    const told = await session.decide({ kind: 'device.remove', device: self, closing: session.closingOf(self) });
    if (told !== 'committed') return;
  } catch (error) {
    // Nobody can be made admin in its place where nothing can be decided, so that must not keep its user here.
    if (errorCodeOf(error) === 'last-admin' && (decides || quorate)) throw error;
    return;
  }
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stop();
      cancel();
      resolve();
    };
    const look = (): void => {
      if (weightOf(session.metadata.view().electorate, self) === 0) done();
    };
    const cancel = clock.after(HAND_ON_BUDGETS * budgetMs, done);
    const stop = session.metadata.subscribe(look);
    void session.ended.then(done);
    look();
  });
}
