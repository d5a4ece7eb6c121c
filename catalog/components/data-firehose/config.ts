/** Settings of a delivery stream: what it takes in, how it transforms, buffers, converts and delivers. */
import { z } from 'zod';
import type { CheckContext, CheckFinding, ComponentDeclaration } from '#schema/component.ts';
import { field } from '#schema/field.ts';

const read = '2026-11-21';
const guide = 'https://docs.aws.amazon.com/firehose/latest/dev/';
const quotas = { url: `${guide}limits.html`, read } as const;
const hints = { url: `${guide}create-configure-backup.html`, read, note: 'buffering hints' } as const;
const retry = { url: `${guide}retry.html`, read } as const;
const transformation = { url: `${guide}data-transformation.html`, read } as const;
const transformFailures = { url: `${guide}data-transformation-failure-handling.html`, read } as const;
const conversion = { url: `${guide}record-format-conversion.html`, read } as const;
const delivery = { url: `${guide}basic-deliver.html`, read } as const;
const behavior = ['behavior'] as const;
const behaviorAndStack = ['behavior', 'stack'] as const;

/** Limits of a call, and what is fixed. https://docs.aws.amazon.com/firehose/latest/dev/limits.html and https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html (read 2026-11-21). */
export const streamLimits = {
  recordBytes: 1_024_000,
  batchRecords: 500,
  batchBytes: 4_194_304,
  /** Each record is billed in steps of 5 KB. */
  billedBytes: 5120,
  directPutRetentionHours: 24,
  /** Invocations of the transform under way for each shard or lane. */
  invocationsPerLane: 5,
  /** A function must answer within 5 minutes. */
  transformSeconds: 300,
  /** A shard is read once a second. https://docs.aws.amazon.com/firehose/latest/dev/writing-with-kinesis-streams.html */
  readIntervalMs: 1000,
  readRecords: 10_000,
  readBytes: 10_485_760,
  /** Throughput behind one lane of Direct PUT, MiB/s. */
  lanePerMebibytes: 5,
} as const;

/** Size to which a destination's buffer may grow, MiB; same page as the hints. */
export const largestBuffer = { s3: 128, opensearch: 100 } as const;
/** Smallest size hint with record format conversion, MiB. https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html */
export const leastConversionBuffer = 64;

const directPut = {
  recordsPerSecondQuota: field(z.int().min(1).max(50_000_000).default(500_000), {
    label: 'Records per second',
    unit: 'records/s',
    help: 'Direct PUT quota of the stream: 500,000 in us-east-1, us-west-2 and eu-west-1, 100,000 in other Regions. The three quotas are raised together.',
    kind: 'documented',
    source: quotas,
    affects: behavior,
  }),
  requestsPerSecondQuota: field(z.int().min(1).max(1_000_000).default(2000), {
    label: 'Requests per second',
    unit: 'requests/s',
    help: 'Direct PUT quota of the stream: 2,000 in us-east-1, us-west-2 and eu-west-1, 1,000 in other Regions.',
    kind: 'documented',
    source: quotas,
    affects: behavior,
  }),
  mebibytesPerSecondQuota: field(z.number().min(0.01).max(50).default(5), {
    label: 'Data per second',
    unit: 'MiB/s',
    help: 'Direct PUT quota of the stream: 5 MiB/s in us-east-1, us-west-2 and eu-west-1, 1 MiB/s in other Regions.',
    kind: 'documented',
    source: quotas,
    affects: behavior,
  }),
  quotaGrows: field(z.boolean().default(true), {
    label: 'Quota grows by itself',
    unit: '',
    help: 'Firehose raises the Direct PUT quotas of a stream that throttles until throttling is contained.',
    kind: 'documented',
    source: quotas,
    affects: behavior,
  }),
  quotaDoublingMinutes: field(z.number().min(0.1).max(10_000).default(5), {
    label: 'Quotas double in',
    unit: 'min',
    help: 'Time with refused records after which the quotas have doubled.',
    kind: 'guess',
    source: { ...quotas, note: 'Assumption: the page gives no time' },
    affects: behavior,
    when: { quotaGrows: true },
    advanced: true,
  }),
  directPutLanes: field(z.int().min(1).max(1000).optional(), {
    label: 'Buffers of Direct PUT',
    unit: 'buffers',
    help: 'Buffers that share the records of Direct PUT, each delivered by itself. Empty: one for each 5 MiB/s of the quota. A Kinesis stream has one for each shard.',
    kind: 'guess',
    source: { ...quotas, note: 'Assumption: the page says that a quota far above the traffic makes small objects' },
    affects: behavior,
    advanced: true,
  }),
  putLatencyMs: field(z.number().min(0).max(60_000).default(25), {
    label: 'Put latency',
    unit: 'ms',
    help: 'Mean time until PutRecord or PutRecordBatch is answered.',
    kind: 'guess',
    source: { ...quotas, note: 'Assumption: no figure is published' },
    affects: behavior,
    advanced: true,
  }),
  putLatencyVariation: field(z.number().min(0).max(10).default(0.5), {
    label: 'Put latency variation',
    unit: '',
    help: 'Standard deviation over mean of the put latency (lognormal).',
    kind: 'guess',
    source: { ...quotas, note: 'Assumption: no figure is published' },
    affects: behavior,
    advanced: true,
  }),
};

