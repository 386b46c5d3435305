/** Every screen in the states that matter: what the pictures show and the page tests look at. */
import { folderId } from '../scripted/builders.ts';
import type { StateName } from '../scripted/states.ts';
import type { Scene } from './scene.ts';
import { ACTS } from './scenes-acts.ts';

const PLACES = {
  folders: '/folders',
  folder: `/folders/${folderId(2)}`,
  devices: '/devices',
  master: '/master',
  conflicts: '/conflicts',
  activity: '/activity',
  settings: '/settings',
} as const;

const everywhere = (state: StateName, name: string): readonly Scene[] =>
  Object.entries(PLACES).map(([place, route]) => ({ name: `${place}-${name}`, state, route }));

export const SCENES: readonly Scene[] = [
  ...everywhere('normal', 'normal'),
  ...everywhere('empty', 'empty').filter((scene) => scene.name !== 'folder-empty'),
  ...everywhere('trouble', 'trouble'),
  ...everywhere('long-names', 'long-names'),
  { name: 'folders-busy', state: 'busy', route: PLACES.folders },
  { name: 'folder-busy', state: 'busy', route: `/folders/${folderId(3)}` },
  { name: 'devices-request', state: 'request', route: PLACES.devices },
  { name: 'devices-busy', state: 'busy', route: PLACES.devices },
  { name: 'master-busy', state: 'busy', route: PLACES.master },
  { name: 'folders-right-to-left', state: 'right-to-left', route: PLACES.folders },
  { name: 'devices-right-to-left', state: 'right-to-left', route: PLACES.devices },
  { name: 'folder-hundred-thousand', state: 'hundred-thousand', route: `/folders/${folderId(1)}`, names: 100_000 },
  { name: 'folder-activity', state: 'normal', route: `${PLACES.folder}/activity` },
  { name: 'folder-versions', state: 'normal', route: `${PLACES.folder}/versions` },
  { name: 'folder-access', state: 'normal', route: `${PLACES.folder}/access` },
  { name: 'folder-halted', state: 'trouble', route: `/folders/${folderId(1)}` },
  { name: 'folder-halted-foreign', state: 'halted-foreign', route: PLACES.folder },
  { name: 'folder-halted-replaced', state: 'halted-replaced', route: PLACES.folder },
  { name: 'folder-halted-unmarked', state: 'halted-unmarked', route: PLACES.folder },
  { name: 'folder-halted-other-disk', state: 'halted-other-disk', route: PLACES.folder },
  { name: 'folder-failing', state: 'failing', route: PLACES.folder },
  { name: 'folder-offered', state: 'busy', route: `/folders/${folderId(4)}` },
  { name: 'folder-gone', state: 'normal', route: `/folders/${folderId(8)}` },
  { name: 'folder-paused', state: 'paused', route: PLACES.folder },
  { name: 'folder-versions-paused', state: 'paused', route: `${PLACES.folder}/versions` },
  { name: 'folder-waiting', state: 'two-without-heavier', route: `/folders/${folderId(9)}` },
  { name: 'folder-read-only', state: 'trouble', route: `/folders/${folderId(3)}` },
  { name: 'master-two-without-heavier', state: 'two-without-heavier', route: PLACES.master },
  { name: 'master-failover-live', state: 'failover-live', route: PLACES.master },
  { name: 'home-cloned', state: 'cloned', route: PLACES.folders },
  { name: 'home-restored', state: 'restored', route: PLACES.folders },
  { name: 'settings-restart', state: 'restart', route: PLACES.settings },
  { name: 'member-folders', state: 'member', route: PLACES.folders },
  { name: 'member-devices', state: 'member', route: PLACES.devices },
  { name: 'member-master', state: 'member', route: PLACES.master },
  { name: 'member-access', state: 'member', route: `${PLACES.folder}/access` },
  { name: 'removed-folders', state: 'removed', route: PLACES.folders },
  { name: 'removed-devices', state: 'removed', route: PLACES.devices },
  { name: 'removed-master', state: 'removed', route: PLACES.master },
  { name: 'removed-activity', state: 'removed', route: PLACES.activity },
  { name: 'left-and-needed', state: 'left', route: '' },
  ...ACTS,
];
