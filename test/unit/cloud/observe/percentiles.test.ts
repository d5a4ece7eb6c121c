import type { CloudWatchClient, GetMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import type { MeasuredMetric } from '#cloud/observe/metric-data.ts';
import { comparePercentiles, readPercentiles } from '#cloud/observe/percentiles.ts';
import type { MetricDeclaration } from '#schema/component.ts';

const source = { url: 'https://example.com', read: '2026-11-21' } as const;
const duration: MetricDeclaration = {
  name: 'Duration',
  namespace: 'AWS/X',
  unit: 'Milliseconds',
  statistic: 'p99',
  series: 'sample',
  source,
};
const metric = (declaration: Partial<MetricDeclaration> = {}): MeasuredMetric => ({
  node: 'a',
  declaration: { ...duration, ...declaration },
  dimensions: { Name: 'a' },
});
const START = new Date('2026-11-21T20:00:00Z');
const window = { start: START, end: new Date('2026-11-21T20:30:00Z') };

/** CloudWatch that has, for each statistic, a value for each period. */
function cloudWatch(values: Readonly<Record<string, readonly number[]>>) {
  const asked: GetMetricDataCommandInput[] = [];
  const send = ({ input }: { readonly input: GetMetricDataCommandInput }) => {
    asked.push(input);
    const MetricDataResults = input.MetricDataQueries?.map(({ Id, MetricStat }) => {
      const Values = values[MetricStat?.Stat ?? ''] ?? [];
      return { Id, Values, Timestamps: Values.map((_, i) => new Date(START.getTime() + i * 86_400_000)) };
    });
    return Promise.resolve({ MetricDataResults });
  };
  return { client: { send } as unknown as CloudWatchClient, asked };
}

describe('percentiles of what was measured', () => {
  it('are asked for in one period that holds all of the time, so that they are of all samples', async () => {
    const { client, asked } = cloudWatch({ p50: [20], p99: [90], SampleCount: [1000] });
    expect(await readPercentiles(client, [metric()], window)).toEqual([
      { node: 'a', metric: 'Duration', unit: 'Milliseconds', p50: 20, p99: 90, samples: 1000, periods: 1 },
    ]);
    expect(asked[0]?.MetricDataQueries?.map(({ MetricStat }) => [MetricStat?.Stat, MetricStat?.Period])).toEqual([
      ['p50', 1800],
      ['p99', 1800],
      ['SampleCount', 1800],
    ]);
  });

  it('of more than a day are means of the days, weighted by their samples', async () => {
    const { client, asked } = cloudWatch({ p50: [20, 40], p99: [100, 200], SampleCount: [300, 100] });
    const long = { start: START, end: new Date(START.getTime() + 30 * 3_600_000) };
    expect(await readPercentiles(client, [metric()], long)).toMatchObject([
      { p50: 25, p99: 125, samples: 400, periods: 2 },
    ]);
    expect(asked[0]?.MetricDataQueries?.[0]?.MetricStat?.Period).toBe(86_400);
  });

  it('are left out where CloudWatch has none, and of what is no time of single events', async () => {
    const sets = cloudWatch({ SampleCount: [10] });
    expect(await readPercentiles(sets.client, [metric()], window)).toEqual([]);
    const { client, asked } = cloudWatch({ p50: [1], p99: [1], SampleCount: [1] });
    const others = [
      metric({ series: 'counter', unit: 'Count' }),
      metric({ unit: 'Bytes' }),
      metric({ series: 'gauge' }),
    ];
    expect(await readPercentiles(client, others, window)).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('stand beside those of all samples of the run, and say of how much time each is', () => {
    const [seen] = [
      { node: 'a', metric: 'Duration', unit: 'Milliseconds', p50: 20, p99: 100, samples: 9, periods: 1 },
    ] as const;
    const run = { a: { metrics: { Duration: { unit: 'Milliseconds', mean: 1, max: 1, p50: 10, p99: 100 } } } };
    expect(comparePercentiles(run, [seen], { seconds: 240, runSeconds: 600 })).toEqual([
      expect.objectContaining({ statistic: 'p50', simulated: 10, measured: 20, errorRatio: 0.5 }),
      expect.objectContaining({ statistic: 'p99', errorRatio: 0, seconds: 240, simulatedSeconds: 600 }),
    ]);
    expect(comparePercentiles({}, [seen], { seconds: 1, runSeconds: 1 })).toEqual([]);
  });
});
