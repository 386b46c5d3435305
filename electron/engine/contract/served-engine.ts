import type { JoinProgress } from '../../../shared/contract/group.ts';
import type { WatchEvent } from '../../../shared/contract/watch.ts';
import type { GroupId } from '../../../shared/ids.ts';
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
  accept(folder: string, path: string): Promise<void>;
  drop(folder: string): Promise<void>;
  unshare(folder: string): Promise<void>;
  pause(folder: string | null): Promise<void>;
  resume(folder: string | null, answer: ResumeAnswer): Promise<void>;
  rescan(folder: string | null): Promise<void>;
  files(folder: string, directory: string, cursor: string | null, limit: number): Page<FileEntry> & { total: number };
  throwMineAway(folder: string, path: string | null): Promise<number>;
  conflicts(folder: string | null): readonly Conflict[];
  resolve(
    place: FilePlace,
    keep: 'keep-this' | 'keep-other' | 'keep-both',
  ): Promise<readonly { version: string; path: string }[]>;
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
  }): Promise<{ code: string; id: string; expires: number }>;
  revoke(id: string): Promise<void>;
  approve(request: string): Promise<void>;
  deny(request: string): Promise<void>;
}

/** What there is only in a group. */
export interface ServedGroup {
  state(): GroupState;
  /** Asks for a change; resolves when it is decided, or once it is plain that it has to wait. Throws when refused. */
  decide(body: OperationBody): Promise<DecisionState>;
  cancel(id: string): void;
  transferMaster(device: string): Promise<void>;
  health(): Health;
  /** The closing number for a right that ends: the highest change counter of the device seen by any device here. */
  closingOf(device: string): number | null;
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
  setSettings(change: Partial<OwnSettings>): void;
  answerHome(answer: 'goOn' | 'thisStays' | 'joinAnew'): Promise<void>;
  activity(folder: string | null, cursor: string | null, limit: number): Page<Activity>;
  quit(): void;
}
