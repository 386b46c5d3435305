/** Calls that are refused, each in the circumstances in which it is, for whoever answers the contract. */
import type { ContractClient } from '../../shared/contract/contract.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { MAX_INVITE_DURATION_MS } from '../../shared/limits.ts';

/**
 * alone: no group. lastAdmin: the only admin, with `Studio` as a member. member: no admin, and none of the folders is its
 * own; `Studio` is admin and owns them, and this device may only read.
 * noMaster: an admin like `Studio`, which has more votes and is gone, so that nothing can be decided.
 * All but the first hold `Work` (at work), `Resting` (paused) and `Lost` (halted), and were offered `Offered`; each of those that the
 * member holds has a kept version.
 */
export type Circumstances = 'alone' | 'lastAdmin' | 'member' | 'noMaster';

/** What a case names. */
export interface Meant {
  readonly self: string;
  /** The id of a kept version of the folder. */
  version(folder: string): Promise<string>;
  /** Where the folder lies. */
  path(folder: string): Promise<string>;
  /** An invite that anybody could use. */
  readonly invite: string;
}

/** What is asked, and the code with which it is refused; `waiting` where it is not, but waits for a master. */
export type RefusalCase = readonly [
  what: string,
  ask: (client: ContractClient, meant: Meant) => Promise<unknown>,
  code: ErrorCode | 'waiting',
];

const NOBODY = 'nobody';
const RENAMED = [{ copy: 'a (conflict Studio 0c44be19).md', path: 'a (Studio).md' }];

/** Asks for the first step of joining. */
const joinWith = async (client: ContractClient, code: string): Promise<unknown> => {
  const steps = await client.group.join({ code });
  return steps.next();
};

/** Everything but what works without a group. */
const WITHOUT_GROUP: readonly RefusalCase[] = [
  ['invite', (client) => client.group.invite({}), 'no-group'],
  ['revoke an invite', (client) => client.group.revokeInvite({ id: 'abcd' }), 'no-group'],
  ['approve', (client) => client.group.approve({ request: NOBODY }), 'no-group'],
  ['deny', (client) => client.group.deny({ request: NOBODY }), 'no-group'],
  ['leave', (client) => client.group.leave(), 'no-group'],
  ['give up leaving', (client) => client.group.giveUpLeaving({ group: 'ab'.repeat(32) }), 'no-group'],
  ['call the group nothing', (client) => client.group.create({ name: ' ' }), 'name-invalid'],
  ['call this device nothing', (client, { self }) => client.devices.rename({ device: self, name: '' }), 'name-invalid'],
  ['remove a device', (client) => client.devices.remove({ device: NOBODY }), 'no-group'],
  ['give a role', (client) => client.devices.setRole({ device: NOBODY, role: 'admin' }), 'no-group'],
  ['cancel', (client) => client.waiting.cancel({ id: NOBODY }), 'no-group'],
  ['dismiss', (client) => client.waiting.dismiss({ id: NOBODY }), 'no-group'],
  ['share', (client) => client.folders.share({ path: '/somewhere' }), 'no-group'],
  ['accept', (client) => client.folders.accept({ folder: 'Work', path: '/somewhere' }), 'no-group'],
  ['drop', (client) => client.folders.drop({ folder: 'Work' }), 'no-group'],
  ['unshare', (client) => client.folders.unshare({ folder: 'Work' }), 'no-group'],
  ['rename a folder', (client) => client.folders.rename({ folder: 'Work', name: 'Other' }), 'no-group'],
  [
    'give access',
    (client) => client.folders.setAccess({ folder: 'Work', device: NOBODY, access: 'readOnly' }),
    'no-group',
  ],
  ['give a folder away', (client) => client.folders.transferOwner({ folder: 'Work', device: NOBODY }), 'no-group'],
  ['pause all', (client) => client.folders.pause({ folder: null }), 'no-group'],
  ['let all go on', (client) => client.folders.resume({ folder: null }), 'no-group'],
  ['look through all', (client) => client.folders.rescan({ folder: null }), 'no-group'],
  ['list files', (client) => client.folders.files({ folder: 'Work' }), 'no-group'],
  ['throw away', (client) => client.folders.throwMineAway({ folder: 'Work', path: null }), 'no-group'],
  ['list conflicts of a folder', (client) => client.conflicts.list({ folder: 'Work' }), 'no-group'],
  ['resolve', (client) => client.conflicts.resolve({ folder: 'Work', path: 'a', keep: 'keep-this' }), 'no-group'],
  ['take back', (client) => client.conflicts.takeBack({ folder: 'Work', renamed: [] }), 'no-group'],
  ['list versions', (client) => client.versions.list({ folder: 'Work', path: null }), 'no-group'],
  ['restore', (client) => client.versions.restore({ version: 'v' }), 'no-group'],
  ['pass the mastership on', (client) => client.master.transfer({ device: NOBODY }), 'no-group'],
  ['set the budget', (client) => client.master.setBudget({ budgetMs: 5_000 }), 'no-group'],
  ['list what happened in a folder', (client) => client.activity.list({ folder: 'Work' }), 'no-group'],
  ['accept into no place', (client) => client.settings.set({ acceptDirectory: 'somewhere' }), 'path-not-found'],
  ['join anew without need', (client) => client.home.answer({ answer: 'joinAnew' }), 'bad-request'],
];

