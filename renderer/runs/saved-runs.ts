/** Saves the run on screen to a file, and shows one from a file as if it had just been run. */
import { setAwsTab } from '#renderer/aws/aws-store.ts';
import { currentMeasured, measuredFits, takeMeasured } from '#renderer/aws/measured.ts';
import { setMeasure } from '#renderer/aws/measure-store.ts';
import { setFailure, setPanelOpen, setTab, useApp } from '#renderer/state/app-store.ts';
import { host } from '#renderer/state/connection.ts';
import { closeDialog, showDialog } from '#renderer/state/dialogs.ts';
import { currentDocument, useDocumentState } from '#renderer/state/document-store.ts';
import { whenSent } from '#renderer/state/document-sync.ts';
import { choosePath, leaveDocument, openDesignOfRun } from '#renderer/state/files.ts';
import { codeOf, hostError, sentenceOf } from '#renderer/state/host-client.ts';
import type { RunOpened } from '#schema/rpc.ts';
import { savedRunEnding } from '#schema/saved-run.ts';
import { cancelRun, showSavedRun } from './run-control.ts';
import { currentResults } from './run-results.ts';

/** True where a whole run is on screen, which the host can write to a file. */
export function canSaveRun(): boolean {
  const { connection, run } = useApp.getState();
  return connection === 'open' && run.phase === 'done' && run.runId !== undefined;
}

export async function askSaveRun(): Promise<void> {
  if (!canSaveRun()) return;
  if (useApp.getState().info?.hasFileDialogs !== true) return showDialog({ kind: 'saveRun' });
  const path = await choosePath('save', suggestedRunPath(), 'run');
  // The system's dialog has asked already.
  if (path !== undefined) await saveRun(path, { overwrite: true });
}

export async function askOpenRun(): Promise<void> {
  if (useApp.getState().info?.hasFileDialogs !== true) return showDialog({ kind: 'openRun' });
  const path = await choosePath('open', '', 'run');
  if (path !== undefined) await openRun({ path });
}

/** The measured run to a file. */
export async function askSaveMeasured(): Promise<void> {
  if (currentMeasured() === undefined) return;
  if (useApp.getState().info?.hasFileDialogs !== true) return showDialog({ kind: 'saveRun', isMeasured: true });
  const path = await choosePath('save', suggestedRunPath(true), 'run');
  if (path !== undefined) await saveRun(path, { overwrite: true, isMeasured: true });
}

/** A name for the run, beside the file of its design. */
export function suggestedRunPath(isMeasured = false): string {
  const { path, document } = useDocumentState.getState();
  const seed = currentResults().report?.seed;
  const name = (document?.name ?? 'run').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const stem = path === '' ? name.replaceAll(/^-+|-+$/g, '') || 'run' : path.replace(/(\.caudal)?\.json$/, '');
  if (isMeasured) return `${stem}-measured${savedRunEnding}`;
  return `${stem}${seed === undefined ? '' : `-seed-${seed}`}${savedRunEnding}`;
}

export interface SaveChoices {
  readonly overwrite?: boolean;
  /** The measured run instead of the one that was simulated. */
  readonly isMeasured?: boolean;
}

export async function saveRun(
  path: string,
  { overwrite = false, isMeasured = false }: SaveChoices = {},
): Promise<void> {
  const runId = isMeasured ? currentMeasured()?.runId : useApp.getState().run.runId;
  if (runId === undefined) return;
  try {
    await host().run.save({ runId, path, overwrite });
    closeDialog();
  } catch (error) {
    const found = hostError(error);
    const text = sentenceOf(found);
    if (codeOf(found) === 'file/exists')
      showDialog({ kind: 'overwrite', what: 'run', isMeasured, path, reason: 'exists', text });
    else setFailure(text);
  }
}

/**
 * Shows a saved run over its design; where that is not the one on screen, it is opened first, as a document of its own. A measured
 * run is set beside the simulation, of every design with the same nodes.
 */
export async function openRun(place: Parameters<ReturnType<typeof host>['run']['open']>[0]): Promise<void> {
  try {
    // The host compares the run's design with the newest one of this window.
    await whenSent();
    const opened = await host().run.open(place);
    const document = currentDocument();
    const fits = opened.origin.origin === 'measured' ? measuredFits(document, opened) : opened.isOfOpenDesign;
    if (fits && document !== undefined) await show(opened);
    else await leaveDocument(() => openWithDesign(opened));
  } catch (error) {
    setFailure(sentenceOf(hostError(error)));
  }
}

async function openWithDesign(opened: RunOpened): Promise<void> {
  await cancelRun();
  if (await openDesignOfRun(opened.runId)) await show(opened);
}

async function show(opened: RunOpened): Promise<void> {
  if (opened.origin.origin === 'measured') showMeasured(opened);
  else await showSavedRun(opened);
}

function showMeasured({ runId, name, origin, report }: RunOpened): void {
  const nodes = Object.fromEntries(Object.entries(report.nodes).map(([id, { series }]) => [id, series]));
  takeMeasured({ runId, nodes, source: { kind: 'file', name, engineVersion: origin.engineVersion } });
  setMeasure({ calibration: undefined, trials: [], isNothingYet: false });
  // Where its curves are, in either position of the switch.
  setTab('timeline');
  setAwsTab('compare');
  setPanelOpen(true);
}
