/** Settings of driving, comparing and calibrating, and the newest report of each. Columns are in `measured.ts`. */
import { create } from 'zustand';
import type { Driven, DriveProgress } from '#schema/deployment-drive.ts';
import type { Calibration } from '#schema/deployment-measure.ts';
import type { TrialTold } from '#schema/rpc-aws.ts';
import { type DriveForm, firstDriveForm } from './drive-form.ts';
import type { LastDrive } from './last-drive.ts';
import { takeMeasured } from './measured.ts';
import { firstTimeChoice, type TimeChoice } from './measured-times.ts';

interface MeasureState {
  readonly driveForm: DriveForm;
  /** Of the drive that goes on. */
  readonly progress: (DriveProgress & { readonly usd: number }) | undefined;
  /** Records found at the sinks, once they are looked at. */
  readonly arrived: number | undefined;
  readonly driven: Driven | undefined;
  /** The drive that this window has seen last; those of before are remembered by stack. */
  readonly lastDrive: LastDrive | undefined;
  readonly times: TimeChoice;
  /** Simulated time at which what is measured begins, as it is typed; undefined: as the drive. */
  readonly fromText: string | undefined;
  /** CloudWatch had nothing of the time that was asked for last. */
  readonly isNothingYet: boolean;
  /** Row of the comparison that the chart shows. */
  readonly row: string | undefined;
  /** Trials of the calibration, newest last. */
  readonly trials: readonly Omit<TrialTold, 'kind'>[];
  readonly seeds: number;
  readonly mostRuns: number;
  readonly calibration: Calibration | undefined;
}

const nothing = {
  progress: undefined,
  arrived: undefined,
  driven: undefined,
  lastDrive: undefined,
  fromText: undefined,
  isNothingYet: false,
  row: undefined,
  trials: [],
  calibration: undefined,
} as const;

export const useMeasure = create<MeasureState>(() => ({
  driveForm: firstDriveForm,
  times: firstTimeChoice,
  seeds: 2,
  mostRuns: 40,
  ...nothing,
}));

export const setMeasure: (change: Partial<MeasureState>) => void = useMeasure.setState;

export function changeDriveForm(change: Partial<DriveForm>): void {
  setMeasure({ driveForm: { ...useMeasure.getState().driveForm, ...change } });
}

export function changeTimes(change: Partial<TimeChoice>): void {
  setMeasure({ times: { ...useMeasure.getState().times, ...change } });
}

/** Another design: what was driven and measured is of the one before. */
export function forgetMeasurements(): void {
  takeMeasured(undefined);
  setMeasure(nothing);
}
