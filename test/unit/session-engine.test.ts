import { expect, it } from 'vitest';
import { engineNamed, MemoryDoors } from '../support/engine-pair.ts';
import { settlePromises } from '../support/fake-clock.ts';

const invited = { expiresMs: 3_600_000, approve: 'auto', role: 'member' } as const;

async function groupWithNewcomer() {
  const doors = new MemoryDoors();
  const { engine: host } = engineNamed('Studio', doors);
  await host.start();
  await host.createGroup('Home');
  const { code } = await host.group().invites.create(invited);
  const newcomer = engineNamed('Laptop', doors);
  await newcomer.engine.start();
  const steps = newcomer.engine.join(code, null, undefined);
  await steps.next();
  return { doors, host, newcomer, steps, code };
}

it('stops while it was let in and the log is not here yet, and goes on joining at the next start', async () => {
  const { doors, newcomer, host } = await groupWithNewcomer();
  await settlePromises();
  expect(newcomer.engine.view().joining?.type).toBe('admitted');
  await newcomer.engine.stop();
  expect(newcomer.logged).toEqual([]);

  const again = engineNamed('Laptop', doors, { disk: newcomer.disk }).engine;
  await again.start();
  expect(again.group().state().id).toBe(host.group().state().id);
  expect(again.view().joining?.type).toBe('admitted');
  await again.leave();
  expect(again.view().joining).toBeNull();
  await again.createGroup('Other');
  await again.stop();
  await host.stop();
});

it('does not give up joining for a mistyped code, and does for a group of its own', async () => {
  const doors = new MemoryDoors();
  const host = engineNamed('Studio', doors).engine;
  await host.start();
  await host.createGroup('Home');
  const { code } = await host.group().invites.create(invited);
  const alone = engineNamed('Laptop', new MemoryDoors()).engine;
  await alone.start();
  const steps = alone.join(code, null, undefined);
  expect((await steps.next()).value).toEqual({ type: 'searching' });
  await expect(alone.join(`${code}x`, null, undefined).next()).rejects.toThrow();
  expect(alone.view().joining?.type).toBe('searching');
  const end = expect(steps.next()).rejects.toThrow(/given up/);
  await alone.createGroup('Mine');
  await end;
  expect(alone.view().joining).toBeNull();
  await Promise.all([alone.stop(), host.stop()]);
});

it('leaves once, however often it is asked to, and forgets what it made for the group', async () => {
  const { engine } = engineNamed('Studio', new MemoryDoors());
  await engine.start();
  const first = await engine.createGroup('Home');
  await engine.group().invites.create(invited);
  const leaving = [engine.leave(), engine.leave()];
  await expect(engine.createGroup('Too early')).rejects.toThrow(/in a group already/);
  await Promise.all(leaving);
  const second = await engine.createGroup('Another');
  expect(second).not.toBe(first);
  expect(engine.view().group).toEqual({ id: second, name: 'Another' });
  expect(engine.view().invites).toEqual([]);
  await engine.stop();
});

it('tells what of the settings takes effect only at the next start', async () => {
  const { engine } = engineNamed('Studio', new MemoryDoors());
  await engine.start();
  expect(engine.view().settings.restartNeeded).toBe(false);
  expect(engine.view().settings.publicBootstrap.length).toBeGreaterThan(0);
  expect(engine.view().settings.namedBootstrap).toEqual({ by: 'nobody', nodes: [] });
  engine.setSettings({ bootstrap: ['a.org:1'] });
  expect(engine.view().settings.namedBootstrap).toEqual({ by: 'settings', nodes: ['a.org:1'] });
  engine.setSettings({ dht: false });
  expect(engine.view().settings.restartNeeded).toBe(true);
  engine.setSettings({ dht: true });
  expect(engine.view().settings.restartNeeded).toBe(false);
  expect(() => engine.setSettings({ acceptDirectory: 'relative' })).toThrow(/not an absolute path/);
  await expect(engine.answerHome('joinAnew')).rejects.toThrow(/in order/);
  await engine.stop();

  const options = { bootstrap: ['b.org:2'], lan: false };
  const { engine: told } = engineNamed('Work', new MemoryDoors(), { options });
  told.setSettings({ bootstrap: ['a.org:1'] });
  expect(told.view().settings).toMatchObject({
    namedBootstrap: { by: 'start', nodes: ['b.org:2'] },
    startedWithout: ['lan'],
  });
});

it('keeps its name where the group refuses the new one', async () => {
  const { host, newcomer } = await groupWithNewcomer();
  await newcomer.engine.stop();
  await expect(host.renameSelf('')).rejects.toThrow();
  expect(host.view().self.name).toBe('Studio');
  await host.renameSelf('  Desk ');
  expect(host.view().self.name).toBe('Desk');
  expect(host.home.name()).toBe('Desk');
  await host.stop();
});

it('PA-60 takes its request back when it gives joining up, or its time is over', async () => {
  const doors = new MemoryDoors();
  const { engine: host } = engineNamed('Studio', doors);
  await host.start();
  await host.createGroup('Home');
  const { code } = await host.group().invites.create({ ...invited, approve: 'ask' });
  const { engine: newcomer, clock } = engineNamed('Laptop', doors);
  await newcomer.start();

  const first = newcomer.join(code, null, undefined);
  await first.next();
  await expect.poll(() => host.view().requests).toHaveLength(1);
  newcomer.cancelJoin();
  await expect.poll(() => host.view().requests).toEqual([]);

  const other = newcomer.join(code, 30_000, undefined);
  await other.next();
  await expect.poll(() => host.view().requests).toHaveLength(1);
  clock.advance(30_000);
  await expect.poll(() => host.view().requests).toEqual([]);
  await Promise.all([newcomer.stop(), host.stop()]);
});
