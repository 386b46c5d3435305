import { compareLive, type ReadValue } from '../../electron/engine/reconcile/entry-set.ts';
import type { FileMutant } from './file-mutant.ts';

/** Forgets who lost a name. */
export const forgetsLosers: FileMutant = {
  familyTree: (honest) => (family) => {
    const sets = new Map(family.sets);
    for (const [name, values] of sets) {
      const live = values.filter(({ entry }) => entry !== null && entry.value.kind !== 'gone') as ReadValue[];
      const [first, ...losers] = live.sort((a, b) => compareLive(b, a));
      if (first !== undefined && losers.length > 0)
        sets.set(
          name,
          values.filter((value) => !losers.includes(value as ReadValue)),
        );
    }
    return honest({ ...family, sets });
  },
};

/** Lets a removal take away versions that it does not name. */
export const removalsTakeAll: FileMutant = {
  familyTree: (honest) => (family) => {
    const sets = new Map(family.sets);
    for (const [name, values] of sets) {
      const gones = values.filter(({ entry }) => entry?.value.kind === 'gone');
      if (gones.length > 0) sets.set(name, gones);
    }
    return honest({ ...family, sets });
  },
};

/** Does not bring back what stood before a change that counts as never written. */
export const restoresNothing: FileMutant = {
  standingValues: (honest) => (history) => {
    const standing = honest(history);
    return { ...standing, values: standing.values.filter((value) => history.current.includes(value)) };
  },
};
