/** Changes that wait for a master. */
import { z } from 'zod';
import { waitingChangeSchema } from '../model/group-view.ts';
import { base, done } from './base.ts';

export const waitingContract = {
  list: base.output(z.array(waitingChangeSchema).readonly()),
  /** Refused with `operation-maybe-decided` once it may be in a master's log. */
  cancel: base.input(z.object({ id: z.string().min(1).max(128) })).output(done),
};
