import type { MeasuredTotals, UsageDeclaration, UsageMeasurement } from '#schema/component.ts';
import type { Config } from './config.ts';

const FREE_GIB = 20;

/** Tasks as the settings say. */
function tasks(amount: (config: Config) => number): UsageMeasurement {
  return {
    by: 'settings',
    quantity: ({ hours }: MeasuredTotals, config: Config) =>
      config.autoScaling === 'none' ? hours * config.desiredCount * amount(config) : undefined,
    unknown: 'tasks that are scaled are counted by Container Insights only, which is not deployed',
  };
}

/**
 * What AWS bills for tasks, from the start of the image pull until they end, per second and for at least a minute.
 * https://aws.amazon.com/fargate/pricing/ (read 2026-11-21). The lease table of the Kinesis Client Library is a DynamoDB table on demand.
 */
export const usage: readonly UsageDeclaration[] = [
  {
    id: 'vcpuHours',
    label: 'vCPU of tasks',
    unit: 'vCPU-hour',
    scalesWith: 'time',
    measured: tasks(({ cpu }) => Number(cpu) / 1024),
  },
  {
    id: 'memoryGbHours',
    label: 'Memory of tasks',
    unit: 'GB-hour',
    scalesWith: 'time',
    measured: tasks(({ memoryMiB }) => memoryMiB / 1024),
  },
  {
    id: 'ephemeralGbHours',
    label: 'Ephemeral storage above 20 GiB',
    unit: 'GB-hour',
    scalesWith: 'time',
    measured: tasks(({ ephemeralStorageGiB }) => Math.max(0, ephemeralStorageGiB - FREE_GIB)),
  },
  {
    id: 'leaseTableWrites',
    label: 'Lease renewals and checkpoints',
    unit: 'WRU',
    scalesWith: 'time',
    measured: 'metrics of the lease table are not read',
  },
];
