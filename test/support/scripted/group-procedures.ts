/** The group, its devices and its master, as a scripted state has them. */
import { MAX_BUDGET_MS, MAX_INVITE_DURATION_MS, MIN_BUDGET_MS } from '../../../shared/limits.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import { device, deviceId, folder, master, NOW } from './builders.ts';
import { refusal } from './requirements.ts';
import type { ScriptedBase } from './scripted-base.ts';

const CODE = 'aefd5-kolf2-4ukxx-jvwym-blocr-z7uvp-pqcko-zo3ea-7fryr-hfbh2-kincm-cavss-ewiqy-uwolt-zxdht-drdaa-dxk2s-li';
const GROUP = 'a1'.repeat(32);

/** Making a group, inviting, joining, leaving. */
export const groupProcedures = ({ os, scripted, require, change, decide, decideFromHere }: ScriptedBase) => {
  const state = (): AppState => scripted.current;
  const requireNone = (): void => require.need(state().group === null, 'already-in-group');
  const found = (name: string): AppState => {
    change((before) => ({
      ...before,
      group: { id: GROUP, name },
      joining: null,
      devices: [device(1, before.self.name, { master: true })],
      master: master({ 1: 1 }, { state: 'alone', master: deviceId(1), term: 1, commitIndex: 2, since: NOW }),
    }));
    return state();
  };
  /** Only an admin decides who joins, and only of one who asks. */
  const requireRequest = (request: string): void => {
    require.group();
    require.need(require.admin() === null, 'not-admin');
    require.need(
      state().requests.some(({ id }) => id === request),
      'request-unknown',
    );
  };
  return {
    create: os.group.create.handler(({ input }) => {
      requireNone();
      require.need(require.name(input.name) === null, 'name-invalid');
      return { group: found(input.name).group?.id ?? '' };
    }),
    invite: os.group.invite.handler(({ input }) => {
      require.group();
      const tooLong = input.expiresMs > MAX_INVITE_DURATION_MS;
      const invite = {
        id: 'c2'.repeat(32),
        code: CODE,
        role: input.role,
        approve: input.approve,
        expires: NOW + input.expiresMs,
        madeBy: deviceId(1),
        state: state().master.quorate ? ('open' as const) : ('waiting' as const),
      };
      const done = decideFromHere(require.admin() ?? (tooLong ? 'operation-malformed' : null), (before) => ({
        ...before,
        invites: [...before.invites, invite],
      }));
      return { code: CODE, id: invite.id, expires: invite.expires, ...done };
    }),
    invites: os.group.invites.handler(() => state().invites),
    revokeInvite: os.group.revokeInvite.handler(({ input }) => {
      require.group();
      const invite = state().invites.find(({ id }) => id.startsWith(input.id));
      if (invite === undefined) throw refusal('invite-unknown');
      return decide(require.admin(), (before) => ({
        ...before,
        invites: before.invites.filter((one) => one !== invite),
      }));
    }),
    join: os.group.join.handler(async function* () {
      requireNone();
      change((before) => ({
        ...before,
        joining: { type: 'waitingForApproval', since: NOW, phrase: 'amber river seven' },
      }));
      yield { type: 'searching' as const };
      yield { type: 'waitingForApproval' as const, phrase: 'amber river seven' };
      await new Promise<void>((resolve) => setTimeout(resolve, 400));
      const after = found('Home group');
      const joined = [device(1, after.self.name, { role: 'member' }), device(2, 'Studio', { master: true })];
      const photos = folder(1, 'Photos', joined, { 2: 1 }, { owner: deviceId(2), path: null, state: 'offered' });
      change((before) => ({ ...before, devices: joined, folders: [photos] }));
      yield { type: 'joined' as const, group: GROUP, device: deviceId(1) };
    }),
    cancelJoin: os.group.cancelJoin.handler(() => change((before) => ({ ...before, joining: null }))),
    requests: os.group.requests.handler(() => state().requests),
    approve: os.group.approve.handler(({ input }) => {
      requireRequest(input.request);
      return decideFromHere(null, (before) => ({ ...before, requests: [] }));
    }),
    deny: os.group.deny.handler(({ input }) => {
      requireRequest(input.request);
      return change((before) => ({ ...before, requests: [] }));
    }),
    leave: os.group.leave.handler(() => {
      require.group();
      const { devices, master: of, self } = state();
      const wouldOrphan = of.quorate && devices.length > 1 && require.stays(self.id) !== null;
      require.need(!wouldOrphan, 'last-admin');
      return change((before) => ({
        ...before,
        group: null,
        devices: [],
        folders: [],
        waiting: [],
        requests: [],
        conflicts: [],
        conflictCount: 0,
        problems: [],
      }));
    }),
    giveUpLeaving: os.group.giveUpLeaving.handler(({ input }) => {
      const left = state().leaving.filter(({ id }) => id !== input.group);
      require.need(left.length < state().leaving.length, 'no-group');
      return change((before) => ({ ...before, leaving: left }));
    }),
  };
};

