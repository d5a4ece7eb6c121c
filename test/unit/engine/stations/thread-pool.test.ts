import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { QUEUE_FULL, ThreadPool } from '#engine/stations/thread-pool.ts';

describe('thread pool', () => {
  it('starts a task on a free thread, or when the thread that is free first is free', () => {
    const pool = new ThreadPool(2, Number.POSITIVE_INFINITY, 0);
    expect(pool.submit(0, 100, false)).toBe(100);
    expect(pool.submit(10, 30, false)).toBe(40);
    expect(pool.submit(20, 50, false)).toBe(90);
    expect(pool.submit(20, 50, false)).toBe(140);
    expect([pool.waiting(20), pool.waiting(39), pool.waiting(40), pool.waiting(90)]).toEqual([2, 2, 1, 0]);
    expect([pool.busy(89), pool.busy(120), pool.busy(140)]).toEqual([2, 1, 0]);
  });

  it('refuses what finds the queue full, unless it is forced', () => {
    const pool = new ThreadPool(1, 2, 0);
    expect([1, 2, 3].map(() => pool.submit(0, 10, false))).toEqual([10, 20, 30]);
    expect(pool.submit(0, 10, false)).toBe(QUEUE_FULL);
    expect(pool.submit(0, 10, true)).toBe(40);
    expect(pool.submit(30, 10, false)).toBe(50);
  });

  it('measures the work done', () => {
    const pool = new ThreadPool(2, Number.POSITIVE_INFINITY, 0);
    pool.submit(0, 100, false);
    pool.submit(50, 100, false);
    expect([pool.doneUs(50), pool.doneUs(80), pool.doneUs(100), pool.doneUs(200)]).toEqual([50, 110, 150, 200]);
  });

  it('goes on with fewer threads, and with more', () => {
    const pool = new ThreadPool(3, Number.POSITIVE_INFINITY, 0);
    for (const work of [30, 60, 90]) pool.submit(0, work, false);
    pool.resize(1, 5, 20);
    expect(pool.doneUs(20)).toBe(60);
    // The thread that stays is the one with the most to do.
    expect(pool.submit(20, 10, false)).toBe(100);
    pool.resize(2, 5, 20);
    expect(pool.submit(20, 10, false)).toBe(30);
    expect(pool.threads).toBe(2);
  });

  it('waits as Pollaczek and Khinchine say: M/D/1 at a load of 0.8', () => {
    const pool = new ThreadPool(1, Number.POSITIVE_INFINITY, 0);
    const gaps = new DrawStream(1, 'pool', 'gaps');
    let nowUs = 0;
    let waitedUs = 0;
    const n = 200_000;
    for (let i = 0; i < n; i++) {
      nowUs += -Math.log(gaps.uniform(i)) * 1250;
      waitedUs += pool.submit(nowUs, 1000, false) - 1000 - nowUs;
    }
    // rho / (2 (1 - rho)) x service = 2,000 us.
    expect(waitedUs / n / 2000).toBeCloseTo(1, 1);
  });

  it('keeps the order of a long queue', () => {
    const pool = new ThreadPool(1, Number.POSITIVE_INFINITY, 0);
    for (let i = 1; i <= 300; i++) expect(pool.submit(0, 1, false)).toBe(i);
    expect(pool.waiting(0)).toBe(299);
    expect(pool.waiting(200)).toBe(99);
    for (let i = 1; i <= 300; i++) pool.submit(200, 1, false);
    expect(pool.waiting(200)).toBe(399);
  });
});
