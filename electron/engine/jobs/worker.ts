/** Entry of a worker thread: runs one job after another. Bundled as `worker.cjs` beside the engine. */
import { parentPort } from 'node:worker_threads';
import { errorCodeOf } from '../../../shared/errors.ts';
import { runJob } from './registry.ts';
import { buffersOf } from './transferable.ts';
import type { WorkRequest, WorkResult } from './worker-messages.ts';

const port = parentPort;
port?.on('message', (requests: readonly WorkRequest[]) => {
  const results = requests.map(resultOf);
  const buffers = results.flatMap((result) => (result.type === 'done' ? buffersOf(result.output) : []));
  port.postMessage(results, buffers);
});

function resultOf(request: WorkRequest): WorkResult {
  try {
    return { id: request.id, type: 'done', output: runJob(request.name, request.input) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id: request.id, type: 'failed', code: errorCodeOf(error), message };
  }
}
