import type { ErrorCode } from '../errors.ts';
import { asked, type ErrorSentence, held } from './sentence.ts';

/** Codes about the engine, the group, invites and what the log decided. */
export const groupErrors = {
  'bad-request': asked('That can’t be done with what was given.', 'Check it and try again.'),
  'not-found': asked('That is not there any more.', 'Look again; someone may have changed it meanwhile.'),
  'ambiguous-name': asked('More than one goes by that name.', 'Choose it from the list.'),
  'time-out': asked('It took too long and was given up.', 'Try again when the other devices are on.'),
  cancelled: asked('It was cancelled.', 'Start it again whenever you like.'),
  internal: asked(
    'Flotilla made a mistake of its own.',
    'Try again. If it happens twice, restart Flotilla and report it.',
  ),
  unauthorized: asked(
    'This page may not talk to Flotilla.',
    'Open it with the address that Flotilla printed when it started.',
  ),
  'update-needed': held(
    'Another device uses something newer than this version knows.',
    'What is here stays as it is; newer changes wait.',
    'Update Flotilla on this computer.',
  ),
  'engine-not-running': asked(
    'Flotilla is not running on this computer.',
    'Start it, and this window comes back by itself.',
  ),
  'engine-already-running': asked(
    'Flotilla already runs with this home.',
    'Use the one that runs, or give this one a home of its own.',
  ),
  'engine-stopping': asked('Flotilla is just stopping.', 'Start it again in a moment.'),
  'home-not-usable': asked('Flotilla can’t use its own directory.', 'Check that it exists and belongs to you.'),
  'key-file-damaged': asked(
    'This computer’s key can’t be read.',
    'Bring the key file back from a backup, or join the group anew.',
  ),
  'database-damaged': asked(
    'Flotilla’s record of its folders can’t be read.',
    'Join the group anew and accept the folders where they are; equal files are not copied again.',
  ),
  'log-damaged': asked(
    'The record of the group’s changes can’t be read.',
    'It is fetched again from another device; leave one on.',
  ),
  'log-diverged': held(
    'This computer and that device hold different decisions of the group.',
    'No file is lost, but what one of them decides does not reach the other.',
    'On the one with fewer votes, leave the group and give its votes up; then join anew with a code from the other.',
  ),
  'settings-damaged': asked(
    'The settings could not be read.',
    'The defaults are used. Set again what you had changed.',
  ),
  'home-restored': held(
    'Flotilla’s own data was restored from a copy.',
    'Nothing is sent until this computer knows what it did since.',
    'Turn on another device, or go on from here.',
  ),
  'home-cloned': held(
    'Two computers run as this one.',
    'Both have stopped; no file is lost.',
    'Choose which one stays. The other joins as a new device.',
  ),
  'address-in-use': asked('Another program uses that network address.', 'Choose another port, or stop that program.'),
  'address-not-usable': asked('This computer has no such network address.', 'Check the address in the settings.'),
  'no-group': asked('This computer is not in a group.', 'Start one, or join one with a code.'),
  'already-in-group': asked('This computer already is in a group.', 'Leave that group first; its files stay here.'),
  'not-a-member': asked('This computer does not belong to that group.', 'Ask for an invite.'),
  'removed-from-group': held(
    'This computer was removed from the group.',
    'All files on it stay where they are; they are not kept the same any more.',
    'Leave the group here; then ask for a new invite, or start a group of your own.',
  ),
  'name-invalid': asked('That name can’t be used.', 'Use a name with at least one visible character, not too long.'),
  'name-taken': asked('That name is already used in the group.', 'Choose another one.'),
  'too-many-devices': asked('The group is full.', 'Remove a device that is not used any more.'),
  'too-many-folders': asked(
    'The group can’t hold more folders.',
    'Stop sharing one, or share the directory that holds several.',
  ),
  'too-many-invites': asked('Too many invites are open.', 'Revoke some that are not needed.'),
  'invite-malformed': asked(
    'That is not an invite code.',
    'Copy the whole code, from its first to its last character.',
  ),
  'invite-mistyped': asked(
    'A character in the code is wrong.',
    'Compare it with the other screen, or copy and paste it.',
  ),
  'invite-version-unsupported': asked('The code comes from a newer version.', 'Update Flotilla on this computer.'),
  'invite-unknown': asked('No group knows that invite.', 'Ask for a new code.'),
  'invite-expired': asked('The code has expired.', 'Ask for a new code.'),
  'invite-revoked': asked('The code was withdrawn.', 'Ask for a new code.'),
  'invite-used': asked(
    'The code was already used by another device.',
    'Each code lets one device in: ask for a new one.',
  ),
  'invite-wrong-group': asked('The code belongs to another group.', 'Ask for a code of the group you want to join.'),
  'invite-proof-bad': asked('The code could not be proved.', 'Ask for a new code.'),
  'join-denied': asked('The other side said no.', 'Ask whoever sent you the code.'),
  'join-no-member-found': asked(
    'No device of the group was found.',
    'Turn on a device of the group, check the network, and try again.',
  ),
  'request-unknown': asked('That request is not open any more.', 'It may have been answered on another device.'),
  'signature-bad': asked('A change was not signed by who it names.', 'It had no effect. Nothing to do.'),
  'operation-malformed': asked('A change could not be read.', 'Update Flotilla on the device that made it.'),
  'operation-too-large': asked('A change is too large.', 'Use shorter names.'),
  'sequence-reused': asked(
    'This computer gave two changes one number.',
    'This happens after its data was restored from a copy. Try again.',
  ),
  'generation-mismatch': asked('The change belongs to an older state of the group.', 'Try again.'),
  'device-unknown': asked('The group has no such device.', 'Look again at the list of devices.'),
  'device-removed': asked('That device was removed from the group.', 'Invite it again if it should come back.'),
  'device-already-member': asked('That device already is in the group.', 'Nothing to do.'),
  'folder-unknown': asked('The group has no such folder.', 'Look again at the list of folders.'),
  'folder-exists': asked('That folder is already shared.', 'Nothing to do.'),
  'folder-removed': asked(
    'That folder is not shared any more.',
    'Share it again if you still want it the same everywhere.',
  ),
  'invite-exists': asked('That invite was already made.', 'Nothing to do.'),
  'not-admin': asked('Only an admin may do that.', 'Ask an admin of the group.'),
  'not-owner': asked('Only the folder’s owner may do that.', 'Ask its owner.'),
  'no-access': asked('This computer has no access to that folder.', 'Ask its owner.'),
  'last-admin': asked('The last admin can’t go while others stay.', 'Make another device admin first.'),
  'owner-access-fixed': asked('The owner always has full access.', 'Pass the folder on to another owner first.'),
  'group-exists': asked('The group was already made.', 'Nothing to do.'),
  'budget-out-of-range': asked('That latency budget is too short or too long.', 'Choose between 1 s and 120 s.'),
  'rules-not-raised': asked('That would go back to older rules.', 'Nothing to do.'),
  'rules-not-supported': asked(
    'A device of the group does not know those rules yet.',
    'Update Flotilla on all devices.',
  ),
  'no-master': asked(
    'No decisions can be made at the moment.',
    'The change waits and goes through when enough devices are back.',
  ),
  'operation-already-decided': asked('That change was decided meanwhile.', 'Look at what was decided under Master.'),
  'operation-maybe-decided': asked(
    'That change may already be decided.',
    'Wait until the master is back; then it shows.',
  ),
  'operation-unknown': asked('That change does not wait any more.', 'Look at what was decided under Master.'),
  'too-many-waiting': asked('Too many changes wait already.', 'Cancel some, or wait until the master is back.'),
  'peer-not-connected': asked('That device is not connected.', 'Turn it on, and try again.'),
  'peer-protocol': asked(
    'Another device said something that makes no sense.',
    'The link to it was closed. Update Flotilla there.',
  ),
  'peer-too-old': held(
    'A device runs a version that is too old.',
    'What it has stays; nothing new reaches it.',
    'Update Flotilla on that device.',
  ),
  'peer-not-admitted': asked(
    'A device that is not in the group asked to come in.',
    'It was turned away. Nothing to do.',
  ),
} satisfies Partial<Record<ErrorCode, ErrorSentence>>;
