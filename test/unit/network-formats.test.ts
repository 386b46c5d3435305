import type { Answer } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyPairFromSeed } from '../../electron/engine/bytes/signature.ts';
import { decodeControl } from '../../electron/engine/network/control-message.ts';
import { hoursAround, memberInstance } from '../../electron/engine/network/discovery/instance-name.ts';
import { readServices, SERVICE } from '../../electron/engine/network/discovery/service-record.ts';
import { decodeGreeting, encodeGreeting, type Greeting, readVersions } from '../../electron/engine/network/greeting.ts';
import { Inbox } from '../../electron/engine/network/inbox.ts';
import { Outbox } from '../../electron/engine/network/outbox.ts';
import { decodeJoinMessage } from '../../electron/engine/network/pairing/join-channel.ts';
import { type OwnStart, StartRegistry } from '../../electron/engine/network/start-registry.ts';
import { compareOwnStart, makeStartStatement } from '../../electron/engine/network/start-statement.ts';
import { parseTcpAddress } from '../../electron/engine/network/tcp-address.ts';
import type { DeviceId } from '../../shared/ids.ts';

const keys = keyPairFromSeed(new Uint8Array(32).fill(1));
const device = Buffer.from(keys.publicKey).toString('hex') as DeviceId;
const group = new Uint8Array(32).fill(2);
const instance = (byte: number): Uint8Array => new Uint8Array(16).fill(byte);
const greeting: Greeting = {
  version: 1,
  oldest: 1,
  features: [],
  group,
  statement: makeStartStatement(group, 4, instance(1), keys),
  link: new Uint8Array(0),
  part: 'all',
  linked: false,
  addresses: [],
};

describe('PA greetings and messages', () => {
  it('PA-14 takes no greeting that is cut, changed, or of another device or group', () => {
    const bytes = encodeGreeting(greeting);
    expect(decodeGreeting(bytes, group, keys.publicKey)).not.toBeNull();
    expect(decodeGreeting(bytes, new Uint8Array(32), keys.publicKey)).toBeNull();
    expect(decodeGreeting(bytes, group, new Uint8Array(32).fill(9))).toBeNull();
    for (let cut = 0; cut < bytes.byteLength; cut += 1) {
      expect(decodeGreeting(bytes.subarray(0, cut), group, keys.publicKey)).toBeNull();
    }
    const forged = { ...greeting, statement: { ...greeting.statement, signature: new Uint8Array(64) } };
    expect(decodeGreeting(encodeGreeting(forged), group, keys.publicKey)).toBeNull();
  });

  it('PA-15 reads the versions of a greeting that it cannot read otherwise', () => {
    const later = encodeGreeting({ ...greeting, version: 9, oldest: 8, part: 'unheard of' as 'all' });
    expect(readVersions(later)).toEqual({ version: 9, oldest: 8 });
    expect(decodeGreeting(later, group, keys.publicKey)).toBeNull();
  });

  it('PA-16 throws at no bytes whatever', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        decodeControl(bytes);
        decodeGreeting(bytes, group, keys.publicKey);
        decodeJoinMessage(bytes);
      }),
    );
  });

  it('PA-17 dials no address outside of local networks', () => {
    for (const host of ['8.8.8.8', '0.0.0.0', '1.2.3', 'example.org', '::1', '172.32.0.1', '100.128.0.1']) {
      expect(parseTcpAddress([host, 80])).toBeNull();
    }
    for (const host of ['127.0.0.1', '10.1.2.3', '192.168.0.9', '172.31.0.1', '100.64.0.1', '169.254.3.4']) {
      expect(parseTcpAddress([host, 80])).toEqual({ host, port: 80 });
    }
    for (const port of [0, 65_536, 1.5, '80', null]) expect(parseTcpAddress(['10.0.0.1', port])).toBeNull();
  });

  it('PA-18 passes over multicast records that are malformed or lead elsewhere', () => {
    const name = `${'0'.repeat(32)}.${SERVICE}`;
    const records: Answer[] = [
      { type: 'SRV', name, data: { port: 80, target: 't.local' } },
      { type: 'SRV', name: `device-of-eve.${SERVICE}`, data: { port: 80, target: 't.local' } },
      { type: 'A', name: 't.local', data: '8.8.8.8' },
    ];
    expect(readServices(records)).toEqual([]);
    expect(readServices([...records, { type: 'A', name: 't.local', data: '10.0.0.1' }])).toEqual([
      { instance: '0'.repeat(32), addresses: [{ host: '10.0.0.1', port: 80 }] },
    ]);
  });

  it('PA-19 announces another name every hour, known to members whose clocks differ by less', () => {
    const hour = 3_600_000;
    const now = 600_000 * hour + 5;
    const names = hoursAround(now).map((each) => memberInstance(group, keys.publicKey, each));
    expect(new Set(names).size).toBe(3);
    expect(names[1]).toBe(memberInstance(group, keys.publicKey, 600_000));
    expect(memberInstance(new Uint8Array(32), keys.publicKey, 600_000)).not.toBe(names[1]);
  });

  it('PA-20 puts messages together as they were, whatever the pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 16 }), { minLength: 1, maxLength: 5 }),
        (messages, limits) => {
          const outbox = new Outbox();
          const inbox = new Inbox(100);
          for (const message of messages) outbox.push(message);
          outbox.pushEnd();
          const got: Uint8Array[] = [];
          for (let round = 0; ; round += 1) {
            const piece = outbox.take(limits[round % limits.length] as number);
            if (piece.kind === 'end') break;
            const message = inbox.take(piece);
            if (message !== null && message !== 'too-long') got.push(new Uint8Array(message));
          }
          expect(got).toEqual(messages);
          expect(outbox.bytes).toBe(0);
          expect(outbox.empty).toBe(true);
        },
      ),
    );
    const inbox = new Inbox(100);
    expect(inbox.take({ kind: 'more', bytes: new Uint8Array(60) })).toBeNull();
    expect(inbox.take({ kind: 'last', bytes: new Uint8Array(60) })).toBe('too-long');
  });

  it('PA-20 gives the buffer of a large piece back at once, but not one that holds more than it', () => {
    const size = 256 * 1024;
    // One byte more behind the piece than secret stream and Protomux write around one.
    for (const { around, isGivenBack } of [
      { around: 20, isGivenBack: true },
      { around: 25, isGivenBack: false },
    ]) {
      const inbox = new Inbox(4 * size);
      const frames = [1, 2].map((filling) => new Uint8Array(size + around).fill(filling));
      const [first, second] = frames.map((frame) => frame.subarray(3, 3 + size)) as [Uint8Array, Uint8Array];
      expect(inbox.take({ kind: 'more', bytes: first })).toBeNull();
      expect(first.byteLength).toBe(size);
      const whole = inbox.take({ kind: 'last', bytes: second }) as Uint8Array;
      expect(whole.byteLength).toBe(2 * size);
      expect(whole.subarray(0, size).every((byte) => byte === 1)).toBe(true);
      expect(whole.subarray(size).every((byte) => byte === 2)).toBe(true);
      for (const frame of frames) expect(frame.byteLength).toBe(isGivenBack ? 0 : size + around);
    }
  });
});

