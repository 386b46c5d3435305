/** The words for a group that this device is still leaving. */
import { listed, named, plural } from '../model/amounts.ts';
import type { Leaving } from '../model/leaving.ts';

const those = (names: readonly string[], word: 'or' | 'and'): string =>
  names.length === 0
    ? 'another device'
    : listed(
        names.map((name) => named(name)),
        word,
      );

/** What goes on. */
export const leavingTitle = ({ name }: Leaving): string => `Still leaving ${name === '' ? 'a group' : named(name)}`;

/** What this device still does for the group, in a sentence. */
export const leavingWords = ({ weight, votes, staying }: Leaving): string => {
  const one = those(staying, 'or');
  if (weight === 0) return `The others are told that this computer has left once ${one} can be reached.`;
  const own = weight === votes ? `${plural(weight, 'vote')}, all there are,` : `${weight} of ${plural(votes, 'vote')}`;
  return `This computer still has ${own} in the background, until ${one} can take ${weight === 1 ? 'it' : 'them'}.`;
};

/** What giving that up means: who can't decide anything then. */
export const givingUpWords = ({ staying, needed }: Leaving): string => {
  if (!needed)
    return 'The others go on deciding without this computer. It stays on their list until an admin removes it.';
  const who = those(staying, 'and');
  return `${who} can’t decide anything any more then: no devices and no folders can be added there. Files go on syncing.`;
};
