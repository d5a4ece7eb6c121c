import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { ServiceTime } from '#engine/stations/elastic-pool-service.ts';

const stream = (): DrawStream => new DrawStream(5, 'function', 'serviceTime');

describe('service time of an elastic pool', () => {
  it('is the mean itself when deterministic', () => {
    expect(new ServiceTime('deterministic', 0.7, stream()).sample(1234, 9)).toBe(1234);
  });

  it('is a pure function of the ordinal, scaled by the mean of the request', () => {
    const service = new ServiceTime('lognormal', 0.5, stream());
    const again = new ServiceTime('lognormal', 0.5, stream());
    const forwards = [0, 1, 2].map((ordinal) => service.sample(100, ordinal));
    const backwards = [2, 1, 0].map((ordinal) => again.sample(200, ordinal)).reverse();
    expect(backwards).toEqual(forwards.map((time) => 2 * time));
  });

  it.each(['exponential', 'lognormal', 'gamma', 'hyperexponential'] as const)('has the mean asked for: %s', (shape) => {
    const service = new ServiceTime(shape, 1.5, stream());
    const n = 20_000;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += service.sample(10, i);
    // Standard deviation of the mean at most 10 * 1.5 / sqrt(20,000) = 0.106; five of them is one false alarm in 1.7 million.
    expect(Math.abs(sum / n - 10)).toBeLessThan(0.53);
  });
});