/** The same for everybody in a group: what is not there, and folders that are not at work. */
const IN_A_GROUP: readonly RefusalCase[] = [
  ['make another group', (client) => client.group.create({ name: 'Other' }), 'already-in-group'],
  ['join another group', (client) => joinWith(client, 'anything'), 'already-in-group'],
  ['call this device nothing', (client, { self }) => client.devices.rename({ device: self, name: '' }), 'name-invalid'],
  ['rename nobody', (client) => client.devices.rename({ device: NOBODY, name: 'Desk' }), 'not-found'],
  ['remove nobody', (client) => client.devices.remove({ device: NOBODY }), 'not-found'],
  ['give nobody a role', (client) => client.devices.setRole({ device: NOBODY, role: 'admin' }), 'not-found'],
  ['revoke no invite', (client) => client.group.revokeInvite({ id: 'zz' }), 'invite-unknown'],
  ['cancel nothing', (client) => client.waiting.cancel({ id: NOBODY }), 'operation-unknown'],
  ['pass the mastership to nobody', (client) => client.master.transfer({ device: NOBODY }), 'not-found'],
  ['list what happened nowhere', (client) => client.activity.list({ folder: 'None' }), 'not-found'],
  ['share what is no path', (client) => client.folders.share({ path: 'Work' }), 'path-not-found'],
  [
    'share a shared place',
    async (client, { path }) => client.folders.share({ path: await path('Work') }),
    'path-inside-folder',
  ],
  ['accept nothing', (client) => client.folders.accept({ folder: 'None', path: '/somewhere' }), 'not-found'],
  ['accept again', (client) => client.folders.accept({ folder: 'Work', path: '/x' }), 'folder-already-held'],
  ['accept into no path', (client) => client.folders.accept({ folder: 'Offered', path: 'x' }), 'path-not-found'],
  [
    'accept into another folder',
    async (client, { path }) => client.folders.accept({ folder: 'Offered', path: `${await path('Work')}/in` }),
    'path-inside-folder',
  ],
  ['drop what is not held', (client) => client.folders.drop({ folder: 'Offered' }), 'folder-not-held'],
  ['drop nothing', (client) => client.folders.drop({ folder: 'None' }), 'not-found'],
  ['unshare nothing', (client) => client.folders.unshare({ folder: 'None' }), 'not-found'],
  ['rename nothing', (client) => client.folders.rename({ folder: 'None', name: 'Other' }), 'not-found'],
  [
    'give nobody access',
    (client) => client.folders.setAccess({ folder: 'Work', device: NOBODY, access: 'none' }),
    'not-found',
  ],
  [
    'give a folder to nobody',
    (client) => client.folders.transferOwner({ folder: 'Work', device: NOBODY }),
    'not-found',
  ],
  ['pause nothing', (client) => client.folders.pause({ folder: 'None' }), 'not-found'],
  ['pause what is not held', (client) => client.folders.pause({ folder: 'Offered' }), 'folder-not-held'],
  ['let go on what is not held', (client) => client.folders.resume({ folder: 'Offered' }), 'folder-not-held'],
  [
    'start over what is at work',
    (client) => client.folders.resume({ folder: 'Work', answer: { type: 'startOver' } }),
    'folder-not-halted',
  ],
  [
    'start over what is paused',
    (client) => client.folders.resume({ folder: 'Resting', answer: { type: 'startOver' } }),
    'folder-not-halted',
  ],
  ['start all over', (client) => client.folders.resume({ folder: null, answer: { type: 'startOver' } }), 'bad-request'],
  ['look through nothing', (client) => client.folders.rescan({ folder: 'None' }), 'not-found'],
  ['look through what is not held', (client) => client.folders.rescan({ folder: 'Offered' }), 'folder-not-held'],
  ['look through a paused one', (client) => client.folders.rescan({ folder: 'Resting' }), 'folder-paused'],
  ['look through a halted one', (client) => client.folders.rescan({ folder: 'Lost' }), 'folder-halted'],
  ['list files of what is not held', (client) => client.folders.files({ folder: 'Offered' }), 'folder-not-held'],
  ['list files outside', (client) => client.folders.files({ folder: 'Work', directory: '../x' }), 'not-found'],
  [
    'throw away what is not held',
    (client) => client.folders.throwMineAway({ folder: 'Offered', path: null }),
    'folder-not-held',
  ],
  ['throw away nothing', (client) => client.folders.throwMineAway({ folder: 'Work', path: 'none' }), 'not-found'],
  [
    'throw away in a paused one',
    (client) => client.folders.throwMineAway({ folder: 'Resting', path: 'none' }),
    'not-found',
  ],
  ['wait for a paused one', (client) => client.engine.waitIdle({ folder: 'Resting' }), 'folder-paused'],
  ['wait for a halted one', (client) => client.engine.waitIdle({ folder: 'Lost' }), 'folder-halted'],
  ['conflicts of what is not held', (client) => client.conflicts.list({ folder: 'Offered' }), 'folder-not-held'],
  [
    'resolve in what is not held',
    (client) => client.conflicts.resolve({ folder: 'Offered', path: 'a', keep: 'keep-this' }),
    'folder-not-held',
  ],
  [
    'resolve outside',
    (client) => client.conflicts.resolve({ folder: 'Work', path: '../a', keep: 'keep-this' }),
    'not-found',
  ],
  [
    'resolve in no folder',
    (client) => client.conflicts.resolve({ path: '/nowhere/a', keep: 'keep-this' }),
    'path-outside-folder',
  ],
  [
    'resolve in a paused one',
    (client) => client.conflicts.resolve({ folder: 'Resting', path: 'a', keep: 'keep-this' }),
    'folder-paused',
  ],
  [
    'resolve in a halted one',
    (client) => client.conflicts.resolve({ folder: 'Lost', path: 'a', keep: 'keep-this' }),
    'folder-halted',
  ],
  [
    'take back in a paused one',
    (client) => client.conflicts.takeBack({ folder: 'Resting', renamed: RENAMED }),
    'folder-paused',
  ],
  [
    'take back what is no name',
    (client) => client.conflicts.takeBack({ folder: 'Work', renamed: [{ copy: '../a', path: 'a' }] }),
    'not-found',
  ],
  ['versions of nothing', (client) => client.versions.list({ folder: 'None', path: null }), 'not-found'],
  [
    'versions of what is not held',
    (client) => client.versions.list({ folder: 'Offered', path: null }),
    'folder-not-held',
  ],
  ['versions in no folder', (client) => client.versions.list({ path: '/nowhere/a' }), 'path-outside-folder'],
  ['restore nothing', (client) => client.versions.restore({ folder: 'Work', version: 'none' }), 'version-unknown'],
  ['restore nothing anywhere', (client) => client.versions.restore({ version: 'none' }), 'version-unknown'],
  [
    'restore into what is not held',
    (client) => client.versions.restore({ folder: 'Offered', version: 'none' }),
    'folder-not-held',
  ],
];

