import type { DeviceId } from '../../shared/ids.ts';
import { DEFAULT_BUDGET_MS } from '../../shared/limits.ts';
import type { AppState } from '../../shared/model/app-state.ts';
import type { Folder as FolderModel } from '../../shared/model/folder.ts';
import type { WaitingChange } from '../../shared/model/group-view.ts';
import type { OwnSettings, Settings } from '../../shared/model/settings.ts';
import { accessOf, liveFolders, members } from './group/select.ts';
import type { ConnectedPeer } from './ports/peers.ts';
import type { Store } from './ports/store.ts';
import type { ActivityLog } from './session/activity-log.ts';
import type { GroupSession } from './session/group-session.ts';
import type { ToldSettings } from './session/ways.ts';
import { deviceViews } from './view/device-view.ts';
import { folderView, undecidedFolderView } from './view/folder-view.ts';
import { masterView, noMasterView } from './view/master-view.ts';
import { operationSubject, operationText } from './view/operation-words.ts';
import type { Rates } from './view/rates.ts';
import { standingProblems } from './view/standing-problems.ts';

/** Conflicts and lines of activity that are part of the state; there are procedures for the rest. */
const SHOWN_CONFLICTS = 200;
const SHOWN_ACTIVITY = 200;
const KEEP_DAYS = 30;
const KEEP_PERCENT = 10;

/** What the state that clients watch is made from. */
export interface ViewSources {
  readonly self: AppState['self'];
  readonly home: AppState['home'];
  readonly joining: AppState['joining'];
  readonly session: GroupSession | null;
  /** The group has removed this device. */
  readonly isRemoved: boolean;
  readonly leaving: AppState['leaving'];
  readonly connected: readonly ConnectedPeer[];
  readonly now: number;
  lastSeen(device: DeviceId): number | null;
  readonly rates: Rates;
  readonly activity: ActivityLog;
  readonly problems: AppState['problems'];
  readonly settings: ToldSettings & { readonly own: OwnSettings };
  readonly store: Store;
}

function settingsView({ own, ...others }: ViewSources['settings']): Settings {
  return {
    ...own,
    ...others,
    keepDays: KEEP_DAYS,
    keepPercent: KEEP_PERCENT,
  };
}

function foldersView(session: GroupSession, self: DeviceId, waiting: readonly WaitingChange[]): readonly FolderModel[] {
  const state = session.state();
  const decided = liveFolders(state)
    .filter((folder) => accessOf(state, folder.id, self) !== 'none')
    .map((folder) => folderView(state, folder, session.folderKnowledge(folder.id)));
  const undecided = session.metadata.waiting().flatMap(({ id, body }) => {
    if (body.kind !== 'folder.create' || !waiting.some((one) => one.id === id)) return [];
    const { folder, name } = body;
    return [undecidedFolderView({ id: folder, name, root: session.held.rootOf(folder) ?? '' }, self)];
  });
  return [...decided, ...undecided];
}

/** The state of one device in no group yet, or in one, at this moment. */
export function appState(sources: ViewSources): AppState {
  const { self, home, joining, leaving, session, rates, activity } = sources;
  const common = { self, home, joining, leaving, rates: rates.total(), settings: settingsView(sources.settings) };
  if (session === null) {
    return {
      ...common,
      problems: sources.problems,
      group: null,
      devices: [],
      master: noMasterView(DEFAULT_BUDGET_MS),
      folders: [],
      conflicts: [],
      conflictCount: 0,
      invites: [],
      requests: [],
      waiting: [],
      activity: [],
    };
  }
  const id = self.id as DeviceId;
  const state = session.state();
  const metadata = session.metadata.view();
  const waiting = session.metadata.waiting().map(({ id: change, body, since, canCancel }) => ({
    id: change,
    kind: body.kind,
    subject: operationSubject(body),
    text: operationText(state, body),
    since,
    canCancel,
  }));
  const conflicts = session.folders.conflicts(null);
  const standing = standingProblems({
    state,
    updateNeeded: metadata.updateNeeded,
    diverged: metadata.diverged,
    isRemoved: sources.isRemoved,
    since: self.startedAt,
  });
  return {
    ...common,
    problems: [...standing, ...sources.problems, ...session.asking.refusals()],
    group: { id: state.id, name: state.name },
    devices: deviceViews(state, {
      self: id,
      electorate: metadata.electorate,
      master: metadata.master,
      connected: sources.connected,
      now: Math.floor(sources.now / 60_000) * 60_000,
      lastSeen: sources.lastSeen,
      report: (device) => session.reportOf(device),
      rates: (device) => (device === id ? rates.total() : rates.of(device)),
    }),
    master: masterView(state, metadata, {
      members: members(state).length,
      waiting: waiting.length,
      failovers: session.metadata.failovers(),
    }),
    folders: foldersView(session, id, waiting),
    conflicts: conflicts.slice(0, SHOWN_CONFLICTS),
    conflictCount: conflicts.length,
    invites: session.inviteList.list(),
    requests: session.door.requests(),
    waiting,
    activity: activity.tail(SHOWN_ACTIVITY),
  };
}
