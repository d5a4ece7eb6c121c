/** Reads CloudWatch metrics into the same series that a run has. */
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { MetricDeclaration } from '#schema/component.ts';
import type { NodeSeries, SeriesData } from '#schema/result.ts';
import { type MeasuredMetric, type Points, readPoints } from './metric-data.ts';

const MS_PER_SECOND = 1000;

export interface MeasuredWindow {
  /** Clock time that is second zero of the series. */
  readonly start: Date;
  readonly end: Date;
  /** Seconds of a point: 60 or a multiple for metrics of AWS. */
  readonly periodSeconds: number;
}

/** Series by node, and which metrics CloudWatch had nothing of: they lag by minutes, and what is zero is often not published. */
export interface MeasuredSeries {
  readonly nodes: NodeSeries;
  readonly silent: readonly { readonly node: string; readonly metric: string }[];
  /** End of the newest point of all; the series end here, since what is later may be on its way. Undefined: nothing yet. */
  readonly until: Date | undefined;
}

/** Asks for all metrics of the window. A point that CloudWatch does not have is NaN, but 0 for sums of a metric that has others. */
export async function readSeries(
  client: CloudWatchClient,
  metrics: readonly MeasuredMetric[],
  window: MeasuredWindow,
): Promise<MeasuredSeries> {
  const found = await readAll(client, metrics, window);
  const until = endOf(found, window);
  const shown = until === undefined ? window : { ...window, end: until };
  const nodes: Record<string, SeriesData[]> = {};
  const silent: { node: string; metric: string }[] = [];
  for (const { metric, points, maxima } of found) {
    const { node, declaration } = metric;
    if (points.size === 0) silent.push({ node, metric: declaration.name });
    else (nodes[node] ??= []).push(seriesOf(declaration, points, maxima, shown));
  }
  return { nodes, silent, until };
}

interface Found {
  readonly metric: MeasuredMetric;
  readonly points: Points;
  /** Of samples whose mean was asked for. */
  readonly maxima: Points | undefined;
}

/** End of the newest point within the window. */
function endOf(found: readonly Found[], { start, end, periodSeconds }: MeasuredWindow): Date | undefined {
  const newest = found.reduce((latest, { points }) => Math.max(latest, ...points.keys()), Number.NEGATIVE_INFINITY);
  if (newest < start.getTime()) return undefined;
  return new Date(Math.min(end.getTime(), newest + periodSeconds * MS_PER_SECOND));
}

/** A simulated series has the mean and the largest value of each point: so has the measured one where a percentile is shown. */
const asksMean = ({ statistic }: MetricDeclaration): boolean => statistic === 'p99';

async function readAll(
  client: CloudWatchClient,
  metrics: readonly MeasuredMetric[],
  window: MeasuredWindow,
): Promise<Found[]> {
  const { periodSeconds } = window;
  const means = metrics.filter(({ declaration }) => asksMean(declaration));
  const asked = [
    ...metrics.map((metric) => ({
      metric,
      statistic: asksMean(metric.declaration) ? 'Average' : metric.declaration.statistic,
      periodSeconds,
    })),
    ...means.map((metric) => ({ metric, statistic: 'Maximum', periodSeconds })),
  ];
  const points = await readPoints(client, asked, window);
  return metrics.map((metric, i) => ({
    metric,
    points: points[i] ?? new Map<number, number>(),
    maxima: means.includes(metric) ? points[metrics.length + means.indexOf(metric)] : undefined,
  }));
}

function seriesOf(
  { name, unit, series }: MetricDeclaration,
  points: Points,
  maxima: Points | undefined,
  window: MeasuredWindow,
): SeriesData {
  const empty = series === 'counter' ? 0 : Number.NaN;
  return {
    metric: name,
    unit,
    startSeconds: 0,
    stepSeconds: window.periodSeconds,
    values: columnOf(points, empty, window),
    ...(maxima === undefined ? {} : { maxima: columnOf(maxima, empty, window) }),
  };
}

function columnOf(points: Points, empty: number, { start, end, periodSeconds }: MeasuredWindow): Float64Array {
  const count = Math.ceil((end.getTime() - start.getTime()) / MS_PER_SECOND / periodSeconds);
  const values = new Float64Array(count).fill(empty);
  for (const [time, value] of points) {
    const place = Math.floor((time - start.getTime()) / MS_PER_SECOND / periodSeconds);
    if (place >= 0 && place < count) values[place] = value;
  }
  return values;
}
