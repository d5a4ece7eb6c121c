import { describe, expect, it } from 'vitest';
import { compileProfile, monthHours } from '#engine/workload/profile.ts';
import { type Profile, profileSchema } from '#schema/workload.ts';

const midnightMonday = { startSecondsOfDay: 0, startDayOfWeek: 0 };
const DAY = 86_400;
const MONTH = monthHours * 3600;

function compile(profile: unknown, calendar = midnightMonday) {
  const parsed: Profile = profileSchema.parse(profile);
  return compileProfile(parsed, calendar);
}

describe('constant and Poisson profiles', () => {
  it('have the same rate at all times, before time zero too', () => {
    const profile = compile({ kind: 'constant', recordsPerSecond: 7 });
    expect(profile.meanRatePerSecond(-3600)).toBe(7);
    expect(profile.integral(-10, 20)).toBe(210);
    expect(profile.recordsPerMonth()).toBe(7 * MONTH);
    expect(profile.isStationary).toBe(true);
  });

  it('are paced only when the spacing says so', () => {
    expect(compile({ kind: 'constant', recordsPerSecond: 1, spacing: 'paced' }).isPaced).toBe(true);
    expect(compile({ kind: 'constant', recordsPerSecond: 1, spacing: 'random' }).isPaced).toBe(false);
    expect(compile({ kind: 'poisson', recordsPerSecond: 1 }).isPaced).toBe(false);
  });
});

describe('diurnal profile', () => {
  it('holds exactly its records in any 24 hours that begin at whole seconds', () => {
    const shape = Array.from({ length: 24 }, (_, hour) => 1 + ((hour * 7) % 11));
    for (const form of [{ peakToMeanRatio: 1.7, peakHour: 20.25 }, { peakToMeanRatio: 6, peakHour: 3 }, { shape }]) {
      const profile = compile({ kind: 'diurnal', recordsPerDay: 80_000_000, ...form });
      for (const start of [0, -3600, 1, 45_678, 10 * DAY + 77]) {
        expect(profile.integral(start, start + DAY)).toBe(80_000_000);
      }
      expect(profile.integral(0, 30 * DAY)).toBe(30 * 80_000_000);
    }
  });

  it('peaks at the peak hour with the given ratio to the mean, for gentle and for steep days', () => {
    for (const ratio of [1, 1.5, 2, 2.5, 5, 12, 20]) {
      const profile = compile({ kind: 'diurnal', recordsPerDay: DAY, peakToMeanRatio: ratio, peakHour: 20.5 });
      expect(profile.meanRatePerSecond(20.5 * 3600)).toBeCloseTo(ratio, 9);
      expect(profile.maxRatePerSecond).toBeCloseTo(ratio, 9);
      for (let t = 0; t < DAY; t += 600) {
        expect(profile.meanRatePerSecond(t)).toBeGreaterThanOrEqual(0);
        expect(profile.meanRatePerSecond(t)).toBeLessThanOrEqual(ratio * (1 + 1e-12));
      }
    }
  });

  it('is a cosine at a ratio of 1.5', () => {
    const profile = compile({ kind: 'diurnal', recordsPerDay: DAY, peakToMeanRatio: 1.5, peakHour: 0 });
    for (let hour = 0; hour < 24; hour += 1) {
      expect(profile.meanRatePerSecond(hour * 3600)).toBeCloseTo(1 + 0.5 * Math.cos((hour * Math.PI) / 12), 12);
    }
  });

  it('takes a measured shape as the rate in the middle of each hour', () => {
    const shape = Array.from({ length: 24 }, (_, hour) => (hour === 9 ? 3 : 1));
    const profile = compile({ kind: 'diurnal', recordsPerDay: DAY, shape });
    const mean = 26 / 24;
    expect(profile.meanRatePerSecond(9.5 * 3600)).toBeCloseTo(3 / mean, 12);
    expect(profile.meanRatePerSecond(9 * 3600)).toBeCloseTo(2 / mean, 12);
    expect(profile.meanRatePerSecond(0)).toBeCloseTo(1 / mean, 12);
  });

  it('follows the local time at which the run starts', () => {
    const noon = { startSecondsOfDay: DAY / 2, startDayOfWeek: 0 };
    const spec = { kind: 'diurnal', recordsPerDay: 1e6, peakToMeanRatio: 1.8, peakHour: 20 };
    expect(compile(spec, noon).meanRatePerSecond(8 * 3600)).toBeCloseTo(compile(spec).maxRatePerSecond, 9);
  });

  it('bills 730 / 24 days a month', () => {
    const profile = compile({ kind: 'diurnal', recordsPerDay: 2400, peakToMeanRatio: 1.8, peakHour: 20 });
    expect(profile.recordsPerMonth()).toBeCloseTo(73_000, 6);
  });
});