const OF_THE_LAST_ADMIN: readonly RefusalCase[] = [
  ['leave', (client) => client.group.leave(), 'last-admin'],
  ['stop being admin', (client, { self }) => client.devices.setRole({ device: self, role: 'member' }), 'last-admin'],
  ['remove itself', (client, { self }) => client.devices.remove({ device: self }), 'last-admin'],
  [
    'invite for too long',
    (client) => client.group.invite({ expiresMs: MAX_INVITE_DURATION_MS + 1 }),
    'operation-malformed',
  ],
  ['approve nobody', (client) => client.group.approve({ request: NOBODY }), 'request-unknown'],
  ['deny nobody', (client) => client.group.deny({ request: NOBODY }), 'request-unknown'],
  ['call another nothing', (client) => client.devices.rename({ device: 'Studio', name: '' }), 'name-invalid'],
  ['call a folder nothing', (client) => client.folders.rename({ folder: 'Work', name: ' ' }), 'name-invalid'],
  ['call a folder a path', (client) => client.folders.rename({ folder: 'Work', name: 'a/b' }), 'name-invalid'],
  ['set no budget', (client) => client.master.setBudget({ budgetMs: 0 }), 'budget-out-of-range'],
  [
    'take its own access',
    (client, { self }) => client.folders.setAccess({ folder: 'Work', device: self, access: 'readOnly' }),
    'owner-access-fixed',
  ],
  [
    'resolve no conflict',
    (client) => client.conflicts.resolve({ folder: 'Work', path: 'a', keep: 'keep-this' }),
    'conflict-unknown',
  ],
  [
    'take back no copy',
    (client) => client.conflicts.takeBack({ folder: 'Work', renamed: [{ copy: 'b', path: 'a' }] }),
    'bad-request',
  ],
];

