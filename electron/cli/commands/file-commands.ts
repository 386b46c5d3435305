import { isAbsolute, resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import type { ContractClient } from '../../../shared/contract/contract.ts';
import { runCommand } from '../run-command.ts';
import { bytesText, table, timeText } from '../table.ts';

const KEEP = ['keep-this', 'keep-other', 'keep-both'] as const;

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
          c.versions.map((v) => [c.path, v.path, v.device.slice(0, 8), timeText(v.mtime), bytesText(v.size)]),
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
        return { json: settled, text: 'Settled. What was not kept is among the kept versions.' };
      }),
    );

  program
    .command('versions <path>')
    .description('list the kept versions of a file')
    .action((path: string, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const { versions } = await client.versions.list({ folder: null, path: resolve(path), limit: 1_000 });
        const rows = versions.map((v) => [v.id, timeText(v.time), bytesText(v.size), v.device?.slice(0, 8) ?? '']);
        return { json: versions, text: table(['ID', 'KEPT', 'SIZE', 'MADE BY'], rows) };
      }),
    );

  program
    .command('restore <path>')
    .requiredOption('--version <id>', 'which kept version')
    .option('--to <path>', 'where to put it; default: where it was')
    .description('put a kept version back; what it replaces is kept in turn')
    .action((path: string, options: { version: string; to?: string }, command: Command) =>
      runCommand(command, async ({ client }) => {
        const to = options.to === undefined ? null : resolve(options.to);
        const restored = await client.versions.restore({ path: resolve(path), version: options.version, to });
        return { json: restored, text: `Restored to ${restored.path}` };
      }),
    );

  program
    .command('throw-mine-away <folder> [path]')
    .description('in a folder that may only be read here: move own changes to the kept versions')
    .action((folder: string, path: string | undefined, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const thrown = await client.folders.throwMineAway({ folder, path: path ?? null });
        return { json: thrown, text: `${thrown.moved} moved to the kept versions.` };
      }),
    );
}
