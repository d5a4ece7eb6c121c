import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrivalStream, partStartUs } from '#engine/workload/arrivals.ts';
import { compileProfile } from '#engine/workload/profile.ts';
import { type Profile, profileSchema } from '#schema/workload.ts';

const rate = fc.double({ min: 0, max: 2000, noNaN: true });
const seconds = fc.double({ min: 0, max: 100, noNaN: true });

const profiles: fc.Arbitrary<Profile> = fc
  .oneof(
    fc.record({ kind: fc.constant('constant'), recordsPerSecond: rate, spacing: fc.constantFrom('paced', 'random') }),
    fc.record({ kind: fc.constant('poisson'), recordsPerSecond: rate }),
    fc.record({
      kind: fc.constant('diurnal'),
      recordsPerDay: fc.double({ min: 0, max: 1e8, noNaN: true }),
      peakToMeanRatio: fc.double({ min: 1, max: 20, noNaN: true }),
      peakHour: fc.double({ min: 0, max: 23.99, noNaN: true }),
    }),
    fc.record({
      kind: fc.constant('weekly'),
      recordsPerWeek: fc.double({ min: 0, max: 1e8, noNaN: true }),
      dayWeights: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 7, maxLength: 7 }),
      shape: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 24, maxLength: 24 }),
    }),
    fc.record({
      kind: fc.constant('ramp'),
      fromRecordsPerSecond: rate,
      toRecordsPerSecond: rate,
      startSeconds: seconds,
      durationSeconds: seconds,
    }),
    fc.record({
      kind: fc.constant('spike'),
      baseRecordsPerSecond: rate,
      peakRecordsPerSecond: rate,
      startSeconds: seconds,
      riseSeconds: seconds,
      holdSeconds: seconds,
      fallSeconds: seconds,
    }),
    fc.record({
      kind: fc.constant('trace'),
      binSeconds: fc.integer({ min: 1, max: 20 }),
      counts: fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 10 }),
      repeat: fc.boolean(),
      scale: fc.double({ min: 0.01, max: 3, noNaN: true }),
    }),
  )
  .map((profile) => profileSchema.parse(profile));

const windows = fc.array(
  fc
    .record({
      startSeconds: fc.double({ min: -50, max: 200, noNaN: true }),
      length: seconds,
      factor: fc.double({ min: 0, max: 5, noNaN: true }),
    })
    .map(({ startSeconds, length, factor }) => ({ startSeconds, endSeconds: startSeconds + length, factor })),
  { maxLength: 3 },
);

const calendar = { startSecondsOfDay: 30_000, startDayOfWeek: 3 };

describe('any profile with any windows', () => {
  it('has sorted times that lie in their cell and agree with the counts of its parts', () => {
    fc.assert(
      fc.property(
        profiles,
        windows,
        fc.integer({ min: -60, max: 250 }),
        fc.integer({ min: 0, max: 12 }),
        (profile, list, cell, depth) => {
          const stream = new ArrivalStream(5, 'load', compileProfile(profile, calendar), list);
          const count = stream.load(cell);
          expect(Number.isInteger(count) && count >= 0).toBe(true);
          const times = new Float64Array(count);
          stream.times(times);
          const parts = new Int32Array(1 << depth);
          stream.subCounts(depth, parts);
          const expected = new Int32Array(1 << depth);
          let before = cell * 1e6;
          let part = 0;
          for (const time of times) {
            expect(Number.isInteger(time) && time >= before && time < (cell + 1) * 1e6).toBe(true);
            before = time;
            while (part + 1 < expected.length && time - cell * 1e6 >= partStartUs(depth, part + 1)) part += 1;
            expected[part]! += 1;
          }
          expect(parts).toEqual(expected);
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });

  it('has an integral that is never negative, adds up over adjacent times, and has the rate as its slope', () => {
    const time = fc.double({ min: -100_000, max: 1_000_000, noNaN: true });
    fc.assert(
      fc.property(profiles, time, time, time, (spec, a, b, c) => {
        const profile = compileProfile(spec, calendar);
        const [t0, t1, t2] = [a, b, c].sort((x, y) => x - y) as [number, number, number];
        const whole = profile.integral(t0, t2);
        const parts = profile.integral(t0, t1) + profile.integral(t1, t2);
        expect(whole).toBeGreaterThanOrEqual(0);
        expect(Math.abs(whole - parts)).toBeLessThanOrEqual(1e-9 * (1 + profile.maxRatePerSecond * 1e6));
        if (!profile.isFlat(t0, t0 + 1)) return;
        const slope = profile.integral(t0, t0 + 1);
        expect(Math.abs(slope - profile.meanRatePerSecond(t0))).toBeLessThanOrEqual(1e-8 + 2e-3 * slope);
        expect(slope).toBeLessThanOrEqual(profile.maxRatePerSecond * (1 + 1e-9) + 1e-9);
      }),
      { numRuns: 500, seed: 2 },
    );
  });
});
