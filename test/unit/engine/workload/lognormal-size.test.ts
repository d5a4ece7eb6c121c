import { describe, expect, it } from 'vitest';
import { normalQuantile } from '#engine/kernel/normal.ts';
import { normalTail } from '#engine/workload/lognormal-size.ts';

describe('tail of the normal distribution', () => {
  it('agrees with the complementary error function', () => {
    // 0.5 erfc(x / sqrt(2)), by the C library.
    expect(normalTail(0)).toBeCloseTo(0.5, 14);
    expect(normalTail(1)).toBeCloseTo(0.158655253931457, 14);
    expect(normalTail(1.96)).toBeCloseTo(0.0249978951482204, 14);
    expect(normalTail(-1)).toBeCloseTo(0.841344746068543, 14);
    expect(normalTail(5) / 2.866515718791946e-7).toBeCloseTo(1, 6);
    expect(normalTail(8) / 6.220960574271819e-16).toBeCloseTo(1, 6);
    expect(normalTail(40)).toBe(0);
    expect(normalTail(-40)).toBe(1);
  });

  it('undoes the quantile', () => {
    for (let p = 0.001; p < 1; p += 0.001) expect(normalTail(normalQuantile(p))).toBeCloseTo(1 - p, 13);
  });
});
