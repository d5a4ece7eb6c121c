/**
 * Lognormal record sizes, rounded to whole bytes and cut to 1 ... maxBytes, with exact moments of what is really drawn:
 * sums over the tail for the first few thousand terms, their integral (midpoint rule) beyond. Relative error below 1e-6.
 */
import { normalQuantile } from '#engine/kernel/normal.ts';
import type { SizeLaw } from './sizes.ts';

/** Terms of a tail sum that are added one by one. */
const SINGLE_TERMS = 4096;

interface Lognormal {
  readonly mu: number;
  readonly sigma: number;
  readonly maxBytes: number;
}

/** Lognormal law from the mean and the coefficient of variation before rounding and cutting. */
export function lognormalSizes(meanBytes: number, cv: number, maxBytes: number): SizeLaw {
  const variance = Math.log(1 + cv * cv);
  const law = { mu: Math.log(meanBytes) - variance / 2, sigma: Math.sqrt(variance), maxBytes };
  const mean = meanUnits(law, 1);
  const secondMoment = meanSquare(law);
  const quantile = (p: number): number => {
    const size = Math.round(Math.exp(law.mu + law.sigma * normalQuantile(p)));
    return size < 1 ? 1 : size > maxBytes ? maxBytes : size;
  };
  return {
    meanBytes: mean,
    secondMoment,
    variance: Math.max(0, secondMoment - mean * mean),
    minBytes: 1,
    maxBytes,
    quantile,
    sample: (stream, i, j) => quantile(stream.uniformPair(i, j)),
    meanCeil: (unitBytes) => meanUnits(law, unitBytes),
  };
}

/** E[ceil(size / unit)] = 1 + sum over m >= 1 of P(size > m unit); a rounded size exceeds m units when the draw passes m units and a half byte. */
function meanUnits(law: Lognormal, unit: number): number {
  const terms = Math.ceil(law.maxBytes / unit) - 1;
  const near = Math.min(terms, SINGLE_TERMS);
  let sum = 1;
  for (let m = 1; m <= near; m += 1) sum += tail(law, Math.floor(m * unit) + 0.5);
  if (terms > near) sum += tailArea(law, (near + 0.5) * unit + 0.5, (terms + 0.5) * unit + 0.5) / unit;
  return sum;
}

/** E[size^2] = sum over k >= 0 of (2k + 1) P(size > k). */
function meanSquare(law: Lognormal): number {
  const terms = law.maxBytes - 1;
  const near = Math.min(terms, SINGLE_TERMS);
  let sum = 1;
  for (let k = 1; k <= near; k += 1) sum += (2 * k + 1) * tail(law, k + 0.5);
  if (terms > near) sum += tailMoment(law, near + 1, terms + 1);
  return sum;
}

function standardised(law: Lognormal, x: number): number {
  return (Math.log(x) - law.mu) / law.sigma;
}

/** P(draw > x). */
function tail(law: Lognormal, x: number): number {
  return normalTail(standardised(law, x));
}

/** Integral of P(draw > x) from a to b. */
function tailArea(law: Lognormal, a: number, b: number): number {
  const { sigma } = law;
  const mean = Math.exp(law.mu + (sigma * sigma) / 2);
  const inside = normalTail(standardised(law, a) - sigma) - normalTail(standardised(law, b) - sigma);
  return b * tail(law, b) - a * tail(law, a) + mean * inside;
}

/** Integral of 2 x P(draw > x) from a to b. */
function tailMoment(law: Lognormal, a: number, b: number): number {
  const { sigma } = law;
  const square = Math.exp(2 * law.mu + 2 * sigma * sigma);
  const inside = normalTail(standardised(law, a) - 2 * sigma) - normalTail(standardised(law, b) - 2 * sigma);
  return b * b * tail(law, b) - a * a * tail(law, a) + square * inside;
}

/**
 * P(Z > x) of the standard normal distribution; absolute error below 1e-14. Hart's algorithm 5666 as given by G. West,
 * "Better approximations to cumulative normal functions", Wilmott Magazine, May 2005, 70-76.
 */
export function normalTail(x: number): number {
  const size = Math.abs(x);
  let outer = 0;
  if (size < 7.07106781186547) {
    const top =
      (((((0.0352624965998911 * size + 0.700383064443688) * size + 6.37396220353165) * size + 33.912866078383) * size +
        112.079291497871) *
        size +
        221.213596169931) *
        size +
      220.206867912376;
    const bottom =
      ((((((0.0883883476483184 * size + 1.75566716318264) * size + 16.064177579207) * size + 86.7807322029461) * size +
        296.564248779674) *
        size +
        637.333633378831) *
        size +
        793.826512519948) *
        size +
      440.413735824752;
    outer = (Math.exp((-size * size) / 2) * top) / bottom;
  } else if (size < 37) {
    const fraction = size + 1 / (size + 2 / (size + 3 / (size + 4 / (size + 0.65))));
    outer = Math.exp((-size * size) / 2) / (fraction * 2.506628274631);
  }
  return x > 0 ? outer : 1 - outer;
}
