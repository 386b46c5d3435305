/**
 * What devices say on the channels of a link: other devices may run an older or a later version. Messages about the link
 * itself are in network.test.ts, of the consensus in log-entry.test.ts, of a newcomer in session.test.ts.
 */
import { expect, it } from 'vitest';
import { fromHex, toHex } from '../../electron/engine/bytes/hex.ts';
import {
  type ContentMessage,
  decodeContentMessage,
  encodeContentMessage,
} from '../../electron/engine/content/messages.ts';
import { NO_ROOM, NOT_HERE } from '../../electron/engine/content/piece-lengths.ts';
import { ACTOR_BYTES } from '../../electron/engine/index/change-reader.ts';
import {
  decodeIndexMessage,
  encodeIndexMessage,
  type IndexMessage,
} from '../../electron/engine/index/sync/messages.ts';
import { decodeFailovers, encodeFailovers } from '../../electron/engine/metadata/failover-records.ts';
import { decodeFrame, encodeFrame, type FrameKind } from '../../electron/engine/metadata/frame.ts';
import { decodeSubmitted, encodeSubmitted } from '../../electron/engine/metadata/master-desk.ts';
import { decodeReport, encodeReport, type Report } from '../../electron/engine/metadata/report.ts';
import { decodeDoorFrame, encodeDoorFrame } from '../../electron/engine/session/door-messages.ts';
import type { ContentHash, DeviceId, DeviceTag, FolderId, InviteId } from '../../shared/ids.ts';
import { allExamples, type ExamplesOfEach, goldenJson } from '../support/golden.ts';

const folder = '0f'.repeat(16) as FolderId;
const hash = '05'.repeat(32) as ContentHash;
const head = '06'.repeat(32);
const other = '09'.repeat(32);
const author = '22'.repeat(16) as DeviceTag;
const actor = '07'.repeat(ACTOR_BYTES);
const device = '11'.repeat(32) as DeviceId;
const bytes = Uint8Array.of(1, 2, 3);
const shards = [{ shard: 9, heads: [head] }];
const envelope = {
  author: device,
  counter: 300,
  seen: { generation: 1, index: 40 },
  signature: new Uint8Array(64).fill(8),
};

const INDEX: ExamplesOfEach<IndexMessage> = {
  digest: [{ type: 'digest', folder, digest: head, holder: true, ask: false }],
  heads: [{ type: 'heads', folder, shards, whole: true, holder: true, ask: false }],
  want: [{ type: 'want', folder, shards: [{ shard: 9, clock: new Map([[actor, 3]]) }] }],
  changes: [
    {
      type: 'changes',
      folder,
      shards: [{ shard: 9, changes: [{ envelope, change: bytes }] }],
      announced: shards,
      more: false,
    },
  ],
  counters: [{ type: 'counters', counters: new Map([[author, 300]]) }],
  latestAsked: [{ type: 'latestAsked', request: 4, author, folders: [folder] }],
  latest: [{ type: 'latest', request: 4, folders: new Map([[folder, new Map([[9, [head, other]]])]]) }],
};

const CONTENT: ExamplesOfEach<ContentMessage> = {
  wantManifest: [{ type: 'wantManifest', request: 1, folder, content: hash, page: 0 }],
  wantChunks: [
    {
      type: 'wantChunks',
      request: 2,
      folder,
      content: hash,
      size: 400_000,
      chunks: [{ hash, offset: 0, length: 200_000 }],
    },
  ],
  wantContents: [{ type: 'wantContents', request: 3, folder, contents: [{ hash, length: 5 }] }],
  manifest: [{ type: 'manifest', request: 1, bytes }],
  pieces: [{ type: 'pieces', request: 2, lengths: [3, NOT_HERE, NO_ROOM], bytes }],
  busy: [{ type: 'busy', request: 3 }],
  have: [{ type: 'have', folder, contents: [hash] }],
};

const FRAMES: Readonly<Record<FrameKind, true>> = {
  consensus: true,
  submit: true,
  report: true,
  failovers: true,
  transfer: true,
};

const report: Report = {
  folders: new Map([
    [
      folder,
      {
        files: 3,
        bytes: 30,
        needFiles: 1,
        needBytes: 5,
        unpublished: 0,
        state: 'working',
        problems: 0,
        diskFull: null,
        heads: head,
      },
    ],
  ]),
  freeBytes: 1_000_000,
  platform: 'linux',
};
const took = { detectMs: 280, electMs: 10, respondMs: 0, budgetMs: 5_000 };
const failovers = [{ generation: 1, term: 8, at: 1_700_000_000_000, from: device, to: device, ...took }];
const invite = '44'.repeat(32) as InviteId;
const withdrawn = { type: 'withdrawn', invite, device } as const;
const submitted = { term: 8, bytes };

/** Name -> the bytes as they are made now, and a way to read such bytes. */
const MESSAGES: readonly (readonly [
  name: string,
  made: Uint8Array,
  meant: unknown,
  read: (from: Uint8Array) => unknown,
])[] = [
  ...allExamples(INDEX).map((one) => [`index ${one.type}`, encodeIndexMessage(one), one, decodeIndexMessage] as const),
  ...allExamples(CONTENT).map(
    (one) => [`content ${one.type}`, encodeContentMessage(one), one, decodeContentMessage] as const,
  ),
  ...Object.keys(FRAMES).map((kind) => {
    const frame = encodeFrame(kind as FrameKind, bytes);
    return [`frame ${kind}`, frame, { kind, payload: bytes }, decodeFrame] as const;
  }),
  ['metadata report', encodeReport(report), report, decodeReport],
  ['metadata failovers', encodeFailovers(failovers), failovers, decodeFailovers],
  ['metadata submit', encodeSubmitted(submitted), submitted, decodeSubmitted],
  ['frame of a withdrawn request', encodeDoorFrame(withdrawn), withdrawn, decodeDoorFrame],
];

const made = Object.fromEntries(MESSAGES.map(([name, message]) => [name, toHex(message)]));
const golden = goldenJson('wire-1.json', made);

it('is the same list of messages', () => {
  expect(Object.keys(golden)).toEqual(Object.keys(made));
});

it.each(MESSAGES)('%s is said as it always was, and understood', (name, message, meant, read) => {
  expect(toHex(message)).toBe(golden[name]);
  expect(read(fromHex(golden[name] ?? ''))).toEqual(meant);
});
