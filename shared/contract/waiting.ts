/** Changes that wait for a master. */
import { z } from 'zod';
import { waitingChangeSchema } from '../model/group-view.ts';
import { base, done } from './base.ts';

export const waitingContract = {
  list: base.output(z.array(waitingChangeSchema).readonly()),
  /** Takes note of one that was refused after all: a problem of the state with `about`. */
  dismiss: base.input(z.object({ id: z.string().min(1).max(128) })).output(done),
  /** Refused with `operation-maybe-decided` once it may be in a master's log. */
  cancel: base.input(z.object({ id: z.string().min(1).max(128) })).output(done),
};
