import { describe, expect, it } from 'vitest';
import {
  logBinomialPmf,
  logFactorial,
  logGamma,
  logHypergeometricPmf,
  logOnePlus,
  logPoissonPmf,
} from '#engine/kernel/log-gamma.ts';

/** log n! as a plain sum. */
function summedLogFactorial(n: number): number {
  let sum = 0;
  for (let i = 2; i <= n; i += 1) sum += Math.log(i);
  return sum;
}

function choose(n: number, k: number): bigint {
  let result = 1n;
  for (let i = 1; i <= k; i += 1) result = (result * BigInt(n - k + i)) / BigInt(i);
  return result;
}

describe('logOnePlus', () => {
  it('keeps the digits of a small argument', () => {
    for (const x of [1e-300, 1e-17, -1e-12, 3e-9, 0.25, -0.75, 8]) {
      expect(Math.abs(logOnePlus(x) / Math.log1p(x) - 1)).toBeLessThan(1e-15);
    }
    expect(logOnePlus(0)).toBe(0);
  });
});

describe('logFactorial and logGamma', () => {
  it('agree with the sum of logarithms on both sides of the table', () => {
    for (const n of [0, 1, 2, 5, 14, 15, 16, 17, 50, 170, 1000]) {
      expect(logFactorial(n)).toBeCloseTo(summedLogFactorial(n), 10);
      expect(logGamma(n + 1)).toBeCloseTo(summedLogFactorial(n), 10);
    }
  });

  it('agree with the half-integer values of the gamma function', () => {
    // gamma(1/2) = sqrt(pi), gamma(x + 1) = x gamma(x).
    let expected = Math.log(Math.PI) / 2;
    for (let x = 0.5; x < 40; x += 1) {
      expect(logGamma(x)).toBeCloseTo(expected, 11);
      expected += Math.log(x);
    }
  });
});

describe('probabilities', () => {
  it('of a binomial count agree with exact binomial coefficients', () => {
    for (const n of [1, 7, 40, 120]) {
      for (let k = 0; k <= n; k += 1) {
        const exact = (Number(choose(n, k)) * 3 ** k) / 4 ** n;
        expect(Math.exp(logBinomialPmf(k, n, 0.75)) / exact).toBeCloseTo(1, 11);
      }
    }
    expect(logBinomialPmf(-1, 4, 0.5)).toBe(Number.NEGATIVE_INFINITY);
    expect(logBinomialPmf(5, 4, 0.5)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('of a Poisson count agree with the product form', () => {
    let exact = Math.exp(-12.5);
    for (let k = 0; k < 60; k += 1) {
      expect(Math.exp(logPoissonPmf(k, 12.5)) / exact).toBeCloseTo(1, 11);
      exact *= 12.5 / (k + 1);
    }
  });

  it('of a hypergeometric count agree with exact binomial coefficients', () => {
    const total = Number(choose(50, 12));
    for (let k = 0; k <= 12; k += 1) {
      const exact = Number(choose(20, k) * choose(30, 12 - k)) / total;
      expect(Math.exp(logHypergeometricPmf(k, 20, 30, 12)) / exact).toBeCloseTo(1, 11);
    }
    expect(logHypergeometricPmf(9, 8, 30, 12)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('keep their digits at a million million trials', () => {
    // Neighbouring probabilities: f(k + 1) / f(k) = (n - k) p / ((k + 1) (1 - p)).
    const n = 1e12;
    const p = 0.3;
    for (const k of [3e11, 3e11 + 400_000, 3e11 - 1_000_000]) {
      const ratio = logBinomialPmf(k + 1, n, p) - logBinomialPmf(k, n, p);
      const exact = Math.log1p(((n - k) * p - (k + 1) * (1 - p)) / ((k + 1) * (1 - p)));
      expect(Math.abs(ratio - exact)).toBeLessThan(1e-13);
    }
    const peak = -0.5 * Math.log(2 * Math.PI * n * p * (1 - p));
    expect(logBinomialPmf(3e11, n, p)).toBeCloseTo(peak, 11);
  });
});
