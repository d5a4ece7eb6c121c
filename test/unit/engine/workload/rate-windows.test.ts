import { describe, expect, it } from 'vitest';
import { compileProfile } from '#engine/workload/profile.ts';
import { WindowedRate } from '#engine/workload/rate-windows.ts';

const calendar = { startSecondsOfDay: 0, startDayOfWeek: 0 };
const ten = compileProfile({ kind: 'poisson', recordsPerSecond: 10 }, calendar);

describe('windows that multiply a rate', () => {
  it('change the integral only where they lie', () => {
    const rate = new WindowedRate(ten, [{ startSeconds: 100, endSeconds: 200, factor: 3 }]);
    expect(rate.integral(0, 100)).toBe(1000);
    expect(rate.integral(0, 150)).toBe(1000 + 1500);
    expect(rate.integral(50, 250)).toBe(500 + 3000 + 500);
    expect(rate.integral(120, 130)).toBe(300);
    expect(rate.meanFactor(99.5, 100.5)).toBe(2);
  });

  it('multiply where they overlap', () => {
    const rate = new WindowedRate(ten, [
      { startSeconds: 0, endSeconds: 20, factor: 3 },
      { startSeconds: 10, endSeconds: 30, factor: 0 },
      { startSeconds: 12, endSeconds: 14, factor: 5 },
    ]);
    expect([5, 13, 25, 35].map((t) => rate.meanFactor(t, t + 1))).toEqual([3, 0, 0, 1]);
    expect(rate.integral(-10, 40)).toBe(100 + 300 + 0 + 100);
  });

  it('are not flat across an edge', () => {
    const rate = new WindowedRate(ten, [{ startSeconds: 100.5, endSeconds: 200, factor: 3 }]);
    expect(rate.isFlat(100, 101)).toBe(false);
    expect(rate.isFlat(101, 102)).toBe(true);
    expect(rate.isFlat(200, 201)).toBe(true);
  });
});
