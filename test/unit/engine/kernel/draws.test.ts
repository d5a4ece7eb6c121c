import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { threefry2x32, threefryWords } from '#engine/kernel/threefry.ts';
import { chiSquareDeviate, DEVIATE_LIMIT } from './chi-square.ts';

const N = 200_000;

function correlation(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i += 1) sum += ((x[i] ?? 0) - 0.5) * ((y[i] ?? 0) - 0.5);
  return (12 * sum) / x.length;
}

function uniforms(stream: DrawStream, from = 0): Float64Array {
  return Float64Array.from({ length: N }, (_, i) => stream.uniform(from + i));
}

describe('DrawStream', () => {
  it('gives the same draw for the same seed, owner, purpose and index, in any order', () => {
    const first = new DrawStream(7, 'clicks', 'arrivals');
    const second = new DrawStream(7, 'clicks', 'arrivals');
    const forwards = [0, 1, 2, 3].map((i) => first.uniform(i));
    second.uniformPair(5, 5);
    const backwards = [3, 2, 1, 0].map((i) => second.uniform(i)).reverse();
    expect(backwards).toEqual(forwards);
  });

  it('keeps its draws from version to version', () => {
    const stream = new DrawStream(7, 'clicks', 'serviceTime');
    expect(Array.from(stream.key, (word) => word >>> 0)).toEqual([
      2661414705, 3409174451, 1313026904, 1426368010, 3497282273,
    ]);
    expect([stream.uniform(0), stream.uniform(1), stream.uniform(2 ** 40), stream.uniformPair(3, 4)]).toEqual([
      0.07013354376625436, 0.6045278983980512, 0.48277682310746595, 0.14322595440777974,
    ]);
  });

  it('gives other draws for another seed, owner, purpose, or another cut of the same letters', () => {
    const streams = [
      new DrawStream(7, 'clicks', 'arrivals'),
      new DrawStream(8, 'clicks', 'arrivals'),
      new DrawStream(7 + 2 ** 32, 'clicks', 'arrivals'),
      new DrawStream(7, 'click', 'sarrivals'),
      new DrawStream(7, 'clicksarrivals', ''),
      new DrawStream(7, 'arrivals', 'clicks'),
      new DrawStream(7, 'clicks', 'arrivaks'),
    ];
    expect(new Set(streams.map((stream) => `${stream.key[0]} ${stream.key[1]}`)).size).toBe(streams.length);
    expect(new Set(streams.map((stream) => stream.uniform(0))).size).toBe(streams.length);
  });

  it('gives ten thousand similar names keys without a common word', () => {
    const first = new Set<number>();
    const second = new Set<number>();
    for (let i = 0; i < 10_000; i += 1) {
      const { key } = new DrawStream(i % 10, `node-${Math.floor(i / 10)}`, 'arrivals');
      first.add(key[0] ?? 0);
      second.add(key[1] ?? 0);
    }
    // Expected collisions of 10,000 random 32-bit words: 0.012.
    expect(first.size).toBeGreaterThanOrEqual(9_999);
    expect(second.size).toBeGreaterThanOrEqual(9_999);
  });

  it('fills a row with the draws that it gives one by one', () => {
    const stream = new DrawStream(7, 'clicks', 'arrivals');
    const row = new Float64Array(9);
    for (const first of [0, 41, 2 ** 31 - 3, 2 ** 32 - 4, 2 ** 40 + 5]) {
      stream.fill(first, 8, row);
      expect([...row.subarray(0, 8)]).toEqual(Array.from({ length: 8 }, (_, k) => stream.uniform(first + k)));
      stream.fillPairs(first, 3, 8, row);
      expect([...row.subarray(0, 8)]).toEqual(Array.from({ length: 8 }, (_, k) => stream.uniformPair(first, 3 + k)));
    }
    expect(row[8]).toBe(0);
  });

  it('draws from the block cipher the known answers test', () => {
    const stream = new DrawStream(99, 'node', 'purpose');
    const [k0 = 0, k1 = 0, k2 = 0, pairK1 = 0, pairK2 = 0] = stream.key;
    const expected = (): number => {
      const [x = 0, y = 0] = threefryWords;
      return ((x >>> 6) * 2 ** 26 + (y >>> 6) + 0.5) / 2 ** 52;
    };
    for (let t = 0; t < 500; t += 1) {
      const index = t * 7_654_321 + (t % 3) * 2 ** 35;
      threefry2x32(index | 0, Math.floor(index / 2 ** 32), k0, k1, k2);
      const wanted = expected();
      const words = Array.from(threefryWords, (word) => word >>> 0);
      expect(stream.uniform(index)).toBe(wanted);
      expect([stream.bits(index), stream.spare]).toEqual(words);
      threefry2x32(t, index | 0, k0, pairK1, pairK2);
      const wantedPair = expected();
      expect(stream.uniformPair(t, index >>> 0)).toBe(wantedPair);
      expect(stream.bitsPair(t, index >>> 0)).toBe((threefryWords[0] ?? 0) >>> 0);
    }
  });

  it('tells indices apart up to 2^53 and pairs up to 2^53 by 2,048', () => {
    const stream = new DrawStream(1, 'a', 'b');
    const indices = [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 33, 2 ** 52, 2 ** 53 - 1];
    expect(new Set(indices.map((i) => stream.uniform(i))).size).toBe(indices.length);
    const pairs = indices.flatMap((i) => [0, 1, 2047].map((j) => stream.uniformPair(i, j)));
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  it('is uniform over 1,024 cells, in the leading and in the low-order bits', () => {
    const stream = new DrawStream(3, 'uniformity', 'test');
    const leading = new Float64Array(1024);
    const low = new Float64Array(1024);
    for (let i = 0; i < N; i += 1) {
      const u = stream.uniform(i);
      leading[Math.floor(u * 1024)] = (leading[Math.floor(u * 1024)] ?? 0) + 1;
      const rest = (u * 2 ** 26) % 1;
      low[Math.floor(rest * 1024)] = (low[Math.floor(rest * 1024)] ?? 0) + 1;
    }
    const expected = new Float64Array(1024).fill(N / 1024);
    expect(Math.abs(chiSquareDeviate(leading, expected))).toBeLessThan(DEVIATE_LIMIT);
    expect(Math.abs(chiSquareDeviate(low, expected))).toBeLessThan(DEVIATE_LIMIT);
  });

  it('never gives 0 or 1, and 1 - u is exact', () => {
    const stream = new DrawStream(5, 'ends', 'test');
    let smallest = 1;
    let largest = 0;
    let rounded = 0;
    for (let i = 0; i < N; i += 1) {
      const u = stream.uniform(i);
      if (u < smallest) smallest = u;
      if (u > largest) largest = u;
      if (1 - (1 - u) !== u) rounded += 1;
    }
    expect(smallest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(1);
    expect(rounded).toBe(0);
  });

  it('is uncorrelated with its neighbours in index and in the second counter', () => {
    const stream = new DrawStream(11, 'serial', 'test');
    const limit = 4.5 / Math.sqrt(N);
    const base = uniforms(stream);
    for (const lag of [1, 2, 7, 1024]) expect(Math.abs(correlation(base, uniforms(stream, lag)))).toBeLessThan(limit);
    const rows = [0, 1, 2].map((j) => Float64Array.from({ length: N }, (_, i) => stream.uniformPair(i, j)));
    const [row0 = base, row1 = base, row2 = base] = rows;
    expect(Math.abs(correlation(row0, row1))).toBeLessThan(limit);
    expect(Math.abs(correlation(row0, row2))).toBeLessThan(limit);
    expect(Math.abs(correlation(base, row0))).toBeLessThan(limit);
  });

  it('is independent across seeds, owners and purposes', () => {
    const base = uniforms(new DrawStream(1, 'clicks', 'arrivals'));
    const others = [
      new DrawStream(2, 'clicks', 'arrivals'),
      new DrawStream(1, 'clickt', 'arrivals'),
      new DrawStream(1, 'clicks', 'arrivalt'),
    ];
    for (const other of others) {
      const values = uniforms(other);
      expect(Math.abs(correlation(base, values))).toBeLessThan(4.5 / Math.sqrt(N));
      const joint = new Float64Array(256);
      for (let i = 0; i < N; i += 1) {
        const cell = Math.floor((base[i] ?? 0) * 16) * 16 + Math.floor((values[i] ?? 0) * 16);
        joint[cell] = (joint[cell] ?? 0) + 1;
      }
      expect(Math.abs(chiSquareDeviate(joint, new Float64Array(256).fill(N / 256)))).toBeLessThan(DEVIATE_LIMIT);
    }
  });

  it('fails when the seed is not a whole number', () => {
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => new DrawStream(seed, 'a', 'b')).toThrow(/seed/);
  });
});
