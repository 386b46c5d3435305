import { afterEach, describe, expect, it } from 'vitest';
import { type BootstrapNode, startBootstrap } from '../../electron/engine/network/bootstrap-node.ts';
import { createInvite, type InviteKeys } from '../../electron/engine/network/pairing/invite-keys.ts';
import type { JoinAsk } from '../../electron/engine/network/pairing/receiver.ts';
import { systemRandom } from '../../electron/engine/ports/system-random.ts';
import type { GroupId } from '../../shared/ids.ts';
import { isConnected, NetworkWorld, type TestDevice } from '../support/network-harness.ts';

const NO_GROUP: GroupId | null = null;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const bytes = (of: string): Uint8Array => new Uint8Array(Buffer.from(of, 'utf8'));

/** Makes `member` receive for the invite, answering each question with `answer`. */
function receive(member: TestDevice, invite: InviteKeys, answer: (ask: JoinAsk) => void): void {
  member.network.pairing.onAsk(answer);
  member.network.pairing.setInvites([{ id: invite.id, publicKey: invite.publicKey }]);
}

describe.each(['dht', 'lan'] as const)('PA pairing over %s', (way) => {
  let world: NetworkWorld;
  let bootstrap: BootstrapNode | null = null;

  async function device(group?: GroupId | null): Promise<TestDevice> {
    if (way === 'dht') bootstrap ??= await startBootstrap({ host: '127.0.0.1', port: 0 });
    const network = {
      dht: way === 'dht',
      lan: way === 'lan',
      bootstrap: bootstrap === null ? null : [bootstrap.address],
    };
    return world.device(group === undefined ? { network } : { network, group });
  }
  afterEach(async () => {
    await world.close();
    await bootstrap?.close();
    bootstrap = null;
  });

  it('PA-7 a newcomer with the code reaches a member that knows the public key alone', async () => {
    world = new NetworkWorld();
    const invite = createInvite(systemRandom);
    receive(await device(), invite, (ask) => ask.answer(bytes(`${ask.invite === invite.id}:${text(ask.bytes)}`)));
    const newcomer = await device(NO_GROUP);
    const session = newcomer.network.pairing.join({ secret: invite.secret, bootstrap: [] });
    expect(text(await session.ask(bytes('which group?')))).toBe('true:which group?');
    expect(text(await session.ask(bytes('let me in')))).toBe('true:let me in');
    await session.close();
  });

  it('PA-8 a denial reaches the newcomer with its code', async () => {
    world = new NetworkWorld();
    const invite = createInvite(systemRandom);
    receive(await device(), invite, (ask) => ask.deny('invite-expired'));
    const newcomer = await device(NO_GROUP);
    const session = newcomer.network.pairing.join({ secret: invite.secret, bootstrap: [] });
    await expect(session.ask(bytes('let me in'))).rejects.toMatchObject({ code: 'invite-expired' });
    await session.close();
  });

  it('PA-52 a join that ended leaves nothing behind', { timeout: 60_000 }, async () => {
    world = new NetworkWorld();
    const newcomer = await device(NO_GROUP);
    const warnings: Error[] = [];
    const warned = (warning: Error): number => warnings.push(warning);
    process.on('warning', warned);
    for (let round = 0; round < 12; round += 1) {
      await newcomer.network.pairing.join({ secret: createInvite(systemRandom).secret, bootstrap: [] }).close();
    }
    // A warning comes in the next turn.
    await new Promise((next) => setImmediate(next));
    process.off('warning', warned);
    expect(warnings).toEqual([]);
  });

  it('PA-9 another code reaches nobody, and giving up ends the waiting', async () => {
    world = new NetworkWorld();
    const invite = createInvite(systemRandom);
    let asked = 0;
    receive(await device(), invite, () => {
      asked += 1;
    });
    const newcomer = await device(NO_GROUP);
    const wrong = createInvite(systemRandom);
    const session = newcomer.network.pairing.join({ secret: wrong.secret, bootstrap: [] });
    const right = newcomer.network.pairing.join({ secret: invite.secret, bootstrap: [] });
    const refused = expect(session.ask(bytes('let me in'))).rejects.toMatchObject({ code: 'cancelled' });
    const given = expect(right.ask(bytes('hello'))).rejects.toMatchObject({ code: 'cancelled' });
    await expect.poll(() => asked, { timeout: 10_000 }).toBe(1);
    expect(session.connected).toBe(false);
    await session.close();
    await right.close();
    await refused;
    await given;
  });

  it('PA-10 a question that waits when its member goes is put to another', async () => {
    world = new NetworkWorld();
    const invite = createInvite(systemRandom);
    const first = await device();
    const asked: string[] = [];
    receive(first, invite, () => asked.push('first'));
    const newcomer = await device(NO_GROUP);
    const session = newcomer.network.pairing.join({ secret: invite.secret, bootstrap: [] });
    const answer = session.ask(bytes('let me in'));
    await expect.poll(() => asked, { timeout: 10_000 }).toEqual(['first']);
    receive(await device(), invite, (ask) => ask.answer(bytes('welcome')));
    await first.network.stop();
    expect(text(await answer)).toBe('welcome');
    await session.close();
  });

  it('PA-11 a newcomer that was there first is found by the member that comes later', async () => {
    world = new NetworkWorld();
    const invite = createInvite(systemRandom);
    const newcomer = await device(NO_GROUP);
    const session = newcomer.network.pairing.join({ secret: invite.secret, bootstrap: [] });
    const answer = session.ask(bytes('let me in'));
    receive(await device(), invite, (ask) => ask.answer(bytes('welcome')));
    expect(text(await answer)).toBe('welcome');
    await session.close();
  });
});

describe('PA pairing by the bootstrap nodes of a code', () => {
  it('PA-44 a newcomer reaches a group that has its own, and stays with them', async () => {
    const world = new NetworkWorld();
    const others = await startBootstrap({ host: '127.0.0.1', port: 0 });
    const theirs = await startBootstrap({ host: '127.0.0.1', port: 0 });
    const member = await world.device({ network: { dht: true, lan: false, bootstrap: [theirs.address] } });
    const newcomer = await world.device({ network: { dht: true, lan: false, bootstrap: [others.address] } });
    const invite = createInvite(systemRandom);
    receive(member, invite, (ask) => ask.answer(ask.bytes));
    const session = newcomer.network.pairing.join({ secret: invite.secret, bootstrap: [theirs.address] });
    expect(text(await session.ask(bytes('let me in')))).toBe('let me in');
    await session.close();
    expect(isConnected(newcomer, member)).toBe(false);
    await newcomer.network.setBootstrap([theirs.address]);
    await expect.poll(() => isConnected(newcomer, member), { timeout: 10_000 }).toBe(true);
    await world.close();
    await Promise.all([others.close(), theirs.close()]);
  });
});
