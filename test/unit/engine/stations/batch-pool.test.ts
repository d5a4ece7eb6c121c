import { describe, expect, it } from 'vitest';
import { addFailure, BatchPool } from '#engine/stations/batch-pool.ts';

const caller = { onSettled: () => {} };

describe('batch pool', () => {
  it('hands the same batch out again, empty, after it was given back', () => {
    const pool = new BatchPool(caller);
    const first = pool.take(3);
    pool.add(first, 42, 1, 100);
    first.failedAt = 0;
    first.ageUs = 5;
    pool.give(first);
    const second = pool.take(4);
    expect(second).toBe(first);
    expect(second).toMatchObject({
      token: 4,
      count: 0,
      records: 0,
      bytes: 0,
      failedAt: -1,
      failureCount: 0,
      ageUs: -1,
    });
    expect(pool.size).toBe(1);
  });

  it('makes no more batches than were out at one time', () => {
    const pool = new BatchPool(caller);
    for (let round = 0; round < 5; round++) {
      const out = [pool.take(0), pool.take(1), pool.take(2)];
      for (const batch of out) pool.give(batch);
    }
    expect(pool.size).toBe(3);
  });

  it('keeps units, records and bytes of a batch that outgrows its array', () => {
    const pool = new BatchPool(caller);
    const batch = pool.take(0);
    for (let i = 0; i < 1000; i++) pool.add(batch, i, 2, 10);
    expect(batch).toMatchObject({ count: 1000, records: 2000, bytes: 10_000 });
    expect(Array.from(batch.units.subarray(0, 1000))).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  it('lists failed units in order and remembers the first', () => {
    const pool = new BatchPool(caller, 'each');
    const batch = pool.take(0);
    for (let i = 0; i < 40; i++) pool.add(batch, i, 1, 1);
    for (let i = 5; i < 40; i++) addFailure(batch, i);
    expect(batch.failedAt).toBe(5);
    expect(Array.from(batch.failures.subarray(0, batch.failureCount))).toEqual(
      Array.from({ length: 35 }, (_, i) => i + 5),
    );
  });
});
