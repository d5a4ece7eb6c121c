/** Settings of a Kinesis data stream, its ports, AWS's creation-time rules and the limits AWS fixes. */
import { z } from 'zod';
import type { CheckContext, CheckFinding, ComponentDeclaration } from '#schema/component.ts';
import { type FieldMeta, field, type Source } from '#schema/field.ts';

const guide = 'https://docs.aws.amazon.com/streams/latest/dev/';
const read = '2026-11-21';
const page = (name: string, note?: string): Source => ({ url: `${guide}${name}`, read, ...(note ? { note } : {}) });

const quotas = page('service-sizes-and-limits.html');
const sizing = page('how-do-i-size-a-stream.html');
const onDemandOnly = { streamMode: 'ON_DEMAND' } as const;
const provisionedOnly = { streamMode: 'PROVISIONED' } as const;
const advantageOnly = { streamMode: 'ON_DEMAND', onDemandAdvantage: true } as const;

const guess = (label: string, unit: string, help: string, extra: Partial<FieldMeta> = {}): FieldMeta => ({
  label,
  unit,
  help,
  kind: 'guess',
  affects: ['behavior'],
  advanced: true,
  ...extra,
});

/** Limits AWS fixes for every stream. Read 2026-11-21 from the pages named; MiB = 1,048,576 bytes. */
export const streamLimits = {
  /** Records written to a shard, records/s. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
  writeRecordsPerSecond: 1000,
  /** Data and partition keys written to a shard, bytes/s. Same page. */
  writeBytesPerSecond: 1_048_576,
  /** GetRecords calls on a shard over all its consumers, calls/s. Same page. */
  readCallsPerSecond: 5,
  /** Data read from a shard by all its shared consumers together, or by one enhanced fan-out consumer, bytes/s. Same page. */
  readBytesPerSecond: 2_097_152,
  /** Records in one GetRecords response. Same page. */
  getRecordsRecords: 10_000,
  /** Bytes in one GetRecords response. Same page. */
  getRecordsBytes: 10_485_760,
  /** Records in one PutRecords call. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
  putRecordsRecords: 500,
  /** Bytes in one PutRecords call, partition keys included. Same page. */
  putRecordsBytes: 10_485_760,
  /** Unit to which written bytes are rounded up for the limit: one record of PutRecord, the sum of a PutRecords call. https://docs.aws.amazon.com/streams/latest/dev/troubleshooting-producers.html */
  writeRoundingBytes: 1024,
  /** Shards of a new on-demand stream (4 MB/s, 4,000 records/s). https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html */
  onDemandInitialShards: 4,
  /** Enhanced fan-out consumers of a stream; 50 with On-demand Advantage. service-sizes-and-limits.html */
  fanOutConsumers: 20,
  fanOutConsumersAdvantage: 50,
  /** Shards of all streams in us-east-1, us-west-2 and eu-west-1; 1,000 or 6,000 elsewhere; can be raised. Same page. */
  shardsPerAccount: 20_000,
  /** On-demand write throughput of a stream in the same Regions, MB/s (10 GB/s); 200 MB/s elsewhere, raisable. Same page. */
  onDemandWriteMegabytesPerSecond: 10_000,
} as const;

/**
 * Bytes of data in a PUT payload unit; begun units count. https://aws.amazon.com/kinesis/data-streams/pricing/ (read 2026-11-21) says
 * 25 KB. Assumption: 25,000 bytes, since AWS counts 40 units in a record of 1 MB; the partition key is not counted.
 */
export const payloadUnitBytes = 25_000;

/** Words and unit of the limits that a run meters, by the first part of the meter's id. */
export const limitNames = {
  'write-records': { name: 'records written to a shard', unit: 'records/s', source: quotas.url },
  'write-bytes': { name: 'bytes written to a shard', unit: 'bytes/s', source: quotas.url },
  'read-bytes': { name: 'bytes read from a shard by shared consumers', unit: 'bytes/s', source: quotas.url },
  'fan-out-bytes': {
    name: 'bytes pushed to an enhanced fan-out consumer from a shard',
    unit: 'bytes/s',
    source: quotas.url,
  },
  'read-calls': { name: 'GetRecords calls on a shard', unit: 'calls/s', source: quotas.url },
  shards: { name: 'shards of the account', unit: 'shards', source: quotas.url },
} as const;

