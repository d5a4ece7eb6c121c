/** What compute sends on or asks for, and how: one schema, one form, one engine block for every emitting port. */
import { z } from 'zod';
import { field } from './field.ts';

const sdkRetry = {
  url: 'https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html',
  read: '2026-11-21',
  note: 'standard mode: 3 attempts, exponential back-off with jitter, cap 20 s',
} as const;

const anyChoice = (label: string, unit: string, help: string) =>
  ({ label, unit, help, kind: 'choice', affects: ['behavior'] }) as const;

/** A setting of outputs that send records on. */
const choice = (label: string, unit: string, help: string) =>
  ({ ...anyChoice(label, unit, help), ports: ['data'] }) as const;

const producerLibrary = {
  url: 'https://github.com/awslabs/amazon-kinesis-producer/blob/master/java/amazon-kinesis-producer-sample/default_config.properties',
  read: '2026-11-21',
} as const;

/** A setting of the Kinesis Producer Library with the library's own default. */
const library = (label: string, unit: string, help: string) =>
  ({
    label,
    unit,
    help,
    kind: 'documented',
    source: producerLibrary,
    affects: ['behavior'],
    when: { client: 'kpl' },
    ports: ['data'],
    advanced: true,
  }) as const;

const agentGuide = {
  url: 'https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html',
  read: '2026-11-21',
} as const;

/** A setting of the Kinesis Agent with the agent's own default. */
const agent = (label: string, unit: string, help: string) =>
  ({ ...library(label, unit, help), source: agentGuide, when: { client: 'agent' } }) as const;

