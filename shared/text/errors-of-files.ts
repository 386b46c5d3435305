import type { ErrorCode } from '../errors.ts';
import { asked, type ErrorSentence, held } from './sentence.ts';

const OTHERS_GO_ON = 'It stays as it is on this computer; all other files go on.';

/** Codes about places, files, halts, versions and content. */
export const fileErrors = {
  'path-not-found': asked('There is nothing at that place.', 'Check the path.'),
  'path-not-a-directory': asked(
    'That is a file, and only directories can be shared.',
    'Choose the directory that holds it.',
  ),
  'path-inside-folder': asked('That place lies inside a folder that is already shared.', 'Choose one outside of it.'),
  'path-around-folder': asked(
    'That place holds a folder that is already shared.',
    'Choose one that does not, or stop sharing the inner one.',
  ),
  'path-meets-home': asked(
    'Flotilla keeps the key of this computer and its own database in that place.',
    'Choose a directory that does not hold them, and does not lie in them.',
  ),
  'path-not-writable': asked('Flotilla may not write there.', 'Check who owns the directory, or choose another one.'),
  'path-not-readable': held('Flotilla may not read it.', OTHERS_GO_ON, 'Check who owns it and its permissions.'),
  'path-in-use': asked('That place already belongs to a shared folder.', 'Choose another one.'),
  'path-outside-folder': held(
    'A name would lead out of the folder.',
    'It was refused; nothing outside was touched.',
    'Nothing to do here. Rename it on the device it comes from.',
  ),
  'name-not-representable': held(
    'This computer’s disk can’t hold that name.',
    'It is on the other devices, not here.',
    'Rename it on another device.',
  ),
  'name-not-utf8': held('Its name is not valid text.', OTHERS_GO_ON, 'Rename it here.'),
  'name-collision': held(
    'Its name differs from another one only in case or accents.',
    OTHERS_GO_ON,
    'Rename one of the two.',
  ),
  'name-too-long': held(
    'Its name or path is too long for this disk.',
    OTHERS_GO_ON,
    'Shorten it on the device that has it.',
  ),
  'name-reserved': held('That name is reserved on this system.', OTHERS_GO_ON, 'Rename it on the device that has it.'),
  'file-kind-unsupported': held(
    'It is no file but a pipe, a socket or a device.',
    'It is left alone: never opened, never deleted.',
    'Nothing to do, or move it out of the folder.',
  ),
  'file-changing': held(
    'It keeps changing while it is read.',
    'The last whole version stays on the other devices.',
    'Nothing to do: it is tried again when it rests.',
  ),
  'nested-folder': held(
    'Another shared folder lies inside this one.',
    'The inner one is left out here and goes on by itself.',
    'Move one of the two.',
  ),
  'disk-full': held('The disk is full.', 'What is there is safe; new changes wait.', 'Make room on that disk.'),
  'file-too-large': held(
    'It is too large for this disk.',
    'It is on the other devices, not here.',
    'Hold the folder on a disk that takes files of that size.',
  ),
  'versions-full': held(
    'There is no room to keep what this would replace.',
    'Nothing was replaced. Kept versions take a tenth of the disk at most, and none of the last day goes.',
    'Once older versions may go it goes on, or can be done again. A larger disk keeps more.',
  ),
  'io-error': held(
    'The disk reports an error.',
    'What could be read is safe; this waits.',
    'Check the disk. It is tried again.',
  ),
  'directory-not-empty': held(
    'It was removed elsewhere, and holds something that is not kept the same.',
    'The directory stays here with what is in it.',
    'Move that out of it or delete it, if you don’t need it.',
  ),
  'no-right-to-write': held(
    'It was changed here, where this computer may only read.',
    'Your change is kept on this computer and not sent.',
    'Ask the owner for the right to write, or throw your change away.',
  ),
  'root-missing': held(
    'The folder’s directory is not there.',
    'Nothing is deleted anywhere; the folder waits.',
    'Say where it is now, or what to do.',
  ),
  'root-replaced': held(
    'A file stands in the folder’s place.',
    'Nothing is deleted anywhere; the folder waits.',
    'Move that file away, or say where the directory is now.',
  ),
  'root-marker-missing': held(
    'The directory has lost its Flotilla mark.',
    'Nothing is deleted anywhere; the folder waits.',
    'Say where it is now, or what to do.',
  ),
  'root-marker-foreign': held(
    'The directory carries the mark of another folder or device.',
    'Nothing is deleted anywhere; the folder waits.',
    'Say where it is now, or what to do.',
  ),
  'root-other-file-system': held(
    'Another disk is mounted at the folder’s place.',
    'Nothing is deleted anywhere; the folder waits.',
    'Mount the right disk, or say what to do.',
  ),
  'folder-not-halted': asked('The folder is not stopped.', 'Nothing to do.'),
  'folder-halted': held(
    'The folder has stopped and waits for an answer.',
    'Nothing is deleted anywhere.',
    'Open the folder and choose.',
  ),
  'folder-paused': asked('The folder is paused.', 'Let it go on, then try again.'),
  'folder-not-held': asked('This computer does not hold that folder.', 'Accept it first.'),
  'folder-already-held': asked('This computer already holds that folder.', 'Nothing to do.'),
  'version-unknown': asked('That version is not kept any more.', 'Look again at the list of kept versions.'),
  'conflict-unknown': asked('That conflict is solved already.', 'Nothing to do.'),
  'content-not-available': held(
    'No connected device has this content.',
    'It comes when a device that has it is back.',
    'Turn on the device that made it.',
  ),
  'content-corrupt': held(
    'What arrived was not what was promised.',
    'It was thrown away and is fetched again; your file is untouched.',
    'If it stays, check the disk of the other device.',
  ),
} satisfies Partial<Record<ErrorCode, ErrorSentence>>;
