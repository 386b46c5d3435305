import { isAbsolute, resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import type { ContractClient } from '../../../shared/contract/contract.ts';
import { timeSpent } from '../progress.ts';
import { runCommand } from '../run-command.ts';
import { bytesText, table, timeText } from '../table.ts';

const KEEP = ['keep-this', 'keep-other', 'keep-both', 'keep-none'] as const;

/** A path as `conflicts` lists it names its folder by being listed; any other is one on this disk. */
async function conflictPlace(client: ContractClient, path: string): Promise<{ folder: string | null; path: string }> {
  if (!isAbsolute(path)) {
    const listed = await client.conflicts.list({ folder: null });
    const folders = listed.filter((c) => c.path === path || c.versions.some((v) => v.path === path));
    if (folders.length === 1 && folders[0] !== undefined) return { folder: folders[0].folder, path };
  }
  return { folder: null, path: resolve(path) };
}

/** Conflicts and kept versions. */
export function addFileCommands(program: Command): void {
  program
    .command('conflicts [folder]')
    .description('list the files of which several versions stand')
    .action((folder: string | undefined, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const conflicts = await client.conflicts.list({ folder: folder ?? null });
        const rows = conflicts.flatMap((c) =>
          c.versions.map((v) => [
            c.path,
            v.path,
            v.device.slice(0, 8),
            v.mtime === null ? '' : timeText(v.mtime),
            bytesText(v.size),
          ]),
        );
        return { json: conflicts, text: table(['FILE', 'VERSION', 'DEVICE', 'CHANGED', 'SIZE'], rows) };
      }),
    );

  program
    .command('resolve <path>')
    .addArgument(new Argument('<keep>', 'which version').choices(KEEP))
    .description('settle a conflict; what is not kept goes to the kept versions')
    .action((path: string, keep: (typeof KEEP)[number], _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const settled = await client.conflicts.resolve({ ...(await conflictPlace(client, path)), keep });
        const text =
          keep === 'keep-both'
            ? 'Settled. Both are ordinary files now.'
            : 'Settled. What was not kept is among the kept versions.';
        return { json: settled, text };
      }),
    );

  program
    .command('versions <path>')
    .description('list the kept versions of a file, or of a folder as a whole')
    .action((path: string, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const { versions } = await client.versions.list({ folder: null, path: resolve(path), limit: 1_000 });
        const rows = versions.map((v) => {
          const about = [v.id, timeText(v.time), bytesText(v.size), v.device?.slice(0, 8) ?? ''];
          return [...about, v.path];
        });
        return { json: versions, text: table(['ID', 'KEPT', 'SIZE', 'MADE BY', 'FILE'], rows) };
      }),
    );

  program
    .command('restore <path>')
    .requiredOption('--version <id>', 'which kept version')
    .option('--to <path>', 'where to put it; default: where it was')
    .description('put a kept version back; what it replaces is kept in turn')
    .action((path: string, options: { version: string; to?: string }, command: Command) =>
      runCommand(command, async ({ client }, { follow }) => {
        const to = options.to === undefined ? null : resolve(options.to);
        const restoring = client.versions.restore({ path: resolve(path), version: options.version, to });
        const restored = await follow(restoring, timeSpent('Restoring'));
        return { json: restored, text: `Restored to ${restored.path}` };
      }),
    );

  program
    .command('throw-mine-away <folder> [path]')
    .description('in a folder that may only be read here: move own changes to the kept versions')
    .action((folder: string, path: string | undefined, _options, command: Command) =>
      runCommand(command, async ({ client }, { follow }) => {
        const moving = client.folders.throwMineAway({ folder, path: path ?? null });
        const thrown = await follow(moving, timeSpent('Moving them'));
        return { json: thrown, text: `${thrown.moved} moved to the kept versions.` };
      }),
    );
}
