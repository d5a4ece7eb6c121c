/**
 * Percentiles of measured times. CloudWatch is asked for one period that holds the whole time, so that they are those of all
 * samples: percentiles of minutes cannot be put together again. Where it answers with several periods nevertheless (a time of more
 * than a day, or one that crosses the bounds at which it begins its periods), the percentiles are means of theirs, weighted by how
 * many samples each has, and the row says so.
 *
 * CloudWatch has none for what a service publishes as sums instead of single values, and none where a value is negative.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html (read 2026-11-21)
 */
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { MetricDeclaration } from '#schema/component.ts';
import type { MeasuredPercentiles, MetricComparison } from '#schema/deployment-measure.ts';
import type { MetricSummary } from '#schema/result.ts';
import { ratio } from '#analysis/compare-series.ts';
import { type MeasuredMetric, type Points, readPoints } from './metric-data.ts';

const STATISTICS = ['p50', 'p99', 'SampleCount'] as const;
const LONGEST_PERIOD_SECONDS = 86_400;
const MINUTE_SECONDS = 60;

/** Times that single events took. */
function isTime({ series, unit }: MetricDeclaration): boolean {
  return series === 'sample' && (unit === 'Milliseconds' || unit === 'Seconds');
}

/** Percentiles of every measured time that CloudWatch has them of. `start`: a full minute. */
export async function readPercentiles(
  client: CloudWatchClient,
  metrics: readonly MeasuredMetric[],
  window: { readonly start: Date; readonly end: Date },
): Promise<MeasuredPercentiles[]> {
  const seconds = (window.end.getTime() - window.start.getTime()) / 1000;
  const minutes = Math.max(1, Math.ceil(seconds / MINUTE_SECONDS));
  const periodSeconds = Math.min(LONGEST_PERIOD_SECONDS, minutes * MINUTE_SECONDS);
  const times = metrics.filter(({ declaration }) => isTime(declaration));
  const asked = times.flatMap((metric) => STATISTICS.map((statistic) => ({ metric, statistic, periodSeconds })));
  const points = await readPoints(client, asked, window);
  return times.flatMap(({ node, declaration }, i) => {
    const [p50s, p99s, counts] = points.slice(STATISTICS.length * i, STATISTICS.length * (i + 1));
    const p50 = weighted(p50s, counts);
    const p99 = weighted(p99s, counts);
    if (p50 === undefined || p99 === undefined || counts === undefined) return [];
    const samples = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return [{ node, metric: declaration.name, unit: declaration.unit, p50, p99, samples, periods: counts.size }];
  });
}

/** The mean of the periods, each weighted by its samples; undefined where one with samples has no percentile. */
function weighted(values: Points | undefined, counts: Points | undefined): number | undefined {
  if (values === undefined || counts === undefined) return undefined;
  let sum = 0;
  let weight = 0;
  for (const [time, count] of counts) {
    if (count === 0) continue;
    const value = values.get(time);
    if (value === undefined || Number.isNaN(value)) return undefined;
    sum += value * count;
    weight += count;
  }
  return weight === 0 ? undefined : sum / weight;
}

type Summaries = Readonly<Record<string, { readonly metrics: Readonly<Record<string, MetricSummary>> }>>;

/** Measured percentiles beside those of a run. Both are of all samples: of `seconds` measured, of `runSeconds` simulated. */
export function comparePercentiles(
  run: Summaries,
  measured: readonly MeasuredPercentiles[],
  { seconds, runSeconds }: { readonly seconds: number; readonly runSeconds: number },
): MetricComparison[] {
  return measured.flatMap(({ node, metric, unit, periods, ...seen }) => {
    const simulated = run[node]?.metrics[metric];
    return (['p50', 'p99'] as const).flatMap((statistic): MetricComparison[] => {
      const own = simulated?.[statistic];
      if (own === undefined) return [];
      const errorRatio = ratio(seen[statistic] - own, seen[statistic]);
      return [
        {
          node,
          metric,
          unit,
          statistic,
          simulated: own,
          measured: seen[statistic],
          errorRatio,
          shapeErrorRatio: null,
          seconds,
          simulatedSeconds: runSeconds,
          ...(periods > 1 ? { periods } : {}),
        },
      ];
    });
  });
}
