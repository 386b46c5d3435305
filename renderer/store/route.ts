/** Where the person is, as it stands in the address after `#`. Pure. */

export type FolderTab = 'files' | 'activity' | 'versions' | 'access';
export type Route =
  | { readonly screen: 'folders' }
  | { readonly screen: 'folder'; readonly id: string; readonly tab: FolderTab }
  | { readonly screen: 'devices' }
  | { readonly screen: 'master' }
  | { readonly screen: 'conflicts' }
  | { readonly screen: 'activity' }
  | { readonly screen: 'settings' };

const TABS: readonly FolderTab[] = ['files', 'activity', 'versions', 'access'];

/** Reads `#/folders/ID/TAB` and the like; whatever it does not know is the list of folders. */
export const parseRoute = (hash: string): Route => {
  const [screen, id, tab] = hash.replace(/^#\/?/, '').split('/');
  switch (screen) {
    case 'folders':
      if (id === undefined || id === '') return { screen: 'folders' };
      return { screen: 'folder', id, tab: TABS.find((known) => known === tab) ?? 'files' };
    case 'devices':
    case 'master':
    case 'conflicts':
    case 'activity':
    case 'settings':
      return { screen };
    default:
      return { screen: 'folders' };
  }
};

export const formatRoute = (route: Route): string => {
  if (route.screen !== 'folder') return `#/${route.screen}`;
  return route.tab === 'files' ? `#/folders/${route.id}` : `#/folders/${route.id}/${route.tab}`;
};