describe('PA start numbers', () => {
  /** This start, after others. */
  const start = (number: number, of: Uint8Array, ...earlier: readonly [number, Uint8Array][]): OwnStart => ({
    number,
    instance: of,
    isOwn: (shown, by) =>
      [[number, of] as const, ...earlier].some(([n, i]) => n === shown && Buffer.compare(i, by) === 0),
  });

  it('PA-21 tell a device that was restored or copied, and no other', () => {
    const own = makeStartStatement(group, 4, instance(1), keys);
    expect(compareOwnStart(own, makeStartStatement(group, 3, instance(9), keys))).toBe('fine');
    expect(compareOwnStart(own, own)).toBe('fine');
    expect(compareOwnStart(own, makeStartStatement(group, 5, instance(9), keys))).toBe('restored');
    expect(compareOwnStart(own, makeStartStatement(group, 4, instance(9), keys))).toBe('restored');
  });

  it('PA-22 are kept by their highest, and believed only with the signature of the device itself', () => {
    const other = keyPairFromSeed(new Uint8Array(32).fill(3));
    const kept = makeStartStatement(group, 7, instance(2), keys);
    const registry = new StartRegistry(start(4, instance(1)), keys, () => kept);
    expect(registry.highest(group, device)?.start).toBe(7);
    expect(registry.note(group, device, makeStartStatement(group, 6, instance(3), keys))).toBe(false);
    expect(registry.note(group, device, makeStartStatement(group, 8, instance(3), keys))).toBe(true);
    expect(registry.highest(group, device)?.start).toBe(8);
    expect(registry.judge(group, makeStartStatement(group, 9, instance(3), other), false)).toBeNull();
    expect(registry.judge(group, makeStartStatement(group, 9, instance(3), keys), false)?.verdict).toBe('restored');
  });

  it('PA-21 of runs that are over make no clone, whoever says that they run', () => {
    const own = start(4, instance(1), [2, instance(5)]);
    const registry = new StartRegistry(own, keys, () => null);
    const verdictOn = (number: number, of: Uint8Array): string | undefined =>
      registry.judge(group, makeStartStatement(group, number, of, keys), true)?.verdict;
    expect(verdictOn(2, instance(5))).toBe('fine');
    expect(verdictOn(4, instance(1))).toBe('fine');
    for (const number of [2, 4, 5]) expect(verdictOn(number, instance(6))).toBe('cloned');
  });
});
