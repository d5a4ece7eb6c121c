/** Entry of the worker thread that runs one simulation at a time: progress, pause and cancel without being torn down. */
import { parentPort } from 'node:worker_threads';
import { invariant, serializeError } from '#schema/errors.ts';
import type { RunRequest, WorkerMessage } from '#schema/worker-messages.ts';
import { simulate } from './simulate.ts';

const port = parentPort;
invariant(port !== null, 'engine/worker/entry.ts runs in a worker thread only');

port.on('message', (request: RunRequest) => {
  const post = (message: WorkerMessage): void => port.postMessage(message);
  try {
    post({ kind: 'done', output: simulate(request, post) });
  } catch (error) {
    post({ kind: 'failed', error: serializeError(error) });
  }
});
