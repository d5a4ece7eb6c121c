/** Puts into the emulator's CloudWatch what AWS would have measured: the emulator measures nothing itself. */
import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { AwsAccount } from '#cloud/account/account.ts';
import { listResources, readOwners } from '#cloud/deploy/stack-state.ts';
import { deployedMetrics } from '#cloud/observe/deployed-metrics.ts';
import { buildModel } from '#engine/worker/model.ts';
import { collect, runModel } from '#engine/worker/run.ts';
import { openDocument } from '#host/files/open.ts';
import type { MetricDeclaration } from '#schema/component.ts';
import type { SeriesData } from '#schema/result.ts';

const MINUTE_MS = 60_000;

export interface Seeded {
  readonly stackName: string;
  /** File of the design. */
  readonly file: string;
  /** What was otherwise on AWS: `path=value`. */
  readonly settings: readonly string[];
  readonly start: Date;
  readonly minutes: number;
  /** Metrics that CloudWatch has nothing of. */
  readonly unseen: readonly string[];
}

export async function seedMetrics(
  account: AwsAccount,
  { stackName, file, settings, start, minutes, unseen }: Seeded,
): Promise<void> {
  const { document } = await openDocument(file, [...settings]);
  const model = buildModel(document, {
    seed: 4711,
    horizonSeconds: minutes * 60,
    preRollSeconds: 0,
    fidelity: 'exact',
  });
  runModel(model);
  const { nodes } = collect(model, false);
  const resources = await listResources(account, stackName, await readOwners(account, stackName));
  for (const { node, declaration, dimensions } of deployedMetrics(document, resources, stackName)) {
    const series = nodes[node]?.series.find(({ metric }) => metric === declaration.name);
    if (series === undefined || unseen.includes(declaration.name)) continue;
    const MetricData = byMinute(series, minutes, declaration).flatMap((Value, minute) =>
      Number.isNaN(Value)
        ? []
        : [
            {
              MetricName: declaration.name,
              Dimensions: Object.entries(dimensions).map(([Name, value]) => ({ Name, Value: value })),
              Timestamp: new Date(start.getTime() + minute * MINUTE_MS),
              Value,
            },
          ],
    );
    await account.clients.cloudWatch.send(new PutMetricDataCommand({ Namespace: declaration.namespace, MetricData }));
  }
}

/** The sum of a counter over each minute, the largest of a maximum, the mean of what else was measured. */
function byMinute(
  { values, maxima, stepSeconds }: SeriesData,
  minutes: number,
  { series, statistic }: MetricDeclaration,
): number[] {
  const each = 60 / stepSeconds;
  const isMaximum = statistic === 'Maximum';
  const column = isMaximum ? (maxima ?? values) : values;
  return Array.from({ length: minutes }, (_, minute) => {
    const known = column.slice(minute * each, (minute + 1) * each).filter((value) => !Number.isNaN(value));
    if (known.length === 0) return Number.NaN;
    const sum = known.reduce((total, value) => total + value, 0);
    if (series === 'counter') return sum;
    return isMaximum ? Math.max(...known) : sum / known.length;
  });
}
