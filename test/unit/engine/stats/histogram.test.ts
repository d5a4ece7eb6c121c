import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { compileLaw } from '#engine/kernel/laws.ts';
import { LogHistogram } from '#engine/stats/histogram.ts';

const RELATIVE_ERROR = 0.0025;
const LEVELS = [0.001, 0.01, 0.1, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999];

function expectNear(found: number, exact: number): void {
  expect(Math.abs(found / exact - 1)).toBeLessThanOrEqual(RELATIVE_ERROR);
}

/** Smallest value with at least the share p of the weight at or below it. */
function exactQuantile(sorted: readonly number[], p: number): number {
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

describe('LogHistogram', () => {
  it('is empty at first', () => {
    const histogram = new LogHistogram();
    expect([histogram.count, histogram.sum]).toEqual([0, 0]);
    for (const value of [histogram.mean, histogram.min, histogram.max, histogram.quantile(0.5)])
      expect(value).toBeNaN();
  });

  it('reads quantiles back within a quarter of a percent', () => {
    const draws = new DrawStream(1, 'histogram', 'values');
    for (const [mean, cv] of [
      [0.004, 2],
      [35_000, 0.5],
      [8e10, 4],
    ] as const) {
      const law = compileLaw({ kind: 'lognormal', mean, cv });
      const values = Array.from({ length: 20_000 }, (_, i) => law.sample(draws, i));
      const histogram = new LogHistogram();
      for (const value of values) histogram.add(value);
      values.sort((x, y) => x - y);
      for (const p of LEVELS) expectNear(histogram.quantile(p), exactQuantile(values, p));
      expect(histogram.min).toBe(values[0]);
      expect(histogram.max).toBe(values.at(-1));
      expect(histogram.quantile(0)).toBe(values[0]);
      expect(histogram.quantile(1)).toBe(values.at(-1));
      expect(histogram.count).toBe(20_000);
      expectNear(histogram.mean, values.reduce((sum, x) => sum + x, 0) / 20_000);
    }
  });

  it('keeps every single value within the error, over 60 octaves', () => {
    let worst = 0;
    for (let value = 1.1e-9; value < 1e18; value *= 3.7) {
      const histogram = new LogHistogram();
      histogram.add(value / 1.5);
      histogram.add(value, 3);
      histogram.add(value * 1.5);
      worst = Math.max(worst, Math.abs(histogram.quantile(0.5) / value - 1));
    }
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThanOrEqual(RELATIVE_ERROR);
  });

  it('keeps exact count, sum, min and max with weights and zeros', () => {
    const histogram = new LogHistogram();
    histogram.add(0, 5);
    histogram.add(8, 3);
    histogram.add(1024, 2);
    expect([histogram.count, histogram.sum, histogram.mean]).toEqual([10, 2072, 207.2]);
    expect([histogram.min, histogram.max]).toEqual([0, 1024]);
    expect(histogram.quantile(0.5)).toBe(0);
    expectNear(histogram.quantile(0.75), 8);
    expectNear(histogram.quantile(0.95), 1024);
  });

  it('reports the one value there is', () => {
    const histogram = new LogHistogram();
    histogram.add(333.3, 1e6);
    for (const p of LEVELS) expect(histogram.quantile(p)).toBe(333.3);
  });

  it('counts more values in one bucket than two bytes hold, beside weights and spreads', () => {
    const histogram = new LogHistogram();
    for (let i = 0; i < 70_000; i += 1) histogram.add(3);
    for (let i = 0; i < 5; i += 1) histogram.add(5);
    histogram.add(3, 1000);
    expect([...histogram.toData().weights]).toEqual([71_000, 5]);
    histogram.add(3);
    histogram.add(5, 0.5);
    histogram.add(5);
    expect([...histogram.toData().weights]).toEqual([71_001, 6.5]);
    histogram.addSpread(7, 7.001, 2);
    histogram.add(5);
    const copy = new LogHistogram();
    copy.add(5);
    copy.merge(histogram);
    expect([...copy.toData().weights].slice(0, 2)).toEqual([71_001, 8.5]);
    expect(copy.count).toBe(71_011.5);
  });

  it('reads an even spread back as the uniform distribution it is', () => {
    for (const [low, high] of [
      [0, 1e6],
      [100, 101],
      [1000, 1001.5],
      [5, 5e9],
      [3, 3.02],
    ] as const) {
      const histogram = new LogHistogram();
      histogram.addSpread(low, high, 1000);
      for (const p of LEVELS) expectNear(histogram.quantile(p), low + p * (high - low));
      expect([histogram.count, histogram.min, histogram.max]).toEqual([1000, low, high]);
      expect(histogram.mean).toBeCloseTo((low + high) / 2, 6);
    }
  });

  it('reads a mixture of spreads and values back', () => {
    const draws = new DrawStream(2, 'histogram', 'spreads');
    const histogram = new LogHistogram();
    const values: number[] = [];
    for (let i = 0; i < 300; i += 1) {
      const low = draws.uniformPair(i, 0) * 5000;
      const high = low + draws.uniformPair(i, 1) * 20_000;
      histogram.addSpread(low, high, 100);
      for (let k = 0; k < 100; k += 1) values.push(low + ((k + 0.5) / 100) * (high - low));
      const single = 100 + draws.uniformPair(i, 2) * 300;
      histogram.add(single, 20);
      for (let k = 0; k < 20; k += 1) values.push(single);
    }
    values.sort((x, y) => x - y);
    expect(histogram.count).toBe(values.length);
    // The list stands for a spread by its 100 midpoints: its own error adds to the histogram's.
    for (const p of LEVELS.slice(1)) {
      expect(Math.abs(histogram.quantile(p) / exactQuantile(values, p) - 1)).toBeLessThan(0.004);
    }
  });

  it('lets no weight leak from narrow dense spreads into the wide buckets above', () => {
    const histogram = new LogHistogram();
    for (let i = 0; i < 1000; i += 1) histogram.addSpread(1 + i / 7e6, 1.02 + i / 3e6, 1e9 + i);
    histogram.add(1e12, 1);
    const { buckets, weights } = histogram.toData();
    expect(weights.reduce((sum, weight) => sum + weight, 0) / histogram.count).toBeCloseTo(1, 12);
    // All lies in the octave of 1 but for the one value of 10^12.
    expect(buckets.filter((bucket) => bucket >= 1024 * 512).length).toBe(1);
    expect(weights.at(-1)).toBe(1);
  });

  it('can be read between additions', () => {
    const histogram = new LogHistogram();
    const whole = new LogHistogram();
    for (let i = 1; i <= 50; i += 1) {
      histogram.addSpread(i, 100 * i, 10);
      whole.addSpread(i, 100 * i, 10);
      expect(histogram.quantile(0.5)).toBeGreaterThan(i);
    }
    for (const p of LEVELS) expect(histogram.quantile(p) / whole.quantile(p)).toBeCloseTo(1, 12);
  });

  it('merges to what adding everything to one would give', () => {
    const parts = [new LogHistogram(), new LogHistogram()];
    const whole = new LogHistogram();
    for (let i = 0; i < 1000; i += 1) {
      for (const target of [parts[i % 2], whole]) {
        target?.add(i * i, 2);
        target?.addSpread(i, 40 * i + 1, 3);
      }
    }
    const merged = new LogHistogram();
    for (const part of parts) merged.merge(part);
    merged.merge(new LogHistogram());
    expect([merged.count, merged.sum, merged.min, merged.max]).toEqual([whole.count, whole.sum, whole.min, whole.max]);
    for (const p of LEVELS) expect(merged.quantile(p) / whole.quantile(p)).toBeCloseTo(1, 12);
  });

  it('becomes plain data and comes back equal', () => {
    const histogram = new LogHistogram();
    histogram.add(0, 4);
    histogram.add(17.5);
    histogram.addSpread(2, 9000, 50);
    const data = structuredClone(histogram.toData());
    expect(data.buckets).toBeInstanceOf(Int32Array);
    const back = LogHistogram.fromData(data);
    expect(back.toData()).toEqual(histogram.toData());
    for (const p of LEVELS) expect(back.quantile(p)).toBe(histogram.quantile(p));
    back.add(5);
    expect(back.count).toBe(histogram.count + 1);
    expect(LogHistogram.fromData(new LogHistogram().toData()).count).toBe(0);
  });

  it('keeps values beyond its octaves in the end buckets, with exact extremes', () => {
    const histogram = new LogHistogram();
    histogram.add(1e-300);
    histogram.add(1e300);
    expect([histogram.min, histogram.max, histogram.count]).toEqual([1e-300, 1e300, 2]);
    expect(histogram.toData().buckets.length).toBe(2);
  });

  it('fails on what is no value', () => {
    const histogram = new LogHistogram();
    for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => histogram.add(value)).toThrow(/histogram/);
    expect(() => histogram.addSpread(-1, 5, 1)).toThrow(/histogram/);
    expect(() => histogram.addSpread(1, Number.POSITIVE_INFINITY, 1)).toThrow(/histogram/);
  });
});
