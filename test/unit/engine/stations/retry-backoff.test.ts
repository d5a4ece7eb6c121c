import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { RetryBackoff } from '#engine/stations/retry-backoff.ts';

describe('retry back-off', () => {
  it('doubles from the base to the longest wait and stays there', () => {
    const backoff = new RetryBackoff(500_000, 3_000_000);
    expect([1, 2, 3, 4, 5].map((retry) => backoff.delayUs(retry))).toEqual([
      500_000, 1_000_000, 2_000_000, 3_000_000, 3_000_000,
    ]);
  });

  it('stays finite after any number of retries', () => {
    expect(new RetryBackoff(1, 60_000_000).delayUs(10_000)).toBe(60_000_000);
  });

  it('spreads jittered waits between nothing and the wait, the same for the same index', () => {
    const backoff = new RetryBackoff(1_000_000, 1_000_000);
    const draw = new DrawStream(1, 'caller', 'retry');
    const waits = Array.from({ length: 1000 }, (_, i) => backoff.jitteredUs(3, draw, i));
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...waits)).toBeLessThan(1_000_000);
    // Uniform: standard deviation of the mean 9,129 us; four of them is one false alarm in 16,000.
    expect(Math.abs(mean - 500_000)).toBeLessThan(36_600);
    expect(backoff.jitteredUs(3, draw, 7)).toBe(waits[7]);
  });

  it('fails when a wait is not above zero', () => {
    expect(() => new RetryBackoff(0, 1)).toThrow('above 0');
  });
});
