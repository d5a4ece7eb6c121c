/** Settings of an application that consumes: where latency and freshness objectives live. */
import { z } from 'zod';
import type { CheckContext, CheckFinding, ComponentDeclaration } from '#schema/component.ts';
import { field } from '#schema/field.ts';

const read = '2026-11-21';
const receiveMessage = {
  url: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html',
  read,
} as const;
const kclConfiguration = {
  url: 'https://docs.aws.amazon.com/streams/latest/dev/kcl-configuration.html',
  read,
} as const;
const getRecords = {
  url: 'https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html',
  read,
} as const;
const enhancedFanOut = { url: 'https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html', read } as const;

const behavior = ['behavior'] as const;

/** Bytes of one GetRecords answer at most: 10 MiB. Read 2026-11-21: API_GetRecords.html */
export const largestReadBytes = 10_485_760;

export const config = z.strictObject({
  workers: field(z.int().min(1).max(100_000).default(1), {
    label: 'Workers',
    unit: 'workers',
    help: 'Workers that poll each linked queue and work on its messages. A stream has one worker per shard instead.',
    kind: 'choice',
    affects: behavior,
  }),
  batchSize: field(z.int().min(1).max(10).default(10), {
    label: 'Messages per receive',
    unit: 'messages',
    help: 'MaxNumberOfMessages of a ReceiveMessage call.',
    kind: 'documented',
    source: { ...receiveMessage, note: 'range 1 to 10; AWS defaults to 1, worked examples use 10' },
    affects: behavior,
  }),
  receiveWait: field(z.enum(['queue', 'own']).default('queue'), {
    label: 'Long polling',
    unit: '',
    help: "The queue's own receive wait time, or one given with each call.",
    kind: 'choice',
    affects: behavior,
  }),
  waitTimeSeconds: field(z.int().min(0).max(20).default(20), {
    label: 'Wait time',
    unit: 's',
    help: 'WaitTimeSeconds of each ReceiveMessage call; 0 polls short.',
    kind: 'documented',
    source: receiveMessage,
    affects: behavior,
    when: { receiveWait: 'own' },
  }),
  deletes: field(z.enum(['perBatch', 'perMessage']).default('perBatch'), {
    label: 'Deletes',
    unit: '',
    help: 'One DeleteMessageBatch when the batch is done, or one DeleteMessage after each message: safer and dearer.',
    kind: 'choice',
    affects: behavior,
  }),
  serviceTimeLaw: field(z.enum(['exponential', 'deterministic', 'lognormal', 'gamma']).default('exponential'), {
    label: 'Processing time law',
    unit: '',
    help: 'Distribution of the time a worker takes for one record.',
    kind: 'choice',
    affects: behavior,
  }),
  meanServiceTimeMs: field(z.number().min(0.001).max(43_200_000).default(10), {
    label: 'Mean processing time',
    unit: 'ms',
    help: 'Mean time a worker takes for one record of a queue or a stream.',
    kind: 'choice',
    affects: behavior,
  }),
  coefficientOfVariation: field(z.number().min(0).max(50).default(1), {
    label: 'Coefficient of variation',
    unit: '',
    help: 'Standard deviation over mean of the processing time.',
    kind: 'choice',
    affects: behavior,
    when: { serviceTimeLaw: ['lognormal', 'gamma'] },
  }),
  retrieval: field(z.enum(['polling', 'fanOut']).default('polling'), {
    label: 'Stream retrieval',
    unit: '',
    help: 'Shared throughput by GetRecords, or enhanced fan-out with a throughput of its own.',
    kind: 'documented',
    source: enhancedFanOut,
    affects: behavior,
  }),
  pollingIntervalMs: field(z.int().min(200).max(600_000).default(1000), {
    label: 'Polling interval',
    unit: 'ms',
    help: 'Wait from the answer to one GetRecords of a shard until the next call (idleTimeBetweenReadsInMillis: 1,000 in KCL 1 and 2, 1,500 in KCL 3).',
    kind: 'documented',
    source: kclConfiguration,
    affects: behavior,
    when: { retrieval: 'polling' },
  }),
  maxRecords: field(z.int().min(1).max(10_000).default(10_000), {
    label: 'Records per read',
    unit: 'records',
    help: 'Limit of one GetRecords call.',
    kind: 'documented',
    source: getRecords,
    affects: behavior,
  }),
  maxAttempts: field(z.int().min(1).max(10_000).default(3), {
    label: 'Attempts per stream record',
    unit: 'attempts',
    help: 'A stream record that fails this often is skipped: lost. A queue message is left to its visibility timeout instead.',
    kind: 'choice',
    affects: behavior,
  }),
  dashboardUsers: field(z.int().min(0).max(100_000).default(10), {
    label: 'Dashboard users',
    unit: 'users',
    help: 'People who have a dashboard open that queries each linked store.',
    kind: 'choice',
    affects: behavior,
  }),
  panelsPerDashboard: field(z.int().min(1).max(1000).default(8), {
    label: 'Panels',
    unit: 'queries',
    help: 'Panels of a dashboard: queries that one refresh sends at once.',
    kind: 'choice',
    affects: behavior,
  }),
  dashboardRefreshSeconds: field(z.number().min(1).max(86_400).default(60), {
    label: 'Dashboard refresh',
    unit: 's',
    help: 'Time from one refresh of a dashboard to the next.',
    kind: 'choice',
    affects: behavior,
  }),
  deliveryLatencyMs: field(z.number().min(0).max(60_000).default(5), {
    label: 'Answer to a delivery',
    unit: 'ms',
    help: 'Mean time until the sender has the answer to a record handed over directly. Assumption: a web service in the same Region.',
    kind: 'guess',
    affects: behavior,
    advanced: true,
  }),
});

export type Config = z.infer<typeof config>;

export const declaration: ComponentDeclaration = {
  type: 'consumer-application',
  title: 'Consumer application',
  category: 'Consumers',
  summary: 'A dashboard, a back end or a tool: takes deliveries, polls a queue, reads a stream or queries a store.',
  config,
  ports: [
    {
      id: 'deliveries',
      label: 'Deliveries',
      direction: 'in',
      kind: 'data',
      protocols: ['application-delivery'],
      entity: 'record',
      min: 0,
      max: 1000,
    },
    {
      id: 'queue',
      label: 'Queue',
      direction: 'in',
      kind: 'data',
      protocols: ['sqs-receive'],
      entity: 'message',
      min: 0,
      max: 1000,
    },
    {
      id: 'stream',
      label: 'Stream',
      direction: 'in',
      kind: 'data',
      protocols: ['kinesis-get-records'],
      entity: 'record',
      min: 0,
      max: 1000,
    },
    {
      id: 'store',
      label: 'Store',
      direction: 'in',
      kind: 'query',
      protocols: ['opensearch-search'],
      entity: 'query',
      min: 0,
      max: 30,
    },
  ],
  face: { kind: 'bar', fill: 'Utilisation' },
  calibrated: 'none: the processing time is the user’s to give',
  absent: {
    usage: 'runs on machines outside this document: nothing of it is billed here',
    price: 'runs on machines outside this document: nothing of it is billed here',
    stack: 'simulation only: there is no AWS resource behind it',
    client: 'simulation only: nothing is sent to it by hand',
  },
  drawio: 'shape=mxgraph.aws4.generic_application',
  check,
};

function check({ linkedPorts }: CheckContext): readonly CheckFinding[] {
  if (linkedPorts.length > 0) return [];
  return [{ code: 'consumer-application/nothing-linked', path: '', received: 'no link', params: {} }];
}
