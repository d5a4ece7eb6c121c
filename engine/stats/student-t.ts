import { invariant } from '#engine/kernel/invariant.ts';
import { logGamma } from '#engine/kernel/log-gamma.ts';
import { normalQuantile } from '#engine/kernel/normal.ts';

/** From this many degrees of freedom on the expansion about the normal quantile is exact to better than 1e-9. */
const EXPANSION_DEGREES = 1000;
const TINY = 1e-300;

/**
 * Quantile of Student's t: the t with P(T <= t) = p, for 0 < p < 1 and `degrees` > 0 (need not be whole); error below 1e-8
 * relative. Solves the regularised incomplete beta function; for many degrees of freedom the Cornish-Fisher series of
 * Abramowitz and Stegun 26.7.5.
 */
export function studentTQuantile(p: number, degrees: number): number {
  invariant(p > 0 && p < 1 && degrees > 0, `Student's t needs 0 < p < 1 and degrees > 0, got ${p}, ${degrees}`);
  if (p === 0.5) return 0;
  if (p < 0.5) return -upperQuantile(p, degrees);
  return upperQuantile(1 - p, degrees);
}

/** P(T > t) for t >= 0. */
export function studentTTail(t: number, degrees: number): number {
  const square = t * t;
  // The smaller of x and 1 - x, both computed directly, so that neither tail loses digits.
  return square > degrees
    ? 0.5 * incompleteBeta(degrees / (degrees + square), degrees / 2, 0.5)
    : 0.5 - 0.5 * incompleteBeta(square / (degrees + square), 0.5, degrees / 2);
}

/** The t >= 0 with P(T > t) = tail, tail < 1/2: bisection on a doubling bracket, ended by the float itself. */
function upperQuantile(tail: number, degrees: number): number {
  const z = -normalQuantile(tail);
  if (degrees >= EXPANSION_DEGREES) return expansion(z, degrees);
  let low = 0;
  let high = Math.max(1, z);
  while (studentTTail(high, degrees) > tail) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < 200; step += 1) {
    const middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if (studentTTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}

function expansion(z: number, degrees: number): number {
  const s = z * z;
  const g1 = ((s + 1) * z) / 4;
  const g2 = (((5 * s + 16) * s + 3) * z) / 96;
  const g3 = ((((3 * s + 19) * s + 17) * s - 15) * z) / 384;
  const g4 = (((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) * z) / 92160;
  return z + (g1 + (g2 + (g3 + g4 / degrees) / degrees) / degrees) / degrees;
}

/** Regularised incomplete beta function I_x(a, b), 0 <= x <= 1, by its continued fraction (modified Lentz). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x);
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const factor = d * c;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-15) break;
  }
  return (Math.exp(logFront) * fraction) / a;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