/** The devices of the group. */
export const deviceProcedures = ({ os, scripted, require, change, decide }: ScriptedBase) => {
  const state = (): AppState => scripted.current;
  return {
    list: os.devices.list.handler(() => state().devices),
    rename: os.devices.rename.handler(({ input }) => {
      const { name } = input;
      if (state().group === null) {
        require.need(require.name(name) === null, 'name-invalid');
        change((before) => ({ ...before, self: { ...before.self, name } }));
        return { state: 'committed' as const };
      }
      const { id, self } = require.device(input.device);
      return decide((self ? null : require.admin()) ?? require.name(name), (before) => ({
        ...before,
        self: self ? { ...before.self, name } : before.self,
        devices: before.devices.map((of) => (of.id === id ? { ...of, name } : of)),
      }));
    }),
    remove: os.devices.remove.handler(({ input }) => {
      const { id, self } = require.device(input.device);
      const isAlone = state().devices.length === 1;
      return decide((self ? null : require.admin()) ?? (isAlone ? null : require.stays(id)), (before) => ({
        ...before,
        devices: before.devices.filter((of) => of.id !== id),
      }));
    }),
    setRole: os.devices.setRole.handler(({ input }) => {
      const { id } = require.device(input.device);
      return decide(require.admin() ?? (input.role === 'member' ? require.stays(id) : null), (before) => ({
        ...before,
        devices: before.devices.map((of) => (of.id === id ? { ...of, role: input.role } : of)),
      }));
    }),
  };
};

/** Changes that wait for a master. */
export const waitingProcedures = ({ os, scripted, require, change }: ScriptedBase) => ({
  list: os.waiting.list.handler(() => scripted.current.waiting),
  dismiss: os.waiting.dismiss.handler(({ input }) => {
    require.group();
    return change((before) => ({ ...before, problems: before.problems.filter((one) => one.id !== input.id) }));
  }),
  cancel: os.waiting.cancel.handler(({ input }) => {
    require.group();
    const found = scripted.current.waiting.find(({ id }) => id === input.id);
    if (found === undefined) throw refusal('operation-unknown');
    require.need(found.canCancel, 'operation-maybe-decided');
    return change((before) => ({ ...before, waiting: before.waiting.filter((one) => one !== found) }));
  }),
});

/** The metadata master. */
export const masterProcedures = ({ os, scripted, require, decide }: ScriptedBase) => {
  const state = (): AppState => scripted.current;
  return {
    status: os.master.status.handler(() => state().master),
    transfer: os.master.transfer.handler(({ input }) => {
      const { weight } = require.device(input.device);
      require.need(require.admin() === null, 'not-admin');
      require.need(weight > 0, 'bad-request');
      require.need(state().master.master !== null, 'no-master');
      return {};
    }),
    setBudget: os.master.setBudget.handler(({ input: { budgetMs } }) => {
      require.group();
      const isInRange = budgetMs >= MIN_BUDGET_MS && budgetMs <= MAX_BUDGET_MS;
      return decide(require.admin() ?? (isInRange ? null : 'budget-out-of-range'), (before) => ({
        ...before,
        master: { ...before.master, budgetMs },
      }));
    }),
    health: os.master.health.handler(() => ({ folders: [], devices: [] })),
  };
};
