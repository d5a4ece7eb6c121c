/** Arrival profiles made ready for use: the mean rate at any time, exact integrals, the month for the bill. */
import type { Profile } from '#schema/workload.ts';
import { areaUnder, DAY_SECONDS, type DayShape, dayPieces } from './day-shape.ts';
import { type Piece, PiecewiseCurve, type RateCurve } from './rate-curve.ts';
import { TraceCurve } from './trace-curve.ts';

const WEEK_DAYS = 7;
/** Hours of the month a bill is projected to. Assumption: AWS's pages use 30 days, 31 days or 730 h; 730 is a year over twelve. */
export const monthHours = 730;

/** Where time zero stands in the local calendar. Assumption: no clock change falls into a run. */
export interface CalendarStart {
  /** Seconds since local midnight at time zero, 0 to below 86,400. */
  readonly startSecondsOfDay: number;
  /** Day of the week at time zero: 0 = Monday ... 6 = Sunday. */
  readonly startDayOfWeek: number;
}

/** A profile ready for use. Times are seconds after time zero and may be negative (pre-roll). Pure: same question, same answer. */
export interface CompiledProfile {
  /** Mean rate at `tSeconds`, in records per second. */
  meanRatePerSecond(tSeconds: number): number;
  /** Mean records between two times, `t0Seconds <= t1Seconds`; analytic. */
  integral(t0Seconds: number, t1Seconds: number): number;
  /** True when the rate changes by less than 0.1 % and without a jump between two times. */
  isFlat(t0Seconds: number, t1Seconds: number): boolean;
  /**
   * Records of a month of 730 h: the mean of the period where the profile repeats, so that a bill does not depend on the
   * weekday on which the month begins; otherwise the 730 h after time zero.
   */
  recordsPerMonth(): number;
  /** Highest mean rate, in records per second. */
  readonly maxRatePerSecond: number;
  /** The mean rate never changes. */
  readonly isStationary: boolean;
  /** Records follow each other by a clock, not by chance. */
  readonly isPaced: boolean;
  /** Exact counts per bin where the profile replays a trace. */
  readonly trace: TraceCurve | undefined;
}

/**
 * Compiles a profile for a calendar.
 * Errors: a plain Error for a trace whose file has not been read: put the counts in first (`readTraceCsv`).
 */
export function compileProfile(profile: Profile, calendar: CalendarStart): CompiledProfile {
  const curve = curveOf(profile, calendar);
  const isStationary = profile.kind === 'constant' || profile.kind === 'poisson';
  return {
    meanRatePerSecond: (tSeconds) => curve.ratePerSecond(tSeconds),
    integral: (t0Seconds, t1Seconds) => curve.integral(t0Seconds, t1Seconds),
    isFlat: (t0Seconds, t1Seconds) => curve.isFlat(t0Seconds, t1Seconds),
    recordsPerMonth: () => monthlyRecords(curve),
    maxRatePerSecond: curve.maxPerSecond,
    isStationary,
    isPaced: profile.kind === 'constant' && profile.spacing === 'paced',
    trace: curve instanceof TraceCurve ? curve : undefined,
  };
}

function monthlyRecords(curve: RateCurve): number {
  const monthSeconds = monthHours * 3600;
  const mean = curve.periodicMeanPerSecond;
  return mean === undefined ? curve.integral(0, monthSeconds) : mean * monthSeconds;
}

function curveOf(profile: Profile, calendar: CalendarStart): RateCurve {
  switch (profile.kind) {
    case 'constant':
    case 'poisson':
      return held([], 0, profile.recordsPerSecond, profile.recordsPerSecond);
    case 'diurnal':
      return diurnalCurve(profile, profile.recordsPerDay, calendar);
    case 'weekly':
      return weeklyCurve(profile, profile.dayWeights, profile.recordsPerWeek, calendar);
    case 'ramp': {
      const { fromRecordsPerSecond: from, toRecordsPerSecond: to, startSeconds, durationSeconds } = profile;
      const pieces = durationSeconds > 0 ? [{ start: startSeconds, rate0: from, rate1: to }] : [];
      return held(pieces, startSeconds + durationSeconds, from, to);
    }
    case 'spike':
      return spikeCurve(profile);
    case 'steps':
      return stepsCurve(profile.steps);
    case 'trace': {
      if (profile.counts === undefined || profile.binSeconds === undefined) {
        throw new Error('a trace must have its counts and binSeconds before it is compiled');
      }
      return new TraceCurve(profile.counts, profile.binSeconds, profile.repeat, profile.scale);
    }
  }
}

function held(pieces: readonly Piece[], end: number, before: number, after: number): PiecewiseCurve {
  return new PiecewiseCurve(pieces, end, { kind: 'hold', before, after });
}

function diurnalCurve(shape: DayShape, recordsPerDay: number, calendar: CalendarStart): PiecewiseCurve {
  const day = dayPieces(shape);
  const pieces = scaled(day, recordsPerDay / areaUnder(day, DAY_SECONDS));
  const phase = calendar.startSecondsOfDay;
  return new PiecewiseCurve(pieces, DAY_SECONDS, { kind: 'repeat', phase, total: recordsPerDay });
}

function weeklyCurve(
  shape: DayShape,
  dayWeights: readonly number[],
  recordsPerWeek: number,
  calendar: CalendarStart,
): PiecewiseCurve {
  const day = dayPieces(shape);
  const weightTotal = dayWeights.reduce((sum, weight) => sum + weight, 0);
  const dayArea = areaUnder(day, DAY_SECONDS);
  const pieces = dayWeights.flatMap((weight, dayIndex) =>
    scaled(day, (recordsPerWeek * (weight / weightTotal)) / dayArea).map((piece) => ({
      ...piece,
      start: piece.start + dayIndex * DAY_SECONDS,
    })),
  );
  const phase = calendar.startDayOfWeek * DAY_SECONDS + calendar.startSecondsOfDay;
  return new PiecewiseCurve(pieces, WEEK_DAYS * DAY_SECONDS, { kind: 'repeat', phase, total: recordsPerWeek });
}

function scaled(pieces: readonly Piece[], factor: number): Piece[] {
  return pieces.map((piece) => ({ start: piece.start, rate0: piece.rate0 * factor, rate1: piece.rate1 * factor }));
}

function spikeCurve(profile: Extract<Profile, { kind: 'spike' }>): PiecewiseCurve {
  const { baseRecordsPerSecond: base, peakRecordsPerSecond: peak } = profile;
  const top = profile.startSeconds + profile.riseSeconds;
  const fall = top + profile.holdSeconds;
  const end = fall + profile.fallSeconds;
  const pieces: Piece[] = [];
  if (profile.riseSeconds > 0) pieces.push({ start: profile.startSeconds, rate0: base, rate1: peak });
  if (profile.holdSeconds > 0) pieces.push({ start: top, rate0: peak, rate1: peak });
  if (profile.fallSeconds > 0) pieces.push({ start: fall, rate0: peak, rate1: base });
  return held(pieces, end, base, base);
}

function stepsCurve(
  steps: readonly { readonly atSeconds: number; readonly recordsPerSecond: number }[],
): PiecewiseCurve {
  const pieces = steps.slice(0, -1).map((step) => ({
    start: step.atSeconds,
    rate0: step.recordsPerSecond,
    rate1: step.recordsPerSecond,
  }));
  const last = steps[steps.length - 1];
  return held(pieces, last.atSeconds, steps[0].recordsPerSecond, last.recordsPerSecond);
}
