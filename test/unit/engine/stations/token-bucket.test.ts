import { describe, expect, it } from 'vitest';
import { TokenBucket } from '#engine/stations/token-bucket.ts';

const SECOND = 1_000_000;

/** Largest number of takes by time t: the burst that was there and what was refilled, floor(b + r t). */
function mostTaken(burst: number, ratePerSecond: number, timeUs: number): number {
  return Math.floor(burst + (ratePerSecond * timeUs) / SECOND);
}

describe('TokenBucket', () => {
  it('admits the burst and then the sustained rate, as floor(b + r t) says, without losing or gaining one in an hour', () => {
    const bucket = new TokenBucket(1000, 1000, 0);
    let taken = 0;
    // 3,700 offers a second at uneven instants: always more than the refill.
    for (let i = 0; i < 3600 * 3700; i++) {
      const now = Math.floor((i * SECOND) / 3700);
      if (bucket.take(1, now)) taken += 1;
      if (i % 999_983 === 0 && i > 0) expect(taken).toBe(mostTaken(1000, 1000, now));
    }
    expect(taken).toBe(mostTaken(1000, 1000, Math.floor(((3600 * 3700 - 1) * SECOND) / 3700)));
  });

  it('never refuses a load paced at exactly its rate, even from an empty bucket', () => {
    const bucket = new TokenBucket(3, 3, 0, 0);
    let refused = 0;
    for (let i = 1; i <= 300_000; i++) if (!bucket.take(1, Math.ceil((i * SECOND) / 3))) refused += 1;
    expect(refused).toBe(0);
  });

  it('fills up to its capacity and no further', () => {
    const bucket = new TokenBucket(10, 5, 0, 0);
    expect(bucket.available(SECOND)).toBe(5);
    expect(bucket.available(100 * SECOND)).toBe(10);
    expect(bucket.take(11, 100 * SECOND)).toBe(false);
    expect(bucket.available(100 * SECOND)).toBe(10);
  });

  it('tells the first microsecond at which a take succeeds', () => {
    const bucket = new TokenBucket(1_048_576, 1_048_576, 0, 0);
    const wait = bucket.timeUntilUs(1000, 0);
    expect(wait).toBe(Math.ceil((1000 * SECOND) / 1_048_576));
    expect(bucket.take(1000, wait - 1)).toBe(false);
    expect(bucket.take(1000, wait)).toBe(true);
  });

  it('says that more than it holds, or anything without refill, can never be taken', () => {
    expect(new TokenBucket(5, 5, 0).timeUntilUs(6, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(new TokenBucket(5, 0, 0, 0).timeUntilUs(1, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(new TokenBucket(5, 0, 0).timeUntilUs(5, 0)).toBe(0);
  });

  it('earns an overdraft back before it admits again', () => {
    const bucket = new TokenBucket(2, 2, 0);
    bucket.spend(12, 0);
    expect(bucket.available(0)).toBe(-10);
    expect(bucket.take(1, 5 * SECOND)).toBe(false);
    expect(bucket.take(1, 5.5 * SECOND)).toBe(true);
  });

  it('keeps what it holds when its rate changes, up to the new capacity', () => {
    const bucket = new TokenBucket(1000, 1000, 0);
    bucket.configure(250, 250, SECOND);
    expect(bucket.available(SECOND)).toBe(250);
    bucket.take(250, SECOND);
    expect(bucket.available(1.5 * SECOND)).toBe(125);
  });

  it('counts rates of less than a token a second in hundredths', () => {
    const bucket = new TokenBucket(5, 2.5, 0, 0);
    expect(bucket.refillPerSecond).toBe(2.5);
    expect(bucket.available(2 * SECOND)).toBe(5);
  });

  it('fails when its capacity is beyond exact arithmetic', () => {
    expect(() => new TokenBucket(1e9, 1, 0)).toThrow('a bucket holds');
  });
});
