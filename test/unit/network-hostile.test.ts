import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../electron/engine/bytes/hex.ts';
import { type KeyPair, keyPairFromSeed } from '../../electron/engine/bytes/signature.ts';
import { decodeControl, encodeControl } from '../../electron/engine/network/control-message.ts';
import { encodeGreeting, type Greeting } from '../../electron/engine/network/greeting.ts';
import { dialMember } from '../../electron/engine/network/lan.ts';
import { TCP_PRELUDE } from '../../electron/engine/network/protocol.ts';
import { makeStartStatement } from '../../electron/engine/network/start-statement.ts';
import { Wire } from '../../electron/engine/network/wire.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { isConnected, NetworkWorld, TEST_GROUP, type TestDevice } from '../support/network-harness.ts';

/** A device that says whatever the test wants it to. */
class Stranger {
  readonly keys: KeyPair;
  readonly id: DeviceId;
  readonly heard: unknown[] = [];
  closed = false;
  #wire: Wire | null = null;

  constructor() {
    this.keys = keyPairFromSeed(randomBytes(32));
    this.id = toHex(this.keys.publicKey) as DeviceId;
  }

  /** One whose id is the smaller of the two, or is not: the smaller chooses the link that carries messages. */
  static choosing(chooses: boolean, other: DeviceId): Stranger {
    for (;;) {
      const stranger = new Stranger();
      if (stranger.id < other === chooses) return stranger;
    }
  }

  call(to: TestDevice): Wire {
    const [address] = to.network.status().addresses;
    if (address === undefined) throw new Error('nobody listens');
    const stream = dialMember(address, null, this.keys, fromHex(to.id));
    stream.on('error', () => {});
    this.#wire = new Wire(stream, {
      heard: () => {},
      control: (bytes) => this.heard.push(decodeControl(bytes)),
      piece: () => {},
      drain: () => {},
      closed: () => {
        this.closed = true;
      },
    });
    return this.#wire;
  }

  greeting(change: Partial<Greeting> = {}): Uint8Array {
    const group = change.group ?? fromHex(TEST_GROUP);
    const statement = makeStartStatement(group, 1, new Uint8Array(16), this.keys);
    return encodeGreeting({
      version: 1,
      oldest: 1,
      features: [],
      group,
      statement,
      link: new Uint8Array(16),
      part: 'all',
      linked: false,
      addresses: [],
      ...change,
    });
  }
}

