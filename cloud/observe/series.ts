/** Reads CloudWatch metrics into the same series that a run has. */
import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { MetricDeclaration } from '#schema/component.ts';
import type { SeriesData } from '#schema/result.ts';

/** A GetMetricData call takes 500 queries, and a metric needs two at most. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html (read 2026-11-21) */
const METRICS_AT_ONCE = 250;
const MS_PER_SECOND = 1000;

/** One metric of one deployed resource. */
export interface MeasuredMetric {
  readonly node: string;
  readonly declaration: MetricDeclaration;
  /** CloudWatch's dimensions, name -> value. */
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface MeasuredWindow {
  /** Clock time that is second zero of the series. */
  readonly start: Date;
  readonly end: Date;
  /** Seconds of a point: 60 or a multiple for metrics of AWS. */
  readonly periodSeconds: number;
}

/** Series by node, and which metrics CloudWatch had nothing of: they lag by minutes, and what is zero is often not published. */
export interface MeasuredSeries {
  readonly nodes: Readonly<Record<string, readonly SeriesData[]>>;
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
  const found: Found[] = [];
  for (let from = 0; from < metrics.length; from += METRICS_AT_ONCE) {
    found.push(...(await readPart(client, metrics.slice(from, from + METRICS_AT_ONCE), window)));
  }
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

type Points = ReadonlyMap<number, number>;

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

/** Values by clock time, by query id, over all pages of the answer. */
async function readPart(
  client: CloudWatchClient,
  metrics: readonly MeasuredMetric[],
  { start, end, periodSeconds }: MeasuredWindow,
): Promise<Found[]> {
  const queries = metrics.flatMap((metric, i) =>
    asksMean(metric.declaration)
      ? [queryOf(metric, `m${i}`, 'Average', periodSeconds), queryOf(metric, `x${i}`, 'Maximum', periodSeconds)]
      : [queryOf(metric, `m${i}`, metric.declaration.statistic, periodSeconds)],
  );
  const found = new Map<string, Map<number, number>>();
  let token: string | undefined;
  do {
    const page = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: start,
        EndTime: end,
        ScanBy: 'TimestampAscending',
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    for (const { Id = '', Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
      const points = found.get(Id) ?? new Map<number, number>();
      Timestamps.forEach((time, i) => points.set(time.getTime(), Values[i] ?? Number.NaN));
      found.set(Id, points);
    }
    token = page.NextToken;
  } while (token !== undefined);
  return metrics.map((metric, i) => ({
    metric,
    points: found.get(`m${i}`) ?? new Map(),
    maxima: found.get(`x${i}`),
  }));
}

function queryOf(
  { declaration, dimensions }: MeasuredMetric,
  id: string,
  statistic: string,
  periodSeconds: number,
): MetricDataQuery {
  return {
    Id: id,
    ReturnData: true,
    MetricStat: {
      Metric: {
        Namespace: declaration.namespace,
        MetricName: declaration.name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: statistic,
    },
  };
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
