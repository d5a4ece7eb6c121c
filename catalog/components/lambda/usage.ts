import type { MeasuredTotals, MetricDeclaration, UsageDeclaration, UsageMeasurement } from '#schema/component.ts';
import type { Config } from './config.ts';

const MB_PER_GB = 1024;
const BYTES_PER_GB = 1024 ** 3;
const FREE_EPHEMERAL_MB = 512;
const MS_PER_SECOND = 1000;

/** Durations are billed in whole milliseconds: half of one more in the mean. */
const ROUNDED_UP_MS = 0.5;

/** What the function's log group took in. */
const loggedBytes: MetricDeclaration = {
  name: 'IncomingBytes',
  namespace: 'AWS/Logs',
  unit: 'Bytes',
  statistic: 'Sum',
  series: 'counter',
  dimensions: [{ name: 'LogGroupName', from: 'AWS::Logs::LogGroup' }],
  source: {
    url: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html',
    read: '2026-11-21',
  },
};

const WHICH_ENVIRONMENTS =
  'CloudWatch does not tell how long invocations on provisioned concurrency took, and how long the others did';

/** Time of all invocations, times what each second of it holds. */
function onDemand(gigabytes: (config: Config) => number): UsageMeasurement {
  return {
    by: 'metrics',
    approximates: 'without the init of cold starts, which is billed and not in Duration',
    unknown: WHICH_ENVIRONMENTS,
    quantity: (seen: MeasuredTotals, config: Config) => {
      if (config.provisionedConcurrentExecutions > 0) return undefined;
      const ms = seen.total('Duration', 'Invocations') + ROUNDED_UP_MS * seen.sum('Invocations');
      return (ms / MS_PER_SECOND) * gigabytes(config);
    },
  };
}

function provisioned({ hours }: MeasuredTotals, config: Config): number {
  return (config.provisionedConcurrentExecutions * config.memorySize * hours * 3600) / MB_PER_GB;
}

/**
 * What AWS bills for a function. GB are memory MB / 1,024; durations are rounded up to 1 ms for each invocation and include
 * init. https://aws.amazon.com/lambda/pricing/ (read 2026-11-21).
 */
export const usage: readonly UsageDeclaration[] = [
  {
    id: 'requests',
    label: 'Requests',
    unit: 'request',
    scalesWith: 'load',
    measured: { by: 'metrics', quantity: (seen) => seen.sum('Invocations') },
  },
  {
    id: 'gbSeconds',
    label: 'Duration on demand',
    unit: 'GB-second',
    scalesWith: 'load',
    measured: onDemand((config) => config.memorySize / MB_PER_GB),
  },
  {
    id: 'provisionedDurationGbSeconds',
    label: 'Duration on provisioned concurrency',
    unit: 'GB-second',
    scalesWith: 'load',
    measured: {
      by: 'settings',
      quantity: (_seen: MeasuredTotals, config: Config) =>
        config.provisionedConcurrentExecutions === 0 ? 0 : undefined,
      unknown: WHICH_ENVIRONMENTS,
    },
  },
  {
    id: 'provisionedGbSeconds',
    label: 'Provisioned concurrency',
    unit: 'GB-second',
    scalesWith: 'time',
    measured: { by: 'settings', quantity: provisioned },
  },
  {
    id: 'ephemeralStorageGbSeconds',
    label: 'Ephemeral storage above 512 MB',
    unit: 'GB-second',
    scalesWith: 'load',
    measured: onDemand((config) => Math.max(0, config.ephemeralStorageMB - FREE_EPHEMERAL_MB) / MB_PER_GB),
  },
  {
    id: 'logGigabytes',
    label: 'Log ingestion',
    unit: 'GB',
    scalesWith: 'load',
    measured: {
      by: 'metrics',
      metrics: [loggedBytes],
      quantity: (seen) => seen.sum(loggedBytes.name) / BYTES_PER_GB,
    },
  },
];
