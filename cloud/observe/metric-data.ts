/** Asks CloudWatch for metric data: queries in parts that one call takes, and every page of the answers. */
import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { MetricDeclaration } from '#schema/component.ts';

/** Queries that a GetMetricData call takes. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html (read 2026-11-21) */
const QUERIES_AT_ONCE = 500;

/** One metric of one deployed resource. */
export interface MeasuredMetric {
  readonly node: string;
  readonly declaration: MetricDeclaration;
  /** CloudWatch's dimensions, name -> value. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Values by the clock time at which their period begins, Unix milliseconds. */
export type Points = ReadonlyMap<number, number>;

/** What is asked of a metric; `statistic` as CloudWatch names it, such as `Sum` or `p99`. */
export interface Asked {
  readonly metric: MeasuredMetric;
  readonly statistic: string;
  /** A multiple of 60. */
  readonly periodSeconds: number;
}

/** The points of each question, in the order of the questions; empty where CloudWatch has none. */
export async function readPoints(
  client: CloudWatchClient,
  asked: readonly Asked[],
  { start, end }: { readonly start: Date; readonly end: Date },
): Promise<Points[]> {
  const found: Points[] = [];
  for (let from = 0; from < asked.length; from += QUERIES_AT_ONCE) {
    found.push(...(await readPart(client, asked.slice(from, from + QUERIES_AT_ONCE), start, end)));
  }
  return found;
}

async function readPart(client: CloudWatchClient, asked: readonly Asked[], start: Date, end: Date): Promise<Points[]> {
  const queries = asked.map((one, i) => queryOf(one, `m${i}`));
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
  return asked.map((_, i) => found.get(`m${i}`) ?? new Map<number, number>());
}

function queryOf({ metric, statistic, periodSeconds }: Asked, id: string): MetricDataQuery {
  const { declaration, dimensions } = metric;
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
