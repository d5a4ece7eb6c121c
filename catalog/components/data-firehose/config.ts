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
const partitioning = { url: `${guide}dynamic-partitioning.html`, read } as const;
const delivery = { url: `${guide}basic-deliver.html`, read } as const;
const behavior = ['behavior'] as const;
const behaviorAndStack = ['behavior', 'stack'] as const;

type Page = { readonly url: string; readonly read: string };

/** A setting with AWS's own default or range. */
const documented = (source: Page, label: string, unit: string, help: string) =>
  ({ label, unit, help, kind: 'documented', source, affects: behaviorAndStack }) as const;

/** A number that AWS leaves open. */
const assumed = (source: Page, note: string, label: string, unit: string, help: string) => {
  const assumption = { ...source, note: `Assumption: ${note}` };
  return { label, unit, help, kind: 'guess', source: assumption, affects: behavior, advanced: true } as const;
};

/** A property of the data. */
const choice = (label: string, unit: string, help: string) =>
  ({ label, unit, help, kind: 'choice', affects: behavior }) as const;

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
const leastConversionBuffer = 64;
/** The same with dynamic partitioning. https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning.html */
const leastPartitionBuffer = 64;

const buffering = {
  bufferSizeMebibytes: field(
    z.number().min(1).max(128).default(5),
    documented(
      hints,
      'Buffer size',
      'MiB',
      'Data that make a delivery (BufferingHints.SizeInMBs): 1 to 128 MiB, for OpenSearch 1 to 100, with format conversion at least 64; before compression.',
    ),
  ),
  bufferIntervalSeconds: field(
    z.int().min(0).max(900).default(300),
    documented(
      hints,
      'Buffer interval',
      's',
      'Longest wait for a delivery (BufferingHints.IntervalInSeconds), 0 to 900 s. 0 delivers within a few seconds.',
    ),
  ),
  zeroBufferingSeconds: field(z.number().min(0.1).max(60).default(5), {
    ...assumed(
      hints,
      'AWS says within a few seconds, most within 5',
      'Wait without buffering',
      's',
      'Longest wait for a delivery when the buffer interval is 0.',
    ),
    when: { bufferIntervalSeconds: 0 },
  }),
  retryDurationSeconds: field(
    z.int().min(0).max(7200).default(300),
    documented(
      retry,
      'Retry duration',
      's',
      'OpenSearch: how long a failed bulk request is repeated, the first attempt included, 0 to 7,200 s. Deliveries to S3 are repeated until the records are too old: 24 h with Direct PUT, the retention of the stream with Kinesis.',
    ),
  ),
  deliveryRetryBaseSeconds: field(
    z.number().min(0.1).max(3600).default(5),
    assumed(
      retry,
      'AWS says how long, not how often',
      'First retry wait',
      's',
      'Base of the back-off, with full jitter.',
    ),
  ),
  deliveryRetryMaxSeconds: field(
    z.number().min(0.1).max(7200).default(120),
    assumed(retry, 'AWS says how long, not how often', 'Longest retry wait', 's', 'Cap of that wait between attempts.'),
  ),
  backupBufferSizeMebibytes: field(z.number().min(1).max(128).default(5), {
    ...documented(
      hints,
      'Backup buffer size',
      'MiB',
      'Data that make an object of the backup of source records (port `backup`) or of failed records (port `failed`), 1 to 128 MiB.',
    ),
    advanced: true,
  }),
  backupBufferIntervalSeconds: field(z.int().min(60).max(900).default(300), {
    ...documented(hints, 'Backup buffer interval', 's', 'Longest wait for such an object, 60 to 900 s.'),
    advanced: true,
  }),
};

