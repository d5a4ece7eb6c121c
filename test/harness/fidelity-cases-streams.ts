/** Pipelines around a stream: keys, lanes, consumers, resharding, and shards at their limits. */
import type { CaudalDocument } from '#schema/document.ts';
import { documentOf, type Step } from './fidelity-documents.ts';
import { load, source, batching, stream, worker, queue, sink, backEnd, toFunction } from './fidelity-steps.ts';

type Cases = Readonly<Record<string, () => CaudalDocument>>;

export const streams: Cases = {
  'hot keys': () =>
    documentOf(
      [
        {
          load: load(300, { partitionKey: { kind: 'hotKey', keys: 1000, hotShareRatio: 0.6 } }),
          steps: [source, stream(), worker({ parallelizationFactor: 10 }), sink],
        },
      ],
      60,
    ),
  'calls of up to 500 records': () =>
    documentOf(
      [
        {
          load: load(450),
          steps: [{ type: 'source', emit: { batchSize: 500, lingerMs: 1000 } }, stream(), worker(), sink],
        },
      ],
      80,
    ),
  'calls of up to 50 records of four processes': () =>
    documentOf(
      [
        {
          load: load(450, { producers: 4 }),
          steps: [{ type: 'source', emit: { batchSize: 50, lingerMs: 400 } }, stream(), worker(), sink],
        },
      ],
      60,
    ),
  'parallelizationFactor 10': () => documentOf([toFunction(300, { parallelizationFactor: 10, batchSize: 50 })], 60),
  'enhanced fan-out': () => documentOf([toFunction(150, { enhancedFanOut: true })], 60),
  'enhanced fan-out, ten lanes': () =>
    documentOf([toFunction(150, { enhancedFanOut: true, parallelizationFactor: 10 })], 60),
  'a window of three seconds': () =>
    documentOf([toFunction(300, { maximumBatchingWindowInSeconds: 3, batchSize: 1000 })], 90),
  'three sources into one stream': () =>
    documentOf(
      [
        toFunction(150),
        { load: load(40), steps: [{ type: 'source', id: 'second', emit: { batchSize: 20, lingerMs: 500 } }, stream()] },
        {
          load: { arrivals: { kind: 'constant', recordsPerSecond: 25, spacing: 'paced' } },
          steps: [{ type: 'source', id: 'third' }, stream()],
        },
      ],
      80,
    ),
  'two consumers of a stream': () =>
    documentOf(
      [
        toFunction(150),
        {
          steps: [stream(), worker({ enhancedFanOut: true, batchSize: 30 }), { ...sink, id: 'other' }].map((step) =>
            step.type === 'function' ? { ...step, id: 'second' } : step,
          ) as Step[],
        },
      ],
      80,
    ),
  'a consumer that polls the stream itself': () =>
    documentOf([{ load: load(150), steps: [source, stream(), backEnd({ workers: 1, meanServiceTimeMs: 5 })] }], 80),
  'a producer library': () =>
    documentOf(
      [
        {
          load: load(200),
          steps: [
            { type: 'source', emit: { client: 'kpl' } },
            stream(),
            worker({}, {}, { recordsPerMessage: 5 }),
            queue(),
            backEnd(),
          ],
        },
      ],
      40,
    ),
  'resharding on demand': () =>
    documentOf(
      [
        {
          load: {
            arrivals: {
              kind: 'ramp',
              fromRecordsPerSecond: 30,
              toRecordsPerSecond: 200,
              startSeconds: 30,
              durationSeconds: 60,
            },
          },
          steps: [
            source,
            { type: 'stream', config: { shardCount: 2, reshardAtMinutes: 1, reshardTargetShardCount: 3 } },
            worker(),
            sink,
          ],
        },
      ],
      180,
    ),
  'an on-demand stream that doubles': () =>
    documentOf(
      [
        {
          load: {
            arrivals: {
              kind: 'steps',
              steps: [
                { atSeconds: 0, recordsPerSecond: 30 },
                { atSeconds: 80, recordsPerSecond: 180 },
              ],
            },
            recordSize: { kind: 'constant', bytes: 30_000 },
          },
          steps: [
            batching,
            { type: 'stream', config: { streamMode: 'ON_DEMAND', onDemandScalingSeconds: 60 } },
            worker(),
            sink,
          ],
        },
      ],
      200,
    ),
  "a day's curve": () =>
    documentOf(
      [
        {
          load: { arrivals: { kind: 'diurnal', recordsPerDay: 6_000_000, peakToMeanRatio: 4, peakHour: 12.5 } },
          steps: [source, stream(), worker(), sink],
        },
      ],
      80,
    ),
  'paced arrivals': () =>
    documentOf(
      [
        {
          load: { arrivals: { kind: 'constant', recordsPerSecond: 130, spacing: 'paced' } },
          steps: [source, stream(), worker(), sink],
        },
      ],
      100,
    ),
  'paced arrivals in calls of 20': () =>
    documentOf(
      [
        {
          load: { arrivals: { kind: 'constant', recordsPerSecond: 250, spacing: 'paced' } },
          steps: [
            { type: 'source', emit: { batchSize: 20, lingerMs: 70 } },
            queue(),
            worker({}, { reservedConcurrentExecutions: 3, perInvocationMs: 60 }),
            sink,
          ],
        },
      ],
      60,
    ),
  'two workloads of one source, in calls': () => {
    const document = documentOf([{ load: load(150), steps: [batching, stream(), worker(), sink] }], 60);
    const [first] = document.workloads;
    return {
      ...document,
      workloads: [first!, { ...first!, id: 'w1', arrivals: { kind: 'poisson', recordsPerSecond: 60 } }],
    };
  },
};