const buffering = {
  bufferSizeMebibytes: field(z.number().min(1).max(128).default(5), {
    label: 'Buffer size',
    unit: 'MiB',
    help: 'Data that make a delivery (BufferingHints.SizeInMBs): 1 to 128 MiB, for OpenSearch 1 to 100, with format conversion at least 64; before compression.',
    kind: 'documented',
    source: hints,
    affects: behaviorAndStack,
  }),
  bufferIntervalSeconds: field(z.int().min(0).max(900).default(300), {
    label: 'Buffer interval',
    unit: 's',
    help: 'Longest wait for a delivery (BufferingHints.IntervalInSeconds), 0 to 900 s. 0 delivers within a few seconds.',
    kind: 'documented',
    source: hints,
    affects: behaviorAndStack,
  }),
  zeroBufferingSeconds: field(z.number().min(0.1).max(60).default(5), {
    label: 'Wait without buffering',
    unit: 's',
    help: 'Longest wait for a delivery when the buffer interval is 0.',
    kind: 'guess',
    source: { ...hints, note: 'Assumption: AWS says within a few seconds, most within 5' },
    affects: behavior,
    when: { bufferIntervalSeconds: 0 },
    advanced: true,
  }),
  retryDurationSeconds: field(z.int().min(0).max(7200).default(300), {
    label: 'Retry duration',
    unit: 's',
    help: 'OpenSearch: how long a failed bulk request is repeated, the first attempt included, 0 to 7,200 s. Deliveries to S3 are repeated until the records are too old: 24 h with Direct PUT, the retention of the stream with Kinesis.',
    kind: 'documented',
    source: retry,
    affects: behaviorAndStack,
  }),
  deliveryRetryBaseSeconds: field(z.number().min(0.1).max(3600).default(5), {
    label: 'First retry wait',
    unit: 's',
    help: 'Base of the exponential back-off between attempts to deliver; full jitter is applied.',
    kind: 'guess',
    source: { ...retry, note: 'Assumption: the page says how long, not how often' },
    affects: behavior,
    advanced: true,
  }),
  deliveryRetryMaxSeconds: field(z.number().min(0.1).max(7200).default(120), {
    label: 'Longest retry wait',
    unit: 's',
    help: 'Cap of the wait between attempts to deliver.',
    kind: 'guess',
    source: { ...retry, note: 'Assumption: the page says how long, not how often' },
    affects: behavior,
    advanced: true,
  }),
  backupBufferSizeMebibytes: field(z.number().min(1).max(128).default(5), {
    label: 'Backup buffer size',
    unit: 'MiB',
    help: 'Data that make an object of the backup of source records (port `backup`) or of failed records (port `failed`), 1 to 128 MiB.',
    kind: 'documented',
    source: hints,
    affects: behaviorAndStack,
    advanced: true,
  }),
  backupBufferIntervalSeconds: field(z.int().min(60).max(900).default(300), {
    label: 'Backup buffer interval',
    unit: 's',
    help: 'Longest wait for such an object, 60 to 900 s.',
    kind: 'documented',
    source: hints,
    affects: behaviorAndStack,
    advanced: true,
  }),
};

