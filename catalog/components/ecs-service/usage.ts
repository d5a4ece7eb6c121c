import type { UsageDeclaration } from '#schema/component.ts';

/**
 * What AWS bills for tasks, from the start of the image pull until they end, per second and for at least a minute.
 * https://aws.amazon.com/fargate/pricing/ (read 2026-11-21). The lease table of the Kinesis Client Library is a DynamoDB table on demand.
 */
export const usage: readonly UsageDeclaration[] = [
  { id: 'vcpuHours', label: 'vCPU of tasks', unit: 'vCPU-hour', scalesWith: 'time' },
  { id: 'memoryGbHours', label: 'Memory of tasks', unit: 'GB-hour', scalesWith: 'time' },
  { id: 'ephemeralGbHours', label: 'Ephemeral storage above 20 GiB', unit: 'GB-hour', scalesWith: 'time' },
  { id: 'leaseTableWrites', label: 'Lease renewals and checkpoints', unit: 'WRU', scalesWith: 'time' },
];
