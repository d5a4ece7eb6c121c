import { describe, expect, it } from 'vitest';
import { sparkPath } from '#drawing/spark-path.ts';
import { series } from './result-samples.ts';

const box = { width: 100, height: 22 };

describe('the small curve', () => {
  it('runs from the left edge to the right, zero at the bottom, the largest at the top', () => {
    expect(sparkPath(series('m', [0, 5, 10]), 3, box)).toBe('M0.0 21.0L50.0 11.0L100.0 1.0');
  });

  it('leaves out a point whose time is not over', () => {
    expect(sparkPath(series('m', [4, 4, 1]), 2.4, box)).toBe('M0.0 1.0L100.0 1.0');
  });

  it('averages neighbours of a long series', () => {
    const path = sparkPath(
      series(
        'm',
        Array.from({ length: 4000 }, (_, index) => index % 2),
      ),
      4000,
      box,
    );
    expect(path.match(/L/g)).toHaveLength(39);
    expect(new Set([...path.matchAll(/ ([\d.]+)/g)].map(([, y]) => y)).size).toBe(1);
  });

  it('keeps the last value where nothing was observed', () => {
    expect(sparkPath(series('m', [Number.NaN, 2, Number.NaN]), 3, box)).toBe('M0.0 21.0L50.0 1.0L100.0 1.0');
  });

  it('is empty without two points', () => {
    expect(sparkPath(undefined, 9, box)).toBe('');
    expect(sparkPath(series('m', [3]), 9, box)).toBe('');
  });
});
