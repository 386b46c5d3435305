/** The sentence of truth: one line about all devices, not this one. Pure; the window, the tray and the page say the same. */

import { diskFullWords } from '../text/disk-full.ts';
import { count, duration, listed, named, plural } from './amounts.ts';
import type { AppState } from './app-state.ts';
import type { Device } from './device.ts';
import type { Folder, Holder } from './folder.ts';
import { isBehind, needsItsUser } from './holders.ts';
import { needsSomeone } from './notes.ts';

/** quiet: nothing to do and nothing moves, but not everything is everywhere. */
export type TruthTone = 'safe' | 'moving' | 'quiet' | 'needsYou' | 'halted';
export type TruthIcon = 'check' | 'arrows' | 'clock' | 'alert' | 'stop' | 'pause' | 'search' | 'plus';
/** Where the sentence leads when it is pressed. */
export type TruthTarget = 'folders' | 'devices' | 'conflicts' | 'activity' | 'master';

/** Some of what the sentence counts, and where it is. */
export interface TruthPart {
  readonly text: string;
  readonly target: TruthTarget;
}

export interface Truth {
  readonly tone: TruthTone;
  readonly icon: TruthIcon;
  readonly text: string;
  readonly target: TruthTarget;
  /** Where the text is a sum: its first half, and after it the parts. */
  readonly sum?: { readonly lead: string; readonly parts: readonly TruthPart[] };
}

/** What asks for a person at this device: halts, conflicts, requests to join, problems; `total` is their sum. */
export interface Needs {
  readonly halted: readonly Folder[];
  readonly conflicts: number;
  readonly requests: number;
  readonly problems: number;
  readonly total: number;
}

const isHeld = (folder: Folder): boolean => folder.path !== null && folder.state !== 'offered';

/** Whether a choice between versions can be made now: not while each folder that has any rests. */
const canChoose = ({ folders }: AppState): boolean => {
  const having = folders.filter(({ conflicts }) => conflicts > 0);
  return having.length === 0 || having.some(({ state }) => state !== 'paused' && state !== 'halted');
};

/** Counts what needs a person, each thing once; what is only told (`needsSomeone`) is not among it. */
export const needsOf = (state: AppState): Needs => {
  const halted = state.folders.filter((folder) => folder.state === 'halted');
  const ofFolders = state.folders.reduce((sum, { needCount }) => sum + needCount, 0);
  const problems = ofFolders + state.problems.filter(({ code }) => needsSomeone(code)).length;
  const conflicts = canChoose(state) ? state.conflictCount : 0;
  const requests = state.requests.length;
  return { halted, conflicts, requests, problems, total: halted.length + conflicts + requests + problems };
};

/** `1 folder has stopped`, `2 conflicts`. */
const needsParts = ({ halted, requests, conflicts, problems }: Needs): readonly TruthPart[] => {
  const parts: TruthPart[] = [];
  if (halted.length > 0)
    parts.push({
      text: `${plural(halted.length, 'folder')} ${halted.length === 1 ? 'has' : 'have'} stopped`,
      target: 'folders',
    });
  if (requests > 0)
    parts.push({ text: requests === 1 ? '1 asks to join' : `${count(requests)} ask to join`, target: 'devices' });
  if (conflicts > 0) parts.push({ text: plural(conflicts, 'conflict'), target: 'conflicts' });
  if (problems > 0) parts.push({ text: plural(problems, 'problem'), target: 'activity' });
  return parts;
};

const homeTruth = (state: AppState): Truth | null => {
  switch (state.home) {
    case 'ok':
      return null;
    case 'recovering':
      return {
        tone: 'moving',
        icon: 'arrows',
        text: 'Restored from a copy: fetching what was done since',
        target: 'activity',
      };
    case 'confirm':
      return { tone: 'halted', icon: 'stop', text: 'Restored from a copy: waits for your answer', target: 'activity' };
    case 'cloned':
      return {
        tone: 'halted',
        icon: 'stop',
        text: 'Two computers run as this one: both have stopped',
        target: 'activity',
      };
  }
};

