import { Argument, type Command, Option } from 'commander';
import type { Master } from '../../../shared/model/master.ts';
import type { HomeState } from '../../../shared/model/settings.ts';
import { leavingWords } from '../../../shared/text/leaving-words.ts';
import { addEngineOptions, engineOptionsOf, portNumber } from '../../engine/engine-options.ts';
import { secondsMs } from '../duration.ts';
import { followFolders } from '../folder-progress.ts';
import { timeSpent } from '../progress.ts';
import { globalOptions, reportFailure, runCommand } from '../run-command.ts';
import { devicesText } from './device-commands.ts';
import { foldersText } from './folder-commands.ts';

const HOME_ANSWERS = { 'go-on': 'goOn', 'this-stays': 'thisStays', 'join-anew': 'joinAnew' } as const;

const HOME_TEXTS: Readonly<Record<Exclude<HomeState, 'ok'>, string>> = {
  recovering: 'This home was restored from a copy. It fetches what it had done since, and sends nothing until then.',
  confirm:
    'This home was restored from a copy, and no device can tell what it had done since. To go on from here: flotilla confirm-home go-on',
  cloned:
    'This home runs twice, and neither sends anything. Choose which one stays: flotilla confirm-home this-stays, and on the other flotilla confirm-home join-anew',
};

/** Whether changes of the group can be decided now, and what waits for that. */
export function decisionsText({ master, quorate, state, waiting }: Master): string {
  const lines = [
    master !== null && quorate
      ? `Master: ${master.slice(0, 8)}.`
      : state === 'candidate' || state === 'follower'
        ? 'No decisions can be made at the moment: another master is being chosen.'
        : 'No decisions can be made now: there is no master, and too few votes are here. Files go on syncing.',
  ];
  if (waiting > 0) lines.push(`${waiting} ${waiting === 1 ? 'change waits' : 'changes wait'} for it: flotilla waiting`);
  return lines.join('\n');
}

/** Resolves at the first SIGTERM or SIGINT. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

/** Running an engine, stopping it, and its state as a whole. */
export function addEngineCommands(program: Command): void {
  addEngineOptions(program.command('start').description('run the engine in the foreground')).action(
    async (values: Record<string, unknown>, command: Command) => {
      const { home, json } = globalOptions(command);
      try {
        const { startEngine } = await import('../../engine/host-node.ts');
        const engine = await startEngine(engineOptionsOf(home, values));
        const ready = { ready: true, device: engine.device, web: engine.web };
        const page = engine.web === null ? '' : `\nOpen ${engine.web}`;
        process.stdout.write(json ? `${JSON.stringify(ready)}\n` : `Flotilla runs. Device ${engine.device}${page}\n`);
        await Promise.race([untilSignal(), engine.quitAsked]);
        await engine.stop();
        process.exit(0);
      } catch (error) {
        reportFailure(error, json);
        // Half-opened sockets and timers must not keep a failed start alive.
        process.exit();
      }
    },
  );

  program
    .command('bootstrap')
    .description('run a DHT bootstrap node of your own, for networks without internet')
    .addOption(new Option('--port <port>', 'port to listen on').argParser(portNumber).default(0, 'any free one'))
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .action(async (values: { port: number; host: string }, command: Command) => {
      const { json } = globalOptions(command);
      try {
        const { runBootstrap } = await import('../../engine/host-node.ts');
        const node = await runBootstrap(values);
        const ready = { ready: true, address: node.address };
        process.stdout.write(json ? `${JSON.stringify(ready)}\n` : `Bootstrap node at ${node.address}\n`);
        await untilSignal();
        await node.close();
        process.exit(0);
      } catch (error) {
        reportFailure(error, json);
        process.exit();
      }
    });

  program
    .command('stop')
    .description('end the engine of this home in order')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, closed }, { follow }) => {
        await client.engine.quit();
        await follow(closed, timeSpent('Stopping'));
        return { json: {}, text: 'Stopped.' };
      }),
    );

  program
    .command('status')
    .description('everything in one')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const status = await client.engine.status();
        const group = status.group === null ? 'no group yet' : `group "${status.group.name}"`;
        const parts = [`${status.name} (${status.device.slice(0, 8)}), ${group}`];
        if (status.home !== 'ok') parts.push(HOME_TEXTS[status.home]);
        for (const one of status.leaving) parts.push(`Leaving "${one.name}". ${leavingWords(one)}`);
        if (status.group !== null) parts.push(decisionsText(status.master));
        if (status.devices.length > 0) parts.push(devicesText(status.devices));
        if (status.folders.length > 0) parts.push(foldersText(status.folders));
        if (status.problems.length > 0) parts.push(status.problems.map(({ message }) => message).join('\n'));
        return { json: status, text: parts.join('\n\n') };
      }),
    );

  program
    .command('wait-idle')
    .description('wait until every connected device that holds the folder has the same')
    .option('--folder <folder>', 'this folder only')
    .addOption(new Option('--timeout <seconds>', 'give up after this time').argParser(secondsMs))
    .action((options: { folder?: string; timeout?: number }, command: Command) =>
      runCommand(command, async ({ client }, { follow }) => ({
        json: await followFolders(client, follow, options.folder ?? null, options.timeout ?? null),
        text: 'Idle.',
      })),
    );

  program
    .command('confirm-home')
    .addArgument(new Argument('<answer>', 'how to go on').choices(Object.keys(HOME_ANSWERS)))
    .description('answer for a home that was restored from a copy, or runs twice')
    .action((answer: keyof typeof HOME_ANSWERS, _options, command: Command) =>
      runCommand(command, async ({ client }) => ({
        json: await client.home.answer({ answer: HOME_ANSWERS[answer] }),
        text: 'Noted.',
      })),
    );
}
