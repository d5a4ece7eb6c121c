import { describe, expect, it } from 'vitest';
import { mergeStats, rowsByKey, statOf } from '#experiments/statistics.ts';

describe('statOf', () => {
  it('is the mean with the half width of its t interval', () => {
    // 1, 2, 3: mean 2, standard error 1/sqrt(3), t(0.975, 2) = 4.302653.
    const { mean, halfWidth95, n } = statOf([1, 2, 3]);
    expect([mean, n]).toEqual([2, 3]);
    expect(halfWidth95).toBeCloseTo(4.302_653 / Math.sqrt(3), 5);
  });

  it('knows no width from one value', () => {
    expect(statOf([5])).toEqual({ mean: 5, halfWidth95: null, n: 1 });
  });
});

describe('mergeStats', () => {
  it('replaces every number and keeps the rest', () => {
    const merged = mergeStats([
      { type: 'a', n: 1, deep: { x: 1 } },
      { type: 'a', n: 3, deep: { x: 1 } },
    ]);
    expect(merged).toMatchObject({ type: 'a', n: { mean: 2, n: 2 }, deep: { x: { mean: 1, halfWidth95: 0, n: 2 } } });
  });

  it('takes a count that is missing as none, and a sample that is missing as not measured', () => {
    const samples: Record<string, number>[] = [{ a: 4 }, {}];
    expect(mergeStats(samples, true)['a']).toMatchObject({ mean: 2, n: 2 });
    expect(mergeStats(samples)['a']).toMatchObject({ mean: 4, n: 1 });
  });
});

describe('rowsByKey', () => {
  it('joins rows of the same key in order of appearance', () => {
    const rows = rowsByKey(
      [
        [{ k: 'b', v: 1 }],
        [
          { k: 'a', v: 2 },
          { k: 'b', v: 3 },
        ],
      ],
      ({ k }) => k,
    );
    expect([...rows].map(([key, list]) => [key, list.map(({ v }) => v)])).toEqual([
      ['b', [1, 3]],
      ['a', [2]],
    ]);
  });
});
