import { resolve } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import type { Folder } from '../../../shared/model/folder.ts';
import type { Access, DecisionState } from '../../../shared/model/values.ts';
import { followFolders } from '../folder-progress.ts';
import { runCommand } from '../run-command.ts';
import { bytesText, table } from '../table.ts';
import { decisionText } from './device-commands.ts';

const ACCESS = ['readWrite', 'readOnly', 'none'] as const;

/** Said before a command stays only in order to show something. */
const GOES_ON = 'It goes on without this command: Ctrl+C ends only the watching.';

/** The folders as a table. */
export function foldersText(folders: readonly Folder[]): string {
  const rows = folders.map((f) => [
    f.id.slice(0, 8),
    f.name,
    f.needFiles > 0 ? `${f.state}, ${f.needFiles} files (${bytesText(f.needBytes)}) to come` : f.state,
    `${f.files} files, ${bytesText(f.bytes)}`,
    `${f.copies.complete} of ${f.copies.wanted}`,
    f.path ?? '(not here)',
  ]);
  return table(['ID', 'NAME', 'STATE', 'CONTENT', 'COPIES', 'PLACE'], rows);
}

/** What is in effect here at once, and known to the group only when it is decided. */
function inGroup(state: DecisionState): string {
  return state === 'waiting' ? ' The group learns of it once there is a master.' : '';
}

/** Sharing folders, holding them, and what each device may do in them. */
export function addFolderCommands(program: Command): void {
  program
    .command('share <path>')
    .description('share a directory with the group')
    .option('--name <name>', 'its name in the group; default: the directory’s')
    .addOption(new Option('--access <access>', 'what all others may do').choices(ACCESS).default('readWrite'))
    .option('--follow', 'stay until it is taken in, and show how far that is')
    .action((path: string, options: { name?: string; access: Access; follow?: true }, command: Command) =>
      runCommand(command, async ({ client }, { note, follow }) => {
        const name = options.name === undefined ? {} : { name: options.name };
        const shared = await client.folders.share({ path: resolve(path), access: options.access, ...name });
        const text = decisionText(shared.state, 'Shared.');
        // What waits for the master is not taken in before.
        if (options.follow !== true || shared.state === 'waiting') return { json: shared, text };
        note(`${text} ${GOES_ON}`);
        await followFolders(client, follow, shared.folder);
        return { json: shared, text: 'Everything in it is taken in.' };
      }),
    );

  program
    .command('accept <folder> <path>')
    .description('hold an offered folder in a directory of this device')
    .option('--follow', 'stay until it is here, and show how far that is')
    .action((folder: string, path: string, options: { follow?: true }, command: Command) =>
      runCommand(command, async ({ client }, { note, follow }) => {
        const decided = await client.folders.accept({ folder, path: resolve(path) });
        const text = `Accepted.${inGroup(decided.state)}`;
        if (options.follow !== true)
          return { json: decided, text: `${text} To see it come: flotilla wait-idle --folder ${folder}` };
        note(`${text} ${GOES_ON}`);
        await followFolders(client, follow, folder);
        return { json: decided, text: 'Everything in it is here.' };
      }),
    );

  program
    .command('drop <folder>')
    .description('stop holding a folder here; its files stay')
    .action((folder: string, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const decided = await client.folders.drop({ folder });
        return {
          json: decided,
          text: `This device no longer holds the folder. Its files stay where they are.${inGroup(decided.state)}`,
        };
      }),
    );

  program
    .command('unshare <folder>')
    .description('end the sharing for all; everybody’s files stay')
    .action((folder: string, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const decided = await client.folders.unshare({ folder });
        return {
          json: decided,
          text: decisionText(decided.state, 'No longer shared. Everybody’s files stay where they are.'),
        };
      }),
    );

  program
    .command('rename-folder <folder> <name>')
    .description('give a folder another name in the group')
    .action((folder: string, name: string, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const decided = await client.folders.rename({ folder, name });
        return { json: decided, text: decisionText(decided.state, 'Renamed.') };
      }),
    );

  program
    .command('folders')
    .description('list the folders')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const folders = await client.folders.list();
        return { json: folders, text: foldersText(folders) };
      }),
    );

  program
    .command('access <folder> <device>')
    .addArgument(new Argument('<access>', 'readWrite, readOnly or none').choices(ACCESS))
    .description('say what a device may do in a folder')
    .action((folder: string, device: string, access: Access, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const decided = await client.folders.setAccess({ folder, device, access });
        return { json: decided, text: decisionText(decided.state) };
      }),
    );

  program
    .command('transfer-owner <folder> <device>')
    .description('make another device the owner of a folder')
    .action((folder: string, device: string, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const decided = await client.folders.transferOwner({ folder, device });
        return { json: decided, text: decisionText(decided.state) };
      }),
    );

  program
    .command('pause [folder]')
    .description('stop syncing a folder, or all, until resumed')
    .action((folder: string | undefined, _options, command: Command) =>
      runCommand(command, async ({ client }) => ({
        json: await client.folders.pause({ folder: folder ?? null }),
        text: 'Paused.',
      })),
    );

  program
    .command('resume [folder]')
    .description('go on with a paused or halted folder')
    .addOption(
      new Option('--moved-to <path>', 'for a halted folder: its directory lies here now').conflicts('startOver'),
    )
    .option('--start-over', 'for a halted folder: what is in the directory counts as new')
    .action((folder: string | undefined, options: { movedTo?: string; startOver?: boolean }, command: Command) =>
      runCommand(command, async ({ client }) => {
        const answer =
          options.movedTo !== undefined
            ? { type: 'movedTo' as const, path: resolve(options.movedTo) }
            : { type: options.startOver === true ? ('startOver' as const) : ('resume' as const) };
        return { json: await client.folders.resume({ folder: folder ?? null, answer }), text: 'Going on.' };
      }),
    );

  program
    .command('rescan [folder]')
    .description('look at every file of a folder, or of all, again')
    .action((folder: string | undefined, _options, command: Command) =>
      runCommand(command, async ({ client }) => ({
        json: await client.folders.rescan({ folder: folder ?? null }),
        text: 'Scanning.',
      })),
    );
}
