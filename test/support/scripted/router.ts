/** Answers the contract from a scripted state: enough of each procedure that a page can be used, and a record of calls. */
import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../../shared/contract/contract.ts';
import { diffState } from '../../../shared/contract/patch.ts';
import type { WatchEvent } from '../../../shared/contract/watch.ts';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import { device, deviceId, folder, folderId, master, minutesAgo, NOW } from './builders.ts';
import { listDirectory } from './tree.ts';

/** What was asked, in order: the procedure's path and its input. */
export interface ScriptedCall {
  readonly procedure: string;
  readonly input: unknown;
}

/** A state that tells its watchers of every change. */
export class ScriptedState {
  readonly calls: ScriptedCall[] = [];
  /** The next calls of these procedures fail with the code. */
  readonly refusals = new Map<string, ErrorCode>();
  #current: AppState;
  readonly #watchers = new Set<(event: WatchEvent) => void>();

  constructor(initial: AppState) {
    this.#current = initial;
  }

  get current(): AppState {
    return this.#current;
  }

  update(change: (state: AppState) => AppState): void {
    const before = this.#current;
    this.#current = change(before);
    const changes = diffState(before, this.#current);
    if (changes.length > 0) for (const tell of this.#watchers) tell({ type: 'patch', changes });
  }

  /** Replaces everything, as after a new start of the engine. */
  reset(state: AppState): void {
    this.#current = state;
    this.calls.length = 0;
    this.refusals.clear();
    for (const tell of this.#watchers) tell({ type: 'snapshot', state });
  }

  async *watch(signal: AbortSignal | undefined): AsyncGenerator<WatchEvent> {
    const queue: WatchEvent[] = [{ type: 'snapshot', state: this.#current }];
    let wake = (): void => undefined;
    const tell = (event: WatchEvent): void => {
      queue.push(event);
      wake();
    };
    this.#watchers.add(tell);
    signal?.addEventListener('abort', () => wake());
    try {
      while (!signal?.aborted) {
        const event = queue.shift();
        if (event) yield event;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.#watchers.delete(tell);
    }
  }
}

/** Whether the made-up files should read as if nothing were going on. */
const isCalm = (state: AppState): boolean =>
  state.folders.every((one) => one.state === 'idle' && one.problemCount === 0 && one.conflicts === 0);

const CODE = 'aefd5-kolf2-4ukxx-jvwym-blocr-z7uvp-pqcko-zo3ea-7fryr-hfbh2-kincm-cavss-ewiqy-uwolt-zxdht-drdaa-dxk2s-li';

/** A router over the state; `names`: how many names the listed folders have (0: a small tree). */
export const scriptedRouter = (scripted: ScriptedState, names: () => number) => {
  const os = implement(contract).use(({ next, path }, input) => {
    const procedure = path.join('.');
    if (procedure !== 'watch') scripted.calls.push({ procedure, input });
    const code = scripted.refusals.get(procedure);
    if (code !== undefined) {
      scripted.refusals.delete(procedure);
      throw new ORPCError('REFUSED', { status: 400, data: { code, message: `scripted: ${code}` } });
    }
    return next();
  });
  const state = (): AppState => scripted.current;
  const change = (next: (state: AppState) => AppState) => (): Record<string, never> => {
    scripted.update(next);
    return {};
  };
  const found = (id: string): AppState => {
    scripted.update((before) => ({
      ...before,
      group: { id: 'a1'.repeat(32), name: id },
      joining: null,
      devices: [device(1, before.self.name, { master: true })],
      master: master({ 1: 1 }, { state: 'alone', master: deviceId(1), term: 1, commitIndex: 2, since: NOW }),
    }));
    return scripted.current;
  };
  return {
    watch: os.watch.handler(({ signal }) => scripted.watch(signal)),
    engine: {
      status: os.engine.status.handler(() => ({ ...state(), device: state().self.id, name: state().self.name })),
      waitIdle: os.engine.waitIdle.handler(() => ({ idle: true as const })),
      quit: os.engine.quit.handler(() => ({})),
    },
    group: {
      create: os.group.create.handler(({ input }) => ({ group: found(input.name).group?.id ?? '' })),
      invite: os.group.invite.handler(({ input }) => {
        const invite = {
          id: 'c2'.repeat(32),
          code: CODE,
          role: input.role,
          approve: input.approve,
          expires: NOW + input.expiresMs,
          madeBy: deviceId(1),
          state: 'open' as const,
        };
        scripted.update((before) => ({ ...before, invites: [...before.invites, invite] }));
        return { code: CODE, id: invite.id, expires: invite.expires };
      }),
      invites: os.group.invites.handler(() => state().invites),
      revokeInvite: os.group.revokeInvite.handler(({ input }) =>
        change((before) => ({ ...before, invites: before.invites.filter((invite) => invite.id !== input.id) }))(),
      ),
      join: os.group.join.handler(async function* () {
        scripted.update((before) => ({
          ...before,
          joining: { type: 'waitingForApproval', since: NOW, phrase: 'amber river seven' },
        }));
        yield { type: 'searching' as const };
        yield { type: 'waitingForApproval' as const, phrase: 'amber river seven' };
        await new Promise<void>((resolve) => setTimeout(resolve, 400));
        const after = found('Home group');
        const joined = [device(1, after.self.name, { role: 'member' }), device(2, 'Studio', { master: true })];
        scripted.update((before) => ({
          ...before,
          devices: joined,
          folders: [folder(1, 'Photos', joined, { 2: 1 }, { owner: deviceId(2), path: null, state: 'offered' })],
        }));
        yield { type: 'joined' as const, group: 'a1'.repeat(32), device: deviceId(1) };
      }),
      cancelJoin: os.group.cancelJoin.handler(change((before) => ({ ...before, joining: null }))),
      requests: os.group.requests.handler(() => state().requests),
      approve: os.group.approve.handler(change((before) => ({ ...before, requests: [] }))),
      deny: os.group.deny.handler(change((before) => ({ ...before, requests: [] }))),
      leave: os.group.leave.handler(
        change((before) => ({
          ...before,
          group: null,
          devices: [],
          folders: [],
          waiting: [],
          requests: [],
          conflicts: [],
          conflictCount: 0,
          problems: [],
        })),
      ),
    },
    devices: {
      list: os.devices.list.handler(() => state().devices),
      rename: os.devices.rename.handler(({ input }) => {
        scripted.update((before) => ({
          ...before,
          self: input.device === before.self.id ? { ...before.self, name: input.name } : before.self,
          devices: before.devices.map((of) => (of.id === input.device ? { ...of, name: input.name } : of)),
        }));
        return { state: 'committed' as const };
      }),
      remove: os.devices.remove.handler(({ input }) => {
        scripted.update((before) => ({ ...before, devices: before.devices.filter((of) => of.id !== input.device) }));
        return { state: 'committed' as const };
      }),
      setRole: os.devices.setRole.handler(({ input }) => {
        scripted.update((before) => ({
          ...before,
          devices: before.devices.map((of) => (of.id === input.device ? { ...of, role: input.role } : of)),
        }));
        return { state: 'committed' as const };
      }),
    },
    waiting: {
      list: os.waiting.list.handler(() => state().waiting),
      cancel: os.waiting.cancel.handler(({ input }) =>
        change((before) => ({ ...before, waiting: before.waiting.filter((one) => one.id !== input.id) }))(),
      ),
    },
    folders: {
      list: os.folders.list.handler(() => state().folders),
      share: os.folders.share.handler(({ input }) => {
        const name = input.name ?? input.path.split(/[\\/]/).at(-1) ?? 'Folder';
        scripted.update((before) => ({
          ...before,
          folders: [...before.folders, folder(9, name, before.devices, { 1: 1 }, { path: input.path })],
        }));
        return { folder: folderId(9), state: 'committed' as const };
      }),
      accept: os.folders.accept.handler(({ input }) =>
        change((before) => ({
          ...before,
          folders: before.folders.map((of) =>
            of.id === input.folder ? { ...of, path: input.path, state: 'syncing' as const } : of,
          ),
        }))(),
      ),
      drop: os.folders.drop.handler(({ input }) =>
        change((before) => ({
          ...before,
          folders: before.folders.map((of) =>
            of.id === input.folder ? { ...of, path: null, halt: null, state: 'offered' as const } : of,
          ),
        }))(),
      ),
      unshare: os.folders.unshare.handler(({ input }) =>
        change((before) => ({ ...before, folders: before.folders.filter((of) => of.id !== input.folder) }))(),
      ),
      rename: os.folders.rename.handler(({ input }) =>
        change((before) => ({
          ...before,
          folders: before.folders.map((of) => (of.id === input.folder ? { ...of, name: input.name } : of)),
        }))(),
      ),
      setAccess: os.folders.setAccess.handler(() => ({ state: 'committed' as const })),
      transferOwner: os.folders.transferOwner.handler(() => ({ state: 'committed' as const })),
      pause: os.folders.pause.handler(({ input }) =>
        change((before) => ({
          ...before,
          folders: before.folders.map((of) =>
            input.folder === null || of.id === input.folder ? { ...of, state: 'paused' as const } : of,
          ),
        }))(),
      ),
      resume: os.folders.resume.handler(({ input }) =>
        change((before) => ({
          ...before,
          folders: before.folders.map((of) =>
            input.folder === null || of.id === input.folder ? { ...of, halt: null, state: 'idle' as const } : of,
          ),
        }))(),
      ),
      rescan: os.folders.rescan.handler(() => ({})),
      files: os.folders.files.handler(({ input }) =>
        listDirectory(input.directory, names(), input.cursor, input.limit, isCalm(state())),
      ),
      throwMineAway: os.folders.throwMineAway.handler(() => ({ moved: 2 })),
    },
    conflicts: {
      list: os.conflicts.list.handler(() => state().conflicts),
      resolve: os.conflicts.resolve.handler(({ input }) => {
        scripted.update((before) => {
          const conflicts = before.conflicts.filter(
            (one) => !one.versions.some((version) => version.path === input.path),
          );
          return { ...before, conflicts, conflictCount: conflicts.length };
        });
        return { undo: input.keep === 'keep-both' ? [] : [{ version: 'v9', path: input.path }] };
      }),
    },
    versions: {
      list: os.versions.list.handler(() => ({
        versions: [
          {
            id: 'v3',
            time: minutesAgo(44),
            size: 47_100,
            device: deviceId(1),
            folder: folderId(2),
            path: 'Offers/Offer Meyer.odt',
            kind: 'file' as const,
            mtime: minutesAgo(50),
            reason: 'replaced' as const,
          },
          {
            id: 'v2',
            time: minutesAgo(300),
            size: 1_204_000,
            device: deviceId(2),
            folder: folderId(2),
            path: 'Old plans/terrace.svg',
            kind: 'file' as const,
            mtime: minutesAgo(9000),
            reason: 'deleted' as const,
          },
          {
            id: 'v1',
            time: minutesAgo(60 * 50),
            size: 980,
            device: deviceId(3),
            folder: folderId(2),
            path: 'Notes/todo.md',
            kind: 'file' as const,
            mtime: minutesAgo(60 * 52),
            reason: 'conflict' as const,
          },
        ],
        next: null,
      })),
      restore: os.versions.restore.handler(() => ({ path: '/home/anna/Work/Offers/Offer Meyer.odt' })),
    },
    master: {
      status: os.master.status.handler(() => state().master),
      transfer: os.master.transfer.handler(() => ({})),
      setBudget: os.master.setBudget.handler(({ input }) =>
        change((before) => ({ ...before, master: { ...before.master, budgetMs: input.budgetMs } }))(),
      ),
      health: os.master.health.handler(() => ({ folders: [], devices: [] })),
    },
    activity: { list: os.activity.list.handler(() => ({ activity: [...state().activity].reverse(), next: null })) },
    settings: {
      get: os.settings.get.handler(() => state().settings),
      set: os.settings.set.handler(({ input }) => {
        scripted.update((before) => ({
          ...before,
          settings: { ...before.settings, ...(input as Partial<AppState['settings']>), restartNeeded: true },
        }));
        return state().settings;
      }),
    },
    home: { answer: os.home.answer.handler(change((before) => ({ ...before, home: 'ok' as const }))) },
    places: {
      browse: os.places.browse.handler(({ input }) => {
        const path = input.path ?? '/home/anna';
        const names = ['Documents', 'Music', 'Pictures', 'Scans'];
        return {
          path,
          parent: path === '/' ? null : path.slice(0, path.lastIndexOf('/')) || '/',
          directories: names.map((name) => ({ name, path: `${path === '/' ? '' : path}/${name}` })),
        };
      }),
    },
  };
};
