/** Pipelines called rarely, near a reserve, or with something out of order. */
import type { CaudalDocument } from '#schema/document.ts';
import { documentOf } from './fidelity-documents.ts';
import { load, source, stream, worker, queue, sink, backEnd, toFunction, outage } from './fidelity-steps.ts';

type Cases = Readonly<Record<string, () => CaudalDocument>>;

export const lowRates: Cases = {
  'a function that is called rarely, with cold starts': () =>
    documentOf(
      [
        {
          load: load(18),
          steps: [source, queue(), worker({}, { idleTimeoutMinSeconds: 2, idleTimeoutMaxSeconds: 4 }), sink],
        },
      ],
      80,
    ),
  'a function of a stream, called once a second': () => documentOf([toFunction(20, {}, {}, { shardCount: 4 })], 300),
  'reserved concurrency near its limit': () =>
    documentOf(
      [
        {
          load: load(100),
          steps: [
            source,
            queue(),
            worker({ batchSize: 10 }, { reservedConcurrentExecutions: 4, perInvocationMs: 250 }),
            sink,
          ],
        },
      ],
      100,
    ),
  "reserved concurrency below a stream's lanes": () =>
    documentOf(
      [toFunction(150, { parallelizationFactor: 5 }, { reservedConcurrentExecutions: 4, perInvocationMs: 300 })],
      80,
    ),
};

export const outages: Cases = {
  'an outage of the stream': () =>
    documentOf(
      [{ load: load(30), steps: [{ type: 'source', emit: { maxAttempts: 8 } }, stream(), worker(), sink] }],
      420,
      { faults: [outage('stream')] },
    ),
  'an outage of the function': () => documentOf([toFunction(40)], 420, { faults: [outage('function')] }),
  'an outage of the sink': () => documentOf([toFunction(40)], 420, { faults: [outage('application')] }),
  'an outage of the queue behind a function': () =>
    documentOf(
      [{ load: load(30), steps: [source, stream(), worker({}, {}, { batchSize: 10 }), queue(), backEnd()] }],
      420,
      { faults: [outage('queue')] },
    ),
  'an outage of a function that is fed by a queue': () =>
    documentOf([{ load: load(30), steps: [source, queue(), worker(), sink] }], 420, { faults: [outage('function')] }),
  "failed invocations of a stream's function, bisected": () =>
    documentOf([toFunction(120, { bisectBatchOnFunctionError: true })], 160, {
      faults: [
        { kind: 'errorRate', node: 'function', ratio: 0.2, per: 'invocation', startSeconds: 30, durationSeconds: 100 },
      ],
    }),
  'record errors, item failures reported': () =>
    documentOf([toFunction(120, { reportBatchItemFailures: true })], 160, {
      faults: [
        { kind: 'errorRate', node: 'function', ratio: 0.01, per: 'record', startSeconds: 30, durationSeconds: 100 },
      ],
    }),
  'poison records, bisected, given up': () =>
    documentOf([toFunction(80, { bisectBatchOnFunctionError: true, maximumRetryAttempts: 2 })], 200, {
      faults: [{ kind: 'poisonRecord', node: 'source', count: 5, startSeconds: 50, durationSeconds: 100 }],
      failures: [['function', 'failed']],
    }),
  'puts that time out after they have succeeded': () =>
    documentOf([toFunction(100)], 150, {
      faults: [{ kind: 'duplicates', node: 'stream', ratio: 0.2, startSeconds: 30, durationSeconds: 100 }],
    }),
  'a slow function': () =>
    documentOf([toFunction(60)], 180, {
      faults: [{ kind: 'latencyFactor', node: 'function', factor: 30, startSeconds: 50, durationSeconds: 60 }],
    }),
  'a throttled stream': () =>
    documentOf(
      [
        {
          load: load(300),
          steps: [{ type: 'source', emit: { maxAttempts: 6 } }, stream({ shardCount: 1 }), worker(), sink],
        },
      ],
      200,
      {
        faults: [{ kind: 'throttling', node: 'stream', capacityRatio: 0.25, startSeconds: 50, durationSeconds: 60 }],
      },
    ),
  'a throttled function': () =>
    documentOf(
      [
        {
          load: load(200),
          steps: [source, queue(), worker({}, { reservedConcurrentExecutions: 20, perInvocationMs: 200 }), sink],
        },
      ],
      200,
      {
        faults: [{ kind: 'throttling', node: 'function', capacityRatio: 0.1, startSeconds: 50, durationSeconds: 60 }],
      },
    ),
};
