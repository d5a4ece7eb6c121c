import { describe, expect, it } from 'vitest';
import { LoadDetails } from '#engine/worker/load-details.ts';
import { ENTITIES_PER_CELL, FIRST_DERIVED, FIRST_JOINED } from '#engine/workload/entities.ts';
import { ArrivalSource } from '#engine/workload/source.ts';
import type { FaultSpec } from '#schema/faults.ts';
import { workloadSchema } from '#schema/workload.ts';

const SECOND = 1_000_000;
const workload = workloadSchema.parse({
  id: 'clicks',
  node: 'shop',
  arrivals: { kind: 'poisson', recordsPerSecond: 100 },
  recordSize: { kind: 'lognormal', meanBytes: 600, cv: 0.6, maxBytes: 16_000 },
  partitionKey: { kind: 'zipf', keys: 1000, exponent: 0.6 },
});

function details(faults: FaultSpec[] = []) {
  const source = new ArrivalSource(1, 0, workload, { startSecondsOfDay: 0, startDayOfWeek: 0 }, faults);
  return { source, details: new LoadDetails(() => [source]) };
}

describe('LoadDetails', () => {
  it('gives a record the key it had, where that lies in the stretch of the ring', () => {
    const { source, details: known } = details();
    const cell = 300_000_000;
    for (let index = 0; index < 200; index += 1) {
      const entity = cell * ENTITIES_PER_CELL + index;
      const own = known.keyWithin(0, entity, 0, 0, 1);
      const at = source.keys.position(own);
      expect(known.keyWithin(0, entity, 0, at, at + 1e-6)).toBe(own);
    }
  });

  it.each([
    ['its own', 300_000_000 * ENTITIES_PER_CELL],
    ['joined', FIRST_JOINED],
  ])('gives other records keys of the stretch, each by its share there (%s)', (_name, first) => {
    const { source, details: known } = details();
    const draws = 40_000;
    const counts = new Float64Array(1000);
    for (let i = 0; i < draws; i += 1) counts[known.keyWithin(0, first + i, 0, 0.25, 0.5)]! += 1;
    const total = source.keys.shareInRange(0.25, 0.5);
    let statistic = 0;
    let degrees = -1;
    for (let key = 0; key < 1000; key += 1) {
      const position = source.keys.position(key);
      if (position < 0.25 || position >= 0.5) expect(counts[key]).toBe(0);
      else {
        const expected = (draws * source.keys.share(key)) / total;
        statistic += (counts[key]! - expected) ** 2 / expected;
        degrees += 1;
      }
    }
    // Passed with probability 1 - 1e-5.
    const ninth = 2 / (9 * degrees);
    expect(statistic).toBeLessThan(degrees * (1 - ninth + 4.265 * Math.sqrt(ninth)) ** 3);
  });

  it('knows from when on a hot key changes the keys; an interval that ends with a second holds nothing of the next', () => {
    const hot: FaultSpec = {
      id: 'hot',
      kind: 'hotKey',
      node: 'shop',
      startSeconds: 10,
      durationSeconds: 5,
      shareRatio: 0.5,
    };
    const { details: known } = details([hot]);
    expect(known.haveSameKeys(0, 8 * SECOND, 10 * SECOND)).toBe(true);
    expect(known.haveSameKeys(0, 8 * SECOND, 10 * SECOND + 1)).toBe(false);
    expect(known.haveSameKeys(0, 10 * SECOND, 15 * SECOND)).toBe(true);
    expect(known.haveSameKeys(0, 10 * SECOND, 10 * SECOND)).toBe(true);
    expect(known.haveSameKeys(0, 14 * SECOND, 16 * SECOND)).toBe(false);
  });

  it('draws sizes for joined records as for any of the workload, the mean for derived ones', () => {
    const { details: known } = details();
    const sizes = Array.from({ length: 4000 }, (_, i) => known.bytesOf(0, FIRST_JOINED + i, 600));
    expect(Math.abs(sizes.reduce((sum, bytes) => sum + bytes, 0) / 4000 - 600)).toBeLessThan(30);
    expect(new Set(sizes).size).toBeGreaterThan(500);
    expect(known.bytesOf(0, FIRST_DERIVED, 321)).toBe(321);
  });
});
