/** Starts, pauses and cancels the run on screen. */
import { isUnderway, setNotice, setRun, useApp } from '#renderer/state/app-store.ts';
import { host } from '#renderer/state/connection.ts';
import { hostError } from '#renderer/state/host-client.ts';
import type { RunEvent } from '#schema/rpc.ts';
import { clearResults, takePartial, takeReport } from './run-results.ts';

/** Runs the document on screen from its start. */
export async function startRun(): Promise<void> {
  const { opened, run } = useApp.getState();
  if (opened?.kind !== 'valid' || isUnderway(run.phase)) return;
  const { seed, horizonSeconds, preRollSeconds } = opened.document.run;
  clearResults();
  setRun({
    phase: 'starting',
    runId: undefined,
    seed,
    horizonSeconds,
    simulatedSeconds: -preRollSeconds,
    failure: undefined,
  });
  try {
    for await (const event of await host().run.start({ document: opened.id })) take(event);
    if (isUnderway(useApp.getState().run.phase)) throw new Error('the run ended without a result');
  } catch (error) {
    const isLost = useApp.getState().connection !== 'open';
    const failure = isLost
      ? 'The connection was lost before the run had ended. Run it again.'
      : hostError(error).message;
    setRun({ phase: 'failed', failure });
  }
}

function take(event: RunEvent): void {
  const { phase } = useApp.getState().run;
  switch (event.kind) {
    case 'started':
      setRun({ phase: 'running', runId: event.runId, seed: event.seed, horizonSeconds: event.horizonSeconds });
      break;
    case 'progress':
      setRun({ simulatedSeconds: event.simulatedSeconds });
      break;
    case 'partial':
      takePartial(event.simulatedSeconds, event.result);
      break;
    case 'done':
      takeReport(
        event.cancelled ? Math.max(0, useApp.getState().run.simulatedSeconds) : event.report.horizonSeconds,
        event.report,
      );
      setRun({
        phase: event.cancelled || phase === 'cancelling' ? 'cancelled' : 'done',
        ...(event.cancelled ? {} : { simulatedSeconds: event.report.horizonSeconds }),
      });
      break;
  }
}

export async function pauseRun(): Promise<void> {
  await control('running', 'paused', (runId) => host().run.pause({ runId }));
}

export async function resumeRun(): Promise<void> {
  await control('paused', 'running', (runId) => host().run.resume({ runId }));
}

/** What had been simulated is kept and shown. */
export async function cancelRun(): Promise<void> {
  const { phase } = useApp.getState().run;
  if (phase === 'running' || phase === 'paused') {
    await control(phase, 'cancelling', (runId) => host().run.cancel({ runId }));
  }
}

/** Play, pause or go on, whichever the moment asks for. */
export async function playOrPause(): Promise<void> {
  const { phase } = useApp.getState().run;
  if (phase === 'running') await pauseRun();
  else if (phase === 'paused') await resumeRun();
  else await startRun();
}

async function control(
  from: 'running' | 'paused',
  to: 'running' | 'paused' | 'cancelling',
  call: (runId: string) => Promise<unknown>,
): Promise<void> {
  const { phase, runId } = useApp.getState().run;
  if (phase !== from || runId === undefined) return;
  setRun({ phase: to });
  try {
    await call(runId);
  } catch (error) {
    // A run that ended in this moment has said so already.
    if (isUnderway(useApp.getState().run.phase)) setNotice(hostError(error).message);
  }
}
