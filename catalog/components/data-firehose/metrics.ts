import type { MetricDeclaration } from '#schema/component.ts';

const source = {
  url: 'https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html',
  read: '2026-11-21',
} as const;
const namespace = 'AWS/Firehose';
const dimensions = [{ name: 'DeliveryStreamName', from: 'AWS::KinesisFirehose::DeliveryStream' }] as const;
const sum = { namespace, dimensions, statistic: 'Sum', series: 'counter', source } as const;
const level = { namespace, dimensions, statistic: 'Maximum', series: 'gauge', source } as const;
const sample = { namespace, dimensions, series: 'sample', source } as const;
const success = { unit: 'Count', statistic: 'Average', ...sample } as const;
const freshness = { unit: 'Seconds', statistic: 'Maximum', ...sample } as const;
const derived = { namespace: 'Caudal', derived: true, source } as const;

export const metrics: readonly MetricDeclaration[] = [
  { name: 'IncomingRecords', unit: 'Count', ...sum },
  { name: 'IncomingBytes', unit: 'Bytes', ...sum },
  { name: 'IncomingPutRequests', unit: 'Count', ...sum },
  { name: 'ThrottledRecords', unit: 'Count', ...sum },
  { name: 'RecordsPerSecondLimit', unit: 'Count', ...level },
  { name: 'PutRequestsPerSecondLimit', unit: 'Count', ...level },
  { name: 'BytesPerSecondLimit', unit: 'Bytes', ...level },
  { name: 'PutRecord.Latency', unit: 'Milliseconds', statistic: 'Average', ...sample },
  { name: 'PutRecordBatch.Latency', unit: 'Milliseconds', statistic: 'Average', ...sample },
  { name: 'DataReadFromKinesisStream.Records', unit: 'Count', ...sum },
  { name: 'DataReadFromKinesisStream.Bytes', unit: 'Bytes', ...sum },
  { name: 'ThrottledGetRecords', unit: 'Count', ...sum },
  { name: 'KinesisMillisBehindLatest', unit: 'Milliseconds', statistic: 'Maximum', ...sample },
  { name: 'ExecuteProcessing.Duration', unit: 'Milliseconds', statistic: 'Average', ...sample },
  { name: 'ExecuteProcessing.Success', ...success },
  { name: 'SucceedProcessing.Records', unit: 'Count', ...sum },
  { name: 'SucceedProcessing.Bytes', unit: 'Bytes', ...sum },
  { name: 'SucceedConversion.Records', unit: 'Count', ...sum },
  { name: 'SucceedConversion.Bytes', unit: 'Bytes', ...sum },
  { name: 'FailedConversion.Records', unit: 'Count', ...sum },
  { name: 'FailedConversion.Bytes', unit: 'Bytes', ...sum },
  { name: 'DeliveryToS3.DataFreshness', ...freshness },
  { name: 'DeliveryToS3.Success', ...success },
  { name: 'DeliveryToS3.Records', unit: 'Count', ...sum },
  { name: 'DeliveryToS3.Bytes', unit: 'Bytes', ...sum },
  { name: 'DeliveryToS3.ObjectCount', unit: 'Count', ...sum },
  { name: 'DeliveryToAmazonOpenSearchService.DataFreshness', ...freshness },
  { name: 'DeliveryToAmazonOpenSearchService.Success', ...success },
  { name: 'DeliveryToAmazonOpenSearchService.Records', unit: 'Count', ...sum },
  { name: 'DeliveryToAmazonOpenSearchService.Bytes', unit: 'Bytes', ...sum },
  { name: 'PartitionCount', unit: 'Count', ...level },
  { name: 'PartitionCountExceeded', unit: 'Count', ...level },
  { name: 'BackupToS3.DataFreshness', ...freshness },
  { name: 'BackupToS3.Success', ...success },
  { name: 'BackupToS3.Records', unit: 'Count', ...sum },
  { name: 'BackupToS3.Bytes', unit: 'Bytes', ...sum },
  { name: 'BufferedBytes', unit: 'Bytes', statistic: 'Maximum', series: 'gauge', ...derived },
  { name: 'DeliverySize', unit: 'Bytes', statistic: 'Average', series: 'sample', ...derived },
  { name: 'FailedRecords', unit: 'Count', statistic: 'Sum', series: 'counter', ...derived },
  { name: 'ExpiredRecords', unit: 'Count', statistic: 'Sum', series: 'counter', ...derived },
];
