import { describe, expect, it } from 'vitest';
import { comparePercentiles } from '#analysis/compare-percentiles.ts';

describe('percentiles of what was measured', () => {
  it('stand beside those of all samples of the run, and say of how much time each is', () => {
    const [seen] = [
      { node: 'a', metric: 'Duration', unit: 'Milliseconds', p50: 20, p99: 100, samples: 9, periods: 1 },
    ] as const;
    const run = { a: { metrics: { Duration: { unit: 'Milliseconds', mean: 1, max: 1, p50: 10, p99: 100 } } } };
    expect(comparePercentiles(run, [seen], { seconds: 240, runSeconds: 600 })).toEqual([
      expect.objectContaining({ statistic: 'p50', simulated: 10, measured: 20, errorRatio: 0.5 }),
      expect.objectContaining({ statistic: 'p99', errorRatio: 0, seconds: 240, simulatedSeconds: 600 }),
    ]);
    expect(comparePercentiles({}, [seen], { seconds: 1, runSeconds: 1 })).toEqual([]);
  });
});
