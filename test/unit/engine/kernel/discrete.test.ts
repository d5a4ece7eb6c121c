import { describe, expect, it } from 'vitest';
import { binomial, hypergeometric, multinomial, poisson } from '#engine/kernel/discrete.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { chiSquareDeviate, DEVIATE_LIMIT } from './chi-square.ts';

const N = 40_000;
const stream = new DrawStream(42, 'discrete', 'test');

/** Counts of N draws against N times the probabilities, which `next` gives as ratios f(k + 1) / f(k) from the first k on. */
function fit(draw: (index: number) => number, first: number, last: number, next: (k: number) => number): number {
  const probabilities = new Float64Array(last - first + 1);
  let mode = 0;
  let logProbability = 0;
  const logs = probabilities.map((_, i) => {
    if (i > 0) logProbability += Math.log(next(first + i - 1));
    if (logProbability > mode) mode = logProbability;
    return logProbability;
  });
  let sum = 0;
  for (let i = 0; i < logs.length; i += 1) {
    probabilities[i] = Math.exp((logs[i] ?? 0) - mode);
    sum += probabilities[i] ?? 0;
  }
  const counts = new Float64Array(probabilities.length);
  for (let index = 0; index < N; index += 1) {
    const value = draw(index);
    if (!(value >= first && value <= last && Number.isInteger(value))) throw new Error(`drew ${value}`);
    counts[value - first] = (counts[value - first] ?? 0) + 1;
  }
  return Math.abs(
    chiSquareDeviate(
      counts,
      probabilities.map((p) => (N * p) / sum),
    ),
  );
}

function moments(draw: (index: number) => number): { mean: number; variance: number } {
  const origin = draw(0);
  let sum = 0;
  let squares = 0;
  for (let index = 0; index < N; index += 1) {
    const x = draw(index) - origin;
    sum += x;
    squares += x * x;
  }
  return { mean: origin + sum / N, variance: squares / N - (sum / N) ** 2 };
}

/** Deviates of mean and variance of N draws; the variance's standard error is that of a normal sample. */
function momentDeviates(draw: (index: number) => number, mean: number, variance: number): number[] {
  const found = moments(draw);
  return [(found.mean - mean) / Math.sqrt(variance / N), (found.variance / variance - 1) / Math.sqrt(2 / N)].map(
    Math.abs,
  );
}

describe('poisson', () => {
  it.each([0.01, 0.7, 3, 9.99, 10, 25, 400])('fits the exact probabilities at mean %d', (mean) => {
    const last = Math.ceil(mean + 12 * Math.sqrt(mean) + 12);
    const deviate = fit(
      (index) => poisson(stream, index, mean),
      0,
      last,
      (k) => mean / (k + 1),
    );
    expect(deviate).toBeLessThan(DEVIATE_LIMIT);
  });

  it('keeps mean and variance at large means', () => {
    for (const mean of [1e5, 7e9, 1e15]) {
      const deviates = momentDeviates((index) => poisson(stream, index, mean), mean, mean);
      expect(Math.max(...deviates)).toBeLessThan(DEVIATE_LIMIT);
    }
  });

  it('is 0 for mean 0 and uses other draws from another first draw', () => {
    expect(poisson(stream, 1, 0)).toBe(0);
    const differing = Array.from({ length: 50 }, (_, i) => i).filter(
      (i) => poisson(stream, i, 100) !== poisson(stream, i, 100, 64),
    );
    expect(differing.length).toBeGreaterThan(30);
  });

  it('fails when the mean is negative or not a number', () => {
    expect(() => poisson(stream, 0, -1)).toThrow(/invariant/);
    expect(() => poisson(stream, 0, Number.NaN)).toThrow(/invariant/);
  });
});

describe('binomial', () => {
  it.each([
    [1, 0.3],
    [10, 0.5],
    [33, 0.5],
    [64, 0.5],
    [97, 0.5],
    [256, 0.5],
    [257, 0.5],
    [1000, 0.5],
    [30, 0.2],
    [5000, 0.001],
    [40, 0.26],
    [40, 0.7],
    [1000, 0.95],
    [3000, 0.1],
  ])('fits the exact probabilities of %d trials at %d', (n, p) => {
    const deviate = fit(
      (index) => binomial(stream, index, n, p),
      0,
      n,
      (k) => ((n - k) * p) / ((k + 1) * (1 - p)),
    );
    expect(deviate).toBeLessThan(DEVIATE_LIMIT);
  });

  it('keeps mean and variance at large counts', () => {
    for (const [n, p] of [
      [1e9, 0.5],
      [1e12, 1e-9],
      [9e15, 0.25],
    ] as const) {
      const deviates = momentDeviates((index) => binomial(stream, index, n, p), n * p, n * p * (1 - p));
      expect(Math.max(...deviates)).toBeLessThan(DEVIATE_LIMIT);
    }
  });

  it('is certain at probability 0 and 1 and without trials', () => {
    expect([binomial(stream, 0, 9, 0), binomial(stream, 0, 9, 1), binomial(stream, 0, 0, 0.5)]).toEqual([0, 9, 0]);
  });

  it('fails when the probability is outside 0..1', () => {
    expect(() => binomial(stream, 0, 5, 1.1)).toThrow(/invariant/);
    expect(() => binomial(stream, 0, 5, Number.NaN)).toThrow(/invariant/);
    expect(() => binomial(stream, 0, -5, 0.5)).toThrow(/invariant/);
  });
});