/** One output of a compute node. Records leave per input record, per batch, or by ratio. */
export const emitSchema = z.strictObject({
  per: field(
    z.enum(['record', 'batch']).default('record'),
    choice(
      'Emit per',
      '',
      'One output record for each input record, or one for each batch (the batch is absorbed into it).',
    ),
  ),
  selectivity: field(
    z.number().min(0).max(1000).default(1),
    choice(
      'Selectivity',
      'records/record',
      'Mean output records for each input record: below 1 filters, above 1 explodes.',
    ),
  ),
  weight: field(
    z.number().positive().max(1e9).optional(),
    choice(
      'Routing weight',
      '',
      'Outputs with a weight are alternatives: each record takes exactly one, in proportion.',
    ),
  ),
  sizeFactor: field(
    z.number().positive().max(1000).default(1),
    choice('Size factor', '', 'Bytes out for each byte in.'),
  ),
  client: field(
    z.enum(['sdk', 'kpl', 'agent']).default('sdk'),
    choice(
      'Client',
      '',
      'sdk: calls as set below. kpl: the Kinesis Producer Library packs the records of a shard into one and brakes itself. agent: the Kinesis Agent follows a file on each host and sends its lines until they are taken.',
    ),
  ),
  aggregationMaxBytes: field(
    z.int().min(0).max(10_485_760).default(51_200),
    library(
      'Largest aggregate',
      'bytes',
      'Bytes of one aggregated record (AggregationMaxSize); 0 switches aggregation off.',
    ),
  ),
  collectionMaxCount: field(
    z.int().min(1).max(500).default(500),
    library('Aggregates per call', 'records', 'Kinesis records in one PutRecords call (CollectionMaxCount).'),
  ),
  recordMaxBufferedTimeMs: field(
    z.number().min(1).max(900_000).default(100),
    library('Longest buffering', 'ms', 'Longest wait of a record before it is sent (RecordMaxBufferedTime).'),
  ),
  recordTtlMs: field(
    z.number().min(100).max(86_400_000).default(30_000),
    library('Time to live', 'ms', 'Age at which an unsent record is given up and lost (RecordTtl).'),
  ),
  rateLimitPercent: field(
    z.number().min(1).max(10_000).default(150),
    library('Rate limit', '%', 'Share of one shard that one process allows itself on it (RateLimit).'),
  ),
  maxBufferAgeMillis: field(
    z.number().min(1000).max(900_000).default(60_000),
    agent('Longest buffering', 'ms', 'Age of the first record at which a buffer is sent (maxBufferAgeMillis).'),
  ),
  maxBufferSizeBytes: field(
    z.int().min(1).max(4_194_304).default(4_194_304),
    agent('Largest buffer', 'bytes', 'Bytes that close a buffer (maxBufferSizeBytes).'),
  ),
  maxBufferSizeRecords: field(
    z.int().min(1).max(500).default(500),
    agent('Records of a buffer', 'records', 'Records that close a buffer (maxBufferSizeRecords).'),
  ),
  minTimeBetweenFilePollsMillis: field(
    z.number().min(1).max(60_000).default(100),
    agent('File poll', 'ms', 'From one look at the file to the next (minTimeBetweenFilePollsMillis).'),
  ),
  partitionKeyOption: field(
    z.enum(['RANDOM', 'DETERMINISTIC']).default('RANDOM'),
    agent(
      'Partition key',
      '',
      'A key made at random for each record, or one made of its data: taken to be its own key.',
    ),
  ),
  recordsPerMessage: field(
    z.int().min(1).max(10_000).default(1),
    choice('Records per message', 'records', 'Records packed into one message of the target.'),
  ),
  key: field(
    z.enum(['keep', 'new']).default('keep'),
    choice('Partition key', '', 'Keep the key of the input record or draw a new one uniformly at random.'),
  ),
  batchSize: field(
    z.int().min(1).max(500).default(1),
    choice('Messages per call', 'messages', 'Messages sent in one call (SendMessageBatch takes 10, PutRecords 500).'),
  ),
  lingerMs: field(
    z.number().min(0).max(900_000).default(100),
    choice(
      'Longest wait for a full call',
      'ms',
      'Outputs of a source: how long a record waits for its call to fill up.',
    ),
  ),
  callsPer: field(z.enum(['record', 'invocation']).default('record'), {
    ...anyChoice('Calls per', '', 'One request for each record, or one for all records of an invocation.'),
    ports: ['call'],
  }),
  order: field(
    z.enum(['sequential', 'parallel', 'pipelined']).default('sequential'),
    anyChoice(
      'Calls',
      '',
      'Calls of one invocation made one after the other, all at once, or (request and response only) sent in one go without waiting for answers in between.',
    ),
  ),
  callLatencyMs: field(z.number().min(0).max(60_000).optional(), {
    label: 'Call latency',
    unit: 'ms',
    help: 'Mean round trip of one call; the target says its own when left empty.',
    kind: 'choice',
    affects: ['behavior'],
  }),
  maxAttempts: field(z.int().min(1).max(1000).default(3), {
    label: 'Attempts',
    unit: 'attempts',
    help: 'Attempts for one call or its failed entries before the invocation fails.',
    kind: 'documented',
    source: sdkRetry,
    affects: ['behavior'],
  }),
  retryBaseMs: field(z.number().min(0).max(60_000).default(100), {
    label: 'First retry wait',
    unit: 'ms',
    help: 'Base of the exponential back-off; full jitter is applied.',
    kind: 'documented',
    source: sdkRetry,
    affects: ['behavior'],
  }),
  retryMaxMs: field(z.number().min(0).max(600_000).default(20_000), {
    label: 'Longest retry wait',
    unit: 'ms',
    help: 'Cap of the exponential back-off.',
    kind: 'documented',
    source: sdkRetry,
    affects: ['behavior'],
  }),
  onExhausted: field(
    z.enum(['fail', 'drop']).default('fail'),
    anyChoice(
      'When attempts run out',
      '',
      'Fail the invocation (its source retries the batch) or drop what was not accepted; of a request and response: go on without the answer.',
    ),
  ),
});

export type Emit = z.infer<typeof emitSchema>;
