/** What the tray and the window's title say, whatever is known of the engine. Pure. */
import type { Glance } from '../../shared/contract/bridge.ts';
import { named } from '../../shared/model/amounts.ts';
import { truthOf } from '../../shared/model/truth.ts';
import { sentenceOf } from '../../shared/text/error-sentences.ts';
import type { Live } from '../store/app-store.ts';
import type { Route } from '../store/route.ts';
import { folderById } from '../store/selectors.ts';
import { SCREEN_WORDS } from '../text/words.ts';

/** The window's sentence. What was last known is claimed no longer than the engine is there to say so. */
export const glanceOf = (live: Live): Glance => {
  switch (live.kind) {
    case 'connecting':
      return { sentence: 'Starting', tone: 'quiet' };
    case 'failed':
      return { sentence: sentenceOf(live.code).what, tone: 'halted' };
    case 'reconnecting':
      return { sentence: sentenceOf('engine-not-running').what, tone: 'halted' };
    case 'live': {
      const { text, tone } = truthOf(live.state);
      return { sentence: text, tone };
    }
  }
};

/** The title: which screen, then the sentence. */
export const titleOf = (live: Live, route: Route): string => {
  if (live.kind !== 'live' || live.state.group === null) return 'Flotilla';
  const folder = route.screen === 'folder' ? folderById(live.state, route.id) : null;
  const where = folder === null ? SCREEN_WORDS[route.screen] : named(folder.name);
  return `${where} · ${glanceOf(live).sentence} · Flotilla`;
};
