import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { CounterSeries, GaugeSeries, SampleSeries } from '#engine/stats/series.ts';

describe('CounterSeries', () => {
  it('counts into the bin a time falls in, an edge into the later one', () => {
    const series = new CounterSeries(0, 10, 4);
    series.add(0, 1);
    series.add(9, 2);
    series.add(10, 4);
    series.add(35, 8);
    expect(Array.from(series.values())).toEqual([3, 4, 0, 8]);
    expect(series.binUs).toBe(10);
  });

  it('ignores what happens before its start', () => {
    const series = new CounterSeries(100, 10, 4);
    series.add(99, 5);
    series.addSpread(80, 100, 5);
    expect(series.length).toBe(0);
    series.addSpread(90, 110, 8);
    expect(Array.from(series.values())).toEqual([4, 0]);
    series.finish(110);
    expect(Array.from(series.values())).toEqual([4]);
  });

  it('doubles its bins when time exceeds them, without losing a count', () => {
    const series = new CounterSeries(0, 10, 4);
    for (let time = 0; time < 40; time += 1) series.add(time, 1);
    series.add(47, 100);
    expect(series.binUs).toBe(20);
    expect(Array.from(series.values())).toEqual([20, 20, 100]);
    series.add(1000, 7);
    expect(series.binUs).toBe(320);
    expect(Array.from(series.values())).toEqual([140, 0, 0, 7]);
  });

  it('does not widen for the closing edge of its last bin', () => {
    const series = new CounterSeries(0, 10, 4);
    series.add(40, 3);
    series.finish(40);
    expect(series.binUs).toBe(10);
    expect(Array.from(series.values())).toEqual([0, 0, 0, 3]);
  });

  it('spreads a count evenly over the bins it touches', () => {
    const series = new CounterSeries(0, 10, 8);
    series.addSpread(5, 25, 40);
    series.addSpread(31, 33, 2);
    series.addSpread(33, 33, 1);
    expect(Array.from(series.values())).toEqual([10, 20, 10, 3]);
  });

  it('keeps totals over random spreads and widenings', () => {
    const draws = new DrawStream(3, 'series', 'spreads');
    const series = new CounterSeries(0, 7, 16);
    for (let i = 0; i < 500; i += 1) {
      const from = draws.uniformPair(i, 0) * i * 10;
      series.addSpread(from, from + draws.uniformPair(i, 1) * 1000, 3);
    }
    expect(series.length).toBeLessThanOrEqual(16);
    expect(series.values().reduce((sum, count) => sum + count, 0)).toBeCloseTo(1500, 8);
  });

  it('shows empty bins up to its end', () => {
    const series = new CounterSeries(0, 10, 8);
    series.add(3, 1);
    series.finish(45);
    expect(Array.from(series.values())).toEqual([1, 0, 0, 0, 0]);
  });

  it('folds what happens at the very end into the last bin', () => {
    const series = new CounterSeries(0, 10, 8);
    series.add(20, 5);
    series.finish(20);
    expect(Array.from(series.values())).toEqual([0, 5]);
  });

  it('fails on bins without width or number', () => {
    expect(() => new CounterSeries(0, 0, 4)).toThrow(/bin width/);
    expect(() => new CounterSeries(0, 10, 1)).toThrow(/2 bins/);
  });
});

