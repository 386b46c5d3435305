import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChanges, diffState } from '../../shared/contract/patch.ts';
import { appStateSchema } from '../../shared/model/app-state.ts';
import { STATES, type StateName } from '../support/scripted/states.ts';

const names = Object.keys(STATES) as StateName[];

describe('patches of the state', () => {
  it('lead from any state to any other', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.constantFrom(...names), fc.boolean(), (from, to, turned) => {
        const before = STATES[from]();
        const target = STATES[to]();
        const after = turned ? { ...target, folders: [...target.folders].reverse() } : target;
        expect(applyChanges(before, diffState(before, after))).toEqual(after);
      }),
    );
  });

  it('say nothing where nothing changed, and one thing where one did', () => {
    const before = STATES.normal();
    expect(diffState(before, STATES.normal())).toEqual([]);
    const [first, ...rest] = before.folders;
    if (!first) throw new Error('the state has folders');
    const changes = diffState(before, { ...before, folders: [{ ...first, files: 7 }, ...rest] });
    expect(changes.map((change) => [change.op, change.part])).toEqual([['put', 'folders']]);
  });

  it('keep what they do not touch as it is', () => {
    const before = STATES.normal();
    const after = applyChanges(before, [{ op: 'set', part: 'conflictCount', value: 3 }]);
    expect(after.folders).toBe(before.folders);
    expect(before.conflictCount).toBe(0);
  });

  it('carry states that fit the schema', () => {
    for (const name of names) expect(appStateSchema.safeParse(STATES[name]()).error).toBeUndefined();
  });
});
