import { Argument, type Command } from 'commander';
import type { Device } from '../../../shared/model/device.ts';
import type { DecisionState, Role } from '../../../shared/model/values.ts';
import { runCommand } from '../run-command.ts';
import { table, timeText } from '../table.ts';

/** What follows from a decision's state, for people; `done` is said of what is decided. */
export function decisionText(state: DecisionState, done = 'Done.'): string {
  switch (state) {
    case 'committed':
      return done;
    case 'tentative':
      return `${done} The master has not confirmed it yet.`;
    case 'waiting':
      return 'Waits for the master; it is kept and goes through once there is one.';
  }
}

/** The devices as a table. */
export function devicesText(devices: readonly Device[]): string {
  const rows = devices.map((d) => [
    d.id.slice(0, 8),
    d.self ? `${d.name} (this computer)` : d.name,
    d.online ? 'online' : `away, last seen ${timeText(d.lastSeen)}`,
    d.role,
    String(d.weight),
    d.master ? 'master' : '',
    d.link === null ? '' : `${d.link.kind}${d.link.rttMs === null ? '' : ` ${d.link.rttMs.toFixed(1)} ms`}`,
  ]);
  return table(['ID', 'NAME', 'STATE', 'ROLE', 'VOTES', 'MASTER', 'LINK'], rows);
}

/** The devices of the group. */
export function addDeviceCommands(program: Command): void {
  program
    .command('devices')
    .description('list the devices of the group')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const devices = await client.devices.list();
        return { json: devices, text: devicesText(devices) };
      }),
    );

  program
    .command('rename-device <device> <name>')
    .description('give a device another name')
    .action((device: string, name: string, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const decided = await client.devices.rename({ device, name });
        return { json: decided, text: decisionText(decided.state) };
      }),
    );

  program
    .command('remove-device <device>')
    .description('end a device’s rights and links; what it already holds stays with it')
    .action((device: string, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const decided = await client.devices.remove({ device });
        return { json: decided, text: decisionText(decided.state) };
      }),
    );

  program
    .command('set-role <device>')
    .addArgument(new Argument('<role>', 'admin or member').choices(['admin', 'member']))
    .description('say what a device may do in the group')
    .action((device: string, role: Role, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const decided = await client.devices.setRole({ device, role });
        return { json: decided, text: decisionText(decided.state) };
      }),
    );

  program
    .command('waiting')
    .description('list the changes that wait for the master')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const waiting = await client.waiting.list();
        const rows = waiting.map((w) => [w.id.slice(0, 12), w.text, timeText(w.since)]);
        return { json: waiting, text: table(['ID', 'CHANGE', 'SINCE'], rows) };
      }),
    );

  program
    .command('cancel <id>')
    .description('take back a change that waits for the master')
    .action((id: string, _options, command: Command) =>
      runCommand(command, async ({ client }) => ({ json: await client.waiting.cancel({ id }), text: 'Taken back.' })),
    );
}
