/** Puts measured and simulated percentiles side by side. Pure. */
import type { MeasuredPercentiles, MetricComparison } from '#schema/deployment-measure.ts';
import type { MetricSummary } from '#schema/result.ts';
import { ratio } from './compare-series.ts';

type Summaries = Readonly<Record<string, { readonly metrics: Readonly<Record<string, MetricSummary>> }>>;

/** Measured percentiles beside those of a run. Both are of all samples: of `seconds` measured, of `runSeconds` simulated. */
export function comparePercentiles(
  run: Summaries,
  measured: readonly (Omit<MeasuredPercentiles, 'samples' | 'periods'> & { readonly periods?: number })[],
  { seconds, runSeconds }: { readonly seconds: number; readonly runSeconds: number },
): MetricComparison[] {
  return measured.flatMap(({ node, metric, unit, periods = 1, ...seen }) => {
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
