/** Settings of the event source mapping through which a function reads a Kinesis data stream. */
import { z } from 'zod';
import type { CheckFinding, ConnectionCheckContext, ConnectionDeclaration } from '#schema/component.ts';
import { field } from '#schema/field.ts';

const read = '2026-11-21';
const parameters = {
  url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html',
  read,
} as const;
const withKinesis = { url: 'https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html', read } as const;
const mappings = {
  url: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html',
  read,
} as const;
const behavior = ['behavior'] as const;
const behaviorAndStack = ['behavior', 'stack'] as const;

export const config = z.strictObject({
  batchSize: field(z.int().min(1).max(10_000).default(100), {
    label: 'Batch size',
    unit: 'records',
    help: 'Most records in one invocation, 1 to 10,000; a batch also ends at 6 MB of payload.',
    kind: 'documented',
    source: parameters,
    affects: behaviorAndStack,
  }),
  maximumBatchingWindowInSeconds: field(z.int().min(0).max(300).default(0), {
    label: 'Batch window',
    unit: 's',
    help: 'Longest wait for a batch to fill, 0 to 300 s.',
    kind: 'documented',
    source: parameters,
    affects: behaviorAndStack,
  }),
  parallelizationFactor: field(z.int().min(1).max(10).default(1), {
    label: 'Concurrent batches per shard',
    unit: 'batches',
    help: 'Lanes of a shard, 1 to 10; records with one partition key stay in one lane, in order.',
    kind: 'documented',
    source: parameters,
    affects: behaviorAndStack,
  }),
  startingPosition: field(z.enum(['LATEST', 'TRIM_HORIZON']).default('LATEST'), {
    label: 'Starting position',
    unit: '',
    help: 'Where reading begins when the mapping is created. A run begins with an empty stream, so both are the same there.',
    kind: 'choice',
    affects: ['stack'],
  }),
  maximumRetryAttempts: field(z.int().min(-1).max(10_000).default(-1), {
    label: 'Retry attempts',
    unit: 'attempts',
    help: 'Retries of a batch after an error of the function, -1 (no end) to 10,000; throttles do not count.',
    kind: 'documented',
    source: parameters,
    affects: behaviorAndStack,
  }),
  maximumRecordAgeInSeconds: field(
    z
      .int()
      .min(-1)
      .max(604_800)
      .refine((seconds) => seconds === -1 || seconds >= 60, 'maximumRecordAgeInSeconds must be -1 or 60 to 604,800')
      .default(-1),
    {
      label: 'Maximum record age',
      unit: 's',
      help: 'Records older than this are given up, -1 (no end) or 60 to 604,800 s.',
      kind: 'documented',
      source: parameters,
      affects: behaviorAndStack,
    },
  ),
  bisectBatchOnFunctionError: field(z.boolean().default(false), {
    label: 'Split batch on error',
    unit: '',
    help: 'A failed batch is split in two and each half is tried; the split does not count as a retry.',
    kind: 'documented',
    source: parameters,
    affects: behaviorAndStack,
  }),
  reportBatchItemFailures: field(z.boolean().default(false), {
    label: 'Report batch item failures',
    unit: '',
    help: 'The function names the first record that failed (FunctionResponseTypes: ReportBatchItemFailures); only the batch from there on is tried again.',
    kind: 'documented',
    source: parameters,
    affects: behaviorAndStack,
  }),
  enhancedFanOut: field(z.boolean().default(false), {
    label: 'Enhanced fan-out',
    unit: '',
    help: 'Read through a registered consumer with its own 2 MiB/s per shard, pushed, instead of polling the shared throughput.',
    kind: 'documented',
    source: withKinesis,
    affects: behaviorAndStack,
  }),
  pollingIntervalMs: field(z.int().min(200).max(60_000).default(1000), {
    label: 'Polling interval',
    unit: 'ms',
    help: 'Time between polls of a shard while nothing is left to read; after a read that was cut short the next follows at once, at most 5 a second.',
    kind: 'documented',
    source: mappings,
    affects: behavior,
    advanced: true,
    when: { enhancedFanOut: false },
  }),
  recordsPerPoll: field(z.int().min(1).max(10_000).default(10_000), {
    label: 'Records per poll',
    unit: 'records',
    help: 'Limit of one GetRecords call of the mapping.',
    kind: 'guess',
    source: { ...mappings, note: 'Assumption: the largest that GetRecords takes' },
    affects: behavior,
    advanced: true,
  }),
  retryBaseMs: field(z.int().min(1).max(600_000).default(500), {
    label: 'First retry wait',
    unit: 'ms',
    help: 'Wait before a failed or throttled batch is tried again; doubles each time.',
    kind: 'guess',
    source: { ...withKinesis, note: 'Assumption: exponential back-off is documented, its times are not' },
    affects: behavior,
    advanced: true,
  }),
  retryMaxMs: field(z.int().min(1).max(3_600_000).default(60_000), {
    label: 'Longest retry wait',
    unit: 'ms',
    help: 'Cap of the wait between retries.',
    kind: 'guess',
    source: { ...withKinesis, note: 'Assumption: exponential back-off is documented, its times are not' },
    affects: behavior,
    advanced: true,
  }),
});

export type Config = z.infer<typeof config>;

export const declaration: ConnectionDeclaration = {
  from: 'kinesis-data-streams',
  to: 'lambda',
  port: 'kinesis',
  title: 'Event source mapping',
  config,
  absent: {
    usage: 'reading is billed with the stream and invocations with the function; the mapping itself is free',
    price: 'reading is billed with the stream and invocations with the function; the mapping itself is free',
    metrics: 'counted at the function, where CloudWatch shows them',
    client: 'not a target of records',
  },
  check,
};

function check({ config: raw }: ConnectionCheckContext): readonly CheckFinding[] {
  const { retryBaseMs, retryMaxMs } = raw as Config;
  if (retryBaseMs <= retryMaxMs) return [];
  return [
    {
      code: 'kinesis-data-streams--lambda/retry-waits-reversed',
      path: 'config.retryBaseMs',
      received: retryBaseMs,
      params: { base: retryBaseMs, max: retryMaxMs },
    },
  ];
}
