import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCommitProof, signCommitProof } from '../../electron/engine/bytes/commit-proof.ts';
import { decodeConsensusMessage, encodeConsensusMessage } from '../../electron/engine/bytes/consensus-message.ts';
import { fromHex, toHex } from '../../electron/engine/bytes/hex.ts';
import { decodeLogEntry, openLogEntry, sealLogEntry } from '../../electron/engine/bytes/log-entry.ts';
import { keyPairFromSeed } from '../../electron/engine/bytes/signature.ts';
import type { EntryBody, LogEntry } from '../../electron/engine/consensus/entry.ts';
import type { ConsensusMessage } from '../../electron/engine/consensus/messages.ts';
import type { DeviceId, EntryHash, GroupId } from '../../shared/ids.ts';
import { MAX_STAMP } from '../../shared/limits.ts';
import { allExamples, type ExamplesOfEach } from '../support/golden.ts';

const keys = keyPairFromSeed(new Uint8Array(32).fill(7));
const master = toHex(keys.publicKey) as DeviceId;
const group = 'ab'.repeat(32) as GroupId;
const other = 'cd'.repeat(32) as DeviceId;

function sealAll(): LogEntry[] {
  const bodies: ExamplesOfEach<EntryBody> = {
    'term.begin': [{ type: 'term.begin' }],
    operation: [{ type: 'operation', bytes: new Uint8Array([1, 2, 3]) }],
    'electorate.adjust': [
      { type: 'electorate.adjust', device: other, by: 1 },
      { type: 'electorate.adjust', device: other, by: -1 },
    ],
  };
  const entries: LogEntry[] = [];
  let previousHash = group as string as EntryHash;
  for (const [at, body] of allExamples(bodies).entries()) {
    const stamp = 1_900_000_000_000 + at;
    const draft = { generation: 1, index: at + 1, term: 1, previousHash, stamp, master, body };
    const entry = sealLogEntry(group, draft, keys.secretKey);
    entries.push(entry);
    previousHash = entry.hash;
  }
  return entries;
}

const entries = sealAll();
const second = entries[1] as LogEntry;
const { index, term, hash } = second;
const proof = signCommitProof(group, { generation: 1, index, term, hash, master }, keys.secretKey);
const stamp = { generation: 1, term: 3 };
const messages = allExamples<ConsensusMessage>({
  preVoteRequest: [{ ...stamp, type: 'preVoteRequest', last: { index: 9, term: 2 } }],
  preVoteReply: [{ ...stamp, type: 'preVoteReply', granted: true }],
  voteRequest: [{ ...stamp, type: 'voteRequest', last: { index: 9, term: 2 }, handover: false }],
  voteReply: [{ ...stamp, type: 'voteReply', granted: false }],
  append: [
    { ...stamp, type: 'append', previous: { index, term, hash }, entries: entries.slice(2), proof },
    { ...stamp, type: 'append', previous: { index, term, hash }, entries: [], proof: null },
  ],
  appendAccepted: [{ ...stamp, type: 'appendAccepted', match: 4 }],
  appendRejected: [{ ...stamp, type: 'appendRejected', rejected: 4, hint: 2 }],
  timeoutNow: [{ ...stamp, type: 'timeoutNow' }],
  have: [{ ...stamp, type: 'have', last: { index, term, hash }, commitIndex: 1 }],
  committed: [{ ...stamp, type: 'committed', previous: { index: 1, term: 1, hash }, entries: [second], proof }],
});

/** What version 1 of the formats looks like: lines of hex, in the order entries, proof, messages. It must never change. */
function goldenLines(): string[] {
  return readFileSync(join(import.meta.dirname, 'consensus-1.hex'), 'utf8')
    .trim()
    .split('\n');
}

describe('the formats of the log', () => {
  it('are still written as in the golden file', () => {
    const made = [...entries.map(({ bytes }) => bytes), proof.bytes, ...messages.map(encodeConsensusMessage)];
    expect(made.map(toHex)).toEqual(goldenLines());
  });

  it('are still read from the golden file', () => {
    const lines = goldenLines().map(fromHex);
    expect(lines.slice(0, 4).map((bytes) => openLogEntry(group, bytes))).toEqual(entries);
    expect(openCommitProof(group, lines[4] as Uint8Array)).toEqual(proof);
    expect(lines.slice(5).map((bytes) => decodeConsensusMessage(group, bytes))).toEqual(messages);
  });
});

describe('bytes of a stranger', () => {
  it('are no entry where the signature, the group or the layout differs', () => {
    const { bytes } = second;
    const bent = Uint8Array.from(bytes);
    bent[bytes.length - 1] = (bent[bytes.length - 1] as number) ^ 1;
    expect(openLogEntry(group, bent)).toBeNull();
    expect(openLogEntry('ef'.repeat(32) as GroupId, bytes)).toBeNull();
    expect(decodeLogEntry(bytes)).toEqual(second);
    for (let length = 0; length < bytes.length; length++) expect(decodeLogEntry(bytes.subarray(0, length))).toBeNull();
    expect(decodeLogEntry(new Uint8Array(64 * 1024))).toBeNull();
  });

  it('are no entry where the stamp is later than any', () => {
    const last = sealLogEntry(group, { ...second, stamp: MAX_STAMP }, keys.secretKey);
    expect(openLogEntry(group, last.bytes)?.stamp).toBe(MAX_STAMP);
    const later = sealLogEntry(group, { ...second, stamp: MAX_STAMP + 1 }, keys.secretKey);
    expect(openLogEntry(group, later.bytes)).toBeNull();
  });

  it('are no proof where the signature or the group differs', () => {
    const bent = Uint8Array.from(proof.bytes);
    bent[10] = (bent[10] as number) ^ 1;
    expect(openCommitProof(group, bent)).toBeNull();
    expect(openCommitProof('ef'.repeat(32) as GroupId, proof.bytes)).toBeNull();
  });

  it('are no message, whatever byte of one is changed or missing, or else a message of the closed set', () => {
    const known = new Set<string>(messages.map(({ type }) => type));
    for (const message of messages) {
      const bytes = encodeConsensusMessage(message);
      for (let at = 0; at < bytes.length; at++) {
        const bent = Uint8Array.from(bytes);
        bent[at] = (bent[at] as number) ^ 0x55;
        const read = decodeConsensusMessage(group, bent);
        expect(read === null || known.has(read.type)).toBe(true);
        expect(decodeConsensusMessage(group, bytes.subarray(0, at))).toBeNull();
      }
    }
  });
});
