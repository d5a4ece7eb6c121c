import { describe, expect, it } from 'vitest';
import { judgeObjectives, latencyQuantile } from '#analysis/objectives.ts';
import type { Objective } from '#schema/objectives.ts';
import type { PathResult } from '#schema/result.ts';
import { emptyResult } from './fixture-catalog.ts';

/** A path whose latencies are uniform between 0 and `most` seconds. */
function uniformPath(source: string, most: number, count: number): PathResult {
  const at = (share: number) => share * most;
  return {
    source,
    sink: 'shop',
    count,
    latencySeconds: {
      mean: at(0.5),
      p50: at(0.5),
      p90: at(0.9),
      p95: at(0.95),
      p99: at(0.99),
      p999: at(0.999),
      max: most,
    },
  };
}

const base = { label: '' };

describe('judgeObjectives', () => {
  it('measures latency, loss, duplicates, a metric and the cost of a month', () => {
    const empty = emptyResult();
    const result = emptyResult({
      paths: [uniformPath('app', 2, 100)],
      ledger: {
        ...empty.ledger,
        created: 1000,
        delivered: 900,
        dropped: 3,
        expired: 1,
        deadLettered: 1,
        duplicates: { made: 9, delivered: 9, removed: 0, inside: 0 },
      },
      nodes: {
        shop: {
          type: 'sink',
          ledger: { ...empty.ledger, delivered: 300, in: 300, out: 0 },
          duplicatesDelivered: 6,
          metrics: { Age: { unit: 'Seconds', mean: 1, max: 4 } },
          series: [],
        },
      },
    });
    const objectives: Objective[] = [
      { ...base, id: 'p99', kind: 'latency', node: 'shop', quantile: 0.99, maxSeconds: 2 },
      { ...base, id: 'loss', kind: 'loss', maxRatio: 0.001 },
      { ...base, id: 'all', kind: 'duplicates', maxRatio: 0.01 },
      { ...base, id: 'here', kind: 'duplicates', node: 'shop', maxRatio: 0.01 },
      { ...base, id: 'age', kind: 'metric', node: 'shop', metric: 'Age', max: 4 },
      { ...base, id: 'cost', kind: 'monthlyCost', maxUsd: 50 },
    ];
    const judged = judgeObjectives(objectives, result, { perMonth: 60 });
    expect(judged.map(({ id, unit, measured, pass }) => [id, unit, measured, pass])).toEqual([
      ['p99', 's', 1.98, true],
      ['loss', 'ratio', 0.005, false],
      ['all', 'ratio', 0.01, true],
      ['here', 'ratio', 0.02, false],
      ['age', 'Seconds', 4, true],
      ['cost', 'USD', 60, false],
    ]);
    expect(judged[5]?.margin).toBe(-10);
  });

  it('does not pass what could not be measured', () => {
    const objective: Objective = { ...base, id: 'p99', kind: 'latency', node: 'shop', quantile: 0.99, maxSeconds: 2 };
    expect(judgeObjectives([objective], emptyResult(), { perMonth: 0 })).toEqual([
      { id: 'p99', unit: 's', measured: null, target: 2, pass: false, margin: null },
    ]);
  });
});

describe('latencyQuantile', () => {
  it('mixes several paths by their records', () => {
    // Half the records uniform on 0..1, half on 0..3: three quarters are below 1.5 s, since 1/2 + 1/4 = 3/4,
    // and the median m solves m/2 + m/6 = 1/2: m = 0.75.
    const paths = [uniformPath('a', 1, 50), uniformPath('b', 3, 50)];
    expect(latencyQuantile(paths, 0.5)).toBeCloseTo(0.75, 9);
    // 95 %: 1/2 + x/6 = 0.95, x = 2.7.
    expect(latencyQuantile(paths, 0.95)).toBeCloseTo(2.7, 9);
  });

  it('is that of the only path that delivered', () => {
    expect(latencyQuantile([uniformPath('a', 1, 0), uniformPath('b', 3, 5)], 0.999)).toBeCloseTo(2.997, 12);
    expect(latencyQuantile([], 0.5)).toBeNull();
  });
});
