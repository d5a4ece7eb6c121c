import type { MeasuredTotals, UsageDeclaration, UsageMeasurement } from '#schema/component.ts';
import type { Config } from './config.ts';

const GIBIBYTE = 1024 ** 3;
const STEP_BYTES = 5120;

/** Each record is rounded up: by half a step in the mean, and to a whole one at least. */
const ingested: UsageMeasurement = {
  by: 'metrics',
  approximates: 'with half of 5 KB for each record, by which it is rounded up in the mean',
  quantity: (seen: MeasuredTotals) => {
    const records = seen.sum('IncomingRecords') + seen.sum('DataReadFromKinesisStream.Records');
    const bytes = seen.sum('IncomingBytes') + seen.sum('DataReadFromKinesisStream.Bytes');
    return Math.max(records * STEP_BYTES, bytes + (records * STEP_BYTES) / 2) / GIBIBYTE;
  },
};

/**
 * What a delivery stream is billed for. GB are 2^30 bytes; each record counts as a multiple of 5,120 bytes.
 * https://aws.amazon.com/firehose/pricing/ and https://docs.aws.amazon.com/firehose/latest/dev/limits.html (read 2026-11-21).
 */
export const usage: readonly UsageDeclaration[] = [
  {
    id: 'ingestedGibibytes',
    label: 'Ingested, each record rounded up to 5 KB',
    unit: 'GB',
    scalesWith: 'load',
    measured: ingested,
  },
  {
    id: 'convertedGibibytes',
    label: 'Format conversion, by what was ingested',
    unit: 'GB',
    scalesWith: 'load',
    measured: 'CloudWatch counts what was converted, and billed is what was ingested for it',
  },
  {
    id: 'partitionedGibibytes',
    label: 'Dynamic partitioning, by the bytes of records before compression',
    unit: 'GB',
    scalesWith: 'load',
    measured: 'CloudWatch does not tell the bytes of records before compression',
  },
  {
    id: 'partitionedObjects',
    label: 'Objects of dynamic partitioning',
    unit: 'object',
    scalesWith: 'load',
    measured: {
      by: 'metrics',
      quantity: (seen: MeasuredTotals, config: Config) =>
        config.dynamicPartitioning ? seen.sum('DeliveryToS3.ObjectCount') : 0,
    },
  },
];
