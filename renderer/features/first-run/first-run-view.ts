/** Which step of the first run is shown. Pure. */

import type { ErrorCode } from '../../../shared/errors.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Folder } from '../../../shared/model/folder.ts';

/** What the person has chosen so far in this window. */
export interface Chosen {
  readonly named: boolean;
  readonly way: 'none' | 'start' | 'join';
}

export type FirstRunView =
  | { readonly step: 1; readonly kind: 'name' }
  | { readonly step: 2; readonly kind: 'choose' }
  | { readonly step: 2; readonly kind: 'start' }
  | { readonly step: 2; readonly kind: 'code'; readonly failed: ErrorCode | null }
  | { readonly step: 2; readonly kind: 'searching' }
  | { readonly step: 2; readonly kind: 'approval'; readonly phrase: string }
  | { readonly step: 3; readonly kind: 'share' }
  | { readonly step: 3; readonly kind: 'offered'; readonly folders: readonly Folder[] };

/** The step, from what the engine says first and from what was chosen second. */
export const firstRunView = (state: AppState, chosen: Chosen): FirstRunView => {
  if (state.group) {
    const offered = state.folders.filter((folder) => folder.state === 'offered' || folder.path !== null);
    const joined = state.devices.length > 1 || offered.some((folder) => folder.owner !== state.self.id);
    return joined ? { step: 3, kind: 'offered', folders: offered } : { step: 3, kind: 'share' };
  }
  switch (state.joining?.type) {
    case 'searching':
    case 'admitted':
      return { step: 2, kind: 'searching' };
    case 'waitingForApproval':
      return { step: 2, kind: 'approval', phrase: state.joining.phrase };
    case 'failed':
      return { step: 2, kind: 'code', failed: state.joining.code };
    case undefined:
      break;
  }
  if (!chosen.named) return { step: 1, kind: 'name' };
  switch (chosen.way) {
    case 'none':
      return { step: 2, kind: 'choose' };
    case 'start':
      return { step: 2, kind: 'start' };
    case 'join':
      return { step: 2, kind: 'code', failed: null };
  }
};

/** The code inside whatever was pasted: a link, a line with spaces, capitals. */
export const codeOf = (text: string): string => {
  const link = /flotilla:\/\/join\/([^\s/?#]+)/i.exec(text);
  return (link?.[1] ?? text).replace(/\s+/g, '').toLowerCase();
};
