/** Builds states of the contract for pictures and page tests: every field there, little to write. */
import type { Activity } from '../../../shared/model/activity.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Device } from '../../../shared/model/device.ts';
import type { Folder, Holder } from '../../../shared/model/folder.ts';
import type { WaitingChange } from '../../../shared/model/group-view.ts';
import type { Leaving } from '../../../shared/model/leaving.ts';
import type { Failover, Master } from '../../../shared/model/master.ts';
import { needsSomeone } from '../../../shared/model/notes.ts';
import type { Settings } from '../../../shared/model/settings.ts';

/** The moment at which all pictures are taken: a Tuesday, 14:32 UTC. */
export const NOW = Date.UTC(2026, 2, 10, 14, 32, 8);
const MINUTE = 60_000;
export const minutesAgo = (minutes: number): number => NOW - minutes * MINUTE;

/** A device's id made from a small number. */
export const deviceId = (number: number): string => `${number.toString(16).padStart(2, '0')}`.repeat(32);
/** A folder's id made from a small number. */
export const folderId = (number: number): string => `f${number.toString(16)}`.repeat(16);

export const STILL = { downBps: 0, upBps: 0 } as const;

export const device = (number: number, name: string, changes: Partial<Device> = {}): Device => ({
  id: deviceId(number),
  name,
  self: number === 1,
  online: true,
  role: 'admin',
  weight: 1,
  master: false,
  lastSeen: NOW,
  link: number === 1 ? null : { kind: 'lan', rttMs: 0.4 },
  rates: STILL,
  joinedAt: minutesAgo(60 * 24 * (30 - number)),
  leaving: false,
  platform: 'linux',
  needFiles: 0,
  needBytes: 0,
  freeBytes: 212_000_000_000,
  ...changes,
});

type Needs = Pick<Holder, 'needFiles' | 'needBytes'>;

/** What a device says it lacks, it lacks of its one folder that is not complete: so the sums are right. */
const lacksOf = (of: Device, bytes: number, share: number): Needs =>
  of.needFiles > 0 ? of : { needFiles: 214, needBytes: bytes - Math.round(bytes * share) };

const holder = (of: Device, bytes: number, share: number, holds: boolean): Holder => {
  const needs = holds && share < 1 ? lacksOf(of, bytes, share) : { needFiles: 0, needBytes: 0 };
  return {
    device: of.id,
    access: 'readWrite',
    holds,
    haveBytes: holds ? bytes - needs.needBytes : 0,
    needBytes: needs.needBytes,
    needFiles: needs.needFiles,
    headsEqual: share === 1,
    state: 'working',
    problems: 0,
    diskFull: null,
  };
};

/** What this computer tells of a folder that is not at work. */
const RESTS: Partial<Record<Folder['state'], Holder['state']>> = {
  paused: 'paused',
  halted: 'halted',
  error: 'failing',
};

/** `shares`: device number -> how much of it that device has; a device that is not in it does not hold the folder. */
export const folder = (
  number: number,
  name: string,
  devices: readonly Device[],
  shares: Readonly<Record<number, number>>,
  changes: Partial<Folder> = {},
): Folder => {
  const bytes = changes.bytes ?? 1_240_000_000 * number;
  const holders = devices.map((of, index) =>
    holder(of, bytes, shares[index + 1] ?? 0, shares[index + 1] !== undefined),
  );
  const problems = changes.problems ?? [];
  const needing = problems.filter(({ code }) => needsSomeone(code)).length;
  const state = RESTS[changes.state ?? 'idle'] ?? 'working';
  // What is wrong with the folder as a whole is its state, and told as that.
  if (holders[0]?.holds) holders[0] = { ...holders[0], state, problems: state === 'working' ? needing : 0 };
  const wanted = holders.filter((of) => of.holds);
  return {
    id: folderId(number),
    name,
    owner: deviceId(1),
    access: 'readWrite',
    path: `/home/anna/${name}`,
    state: 'idle',
    tentative: false,
    files: 412 * number,
    bytes,
    needFiles: 0,
    needBytes: 0,
    conflicts: 0,
    problems,
    problemCount: problems.length,
    needCount: needing,
    copies: {
      complete: wanted.filter((of) => of.needBytes === 0 && of.state === 'working').length,
      wanted: wanted.length,
    },
    rates: STILL,
    scannedFiles: 0,
    localChanges: problems.filter(({ code }) => code === 'no-right-to-write').length,
    halt: null,
    defaultAccess: 'readWrite',
    holders,
    revision: 1,
    ...changes,
  };
};

