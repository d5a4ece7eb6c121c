import { describe, expect, it } from 'vitest';
import { TraceCurve } from '#engine/workload/trace-curve.ts';

describe('exact counts of a trace', () => {
  it('are the recorded ones, and none outside a trace that does not repeat', () => {
    const trace = new TraceCurve([4, 0, 9], 60, false, 1);
    expect([-1, 0, 1, 2, 3].map((bin) => trace.exactCount(bin))).toEqual([0, 4, 0, 9, 0]);
    expect(trace.isRandom(-1)).toBe(true);
    expect(trace.isRandom(0)).toBe(false);
  });

  it('go round when the trace repeats', () => {
    const trace = new TraceCurve([4, 0, 9], 60, true, 1);
    expect([-3, -2, -1, 3, 5].map((bin) => trace.exactCount(bin))).toEqual([4, 0, 9, 4, 9]);
    expect(trace.isRandom(-1)).toBe(false);
  });

  it('carry fractions from bin to bin when they are scaled, so that totals are right', () => {
    const trace = new TraceCurve([1, 1, 1, 1, 1], 60, true, 0.3);
    let total = 0;
    for (let bin = 0; bin < 1000; bin += 1) {
      const count = trace.exactCount(bin);
      expect(Number.isInteger(count) && count >= 0).toBe(true);
      total += count;
      expect(Math.abs(total - 0.3 * (bin + 1))).toBeLessThanOrEqual(0.5 + 1e-9);
    }
  });

  it('are multiplied exactly by a whole scale', () => {
    const trace = new TraceCurve([4, 0, 9], 60, false, 3);
    expect([0, 1, 2].map((bin) => trace.exactCount(bin))).toEqual([12, 0, 27]);
  });
});