function shardAt(ratio: number, by: 'records' | 'bytes'): CaudalDocument {
  const rate = by === 'records' ? 1000 * ratio : 100 * ratio;
  const bytes = by === 'records' ? 200 : 1_048_576 / 100 - 40;
  const recordSize = { kind: 'lognormal', meanBytes: bytes, cv: 0.5, maxBytes: 100_000 };
  return documentOf(
    [
      {
        load: load(rate, { recordSize, partitionKey: { kind: 'uniform', keys: 10_000 } }),
        steps: [
          { type: 'source', emit: { batchSize: 50, lingerMs: 50, maxAttempts: 10, onExhausted: 'drop' } },
          stream({ shardCount: 1 }),
          worker(),
          sink,
        ],
      },
    ],
    by === 'records' ? 30 : 120,
  );
}

/** Two shards asked for `ratio` times what they take in large calls of four processes, whose retries run out. */
function overloadedBy(ratio: number, by: 'records' | 'bytes'): CaudalDocument {
  const [rate, bytes] = by === 'records' ? [2000 * ratio, 200] : [200 * ratio, 10_400];
  return documentOf(
    [
      {
        load: load(rate, { producers: 4, recordSize: { kind: 'constant', bytes } }),
        steps: [
          { type: 'source', emit: { batchSize: 500, lingerMs: 1000, maxAttempts: 6, onExhausted: 'drop' } },
          stream({ shardCount: 2 }),
          worker({ batchSize: 2000 }, { perRecordMs: 0.1 }, { batchSize: 500 }),
          sink,
        ],
      },
    ],
    by === 'records' ? 40 : 60,
  );
}

/** A function that sends on to a stream of one shard, as fast as `ratio` of its records a second. */
function functionAt(ratio: number): CaudalDocument {
  return documentOf(
    [
      {
        load: load(1000 * ratio, { recordSize: { kind: 'constant', bytes: 200 } }),
        steps: [
          source,
          stream({ shardCount: 4 }),
          worker({ parallelizationFactor: 2 }, {}, { batchSize: 100, maxAttempts: 5, onExhausted: 'drop' }),
          { ...stream({ shardCount: 1 }), id: 'second' },
          { ...worker(), id: 'last' },
          sink,
        ],
      },
    ],
    30,
  );
}

const shards: Cases = Object.fromEntries(
  ([0.95, 1, 1.05] as const).flatMap((ratio) =>
    (['records', 'bytes'] as const).map((by) => [
      `a shard at ${Math.round(100 * ratio)} % of its ${by}`,
      () => shardAt(ratio, by),
    ]),
  ),
);

export const limits: Cases = {
  ...shards,
  'two shards asked for a quarter more records than they take, in large calls': () => overloadedBy(1.25, 'records'),
  'two shards asked for twice the records that they take, in large calls': () => overloadedBy(2, 'records'),
  'two shards asked for a quarter more bytes than they take, all records of one size': () =>
    overloadedBy(1.25, 'bytes'),
  'a function that fills a shard': () => functionAt(0.8),
  'a function that overfills a shard': () => functionAt(1.1),
};
