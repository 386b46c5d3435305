import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../electron/engine/bytes/hex.ts';
import {
  type DoorAnswer,
  type DoorAsk,
  type DoorNote,
  decodeDoorAnswer,
  decodeDoorAsk,
  decodeDoorNote,
  encodeDoorAnswer,
  encodeDoorAsk,
  encodeDoorNote,
} from '../../electron/engine/session/door-messages.ts';
import {
  groupRecords,
  leavingRecords,
  mountRecords,
  SINGLE,
  settingsRecords,
  startRecords,
} from '../../electron/engine/session/home-records.ts';
import type { DeviceId, GroupId, InviteId } from '../../shared/ids.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import golden from './session-1.json' with { type: 'json' };

const device = '11'.repeat(32) as DeviceId;
const host = '22'.repeat(32) as DeviceId;
const group = '33'.repeat(32) as GroupId;
const invite = '44'.repeat(32) as InviteId;
const proof = { invite, device, name: 'Laptop', proof: '55'.repeat(64), consent: '66'.repeat(64) };

const WELCOME: DoorAnswer = { type: 'welcome', group, firstEntry: Uint8Array.of(1, 2, 3), host, approval: 'ask' };
const ADMITTED: DoorAnswer = {
  type: 'admitted',
  members: [{ device: host, addresses: [{ host: '127.0.0.1', port: 7000 }] }],
};

/** One of each type; does not compile where one is missing. */
const MESSAGES: Readonly<Record<(DoorAsk | DoorAnswer | DoorNote)['type'], () => Uint8Array>> = {
  hello: () => encodeDoorAsk({ type: 'hello', device }),
  redeem: () => encodeDoorAsk({ type: 'redeem', host, proof }),
  withdraw: () => encodeDoorAsk({ type: 'withdraw', host, proof }),
  welcome: () => encodeDoorAnswer(WELCOME),
  admitted: () => encodeDoorAnswer(ADMITTED),
  request: () => encodeDoorNote({ type: 'request', host, since: 1_700_000_000_000, proof }),
  denied: () => encodeDoorNote({ type: 'denied', invite, device }),
  withdrawn: () => encodeDoorNote({ type: 'withdrawn', invite, device }),
};

describe('the conversation with a newcomer, version 1', () => {
  it.each(Object.entries(MESSAGES))('%s is written as it always was', (name, encode) => {
    expect(toHex(encode())).toBe(golden.messages[name as keyof typeof golden.messages]);
  });

  it('reads what was written', () => {
    const { hello, redeem, withdraw, welcome, admitted, request, denied, withdrawn } = golden.messages;
    expect(decodeDoorAsk(fromHex(hello))).toEqual({ type: 'hello', device });
    expect(decodeDoorAsk(fromHex(redeem))).toEqual({ type: 'redeem', host, proof });
    expect(decodeDoorAsk(fromHex(withdraw))).toEqual({ type: 'withdraw', host, proof });
    expect(decodeDoorAnswer(fromHex(welcome))).toEqual(WELCOME);
    expect(decodeDoorAnswer(fromHex(admitted))).toEqual(ADMITTED);
    expect(decodeDoorNote(fromHex(request))).toEqual({ type: 'request', host, since: 1_700_000_000_000, proof });
    expect(decodeDoorNote(fromHex(denied))).toEqual({ type: 'denied', invite, device });
    expect(decodeDoorNote(fromHex(withdrawn))).toEqual({ type: 'withdrawn', invite, device });
  });

  it('reads nothing from cut or bent bytes', () => {
    for (const hex of Object.values(golden.messages)) {
      const bytes = fromHex(hex);
      for (let length = 0; length < bytes.length; length += 1) {
        const cut = bytes.subarray(0, length);
        expect([decodeDoorAsk(cut), decodeDoorAnswer(cut), decodeDoorNote(cut)]).toEqual([null, null, null]);
      }
    }
  });
});

describe('the records of a home, version 1', () => {
  it('are read as they were written', () => {
    const store = createMemoryStore();
    store.transaction((tx) => {
      for (const { table, key, json } of golden.records) tx.put(table, key, new TextEncoder().encode(json));
    });
    expect(startRecords.get(store, SINGLE)).toEqual({ version: 1, start: 7 });
    expect(settingsRecords.get(store, SINGLE)).toEqual({
      version: 1,
      name: 'Studio',
      settings: { bootstrap: ['10.0.0.1:49737'], lan: true, dht: false, acceptDirectory: null },
    });
    expect(groupRecords.get(store, SINGLE)).toEqual({ version: 1, group, bootstrap: [] });
    expect(leavingRecords.get(store, '77'.repeat(32))).toEqual({
      version: 1,
      since: 1_700_000_000_000,
      bootstrap: ['10.0.0.1:49737'],
    });
    expect(mountRecords.get(store, 'aa'.repeat(16))).toEqual({ version: 1, paused: true, shared: false });
  });

  it('that cannot be read are a damaged database', () => {
    const store = createMemoryStore();
    store.transaction((tx) => tx.put('home-start', SINGLE, new TextEncoder().encode('{"version":1,"start":"x"}')));
    expect(() => startRecords.get(store, SINGLE)).toThrow(expect.objectContaining({ code: 'database-damaged' }));
  });
});