const directPut = {
  recordsPerSecondQuota: field(z.int().min(1).max(50_000_000).default(500_000), {
    ...documented(
      quotas,
      'Records per second',
      'records/s',
      'Direct PUT quota of the stream: 500,000 in us-east-1, us-west-2 and eu-west-1, 100,000 in other Regions. The three quotas are raised together.',
    ),
    affects: behavior,
  }),
  requestsPerSecondQuota: field(z.int().min(1).max(1_000_000).default(2000), {
    ...documented(
      quotas,
      'Requests per second',
      'requests/s',
      'Direct PUT quota of the stream: 2,000 in us-east-1, us-west-2 and eu-west-1, 1,000 in other Regions.',
    ),
    affects: behavior,
  }),
  mebibytesPerSecondQuota: field(z.number().min(0.01).max(50).default(5), {
    ...documented(
      quotas,
      'Data per second',
      'MiB/s',
      'Direct PUT quota of the stream: 5 MiB/s in us-east-1, us-west-2 and eu-west-1, 1 MiB/s in other Regions.',
    ),
    affects: behavior,
  }),
  quotaGrows: field(z.boolean().default(true), {
    ...documented(
      quotas,
      'Quota grows by itself',
      '',
      'Firehose raises the Direct PUT quotas of a stream that throttles until throttling is contained.',
    ),
    affects: behavior,
  }),
  quotaDoublingMinutes: field(z.number().min(0.1).max(10_000).default(5), {
    ...assumed(
      quotas,
      'the page gives no time',
      'Quotas double in',
      'min',
      'Time with refused records after which the quotas have doubled.',
    ),
    when: { quotaGrows: true },
  }),
  directPutLanes: field(
    z.int().min(1).max(1000).optional(),
    assumed(
      quotas,
      'the page says that a quota far above the traffic makes small objects',
      'Buffers of Direct PUT',
      'buffers',
      'Buffers that share the records of Direct PUT, each delivered by itself. Empty: one for each 5 MiB/s of the quota. A Kinesis stream has one for each shard.',
    ),
  ),
  putLatencyMs: field(
    z.number().min(0).max(60_000).default(25),
    assumed(quotas, 'no figure is published', 'Put latency', 'ms', 'Mean time until a call is answered.'),
  ),
  putLatencyVariation: field(
    z.number().min(0).max(10).default(0.5),
    assumed(
      quotas,
      'no figure is published',
      'Put latency variation',
      '',
      'Standard deviation over mean of the put latency (lognormal).',
    ),
  ),
};

const transform = {
  transformBufferSizeMebibytes: field(
    z.number().min(0.2).max(3).default(1),
    documented(
      transformation,
      'Transform buffer size',
      'MiB',
      'Data that make an invocation of the transform (BufferSizeInMBs), 0.2 to 3 MiB; only with a function at the port `transform`.',
    ),
  ),
  transformBufferIntervalSeconds: field(
    z.int().min(0).max(900).default(60),
    documented(
      transformation,
      'Transform buffer interval',
      's',
      'Longest wait for an invocation of the transform (BufferIntervalInSeconds), 0 to 900 s.',
    ),
  ),
  transformRetries: field(
    z.int().min(0).max(300).default(3),
    documented(
      transformFailures,
      'Transform retries',
      'retries',
      'Retries of an invocation that was throttled, timed out or failed (NumberOfRetries); then its records count as failed.',
    ),
  ),
  transformRetryWaitSeconds: field(
    z.number().min(0).max(600).default(1),
    assumed(
      transformFailures,
      'the page gives the number of retries, not their waits',
      'Transform retry wait',
      's',
      'Wait before an invocation is repeated; doubles each time.',
    ),
  ),
  transformSizeRatio: field(z.number().positive().max(100).default(1), {
    ...choice('Transformed size', '', 'Bytes of a record after the transform for each byte before.'),
    affects: behaviorAndStack,
  }),
  transformDroppedRatio: field(z.number().min(0).max(1).default(0), {
    ...choice(
      'Dropped by the transform',
      '',
      'Share of records that the function returns as Dropped: left out on purpose.',
    ),
    share: 'staysBehind',
    affects: behaviorAndStack,
  }),
  transformFailedRatio: field(z.number().min(0).max(1).default(0), {
    ...choice(
      'Failed in the transform',
      '',
      'Share of records that the function returns as ProcessingFailed; they go to the port `failed`.',
    ),
    share: 'staysBehind',
    affects: behaviorAndStack,
  }),
};

const compressed = { compressionFormat: ['GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY'] } as const;
const converted = { formatConversion: ['parquet', 'orc'] } as const;

