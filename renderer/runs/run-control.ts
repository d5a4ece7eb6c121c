/** Starts and cancels the run on screen, and moves the playhead over what it has found. */
import { reachedSeconds } from '#drawing/recording.ts';
import { isUnderway, setNotice, setRun, useApp } from '#renderer/state/app-store.ts';
import { host } from '#renderer/state/connection.ts';
import { takeRun, useDocumentState } from '#renderer/state/document-store.ts';
import { whenChecked } from '#renderer/state/document-sync.ts';
import { hostError } from '#renderer/state/host-client.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { RunEvent, RunOpened } from '#schema/rpc.ts';
import { currentPlayhead, followReach, moveTo, pause, play, usePlayhead } from './playhead.ts';
import { rememberRun } from './run-history.ts';
import {
  abandonResults,
  beginResults,
  currentResults,
  isAwaitingResults,
  takePartial,
  takeReport,
} from './run-results.ts';
import { stepSeconds } from './speeds.ts';

followReach(() => {
  const { recording } = currentResults();
  const reached = recording === undefined ? 0 : reachedSeconds(recording);
  return {
    // What lies behind the playhead stays true in a rerun; what lies ahead is still to come.
    seconds: isAwaitingResults() ? Math.min(reached, currentPlayhead()) : reached,
    horizonSeconds: recording?.horizonSeconds ?? useApp.getState().run.horizonSeconds,
    isGrowing: isUnderway(useApp.getState().run.phase),
  };
});

export const nothingToRun = 'There is nothing to run yet: add a source first.';

/** A run that a newer one replaces must not speak any more. */
let current = 0;
/** When the newest run began, by the window's clock. */
let startedMs = 0;

/** Runs the document on screen, in place of a run that goes on. The playhead stays where it is. */
export async function startRun(): Promise<void> {
  const { document } = useDocumentState.getState();
  if (document === undefined || useApp.getState().connection !== 'open') return;
  if (document.nodes.length === 0) return setNotice(nothingToRun);
  current += 1;
  const mine = current;
  startedMs = performance.now();
  const { seed, horizonSeconds, preRollSeconds } = document.run;
  const known = currentResults().recording;
  if (known !== undefined && known.horizonSeconds !== horizonSeconds)
    moveTo(Math.min(currentPlayhead(), horizonSeconds));
  await cancelRun();
  setRun({
    phase: 'starting',
    runId: undefined,
    seed,
    horizonSeconds,
    simulatedSeconds: -preRollSeconds,
    elapsedSeconds: 0,
    failure: undefined,
  });
  try {
    await follow(mine);
  } catch (error) {
    if (mine !== current) return;
    abandonResults();
    const isLost = useApp.getState().connection !== 'open';
    const failure = isLost
      ? 'The connection was lost before the run had ended. Run it again.'
      : hostError(error).message;
    setRun({ phase: 'failed', failure });
    pause();
  }
}

async function follow(mine: number): Promise<void> {
  const id = await whenChecked();
  const { document, undoLabel } = useDocumentState.getState();
  if (mine !== current) return;
  if (id === undefined || document === undefined) {
    setRun({ phase: 'none' });
    setNotice('This design has faults and cannot run: mend what the run bar lists.');
    return;
  }
  beginResults(document);
  for await (const event of await host().run.start({ document: id })) {
    if (mine !== current) return;
    take(event, document, undoLabel);
  }
  if (mine === current && isUnderway(useApp.getState().run.phase)) throw new Error('the run ended without a result');
}

function take(event: RunEvent, document: CaudalDocument, change: string): void {
  const { phase, simulatedSeconds } = useApp.getState().run;
  switch (event.kind) {
    case 'started':
      setRun({ phase: 'running', runId: event.runId, seed: event.seed, horizonSeconds: event.horizonSeconds });
      break;
    case 'progress':
      setRun({
        simulatedSeconds: event.simulatedSeconds,
        elapsedSeconds: (performance.now() - startedMs) / 1000,
      });
      break;
    case 'partial':
      takePartial(event.simulatedSeconds, event.result, event.playback);
      takeRun(currentResults().document);
      break;
    case 'done': {
      const { report, cancelled, playback } = event;
      takeReport(cancelled ? Math.max(0, simulatedSeconds) : report.horizonSeconds, report, playback);
      takeRun(document);
      if (!cancelled) rememberRun(report, document, change);
      setRun({
        phase: cancelled || phase === 'cancelling' ? 'cancelled' : 'done',
        ...(cancelled ? {} : { simulatedSeconds: report.horizonSeconds }),
      });
      break;
    }
  }
}

/** Shows a run that was read from a file over the design on screen, which is its own; nothing is simulated. */
export async function showSavedRun({ runId, origin, name, report, playback }: RunOpened): Promise<void> {
  current += 1;
  await cancelRun();
  const { document } = useDocumentState.getState();
  if (document === undefined) return;
  pause();
  beginResults(document);
  takeReport(report.horizonSeconds, report, playback, { ...origin, name });
  takeRun(document);
  rememberRun(report, document, '', `opened from ${name}`);
  const { seed, horizonSeconds } = report;
  setRun({
    phase: 'done',
    runId,
    seed,
    horizonSeconds,
    simulatedSeconds: horizonSeconds,
    elapsedSeconds: 0,
    failure: undefined,
  });
  moveTo(currentPlayhead());
}

/** What had been simulated is kept and shown. */
export async function cancelRun(): Promise<void> {
  const { phase, runId } = useApp.getState().run;
  if ((phase !== 'running' && phase !== 'paused') || runId === undefined) return;
  setRun({ phase: 'cancelling' });
  try {
    await host().run.cancel({ runId });
  } catch (error) {
    // A run that ended in this moment has said so already.
    if (isUnderway(useApp.getState().run.phase)) setNotice(hostError(error).message);
  }
}

/** True where there is nothing to play, or what there is belongs to another state of the document. */
function needsRun(): boolean {
  return currentResults().recording === undefined || useDocumentState.getState().areResultsStale;
}

/** Runs anew and plays: from the start where the playhead is at the end. */
export async function runAndPlay(): Promise<void> {
  const { recording } = currentResults();
  if (recording !== undefined && currentPlayhead() >= reachedSeconds(recording)) moveTo(0);
  const started = startRun();
  play();
  await started;
}

/** Play, pause or go on; runs first where there is nothing to play. */
export async function playOrPause(): Promise<void> {
  const { phase } = useApp.getState().run;
  if (usePlayhead.getState().isPlaying) pause();
  else if (needsRun() && !isUnderway(phase)) await runAndPlay();
  else play();
}

/** One step on, standing still. */
export function stepOn(): void {
  const { recording } = currentResults();
  if (recording === undefined) return;
  pause();
  const step = stepSeconds(recording.horizonSeconds);
  // Steps land on round times.
  moveTo((Math.floor(currentPlayhead() / step + 1e-9) + 1) * step);
}

export function stepBack(): void {
  const { recording } = currentResults();
  if (recording === undefined) return;
  pause();
  const step = stepSeconds(recording.horizonSeconds);
  moveTo((Math.ceil(currentPlayhead() / step - 1e-9) - 1) * step);
}
