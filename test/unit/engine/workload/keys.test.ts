import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { compileKeyLaw, type KeySpace, keyName, withHotKey } from '#engine/workload/keys.ts';

/**
 * Upper bound of a chi-square statistic that a true law passes with probability 1e-5 (Wilson and Hilferty's approximation,
 * standard normal quantile 4.265).
 */
function chiSquareBound(degrees: number): number {
  const ninth = 2 / (9 * degrees);
  return degrees * (1 - ninth + 4.265 * Math.sqrt(ninth)) ** 3;
}

function sampleCounts(keys: KeySpace, draws: number): Float64Array {
  const stream = new DrawStream(11, 'clicks', 'keys');
  const counts = new Float64Array(keys.keyCount);
  for (let i = 0; i < draws; i += 1) counts[keys.sample(stream, 3, i)]! += 1;
  return counts;
}

function chiSquare(counts: Float64Array, expected: (key: number) => number): number {
  return counts.reduce((sum, count, key) => sum + (count - expected(key)) ** 2 / expected(key), 0);
}

describe('Zipf keys', () => {
  it.each([0.5, 1, 1.3])('occur in proportion to rank^-%d', (exponent) => {
    const keys = compileKeyLaw({ kind: 'zipf', keys: 60, exponent });
    const weights = Array.from({ length: 60 }, (_, key) => (key + 1) ** -exponent);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const draws = 60_000;
    const statistic = chiSquare(sampleCounts(keys, draws), (key) => (draws * weights[key]!) / total);
    expect(statistic).toBeLessThan(chiSquareBound(59));
    expect(keys.share(0)).toBeCloseTo(weights[0]! / total, 12);
  });

  it('are uniform at exponent 0', () => {
    const keys = compileKeyLaw({ kind: 'zipf', keys: 50, exponent: 0 });
    expect(chiSquare(sampleCounts(keys, 50_000), () => 1000)).toBeLessThan(chiSquareBound(49));
  });

  it('reach beyond the tabulated million with the right share in each octave', () => {
    const exponent = 0.9;
    const keyCount = 64_000_000;
    const keys = compileKeyLaw({ kind: 'zipf', keys: keyCount, exponent });
    // Integral of x^-0.9 over the ranks of each octave above a million, over the total.
    const area = (a: number, b: number) => ((b + 0.5) ** 0.1 - (a + 0.5) ** 0.1) / 0.1;
    let head = 0;
    for (let rank = 1; rank <= 1_000_000; rank += 1) head += rank ** -exponent;
    const edges = [1, 2, 4, 8, 16, 32, 64].map((millions) => millions * 1_000_000);
    const total = head + area(1_000_000, keyCount);
    const counts = new Float64Array(7);
    const stream = new DrawStream(1, 'clicks', 'keys');
    const draws = 40_000;
    for (let i = 0; i < draws; i += 1) {
      const rank = keys.sample(stream, 0, i) + 1;
      expect(rank <= keyCount).toBe(true);
      counts[edges.findIndex((edge) => rank <= edge)]! += 1;
    }
    const expected = (slot: number) => (draws * (slot === 0 ? head : area(edges[slot - 1]!, edges[slot]!))) / total;
    expect(chiSquare(counts, expected)).toBeLessThan(chiSquareBound(6));
  });
});

describe('hot key', () => {
  it('takes its share of the records and leaves the rest even', () => {
    const keys = compileKeyLaw({ kind: 'hotKey', keys: 41, hotShareRatio: 0.3 });
    const draws = 40_000;
    const counts = sampleCounts(keys, draws);
    const statistic = chiSquare(counts, (key) => draws * (key === 0 ? 0.3 : 0.7 / 40));
    expect(statistic).toBeLessThan(chiSquareBound(40));
  });

  it('takes everything or nothing at the ends of the scale', () => {
    expect(sampleCounts(compileKeyLaw({ kind: 'hotKey', keys: 5, hotShareRatio: 1 }), 1000)[0]).toBe(1000);
    expect(sampleCounts(compileKeyLaw({ kind: 'hotKey', keys: 5, hotShareRatio: 0 }), 1000)[0]).toBe(0);
  });

  it('of a fault takes its share from all keys and leaves the other records their keys', () => {
    const calm = compileKeyLaw({ kind: 'uniform', keys: 1000 });
    const hot = withHotKey(calm, 0.4);
    const stream = new DrawStream(2, 'clicks', 'keys');
    const draws = 20_000;
    let moved = 0;
    for (let i = 0; i < draws; i += 1) {
      const key = hot.sample(stream, 9, i);
      if (key === calm.sample(stream, 9, i)) continue;
      expect(key).toBe(0);
      moved += 1;
    }
    // 0.4 of 999/1000 of the records; 4.5 standard deviations.
    expect(Math.abs(moved - draws * 0.3996)).toBeLessThan(4.5 * Math.sqrt(draws * 0.4 * 0.6));
    const position = hot.position(0);
    const width = 1e-9;
    expect(hot.shareInRange(position, position + width)).toBeCloseTo(0.4 + 0.6 / 1000, 9);
    expect(hot.heaviestIn(0, 1)).toEqual({ keyIndex: 0, share: 0.4 + 0.6 / 1000 });
    expect(hot.shareInRange(0, 1)).toBeCloseTo(1, 12);
  });
});