const transform = {
  transformBufferSizeMebibytes: field(z.number().min(0.2).max(3).default(1), {
    label: 'Transform buffer size',
    unit: 'MiB',
    help: 'Data that make an invocation of the transform (BufferSizeInMBs), 0.2 to 3 MiB; only with a function at the port `transform`.',
    kind: 'documented',
    source: transformation,
    affects: behaviorAndStack,
  }),
  transformBufferIntervalSeconds: field(z.int().min(0).max(900).default(60), {
    label: 'Transform buffer interval',
    unit: 's',
    help: 'Longest wait for an invocation of the transform (BufferIntervalInSeconds), 0 to 900 s.',
    kind: 'documented',
    source: transformation,
    affects: behaviorAndStack,
  }),
  transformRetries: field(z.int().min(0).max(300).default(3), {
    label: 'Transform retries',
    unit: 'retries',
    help: 'Retries of an invocation that was throttled, timed out or failed (NumberOfRetries); then its records count as failed.',
    kind: 'documented',
    source: transformFailures,
    affects: behaviorAndStack,
  }),
  transformRetryWaitSeconds: field(z.number().min(0).max(600).default(1), {
    label: 'Transform retry wait',
    unit: 's',
    help: 'Wait before an invocation is repeated; doubles each time.',
    kind: 'guess',
    source: { ...transformFailures, note: 'Assumption: the page gives the number of retries, not their waits' },
    affects: behavior,
    advanced: true,
  }),
  transformSizeRatio: field(z.number().positive().max(100).default(1), {
    label: 'Transformed size',
    unit: '',
    help: 'Bytes of a record after the transform for each byte before.',
    kind: 'choice',
    affects: behavior,
  }),
  transformDroppedRatio: field(z.number().min(0).max(1).default(0), {
    label: 'Dropped by the transform',
    unit: '',
    help: 'Share of records that the function returns as Dropped: left out on purpose.',
    kind: 'choice',
    affects: behavior,
  }),
  transformFailedRatio: field(z.number().min(0).max(1).default(0), {
    label: 'Failed in the transform',
    unit: '',
    help: 'Share of records that the function returns as ProcessingFailed; they go to the port `failed`.',
    kind: 'choice',
    affects: behavior,
  }),
};

const compressed = { compressionFormat: ['GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY'] } as const;
const converted = { formatConversion: ['parquet', 'orc'] } as const;

const format = {
  compressionFormat: field(z.enum(['UNCOMPRESSED', 'GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY']).default('UNCOMPRESSED'), {
    label: 'Compression',
    unit: '',
    help: 'Compression of the objects in S3, after buffering. Not with format conversion, which compresses by itself.',
    kind: 'documented',
    source: delivery,
    affects: behaviorAndStack,
  }),
  compressedSizeRatio: field(z.number().min(0.001).max(2).default(0.2), {
    label: 'Compressed size',
    unit: '',
    help: 'Bytes of an object for each byte of its records.',
    kind: 'guess',
    source: { ...delivery, note: 'Assumption: JSON log lines; it depends on the data' },
    affects: behavior,
    when: compressed,
  }),
  formatConversion: field(z.enum(['none', 'parquet', 'orc']).default('none'), {
    label: 'Format conversion',
    unit: '',
    help: 'JSON records become Parquet or ORC in S3, by a Glue table; billed by the GB. The buffer size must be at least 64 MiB; AWS takes 128 when it is not given.',
    kind: 'documented',
    source: conversion,
    affects: ['behavior', 'price', 'stack'],
  }),
  convertedSizeRatio: field(z.number().min(0.001).max(2).default(0.15), {
    label: 'Converted size',
    unit: '',
    help: 'Bytes of an object in Parquet or ORC, compressed by its serializer, for each byte of its records.',
    kind: 'guess',
    source: { ...conversion, note: 'Assumption: JSON log lines with Snappy; it depends on the data' },
    affects: behavior,
    when: converted,
  }),
  conversionFailedRatio: field(z.number().min(0).max(1).default(0), {
    label: 'Failed in the conversion',
    unit: '',
    help: 'Share of records that do not fit the table; they go to the port `failed`.',
    kind: 'choice',
    affects: behavior,
    when: converted,
  }),
};

