/** The group: making, inviting, joining, leaving. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { inviteSchema, joinRequestSchema } from '../model/group-view.ts';
import { decisionStateSchema, idSchema, roleSchema, timeSchema } from '../model/values.ts';
import { base, decided, done, nameText } from './base.ts';

/** Steps of joining, in order; the last is `joined`, or the stream fails with a refusal. */
export const joinProgressSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('searching') }),
  z.object({ type: z.literal('waitingForApproval'), phrase: z.string() }),
  z.object({ type: z.literal('joined'), group: idSchema, device: idSchema }),
]);
export type JoinProgress = z.infer<typeof joinProgressSchema>;

export const groupContract = {
  create: base.input(z.object({ name: nameText })).output(z.object({ group: idSchema })),
  /** While it waits for a master nobody can use the code. */
  invite: base
    .input(
      z.object({
        expiresMs: z.number().int().positive().default(86_400_000),
        approve: z.enum(['ask', 'auto']).default('ask'),
        role: roleSchema.default('member'),
      }),
    )
    .output(z.object({ code: z.string(), id: idSchema, expires: timeSchema, state: decisionStateSchema })),
  invites: base.output(z.array(inviteSchema).readonly()),
  /** `id`: or a unique beginning of it. */
  revokeInvite: base.input(z.object({ id: z.string().min(1).max(64) })).output(decided),
  /**
   * Joins with a code. Letting go of the stream does not end the joining (a window may be closed meanwhile);
   * `cancelJoin` does, and so does the end of `waitMs`, with `time-out`.
   */
  join: base
    .input(z.object({ code: z.string().max(4096), waitMs: z.number().int().positive().nullable().default(null) }))
    .output(eventIterator(joinProgressSchema)),
  /** Ends joining, or takes note of its failure. */
  cancelJoin: base.output(done),
  requests: base.output(z.array(joinRequestSchema).readonly()),
  approve: base.input(z.object({ request: z.string().min(1).max(128) })).output(decided),
  deny: base.input(z.object({ request: z.string().min(1).max(128) })).output(done),
  /**
   * Works always, here and now. Files and kept versions stay where they are. What can't be handed on at once goes on in
   * the background: `state.leaving`.
   */
  leave: base.output(done),
  /** Ends that without having handed it on: those that stay may not be able to decide anything any more. */
  giveUpLeaving: base.input(z.object({ group: idSchema })).output(done),
};