/** Ids of the quotas that belong to the account, as `account.quotas` of a document names them. */
export const quotaIds = {
  shards: 'kinesis-data-streams/shards',
  onDemandWrite: 'kinesis-data-streams/on-demand-write-megabytes-per-second',
} as const;

export const config = z.strictObject({
  streamMode: field(z.enum(['PROVISIONED', 'ON_DEMAND']).default('PROVISIONED'), {
    label: 'Capacity mode',
    unit: '',
    help: 'Provisioned: you set the number of shards. On-demand: AWS splits shards as the load grows.',
    kind: 'choice',
    source: sizing,
    affects: ['behavior', 'price', 'stack'],
  }),
  shardCount: field(z.int().min(1).max(20_000).default(1), {
    label: 'Shards',
    unit: 'shards',
    help: 'Each shard takes 1,000 records/s and 1 MiB/s and gives 2 MiB/s to its shared consumers.',
    kind: 'choice',
    source: quotas,
    affects: ['behavior', 'price', 'stack'],
    when: provisionedOnly,
  }),
  retentionPeriodHours: field(z.int().min(24).max(8760).default(24), {
    label: 'Retention',
    unit: 'h',
    help: 'Age at which a record is trimmed, read or not. Above 24 h costs extra, above 7 days again.',
    kind: 'documented',
    source: quotas,
    affects: ['behavior', 'price', 'stack'],
  }),
  maxRecordSizeInKiB: field(z.int().min(1024).max(10_240).default(1024), {
    label: 'Largest record',
    unit: 'KiB',
    help: 'Data and partition key of one record. Above 1,024 KiB a shard may burst by one such record; it still refills at 1 MiB/s.',
    kind: 'documented',
    source: page('large-records.html', 'the shape of the burst is an assumption'),
    affects: ['behavior', 'stack'],
  }),
  onDemandAdvantage: field(z.boolean().default(false), {
    label: 'On-demand Advantage',
    unit: '',
    help: 'Account setting MinimumThroughputBillingCommitment: lower rates and no stream-hours, for at least 25 MiB/s in and out over all on-demand streams of the account.',
    kind: 'choice',
    source: sizing,
    affects: ['behavior', 'price'],
    when: onDemandOnly,
  }),
  warmThroughputMiBps: field(z.int().min(1).max(10_240).optional(), {
    label: 'Warm throughput',
    unit: 'MiB/s',
    help: 'Write throughput that is ready at once; 4 MiB/s when left out.',
    kind: 'choice',
    source: sizing,
    affects: ['behavior', 'stack'],
    when: advantageOnly,
  }),
  advantageCommitmentMiBps: field(z.number().min(0).max(25).default(25), {
    label: 'Share of the commitment',
    unit: 'MiB/s',
    help: 'The part of the 25 MiB/s that this stream has to bear; less when other on-demand streams share it.',
    kind: 'choice',
    source: sizing,
    affects: ['price'],
    when: advantageOnly,
  }),
  reshardAtMinutes: field(z.number().min(0).max(527_040).optional(), {
    label: 'Reshard at',
    unit: 'min',
    help: 'Minutes after time zero at which UpdateShardCount is called; never when left out.',
    kind: 'choice',
    affects: ['behavior'],
    when: provisionedOnly,
  }),
  reshardTargetShardCount: field(z.int().min(1).max(20_000).optional(), {
    label: 'Reshard to',
    unit: 'shards',
    help: 'Shards after the reshard: half to twice the present number.',
    kind: 'choice',
    source: { url: 'https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html', read },
    affects: ['behavior', 'price'],
    when: provisionedOnly,
  }),
  reshardBaseSeconds: field(
    z.number().min(0).max(86_400).default(30),
    guess(
      'Reshard takes at least',
      's',
      'Time from UpdateShardCount to the new shards, before the steps. AWS says only: a few minutes.',
      {
        when: provisionedOnly,
      },
    ),
  ),
  reshardSecondsPerStep: field(
    z.number().min(0).max(86_400).default(30),
    guess(
      'Reshard time per step',
      's',
      'Further time for each round of pairwise splits or merges that the change needs.',
      {
        when: provisionedOnly,
      },
    ),
  ),
  onDemandSplitKBPerSecond: field(z.number().positive().max(1000).default(500), {
    label: 'Split above',
    unit: 'KB/s',
    help: 'An on-demand shard that takes more than this is split evenly; half of 1,000 records/s counts alike (assumption).',
    kind: 'documented',
    source: sizing,
    affects: ['behavior'],
    advanced: true,
    when: onDemandOnly,
  }),
  onDemandScalingSeconds: field(
    z.number().min(1).max(86_400).default(900),
    guess(
      'On-demand scaling takes',
      's',
      'Time from the load that asks for more shards until they are there. AWS: within 15 minutes.',
      {
        source: sizing,
        when: onDemandOnly,
      },
    ),
  ),
  partitionKeyBytes: field(
    z.int().min(1).max(256).optional(),
    guess(
      'Partition key',
      'bytes',
      'Length of the partition keys, which count towards the write limit. Left out: that of the name key-<n>, or 36 (a UUID) for records without a key.',
    ),
  ),
  putLatencyMs: field(
    z.number().min(0).max(60_000).default(20),
    guess(
      'Put latency',
      'ms',
      'Mean time until PutRecord or PutRecords answers. AWS does not say; 10 to 30 ms are usual.',
      { fittedTo: ['PutRecords.Latency', 'PutRecord.Latency'] },
    ),
  ),
  putLatencyVariation: field(
    z.number().min(0).max(10).default(1),
    guess(
      'Variation of the put latency',
      '',
      'Standard deviation over mean of the put latency, lognormal; 0 for a constant.',
    ),
  ),
  getRecordsLatencyMs: field(
    z.number().min(0).max(60_000).default(20),
    guess('GetRecords latency', 'ms', 'Mean time until GetRecords answers, with the variation of the puts.', {
      fittedTo: ['GetRecords.Latency'],
    }),
  ),
  fanOutPropagationDelayMs: field(z.number().min(0).max(60_000).default(70), {
    label: 'Fan-out propagation delay',
    unit: 'ms',
    help: 'Time from a record being stored to its push to an enhanced fan-out consumer. The delay of shared consumers comes from their polling.',
    kind: 'documented',
    source: page('enhanced-consumers.html', 'typically 70 ms, whatever the number of consumers'),
    affects: ['behavior'],
  }),
  readRecordsPerSecondPerShard: field(z.int().min(1).max(50_000).optional(), {
    label: 'Read limit in records',
    unit: 'records/s',
    help: 'Records that shared consumers may read from a shard. The quota page shows 2,000 beside limits that allow more; not enforced when left out.',
    kind: 'guess',
    source: quotas,
    affects: ['behavior'],
    advanced: true,
  }),
});

