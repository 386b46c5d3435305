/** The group, its invites, requests to join, and changes that wait for a master. */
import { z } from 'zod';
import { errorCodeSchema, idSchema, roleSchema, timeSchema } from './values.ts';

export const groupSchema = z.object({ id: idSchema, name: z.string() });

export const inviteSchema = z.object({
  id: idSchema,
  /** Only on the device that made it, and only while it can be used; null elsewhere. */
  code: z.string().nullable(),
  role: roleSchema,
  approve: z.enum(['ask', 'auto']),
  expires: timeSchema,
  madeBy: idSchema,
  /** waiting: not decided yet, so nobody can join with it. */
  state: z.enum(['waiting', 'open', 'used', 'expired', 'revoked']),
});
export type Invite = z.infer<typeof inviteSchema>;

/** A newcomer at the door. */
export const joinRequestSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The same words are on the newcomer's screen. */
  phrase: z.string(),
  role: roleSchema,
  since: timeSchema,
});
export type JoinRequest = z.infer<typeof joinRequestSchema>;

/** How far this device has come in joining a group. It goes on without a window; `cancelJoin` ends it. */
export const joiningSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('searching'), since: timeSchema }),
  z.object({ type: z.literal('waitingForApproval'), since: timeSchema, phrase: z.string() }),
  z.object({ type: z.literal('admitted'), since: timeSchema }),
  z.object({ type: z.literal('failed'), at: timeSchema, code: errorCodeSchema }),
]);
export type Joining = z.infer<typeof joiningSchema>;

/** What an own change is about, in the order of design: the kinds of operations. */
export const operationKindSchema = z.enum([
  'group.create',
  'device.rename',
  'device.setRole',
  'device.remove',
  'invite.create',
  'invite.revoke',
  'invite.redeem',
  'folder.create',
  'folder.rename',
  'folder.remove',
  'folder.setAccess',
  'folder.transferOwner',
  'folder.setSelection',
  'policy.set',
  'rules.raise',
]);

/** A change asked for on this device that the master has not decided. */
export const waitingChangeSchema = z.object({
  id: z.string(),
  kind: operationKindSchema,
  /** Id of the device, folder or invite it is about; null: the group as a whole. */
  subject: idSchema.nullable(),
  /** English, for the command line and the window: 'Share "Photos"'. */
  text: z.string(),
  since: timeSchema,
  /** False once it may already be in a master's log. */
  canCancel: z.boolean(),
});
export type WaitingChange = z.infer<typeof waitingChangeSchema>;
