/** Drives the deployed design, reads what CloudWatch measured of it, and fits settings to that. */
import { applyPatch } from '#analysis/set-path.ts';
import { secondsOfText } from '#renderer/runs/duration-input.ts';
import { startRun } from '#renderer/runs/run-control.ts';
import { setNotice } from '#renderer/state/app-store.ts';
import { currentDocument, edit } from '#renderer/state/document-store.ts';
import { whenChecked } from '#renderer/state/document-sync.ts';
import type { Driven } from '#schema/deployment-drive.ts';
import type { Calibration } from '#schema/deployment-measure.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { DriveTold, ObservedRun, TrialTold } from '#schema/rpc-aws.ts';
import { currentPlace, currentStackName, isWorking, slotOf, useAws } from './aws-store.ts';
import { driveInput } from './drive-form.ts';
import { progressWords, records } from './drive-words.ts';
import { type LastDrive, lastDriveOf, readLastDrive, writeLastDrive } from './last-drive.ts';
import { setMeasure, useMeasure } from './measure-store.ts';
import { currentMeasured, takeMeasured } from './measured.ts';
import { timesOf } from './measured-times.ts';
import { runOperation, tellProgress } from './operation.ts';

/** The state of the design that the host knows; says so where it has faults. */
async function checkedDesign(): Promise<string | undefined> {
  const document = await whenChecked();
  if (document === undefined) setNotice('This design has faults: mend what the canvas lists, then try again.');
  return document;
}

/** What it does until it tells something; not where another operation was under way, and it has not begun. */
function tellBegin(kind: 'drive' | 'observe' | 'calibrate', words: string): void {
  const operation = useAws.getState().operations[slotOf[kind]];
  if (operation?.kind === kind && isWorking(operation)) tellProgress(kind, words);
}

/** Sends the load of the form, and keeps the report and the time for comparing. */
export async function drive(): Promise<void> {
  const input = driveInput(useMeasure.getState().driveForm);
  const document = input === undefined ? undefined : await checkedDesign();
  if (input === undefined || document === undefined) return;
  const call = { ...input, place: currentPlace(), stackName: currentStackName(), document };
  setMeasure({ progress: undefined, arrived: undefined, driven: undefined });
  const ending = runOperation<DriveTold, Driven>('drive', { open: (aws) => aws.drive(call), told: takeDriving });
  tellBegin('drive', 'Looking at the deployment, and at what its load will cost');
  const end = await ending;
  setMeasure({ progress: undefined, arrived: undefined });
  if (end.kind !== 'done') return;
  const lastDrive = lastDriveOf(end.result, input.speed);
  writeLastDrive(localStorage, lastDrive);
  setMeasure({ driven: end.result, lastDrive, fromText: undefined });
}

function takeDriving(told: DriveTold): void {
  if (told.kind === 'driving') {
    const { progress } = told;
    setMeasure({ progress });
    tellProgress('drive', progressWords(progress), Math.min(1, progress.second / progress.seconds));
  } else {
    setMeasure({ arrived: told.arrived });
    tellProgress('drive', `Looking at the sinks: ${records(told.arrived)} arrived`);
  }
}

/** The newest drive of the stack that is named, of this window or of an earlier one. */
export function newestDrive(
  { lastDrive }: { readonly lastDrive: LastDrive | undefined },
  stackName: string,
  region: string,
): LastDrive | undefined {
  if (lastDrive?.stackName === stackName && lastDrive.region === region) return lastDrive;
  return readLastDrive(localStorage, stackName, region);
}

/** Reads CloudWatch over the chosen times. */
export async function observe(): Promise<void> {
  const state = useMeasure.getState();
  const place = currentPlace();
  const stackName = currentStackName();
  const last = newestDrive(state, stackName, place.region ?? '');
  const times = timesOf(state.times, last, Date.now());
  const fromSecond = fromSecondOf(state.fromText, last);
  if ('fault' in times || fromSecond === undefined) return;
  const document = await checkedDesign();
  if (document === undefined) return;
  const { since, until } = times;
  const call = { place, stackName, document, since: since.toISOString(), until: until.toISOString(), fromSecond };
  setMeasure({ isNothingYet: false });
  const ending = runOperation<never, ObservedRun>('observe', { open: (aws) => aws.observe(call) });
  tellBegin('observe', 'Reading CloudWatch');
  const end = await ending;
  if (end.kind === 'done') takeObserved(end.result);
}

function takeObserved({ observed, runId }: ObservedRun): void {
  const { stackName, region, since, until, lagSeconds, silent, nodes } = observed;
  if (until === null || runId === null) {
    setMeasure({ isNothingYet: true });
    return;
  }
  takeMeasured({ runId, nodes, source: { kind: 'cloudwatch', stackName, region, since, until, lagSeconds, silent } });
  setMeasure({ calibration: undefined, trials: [] });
}

/** Simulated second at which what is measured begins; undefined where the text is no time. */
export function fromSecondOf(text: string | undefined, drive: LastDrive | undefined): number | undefined {
  return text === undefined ? (drive?.fromSecond ?? 0) : secondsOfText(text);
}

/** Looks for the settings with which the simulation comes closest to what was measured. */
export async function calibrate(): Promise<void> {
  const run = currentMeasured()?.runId;
  const document = run === undefined ? undefined : await checkedDesign();
  if (run === undefined || document === undefined) return;
  const { seeds, mostRuns } = useMeasure.getState();
  setMeasure({ trials: [], calibration: undefined });
  const ending = runOperation<TrialTold, Calibration>('calibrate', {
    open: (aws) => aws.calibrate({ document, run, seeds, mostRuns }),
    told: ({ runs, error }) => {
      setMeasure({ trials: [...useMeasure.getState().trials, { runs, error }] });
      tellProgress('calibrate', `Trial ${runs} of at most ${mostRuns}`, Math.min(1, runs / mostRuns));
    },
  });
  tellBegin('calibrate', 'Simulating the design as it is');
  const end = await ending;
  if (end.kind === 'done') setMeasure({ calibration: end.result });
}

/** Writes the proposals into the design as one step of undo, and simulates it again. */
export async function applyCalibration({ proposals }: Calibration): Promise<void> {
  const document = currentDocument();
  if (document === undefined || proposals.length === 0) return;
  const changed = applyPatch(document, proposals);
  if (changed.faults.length > 0) {
    setNotice(`The proposals no longer fit the design: ${changed.faults.map(({ message }) => message).join('; ')}.`);
    return;
  }
  edit(applyWords(proposals.length), () => changed.root as CaudalDocument);
  await startRun();
}

function applyWords(count: number): string {
  return count === 1 ? 'calibrate a setting' : `calibrate ${count} settings`;
}
