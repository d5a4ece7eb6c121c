import { describe, expect, it } from 'vitest';
import { normalQuantile } from '#engine/kernel/normal.ts';

/** P(Z <= z) for z <= 0: power series near the centre, Laplace's continued fraction in the tail (z < -3). */
function lowerTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < -3) {
    let fraction = -z;
    for (let k = 400; k >= 1; k -= 1) fraction = -z + k / fraction;
    return density / fraction;
  }
  let term = z;
  let sum = z;
  for (let k = 1; k < 200; k += 1) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + density * sum;
}

describe('normalQuantile', () => {
  it('agrees with published values', () => {
    // Wichura 1988, table of test values; 97.5 % point.
    expect(normalQuantile(0.25)).toBeCloseTo(-0.6744897501960817, 14);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167814, 14);
    expect(normalQuantile(1e-20)).toBeCloseTo(-9.262340089798408, 13);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
  });

  it('inverts the distribution function from the centre to far tails', () => {
    for (let z = -0.05; z > -37; z *= 1.13) {
      const p = lowerTail(z);
      expect(Math.abs(normalQuantile(p) / z - 1)).toBeLessThan(1e-12);
    }
  });

  it('is symmetric, rises, and is zero at one half', () => {
    expect(normalQuantile(0.5)).toBe(0);
    let before = Number.NEGATIVE_INFINITY;
    for (let i = 1; i < 4096; i += 1) {
      const z = normalQuantile(i / 4096);
      expect(z).toBeGreaterThan(before);
      expect(normalQuantile(1 - i / 4096)).toBe(0 - z);
      before = z;
    }
  });

  it('fails softly outside (0, 1), with NaN', () => {
    for (const p of [0, 1, -0.1, 1.1, Number.NaN]) expect(normalQuantile(p)).toBeNaN();
  });
});