describe('where keys lie', () => {
  it('is the MD5 of their text', () => {
    const keys = compileKeyLaw({ kind: 'uniform', keys: 100 });
    for (const key of [0, 1, 99, 42, 42]) {
      const digest = createHash('md5').update(keyName(key)).digest('hex');
      expect(keys.position(key)).toBe(Number(BigInt(`0x${digest}`) >> 75n) / 2 ** 53);
    }
  });

  it('gives ranges the sum of the shares of their keys', () => {
    const keys = compileKeyLaw({ kind: 'zipf', keys: 500, exponent: 1.1 });
    for (const [lo, hi] of [
      [0, 0.25],
      [0.25, 0.5],
      [0.1, 0.100001],
      [0.99, 1],
      [0.5, 0.5],
    ] as const) {
      let share = 0;
      let heaviest = -1;
      for (let key = 499; key >= 0; key -= 1) {
        if (keys.position(key) < lo || keys.position(key) >= hi) continue;
        share += keys.share(key);
        heaviest = key;
      }
      expect(keys.shareInRange(lo, hi)).toBeCloseTo(share, 12);
      expect(keys.heaviestIn(lo, hi).keyIndex).toBe(heaviest);
    }
    expect(keys.shareInRange(0, 1)).toBe(1);
  });

  it('is cut without loss: the shares of adjacent ranges add up to one', () => {
    for (const spec of [
      { kind: 'single' },
      { kind: 'uniform', keys: 20_000 },
      { kind: 'hotKey', keys: 3_000_000, hotShareRatio: 0.2 },
    ] as const) {
      const keys = compileKeyLaw(spec);
      let sum = 0;
      for (let shard = 0; shard < 7; shard += 1) sum += keys.shareInRange(shard / 7, (shard + 1) / 7);
      expect(sum).toBeCloseTo(1, 12);
    }
  });

  it('counts by the width of the range when there are more than a million even keys', () => {
    const keys = compileKeyLaw({ kind: 'uniform', keys: 5_000_000 });
    expect(keys.shareInRange(0.2, 0.45)).toBeCloseTo(0.25, 12);
    const heaviest = keys.heaviestIn(0.2, 0.2001);
    expect(heaviest.share).toBe(1 / 5_000_000);
    expect(keys.position(heaviest.keyIndex)).toBeGreaterThanOrEqual(0.2);
  });

  it('has no heaviest key where no key lies', () => {
    const keys = compileKeyLaw({ kind: 'single' });
    const position = keys.position(0);
    expect(keys.heaviestIn(position + 1e-6, 1)).toEqual({ keyIndex: -1, share: 0 });
    expect(keys.heaviestIn(position, 1)).toEqual({ keyIndex: 0, share: 1 });
  });

  it('finds the heaviest of many keys in a range that the first thousands miss', () => {
    const keys = compileKeyLaw({ kind: 'zipf', keys: 30_000, exponent: 0.8 });
    const target = 25_000;
    const lo = keys.position(target);
    expect(keys.heaviestIn(lo, lo + 1e-12)).toEqual({ keyIndex: target, share: keys.share(target) });
  });
});

describe('a key drawn from a range of hashes', () => {
  const [lo, hi] = [0.25, 0.5];
  const zipf = compileKeyLaw({ kind: 'zipf', keys: 400, exponent: 0.8 });
  const within = (key: number): boolean => zipf.position(key) >= lo && zipf.position(key) < hi;

  it.each([
    ['a plain law', zipf],
    ['a law with a hot key', withHotKey(zipf, 0.3)],
  ])('occurs by its share of the keys there: %s', (_name, keys) => {
    const draws = 50_000;
    const counts = new Float64Array(400);
    for (let i = 0; i < draws; i += 1) counts[keys.pickInRange((i + 0.5) / draws, lo, hi)]! += 1;
    const total = keys.shareInRange(lo, hi);
    for (let key = 0; key < 400; key += 1) {
      const expected = within(key) ? (draws * keys.share(key)) / total : 0;
      expect(Math.abs(counts[key]! - expected), `key ${key}`).toBeLessThanOrEqual(2);
    }
  });

  it('is the hot key where that lies there', () => {
    const at = zipf.position(0);
    expect(withHotKey(zipf, 0.9).pickInRange(0.5, at, at + 1e-9)).toBe(0);
  });

  it('is none where no key lies, or where keys are too many to be counted', () => {
    expect(zipf.pickInRange(0.5, 0.5, 0.5)).toBe(-1);
    expect(compileKeyLaw({ kind: 'uniform', keys: 2_000_000 }).pickInRange(0.5, 0, 0.5)).toBe(-1);
  });
});