export const failover = (
  minutes: number,
  from: number | null,
  to: number,
  terms: readonly [detect: number, elect: number, respond: number],
  changes: Partial<Failover> = {},
): Failover => {
  const totalMs = terms[0] + terms[1] + terms[2];
  return {
    at: minutesAgo(minutes),
    from: from === null ? null : deviceId(from),
    to: deviceId(to),
    cause: 'crash',
    detectMs: terms[0],
    electMs: terms[1],
    respondMs: terms[2],
    totalMs,
    withinBudget: totalMs <= 5000,
    ...changes,
  };
};

export const master = (electorate: Readonly<Record<number, number>>, changes: Partial<Master> = {}): Master => {
  const byId = Object.fromEntries(
    Object.entries(electorate).map(([number, weight]) => [deviceId(Number(number)), weight]),
  );
  return {
    state: 'follower',
    master: deviceId(2),
    generation: 1,
    term: 7,
    commitIndex: 118,
    electorate: byId,
    quorate: true,
    tentative: 0,
    waiting: 0,
    budgetMs: 5000,
    failovers: [],
    since: minutesAgo(30),
    wantedElectorate: byId,
    timing: { heartbeatMs: 500, electionMinMs: 1000, electionMaxMs: 2000 },
    election: null,
    ...changes,
  };
};

/** A change that waits for the master. */
export const waiting = (
  id: number,
  minutes: number,
  about: Pick<WaitingChange, 'kind' | 'subject' | 'text'>,
): WaitingChange => ({ id: `w${id}`, since: minutesAgo(minutes), canCancel: true, ...about });

export const decision = (
  id: number,
  minutes: number,
  by: number,
  fields: Omit<
    Extract<Activity, { type: 'decision' }>,
    'type' | 'id' | 'at' | 'device' | 'index' | 'outcome' | 'code'
  > &
    Partial<Pick<Extract<Activity, { type: 'decision' }>, 'outcome' | 'code'>>,
): Activity => ({
  type: 'decision',
  id: `d${id}`,
  at: minutesAgo(minutes),
  device: deviceId(by),
  index: 100 + id,
  outcome: 'accepted',
  code: null,
  ...fields,
});

export const filesChanged = (
  id: number,
  minutes: number,
  by: number,
  inFolder: number,
  change: Extract<Activity, { type: 'files' }>['change'],
  count: number,
  paths: readonly string[],
): Activity => ({
  type: 'files',
  id: `a${id}`,
  at: minutesAgo(minutes),
  device: deviceId(by),
  folder: folderId(inFolder),
  change,
  count,
  bytes: count * 820_000,
  paths,
});

const settings: Settings = {
  bootstrap: [],
  lan: true,
  dht: true,
  acceptDirectory: null,
  publicBootstrap: ['node1.hyperdht.org:49737', 'node2.hyperdht.org:49737', 'node3.hyperdht.org:49737'],
  namedBootstrap: { by: 'nobody', nodes: [] },
  startedWithout: [],
  listen: null,
  restartNeeded: false,
  keepDays: 30,
  keepPercent: 10,
};

/** A group that was left by the device that others need there. */
export const leaving = (name: string, changes: Partial<Leaving> = {}): Leaving => ({
  id: 'a7'.repeat(32),
  name,
  since: minutesAgo(3),
  weight: 2,
  votes: 3,
  staying: ['Studio'],
  needed: true,
  ...changes,
});

/** A state without a group; everything else is changed by hand. */
export const state = (name: string, changes: Partial<AppState> = {}): AppState => ({
  self: {
    id: deviceId(1),
    name,
    version: '0.1.0',
    home: '/home/anna/.local/share/flotilla',
    platform: 'linux',
    runtimeNote: null,
    startedAt: minutesAgo(600),
  },
  home: 'ok',
  group: null,
  joining: null,
  leaving: [],
  devices: [],
  master: master(
    {},
    { state: 'none', master: null, term: 0, commitIndex: 0, quorate: false, since: null, generation: 0 },
  ),
  folders: [],
  conflicts: [],
  conflictCount: 0,
  invites: [],
  requests: [],
  waiting: [],
  activity: [],
  problems: [],
  rates: STILL,
  settings,
  ...changes,
});
