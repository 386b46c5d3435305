import { type Command, Option } from 'commander';
import type { JoinProgress } from '../../../shared/contract/group.ts';
import { failure } from '../../../shared/errors.ts';
import { inviteLink } from '../../../shared/invite-link.ts';
import { givingUpWords, leavingWords } from '../../../shared/text/leaving-words.ts';
import { durationMs, secondsMs } from '../duration.ts';
import { runCommand } from '../run-command.ts';
import { table, timeText } from '../table.ts';
import { decisionText } from './device-commands.ts';

async function codeFrom(argument: string): Promise<string> {
  if (argument !== '-') return argument;
  let text = '';
  for await (const piece of process.stdin) text += String(piece);
  return text.trim();
}

/** Making a group, inviting, joining, leaving. */
export function addGroupCommands(program: Command): void {
  program
    .command('create-group <name>')
    .description('start a new group with this device in it')
    .action((name: string, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const made = await client.group.create({ name });
        return { json: made, text: `The group "${name}" is there. Invite another device with: flotilla invite` };
      }),
    );

  program
    .command('invite')
    .description('make a code with which one device can join')
    .addOption(
      new Option('--expires <duration>', 'how long the code can be used')
        .argParser(durationMs)
        .default(86_400_000, '24h'),
    )
    .addOption(new Option('--approve <how>', 'ask: an admin approves').choices(['ask', 'auto']).default('ask'))
    .addOption(new Option('--role <role>', 'what the new device may do').choices(['admin', 'member']).default('member'))
    .action((options: { expires: number; approve: 'ask' | 'auto'; role: 'admin' | 'member' }, command: Command) =>
      runCommand(command, async ({ client }) => {
        const made = await client.group.invite({
          expiresMs: options.expires,
          approve: options.approve,
          role: options.role,
        });
        const use =
          made.state === 'waiting'
            ? 'For one device. Nobody can use it yet: it waits for the master, and its time begins then.'
            : `For one device, until ${timeText(made.expires)}.`;
        return { json: made, text: `${made.code}\n${inviteLink(made.code)}\n${use}` };
      }),
    );

  program
    .command('invites')
    .description('list the invites')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const invites = await client.group.invites();
        const rows = invites.map((i) => [i.id.slice(0, 8), i.state, i.role, i.approve, timeText(i.expires)]);
        return { json: invites, text: table(['ID', 'STATE', 'ROLE', 'APPROVE', 'EXPIRES'], rows) };
      }),
    );

  program
    .command('revoke-invite <id>')
    .description('make an invite useless')
    .action((id: string, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const decided = await client.group.revokeInvite({ id });
        return { json: decided, text: decisionText(decided.state, 'Revoked.') };
      }),
    );

  program
    .command('join <code>')
    .description('join a group; "-" reads the code from the input')
    .addOption(new Option('--wait <seconds>', 'give up after this time').argParser(secondsMs))
    .action((argument: string, options: { wait?: number }, command: Command) =>
      runCommand(command, async ({ client }, { note }) => {
        if (argument !== '-') {
          note(
            'Note: other users of this machine can read a code that is part of a command. "flotilla join -" avoids that.',
          );
        }
        const code = await codeFrom(argument);
        const progress = await client.group.join({ code, waitMs: options.wait ?? null });
        let last: JoinProgress = { type: 'searching' };
        for await (const step of progress) {
          last = step;
          if (step.type === 'searching') note('Looking for a device of the group…');
          if (step.type === 'waitingForApproval') {
            note(`Waiting for approval. Only go on if both screens show: ${step.phrase}`);
          }
          if (step.type === 'joined') break;
        }
        if (last.type !== 'joined') throw failure('internal', 'Joining ended without an answer.');
        return { json: { group: last.group, device: last.device }, text: 'Joined.' };
      }),
    );

  program
    .command('requests')
    .description('list the devices that ask to join')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const requests = await client.group.requests();
        const rows = requests.map((r) => [r.id.slice(0, 8), r.name, r.role, r.phrase]);
        return { json: requests, text: table(['ID', 'NAME', 'ROLE', 'PHRASE'], rows) };
      }),
    );

  program
    .command('approve <request>')
    .description('let a device in; its screen must show the same phrase')
    .action((request: string, _options, command: Command) =>
      runCommand(command, async ({ client }) => {
        const decided = await client.group.approve({ request });
        return { json: decided, text: decisionText(decided.state, 'Approved.') };
      }),
    );

  program
    .command('deny <request>')
    .description('turn a device away')
    .action((request: string, _options, command: Command) =>
      runCommand(command, async ({ client }) => ({ json: await client.group.deny({ request }), text: 'Turned away.' })),
    );

  program
    .command('leave')
    .description('leave the group here and now; files stay')
    .option('--force', 'give up handing on what cannot be handed on at once, also of a group that was left before')
    .action((options: { force?: boolean }, command: Command) =>
      runCommand(command, async ({ client }) => {
        const { group, leaving: before } = await client.engine.status();
        const giveUp = options.force === true;
        if (group !== null || !giveUp || before.length === 0) await client.group.leave();
        const { leaving } = await client.engine.status();
        const meant = leaving.filter(({ id }) => group === null || id === group.id);
        if (giveUp) for (const { id } of meant) await client.group.giveUpLeaving({ group: id });
        const left = group === null ? [] : ['This device has left the group. Its files stay where they are.'];
        return { json: {}, text: [...left, ...meant.map(giveUp ? givingUpWords : leavingWords)].join('\n') };
      }),
    );
}
