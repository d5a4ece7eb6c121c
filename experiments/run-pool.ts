/** Where experiments run: a pool of threads on this machine. Results do not depend on the number of threads. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { control, type RunOutput, type RunRequest } from '#schema/worker-messages.ts';

/** A run without the control word: the pool has one for all its runs. */
export type PoolTask = Omit<RunRequest, 'control'>;

/** Runs simulations somewhere: here, or on other machines. */
export interface RunPool {
  readonly workers: number;
  run(task: PoolTask): Promise<RunOutput>;
  /** Ends the runs under way early; they still answer, with `cancelled` set. */
  cancel(): void;
  close(): Promise<void>;
}

/** A pool of threads: one for each core, but not more than there are tasks. */
export function localPool(threads: number = availableParallelism(), tasks = Number.POSITIVE_INFINITY): RunPool {
  const workers = Math.max(1, Math.min(threads, tasks));
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(isSource ? '../engine/worker/pool-from-source.mjs' : '../worker/pool.js', import.meta.url);
  const word = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const piscina = new Piscina({
    filename: fileURLToPath(file),
    name: 'run',
    minThreads: workers,
    maxThreads: workers,
  });
  return {
    workers,
    run: (task) => piscina.run({ ...task, control: word }) as Promise<RunOutput>,
    cancel: () => {
      Atomics.store(new Int32Array(word), 0, control.cancel);
    },
    close: () => piscina.destroy(),
  };
}
