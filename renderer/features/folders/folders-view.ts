/** What the list of folders shows, from the state. Pure. */
import { bytes, count, duration, listed, named, percent, plural, rate } from '../../../shared/model/amounts.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Device } from '../../../shared/model/device.ts';
import type { Folder, Holder } from '../../../shared/model/folder.ts';
import type { WaitingChange } from '../../../shared/model/group-view.ts';
import { isBehind } from '../../../shared/model/holders.ts';
import type { TruthTone } from '../../../shared/model/truth.ts';
import { sentenceOf } from '../../../shared/text/error-sentences.ts';
import { holderWords, type Share, shareOf } from '../../store/holders.ts';
import { deviceWords, deviceWordsFirst, waitingAbout } from '../../store/selectors.ts';

/** A folder's state in words, with its cause. */
export interface FolderStatus {
  readonly tone: TruthTone;
  readonly words: string;
  readonly cause: string;
}

/** How far something has come; `words` for those who don't see the bar. */
export interface FolderProgress {
  readonly share: number;
  readonly words: string;
}

/** One device's share of a folder. */
export interface CopyDot {
  readonly device: string;
  readonly name: string;
  readonly initials: string;
  readonly share: Share;
  readonly words: string;
}

/** Marks beside the state. */
export interface FolderMark {
  readonly tone: TruthTone;
  readonly words: string;
}

export interface FolderRow {
  readonly folder: Folder;
  readonly status: FolderStatus;
  readonly progress: FolderProgress | null;
  readonly dots: readonly CopyDot[];
  readonly marks: readonly FolderMark[];
  readonly ownerWords: string;
}

export interface FoldersView {
  readonly offered: readonly FolderRow[];
  readonly held: readonly FolderRow[];
}

const syncingStatus = (folder: Folder, devices: readonly Device[]): FolderStatus => {
  const left = folder.needBytes > 0 ? `${bytes(folder.needBytes)} left` : `${plural(folder.needFiles, 'change')} left`;
  if (folder.rates.downBps > 0) {
    const time = folder.needBytes > 0 ? `, ${duration((folder.needBytes / folder.rates.downBps) * 1000)}` : '';
    return {
      tone: 'moving',
      words: `Receiving ${plural(folder.needFiles, 'file')}`,
      cause: `${left} at ${rate(folder.rates.downBps)}${time}`,
    };
  }
  const online = new Set(devices.filter((device) => device.online && !device.self).map((device) => device.id));
  const sources = folder.holders.filter((one) => one.holds && one.state !== 'halted' && one.needBytes === 0);
  if (sources.some((one) => online.has(one.device))) {
    return { tone: 'moving', words: `${plural(folder.needFiles, 'file')} to come`, cause: left };
  }
  const away = sources.filter((one) => devices.some((device) => device.id === one.device && !device.self));
  const cause =
    away.length > 0
      ? `${listed(
          away.slice(0, 3).map((one) => deviceWords({ devices }, one.device)),
          'or',
        )} has to come back: ${left}`
      : `No device that has it is connected: ${left}`;
  return { tone: 'quiet', words: `${plural(folder.needFiles, 'file')} missing here`, cause };
};

const namesOf = (devices: readonly Device[]): string => listed(devices.slice(0, 3).map((device) => named(device.name)));

const behindStatus = (folder: Folder, behind: readonly Device[]): FolderStatus => {
  const names = namesOf(behind);
  const holders = folder.holders.filter((one) => behind.some((device) => device.id === one.device));
  const need = Math.max(...holders.map((one) => one.needBytes));
  const online = behind.some((device) => device.online);
  if (online) {
    const left = need > 0 ? `${bytes(need)} left` : 'The latest changes';
    const speed = folder.rates.upBps > 0 && need > 0 ? ` at ${rate(folder.rates.upBps)}` : '';
    return { tone: 'moving', words: `Sending to ${names}`, cause: `${left}${speed}` };
  }
  const [is, needs] = behind.length === 1 ? ['is', 'needs'] : ['are', 'need'];
  const what = need > 0 ? bytes(need) : 'the latest changes';
  return { tone: 'quiet', words: 'Complete here', cause: `${names} ${is} off and still ${needs} ${what}` };
};