const fullHere = ({ devices, folders }: AppState): string | null => {
  const self = devices.find((device) => device.self)?.id;
  const full = folders.flatMap(({ holders }) => holders).find((one) => one.device === self && one.diskFull !== null);
  return full === undefined ? null : diskFullWords('this computer', full);
};

const needsTruth = (state: AppState): Truth | null => {
  const needs = needsOf(state);
  const [halted] = needs.halted;
  if (needs.total === 0) return null;
  const tone = needs.halted.length > 0 ? 'halted' : 'needsYou';
  if (needs.total > 1) {
    const target = halted
      ? 'folders'
      : needs.conflicts > 0 && needs.requests === 0
        ? 'conflicts'
        : needs.requests > 0
          ? 'devices'
          : 'activity';
    const parts = needsParts(needs);
    const lead = `${count(needs.total)} things need you:`;
    return {
      tone,
      icon: halted ? 'stop' : 'alert',
      text: `${lead} ${parts.map(({ text }) => text).join(', ')}`,
      target,
      sum: { lead, parts },
    };
  }
  if (halted) return { tone, icon: 'stop', text: `${named(halted.name)} has stopped and needs you`, target: 'folders' };
  if (needs.requests > 0)
    return {
      tone,
      icon: 'alert',
      text: `${named(state.requests[0]?.name ?? 'A device')} asks to join`,
      target: 'devices',
    };
  if (needs.conflicts > 0) {
    const [only] = state.conflicts;
    const text =
      only?.versions.length === 1
        ? '1 file was deleted while it was changed: keep it or not'
        : `1 file has ${only === undefined || only.versions.length === 2 ? 'two' : 'several'} versions: choose one`;
    return { tone, icon: 'alert', text, target: 'conflicts' };
  }
  return { tone, icon: 'alert', text: fullHere(state) ?? '1 thing needs you', target: 'activity' };
};

const remaining = (needBytes: number, bps: number): string =>
  bps > 0 && needBytes > 0 ? `, ${duration((needBytes / bps) * 1000)} left` : '';

const receivingTruth = (state: AppState, self: Device): Truth | null => {
  const syncing = state.folders.filter((folder) => folder.state === 'syncing' && folder.needFiles > 0);
  const files = syncing.reduce((sum, folder) => sum + folder.needFiles, 0);
  const left = syncing.reduce((sum, folder) => sum + folder.needBytes, 0);
  if (files === 0 || self.rates.downBps === 0) return null;
  const sources = state.devices.filter((device) => !device.self && device.rates.downBps > 0);
  const from = sources.length === 1 && sources[0] ? ` from ${named(sources[0].name)}` : '';
  return {
    tone: 'moving',
    icon: 'arrows',
    text: `Receiving ${plural(files, 'file')}${from}${remaining(left, self.rates.downBps)}`,
    target: 'folders',
  };
};

/** Whether a device lacks something, by its own report or since its index is not ours. */
const lacks = (device: Device, folders: readonly Folder[]): boolean =>
  device.needFiles > 0 ||
  device.needBytes > 0 ||
  folders.some((folder) => folder.holders.some((one) => one.device === device.id && isBehind(one)));

const namesOf = (devices: readonly Device[], word?: string): string =>
  listed(
    devices.slice(0, 3).map((device) => named(device.name)),
    word,
  );

