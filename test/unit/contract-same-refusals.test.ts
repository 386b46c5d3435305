import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ORPCError } from '@orpc/client';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRouter } from '../../electron/engine/contract/router.ts';
import { type ContractClient, contract } from '../../shared/contract/contract.ts';
import type { Folder } from '../../shared/model/folder.ts';
import { engineNamed, MemoryDoors } from '../support/engine-pair.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { type Circumstances, type Meant, REFUSAL_CASES } from '../support/refusal-cases.ts';
import { device, deviceId, folder, minutesAgo, state } from '../support/scripted/builders.ts';
import { scriptedRouter } from '../support/scripted/router.ts';
import { ScriptedState } from '../support/scripted/scripted-state.ts';
import { STATES } from '../support/scripted/states.ts';

/** Whoever answers the contract, in the circumstances. */
interface Answering {
  readonly client: ContractClient;
  readonly invite: string;
  /** Lets the world go on until the promise ends. */
  during<T>(asked: Promise<T>): Promise<T>;
  end(): Promise<void>;
}

const ALL: readonly Circumstances[] = ['alone', 'lastAdmin', 'member', 'noMaster'];
const HELD = ['Work', 'Resting', 'Lost'] as const;

let base = '';
beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'same-refusals-')));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** An engine in this process, brought there by the calls that people would make here and at `Studio`. */
async function realEngine(circumstances: Circumstances): Promise<Answering> {
  const doors = new MemoryDoors();
  const clock = createFakeClock();
  const { engine } = engineNamed('Work laptop', doors, { clock });
  const { engine: studio } = engineNamed('Studio', doors, { clock });
  await engine.start();
  const client: ContractClient = createRouterClient(createRouter(engine));
  if (circumstances === 'alone') return { client, invite: '', during: (asked) => asked, end: () => engine.stop() };

  const turn = async (): Promise<void> => {
    doors.links.deliverAll();
    clock.advance(10);
    await new Promise(setImmediate);
  };
  const during = async <T>(asked: Promise<T>): Promise<T> => {
    let over = false;
    const end = asked.finally(() => {
      over = true;
    });
    while (!over) await turn();
    return end;
  };
  const until = async (what: string, holds: () => boolean): Promise<void> => {
    for (let turns = 0; turns < 2_000 && !holds(); turns += 1) await turn();
    expect(holds(), what).toBe(true);
  };
  const folderHere = (name: string): Folder | undefined => engine.view().folders.find((of) => of.name === name);
  const pathOf = (who: string, name: string): string => {
    const path = join(base, circumstances, who, name);
    mkdirSync(path, { recursive: true });
    return path;
  };

  const isMember = circumstances === 'member';
  const hasNone = circumstances === 'noMaster';
  await studio.start();
  const atStudio: ContractClient = createRouterClient(createRouter(studio));
  // Of two devices the one that made the group has more votes.
  const [founder, newcomer] = hasNone ? [atStudio, client] : [client, atStudio];
  await founder.group.create({ name: 'Home' });
  const { code } = await founder.group.invite({ approve: 'auto', role: isMember || hasNone ? 'admin' : 'member' });
  await during((await newcomer.group.join({ code })).next());
  await until('let in', () => [engine, studio].some((of) => of.view().devices.length === 2));
  doors.links.connect(engine.self, studio.self);
  await until('both in the group', () => [engine, studio].every((of) => of.view().devices.length === 2));
  for (const name of [...HELD, 'Offered']) {
    const access = isMember ? 'readOnly' : 'readWrite';
    await during(
      (isMember ? atStudio : client).folders.share({ path: pathOf(isMember ? 'there' : 'here', name), access }),
    );
    if (!isMember) continue;
    await until(`${name} offered`, () => folderHere(name) !== undefined);
    if (name !== 'Offered') await during(client.folders.accept({ folder: name, path: pathOf('here', name) }));
  }
  if (!isMember) await during(client.folders.drop({ folder: 'Offered' }));
  for (const name of HELD) await until(`${name} at work`, () => folderHere(name)?.state === 'idle');
  for (const name of isMember ? HELD : []) {
    writeFileSync(join(pathOf('here', name), 'mine.txt'), 'mine');
    await client.folders.rescan({ folder: name });
    await until(`a change in ${name}`, () => folderHere(name)?.localChanges === 1);
    await during(client.folders.throwMineAway({ folder: name, path: null }));
  }
  await client.folders.pause({ folder: 'Resting' });
  rmSync(pathOf('here', 'Lost'), { recursive: true });
  await client.folders.rescan({ folder: 'Lost' });
  await until('Lost halted', () => folderHere('Lost')?.state === 'halted');
  const { id: invite } = await during((isMember ? atStudio : client).group.invite({}));
  await until('the invite', () => engine.view().invites.some(({ id }) => id === invite));
  if (isMember) await during(client.devices.setRole({ device: engine.self, role: 'member' }));
  if (hasNone) {
    await during(studio.stop());
    doors.links.crash(studio.self);
    await until('no master', () => !engine.view().master.quorate && engine.view().master.master === null);
  }
  const end = async (): Promise<void> => {
    await during(Promise.all([engine.stop(), studio.stop()]));
  };
  return { client, invite, during, end };
}

