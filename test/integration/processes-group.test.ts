import { mkdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, Playground, type RealEngine, runCli } from '../support/real-engine.ts';
import { allOnline, votesAre } from '../support/real-group.ts';

let ground = new Playground();

afterEach(async () => {
  await ground.end();
  ground = new Playground();
});

async function three(options: readonly string[]): Promise<readonly [RealEngine, RealEngine, RealEngine]> {
  const one = await ground.engine('Studio', options).start();
  const two = await ground.engine('Laptop', options).start();
  const pi = await ground.engine('Pi', options).start();
  await one.run('create-group', 'Home');
  await two.joinVia(one);
  await pi.joinVia(two);
  for (const engine of [one, two, pi]) await allOnline(engine, 3);
  // The last to join was known to one of the others first; nothing of that is left to be told.
  for (const engine of [one, two, pi]) {
    await eventually('nothing is wrong', async () => (await engine.state('status')).problems.length === 0);
  }
  await votesAre(one, [1, 1, 1]);
  return [one, two, pi];
}

describe('joining', () => {
  it('shows the same phrase on both screens and waits for approval', async () => {
    const one = await ground.engine('Studio', ['--no-dht']).start();
    const two = await ground.engine('Laptop', ['--no-dht']).start();
    await one.run('create-group', 'Home');
    const invite = await one.run<{ code: string; id: string }>('invite', '--role', 'member');
    const joining = two.attempt(['join', '-', '--wait', '10'], invite.code);
    const request = await eventually('the request shows', async () => {
      const [first] = await one.run<{ id: string; name: string; phrase: string }[]>('requests');
      return first;
    });
    expect(request.name).toBe('Laptop');
    expect(request.phrase.split(' ')).toHaveLength(4);
    await one.run('approve', request.id);
    const joined = await joining;
    expect(joined.exit, joined.stdout + joined.stderr).toBe(0);
    const devices = await one.state('devices');
    expect(devices.find(({ id }) => id === two.device)?.role).toBe('member');

    // The code is used now, and good for nobody else.
    const late = await ground.engine('Late', ['--no-dht']).start();
    const refused = await late.attempt(['join', '-', '--wait', '20'], invite.code);
    expect(refused.exit).toBe(1);
    expect(refused.stdout).toContain('invite-used');
  });

  it('is denied, refused after revoking, and says what is wrong with a code', { timeout: 120_000 }, async () => {
    const one = await ground.engine('Studio', ['--no-dht']).start();
    const two = await ground.engine('Laptop', ['--no-dht']).start();
    await one.run('create-group', 'Home');
    const first = await one.run<{ code: string }>('invite');
    const joining = two.attempt(['join', '-', '--wait', '60'], first.code);
    const request = await eventually('the request shows', async () => (await one.run<{ id: string }[]>('requests'))[0]);
    await one.run('deny', request.id);
    expect((await joining).stdout).toContain('join-denied');

    const second = await one.run<{ code: string; id: string }>('invite', '--approve', 'auto');
    await one.run('revoke-invite', second.id);
    expect((await two.attempt(['join', '-', '--wait', '20'], second.code)).stdout).toContain('invite-revoked');

    const third = await one.run<{ code: string; id: string }>('invite', '--approve', 'auto', '--expires', '2s');
    await eventually('it has expired', async () => {
      const invites = await one.run<{ id: string; state: string }[]>('invites');
      return invites.find(({ id }) => id === third.id)?.state === 'expired';
    });
    expect((await two.attempt(['join', '-', '--wait', '20'], third.code)).stdout).toContain('invite-expired');

    expect(await two.refused('join', 'nonsense')).toBe('invite-malformed');
    const mistyped = second.code.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    expect(await two.refused('join', mistyped)).toBe('invite-mistyped');
    expect((await runCli(['invite', '--home', one.home, '--expires', 'soon'])).exit).toBe(2);
  });

  it('works while the device that made the code is off and another member is on', async () => {
    const bootstrap = await ground.bootstrap();
    const [one, two] = await three(['--no-lan', '--bootstrap', bootstrap]);
    const invite = await one.run<{ code: string }>('invite', '--approve', 'auto');
    await one.kill();
    const late = await ground.engine('Late', ['--no-lan', '--bootstrap', bootstrap]).start();
    const joined = await late.attempt(['join', '-', '--wait', '10'], invite.code);
    expect(joined.exit, joined.stdout + joined.stderr).toBe(0);
    const devices = await two.state('devices');
    expect(devices.map(({ id }) => id)).toContain(late.device);
  });
});