describe('weekly profile', () => {
  const spec = { kind: 'weekly', recordsPerWeek: 7_000_000, dayWeights: [1, 1, 1, 1, 2, 0, 1], peakHour: 12 };

  it('holds exactly its records in a week and shares them by the weights of the days', () => {
    const profile = compile(spec);
    expect(profile.integral(0, 7 * DAY)).toBe(7_000_000);
    expect(profile.integral(-5 * DAY, 9 * DAY)).toBe(14_000_000);
    expect(profile.integral(0, DAY)).toBeCloseTo(1_000_000, 3);
    expect(profile.integral(4 * DAY, 5 * DAY)).toBeCloseTo(2_000_000, 3);
    expect(profile.integral(5 * DAY, 6 * DAY)).toBe(0);
    expect(profile.recordsPerMonth()).toBeCloseTo((1_000_000 * 730) / 24, 3);
  });

  it('begins on the day of the week of the calendar', () => {
    const saturday = compile(spec, { startSecondsOfDay: 0, startDayOfWeek: 5 });
    expect(saturday.integral(0, DAY)).toBe(0);
    expect(saturday.integral(-DAY, 0)).toBeCloseTo(2_000_000, 3);
  });
});

describe('ramps, spikes and steps', () => {
  it('a ramp is a straight line between two levels', () => {
    const profile = compile({
      kind: 'ramp',
      fromRecordsPerSecond: 10,
      toRecordsPerSecond: 30,
      startSeconds: 100,
      durationSeconds: 50,
    });
    expect([0, 100, 125, 150, 999].map((t) => profile.meanRatePerSecond(t))).toEqual([10, 10, 20, 30, 30]);
    expect(profile.integral(90, 160)).toBe(100 + 1000 + 300);
    expect(profile.recordsPerMonth()).toBeCloseTo(1000 + 1000 + 30 * (MONTH - 150), 3);
    expect(profile.isStationary).toBe(false);
  });

  it('a ramp of no duration is a jump', () => {
    const spec = { kind: 'ramp', fromRecordsPerSecond: 1, toRecordsPerSecond: 5, startSeconds: 10, durationSeconds: 0 };
    const profile = compile(spec);
    expect(profile.integral(9, 11)).toBe(6);
    expect(profile.isFlat(9.5, 10.5)).toBe(false);
    expect(profile.isFlat(10, 11)).toBe(true);
  });

  it('a spike has the area of its trapezoid above the base', () => {
    const profile = compile({
      kind: 'spike',
      baseRecordsPerSecond: 100,
      peakRecordsPerSecond: 1100,
      startSeconds: 600,
      riseSeconds: 60,
      holdSeconds: 120,
      fallSeconds: 30,
    });
    expect(profile.integral(0, 3600)).toBeCloseTo(360_000 + 1000 * (30 + 120 + 15), 6);
    expect(profile.meanRatePerSecond(630)).toBe(600);
    expect(profile.maxRatePerSecond).toBe(1100);
  });

  it('steps hold from one to the next and before time zero', () => {
    const profile = compile({
      kind: 'steps',
      steps: [
        { atSeconds: 0, recordsPerSecond: 5 },
        { atSeconds: 10, recordsPerSecond: 50 },
        { atSeconds: 20, recordsPerSecond: 0 },
      ],
    });
    expect([-100, 0, 9.99, 10, 19, 20, 1e6].map((t) => profile.meanRatePerSecond(t))).toEqual([5, 5, 5, 50, 50, 0, 0]);
    expect(profile.integral(-10, 1000)).toBe(100 + 500);
  });
});

describe('trace profile', () => {
  it('has the rate of each bin, the first one before time zero and none after the last', () => {
    const profile = compile({ kind: 'trace', binSeconds: 10, counts: [100, 0, 30] });
    expect([-5, 0, 12, 25, 30, 99].map((t) => profile.meanRatePerSecond(t))).toEqual([10, 10, 0, 3, 0, 0]);
    expect(profile.integral(5, 25)).toBe(50 + 15);
    expect(profile.recordsPerMonth()).toBe(130);
  });

  it('goes round in both directions when it repeats, and bills the mean of a round', () => {
    const profile = compile({ kind: 'trace', binSeconds: 10, counts: [100, 0, 30], repeat: true, scale: 2 });
    expect([-5, 30, 59].map((t) => profile.meanRatePerSecond(t))).toEqual([6, 20, 6]);
    expect(profile.integral(-30, 60)).toBe(3 * 260);
    expect(profile.recordsPerMonth()).toBeCloseTo((260 / 30) * MONTH, 3);
  });

  it('fails when the file of a trace has not been read', () => {
    expect(() => compile({ kind: 'trace', csv: { path: 'a.csv' } })).toThrow(/counts and binSeconds/);
  });
});
