import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { type RetryPhase, RetryPhases } from '#engine/stations/retry-phases.ts';

const S = 1_000_000;
/**
 * Amazon SNS to AWS-managed endpoints, as documented:
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html (read 2026-11-21).
 */
const managed: readonly RetryPhase[] = [
  { retries: 3, growth: 'linear', firstWaitUs: 0, lastWaitUs: 0 },
  { retries: 2, growth: 'linear', firstWaitUs: S, lastWaitUs: S },
  { retries: 10, growth: 'exponential', firstWaitUs: S, lastWaitUs: 20 * S },
  { retries: 100_000, growth: 'linear', firstWaitUs: 20 * S, lastWaitUs: 20 * S },
];

describe('RetryPhases', () => {
  it('walks through its phases: at once, evenly, growing, then for ever at the longest wait', () => {
    const phases = new RetryPhases(managed, 0);
    expect(phases.retries).toBe(100_015);
    expect([1, 2, 3, 4, 5, 6].map((retry) => phases.waitUs(retry))).toEqual([0, 0, 0, S, S, S]);
    expect(phases.waitUs(15)).toBeCloseTo(20 * S, 0);
    expect(phases.waitUs(16)).toBe(20 * S);
    expect(phases.waitUs(100_015)).toBe(20 * S);
    expect(phases.waitUs(100_016)).toBe(-1);
    // 23 days, as AWS says.
    let totalUs = 0;
    for (let retry = 1; retry <= phases.retries; retry++) totalUs += phases.waitUs(retry);
    expect(totalUs / S / 86_400).toBeCloseTo(23.15, 2);
  });

  it('grows exponentially by one ratio and linearly by one step', () => {
    const exponential = new RetryPhases([{ retries: 4, growth: 'exponential', firstWaitUs: S, lastWaitUs: 8 * S }], 0);
    [S, 2 * S, 4 * S, 8 * S].forEach((waitUs, i) => expect(exponential.waitUs(i + 1)).toBeCloseTo(waitUs, 3));
    const linear = new RetryPhases([{ retries: 4, growth: 'linear', firstWaitUs: S, lastWaitUs: 7 * S }], 0);
    expect([1, 2, 3, 4].map((retry) => linear.waitUs(retry))).toEqual([S, 3 * S, 5 * S, 7 * S]);
  });

  it('takes the first wait when a growing phase has one retry', () => {
    const phases = new RetryPhases([{ retries: 1, growth: 'exponential', firstWaitUs: S, lastWaitUs: 8 * S }], 0);
    expect(phases.waitUs(1)).toBe(S);
  });

  it('spreads the waits around their mean, never those of immediate retries', () => {
    const phases = new RetryPhases(managed, 0.5);
    const draw = new DrawStream(1, 'topic', 'retry');
    const waits = Array.from({ length: 20_000 }, (_, i) => phases.jitteredUs(4, draw, i));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0.5 * S);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1.5 * S);
    expect(waits.reduce((sum, wait) => sum + wait, 0) / waits.length / S).toBeCloseTo(1, 2);
    expect(phases.jitteredUs(1, draw, 3)).toBe(0);
    expect(phases.jitteredUs(100_016, draw, 3)).toBe(-1);
  });

  it('fails when a wait of 0 should grow exponentially', () => {
    expect(() => new RetryPhases([{ retries: 3, growth: 'exponential', firstWaitUs: 0, lastWaitUs: S }], 0)).toThrow(
      'exponential waits are above 0',
    );
  });
});
