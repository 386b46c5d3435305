/** What the list of folders shows, from the state. Pure. */
import { bytes, count, duration, listed, named, percent, plural, rate } from '../../../shared/model/amounts.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Device } from '../../../shared/model/device.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import type { TruthTone } from '../../../shared/model/truth.ts';
import { holderWords, isComplete, shareOf } from '../../store/holders.ts';
import { sentenceOf } from '../../text/errors.ts';

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

/** One device's share of a folder. `share` null: it does not hold it. */
export interface CopyDot {
  readonly device: string;
  readonly name: string;
  readonly share: number | null;
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

const nameOf = (devices: readonly Device[], id: string): string => {
  const device = devices.find((one) => one.id === id);
  if (!device) return 'a device that left';
  return device.self ? 'this computer' : named(device.name);
};

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
  const sources = folder.holders.filter((one) => one.holds && one.needBytes === 0);
  if (sources.some((one) => online.has(one.device))) {
    return { tone: 'moving', words: `${plural(folder.needFiles, 'file')} to come`, cause: left };
  }
  const away = sources.filter((one) => devices.some((device) => device.id === one.device && !device.self));
  const cause =
    away.length > 0
      ? `${listed(
          away.slice(0, 3).map((one) => nameOf(devices, one.device)),
          'or',
        )} has to come back: ${left}`
      : `No device that has it is connected: ${left}`;
  return { tone: 'quiet', words: `${plural(folder.needFiles, 'file')} missing here`, cause };
};

const behindStatus = (folder: Folder, behind: readonly Device[]): FolderStatus => {
  const names = listed(behind.slice(0, 3).map((device) => named(device.name)));
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
  const behind = devices.filter((device) =>
    folder.holders.some((one) => one.device === device.id && !device.self && one.holds && !isComplete(one)),
  );
  if (behind.length > 0) {
    const online = behind.filter((device) => device.online);
    return behindStatus(folder, online.length > 0 ? online : behind);
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

const progressOf = (folder: Folder): FolderProgress | null => {
  if (folder.state !== 'syncing' || folder.bytes === 0 || folder.needBytes === 0) return null;
  const have = folder.bytes - folder.needBytes;
  return { share: have / folder.bytes, words: `${percent(have, folder.bytes)} of ${bytes(folder.bytes)} is here` };
};

/** The dots of a folder, in the order of the devices. */
export const dotsOf = (folder: Folder, devices: readonly Device[]): readonly CopyDot[] =>
  devices.map((device) => {
    const holder = folder.holders.find((one) => one.device === device.id);
    const name = device.self ? 'This computer' : device.name;
    if (!holder?.holds) {
      const words = holder?.access === 'none' ? 'has no access' : 'does not hold it';
      return { device: device.id, name, share: null, words };
    }
    return { device: device.id, name, share: shareOf(holder), words: holderWords(holder) };
  });

const marksOf = (folder: Folder): readonly FolderMark[] => {
  const marks: FolderMark[] = [];
  if (folder.conflicts > 0) marks.push({ tone: 'needsYou', words: plural(folder.conflicts, 'conflict') });
  if (folder.problemCount > 0) marks.push({ tone: 'needsYou', words: plural(folder.problemCount, 'problem') });
  if (folder.localChanges > 0)
    marks.push({ tone: 'needsYou', words: `${plural(folder.localChanges, 'change')} kept here` });
  if (folder.access === 'readOnly') marks.push({ tone: 'quiet', words: 'Read only' });
  if (folder.tentative) marks.push({ tone: 'quiet', words: 'Not confirmed yet' });
  return marks;
};

export const rowOf = (folder: Folder, devices: readonly Device[]): FolderRow => ({
  folder,
  status: statusOf(folder, devices),
  progress: progressOf(folder),
  dots: dotsOf(folder, devices),
  marks: marksOf(folder),
  ownerWords: nameOf(devices, folder.owner),
});

/** Offered folders apart from those that are here, each by name. */
export const foldersView = (state: AppState): FoldersView => {
  const devices = state.devices.filter((device) => !device.leaving);
  const rows = [...state.folders]
    .sort((left, right) => left.name.localeCompare(right.name))
    .map((folder) => rowOf(folder, devices));
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
