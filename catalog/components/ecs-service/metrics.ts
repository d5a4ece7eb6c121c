import type { MetricDeclaration } from '#schema/component.ts';

const read = '2026-11-21';
const ecs = {
  namespace: 'AWS/ECS',
  dimensions: [
    { name: 'ClusterName', from: 'AWS::ECS::Cluster' },
    { name: 'ServiceName', from: 'AWS::ECS::Service' },
  ],
  source: { url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html', read },
} as const;
const insights = {
  namespace: 'ECS/ContainerInsights',
  source: {
    url: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html',
    read,
  },
} as const;
const derived = { namespace: 'Caudal', derived: true, source: ecs.source } as const;
/** Published by the Kinesis Client Library under the application's own namespace. */
const library = {
  namespace: 'Caudal',
  derived: true,
  source: { url: 'https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-kcl.html', read },
} as const;
const count = { unit: 'Count', statistic: 'Sum', series: 'counter' } as const;
const level = { unit: 'Count', statistic: 'Average', series: 'gauge' } as const;

export const metrics: readonly MetricDeclaration[] = [
  { name: 'CPUUtilization', unit: 'Percent', statistic: 'Average', series: 'gauge', ...ecs },
  { name: 'RunningTaskCount', ...level, ...insights },
  { name: 'PendingTaskCount', ...level, ...insights },
  { name: 'DesiredTaskCount', ...level, ...insights },
  { name: 'RequestCount', ...count, ...derived },
  { name: 'RequestsRefused', ...count, ...derived },
  /** Requests that a task worked on when it was lost or killed. */
  { name: 'RequestsLost', ...count, ...derived },
  { name: 'RecordsFailed', ...count, ...derived },
  { name: 'QueueLength', ...level, ...derived },
  { name: 'WaitingTime', unit: 'Milliseconds', statistic: 'Average', series: 'sample', ...derived },
  { name: 'ResponseTime', unit: 'Milliseconds', statistic: 'p99', series: 'sample', ...derived },
  { name: 'RecordsProcessed', ...count, ...library },
  { name: 'MillisBehindLatest', unit: 'Milliseconds', statistic: 'Maximum', series: 'sample', ...library },
  { name: 'CurrentLeases', ...level, ...library },
  { name: 'LeasesWithoutHolder', ...level, ...library },
  { name: 'Checkpoints', ...count, ...library },
  /** Worked on again because the task that had done so was lost before its checkpoint. */
  { name: 'RecordsRepeated', ...count, ...library },
];