/** The same as a scripted state. */
function scriptedEngine(circumstances: Circumstances): Answering & { readonly script: ScriptedState } {
  const isMember = circumstances === 'member';
  const hasNone = circumstances === 'noMaster';
  const devices = [
    device(1, 'Work laptop', { role: isMember ? 'member' : 'admin', master: !hasNone, weight: hasNone ? 1 : 2 }),
    device(2, 'Studio', { role: isMember || hasNone ? 'admin' : 'member', online: false, link: null }),
  ];
  const owned = isMember ? ({ owner: deviceId(2), access: 'readOnly' } as const) : {};
  const halt = { code: 'root-missing', path: '/home/anna/Lost', since: minutesAgo(1) } as const;
  const invite = {
    id: 'c1'.repeat(32),
    code: 'abcd',
    role: 'member',
    approve: 'ask',
    expires: minutesAgo(-60),
    madeBy: deviceId(1),
    state: 'open',
  } as const;
  const there = state('Work laptop', {
    group: { id: 'a1'.repeat(32), name: 'Home' },
    devices,
    master: hasNone
      ? STATES['two-without-heavier']().master
      : { ...STATES.normal().master, master: deviceId(1), state: 'master' },
    folders: [
      folder(1, 'Work', devices, { 1: 1 }, owned),
      folder(2, 'Resting', devices, { 1: 1 }, { ...owned, state: 'paused' }),
      folder(3, 'Lost', devices, { 1: 1 }, { ...owned, state: 'halted', halt }),
      folder(4, 'Offered', devices, {}, { ...owned, state: 'offered', path: null }),
    ],
    invites: [invite],
  });
  const script = new ScriptedState(circumstances === 'alone' ? STATES['first-run']() : there);
  const client: ContractClient = createRouterClient(scriptedRouter(script, () => 0));
  return { client, invite: invite.id, during: (asked) => asked, end: async () => undefined, script };
}

async function meantBy({ client, invite }: Answering): Promise<Meant> {
  const { device: self } = await client.engine.status();
  return {
    self,
    invite,
    version: async (of) => {
      const { versions } = await client.versions.list({ folder: of, path: null });
      const [newest] = versions;
      if (newest === undefined) throw new Error(`${of} has no kept version`);
      return newest.id;
    },
    path: async (of) => {
      const found = (await client.folders.list()).find(({ name }) => name === of)?.path;
      if (found === undefined || found === null) throw new Error(`${of} is not held`);
      return found;
    },
  };
}

const isWaiting = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'state' in answer && answer.state === 'waiting';

/** What became of each case: the code, or that it was not refused, or what else went wrong. */
async function outcomes(circumstances: Circumstances, answering: Answering): Promise<readonly (readonly string[])[]> {
  const meant = await meantBy(answering);
  const told: (readonly string[])[] = [];
  for (const [what, ask] of REFUSAL_CASES[circumstances]) {
    const outcome = await ask(answering.client, meant).then(
      (answer: unknown) => (isWaiting(answer) ? 'waiting' : 'done'),
      (error: unknown) => {
        if (!(error instanceof ORPCError) || error.code !== 'REFUSED') return String(error);
        return (error.data as { code: string }).code;
      },
    );
    told.push([what, outcome]);
  }
  return told;
}

const wanted = (circumstances: Circumstances) => REFUSAL_CASES[circumstances].map(([what, , code]) => [what, code]);

describe.each(ALL)('where it is %s', (circumstances) => {
  it('the engine refuses with these codes', async () => {
    const answering = await realEngine(circumstances);
    expect(await answering.during(outcomes(circumstances, answering))).toEqual(wanted(circumstances));
    await answering.end();
  });

  it('the scripted engine refuses with the same', async () => {
    const answering = scriptedEngine(circumstances);
    expect(await outcomes(circumstances, answering)).toEqual(wanted(circumstances));
  });
});

/** Never refused in any circumstances, or, of places, only for what the disk says. */
const NEVER_REFUSED = [
  'devices.list',
  'engine.quit',
  'engine.status',
  'folders.list',
  'group.cancelJoin',
  'group.invites',
  'group.requests',
  'master.health',
  'master.status',
  'places.browse',
  'settings.get',
  'waiting.list',
];

it('has a case of each procedure that can refuse', async () => {
  const refused = new Set<string>();
  for (const circumstances of ALL) {
    const answering = scriptedEngine(circumstances);
    const meant = await meantBy(answering);
    for (const [, ask] of REFUSAL_CASES[circumstances]) {
      await ask(answering.client, meant).catch(() => undefined);
      refused.add(answering.script.calls.at(-1)?.procedure ?? '');
    }
  }
  const all = Object.entries(contract).flatMap(([part, procedures]) =>
    part === 'watch' ? [] : Object.keys(procedures).map((name) => `${part}.${name}`),
  );
  expect(all.filter((procedure) => !refused.has(procedure)).sort()).toEqual(NEVER_REFUSED);
});
