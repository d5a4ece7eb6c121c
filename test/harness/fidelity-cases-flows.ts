/** Pipelines around queues, and functions that thin, multiply, route and pack. */
import type { CaudalDocument } from '#schema/document.ts';
import { documentOf, type Step } from './fidelity-documents.ts';
import {
  type Settings,
  backEnd,
  bucket,
  delivery,
  load,
  queue,
  sink,
  source,
  stream,
  worker,
} from './fidelity-steps.ts';

type Cases = Readonly<Record<string, () => CaudalDocument>>;

export const queues: Cases = {
  'a visibility timeout shorter than the work': () =>
    documentOf(
      [
        {
          load: load(30),
          steps: [source, queue({ visibilityTimeoutSeconds: 2 }), backEnd({ workers: 80, meanServiceTimeMs: 1200 })],
        },
      ],
      120,
    ),
  'dead letters after three receives': () =>
    documentOf(
      [
        {
          load: load(40),
          steps: [
            source,
            queue({ visibilityTimeoutSeconds: 12, maxReceiveCount: 3 }),
            worker({}, { errorRatio: 0.3 }),
            sink,
          ],
        },
      ],
      200,
      {
        failures: [['queue', 'dead']],
      },
    ),
  'dead letters, item failures reported': () =>
    documentOf(
      [
        {
          load: load(40),
          steps: [
            source,
            queue({ visibilityTimeoutSeconds: 12, maxReceiveCount: 3 }),
            worker({ reportBatchItemFailures: true }),
            sink,
          ],
        },
      ],
      200,
      {
        failures: [['queue', 'dead']],
        faults: [
          { kind: 'errorRate', node: 'function', ratio: 0.3, per: 'record', startSeconds: 30, durationSeconds: 150 },
        ],
      },
    ),
  'a queue with a window of two seconds': () =>
    documentOf(
      [
        {
          load: load(150),
          steps: [source, queue(), worker({ batchSize: 200, maximumBatchingWindowInSeconds: 2 }), sink],
        },
      ],
      80,
    ),
  'a backlog that a queue works off': () =>
    documentOf(
      [
        {
          load: load(80),
          steps: [source, queue(), worker({}, { reservedConcurrentExecutions: 15, perInvocationMs: 100 }), sink],
        },
      ],
      120,
      {
        faults: [{ kind: 'trafficSpike', node: 'source', factor: 6, startSeconds: 50, durationSeconds: 30 }],
      },
    ),
  'messages of 25 records': () =>
    documentOf(
      [
        {
          load: load(250),
          steps: [
            { type: 'source', emit: { recordsPerMessage: 25, batchSize: 10 } },
            queue(),
            worker({ batchSize: 10 }),
            sink,
          ],
        },
      ],
      80,
    ),
  'messages of 25 records behind a stream': () =>
    documentOf(
      [
        {
          load: load(300),
          steps: [
            source,
            stream(),
            worker({ batchSize: 200 }, {}, { recordsPerMessage: 25, batchSize: 10 }),
            queue(),
            backEnd(),
          ],
        },
      ],
      80,
    ),
};

export const shapes: Cases = {
  'selectivity 0.2': () =>
    documentOf(
      [
        {
          load: load(300),
          steps: [source, stream(), worker({}, {}, { selectivity: 0.2, batchSize: 10 }), queue(), backEnd()],
        },
      ],
      80,
    ),
  'selectivity 3': () =>
    documentOf(
      [
        {
          load: load(100),
          steps: [source, stream(), worker({}, {}, { selectivity: 3, batchSize: 10 }), queue(), backEnd()],
        },
      ],
      80,
    ),
  'weighted outputs': () =>
    documentOf(
      [
        {
          load: load(300),
          steps: [source, stream(), worker({}, {}, { weight: 3, batchSize: 10 }), queue(), backEnd()],
        },
        {
          steps: [
            worker({}, {}, { weight: 1, batchSize: 5 }),
            { ...queue(), id: 'second' },
            { ...backEnd(), id: 'other' },
          ],
        },
      ],
      80,
    ),
  'two outputs': () =>
    documentOf(
      [
        { load: load(200), steps: [source, stream(), worker({}, {}, { batchSize: 10 }), queue(), backEnd()] },
        {
          steps: [
            worker({}, {}, { batchSize: 100, sizeFactor: 2 }),
            { ...stream(), id: 'second' },
            worker({ batchSize: 20 }),
            sink,
          ].map((step, i) => (i === 2 ? { ...step, id: 'last' } : step)) as Step[],
        },
      ],
      80,
    ),
  'one record out of each batch': () =>
    documentOf(
      [{ load: load(300), steps: [source, stream(), worker({}, {}, { per: 'batch' }), queue(), backEnd()] }],
      80,
    ),
  'a function that fails and sends on': () =>
    documentOf(
      [
        {
          load: load(150),
          steps: [
            source,
            queue({ visibilityTimeoutSeconds: 15 }),
            worker({}, { errorRatio: 0.1 }, { batchSize: 10 }),
            { ...queue(), id: 'second' },
            backEnd(),
          ],
        },
      ],
      100,
    ),
  "a stream behind a queue's function": () =>
    documentOf(
      [
        {
          load: load(300),
          steps: [source, queue(), worker({}, {}, { batchSize: 100 }), stream(), worker({ batchSize: 50 }), sink].map(
            (step, i) => (i === 4 ? { ...step, id: 'second' } : step),
          ) as Step[],
        },
      ],
      60,
    ),
};

const sized = (meanBytes: number, cv: number): Settings => ({
  recordSize: { kind: 'lognormal', meanBytes, cv, maxBytes: 200_000 },
});

/** What is billed in steps: by the request, the record or the message. */
export const steps: Cases = {
  'calls to a queue near the size of a second request': () =>
    documentOf(
      [
        {
          load: load(100, sized(6400, 1)),
          steps: [{ type: 'source', emit: { batchSize: 10, lingerMs: 500 } }, queue(), worker({ batchSize: 10 }), sink],
        },
      ],
      120,
    ),
  'packed records near a payload unit of a stream': () =>
    documentOf(
      [
        {
          load: load(250, sized(1000, 1)),
          steps: [
            { type: 'source', emit: { recordsPerMessage: 25, batchSize: 4, lingerMs: 500 } },
            stream({ shardCount: 4 }),
            worker(),
            sink,
          ],
        },
      ],
      120,
    ),
  'records near the step of a delivery stream, in small calls': () =>
    documentOf(
      [
        {
          load: load(100, sized(5000, 0.5)),
          steps: [{ type: 'source', emit: { batchSize: 3, lingerMs: 500 } }, delivery(), bucket],
        },
      ],
      120,
    ),
};
