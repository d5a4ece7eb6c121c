/** One run in a thread of its own, with progress, pause and cancel through a shared control word. */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { CaudalDocument } from '#schema/document.ts';
import { deserializeError, EnvironmentError } from '#schema/errors.ts';
import {
  control,
  type RunOptions,
  type RunOutput,
  type RunPartial,
  type RunProgress,
  type RunRequest,
  type WorkerMessage,
} from '#schema/worker-messages.ts';

export interface RunListener {
  readonly onProgress?: (progress: RunProgress) => void;
  /** Series and limits as far as the run has come, about once a second. */
  readonly onPartial?: (partial: RunPartial) => void;
}

/** A run under way. */
export interface WorkerRun {
  pause(): void;
  resume(): void;
  /** Ends the run early: `finished` still resolves, with `result.cancelled` set. */
  cancel(): void;
  readonly finished: Promise<RunOutput>;
}

/** Starts a run of a valid, complete document with its traces inlined. */
export function startWorkerRun(document: CaudalDocument, options: RunOptions, listener: RunListener = {}): WorkerRun {
  const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const word = new Int32Array(shared);
  const worker = new Worker(workerFile());
  const finished = outputOf(worker, listener).finally(() => worker.terminate());
  const wantsPartials = listener.onPartial !== undefined;
  const request: RunRequest = { document, options, control: shared, wantsPartials };
  worker.postMessage(request);
  const set = (value: number): void => {
    Atomics.store(word, 0, value);
    Atomics.notify(word, 0);
  };
  return {
    pause: () => {
      if (Atomics.load(word, 0) === control.run) set(control.pause);
    },
    resume: () => {
      if (Atomics.load(word, 0) === control.pause) set(control.run);
    },
    cancel: () => set(control.cancel),
    finished,
  };
}

/** The source under a TypeScript loader, the built file otherwise: one level beside any file of the build. */
function workerFile(): string {
  const isSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(
    new URL(isSource ? '../../engine/worker/from-source.mjs' : '../worker/entry.js', import.meta.url),
  );
}

function outputOf(worker: Worker, listener: RunListener): Promise<RunOutput> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      switch (message.kind) {
        case 'progress':
          listener.onProgress?.(message);
          break;
        case 'partial':
          listener.onPartial?.(message);
          break;
        case 'done':
          resolve(message.output);
          break;
        case 'failed':
          reject(deserializeError(message.error));
          break;
      }
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory(error) : error);
    });
    worker.on('exit', (code) => {
      reject(new Error(`the simulation thread ended with code ${code} before it answered`));
    });
  });
}

function outOfMemory(cause: Error): EnvironmentError {
  const message = 'the run needs more memory than this machine gives; shorten the horizon or lower the load';
  return new EnvironmentError('run/out-of-memory', message, { cause });
}
