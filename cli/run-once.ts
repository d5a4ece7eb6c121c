/** One run with a progress bar, cancelled by Ctrl-C. */
import { type FinishedRun, type StartedRun, startRun } from '#host/runs/run-service.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { EnvironmentError } from '#schema/errors.ts';
import type { RunProgress } from '#schema/worker-messages.ts';
import type { Output } from './output.ts';
import { progressBar } from './progress.ts';

/** Runs to the end. Throws EnvironmentError `run/cancelled` when the user interrupts. */
export async function runOnce(document: CaudalDocument, output: Output): Promise<FinishedRun> {
  const bar = progressBar(output);
  const { preRollSeconds, horizonSeconds } = document.run;
  let label = 'simulating';
  const onProgress = ({ simulatedSeconds }: RunProgress): void => {
    bar.update((simulatedSeconds + preRollSeconds) / (horizonSeconds + preRollSeconds), label);
  };
  const onSecondRun = (): void => {
    label = 'simulating without faults, for the cost of a month';
  };
  const started = startRun(document, { onProgress, onSecondRun });
  const finished = await untilInterrupted(started).finally(() => bar.stop());
  if (finished.cancelled) throw new EnvironmentError('run/cancelled', 'the run was cancelled');
  return finished;
}

async function untilInterrupted(started: StartedRun): Promise<FinishedRun> {
  const cancel = (): void => started.cancel();
  process.once('SIGINT', cancel);
  try {
    return await started.finished;
  } finally {
    process.removeListener('SIGINT', cancel);
  }
}
