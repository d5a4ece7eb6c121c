/** Settings of an Amazon SQS queue, under AWS's own names. */
import { z } from 'zod';
import type { CheckContext, CheckFinding, ComponentDeclaration } from '#schema/component.ts';
import { field } from '#schema/field.ts';

const read = '2026-11-21';
const guide = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/';
const queueQuotas = { url: `${guide}quotas-queues.html`, read } as const;
const messageQuotas = { url: `${guide}quotas-messages.html`, read } as const;
const visibility = { url: `${guide}sqs-visibility-timeout.html`, read } as const;
const fifo = { url: `${guide}high-throughput-fifo.html`, read } as const;
const deadLetters = { url: `${guide}sqs-dead-letter-queues.html`, read } as const;
const attributes = {
  url: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html',
  read,
} as const;

const behavior = ['behavior'] as const;

/** Messages that may be in flight, standard and FIFO. Raisable. Read 2026-11-21: quotas-queues.html, quotas-fifo.html. */
export const inFlightQuota = { id: 'sqs/messages-in-flight', byDefault: 120_000, source: queueQuotas.url } as const;

/**
 * Calls per second and API action of a FIFO queue. `highThroughput` is that of us-east-1, us-west-2 and eu-west-1; 19,000 in
 * us-east-2 and eu-central-1, 9,000 in Mumbai, Singapore, Sydney and Tokyo, 4,500 in London and Sao Paulo, 2,400 elsewhere.
 * Read 2026-11-21: quotas-messages.html.
 */
export const fifoCallsQuota = {
  normal: { id: 'sqs/fifo-calls-per-second', byDefault: 300 },
  highThroughput: { id: 'sqs/fifo-high-throughput-calls-per-second', byDefault: 70_000 },
  /** One partition of a high-throughput queue; a message group lives in one partition. */
  perPartition: 300,
  source: messageQuotas.url,
} as const;

/** Messages of one batch call, and bytes of one call. Read 2026-11-21: quotas-messages.html. */
export const batchLimit = { messages: 10, bytes: 1_048_576 } as const;

/** Each started 64 KiB of payload of an API action is one request. Read 2026-11-21: https://aws.amazon.com/sqs/pricing/ */
export const requestChunkBytes = 65_536;

/** FIFO: a message sent again within this time is accepted and not stored. Read 2026-11-21: FIFO-queues-exactly-once-processing.html */
export const deduplicationSeconds = 300;