export type Config = z.infer<typeof config>;

export const declaration: ComponentDeclaration = {
  type: 'kinesis-data-streams',
  title: 'Kinesis Data Streams',
  category: 'Streams and queues',
  summary: 'A log of records in shards: ordered per partition key, read by several consumers, kept for a day or more.',
  config,
  ports: [
    {
      id: 'records',
      label: 'Records',
      direction: 'in',
      kind: 'data',
      protocols: ['kinesis-put'],
      entity: 'record',
      min: 1,
      max: 1000,
    },
    {
      id: 'consumers',
      label: 'Consumers',
      direction: 'out',
      kind: 'data',
      protocols: ['kinesis-get-records'],
      entity: 'record',
      min: 0,
      max: 25,
    },
  ],
  face: { kind: 'segments', fill: 'WriteUtilization' },
  calibrated: 'none',
  absent: {},
  drawio: 'shape=mxgraph.aws4.kinesis_data_streams',
  awsIcon: 'architecture-service/AmazonKinesisDataStreams',
  quotas: Object.values(quotaIds),
  check,
};

function check({ config: raw }: CheckContext): readonly CheckFinding[] {
  const { streamMode, shardCount, reshardAtMinutes, reshardTargetShardCount } = raw as Config;
  if (streamMode !== 'PROVISIONED') return [];
  const isMissing = (value: unknown): boolean => value === undefined;
  if (isMissing(reshardAtMinutes) !== isMissing(reshardTargetShardCount)) {
    const missing = isMissing(reshardAtMinutes) ? 'reshardAtMinutes' : 'reshardTargetShardCount';
    return [
      {
        code: 'kinesis-data-streams/reshard-incomplete',
        path: `config.${missing}`,
        received: undefined,
        params: { missing },
      },
    ];
  }
  const target = reshardTargetShardCount ?? shardCount;
  if (target * 2 >= shardCount && target <= shardCount * 2) return [];
  return [
    {
      code: 'kinesis-data-streams/reshard-too-far',
      path: 'config.reshardTargetShardCount',
      received: target,
      params: { target, shardCount, least: Math.ceil(shardCount / 2), most: shardCount * 2 },
    },
  ];
}
