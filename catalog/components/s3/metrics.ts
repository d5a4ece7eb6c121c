import type { MetricDeclaration } from '#schema/component.ts';

const source = {
  url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html',
  read: '2026-11-21',
} as const;
const namespace = 'AWS/S3';
const sum = { namespace, statistic: 'Sum', series: 'counter', source } as const;
const level = { namespace, statistic: 'Average', series: 'gauge', source } as const;
const latency = { namespace, unit: 'Milliseconds', statistic: 'Average', series: 'sample', source } as const;
const derived = { namespace: 'Caudal', derived: true, source } as const;

export const metrics: readonly MetricDeclaration[] = [
  { name: 'BucketSizeBytes', unit: 'Bytes', ...level },
  { name: 'NumberOfObjects', unit: 'Count', ...level },
  { name: 'AllRequests', unit: 'Count', ...sum },
  { name: 'PutRequests', unit: 'Count', ...sum },
  { name: 'BytesUploaded', unit: 'Bytes', ...sum },
  { name: 'GetRequests', unit: 'Count', ...sum },
  { name: 'BytesDownloaded', unit: 'Bytes', ...sum },
  { name: '4xxErrors', unit: 'Count', ...sum },
  { name: '5xxErrors', unit: 'Count', ...sum },
  { name: 'FirstByteLatency', ...latency },
  { name: 'TotalRequestLatency', ...latency },
  { name: 'ObjectSize', unit: 'Bytes', statistic: 'Average', series: 'sample', ...derived },
  { name: 'ObjectsWritten', unit: 'Count', statistic: 'Sum', series: 'counter', ...derived },
  { name: 'FailedRecordsStored', unit: 'Count', statistic: 'Sum', series: 'counter', ...derived },
  { name: 'Partitions', unit: 'Count', statistic: 'Maximum', series: 'gauge', ...derived },
];