const idleStatus = (folder: Folder, devices: readonly Device[]): FolderStatus => {
  const others = devices.filter((device) => !device.self);
  const which = (is: (holder: Holder) => boolean): readonly Device[] =>
    others.filter((device) => folder.holders.some((one) => one.device === device.id && one.holds && is(one)));
  const stopped = which((one) => one.state === 'halted' || one.state === 'failing');
  if (stopped.length > 0) {
    const names = namesOf(stopped);
    return { tone: 'needsYou', words: `Stopped on ${names}`, cause: 'Someone has to answer there; up to date here' };
  }
  const behind = which(isBehind);
  if (behind.length > 0) {
    const online = behind.filter((device) => device.online);
    return behindStatus(folder, online.length > 0 ? online : behind);
  }
  const paused = which((one) => one.state === 'paused');
  if (paused.length > 0) {
    return { tone: 'quiet', words: 'Up to date here', cause: `Paused on ${namesOf(paused)}` };
  }
  const silent = which((one) => one.state === 'unknown');
  if (silent.length > 0) {
    const cause = `Not heard from ${namesOf(silent)} since this computer started`;
    return { tone: 'quiet', words: 'Up to date here', cause };
  }
  const { complete } = folder.copies;
  const where =
    complete <= 1
      ? 'on this computer only'
      : complete >= devices.length && complete > 2
        ? `on all ${complete} devices`
        : complete === 2 && devices.length === 2
          ? 'on both devices'
          : `on ${plural(complete, 'device')}`;
  return { tone: complete <= 1 && devices.length > 1 ? 'quiet' : 'safe', words: 'Up to date', cause: where };
};

/** The state of a folder in words with its cause. */
export const statusOf = (folder: Folder, devices: readonly Device[]): FolderStatus => {
  switch (folder.state) {
    case 'waiting':
      return { tone: 'quiet', words: 'Waits for the master', cause: 'Shared once the change is decided' };
    case 'offered':
      return {
        tone: 'quiet',
        words: 'Offered to this computer',
        cause: `${plural(folder.files, 'file')}, ${bytes(folder.bytes)}`,
      };
    case 'scanning': {
      const seen = folder.scannedFiles > 0 ? `${plural(folder.scannedFiles, 'name')} so far` : 'Just begun';
      return { tone: 'moving', words: 'Looking through it', cause: seen };
    }
    case 'syncing':
      return syncingStatus(folder, devices);
    case 'idle':
      return idleStatus(folder, devices);
    case 'paused':
      return { tone: 'quiet', words: 'Paused', cause: 'Nothing is sent or received' };
    case 'halted':
      return {
        tone: 'halted',
        words: 'Stopped, needs an answer',
        cause: sentenceOf(folder.halt?.code ?? 'folder-halted').what,
      };
    case 'error': {
      const [problem] = folder.problems;
      return { tone: 'halted', words: 'Can’t go on', cause: sentenceOf(problem?.code ?? 'io-error').what };
    }
  }
};

/** What stands for every folder while the whole computer rests; null where each has its own state. */
const restStatus = (home: AppState['home']): FolderStatus | null => {
  switch (home) {
    case 'cloned':
      return { tone: 'halted', words: 'Stopped', cause: 'Two computers run as this one' };
    case 'confirm':
      return { tone: 'halted', words: 'Stopped', cause: 'Waits for your answer: restored from a copy' };
    case 'ok':
    case 'recovering':
      return null;
  }
};

const progressOf = (folder: Folder): FolderProgress | null => {
  if (folder.state !== 'syncing' || folder.bytes === 0 || folder.needBytes === 0) return null;
  const have = folder.bytes - folder.needBytes;
  return { share: have / folder.bytes, words: `${percent(have, folder.bytes)} of ${bytes(folder.bytes)} is here` };
};

