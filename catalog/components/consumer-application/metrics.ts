import type { MetricDeclaration } from '#schema/component.ts';

const source = {
  url: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/publishingMetrics.html',
  read: '2026-11-21',
  note: 'an application publishes metrics of its own',
} as const;
const derived = { namespace: 'Caudal', derived: true, source } as const;

export const metrics: readonly MetricDeclaration[] = [
  { name: 'RecordsDelivered', unit: 'Count', statistic: 'Sum', series: 'counter', ...derived },
  { name: 'DuplicatesDelivered', unit: 'Count', statistic: 'Sum', series: 'counter', ...derived },
  { name: 'RecordsFailed', unit: 'Count', statistic: 'Sum', series: 'counter', ...derived },
  /** Event time to delivery. */
  { name: 'DeliveryLatency', unit: 'Milliseconds', statistic: 'p99', series: 'sample', ...derived },
  /** Queries of the dashboards, those that were refused or failed, and the time until their answers. */
  { name: 'QueriesSent', unit: 'Count', statistic: 'Sum', series: 'counter', ...derived },
  { name: 'QueriesFailed', unit: 'Count', statistic: 'Sum', series: 'counter', ...derived },
  { name: 'QueryLatency', unit: 'Milliseconds', statistic: 'p99', series: 'sample', ...derived },
  /** Share of the workers and shard lanes that work on records. */
  { name: 'Utilisation', unit: 'Percent', statistic: 'Average', series: 'gauge', ...derived },
];
