import type { ErrorCode } from '../../../shared/errors.ts';
import type { DeviceId } from '../../../shared/ids.ts';
import type { EngineProblem } from '../../../shared/model/problem.ts';
import { liveFolders, memberOf } from '../group/select.ts';
import { type GroupState, KNOWN_TREE_RULES } from '../group/state.ts';

/** What the state of things says of this device, for as long as it says so. */
export interface Standing {
  readonly state: GroupState;
  /** What the log holds that this program does not understand; null: nothing. */
  readonly updateNeeded: string | null;
  /** Devices that hold other decisions of the group than this one. */
  readonly diverged: readonly DeviceId[];
  /** The group has removed this device. */
  readonly isRemoved: boolean;
  /** Since when, at the latest, it is so. */
  readonly since: number;
}

/** Problems that are read off the state, and are gone when that is another: nobody has to tell them again. */
export function standingProblems({
  state,
  updateNeeded,
  diverged,
  isRemoved,
  since,
}: Standing): readonly EngineProblem[] {
  const problem = (code: ErrorCode, about: string, message: string): EngineProblem => ({
    id: `${code}-${about}`,
    code,
    message,
    since,
    device: null,
    path: null,
  });
  const problems: EngineProblem[] = [];
  if (isRemoved)
    problems.push(problem('removed-from-group', state.id, `This device was removed from the group ${state.name}.`));
  if (updateNeeded !== null)
    problems.push(
      problem('update-needed', state.id, `The group uses what this version does not know: ${updateNeeded}.`),
    );
  for (const device of diverged) {
    const name = memberOf(state, device)?.name ?? device.slice(0, 8);
    const message = `This device and ${name} hold different decisions of the group; one of them was put back from a copy.`;
    problems.push({ ...problem('log-diverged', device, message), device });
  }
  for (const { id, name, rules } of liveFolders(state)) {
    if (rules > KNOWN_TREE_RULES)
      problems.push(
        problem('update-needed', id, `The folder ${name} needs a newer version of Flotilla; its files are left alone.`),
      );
  }
  return problems;
}