describe('hypergeometric', () => {
  it.each([
    [5, 20, 8],
    [20, 5, 8],
    [5, 20, 19],
    [20, 5, 19],
    [60, 40, 50],
    [400, 300, 100],
    [300, 400, 650],
    [2000, 100_000, 900],
    [5000, 5000, 5000],
  ])('fits the exact probabilities of %d good, %d bad, %d draws', (good, bad, draws) => {
    const first = Math.max(0, draws - bad);
    const deviate = fit(
      (index) => hypergeometric(stream, index, good, bad, draws),
      first,
      Math.min(good, draws),
      (k) => ((good - k) * (draws - k)) / ((k + 1) * (bad - draws + k + 1)),
    );
    expect(deviate).toBeLessThan(DEVIATE_LIMIT);
  });

  it('keeps mean and variance at large counts', () => {
    const [good, bad, draws] = [3e9, 5e9, 1e9];
    const p = good / (good + bad);
    const variance = draws * p * (1 - p) * ((good + bad - draws) / (good + bad - 1));
    const deviates = momentDeviates((index) => hypergeometric(stream, index, good, bad, draws), draws * p, variance);
    expect(Math.max(...deviates)).toBeLessThan(DEVIATE_LIMIT);
  });

  it('is certain at the ends', () => {
    expect(hypergeometric(stream, 0, 0, 9, 4)).toBe(0);
    expect(hypergeometric(stream, 0, 9, 0, 4)).toBe(4);
    expect(hypergeometric(stream, 0, 4, 5, 9)).toBe(4);
    expect(hypergeometric(stream, 0, 4, 5, 0)).toBe(0);
  });

  it('fails when more are drawn than there are', () => {
    expect(() => hypergeometric(stream, 0, 4, 5, 10)).toThrow(/invariant/);
  });
});

describe('multinomial', () => {
  it('gives every category its exact distribution and always all n', () => {
    const weights = Float64Array.of(3, 0, 1, 0.5, 5.5, 0);
    const out = new Float64Array(6);
    const sums = new Float64Array(6);
    let wrongTotals = 0;
    for (let index = 0; index < N; index += 1) {
      multinomial(stream, index, 25, weights, out);
      let total = 0;
      for (let i = 0; i < 6; i += 1) {
        total += out[i] ?? 0;
        sums[i] = (sums[i] ?? 0) + (out[i] ?? 0);
      }
      if (total !== 25) wrongTotals += 1;
    }
    expect(wrongTotals).toBe(0);
    expect([sums[1], sums[5]]).toEqual([0, 0]);
    const expected = weights.map((weight) => (weight / 10) * 25 * N);
    expect(Math.abs(chiSquareDeviate(sums, expected))).toBeLessThan(DEVIATE_LIMIT);
    for (const [i, p] of [
      [0, 0.3],
      [3, 0.05],
      [4, 0.55],
    ] as const) {
      const one = (index: number): number => {
        multinomial(stream, index, 25, weights, out);
        return out[i] ?? 0;
      };
      expect(fit(one, 0, 25, (k) => ((25 - k) * p) / ((k + 1) * (1 - p)))).toBeLessThan(DEVIATE_LIMIT);
    }
  });

  it('splits over one category, many categories and nothing', () => {
    const one = new Float64Array(1);
    multinomial(stream, 0, 7, Float64Array.of(0.2), one);
    expect(one[0]).toBe(7);
    const many = new Float64Array(226).fill(-1);
    multinomial(stream, 0, 1_000_000, new Float64Array(226).fill(1), many);
    expect(many.reduce((sum, count) => sum + count, 0)).toBe(1_000_000);
    expect(Math.min(...many)).toBeGreaterThan(4000);
    multinomial(stream, 0, 0, new Float64Array(226).fill(1), many);
    expect(many.every((count) => count === 0)).toBe(true);
  });

  it('fails without a positive weight or with an output of another length', () => {
    expect(() => multinomial(stream, 0, 5, new Float64Array(3), new Float64Array(3))).toThrow(/positive sum/);
    expect(() => multinomial(stream, 0, 5, Float64Array.of(1), new Float64Array(3))).toThrow(/one output/);
  });
});
