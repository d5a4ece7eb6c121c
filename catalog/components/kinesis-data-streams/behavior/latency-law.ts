import { compileLaw, type Law } from '#engine/kernel/laws.ts';

/** Lognormal law of a latency in microseconds; a mean of 0 ms is no latency at all. */
export function latencyLaw(meanMs: number, variation: number): Law {
  const mean = meanMs * 1000;
  return mean === 0
    ? compileLaw({ kind: 'deterministic', mean })
    : compileLaw({ kind: 'lognormal', mean, cv: variation });
}
