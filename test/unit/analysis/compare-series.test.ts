import { describe, expect, it } from 'vitest';
import { compareSeries } from '#analysis/compare-series.ts';
import type { MetricDeclaration } from '#schema/component.ts';
import type { SeriesData } from '#schema/result.ts';

const source = { url: 'https://example.com', read: '2026-11-21' } as const;
const counter: MetricDeclaration = {
  name: 'In',
  namespace: 'AWS/X',
  unit: 'Count',
  statistic: 'Sum',
  series: 'counter',
  source,
};
const level: MetricDeclaration = { ...counter, name: 'Age', unit: 'Seconds', statistic: 'Maximum', series: 'sample' };
const mean: MetricDeclaration = {
  ...counter,
  name: 'Took',
  unit: 'Milliseconds',
  statistic: 'Average',
  series: 'sample',
};

const points = (metric: string, stepSeconds: number, values: readonly number[]): SeriesData => ({
  metric,
  unit: 'Count',
  startSeconds: 0,
  stepSeconds,
  values: Float64Array.from(values),
});

const compare = (simulated: SeriesData, measured: SeriesData) =>
  compareSeries({ a: [simulated] }, { a: [measured] }, () => [counter, level, mean]);

describe('comparing measured with simulated series', () => {
  it('adds up counters, and says by how much and in which shape they differ', () => {
    const [row] = compare(points('In', 20, [10, 10, 10, 10, 10, 10]), points('In', 60, [30, 50]));
    expect(row).toMatchObject({ simulated: 60, measured: 80, errorRatio: 0.25, seconds: 120 });
    expect(row?.shapeErrorRatio).toBeCloseTo(Math.sqrt((0 + 400) / 2) / 40, 12);
  });

  it('shares the points of a counter where the steps do not divide each other', () => {
    // 90 s points of 90 each are 1 a second: 60 in each minute.
    const [row] = compare(points('In', 60, [60, 60, 60]), points('In', 90, [90, 90]));
    expect(row).toMatchObject({ simulated: 180, measured: 180, errorRatio: 0, shapeErrorRatio: 0, seconds: 180 });
  });

  it('keeps the largest of a maximum and the mean of an average', () => {
    expect(compare(points('Age', 30, [1, 5, 2, 2]), points('Age', 60, [4, 2]))[0]).toMatchObject({
      simulated: 5,
      measured: 4,
    });
    expect(compare(points('Took', 30, [1, 5, 2, 4]), points('Took', 60, [4, 4]))[0]).toMatchObject({
      simulated: 3,
      measured: 4,
      errorRatio: 0.25,
    });
  });

  it('leaves out the minute in which the load began, which holds less than a minute of it', () => {
    const simulated = points('In', 20, [10, 10, 10, 10, 10, 10, 10, 10, 10]);
    // CloudWatch's minutes begin 40 s before the load.
    const measured = { ...points('In', 60, [10, 30, 30]), startSeconds: -40 };
    const [row] = compare(simulated, measured);
    expect(row).toMatchObject({ simulated: 60, measured: 60, errorRatio: 0, shapeErrorRatio: 0, seconds: 120 });
  });

  it('leaves out what was not measured, and has no error where nothing was', () => {
    const [row] = compare(points('Took', 60, [1, 2, 3]), points('Took', 60, [Number.NaN, 2, 3]));
    expect(row).toMatchObject({ simulated: 2.5, measured: 2.5, seconds: 120 });
    expect(compare(points('In', 60, [1]), points('In', 60, [0]))[0]?.errorRatio).toBeNull();
    expect(compare(points('In', 60, [1]), points('Other', 60, [0]))).toEqual([]);
  });
});