const OF_A_MEMBER: readonly RefusalCase[] = [
  ['invite', (client) => client.group.invite({}), 'not-admin'],
  ['revoke', (client, { invite }) => client.group.revokeInvite({ id: invite }), 'not-admin'],
  ['approve', (client) => client.group.approve({ request: NOBODY }), 'not-admin'],
  ['deny', (client) => client.group.deny({ request: NOBODY }), 'not-admin'],
  ['rename another', (client) => client.devices.rename({ device: 'Studio', name: 'Desk' }), 'not-admin'],
  ['remove another', (client) => client.devices.remove({ device: 'Studio' }), 'not-admin'],
  ['become admin', (client, { self }) => client.devices.setRole({ device: self, role: 'admin' }), 'not-admin'],
  ['pass the mastership on', (client, { self }) => client.master.transfer({ device: self }), 'not-admin'],
  ['set the budget', (client) => client.master.setBudget({ budgetMs: 5_000 }), 'not-admin'],
  ['unshare', (client) => client.folders.unshare({ folder: 'Work' }), 'not-owner'],
  ['rename a folder', (client) => client.folders.rename({ folder: 'Work', name: 'Other' }), 'not-owner'],
  [
    'give access',
    (client) => client.folders.setAccess({ folder: 'Work', device: 'Studio', access: 'readOnly' }),
    'not-owner',
  ],
  ['give a folder away', (client) => client.folders.transferOwner({ folder: 'Work', device: 'Studio' }), 'not-owner'],
  [
    'resolve',
    (client) => client.conflicts.resolve({ folder: 'Work', path: 'a', keep: 'keep-this' }),
    'no-right-to-write',
  ],
  ['take back', (client) => client.conflicts.takeBack({ folder: 'Work', renamed: RENAMED }), 'no-right-to-write'],
  [
    'restore in a paused one',
    async (client, { version }) => client.versions.restore({ folder: 'Resting', version: await version('Resting') }),
    'folder-paused',
  ],
  [
    'restore in a halted one',
    async (client, { version }) => client.versions.restore({ folder: 'Lost', version: await version('Lost') }),
    'folder-halted',
  ],
];

/** What can be judged is refused at once; what would be accepted now waits. */
const WITHOUT_MASTER: readonly RefusalCase[] = [
  ['pass the mastership on', (client, { self }) => client.master.transfer({ device: self }), 'no-master'],
  ['approve nobody', (client) => client.group.approve({ request: NOBODY }), 'request-unknown'],
  ['invite', (client) => client.group.invite({}), 'waiting'],
  ['set no budget', (client) => client.master.setBudget({ budgetMs: 0 }), 'budget-out-of-range'],
  ['call another nothing', (client) => client.devices.rename({ device: 'Studio', name: '' }), 'name-invalid'],
  ['call a folder nothing', (client) => client.folders.rename({ folder: 'Work', name: ' ' }), 'name-invalid'],
  [
    'take its own access',
    (client, { self }) => client.folders.setAccess({ folder: 'Work', device: self, access: 'none' }),
    'owner-access-fixed',
  ],
  ['remove the other', (client) => client.devices.remove({ device: 'Studio' }), 'waiting'],
  ['unshare', (client) => client.folders.unshare({ folder: 'Work' }), 'waiting'],
];

/** What is refused in each of the circumstances. */
export const REFUSAL_CASES: Readonly<Record<Circumstances, readonly RefusalCase[]>> = {
  alone: WITHOUT_GROUP,
  lastAdmin: [...IN_A_GROUP, ...OF_THE_LAST_ADMIN],
  member: [...IN_A_GROUP, ...OF_A_MEMBER],
  noMaster: [...IN_A_GROUP, ...WITHOUT_MASTER],
};
