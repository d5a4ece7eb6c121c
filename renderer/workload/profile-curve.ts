/** The rate of a load over the horizon, as points to be drawn: straight where it is straight, with every corner in its place. */
import { calendarOf } from '#analysis/calendar.ts';
import { compileProfile } from '#engine/workload/profile.ts';
import type { Account, RunSettings } from '#schema/document.ts';
import { type Profile, profileSchema } from '#schema/workload.ts';

export interface RatePoint {
  readonly seconds: number;
  readonly perSecond: number;
}

export interface RateCurveView {
  readonly points: readonly RatePoint[];
  readonly peakPerSecond: number;
  readonly meanPerSecond: number;
  /** Records of the horizon. */
  readonly records: number;
  readonly recordsPerMonth: number;
}

/** Between corners a wave is drawn by this many points. */
const POINTS = 240;
/** More corners than this are narrower than a pixel. */
const MOST_CORNERS = 2000;

/** Undefined where the profile is not valid, or its counts are in a file. */
export function rateCurve(
  profile: Profile,
  account: Pick<Account, 'startsAt'>,
  { horizonSeconds }: Pick<RunSettings, 'horizonSeconds'>,
): RateCurveView | undefined {
  const parsed = profileSchema.safeParse(profile);
  if (!parsed.success || !(horizonSeconds > 0)) return undefined;
  if (parsed.data.kind === 'trace' && parsed.data.counts === undefined) return undefined;
  const compiled = compileProfile(parsed.data, calendarOf(account));
  const points: RatePoint[] = [];
  let peak = 0;
  for (const seconds of sampleTimes(parsed.data, horizonSeconds)) {
    const perSecond = compiled.meanRatePerSecond(seconds);
    points.push({ seconds, perSecond });
    peak = Math.max(peak, perSecond);
  }
  const records = compiled.integral(0, horizonSeconds);
  return {
    points,
    peakPerSecond: peak,
    meanPerSecond: records / horizonSeconds,
    records,
    recordsPerMonth: compiled.recordsPerMonth(),
  };
}

/** Even times, and both sides of every corner and jump. */
function sampleTimes(profile: Profile, horizonSeconds: number): readonly number[] {
  const times = new Set<number>();
  for (let index = 0; index <= POINTS; index += 1) times.add((index / POINTS) * horizonSeconds);
  const hair = horizonSeconds * 1e-7;
  const corners = cornersOf(profile, horizonSeconds);
  if (corners.length <= MOST_CORNERS) {
    for (const corner of corners) {
      for (const time of [corner - hair, corner]) if (time >= 0 && time <= horizonSeconds) times.add(time);
    }
  }
  return [...times].toSorted((a, b) => a - b);
}

function cornersOf(profile: Profile, horizonSeconds: number): readonly number[] {
  switch (profile.kind) {
    case 'ramp':
      return [profile.startSeconds, profile.startSeconds + profile.durationSeconds];
    case 'spike': {
      const top = profile.startSeconds + profile.riseSeconds;
      const fall = top + profile.holdSeconds;
      return [profile.startSeconds, top, fall, fall + profile.fallSeconds];
    }
    case 'steps':
      return profile.steps.map(({ atSeconds }) => atSeconds);
    case 'trace': {
      const { binSeconds = horizonSeconds } = profile;
      const bins = Math.min(MOST_CORNERS + 1, Math.ceil(horizonSeconds / binSeconds));
      return Array.from({ length: bins }, (_, index) => index * binSeconds);
    }
    case 'constant':
    case 'poisson':
    case 'diurnal':
    case 'weekly':
      return [];
  }
}