export const config = z.strictObject({
  fifoQueue: field(z.boolean().default(false), {
    label: 'FIFO queue',
    unit: '',
    help: 'Order per message group (the partition key) and no duplicates sent within 5 minutes. Otherwise a standard queue.',
    kind: 'choice',
    affects: ['behavior', 'price', 'stack'],
  }),
  contentBasedDeduplication: field(z.boolean().default(false), {
    label: 'Content-based de-duplication',
    unit: '',
    help: 'Compare bodies: a copy of another size is another message. Otherwise senders are taken to give each record an id of its own.',
    kind: 'choice',
    affects: ['behavior', 'stack'],
    when: { fifoQueue: true },
  }),
  deduplicationScope: field(z.enum(['queue', 'messageGroup']).default('queue'), {
    label: 'De-duplication scope',
    unit: '',
    help: 'High throughput needs messageGroup.',
    kind: 'choice',
    affects: ['behavior', 'stack'],
    when: { fifoQueue: true },
  }),
  fifoThroughputLimit: field(z.enum(['perQueue', 'perMessageGroupId']).default('perQueue'), {
    label: 'FIFO throughput limit',
    unit: '',
    help: 'perQueue: 300 calls a second per action. perMessageGroupId: high throughput, 300 calls a second per partition of groups.',
    kind: 'documented',
    source: fifo,
    affects: ['behavior', 'stack'],
    when: { fifoQueue: true },
  }),
  visibilityTimeoutSeconds: field(z.int().min(0).max(43_200).default(30), {
    label: 'Visibility timeout',
    unit: 's',
    help: 'A message received and not deleted within this time can be received again, while the first attempt may still run.',
    kind: 'documented',
    source: visibility,
    affects: ['behavior', 'stack'],
  }),
  messageRetentionPeriodSeconds: field(z.int().min(60).max(1_209_600).default(345_600), {
    label: 'Retention period',
    unit: 's',
    help: 'A message older than this is deleted silently: lost.',
    kind: 'documented',
    source: queueQuotas,
    affects: ['behavior', 'stack'],
  }),
  maximumMessageSizeBytes: field(z.int().min(1024).max(1_048_576).default(1_048_576), {
    label: 'Largest message',
    unit: 'bytes',
    help: 'A larger message is refused. Assumption: the setting itself starts at 1 KiB.',
    kind: 'documented',
    source: messageQuotas,
    affects: ['behavior', 'stack'],
  }),
  delaySeconds: field(z.int().min(0).max(900).default(0), {
    label: 'Delivery delay',
    unit: 's',
    help: 'Every message becomes visible this long after it was sent.',
    kind: 'documented',
    source: queueQuotas,
    affects: ['behavior', 'stack'],
  }),
  receiveMessageWaitTimeSeconds: field(z.int().min(0).max(20).default(0), {
    label: 'Receive wait time',
    unit: 's',
    help: 'Long polling of consumers that name no wait of their own; 0 polls short. Lambda always polls long.',
    kind: 'documented',
    source: attributes,
    affects: ['behavior', 'stack'],
  }),
  maxReceiveCount: field(z.int().min(1).max(1000).default(10), {
    label: 'Maximum receives',
    unit: 'receives',
    help: 'A message received this often goes to the dead-letter queue at the next receive. Used while one is linked.',
    kind: 'choice',
    source: deadLetters,
    affects: ['behavior', 'stack'],
  }),
  sendLatencyMs: field(z.number().min(0).max(60_000).default(15), {
    label: 'Send latency',
    unit: 'ms',
    help: 'Mean round trip of SendMessage. Assumption: AWS publishes none; 10 to 20 ms agree with public benchmarks.',
    kind: 'guess',
    affects: behavior,
    advanced: true,
  }),
  receiveLatencyMs: field(z.number().min(0).max(60_000).default(15), {
    label: 'Receive latency',
    unit: 'ms',
    help: 'Mean round trip of ReceiveMessage and DeleteMessage. Assumption: AWS publishes none; 10 to 20 ms agree with public benchmarks.',
    kind: 'guess',
    affects: behavior,
    advanced: true,
  }),
  duplicateDeliveryRatio: field(z.number().min(0).max(1).default(0.000_001), {
    label: 'Duplicate deliveries',
    unit: 'ratio',
    help: 'Share of deletes that a copy of the message survives, so that it is delivered once more. Assumption: AWS says "on rare occasions"; 1e-6 to 1e-4 are plausible.',
    kind: 'guess',
    affects: behavior,
    when: { fifoQueue: false },
    advanced: true,
  }),
});

export type Config = z.infer<typeof config>;

export const declaration: ComponentDeclaration = {
  type: 'sqs',
  title: 'Amazon SQS',
  category: 'Streams and queues',
  summary: 'A message queue: what is received stays hidden until it is deleted, and comes back if it is not.',
  config,
  ports: [
    {
      id: 'messages',
      label: 'Messages',
      direction: 'in',
      kind: 'data',
      protocols: ['sqs-send'],
      entity: 'message',
      min: 0,
      max: 1000,
    },
    {
      id: 'dead-letters',
      label: 'Dead letters',
      direction: 'in',
      kind: 'data',
      protocols: ['sqs-send'],
      entity: 'message',
      min: 0,
      max: 1000,
      deadLetter: true,
    },
    {
      id: 'consumers',
      label: 'Consumers',
      direction: 'out',
      kind: 'data',
      protocols: ['sqs-receive'],
      entity: 'message',
      min: 0,
      max: 1000,
    },
    {
      id: 'dead-letter',
      label: 'Dead-letter queue',
      direction: 'out',
      kind: 'data',
      protocols: ['sqs-send'],
      entity: 'message',
      min: 0,
      max: 1,
      onFailure: true,
    },
  ],
  face: { kind: 'bar', fill: 'ApproximateNumberOfMessagesVisible' },
  calibrated: 'none: not compared with a measured queue',
  absent: {},
  drawio: 'shape=mxgraph.aws4.sqs',
  awsIcon: 'architecture-service/AmazonSimpleQueueService',
  quotas: [inFlightQuota.id, fifoCallsQuota.normal.id, fifoCallsQuota.highThroughput.id],
  check,
};

/** High throughput is refused by AWS unless de-duplication works per message group too (high-throughput-fifo.html). */
function check({ config: given }: CheckContext): readonly CheckFinding[] {
  const { fifoQueue, fifoThroughputLimit, deduplicationScope } = given as Config;
  if (!fifoQueue || fifoThroughputLimit !== 'perMessageGroupId' || deduplicationScope === 'messageGroup') return [];
  return [
    {
      code: 'sqs/throughput-limit-without-group-scope',
      path: 'config.fifoThroughputLimit',
      received: fifoThroughputLimit,
      params: { deduplicationScope },
    },
  ];
}