describe('GaugeSeries', () => {
  it('gives the time-weighted mean and the maximum of every bin', () => {
    const series = new GaugeSeries(0, 10, 8);
    series.set(0, 2);
    series.set(5, 6);
    series.set(22, 1);
    series.finish(30);
    expect(Array.from(series.means())).toEqual([4, 6, (6 * 2 + 1 * 8) / 10]);
    expect(Array.from(series.maxima())).toEqual([6, 6, 6]);
  });

  it('adds what something beside its value held, evenly over its time', () => {
    const series = new GaugeSeries(0, 10, 8);
    series.set(0, 2);
    series.addArea(5, 15, 40, 9);
    series.finish(20);
    expect(Array.from(series.means())).toEqual([4, 4]);
    expect(Array.from(series.maxima())).toEqual([2, 9]);
    expect([series.mean(20), series.max, series.value]).toEqual([4, 9, 2]);
  });

  it('adds of that only what came after its reset and its start', () => {
    const series = new GaugeSeries(0, 10, 8, -20);
    series.addArea(-30, -10, 20, 1);
    series.addArea(-10, 10, 20, 1);
    series.reset(0);
    series.addArea(-5, 5, 20, 3);
    series.finish(10);
    expect(series.mean(10)).toBe(1);
    expect(Array.from(series.means())).toEqual([2]);
  });

  it('keeps a value set before its start as the one it begins with', () => {
    const series = new GaugeSeries(0, 10, 4);
    series.set(-50, 3);
    series.set(-20, 8);
    series.set(5, 0);
    series.finish(20);
    expect(Array.from(series.means())).toEqual([4, 0]);
    expect(Array.from(series.maxima())).toEqual([8, 0]);
  });

  it('does not carry a value into a bin that begins with a change', () => {
    const series = new GaugeSeries(0, 10, 4);
    series.set(0, 9);
    series.set(10, 1);
    series.finish(20);
    expect(Array.from(series.maxima())).toEqual([9, 1]);
  });

  it('keeps means and maxima when bins widen', () => {
    const series = new GaugeSeries(0, 10, 4);
    for (let time = 0; time < 200; time += 5) series.set(time, (time / 5) % 3);
    series.finish(200);
    expect(series.binUs).toBe(80);
    const means = series.means();
    // 0, 1, 2 each held 5 microseconds, the last bin covers 40: sums 16 changes, 16, 8.
    expect(means[0]).toBe((5 * (5 * 3 + 0)) / 80);
    expect(means[1]).toBe((5 * (1 + 2 + 4 * 3 + 0 + 1)) / 80);
    expect(means[2]).toBe((5 * (2 + 0 + 1 + 2 + 0 + 1 + 2 + 0)) / 40);
    expect(Array.from(series.maxima())).toEqual([2, 2, 2]);
  });

  it('gives the mean of an unfinished bin over the time it has covered', () => {
    const series = new GaugeSeries(0, 10, 4);
    series.set(0, 4);
    series.finish(15);
    expect(Array.from(series.means())).toEqual([4, 4]);
  });

  it('may hold negative values', () => {
    const series = new GaugeSeries(0, 10, 4);
    series.set(0, -4);
    series.finish(10);
    expect(Array.from(series.maxima())).toEqual([-4]);
  });

  it('weighs every value by how long it held, over all bins', () => {
    const series = new GaugeSeries(100, 1000, 4);
    series.set(200, 4);
    series.set(250, 1);
    // 0 for 100, 4 for 50, 1 for 50 microseconds.
    expect(series.mean(300)).toBe(250 / 200);
    expect([series.value, series.max]).toEqual([1, 4]);
  });

  it('gives the present value as the mean when no time has passed', () => {
    const series = new GaugeSeries(5, 10, 4);
    series.set(5, 7);
    expect(series.mean(5)).toBe(7);
  });

  it('counts from before its bins begin until it is reset', () => {
    const series = new GaugeSeries(0, 50, 4, -100);
    series.set(-100, 9);
    expect(series.mean(-50)).toBe(9);
    series.set(-50, 2);
    expect(series.mean(0)).toBe(5.5);
    series.reset(0);
    expect([series.value, series.max, series.mean(0)]).toEqual([2, 2, 2]);
    series.set(50, 4);
    expect([series.mean(100), series.max]).toEqual([3, 4]);
    series.finish(100);
    expect(Array.from(series.means())).toEqual([2, 4]);
  });

  it.each([1, 1 / 3])('is the same however often a value is set again (multiples of %d)', (unit) => {
    const draws = new DrawStream(5, 'series', 'repeats');
    const once = new GaugeSeries(0, 10, 8);
    const often = new GaugeSeries(0, 10, 8);
    let value = 0;
    for (let time = 0; time < 300; time += 1) {
      if (draws.uniform(time) < 0.2) {
        value = Math.floor(draws.uniformPair(time, 0) * 5) * unit;
        once.set(time, value);
      }
      often.set(time, value);
    }
    once.finish(300);
    often.finish(300);
    often.means().forEach((mean, bin) => expect(mean).toBeCloseTo(once.means()[bin]!, 12));
    expect(often.mean(300)).toBeCloseTo(once.mean(300), 12);
    expect(often.max).toBe(once.max);
  });
});

describe('SampleSeries', () => {
  it('keeps sum, weight, mean and maximum of every bin', () => {
    const series = new SampleSeries(0, 10, 4);
    series.add(-1, 99);
    series.add(1, 5);
    series.add(2, 8, 3);
    series.add(25, 7);
    series.finish(40);
    expect(Array.from(series.sums())).toEqual([29, 0, 7, 0]);
    expect(Array.from(series.counts())).toEqual([4, 0, 1, 0]);
    expect(Array.from(series.means())).toEqual([7.25, Number.NaN, 7, Number.NaN]);
    expect(Array.from(series.maxima())).toEqual([8, Number.NaN, 7, Number.NaN]);
  });

  it('merges neighbours when bins widen', () => {
    const series = new SampleSeries(0, 10, 4);
    for (let time = 0; time < 160; time += 10) series.add(time, time);
    expect(series.binUs).toBe(40);
    expect(Array.from(series.means())).toEqual([15, 55, 95, 135]);
    expect(Array.from(series.maxima())).toEqual([30, 70, 110, 150]);
  });
});
