import { folderIdOf, resolveDevice } from '../../group/references.ts';
import { guarded, procedures } from '../base-procedure.ts';
import type { ServedEngine } from '../served-engine.ts';

/** Making a group, inviting, joining, leaving. */
export function groupProcedures(engine: ServedEngine) {
  const os = procedures.group;
  return {
    create: os.create.handler(async ({ input }) => ({ group: await engine.createGroup(input.name) })),
    invite: os.invite.handler(({ input }) => engine.group().invites.create(input)),
    invites: os.invites.handler(() => engine.view().invites),
    revokeInvite: os.revokeInvite.handler(async ({ input }) => ({
      state: await engine.group().invites.revoke(input.id),
    })),
    join: os.join.handler(({ input, signal }) => guarded(engine.join(input.code, input.waitMs, signal))),
    cancelJoin: os.cancelJoin.handler(() => {
      engine.cancelJoin();
      return {};
    }),
    requests: os.requests.handler(() => engine.view().requests),
    approve: os.approve.handler(async ({ input }) => ({ state: await engine.group().invites.approve(input.request) })),
    deny: os.deny.handler(async ({ input }) => {
      await engine.group().invites.deny(input.request);
      return {};
    }),
    leave: os.leave.handler(async () => {
      await engine.leave();
      return {};
    }),
    giveUpLeaving: os.giveUpLeaving.handler(({ input }) => {
      engine.giveUpLeaving(input.group);
      return {};
    }),
  };
}

/** The devices of the group. */
export function deviceProcedures(engine: ServedEngine) {
  const os = procedures.devices;
  return {
    list: os.list.handler(() => engine.view().devices),
    rename: os.rename.handler(async ({ input }) => {
      const view = engine.view();
      if (view.group === null) return { state: await engine.renameSelf(input.name) };
      const group = engine.group();
      const { id } = resolveDevice(group.state(), input.device);
      if (id === view.self.id) return { state: await engine.renameSelf(input.name) };
      return { state: await group.decide({ kind: 'device.rename', device: id, name: input.name }) };
    }),
    remove: os.remove.handler(async ({ input }) => {
      const group = engine.group();
      const { id } = resolveDevice(group.state(), input.device);
      return { state: await group.decide(await group.rightEnds.removal(id)) };
    }),
    setRole: os.setRole.handler(async ({ input }) => {
      const group = engine.group();
      const { id } = resolveDevice(group.state(), input.device);
      return { state: await group.decide({ kind: 'device.setRole', device: id, role: input.role }) };
    }),
  };
}

/** The metadata master, changes that wait for it, and who has what. */
export function masterProcedures(engine: ServedEngine) {
  const os = procedures.master;
  return {
    status: os.status.handler(() => engine.view().master),
    transfer: os.transfer.handler(async ({ input }) => {
      const group = engine.group();
      await group.transferMaster(resolveDevice(group.state(), input.device).id);
      return {};
    }),
    setBudget: os.setBudget.handler(async ({ input }) => ({
      state: await engine.group().decide({ kind: 'policy.set', budgetMs: input.budgetMs }),
    })),
    health: os.health.handler(() =>
      engine.view().group === null ? { folders: [], devices: [] } : engine.group().health(),
    ),
  };
}

/** Changes that wait for a master. */
export function waitingProcedures(engine: ServedEngine) {
  const os = procedures.waiting;
  return {
    list: os.list.handler(() => engine.view().waiting),
    cancel: os.cancel.handler(({ input }) => {
      engine.group().cancel(input.id);
      return {};
    }),
    dismiss: os.dismiss.handler(({ input }) => {
      engine.group().asking.dismiss(input.id);
      return {};
    }),
  };
}

/** The id of a folder that a client named, or null for all. */
export function folderOrAll(engine: ServedEngine, reference: string | null): string | null {
  return reference === null ? null : folderIdOf(engine.group().state(), reference);
}
