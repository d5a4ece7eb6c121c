/** What a measured run adds to the charts of the timeline. Pure. */
import { type ChoosableNode, seenMetrics } from '#drawing/chart-choice.ts';
import { chartValue, type PointKind } from '#drawing/chart-points.ts';
import { type MeasuredRun, measuredSeries } from '#renderer/aws/measured.ts';
import type { SeriesData } from '#schema/result.ts';

/** With a measured run at hand, what it measured is what is looked at. */
export function comparedNodes(
  nodes: readonly ChoosableNode[],
  measured: MeasuredRun | undefined,
): readonly ChoosableNode[] {
  if (measured === undefined) return nodes;
  const compared = nodes.map((node) => {
    const metrics = node.spec.metrics.filter(({ name }) => measuredSeries(measured, node.id, name) !== undefined);
    return { ...node, spec: { ...node.spec, metrics } };
  });
  return compared.some((node) => seenMetrics(node).length > 0) ? compared : nodes;
}

/** What was measured and not simulated, such as a throttle that was not foreseen, is worth a chart too. */
export function withMeasured(
  result: ChoosableNode['result'],
  measured: readonly SeriesData[] | undefined,
): ChoosableNode['result'] {
  if (measured === undefined) return result;
  const metrics: Record<string, { readonly max: number }> = { ...result?.metrics };
  for (const { metric, values, maxima } of measured) {
    const max = (maxima ?? values).reduce((most, value) => (value > most ? value : most), metrics[metric]?.max ?? 0);
    metrics[metric] = { ...metrics[metric], max };
  }
  return { series: result?.series ?? [], metrics };
}

/** Null outside of what was measured. */
export function valueWithin(series: SeriesData, kind: PointKind, seconds: number): number | null {
  const { startSeconds, stepSeconds, values } = series;
  const isWithin = seconds >= startSeconds && seconds < startSeconds + stepSeconds * values.length;
  return isWithin ? chartValue(series, kind, seconds) : null;
}
