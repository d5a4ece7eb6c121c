/** Settings of the event source mapping through which a function takes messages from an SQS queue. */
import { z } from 'zod';
import type { CheckFinding, ConnectionCheckContext, ConnectionDeclaration } from '#schema/component.ts';
import { field } from '#schema/field.ts';

const read = '2026-11-21';
const withSqs = { url: 'https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html', read } as const;
const scaling = { url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html', read } as const;
const errors = { url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html', read } as const;
const behavior = ['behavior'] as const;
const behaviorAndStack = ['behavior', 'stack'] as const;
const onDemand = { provisionedPollers: false } as const;
const provisioned = { provisionedPollers: true } as const;

export const config = z.strictObject({
  batchSize: field(z.int().min(1).max(10_000).default(10), {
    label: 'Batch size',
    unit: 'messages',
    help: 'Most messages in one invocation: 1 to 10,000, above 10 with a window of at least 1 s, at most 10 for FIFO queues.',
    kind: 'documented',
    source: withSqs,
    affects: behaviorAndStack,
  }),
  maximumBatchingWindowInSeconds: field(z.int().min(0).max(300).default(0), {
    label: 'Batch window',
    unit: 's',
    help: 'Longest wait for a batch to fill, 0 to 300 s; on a quiet queue the wait may last a long poll of 20 s. Not for FIFO queues.',
    kind: 'documented',
    source: withSqs,
    affects: behaviorAndStack,
  }),
  reportBatchItemFailures: field(z.boolean().default(false), {
    label: 'Report batch item failures',
    unit: '',
    help: 'The function names the messages that failed (FunctionResponseTypes: ReportBatchItemFailures); the others are deleted.',
    kind: 'documented',
    source: errors,
    affects: behaviorAndStack,
  }),
  maximumConcurrency: field(z.int().min(2).max(1000).optional(), {
    label: 'Maximum concurrency',
    unit: 'invocations',
    help: 'Most invocations of this mapping at once, 2 to 1,000.',
    kind: 'documented',
    source: scaling,
    affects: behaviorAndStack,
    when: onDemand,
  }),
  provisionedPollers: field(z.boolean().default(false), {
    label: 'Provisioned mode',
    unit: '',
    help: 'Dedicated pollers, billed by the hour, that start higher and grow faster.',
    kind: 'documented',
    source: withSqs,
    affects: ['behavior', 'price', 'stack'],
  }),
  minimumPollers: field(z.int().min(2).max(200).default(2), {
    label: 'Minimum pollers',
    unit: 'pollers',
    help: 'Pollers that always stand ready, 2 to 200; each takes 10 concurrent invocations, 1 MB/s and 10 polls/s.',
    kind: 'documented',
    source: withSqs,
    affects: ['behavior', 'price', 'stack'],
    when: provisioned,
  }),
  maximumPollers: field(z.int().min(2).max(2000).default(200), {
    label: 'Maximum pollers',
    unit: 'pollers',
    help: 'Pollers that the mapping may grow to, 2 to 2,000.',
    kind: 'documented',
    source: withSqs,
    affects: behaviorAndStack,
    when: provisioned,
  }),
  startingConcurrency: field(z.int().min(1).max(1000).default(5), {
    label: 'Concurrency at the start',
    unit: 'batches',
    help: 'Batches that a standard mapping works on at once before it has scaled.',
    kind: 'documented',
    source: scaling,
    affects: behavior,
    advanced: true,
    when: onDemand,
  }),
  idleConcurrency: field(z.int().min(1).max(1000).default(2), {
    label: 'Concurrency when idle',
    unit: 'batches',
    help: 'What the mapping shrinks to while its queue is empty.',
    kind: 'documented',
    source: scaling,
    affects: behavior,
    advanced: true,
    when: onDemand,
  }),
  scaleUpPerMinute: field(z.number().min(1).max(100_000).default(300), {
    label: 'Scale-up per minute',
    unit: 'invocations per min',
    help: 'Concurrent invocations that the mapping may add in a minute while all are busy; older pages say 60.',
    kind: 'documented',
    source: scaling,
    affects: behavior,
    advanced: true,
    when: onDemand,
  }),
  mostConcurrency: field(z.int().min(2).max(100_000).default(1250), {
    label: 'Most concurrent batches',
    unit: 'batches',
    help: 'Limit of a standard mapping without maximum concurrency; another AWS page says 1,000.',
    kind: 'documented',
    source: scaling,
    affects: behavior,
    advanced: true,
    when: onDemand,
  }),
  provisionedScaleUpPerMinute: field(z.number().min(1).max(100_000).default(1000), {
    label: 'Scale-up per minute, provisioned',
    unit: 'invocations per min',
    help: 'Concurrent invocations that a mapping in provisioned mode may add in a minute.',
    kind: 'documented',
    source: withSqs,
    affects: behavior,
    advanced: true,
    when: provisioned,
  }),
  errorSlowdownRatio: field(z.number().min(0).max(1).default(0.1), {
    label: 'Slow-down on error',
    unit: '',
    help: 'Share of failed invocations after which the mapping works on one batch less; it grows back at its own rate. Not with reported item failures.',
    kind: 'guess',
    source: { ...errors, note: 'Assumption: the page says the concurrency is lowered, not how fast' },
    affects: behavior,
    advanced: true,
  }),
  retryBaseMs: field(z.int().min(1).max(600_000).default(500), {
    label: 'First throttle wait',
    unit: 'ms',
    help: 'Wait before a throttled batch is tried again; doubles each time until the visibility timeout has passed.',
    kind: 'guess',
    source: { ...errors, note: 'Assumption: the page says until the visibility timeout, not how often' },
    affects: behavior,
    advanced: true,
  }),
  retryMaxMs: field(z.int().min(1).max(3_600_000).default(10_000), {
    label: 'Longest throttle wait',
    unit: 'ms',
    help: 'Cap of the wait between tries of a throttled batch.',
    kind: 'guess',
    source: { ...errors, note: 'Assumption: the page says until the visibility timeout, not how often' },
    affects: behavior,
    advanced: true,
  }),
});

export type Config = z.infer<typeof config>;

export const declaration: ConnectionDeclaration = {
  from: 'sqs',
  to: 'lambda',
  port: 'sqs',
  title: 'Event source mapping',
  config,
  absent: {
    metrics: 'counted at the function, where CloudWatch shows them',
    client: 'not a target of records',
  },
  check,
};

/** Largest batch that needs no window, and largest batch of a FIFO queue. */
const plainBatch = 10;

/** AWS's rules when a mapping is created. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
function check({ config: raw, source, target }: ConnectionCheckContext): readonly CheckFinding[] {
  const settings = raw as Config;
  const { batchSize, maximumBatchingWindowInSeconds: window } = settings;
  const findings: CheckFinding[] = [];
  const refuse = (code: string, path: string, received: unknown, params: CheckFinding['params']): void => {
    findings.push({ code: `sqs--lambda/${code}`, path, received, params });
  };
  const timeout = Number(target['timeoutSeconds']);
  const visibility = Number(source['visibilityTimeoutSeconds']);
  if (timeout > visibility) refuse('timeout-above-visibility', '', timeout, { timeout, visibility });
  if (source['fifoQueue'] === true) {
    if (window > 0) refuse('window-on-fifo', 'config.maximumBatchingWindowInSeconds', window, { window });
    if (batchSize > plainBatch) refuse('batch-on-fifo', 'config.batchSize', batchSize, { batchSize });
  } else if (batchSize > plainBatch && window < 1) {
    refuse('window-missing', 'config.maximumBatchingWindowInSeconds', window, { batchSize });
  }
  if (settings.provisionedPollers && settings.minimumPollers > settings.maximumPollers) {
    const { minimumPollers: minimum, maximumPollers: maximum } = settings;
    refuse('pollers-reversed', 'config.minimumPollers', minimum, { minimum, maximum });
  }
  if (settings.retryBaseMs > settings.retryMaxMs) {
    const { retryBaseMs: base, retryMaxMs: max } = settings;
    refuse('retry-waits-reversed', 'config.retryBaseMs', base, { base, max });
  }
  return findings;
}