/** `WL` for Work laptop, `St` for Studio: two signs for where there is little room. */
const initialsOf = (name: string): string => {
  const [first = '', second] = name.trim().split(/\s+/);
  const letters = [...first];
  return second === undefined
    ? letters.slice(0, 2).join('')
    : `${letters[0] ?? ''}${[...second][0] ?? ''}`.toUpperCase();
};

/** The dots of a folder, in the order of the devices. */
export const dotsOf = (folder: Folder, devices: readonly Device[]): readonly CopyDot[] =>
  devices.map((device) => {
    const holder = folder.holders.find((one) => one.device === device.id);
    const name = device.self ? 'This computer' : device.name;
    return {
      device: device.id,
      name,
      initials: initialsOf(device.name),
      share: shareOf(holder),
      words: holderWords(holder),
    };
  });

/** That of a folder that is not decided at all is its state. */
const waitingMark = ({ text }: WaitingChange): FolderMark => ({
  tone: 'quiet',
  words: `Waits for the master: ${text}`,
});

const marksOf = (folder: Folder): readonly FolderMark[] => {
  const marks: FolderMark[] = [];
  if (folder.conflicts > 0) marks.push({ tone: 'needsYou', words: plural(folder.conflicts, 'conflict') });
  const notes = folder.problemCount - folder.needCount;
  // Each change that is kept here is a problem too, and has a mark of its own.
  const problems = folder.needCount - folder.localChanges;
  if (problems > 0) marks.push({ tone: 'needsYou', words: plural(problems, 'problem') });
  if (notes > 0) marks.push({ tone: 'quiet', words: `${count(notes)} left out` });
  if (folder.localChanges > 0)
    marks.push({ tone: 'needsYou', words: `${plural(folder.localChanges, 'change')} kept here` });
  if (folder.access === 'readOnly') marks.push({ tone: 'quiet', words: 'Read only' });
  if (folder.tentative) marks.push({ tone: 'quiet', words: 'Not confirmed yet' });
  return marks;
};

/** `waiting`: what was asked for about the folder and is not decided; `home`: whether this computer works at all. */
export const rowOf = (
  folder: Folder,
  devices: readonly Device[],
  waiting: readonly WaitingChange[] = [],
  home: AppState['home'] = 'ok',
): FolderRow => ({
  folder,
  status: (folder.path === null ? null : restStatus(home)) ?? statusOf(folder, devices),
  progress: progressOf(folder),
  dots: dotsOf(folder, devices),
  marks: [...marksOf(folder), ...waiting.map(waitingMark)],
  ownerWords: deviceWordsFirst({ devices }, folder.owner),
});

/** The undecided changes of a folder that is itself decided. */
export const changesAbout = (state: AppState, folder: Folder): readonly WaitingChange[] =>
  folder.state === 'waiting' ? [] : waitingAbout(state, folder.id);

/** Whether someone has to do something about it. */
const asks = ({ status, marks }: FolderRow): boolean =>
  status.tone === 'halted' || status.tone === 'needsYou' || marks.some(({ tone }) => tone === 'needsYou');

/** Offered folders apart from those that are here; each by name, those that ask for someone first. */
export const foldersView = (state: AppState): FoldersView => {
  const devices = state.devices.filter((device) => !device.leaving);
  const rows = [...state.folders]
    .sort((left, right) => left.name.localeCompare(right.name))
    .map((folder) => rowOf(folder, devices, changesAbout(state, folder), state.home))
    .sort((left, right) => Number(asks(right)) - Number(asks(left)));
  return {
    offered: rows.filter((row) => row.folder.state === 'offered'),
    held: rows.filter((row) => row.folder.state !== 'offered'),
  };
};

/** `4 folders, 14,212 files, 82 GB`. */
export const sumWords = (rows: readonly FolderRow[]): string => {
  const files = rows.reduce((sum, row) => sum + row.folder.files, 0);
  const size = rows.reduce((sum, row) => sum + row.folder.bytes, 0);
  return `${plural(rows.length, 'folder')}, ${count(files)} files, ${bytes(size)}`;
};
