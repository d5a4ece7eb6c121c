/**
 * A token bucket that refuses what finds no token is the mirror image of a queue: what is missing in the bucket is the work in
 * M/D/1/K with K = capacity, an arrival is refused where that queue is full. Refused share: 1 - 1/(p + rho), p the chance that a
 * departure of M/D/1 with K places leaves it empty (embedded chain, e.g. Gross and Harris, Fundamentals of Queueing Theory, M/G/1/K).
 */
import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { TokenBucket } from '#engine/stations/token-bucket.ts';
import { checkMeans, columnsOf } from '#test/harness/claims.ts';

const SECOND_US = 1_000_000;

/** Share of Poisson arrivals lost by M/D/1 with `places` places, the one in service included. */
function lossOfMD1K(rho: number, places: number): number {
  const arrivals = [Math.exp(-rho)];
  for (let k = 1; k <= places; k++) arrivals.push(((arrivals[k - 1] ?? 0) * rho) / k);
  const a = (k: number): number => arrivals[k] ?? 0;
  const chain = [1];
  for (let n = 0; n < places - 1; n++) {
    let rest = (chain[n] ?? 0) - a(n);
    for (let i = 1; i <= n; i++) rest -= (chain[i] ?? 0) * a(n - i + 1);
    chain.push(rest / a(0));
  }
  const empty = 1 / chain.reduce((sum, q) => sum + q, 0);
  return 1 - 1 / (empty + rho);
}

/** Refused share of Poisson arrivals at a bucket of `capacity` tokens, refilled with `perSecond`. */
function refusedRatio(seed: number, rho: number, capacity: number, perSecond: number): number {
  const draw = new DrawStream(seed, 'bucket', 'arrivals');
  const bucket = new TokenBucket(capacity, perSecond, 0);
  const count = 600_000;
  let seconds = 0;
  let refused = 0;
  for (let i = 0; i < count; i++) {
    seconds -= Math.log(draw.uniform(i)) / (rho * perSecond);
    if (!bucket.take(1, Math.round(seconds * SECOND_US))) refused += 1;
  }
  return refused / count;
}

describe('TokenBucket', () => {
  it('has a formula with the known value for a single place: Erlang loss rho / (1 + rho)', () => {
    expect(lossOfMD1K(0.7, 1)).toBeCloseTo(0.7 / 1.7, 12);
  });

  for (const { rho, capacity, precision } of [
    { rho: 0.8, capacity: 3, precision: 0.02 },
    { rho: 0.95, capacity: 5, precision: 0.03 },
    { rho: 1.3, capacity: 10, precision: 0.015 },
  ]) {
    it(`refuses Poisson arrivals as M/D/1/K does: load ${rho}, ${capacity} tokens`, (context) => {
      const columns = columnsOf(10, (seed) => ({ refusedRatio: refusedRatio(seed, rho, capacity, 500) }));
      checkMeans(context, columns, { refusedRatio: lossOfMD1K(rho, capacity) }, precision);
    });
  }
});
