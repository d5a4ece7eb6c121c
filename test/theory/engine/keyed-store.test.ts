/**
 * A cache under independent references: each request is for key i with chance p_i, whatever came before; requests come as a Poisson
 * process, and a miss writes the key.
 * - Time to live T from the write, no bound: a cycle is one miss and the hits within T, so hits = Poisson(l_i T) of 1 + l_i T requests.
 * - Least recently used, c keys of equal size: the keys held are the last c different ones asked for, in that order with chance
 *   p_1 p_2/(1 - p_1) p_3/(1 - p_1 - p_2)... (King, 1971): exact, summed over all orders where keys are few.
 * - The same where they are many: Che's approximation (Che, Tung and Wang, 2002): hit ratio = sum of p_i (1 - exp(-p_i t)), t such that
 *   the sum of 1 - exp(-p_i t) is c.
 */
import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { KeyedStore, type KeyedStoreLimits } from '#engine/stations/keyed-store.ts';
import { checkMeans, columnsOf } from '#test/harness/claims.ts';

const SECOND_US = 1_000_000;

/** Chances of n keys by rank to the power -s. */
function zipf(n: number, s: number): number[] {
  const weights = Array.from({ length: n }, (_, i) => (i + 1) ** -s);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Hit ratio of one replication; what comes before the store has filled is not counted. */
function hitRatio(
  seed: number,
  p: readonly number[],
  perSecond: number,
  limits: Partial<KeyedStoreLimits>,
  requests: number,
): number {
  const infinite = { ttlUs: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY } as const;
  const store = new KeyedStore({ ...infinite, whenFull: 'evict', ...limits });
  const draw = new DrawStream(seed, 'cache', 'requests');
  const cumulated = new Float64Array(p.length);
  p.reduce((sum, chance, i) => (cumulated[i] = sum + chance), 0);
  const warmUp = requests / 5;
  let seconds = 0;
  for (let i = 0; i < requests + warmUp; i++) {
    if (i === warmUp) store.hits = 0;
    seconds -= Math.log(draw.uniformPair(i, 0)) / perSecond;
    const nowUs = Math.round(seconds * SECOND_US);
    const key = lowerBound(cumulated, draw.uniformPair(i, 1));
    if (!store.has(key, nowUs)) store.put(key, nowUs, 1);
  }
  return store.hits / requests;
}

function lowerBound(cumulated: Float64Array, u: number): number {
  let low = 0;
  let high = cumulated.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulated[middle] ?? 1) < u) low = middle + 1;
    else high = middle;
  }
  return low;
}

function kingsHitRatio(
  p: readonly number[],
  held: number,
  chance = 1,
  taken = 0,
  used: readonly number[] = [],
): number {
  if (used.length === held) return chance * taken;
  let sum = 0;
  p.forEach((own, i) => {
    if (!used.includes(i)) sum += kingsHitRatio(p, held, (chance * own) / (1 - taken), taken + own, [...used, i]);
  });
  return sum;
}

function chesHitRatio(p: readonly number[], held: number): number {
  const present = (t: number): number => p.reduce((sum, own) => sum + 1 - Math.exp(-own * t), 0);
  let [low, high] = [0, 1];
  while (present(high) < held) high *= 2;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (present(middle) < held) low = middle;
    else high = middle;
  }
  return p.reduce((sum, own) => sum + own * (1 - Math.exp(-own * low)), 0);
}

describe('KeyedStore', () => {
  it('hits as a time to live without a bound makes it: sum of p l T / (1 + l T)', (context) => {
    const p = zipf(2000, 0.9);
    const [perSecond, ttlSeconds] = [1000, 2];
    const expected = p.reduce((sum, own) => {
      const inTime = own * perSecond * ttlSeconds;
      return sum + (own * inTime) / (1 + inTime);
    }, 0);
    const limits = { ttlUs: ttlSeconds * SECOND_US };
    const columns = columnsOf(10, (seed) => ({ hitRatio: hitRatio(seed, p, perSecond, limits, 100_000) }));
    checkMeans(context, columns, { hitRatio: expected }, 0.01);
  });

  it('hits as King says when the least recently used of few keys is evicted', (context) => {
    const p = zipf(9, 1);
    const columns = columnsOf(10, (seed) => ({ hitRatio: hitRatio(seed, p, 1000, { maxBytes: 4 }, 100_000) }));
    checkMeans(context, columns, { hitRatio: kingsHitRatio(p, 4) }, 0.01);
  });

  it('hits with chance c / n when n keys are alike, both by King and in the store', (context) => {
    expect(kingsHitRatio(zipf(6, 0), 3)).toBeCloseTo(0.5, 12);
    const columns = columnsOf(10, (seed) => ({
      hitRatio: hitRatio(seed, zipf(1000, 0), 1000, { maxBytes: 250 }, 100_000),
    }));
    checkMeans(context, columns, { hitRatio: 0.25 }, 0.02);
  });

  it('hits as Che approximates when the least recently used of many keys is evicted', (context) => {
    const p = zipf(20_000, 0.8);
    const columns = columnsOf(10, (seed) => ({ hitRatio: hitRatio(seed, p, 1000, { maxBytes: 2000 }, 200_000) }));
    checkMeans(context, columns, { hitRatio: chesHitRatio(p, 2000) }, 0.01);
  });
});
