import { describe, expect, it } from 'vitest';
import { components } from '#catalog/specs.ts';
import { type ChoosableNode, seenMetrics } from '#drawing/chart-choice.ts';
import type { MeasuredRun } from '#renderer/aws/measured.ts';
import { comparedNodes, valueWithin, withMeasured } from '#renderer/charts/measured-choices.ts';
import type { SeriesData } from '#schema/result.ts';

const series = (metric: string, values: readonly number[], startSeconds = 0): SeriesData => ({
  metric,
  unit: 'Count',
  startSeconds,
  stepSeconds: 60,
  values: Float64Array.from(values),
});

const spec = components.get('kinesis-data-streams');
if (spec === undefined) throw new Error('no such component');
const simulated = { series: [], metrics: { IncomingRecords: { max: 10 }, OldestUnreadAgeMilliseconds: { max: 5 } } };
const node: ChoosableNode = { id: 'clicks', spec, result: simulated };
const measured = (metric: string): MeasuredRun => ({
  runId: 'r',
  source: { kind: 'file', name: 'm.caudal-run', engineVersion: '0.0.0' },
  nodes: { clicks: [series(metric, [0, 4, Number.NaN])] },
  percentiles: [],
  cost: null,
});

describe('charts beside a measured run', () => {
  it('suggest what was measured, and no more', () => {
    const [shown] = comparedNodes([node], measured('IncomingRecords'));
    expect(shown && seenMetrics(shown).map(({ name }) => name)).toEqual(['IncomingRecords']);
    expect(comparedNodes([node], undefined)).toEqual([node]);
  });

  it('suggest what was simulated where nothing of it was measured', () => {
    expect(comparedNodes([node], measured('IncomingBytes'))).toEqual([node]);
  });

  it('offer a metric that was measured but never simulated', () => {
    const throttled = withMeasured(simulated, [series('WriteProvisionedThroughputExceeded', [0, 7])]);
    expect(throttled?.metrics['WriteProvisionedThroughputExceeded']?.max).toBe(7);
    expect(throttled?.metrics['IncomingRecords']?.max).toBe(10);
    expect(simulated.metrics).not.toHaveProperty('WriteProvisionedThroughputExceeded');
    expect(withMeasured(undefined, undefined)).toBeUndefined();
    expect(withMeasured(undefined, [series('IncomingRecords', [3])])).toEqual({
      series: [],
      metrics: { IncomingRecords: { max: 3 } },
    });
  });

  it('take the larger of both for a metric that has both', () => {
    expect(withMeasured(simulated, [series('IncomingRecords', [4, 12])])?.metrics['IncomingRecords']?.max).toBe(12);
    expect(withMeasured(simulated, [series('IncomingRecords', [4])])?.metrics['IncomingRecords']?.max).toBe(10);
  });

  it('have no measured value before, after and between what was measured', () => {
    const own = series('IncomingRecords', [60, Number.NaN, 120], 30);
    expect([0, 29.9, 30, 100, 150, 209, 210].map((second) => valueWithin(own, 'rate', second))).toEqual([
      null,
      null,
      1,
      null,
      2,
      2,
      null,
    ]);
  });
});
