import type { MetricDeclaration } from '#schema/component.ts';

const source = {
  url: 'https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html',
  read: '2026-11-21',
} as const;
const namespace = 'AWS/Kinesis';
const dimensions = [{ name: 'StreamName', from: 'AWS::Kinesis::Stream' }] as const;
const sum = { namespace, dimensions, statistic: 'Sum', series: 'counter', source } as const;
const sample = { namespace, dimensions, series: 'sample', source } as const;
const derived = { namespace: 'Caudal', statistic: 'Maximum', series: 'gauge', derived: true, source } as const;

export const metrics: readonly MetricDeclaration[] = [
  { name: 'IncomingRecords', unit: 'Count', ...sum },
  { name: 'IncomingBytes', unit: 'Bytes', ...sum },
  { name: 'WriteProvisionedThroughputExceeded', unit: 'Count', ...sum },
  { name: 'ReadProvisionedThroughputExceeded', unit: 'Count', ...sum },
  { name: 'GetRecords.IteratorAgeMilliseconds', badge: 'age', unit: 'Milliseconds', statistic: 'Maximum', ...sample },
  { name: 'GetRecords.Records', unit: 'Count', ...sum },
  { name: 'GetRecords.Bytes', unit: 'Bytes', ...sum },
  { name: 'GetRecords.Latency', unit: 'Milliseconds', statistic: 'Average', ...sample },
  { name: 'PutRecord.Bytes', unit: 'Bytes', ...sum },
  { name: 'PutRecord.Latency', unit: 'Milliseconds', statistic: 'Average', ...sample },
  { name: 'PutRecord.Success', unit: 'Count', statistic: 'Average', ...sample },
  { name: 'PutRecords.Bytes', unit: 'Bytes', ...sum },
  { name: 'PutRecords.Latency', unit: 'Milliseconds', statistic: 'Average', ...sample },
  { name: 'PutRecords.Success', unit: 'Count', statistic: 'Average', ...sample },
  { name: 'PutRecords.TotalRecords', unit: 'Count', ...sum },
  { name: 'PutRecords.SuccessfulRecords', unit: 'Count', ...sum },
  { name: 'PutRecords.FailedRecords', unit: 'Count', ...sum },
  { name: 'PutRecords.ThrottledRecords', unit: 'Count', ...sum },
  { name: 'SubscribeToShardEvent.Records', unit: 'Count', ...sum },
  { name: 'SubscribeToShardEvent.Bytes', unit: 'Bytes', ...sum },
  { name: 'SubscribeToShardEvent.MillisBehindLatest', unit: 'Milliseconds', statistic: 'Maximum', ...sample },
  { name: 'OpenShardCount', unit: 'Count', ...derived },
  { name: 'WriteUtilization', unit: 'Percent', ...derived },
  { name: 'HottestShardUtilization', unit: 'Percent', ...derived },
  { name: 'HottestKeyLoad', unit: 'Percent', ...derived },
  { name: 'ShardDemand', unit: 'Count', ...derived },
  { name: 'OldestUnreadAgeMilliseconds', badge: 'age', unit: 'Milliseconds', ...derived },
];
