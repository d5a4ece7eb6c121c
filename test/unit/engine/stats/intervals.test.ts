import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { normalQuantile } from '#engine/kernel/normal.ts';
import { meanInterval, wilsonInterval } from '#engine/stats/intervals.ts';

describe('meanInterval', () => {
  it('gives mean and t-interval', () => {
    // s^2 = 2.5, t(0.975, 4) = 2.776445105.
    const { mean, halfWidth, n } = meanInterval([1, 2, 3, 4, 5], 0.95);
    expect([mean, n]).toEqual([3, 5]);
    expect(halfWidth).toBeCloseTo(2.7764451051977987 * Math.sqrt(2.5 / 5), 9);
  });

  it('covers the true mean in 95 % of 2,000 samples of 5', () => {
    const draws = new DrawStream(4, 'intervals', 'coverage');
    let covered = 0;
    for (let sample = 0; sample < 2000; sample += 1) {
      const values = Array.from({ length: 5 }, (_, i) => 10 + normalQuantile(draws.uniformPair(sample, i)));
      const { mean, halfWidth } = meanInterval(values, 0.95);
      if (Math.abs(mean - 10) <= halfWidth) covered += 1;
    }
    // Binomial(2000, 0.95): standard deviation 9.7, 4.5 of them are 44.
    expect(Math.abs(covered - 1900)).toBeLessThanOrEqual(44);
  });

  it('keeps small deviations of large values', () => {
    const { halfWidth } = meanInterval([1e12 + 1, 1e12 + 2, 1e12 + 3, 1e12 + 4, 1e12 + 5], 0.95);
    expect(halfWidth).toBeCloseTo(2.7764451051977987 * Math.sqrt(0.5), 6);
  });

  it('is without width for equal values and without bound for one', () => {
    expect(meanInterval([4, 4, 4], 0.95)).toEqual({ mean: 4, halfWidth: 0, n: 3 });
    expect(meanInterval([4], 0.95)).toEqual({ mean: 4, halfWidth: Number.POSITIVE_INFINITY, n: 1 });
    expect(meanInterval([], 0.95)).toEqual({ mean: Number.NaN, halfWidth: Number.POSITIVE_INFINITY, n: 0 });
  });

  it('fails when the confidence is no ratio', () => {
    expect(() => meanInterval([1, 2], 95)).toThrow(/confidence/);
  });
});

describe('wilsonInterval', () => {
  it('agrees with the roots of the score equation', () => {
    for (const [successes, n] of [
      [3, 10],
      [19, 20],
      [500, 1000],
    ] as const) {
      const { low, high, share } = wilsonInterval(successes, n, 0.95);
      const z = 1.959963984540054;
      for (const p of [low, high]) expect(((share - p) * (share - p)) / ((p * (1 - p)) / n)).toBeCloseTo(z * z, 8);
      expect(low).toBeLessThan(share);
      expect(high).toBeGreaterThan(share);
    }
  });

  it('stays within 0..1 and says something at the ends', () => {
    const none = wilsonInterval(0, 20, 0.95);
    expect([none.share, none.low]).toEqual([0, 0]);
    expect(none.high).toBeCloseTo(1.959963984540054 ** 2 / (20 + 1.959963984540054 ** 2), 12);
    expect(wilsonInterval(20, 20, 0.95).high).toBe(1);
    expect(wilsonInterval(0, 0, 0.95)).toEqual({ share: Number.NaN, low: 0, high: 1, n: 0 });
  });

  it('fails when there are more successes than trials', () => {
    expect(() => wilsonInterval(3, 2, 0.95)).toThrow(/successes/);
  });
});