const format = {
  compressionFormat: field(
    z.enum(['UNCOMPRESSED', 'GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY']).default('UNCOMPRESSED'),
    documented(
      delivery,
      'Compression',
      '',
      'Compression of the objects in S3, after buffering. Not with format conversion, which compresses by itself.',
    ),
  ),
  compressedSizeRatio: field(z.number().min(0.001).max(2).default(0.2), {
    ...assumed(
      delivery,
      'JSON log lines; it depends on the data',
      'Compressed size',
      '',
      'Bytes of an object for each byte of its records.',
    ),
    when: compressed,
    advanced: false,
  }),
  formatConversion: field(z.enum(['none', 'parquet', 'orc']).default('none'), {
    ...documented(
      conversion,
      'Format conversion',
      '',
      'JSON records become Parquet or ORC in S3, by a Glue table; billed by the GB. The buffer size must be at least 64 MiB; AWS takes 128 when it is not given.',
    ),
    affects: ['behavior', 'price', 'stack'],
  }),
  convertedSizeRatio: field(z.number().min(0.001).max(2).default(0.15), {
    ...assumed(
      conversion,
      'JSON log lines with Snappy; it depends on the data',
      'Converted size',
      '',
      'Bytes of an object in Parquet or ORC, compressed by its serializer, for each byte of its records.',
    ),
    when: converted,
    advanced: false,
  }),
  conversionFailedRatio: field(z.number().min(0).max(1).default(0), {
    ...choice(
      'Failed in the conversion',
      '',
      'Share of records that do not fit the table; they go to the port `failed`.',
    ),
    share: 'staysBehind',
    when: converted,
  }),
};

const partitioned = { dynamicPartitioning: true } as const;

const partitions = {
  dynamicPartitioning: field(z.boolean().default(false), {
    ...documented(
      partitioning,
      'Dynamic partitioning',
      '',
      'Objects in S3 hold records of one value of a partition key each, under a prefix of its own. The buffer size must be at least 64 MiB; billed by the GB and by the object.',
    ),
    affects: ['behavior', 'price', 'stack'],
  }),
  partitionValues: field(z.int().min(1).max(100_000).default(100), {
    ...choice(
      'Partition values',
      'values',
      'Values of the partition key among the records; keys of records are dealt out to them, so that a hot key makes a hot partition.',
    ),
    affects: behaviorAndStack,
    when: partitioned,
  }),
  activePartitionsQuota: field(z.int().min(1).max(100_000).default(500), {
    ...documented(
      quotas,
      'Active partitions',
      'partitions',
      'Quota of values with something in their buffers; records of further values go to the port `failed`.',
    ),
    affects: behavior,
    when: partitioned,
  }),
  partitionKeyMissingRatio: field(z.number().min(0).max(1).default(0), {
    ...choice('Without partition key', '', 'Share of records in which no key is found; they go to the port `failed`.'),
    when: partitioned,
  }),
};

export const config = z.strictObject({ ...buffering, ...transform, ...format, ...partitions, ...directPut });

export type Config = z.infer<typeof config>;

const input = { direction: 'in', kind: 'data', entity: 'record', min: 0 } as const;
const output = { direction: 'out', min: 0, max: 1 } as const;
const toBucket = { ...output, kind: 'data', protocols: ['s3-put'], entity: 'object' } as const;

export const declaration: ComponentDeclaration = {
  type: 'data-firehose',
  title: 'Amazon Data Firehose',
  category: 'Streams and queues',
  summary:
    'A delivery stream: collects records by size or time and delivers them to S3 or OpenSearch, transformed if need be.',
  config,
  ports: [
    { ...input, id: 'records', label: 'Direct PUT', protocols: ['firehose-put'], max: 1000 },
    { ...input, id: 'kinesis', label: 'Kinesis stream', protocols: ['kinesis-get-records'], max: 1 },
    { ...output, id: 'transform', label: 'Transform', kind: 'call', protocols: ['lambda-request'], entity: 'request' },
    { ...toBucket, id: 's3', label: 'Delivery to S3' },
    {
      ...output,
      id: 'opensearch',
      label: 'Delivery to OpenSearch',
      kind: 'data',
      protocols: ['opensearch-bulk'],
      entity: 'bulk request',
    },
    { ...toBucket, id: 'backup', label: 'Backup of source records' },
    { ...toBucket, id: 'failed', label: 'Failed records', onFailure: true },
  ],
  face: { kind: 'bar', fill: 'BufferedBytes', gathers: true },
  calibrated: 'none: everything follows the documentation, what it leaves open is an assumption',
  absent: {},
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
  if (settings.dynamicPartitioning && isLinked('opensearch')) {
    refuse('partitioning-for-s3', 'config.dynamicPartitioning', true, {});
  }
  if (settings.dynamicPartitioning && size < leastPartitionBuffer) {
    refuse('partition-buffer', 'config.bufferSizeMebibytes', size, { size, least: leastPartitionBuffer });
  }
  const { deliveryRetryBaseSeconds: base, deliveryRetryMaxSeconds: max } = settings;
  if (base > max) refuse('retry-waits-reversed', 'config.deliveryRetryBaseSeconds', base, { base, max });
  return findings;
}
