import { describe, expect, it } from 'vitest';
import { incompleteBeta, studentTQuantile, studentTTail } from '#engine/stats/student-t.ts';

/** P(T > t) for whole degrees of freedom, closed forms (Abramowitz and Stegun 26.7.3 and 26.7.4). */
function closedTail(t: number, degrees: number): number {
  const theta = Math.atan(t / Math.sqrt(degrees));
  const cosine = Math.cos(theta);
  let sum = 0;
  if (degrees % 2 === 1) {
    let term = cosine;
    for (let k = 1; k <= (degrees - 1) / 2; k += 1) {
      sum += term;
      term *= ((2 * k) / (2 * k + 1)) * cosine * cosine;
    }
    return (1 - (2 / Math.PI) * (theta + Math.sin(theta) * sum)) / 2;
  }
  let term = 1;
  for (let k = 0; k < degrees / 2; k += 1) {
    sum += term;
    term *= ((2 * k + 1) / (2 * k + 2)) * cosine * cosine;
  }
  return (1 - Math.sin(theta) * sum) / 2;
}

describe('studentTQuantile', () => {
  it('agrees with the closed forms for 1, 2 and 4 degrees of freedom', () => {
    for (const p of [0.51, 0.6, 0.75, 0.9, 0.975, 0.995, 0.9999]) {
      const alpha = 4 * p * (1 - p);
      expect(studentTQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5))).toBeCloseTo(1, 9);
      expect(studentTQuantile(p, 2) / ((2 * p - 1) * Math.sqrt(2 / alpha))).toBeCloseTo(1, 9);
      const q = Math.cos(Math.acos(Math.sqrt(alpha)) / 3) / Math.sqrt(alpha);
      expect(studentTQuantile(p, 4) / (2 * Math.sqrt(q - 1))).toBeCloseTo(1, 9);
    }
  });

  it('inverts the closed distribution function for 3 to 2,000 degrees of freedom', () => {
    for (const degrees of [3, 5, 9, 10, 29, 30, 99, 500, 999, 1000, 2000]) {
      for (const t of [0.2, 1.3, 2.5]) {
        const p = 1 - closedTail(t, degrees);
        expect(Math.abs(studentTQuantile(p, degrees) / t - 1)).toBeLessThan(1e-8);
      }
    }
  });

  it('agrees with the printed table at 97.5 %', () => {
    const table = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
    table.forEach((t, i) => expect(studentTQuantile(0.975, i + 1)).toBeCloseTo(t, 3));
    expect(studentTQuantile(0.975, 1e9)).toBeCloseTo(1.959963984540054, 8);
  });

  it('is continuous where the method changes', () => {
    const below = studentTQuantile(0.995, 999.999);
    const above = studentTQuantile(0.995, 1000);
    expect(Math.abs(above / below - 1)).toBeLessThan(1e-8);
  });

  it('is symmetric', () => {
    expect(studentTQuantile(0.5, 7)).toBe(0);
    expect(studentTQuantile(0.025, 7)).toBeCloseTo(-studentTQuantile(0.975, 7), 12);
  });

  it('fails outside its range', () => {
    expect(() => studentTQuantile(0, 5)).toThrow(/invariant/);
    expect(() => studentTQuantile(1, 5)).toThrow(/invariant/);
    expect(() => studentTQuantile(0.9, 0)).toThrow(/invariant/);
  });
});

describe('studentTTail', () => {
  it('agrees with the closed forms', () => {
    for (const degrees of [1, 2, 7, 40]) {
      for (const t of [0, 0.01, 0.9, 3]) expect(studentTTail(t, degrees)).toBeCloseTo(closedTail(t, degrees), 12);
    }
  });
});

describe('incompleteBeta', () => {
  it('agrees with polynomials for whole parameters and with its mirror image', () => {
    for (const x of [0, 0.1, 0.35, 0.8, 1]) {
      expect(incompleteBeta(x, 1, 1)).toBeCloseTo(x, 13);
      expect(incompleteBeta(x, 2, 3)).toBeCloseTo(x * x * (6 - 8 * x + 3 * x * x), 13);
      expect(incompleteBeta(x, 3.3, 0.7)).toBeCloseTo(1 - incompleteBeta(1 - x, 0.7, 3.3), 13);
    }
  });
});