describe('the metadata master', () => {
  it('is replaced after kill -9, within the budget, and a folder shared right after is committed', async () => {
    const engines = await three(['--no-dht']);
    const { master } = await engines[0].state('master');
    const dead = engines.find(({ device }) => device === master) as RealEngine;
    const alive = engines.filter((engine) => engine !== dead);
    const asker = alive[0] as RealEngine;
    const place = ground.path('photos');
    mkdirSync(place);
    await dead.kill();
    const shared = await asker.run<{ state: string }>('share', place);
    expect(shared.state).toBe('committed');
    const after = await asker.state('master');
    expect(after.master).not.toBe(dead.device);
    expect(alive.map(({ device }) => device)).toContain(after.master);
    const last = await eventually('the failover is on record', async () =>
      (await asker.state('master')).failovers.filter(({ cause }) => cause === 'crash').at(-1),
    );
    expect(last.totalMs).toBeCloseTo(last.detectMs + last.electMs + last.respondMs, 0);
    expect(last.withinBudget).toBe(true);
    await dead.start();
    await allOnline(dead, 3);
    await eventually('the old master follows', async () => (await dead.state('master')).master === after.master);
  });

  it('cannot be replaced by the lighter of two: changes wait, survive a restart, and go through later', {
    timeout: 120_000,
  }, async () => {
    const one = await ground.engine('Studio', ['--no-dht']).start();
    const two = await ground.engine('Laptop', ['--no-dht']).start();
    await one.run('create-group', 'Home');
    await two.joinVia(one);
    await eventually('two votes and one', async () => {
      const { electorate } = await two.state('master');
      return electorate[one.device] === 2 && electorate[two.device] === 1;
    });
    await one.kill();
    await eventually('no decisions can be made', async () => !(await two.state('master')).quorate);
    const [photos, music] = [ground.path('photos'), ground.path('music')];
    mkdirSync(photos);
    mkdirSync(music);
    expect((await two.run<{ state: string }>('share', photos)).state).toBe('waiting');
    expect((await two.run<{ state: string }>('share', music)).state).toBe('waiting');
    await two.kill();
    await two.start();
    const waiting = await two.state('waiting');
    expect(waiting).toHaveLength(2);
    const cancelled = waiting.find(({ text }) => text.includes('music'));
    await two.run('cancel', cancelled?.id ?? '');
    await one.start();
    await eventually('the other one goes through', async () => {
      const folders = await one.state('folders');
      return folders.length === 1 && folders[0]?.name === 'photos';
    });
    expect(await two.state('waiting')).toEqual([]);
  });
});

describe('the registry', () => {
  it('decides names, roles, access, owners and removal', { timeout: 120_000 }, async () => {
    const [one, two, pi] = await three(['--no-dht']);
    await one.run('rename-device', two.device, 'Travel laptop');
    await one.run('set-role', pi.device, 'member');
    const work = ground.path('work');
    mkdirSync(work);
    const { folder } = await one.run<{ folder: string }>('share', work);
    await one.run('rename-folder', folder, 'Renamed');
    await one.run('access', folder, two.device, 'readOnly');
    await one.run('access', folder, pi.device, 'none');
    await eventually('all devices know', async () => {
      const devices = await pi.state('devices');
      const folders = await two.state('folders');
      return (
        devices.some(({ id, name }) => id === two.device && name === 'Travel laptop') &&
        devices.some(({ id, role }) => id === pi.device && role === 'member') &&
        folders.some(({ name, access }) => name === 'Renamed' && access === 'readOnly') &&
        (await pi.state('folders')).length === 0
      );
    });
    expect(await pi.refused('remove-device', two.device)).toBe('not-admin');
    expect(await two.refused('rename-folder', folder, 'Mine')).toBe('not-owner');
    await one.run('transfer-owner', folder, two.device);
    await one.run('remove-device', pi.device);
    await eventually('the removed device is out', async () => {
      const devices = await one.state('devices');
      return devices.every(({ id }) => id !== pi.device);
    });
    await eventually('two devices have two votes and one', async () => {
      const { electorate } = await two.state('master');
      return Object.values(electorate).filter((weight) => weight > 0).length === 2;
    });
  });
});

describe('an engine and its home', () => {
  it('is one per home, stops in order, and without one the command line says so', async () => {
    const one = await ground.engine('Studio', ['--no-dht']).start();
    const second = await runCli(['start', '--home', one.home, '--listen', '127.0.0.1', '--no-dht', '--json']);
    expect(second.exit).toBe(1);
    expect(second.stdout).toContain('engine-already-running');
    expect(await one.quit()).toBe(0);
    expect((await one.attempt(['status'])).exit).toBe(3);
    expect((await runCli(['lock', 'x', '--home', one.home])).exit).toBe(2);
  });

  it('is connected again within 5 s of being able to, after SIGSTOP and after a crash of both', {
    timeout: 120_000,
  }, async () => {
    const bootstrap = await ground.bootstrap();
    const one = await ground.engine('Studio', ['--no-lan', '--bootstrap', bootstrap]).start();
    const two = await ground.engine('Laptop', ['--no-lan', '--bootstrap', bootstrap]).start();
    await one.run('create-group', 'Home');
    await two.joinVia(one);
    await allOnline(one, 2);
    two.signal('SIGSTOP');
    await eventually('the silent link is gone', async () => {
      const devices = await one.state('devices');
      return devices.some(({ id, online }) => id === two.device && !online);
    });
    two.signal('SIGCONT');
    await eventually('connected after SIGCONT', () => allOnline(one, 2).then(() => true), 5_000);
    await Promise.all([one.kill(), two.kill()]);
    await Promise.all([one.start(), two.start()]);
    await eventually('connected after a crash', () => allOnline(two, 2).then(() => true), 5_000);
  });
});
