import { Argument, type Command } from 'commander';
import type { Health } from '../../../shared/model/health.ts';
import type { Master } from '../../../shared/model/master.ts';
import { wholeMs } from '../duration.ts';
import { runCommand } from '../run-command.ts';
import { bytesText, table, timeText } from '../table.ts';
import { decisionText } from './device-commands.ts';

function masterText(master: Master): string {
  const lines = [
    master.master === null ? 'There is no master now.' : `Master: ${master.master.slice(0, 8)}, term ${master.term}`,
    `This device: ${master.state}. ${master.quorate ? 'Decisions can be made.' : 'No decisions can be made now. Files go on syncing.'}`,
    `Votes: ${Object.entries(master.electorate)
      .map(([device, votes]) => `${device.slice(0, 8)} ${votes}`)
      .join(', ')}`,
    `Budget: ${master.budgetMs} ms`,
  ];
  const rows = master.failovers.map((f) => [
    timeText(f.at),
    f.to.slice(0, 8),
    ...[f.detectMs, f.electMs, f.respondMs, f.totalMs].map((ms) => ms.toFixed(0)),
    f.withinBudget ? 'within' : 'over',
  ]);
  const header = ['AT', 'NEW MASTER', 'DETECT', 'ELECT', 'RESPOND', 'TOTAL', 'BUDGET'];
  return [...lines, ...(rows.length > 0 ? ['', table(header, rows)] : [])].join('\n');
}

type Has = Health['folders'][number]['devices'][string];

function stateText({ state, needBytes, needFiles, headsEqual }: Has): string {
  if (state === 'unknown') return 'not heard from';
  if (state !== 'working') return state;
  return needBytes === 0 && needFiles === 0 && headsEqual ? 'complete' : `${bytesText(needBytes)} to come`;
}

/** The metadata master, the failover budget and who has what. */
export function addMasterCommands(program: Command): void {
  const master = program
    .command('master')
    .description('show the metadata master')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const status = await client.master.status();
        return { json: status, text: masterText(status) };
      }),
    );

  master
    .command('transfer <device>')
    .description('pass the mastership to a connected voter')
    .action((device: string, _options, command: Command) =>
      runCommand(command, async ({ client }) => ({
        json: await client.master.transfer({ device }),
        text: 'Passed on.',
      })),
    );

  program
    .command('set-budget')
    .addArgument(new Argument('<ms>', 'milliseconds').argParser(wholeMs))
    .description('set the latency budget of the group')
    .action((budgetMs: number, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const decided = await client.master.setBudget({ budgetMs });
        return { json: decided, text: decisionText(decided.state, 'Set.') };
      }),
    );

  program
    .command('health')
    .description('show who has what')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const health = await client.master.health();
        const rows = health.folders.flatMap((folder) =>
          Object.entries(folder.devices).map(([device, has]) => [
            folder.id.slice(0, 8),
            device.slice(0, 8),
            bytesText(has.haveBytes),
            stateText(has),
          ]),
        );
        return { json: health, text: table(['FOLDER', 'DEVICE', 'HAS', 'STATE'], rows) };
      }),
    );
}
