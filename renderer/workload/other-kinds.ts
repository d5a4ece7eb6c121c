/** A load of another kind that is as near as can be to the one before: the same mean, the same sizes, the same keys. */
import { defaultPeakHour, defaultPeakToMeanRatio } from '#engine/workload/day-shape.ts';
import type { Account, RunSettings } from '#schema/document.ts';
import type { PartitionKey, Profile, ProfileKind, RecordSize } from '#schema/workload.ts';
import { rateCurve } from './profile-curve.ts';

const DAY = 86_400;
const WORKING_WEEK = [1, 1, 1, 1, 1, 0.6, 0.6];

export const profileWords: Readonly<Record<ProfileKind, string>> = {
  constant: 'Constant',
  poisson: 'Poisson',
  diurnal: 'Daily wave',
  weekly: 'Weekly',
  ramp: 'Ramp',
  spike: 'Spike',
  steps: 'Steps',
  trace: 'Recorded trace',
};

export const profileDescriptions: Readonly<Record<ProfileKind, string>> = {
  constant: 'the same rate at all times',
  poisson: 'random instants, the same mean rate',
  diurnal: 'a wave with its peak at one hour',
  weekly: 'daily waves, weighted by weekday',
  ramp: 'from one rate to another',
  spike: 'a peak over a base',
  steps: 'rates that hold from time to time',
  trace: 'counts per second or minute, from a CSV file',
};

export const sizeWords: Readonly<Record<RecordSize['kind'], string>> = {
  constant: 'All the same',
  uniform: 'Evenly between two',
  lognormal: 'Lognormal',
  empirical: 'Measured quantiles',
};

export const keyWords: Readonly<Record<PartitionKey['kind'], string>> = {
  single: 'One key for all',
  uniform: 'Even over many keys',
  zipf: 'Zipf: few keys are frequent',
  hotKey: 'One hot key',
};

/** Keeps the mean rate of the horizon. */
export function profileOfKind(
  kind: ProfileKind,
  before: Profile,
  account: Pick<Account, 'startsAt'>,
  run: Pick<RunSettings, 'horizonSeconds'>,
): Profile {
  if (before.kind === kind) return before;
  const curve = rateCurve(before, account, run);
  const mean = round(curve?.meanPerSecond ?? 0) || 100;
  const peak = Math.max(round(curve?.peakPerSecond ?? 0), mean * 2);
  const { horizonSeconds } = run;
  const at = (ratio: number): number => Math.max(1, Math.round(horizonSeconds * ratio));
  switch (kind) {
    case 'constant':
      return { kind, recordsPerSecond: mean, spacing: 'random' };
    case 'poisson':
      return { kind, recordsPerSecond: mean };
    case 'diurnal':
      return { kind, recordsPerDay: round(mean * DAY), ...wave(before) };
    case 'weekly':
      return { kind, recordsPerWeek: round(mean * DAY * 7), dayWeights: WORKING_WEEK, ...wave(before) };
    case 'ramp':
      return {
        kind,
        fromRecordsPerSecond: mean,
        toRecordsPerSecond: round(mean * 2),
        startSeconds: at(0.25),
        durationSeconds: at(0.5),
      };
    case 'spike':
      return {
        kind,
        baseRecordsPerSecond: mean,
        peakRecordsPerSecond: round(peak),
        startSeconds: at(0.4),
        riseSeconds: at(0.02),
        holdSeconds: at(0.1),
        fallSeconds: at(0.02),
      };
    case 'steps':
      return {
        kind,
        steps: [
          { atSeconds: 0, recordsPerSecond: mean },
          { atSeconds: at(0.5), recordsPerSecond: round(mean * 2) },
        ],
      };
    case 'trace':
      return { kind, ...countsOf(curve?.records ?? 0, horizonSeconds, mean), repeat: true, scale: 1 };
  }
}

/** The peak carries over between waves; a new one says what it takes where it says nothing. */
function wave(before: Profile): { peakToMeanRatio?: number; peakHour?: number; shape?: number[] } {
  if (before.kind !== 'diurnal' && before.kind !== 'weekly') {
    return { peakToMeanRatio: defaultPeakToMeanRatio, peakHour: defaultPeakHour };
  }
  const { peakToMeanRatio, peakHour, shape } = before;
  return {
    ...(peakToMeanRatio === undefined ? {} : { peakToMeanRatio }),
    ...(peakHour === undefined ? {} : { peakHour }),
    ...(shape === undefined ? {} : { shape }),
  };
}

/** Ten even bins to begin with: the counts of a file take their place. */
function countsOf(records: number, horizonSeconds: number, mean: number): { binSeconds: number; counts: number[] } {
  const binSeconds = Math.min(DAY, Math.max(1, Math.round(horizonSeconds / 10)));
  const count = Math.round(records > 0 ? (records / horizonSeconds) * binSeconds : mean * binSeconds);
  return { binSeconds, counts: Array.from({ length: 10 }, () => count) };
}

/** Keeps the mean size. */
export function sizeOfKind(kind: RecordSize['kind'], before: RecordSize): RecordSize {
  if (before.kind === kind) return before;
  const mean = Math.max(1, Math.round(meanBytes(before)));
  switch (kind) {
    case 'constant':
      return { kind, bytes: mean };
    case 'uniform':
      return { kind, minBytes: Math.max(1, Math.round(mean / 2)), maxBytes: mean + Math.round(mean / 2) };
    case 'lognormal':
      return { kind, meanBytes: mean, cv: 0.5, maxBytes: Math.max(10 * mean, 1024) };
    case 'empirical':
      return {
        kind,
        quantiles: [
          { probabilityRatio: 0, bytes: Math.max(1, Math.round(mean / 2)) },
          { probabilityRatio: 0.5, bytes: mean },
          { probabilityRatio: 1, bytes: mean + Math.round(mean / 2) },
        ],
      };
  }
}

export function meanBytes(size: RecordSize): number {
  switch (size.kind) {
    case 'constant':
      return size.bytes;
    case 'uniform':
      return (size.minBytes + size.maxBytes) / 2;
    case 'lognormal':
      return size.meanBytes;
    case 'empirical':
      return size.quantiles.reduce((sum, point, index) => {
        const last = size.quantiles[index - 1];
        if (last === undefined) return 0;
        return sum + ((point.probabilityRatio - last.probabilityRatio) * (point.bytes + last.bytes)) / 2;
      }, 0);
  }
}

/** Keeps the number of keys. */
export function keyOfKind(kind: PartitionKey['kind'], before: PartitionKey): PartitionKey {
  if (before.kind === kind) return before;
  const keys = before.kind === 'single' ? 10_000 : before.keys;
  switch (kind) {
    case 'single':
      return { kind };
    case 'uniform':
      return { kind, keys };
    case 'zipf':
      return { kind, keys, exponent: 1 };
    case 'hotKey':
      return { kind, keys: Math.max(2, keys), hotShareRatio: 0.2 };
  }
}

/** Three digits: a rate carried over is a beginning, not a measurement. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}
