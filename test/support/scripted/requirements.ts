/** What the scripted engine refuses, and with which code: as the engine itself does in the same circumstances. */
import { isAbsolute } from 'node:path';
import { ORPCError } from '@orpc/server';
import { isFolderName, isName } from '../../../electron/engine/group/rules/names.ts';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Device } from '../../../shared/model/device.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import { parseRelativePath } from '../../../shared/relative-path.ts';

/** What crosses the contract when something is refused. */
export const refusal = (code: ErrorCode): Error =>
  new ORPCError('REFUSED', {
    status: 400,
    data: { code, message: `scripted: ${code}`, path: code === 'path-not-writable' ? '/srv/locked' : null },
  });

const isAdmin = ({ devices }: AppState): boolean => devices.some(({ self, role }) => self && role === 'admin');

/** Whether that device is an admin, and no other is. */
const isLastAdmin = ({ devices }: AppState, id: string): boolean =>
  devices.every((device) => (device.role === 'admin') === (device.id === id));

const lies = (path: string, directory: string): boolean => path === directory || path.startsWith(`${directory}/`);

/** Asks of the state what a call needs; throws the refusal where that is not so. Codes that are given, not thrown, are the group's. */
export const requirements = (state: () => AppState) => {
  const need = (holds: boolean, code: ErrorCode): void => {
    if (!holds) throw refusal(code);
  };
  const group = (): void => need(state().group !== null, 'no-group');
  const device = (ref: string): Device => {
    group();
    const found = state().devices.find(({ id, name }) => id === ref || name === ref);
    if (found === undefined) throw refusal('not-found');
    return found;
  };
  const folder = (ref: string): Folder => {
    group();
    const found = state().folders.find(({ id, name }) => id === ref || name === ref);
    if (found === undefined || found.state === 'waiting') throw refusal('not-found');
    return found;
  };
  const held = (ref: string): Folder => {
    const found = folder(ref);
    need(found.path !== null, 'folder-not-held');
    return found;
  };
  const working = (found: Folder): void => {
    need(found.state !== 'paused', 'folder-paused');
    need(found.state !== 'halted', 'folder-halted');
    need(found.state !== 'error', found.problems[0]?.code ?? 'internal');
  };
  return {
    need,
    group,
    device,
    folder,
    held,
    working,
    /** Folders that a call without a folder means. */
    allHeld: (): readonly Folder[] =>
      state().folders.filter(({ path, state: at }) => path !== null && at !== 'waiting'),
    writing: ({ access }: Folder): void => need(access === 'readWrite', 'no-right-to-write'),
    inside: (path: string): void => need(parseRelativePath(path) !== null, 'not-found'),
    /** A place for a folder: what the disk itself would say is not asked. */
    place: (path: string): void => {
      need(isAbsolute(path), 'path-not-found');
      for (const { path: taken } of state().folders) {
        need(taken === null || !lies(path, taken), 'path-inside-folder');
        need(taken === null || !lies(taken, path), 'path-around-folder');
      }
    },
    admin: (): ErrorCode | null => (isAdmin(state()) ? null : 'not-admin'),
    name: (name: string): ErrorCode | null => (isName(name) ? null : 'name-invalid'),
    folderName: (name: string): ErrorCode | null => (isFolderName(name) ? null : 'name-invalid'),
    owner: ({ owner }: Folder): ErrorCode | null => (owner === state().self.id ? null : 'not-owner'),
    /** The group is not left without one who can say who is in it. */
    stays: (id: string): ErrorCode | null => (isLastAdmin(state(), id) ? 'last-admin' : null),
  };
};