export const config = z.strictObject({ ...buffering, ...transform, ...format, ...directPut });

export type Config = z.infer<typeof config>;

export const declaration: ComponentDeclaration = {
  type: 'data-firehose',
  title: 'Amazon Data Firehose',
  category: 'Streaming',
  summary:
    'A delivery stream: collects records by size or time and delivers them to S3 or OpenSearch, transformed if need be.',
  config,
  ports: [
    {
      id: 'records',
      label: 'Direct PUT',
      direction: 'in',
      kind: 'data',
      protocols: ['firehose-put'],
      entity: 'record',
      min: 0,
      max: 1000,
    },
    {
      id: 'kinesis',
      label: 'Kinesis stream',
      direction: 'in',
      kind: 'data',
      protocols: ['kinesis-get-records'],
      entity: 'record',
      min: 0,
      max: 1,
    },
    {
      id: 'transform',
      label: 'Transform',
      direction: 'out',
      kind: 'call',
      protocols: ['lambda-request'],
      entity: 'request',
      min: 0,
      max: 1,
    },
    {
      id: 's3',
      label: 'Delivery to S3',
      direction: 'out',
      kind: 'data',
      protocols: ['s3-put'],
      entity: 'object',
      min: 0,
      max: 1,
    },
    {
      id: 'opensearch',
      label: 'Delivery to OpenSearch',
      direction: 'out',
      kind: 'data',
      protocols: ['opensearch-bulk'],
      entity: 'bulk request',
      min: 0,
      max: 1,
    },
    {
      id: 'backup',
      label: 'Backup of source records',
      direction: 'out',
      kind: 'data',
      protocols: ['s3-put'],
      entity: 'object',
      min: 0,
      max: 1,
    },
    {
      id: 'failed',
      label: 'Failed records',
      direction: 'out',
      kind: 'data',
      protocols: ['s3-put'],
      entity: 'object',
      min: 0,
      max: 1,
      onFailure: true,
    },
  ],
  face: { kind: 'bar', fill: 'BufferedBytes' },
  calibrated: 'none: everything follows the documentation, what it leaves open is an assumption',
  absent: {
    stack: 'simulation only so far',
    client: 'simulation only so far',
  },
  drawio: 'shape=mxgraph.aws4.kinesis_data_firehose',
  awsIcon: 'architecture-service/AmazonDataFirehose',
  check,
};

/** What AWS refuses when a stream is created; see the pages named at the fields. */
function check({ config: raw, linkedPorts }: CheckContext): readonly CheckFinding[] {
  const settings = raw as Config;
  const findings: CheckFinding[] = [];
  const refuse = (code: string, path: string, received: unknown, params: CheckFinding['params']): void => {
    findings.push({ code: `data-firehose/${code}`, path, received, params });
  };
  const { bufferSizeMebibytes: size, formatConversion, compressionFormat } = settings;
  const isLinked = (port: string): boolean => linkedPorts.includes(port);
  if (isLinked('s3') && isLinked('opensearch')) refuse('two-destinations', '', 's3, opensearch', {});
  if (!isLinked('s3') && !isLinked('opensearch')) refuse('no-destination', '', 'none', {});
  if (isLinked('records') && isLinked('kinesis')) refuse('two-sources', '', 'records, kinesis', {});
  const isConverted = formatConversion !== 'none';
  if (isLinked('opensearch')) {
    if (size > largestBuffer.opensearch) {
      refuse('opensearch-buffer', 'config.bufferSizeMebibytes', size, { size, most: largestBuffer.opensearch });
    }
    if (isConverted) refuse('conversion-for-s3', 'config.formatConversion', formatConversion, { formatConversion });
  }
  if (isConverted && size < leastConversionBuffer) {
    refuse('conversion-buffer', 'config.bufferSizeMebibytes', size, { size, least: leastConversionBuffer });
  }
  if (isConverted && compressionFormat !== 'UNCOMPRESSED') {
    refuse('conversion-compression', 'config.compressionFormat', compressionFormat, { compressionFormat });
  }
  const { deliveryRetryBaseSeconds: base, deliveryRetryMaxSeconds: max } = settings;
  if (base > max) refuse('retry-waits-reversed', 'config.deliveryRetryBaseSeconds', base, { base, max });
  return findings;
}
