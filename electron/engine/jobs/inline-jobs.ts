import { failure } from '../../../shared/errors.ts';
import type { Jobs } from '../ports/jobs.ts';
import { runJob } from './registry.ts';

/** Jobs on the calling thread, each in a later turn of the event loop's microtasks: for tests and simulations. */
export function createInlineJobs(): Jobs {
  let closed = false;
  return {
    async run(name, input) {
      await Promise.resolve();
      if (closed) throw failure('engine-stopping', 'The engine stops');
      return runJob(name, input);
    },
    async close() {
      closed = true;
    },
  };
}
