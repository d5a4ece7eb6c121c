import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { normalQuantile } from '#engine/kernel/normal.ts';
import { detectWarmUp } from '#engine/stats/warm-up.ts';

const stationary = { isLoadStationary: true, hasTimedFaults: false };
const draws = new DrawStream(5, 'warm-up', 'noise');

function series(length: number, level: (i: number) => number): number[] {
  return Array.from({ length }, (_, i) => level(i) + normalQuantile(draws.uniform(i)));
}

/** The definition, written out: squared standard error of what is left, over candidates that leave more than 5 batches. */
function bySearch(values: readonly number[]): number {
  const means = Array.from({ length: Math.floor(values.length / 5) }, (_, b) =>
    values.slice(5 * b, 5 * b + 5).reduce((sum, x) => sum + x / 5, 0),
  );
  const statistic = means.slice(0, -5).map((_, from) => {
    const kept = means.slice(from);
    const mean = kept.reduce((sum, x) => sum + x, 0) / kept.length;
    return kept.reduce((sum, x) => sum + (x - mean) ** 2, 0) / kept.length ** 2;
  });
  return 5 * statistic.indexOf(Math.min(...statistic));
}

describe('detectWarmUp', () => {
  it('cuts off an initial transient', () => {
    const found = detectWarmUp(
      series(2000, (i) => 50 * Math.exp(-i / 40)),
      stationary,
    );
    expect(found.kind).toBe('found');
    const truncateAt = found.kind === 'found' ? found.truncateAt : -1;
    // The transient is below one standard deviation of the noise from 157 on.
    expect(truncateAt).toBeGreaterThan(80);
    expect(truncateAt).toBeLessThan(400);
  });

  it('agrees with the definition', () => {
    for (const length of [300, 503, 1000]) {
      const values = series(length, (i) => (i < 37 ? 8 : 0));
      expect(detectWarmUp(values, stationary)).toEqual({ kind: 'found', truncateAt: bySearch(values) });
    }
  });

  it('cuts little or nothing off a series without transient', () => {
    const found = detectWarmUp(
      series(1000, () => 3),
      stationary,
    );
    expect(found.kind === 'found' && found.truncateAt < 250).toBe(true);
    expect(detectWarmUp(new Float64Array(300).fill(4), stationary)).toEqual({ kind: 'found', truncateAt: 0 });
  });

  it('refuses an overloaded queue, which never settles', () => {
    const growing = series(1000, (i) => i);
    expect(detectWarmUp(growing, stationary)).toEqual({ kind: 'refused', reason: 'not-settled' });
  });

  it('refuses loads that change and runs with faults, whatever the data', () => {
    const values = series(1000, () => 3);
    expect(detectWarmUp(values, { ...stationary, isLoadStationary: false })).toEqual({
      kind: 'refused',
      reason: 'load-not-stationary',
    });
    expect(detectWarmUp(values, { ...stationary, hasTimedFaults: true })).toEqual({
      kind: 'refused',
      reason: 'has-timed-faults',
    });
  });

  it('refuses too few observations and values that are no numbers', () => {
    expect(
      detectWarmUp(
        series(299, () => 1),
        stationary,
      ),
    ).toEqual({ kind: 'refused', reason: 'too-few-observations' });
    const broken = series(400, () => 1);
    broken[150] = Number.NaN;
    expect(detectWarmUp(broken, stationary)).toEqual({ kind: 'refused', reason: 'not-finite' });
  });
});
