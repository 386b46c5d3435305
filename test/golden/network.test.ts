import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../electron/engine/bytes/hex.ts';
import { keyPairFromSeed } from '../../electron/engine/bytes/signature.ts';
import { type ControlMessage, decodeControl, encodeControl } from '../../electron/engine/network/control-message.ts';
import { memberInstance, pairingInstance } from '../../electron/engine/network/discovery/instance-name.ts';
import { readServices, serviceRecords } from '../../electron/engine/network/discovery/service-record.ts';
import { decodeGreeting, encodeGreeting, type Greeting } from '../../electron/engine/network/greeting.ts';
import { inviteKeys, pairingTopic } from '../../electron/engine/network/pairing/invite-keys.ts';
import {
  decodeJoinMessage,
  encodeJoinMessage,
  type JoinMessage,
} from '../../electron/engine/network/pairing/join-channel.ts';
import { makeStartStatement } from '../../electron/engine/network/start-statement.ts';
import { allExamples } from '../support/golden.ts';

const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'network-1.json'), 'utf8')) as Record<string, unknown>;
const keys = keyPairFromSeed(new Uint8Array(32).fill(7));
const group = new Uint8Array(32).fill(0xab);
const statement = makeStartStatement(group, 3, new Uint8Array(16).fill(5), keys);

const greeting: Greeting = {
  version: 1,
  oldest: 1,
  features: ['example'],
  group,
  statement,
  link: new Uint8Array(16).fill(9),
  part: 'main',
  linked: true,
  addresses: [{ host: '192.168.1.2', port: 4_321 }],
};

const { bytes, signature } = statement;
const controls = allExamples<ControlMessage>({
  ping: [{ type: 'ping', nonce: 7 }],
  pong: [{ type: 'pong', nonce: 7 }],
  received: [{ type: 'received', bytes: 70_000 }],
  reject: [{ type: 'reject', reason: 'not-admitted' }],
  use: [{ type: 'use', turn: 2, fresh: false }],
  drained: [{ type: 'drained' }],
  addresses: [{ type: 'addresses', addresses: [{ host: '10.0.0.1', port: 80 }] }],
  known: [{ type: 'known', bytes, signature }],
  twin: [{ type: 'twin', bytes, signature }],
  removed: [{ type: 'removed', group: Uint8Array.of(...new Array(32).fill(7)) }],
  greeting: [{ type: 'greeting', bytes: Uint8Array.of(1, 2, 3) }],
});

const joins = allExamples<JoinMessage>({
  ask: [{ type: 'ask', number: 1, bytes: Uint8Array.of(1) }],
  answer: [{ type: 'answer', number: 1, bytes: Uint8Array.of(2) }],
  deny: [{ type: 'deny', number: 2, code: 'invite-used' }],
});

describe('formats of the network, version 1', () => {
  it('greets as before', () => {
    expect(toHex(encodeGreeting(greeting))).toBe(golden.greeting);
    expect(decodeGreeting(fromHex(golden.greeting as string), group, keys.publicKey)).toEqual(greeting);
  });

  it('keeps the control messages', () => {
    expect(controls.map((message) => toHex(encodeControl(message)))).toEqual(golden.controls);
    expect((golden.controls as string[]).map((hex) => decodeControl(fromHex(hex)))).toEqual(controls);
  });

  it('keeps the messages of joining', () => {
    expect(joins.map((message) => toHex(encodeJoinMessage(message)))).toEqual(golden.joins);
    expect((golden.joins as string[]).map((hex) => decodeJoinMessage(fromHex(hex)))).toEqual(joins);
  });

  it('keeps the multicast record and the names in it', () => {
    const instance = memberInstance(group, keys.publicKey, 500_000);
    const records = serviceRecords(instance, { host: '192.168.1.2', port: 4_321 });
    expect(records).toEqual(golden.records);
    expect(readServices(records)).toEqual([{ instance, addresses: [{ host: '192.168.1.2', port: 4_321 }] }]);
    expect(pairingInstance(group, 500_000)).toBe(golden.pairingInstance);
  });

  it('keeps what follows from the secret of an invite', () => {
    const { id, publicKey } = inviteKeys(new Uint8Array(32).fill(8));
    const { key, discoveryKey } = pairingTopic(publicKey);
    expect({ id, publicKey: toHex(publicKey), key: toHex(key), discoveryKey: toHex(discoveryKey) }).toEqual(
      golden.invite,
    );
  });
});
