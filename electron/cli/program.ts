import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { addDeviceCommands } from './commands/device-commands.ts';
import { addEngineCommands } from './commands/engine-commands.ts';
import { addFileCommands } from './commands/file-commands.ts';
import { addFolderCommands } from './commands/folder-commands.ts';
import { addGroupCommands } from './commands/group-commands.ts';
import { addMasterCommands } from './commands/master-commands.ts';
import { EXIT, reportMisuse } from './run-command.ts';

/** Every command takes `--home` and `--json` after its name too, and ends by throwing, so that there is one way out. */
function shareGlobals(command: Command): void {
  for (const sub of command.commands) {
    sub.exitOverride().option('--home <directory>', 'the device’s state directory').option('--json', 'JSON output');
    shareGlobals(sub);
  }
}

function createProgram(): Command {
  const program = new Command('flotilla')
    .description('Keeps folders the same on your machines.')
    .version(packageJson.version, '-V, --version')
    .option('--home <directory>', 'the device’s state directory (or FLOTILLA_HOME)')
    .option('--json', 'exactly one JSON value on the standard output')
    .enablePositionalOptions()
    .exitOverride();

  addEngineCommands(program);
  addGroupCommands(program);
  addDeviceCommands(program);
  addFolderCommands(program);
  addFileCommands(program);
  addMasterCommands(program);
  shareGlobals(program);
  return program;
}

/** Runs the command that the arguments name, and sets the exit code. */
export async function runProgram(args: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
    // What is wrong stands on the standard error already, in commander's words and with the usage.
    if (error.exitCode !== 0 && args.includes('--json')) reportMisuse(error);
  }
}
