import { describe, expect, it } from 'vitest';
import { normalQuantile } from '#engine/kernel/normal.ts';
import { normalTail } from '#engine/workload/lognormal-size.ts';

describe('tail of the normal distribution', () => {
  it('reproduces tabulated values', () => {
    // NIST/SEMATECH e-Handbook 1.3.6.7.1 and its extension to 16 digits.
    expect(normalTail(0)).toBeCloseTo(0.5, 14);
    expect(normalTail(1)).toBeCloseTo(0.158655253931457, 14);
    expect(normalTail(1.96)).toBeCloseTo(0.0249978951482204, 14);
    expect(normalTail(-1)).toBeCloseTo(0.841344746068543, 14);
    expect(normalTail(5) / 2.86651571879194e-7).toBeCloseTo(1, 6);
    expect(normalTail(8) / 6.22096057427178e-16).toBeCloseTo(1, 6);
    expect(normalTail(40)).toBe(0);
    expect(normalTail(-40)).toBe(1);
  });

  it('undoes the quantile', () => {
    for (let p = 0.001; p < 1; p += 0.001) expect(normalTail(normalQuantile(p))).toBeCloseTo(1 - p, 13);
  });
});
