import type { JoinProgress } from '../../../shared/contract/group.ts';
import type { WatchEvent } from '../../../shared/contract/watch.ts';
import type { DeviceId, FolderId, GroupId } from '../../../shared/ids.ts';
import type { Activity } from '../../../shared/model/activity.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Conflict } from '../../../shared/model/conflict.ts';
import type { FileEntry } from '../../../shared/model/file-entry.ts';
import type { Health } from '../../../shared/model/health.ts';
import type { KeptVersion } from '../../../shared/model/kept-version.ts';
import type { OwnSettings } from '../../../shared/model/settings.ts';
import type { Access, DecisionState, Role } from '../../../shared/model/values.ts';
import type { OperationBody } from '../group/body.ts';
import type { GroupState } from '../group/state.ts';

/** A page of a long list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** How a halted folder goes on. */
export type ResumeAnswer =
  | { readonly type: 'resume' }
  | { readonly type: 'movedTo'; readonly path: string }
  | { readonly type: 'startOver' };

/** What the contract asks of the folders. Folders are named by id; absolute paths are on this disk. */
export interface ServedFolders {
  share(request: {
    path: string;
    name: string | null;
    access: Access;
  }): Promise<{ folder: string; state: DecisionState }>;
  accept(folder: string, path: string): Promise<DecisionState>;
  drop(folder: string): Promise<DecisionState>;
  unshare(folder: string): Promise<DecisionState>;
  pause(folder: string | null): Promise<void>;
  resume(folder: string | null, answer: ResumeAnswer): Promise<void>;
  rescan(folder: string | null): Promise<void>;
  files(folder: string, directory: string, cursor: string | null, limit: number): Page<FileEntry> & { total: number };
  throwMineAway(folder: string, path: string | null): Promise<number>;
  conflicts(folder: string | null): readonly Conflict[];
  resolve(
    place: FilePlace,
    keep: 'keep-this' | 'keep-other' | 'keep-both' | 'keep-none',
  ): Promise<{
    undo: readonly { version: string; path: string }[];
    renamed: readonly { copy: string; path: string }[];
  }>;
  takeBack(folder: string, renamed: readonly { copy: string; path: string }[]): Promise<void>;
  versions(place: FilePlace | { folder: string; path: null }, cursor: string | null, limit: number): Page<KeptVersion>;
  restore(place: FilePlace | null, folder: string | null, version: string, to: string | null): Promise<string>;
  waitIdle(folder: string | null, timeoutMs: number | null): Promise<void>;
}

/** A file: relative to a folder, or, with `folder` null, absolute on this disk. */
export interface FilePlace {
  readonly folder: string | null;
  readonly path: string;
}

/** What the contract asks of invites and requests. */
export interface ServedInvites {
  create(request: {
    expiresMs: number;
    approve: 'ask' | 'auto';
    role: Role;
  }): Promise<{ code: string; id: string; expires: number; state: DecisionState }>;
  revoke(id: string): Promise<DecisionState>;
  approve(request: string): Promise<DecisionState>;
  deny(request: string): Promise<void>;
}

/** What there is only in a group. */
export interface ServedGroup {
  state(): GroupState;
  /** Asks for a change; resolves when it is decided, or once it is plain that it has to wait. Throws when refused. */
  decide(body: OperationBody): Promise<DecisionState>;
  cancel(id: string): void;
  readonly asking: {
    /** Takes note of a change that was refused. */
    dismiss(problem: string): void;
  };
  transferMaster(device: string): Promise<void>;
  health(): Health;
  /** The changes with which rights to write end, with what tells where. */
  readonly rightEnds: {
    access(folder: FolderId, device: DeviceId, access: Access): Promise<OperationBody>;
    removal(device: DeviceId): Promise<OperationBody>;
  };
  readonly folders: ServedFolders;
  readonly invites: ServedInvites;
}

/** The engine as the contract is served from it. */
export interface ServedEngine {
  view(): AppState;
  watch(signal: AbortSignal | undefined): AsyncGenerator<WatchEvent>;
  /** Throws `no-group` without one. */
  group(): ServedGroup;
  renameSelf(name: string): Promise<DecisionState>;
  createGroup(name: string): Promise<GroupId>;
  join(code: string, waitMs: number | null, signal: AbortSignal | undefined): AsyncGenerator<JoinProgress>;
  cancelJoin(): void;
  leave(): Promise<void>;
  /** Throws `no-group` where that group is not being left. */
  giveUpLeaving(group: string): void;
  setSettings(change: Partial<OwnSettings>): void;
  answerHome(answer: 'goOn' | 'thisStays' | 'joinAnew'): Promise<void>;
  activity(folder: string | null, cursor: string | null, limit: number): Page<Activity>;
  quit(): void;
}