/** Something that can't go on at another device before someone answers there. */
const elsewhereTruth = (state: AppState, others: readonly Device[]): Truth | null => {
  for (const folder of state.folders) {
    for (const device of others) {
      const holder = folder.holders.find((one) => one.device === device.id);
      if (!device.online || holder === undefined || !needsItsUser(holder)) continue;
      if (holder.diskFull !== null) {
        const full = diskFullWords(named(device.name), holder);
        return { tone: 'needsYou', icon: 'alert', text: full, target: 'activity' };
      }
      const what =
        holder.state === 'working' || holder.state === 'paused'
          ? `${plural(holder.problems, 'problem')} in ${named(folder.name)}`
          : `${named(folder.name)} has stopped there`;
      return { tone: 'needsYou', icon: 'alert', text: `${named(device.name)} needs you: ${what}`, target: 'folders' };
    }
  }
  return null;
};

const inState = (folders: readonly Folder[], others: readonly Device[], wanted: Holder['state']): readonly Device[] =>
  others.filter((device) =>
    folders.some(({ holders }) => holders.some((one) => one.device === device.id && one.holds && one.state === wanted)),
  );

/** Devices that hold something and have not said what since this one started: nothing can be claimed of them. */
const silentTruth = (state: AppState, others: readonly Device[]): Truth | null => {
  const silent = inState(state.folders, others, 'unknown');
  if (silent.length === 0) return null;
  const names = namesOf(silent);
  const text = silent.every((device) => !device.online)
    ? `${names} ${silent.length === 1 ? 'is' : 'are'} off: not heard from since this computer started`
    : `Waits to hear what ${names} ${silent.length === 1 ? 'has' : 'have'}`;
  return { tone: 'quiet', icon: 'clock', text, target: 'devices' };
};

const pausedElsewhereTruth = (folders: readonly Folder[], others: readonly Device[]): Truth | null => {
  for (const folder of folders) {
    const at = inState([folder], others, 'paused');
    if (at.length === 0) continue;
    const text = `${named(folder.name)} is paused on ${namesOf(at)}`;
    return { tone: 'quiet', icon: 'pause', text, target: 'folders' };
  }
  return null;
};

const sendingTruth = (state: AppState, others: readonly Device[]): Truth | null => {
  const behind = others.filter((device) => device.online && lacks(device, state.folders));
  const [only] = behind;
  if (!only) return null;
  const files = Math.max(...behind.map((device) => device.needFiles));
  const left = behind.reduce((sum, device) => sum + device.needBytes, 0);
  const up = behind.reduce((sum, device) => sum + device.rates.upBps, 0);
  const what = files > 0 ? plural(files, 'file') : 'changes';
  if (up === 0) {
    const who = behind.length === 1 ? named(only.name) : `${behind.length} devices`;
    return {
      tone: 'moving',
      icon: 'arrows',
      text: `${who} still ${behind.length === 1 ? 'needs' : 'need'} ${what}`,
      target: 'devices',
    };
  }
  const to = behind.length === 1 ? named(only.name) : `${behind.length} devices`;
  return { tone: 'moving', icon: 'arrows', text: `Sending ${what} to ${to}${remaining(left, up)}`, target: 'devices' };
};

const scanningTruth = (folders: readonly Folder[]): Truth | null => {
  const [first] = folders.filter((folder) => folder.state === 'scanning');
  if (!first) return null;
  const seen = first.scannedFiles > 0 ? `: ${plural(first.scannedFiles, 'name')} so far` : '';
  return { tone: 'moving', icon: 'search', text: `Looking through ${named(first.name)}${seen}`, target: 'folders' };
};

const missingTruth = (state: AppState, others: readonly Device[]): Truth | null => {
  const files = state.folders.filter(isHeld).reduce((sum, folder) => sum + folder.needFiles, 0);
  if (files === 0) return null;
  const away = others.filter((device) => !device.online).map((device) => named(device.name));
  const text =
    away.length > 0
      ? `${plural(files, 'file')} will come when ${listed(away.slice(0, 3), 'or')} is back`
      : `${plural(files, 'file')} still to come to this computer`;
  return { tone: 'quiet', icon: 'clock', text, target: 'folders' };
};

