import { describe, expect, it } from 'vitest';
import { CounterMetric, GaugeMetric, SampleMetric, type SeriesPlan } from '#engine/stats/metrics.ts';

const SECOND = 1_000_000;
const plan: SeriesPlan = { binUs: SECOND, bins: 11, horizonUs: 10 * SECOND };

describe('CounterMetric', () => {
  it('sums from time zero on: mean per second of the horizon, largest rate of a bin', () => {
    const metric = new CounterMetric(plan);
    metric.add(-1, 100);
    metric.add(0, 3);
    metric.add(0.5 * SECOND, 2);
    metric.add(4 * SECOND, 1);
    metric.finish(10 * SECOND);
    expect(metric.sum).toBe(6);
    expect(metric.summary('Count')).toEqual({ unit: 'Count', sum: 6, mean: 0.6, max: 5 });
  });

  it('has a value for every second of the run, also after the last count', () => {
    const metric = new CounterMetric(plan);
    metric.add(2 * SECOND, 1);
    metric.finish(10 * SECOND);
    expect([...metric.data('M', 'Count').values]).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('folds what falls on the end itself into the last second', () => {
    const metric = new CounterMetric(plan);
    metric.add(10 * SECOND, 4);
    metric.finish(10 * SECOND);
    const { values, stepSeconds } = metric.data('M', 'Count');
    expect([values.length, values[9], stepSeconds]).toEqual([10, 4, 1]);
  });
});

describe('GaugeMetric', () => {
  it('weighs levels by the time they hold, the one of the pre-roll included', () => {
    const metric = new GaugeMetric(plan, -5 * SECOND);
    metric.set(-5 * SECOND, 8);
    metric.set(-2 * SECOND, 4);
    metric.startRecording(0);
    metric.set(5 * SECOND, 2);
    metric.finish(10 * SECOND);
    expect(metric.summary('Count')).toEqual({ unit: 'Count', mean: 3, max: 4 });
    expect([...metric.data('M', 'Count').values]).toEqual([4, 4, 4, 4, 4, 2, 2, 2, 2, 2]);
  });

  it('adds to its level', () => {
    const metric = new GaugeMetric(plan, 0);
    metric.add(0, 3);
    metric.add(SECOND, -1);
    expect(metric.value).toBe(2);
    expect(metric.mean(2 * SECOND)).toBe(2.5);
  });
});

describe('SampleMetric', () => {
  it('knows mean, maximum and percentiles of what was observed since time zero', () => {
    const metric = new SampleMetric(plan);
    metric.add(-1, 1e9);
    for (let i = 1; i <= 100; i += 1) metric.add(i * 0.05 * SECOND, i);
    metric.finish(10 * SECOND);
    const { mean, max, p50, p99 } = metric.summary('Milliseconds');
    expect([mean, max]).toEqual([50.5, 100]);
    expect(Math.abs(p50! - 50)).toBeLessThanOrEqual(1);
    expect(Math.abs(p99! - 99)).toBeLessThanOrEqual(1);
  });

  it('is zero in its summary and not a number in its series where nothing was observed', () => {
    const metric = new SampleMetric(plan);
    metric.finish(10 * SECOND);
    expect(metric.summary('Milliseconds')).toEqual({ unit: 'Milliseconds', mean: 0, max: 0, p50: 0, p99: 0 });
    const { values, maxima } = metric.data('M', 'Milliseconds');
    expect([values.length, maxima!.length]).toEqual([10, 10]);
    expect([...values, ...maxima!].every(Number.isNaN)).toBe(true);
  });

  it('counts an observation as often as its weight says', () => {
    const metric = new SampleMetric(plan);
    metric.add(0, 10, 3);
    metric.add(0, 50);
    expect(metric.summary('').mean).toBe(20);
  });

  it('takes observations of one moment together as it takes them one by one', () => {
    const [together, single] = [new SampleMetric(plan), new SampleMetric(plan)];
    const values = Float64Array.of(4, 1, 9, 100);
    together.addAll(SECOND, values, 3, 2);
    for (const value of values.subarray(0, 3)) single.add(SECOND, value, 2);
    expect(together.summary('')).toEqual(single.summary(''));
    expect(together.data('m', '')).toEqual(single.data('m', ''));
    together.addAll(-1, values, 4, 2);
    expect(together.histogram.count).toBe(6);
  });
});
