/** Reads CloudWatch metrics into the same series that a run has. */
import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { MetricDeclaration } from '#schema/component.ts';
import type { SeriesData } from '#schema/result.ts';

/** Queries of one GetMetricData call. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html (read 2026-11-21) */
const QUERIES_AT_ONCE = 500;
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
}

/** Asks for all metrics of the window. A point that CloudWatch does not have is NaN, but 0 for sums of a metric that has others. */
export async function readSeries(
  client: CloudWatchClient,
  metrics: readonly MeasuredMetric[],
  window: MeasuredWindow,
): Promise<MeasuredSeries> {
  const nodes: Record<string, SeriesData[]> = {};
  const silent: { node: string; metric: string }[] = [];
  for (let from = 0; from < metrics.length; from += QUERIES_AT_ONCE) {
    const part = metrics.slice(from, from + QUERIES_AT_ONCE);
    const found = await readPart(client, part, window);
    part.forEach((metric, i) => {
      const points = found.get(`m${i}`);
      if (points === undefined || points.size === 0)
        silent.push({ node: metric.node, metric: metric.declaration.name });
      else (nodes[metric.node] ??= []).push(seriesOf(metric.declaration, points, window));
    });
  }
  return { nodes, silent };
}

/** Values by clock time, by query id, over all pages of the answer. */
async function readPart(
  client: CloudWatchClient,
  metrics: readonly MeasuredMetric[],
  { start, end, periodSeconds }: MeasuredWindow,
): Promise<Map<string, Map<number, number>>> {
  const queries = metrics.map((metric, i) => queryOf(metric, `m${i}`, periodSeconds));
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
  return found;
}

function queryOf({ declaration, dimensions }: MeasuredMetric, id: string, periodSeconds: number): MetricDataQuery {
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
      Stat: declaration.statistic,
    },
  };
}

function seriesOf(
  { name, unit, series }: MetricDeclaration,
  points: ReadonlyMap<number, number>,
  { start, end, periodSeconds }: MeasuredWindow,
): SeriesData {
  const count = Math.ceil((end.getTime() - start.getTime()) / MS_PER_SECOND / periodSeconds);
  const values = new Float64Array(count).fill(series === 'counter' ? 0 : Number.NaN);
  for (const [time, value] of points) {
    const place = Math.floor((time - start.getTime()) / MS_PER_SECOND / periodSeconds);
    if (place >= 0 && place < count) values[place] = value;
  }
  return { metric: name, unit, startSeconds: 0, stepSeconds: periodSeconds, values };
}