const awayTruth = (state: AppState, others: readonly Device[]): Truth | null => {
  const waited = others.filter((device) => !device.online && lacks(device, state.folders));
  const [first] = waited;
  if (!first) return null;
  if (waited.length > 1) {
    const names = listed(waited.slice(0, 3).map((device) => named(device.name)));
    return { tone: 'quiet', icon: 'clock', text: `${names} are off: changes wait for them`, target: 'devices' };
  }
  const verb = first.needFiles === 1 ? 'waits' : 'wait';
  const what = first.needFiles > 0 ? plural(first.needFiles, 'change') : 'changes';
  return {
    tone: 'quiet',
    icon: 'clock',
    text: `${named(first.name)} is off: ${what} ${verb} for it`,
    target: 'devices',
  };
};

const restTruth = (state: AppState, others: readonly Device[]): Truth => {
  const held = state.folders.filter((folder) => folder.state !== 'waiting');
  const paused = held.filter((folder) => folder.state === 'paused');
  if (paused.length > 0) {
    const text =
      paused.length === 1 && paused[0] ? `${named(paused[0].name)} is paused` : `${paused.length} folders are paused`;
    return { tone: 'quiet', icon: 'pause', text, target: 'folders' };
  }
  const elsewhere = pausedElsewhereTruth(held, others);
  if (elsewhere) return elsewhere;
  if (state.folders.length === 0)
    return { tone: 'quiet', icon: 'plus', text: 'No folder is shared yet', target: 'folders' };
  if (held.length === 0)
    return { tone: 'quiet', icon: 'clock', text: 'Waits for the master to confirm', target: 'master' };
  const offered = held.filter((folder) => folder.state === 'offered');
  if (offered.length === held.length) {
    return {
      tone: 'quiet',
      icon: 'plus',
      text: `${plural(offered.length, 'folder')} offered to this computer`,
      target: 'folders',
    };
  }
  if (others.length === 0)
    return { tone: 'quiet', icon: 'plus', text: 'Everything is on this computer only', target: 'devices' };
  const devices = others.length + 1;
  const everywhere = held.every((folder) => folder.copies.complete >= devices);
  if (everywhere)
    return {
      tone: 'safe',
      icon: 'check',
      text: devices === 2 ? 'Everything is on both devices' : `Everything is on all ${devices} devices`,
      target: 'folders',
    };
  const lonely = held.filter((folder) => isHeld(folder) && folder.files > 0 && folder.copies.complete < 2);
  if (lonely.length > 0 && lonely[0]) {
    const text =
      lonely.length === 1
        ? `${named(lonely[0].name)} is complete on one device only`
        : `${lonely.length} folders are complete on one device only`;
    return { tone: 'quiet', icon: 'clock', text, target: 'folders' };
  }
  return { tone: 'safe', icon: 'check', text: 'Everything is up to date', target: 'folders' };
};

/** What stands above all screens. The first that applies: home, group, what needs a person, what moves, what waits, rest. */
export const truthOf = (state: AppState): Truth => {
  const home = homeTruth(state);
  if (home) return home;
  if (state.group && state.problems.some(({ code }) => code === 'removed-from-group'))
    return {
      tone: 'needsYou',
      icon: 'alert',
      text: `This computer was removed from ${named(state.group.name)}`,
      target: 'activity',
    };
  const self = state.devices.find((device) => device.self);
  if (!state.group || !self)
    return { tone: 'needsYou', icon: 'plus', text: 'This computer is not in a group yet', target: 'folders' };
  const others = state.devices.filter((device) => !device.self && !device.leaving);
  return (
    needsTruth(state) ??
    elsewhereTruth(state, others) ??
    receivingTruth(state, self) ??
    sendingTruth(state, others) ??
    scanningTruth(state.folders) ??
    missingTruth(state, others) ??
    awayTruth(state, others) ??
    silentTruth(state, others) ??
    restTruth(state, others)
  );
};