describe('PA hostile peers', () => {
  let world: NetworkWorld;
  let a: TestDevice;
  let b: TestDevice;
  let stranger: Stranger;

  beforeEach(async () => {
    world = new NetworkWorld();
    a = await world.device();
    b = await world.device();
    stranger = new Stranger();
    await expect.poll(() => isConnected(a, b) && isConnected(b, a), { timeout: 10_000 }).toBe(true);
  });
  afterEach(async () => {
    // Whatever was said to it, the device still talks to its friends, over the same link.
    const ofFriend = a.events.filter(
      (e) => (e.type === 'up' && e.peer.device === b.id) || (e.type === 'down' && e.device === b.id),
    );
    expect(ofFriend.map(({ type }) => type)).toEqual(['up']);
    expect(a.network.send(b.id, 'metadata', Uint8Array.of(1))).toBe(true);
    await expect.poll(() => b.received('metadata').length).toBe(1);
    await world.close();
  });

  const problems = (): string[] =>
    a.notices.flatMap((notice) => (notice.type === 'problem' && notice.device === stranger.id ? [notice.code] : []));

  it('PA-28 lets nobody in whose key is not in the registry, and tells nothing of the group', async () => {
    const wire = stranger.call(a);
    wire.sendControl(encodeControl({ type: 'greeting', bytes: stranger.greeting() }));
    await expect.poll(() => stranger.closed).toBe(true);
    expect(problems()).toEqual(['peer-not-admitted']);
    expect(stranger.heard).toEqual([{ type: 'reject', reason: 'not-admitted' }]);
    expect(isConnected(a, b)).toBe(true);
  });

  it('PA-29 tells a device that is too old, and one for which it is too old itself', async () => {
    world.members.add(stranger.id);
    const old = stranger.call(a);
    old.sendControl(encodeControl({ type: 'greeting', bytes: stranger.greeting({ version: 0, oldest: 0 }) }));
    await expect.poll(() => stranger.closed).toBe(true);
    expect(problems()).toEqual(['peer-too-old']);
    expect(stranger.heard).toContainEqual({ type: 'reject', reason: 'you-are-too-old' });
    stranger.closed = false;
    const young = stranger.call(a);
    young.sendControl(encodeControl({ type: 'greeting', bytes: stranger.greeting({ version: 9, oldest: 2 }) }));
    await expect.poll(() => stranger.closed).toBe(true);
    expect(problems()).toContain('update-needed');
  });

  it('PA-30 refuses a member that speaks for another group', async () => {
    world.members.add(stranger.id);
    const wire = stranger.call(a);
    wire.sendControl(encodeControl({ type: 'greeting', bytes: stranger.greeting({ group: new Uint8Array(32) }) }));
    await expect.poll(() => stranger.closed).toBe(true);
    expect(problems()).toEqual(['peer-not-admitted']);
  });

  it.each<[string, (wire: Wire, each: Stranger) => void]>([
    ['control bytes of no kind', (wire) => wire.sendControl(Uint8Array.of(1, 2, 3))],
    ['a word before its greeting', (wire) => wire.sendControl(encodeControl({ type: 'drained' }))],
    ['a piece before its greeting', (wire) => wire.sendPiece('content', { kind: 'last', bytes: new Uint8Array(9) })],
    [
      'a greeting that is none',
      (wire) => wire.sendControl(encodeControl({ type: 'greeting', bytes: new Uint8Array(9) })),
    ],
    [
      'an acknowledgement of nothing',
      (wire, each) => {
        wire.sendControl(encodeControl({ type: 'greeting', bytes: each.greeting() }));
        wire.sendControl(encodeControl({ type: 'received', bytes: 1_000_000 }));
      },
    ],
  ])('PA-31 ends the link of a member that sends %s, and that link alone', async (_, misbehave) => {
    world.members.add(stranger.id);
    misbehave(stranger.call(a), stranger);
    await expect.poll(() => stranger.closed, { timeout: 10_000 }).toBe(true);
    expect(problems()).toContain('peer-protocol');
  });

  it.each([
    ['the member chose', true],
    ['the device chose', false],
  ])('PA-32 ends a message that is longer than any may be, on a link that %s', async (_, chooses) => {
    stranger = Stranger.choosing(chooses, a.id);
    world.members.add(stranger.id);
    const wire = stranger.call(a);
    wire.sendControl(encodeControl({ type: 'greeting', bytes: stranger.greeting() }));
    if (chooses) wire.sendControl(encodeControl({ type: 'use', turn: 1, fresh: true }));
    await expect.poll(() => isConnected(a, { ...b, id: stranger.id }), { timeout: 10_000 }).toBe(true);
    expect(stranger.closed).toBe(false);
    for (let i = 0; i < 40; i += 1) wire.sendPiece('index', { kind: 'more', bytes: new Uint8Array(256 * 1024) });
    await expect.poll(() => stranger.closed, { timeout: 10_000 }).toBe(true);
    expect(problems()).toContain('peer-protocol');
  });

  it('PA-33 survives any bytes on its TCP port', async () => {
    const [address] = a.network.status().addresses;
    if (address === undefined) throw new Error('nobody listens');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(TCP_PRELUDE), 0),
        fc.uint8Array({ maxLength: 300 }),
        (kind, bytes) => {
          return new Promise<void>((resolve) => {
            const socket = connect(address);
            socket.on('error', () => {});
            socket.on('close', () => resolve());
            socket.end(Buffer.concat([Uint8Array.of(kind), bytes]));
            socket.resume();
          });
        },
      ),
      { numRuns: 50 },
    );
  });
});
