import { describe, expect, it } from 'vitest';
import { chartPoints, chartValue, pointKind, pointUnit } from '#drawing/chart-points.ts';
import { series } from './result-samples.ts';

describe('the points of a chart', () => {
  it('show counters as rates, in the middle of what they cover', () => {
    const counter = { ...series('m', [10, 20, 30]), stepSeconds: 5 };
    expect(chartPoints(counter, 'rate', 15, 100)).toEqual([
      [2.5, 2],
      [7.5, 4],
      [12.5, 6],
    ]);
  });

  it('leaves out a last point that is not over', () => {
    expect(chartPoints(series('m', [1, 2, 3]), 'mean', 2.5, 100)).toHaveLength(2);
  });

  it('merges neighbours where there are more than the chart can show: the mean, or the largest', () => {
    const gauge = { ...series('m', [1, 3, 5, 7]), maxima: new Float64Array([2, 9, 6, 8]) };
    expect(chartPoints(gauge, 'mean', 4, 2)).toEqual([
      [1, 2],
      [3, 6],
    ]);
    expect(chartPoints(gauge, 'maximum', 4, 2)).toEqual([
      [1, 9],
      [3, 8],
    ]);
  });

  it('keeps a gap where nothing was observed', () => {
    expect(chartPoints(series('m', [1, Number.NaN, 3, Number.NaN]), 'mean', 4, 100).map(([, value]) => value)).toEqual([
      1,
      null,
      3,
      null,
    ]);
    expect(chartPoints(series('m', [Number.NaN, 3]), 'mean', 2, 1)).toEqual([[1, 3]]);
  });

  it('give the value at a moment', () => {
    expect(chartValue({ ...series('m', [10, 20]), stepSeconds: 10 }, 'rate', 15)).toBe(2);
    expect(chartValue(series('m', [Number.NaN]), 'mean', 0)).toBeNull();
    expect(chartValue(series('m', []), 'mean', 0)).toBeNull();
  });

  it('are of the kind and unit that the metric asks for', () => {
    expect(pointKind({ series: 'counter', statistic: 'Sum' })).toBe('rate');
    expect(pointKind({ series: 'gauge', statistic: 'Maximum' })).toBe('maximum');
    expect(pointKind({ series: 'gauge', statistic: 'Average' })).toBe('mean');
    expect(pointUnit({ series: 'counter', unit: 'Bytes' })).toBe('Bytes/Second');
    expect(pointUnit({ series: 'gauge', unit: 'Count' })).toBe('Count');
  });
});
