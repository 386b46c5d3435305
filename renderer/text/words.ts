/** Words that more than one screen uses. */
import type { Link } from '../../shared/model/device.ts';
import type { KeptVersion } from '../../shared/model/kept-version.ts';
import type { Access, Role } from '../../shared/model/values.ts';
import type { Route } from '../store/route.ts';

export const SCREEN_WORDS: Readonly<Record<Route['screen'], string>> = {
  folders: 'Folders',
  folder: 'Folder',
  devices: 'Devices',
  master: 'Master',
  conflicts: 'Conflicts',
  activity: 'Activity',
  settings: 'Settings',
};

export const LINK_WORDS: Readonly<Record<Link['kind'], string>> = {
  lan: 'Same network',
  direct: 'Direct, over the internet',
  relayed: 'Relayed',
};

export const ROLE_WORDS: Readonly<Record<Role, string>> = { admin: 'Admin', member: 'Member' };

export const ACCESS_WORDS: Readonly<Record<Access, string>> = {
  readWrite: 'May change files',
  readOnly: 'May read only',
  none: 'No access',
};

export const REASON_WORDS: Readonly<Record<KeptVersion['reason'], string>> = {
  replaced: 'Replaced by a newer version',
  deleted: 'Deleted',
  conflict: 'Put aside in a conflict',
};
