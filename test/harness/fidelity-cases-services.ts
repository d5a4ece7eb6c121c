/** Pipelines with container services, topics, caches, and deliveries to buckets and search domains. */
import type { CaudalDocument } from '#schema/document.ts';
import { documentOf } from './fidelity-documents.ts';
import {
  type Settings,
  backEnd,
  batching,
  bucket,
  container,
  delivery,
  load,
  outage,
  queue,
  sink,
  source,
  stream,
  worker,
} from './fidelity-steps.ts';

type Cases = Readonly<Record<string, () => CaudalDocument>>;

export const containers: Cases = {
  'a container service that makes the records of a stream': () =>
    documentOf([{ load: load(150), steps: [container('api'), stream(), worker(), sink] }], 80),
  'a container service that asks another': () =>
    documentOf(
      [
        {
          load: load(150),
          steps: [
            source,
            container('api', { desiredCount: 1, concurrency: 6, queueLimit: 40 }),
            container('backend', { desiredCount: 1, meanServiceTimeMs: 18 }),
            sink,
          ],
        },
      ],
      120,
    ),
  'a container service that reads a stream and fills a queue': () =>
    documentOf(
      [
        {
          load: load(200),
          steps: [
            source,
            stream(),
            container('reader', { retrieval: 'polling', meanServiceTimeMs: 4 }, { batchSize: 10 }),
            queue(),
            backEnd(),
          ],
        },
      ],
      80,
    ),
  'a container service that reads a queue, near its capacity': () =>
    documentOf(
      [{ load: load(150), steps: [source, queue(), container('reader', { meanServiceTimeMs: 40 }), sink] }],
      120,
    ),
  'a container service that scales with its load': () =>
    documentOf(
      [
        {
          load: load(60),
          steps: [
            source,
            container('api', {
              desiredCount: 1,
              concurrency: 50,
              cpuBoundRatio: 1,
              cpu: '256',
              memoryMiB: 512,
              meanServiceTimeMs: 2,
              autoScaling: 'ECSServiceAverageCPUUtilization',
              targetValue: 50,
            }),
            stream(),
            worker(),
            sink,
          ],
        },
      ],
      600,
    ),
};

const orders = { ...queue(), id: 'orders' };
const audit = { ...queue(), id: 'audit', link: { filterPassRatio: 0.3, rawMessageDelivery: true } };
const topic = { type: 'topic' } as const;
const publishing = { type: 'source', emit: { batchSize: 10, lingerMs: 100 } } as const;

function fanOut(extra: Parameters<typeof documentOf>[2] = {}, seconds = 80): CaudalDocument {
  return documentOf(
    [
      { load: load(150), steps: [publishing, topic, orders, backEnd()] },
      { steps: [topic, audit, { ...backEnd(), id: 'auditor' }] },
    ],
    seconds,
    extra,
  );
}

/** A function that publishes a part of what it reads: to a queue, a function that wants some of it, and a delivery stream. */
function publishedInPart(faults: readonly Settings[] = []): CaudalDocument {
  const raw = { rawMessageDelivery: true };
  const alert = { ...worker({ filterPassRatio: 0.2 }), id: 'alert' };
  return documentOf(
    [
      {
        load: load(400, { recordSize: { kind: 'lognormal', meanBytes: 600, cv: 0.6, maxBytes: 16_000 } }),
        steps: [
          source,
          stream(),
          worker({ batchSize: 1000, maximumBatchingWindowInSeconds: 1 }, {}, { selectivity: 0.2, batchSize: 10 }),
          topic,
          { ...queue(), link: raw },
          backEnd(),
        ],
      },
      { steps: [topic, alert, sink] },
      { steps: [topic, { ...delivery(), link: raw }, bucket] },
    ],
    90,
    { faults, failures: [['topic', 'dead']] },
  );
}

export const topics: Cases = {
  'a function that publishes a part of its records': () => publishedInPart(),
  'a function that publishes to a queue that fails for a while': () =>
    publishedInPart([{ kind: 'outage', node: 'queue', startSeconds: 20, durationSeconds: 15 }]),
  'a topic with two queues, one with a filter': () => fanOut(),
  'a topic with a queue that fails for a while': () =>
    fanOut(
      {
        faults: [{ kind: 'outage', node: 'audit', startSeconds: 20, durationSeconds: 15 }],
        failures: [['topic', 'dead']],
      },
      100,
    ),
  'a topic with a function and a delivery stream': () =>
    documentOf(
      [
        { load: load(120), steps: [publishing, topic, worker({ filterPassRatio: 0.5 }), sink] },
        { steps: [topic, delivery(), bucket] },
      ],
      80,
    ),
};

/** Duplicate records, and a function that asks a cache which it has seen. */
function deduplicated(link: Settings, config: Settings, rate = 100): CaudalDocument {
  const cache = { type: 'cache', config, link } as const;
  const asking = { ...worker({ batchSize: 20 }, {}, { order: 'pipelined' }) };
  return documentOf(
    [{ load: load(rate), steps: [source, stream(), worker({ batchSize: 20 }), sink] }, { steps: [asking, cache] }],
    120,
    {
      faults: [
        { kind: 'duplicates', node: 'stream', ratio: 0.2, startSeconds: 0, durationSeconds: 120 },
        { kind: 'errorRate', node: 'function', ratio: 0.1, per: 'invocation', startSeconds: 10, durationSeconds: 100 },
      ],
    },
  );
}

export const caches: Cases = {
  'a cache that finds duplicates': () => deduplicated({ timeToLiveSeconds: 3600 }, {}),
  'a cache that marks records when they are done': () =>
    deduplicated({ timeToLiveSeconds: 3600, mark: 'afterProcessing' }, {}),
  'a cache whose keys live one second': () => deduplicated({ timeToLiveSeconds: 1 }, {}),
  'a cache that evicts': () =>
    deduplicated(
      { timeToLiveSeconds: 3600, valueBytes: 1_000_000 },
      { cacheNodeType: 'cache.t4g.micro', reservedMemoryPercent: 96 },
    ),
};

const transform = { ...worker({}, { timeoutSeconds: 60, perRecordMs: 0.2 }), id: 'transform' };
const large = { kind: 'lognormal', meanBytes: 10_000, cv: 0.5, maxBytes: 100_000 };

export const deliveries: Cases = {
  'a delivery stream whose buffer fills about when its time is up': () =>
    documentOf([{ load: load(175), steps: [batching, delivery(), bucket] }], 300),
  'a delivery stream of single records': () =>
    documentOf([{ load: load(150), steps: [source, delivery({ bufferIntervalSeconds: 15 }), bucket] }], 200),
  'a delivery stream that reads a stream': () =>
    documentOf([{ load: load(250), steps: [source, stream(), delivery(), bucket] }], 200),
  'a delivery stream with a transform': () =>
    documentOf(
      [
        {
          load: load(200),
          steps: [
            batching,
            delivery({ transformBufferIntervalSeconds: 2, transformDroppedRatio: 0.1, transformFailedRatio: 0.02 }),
            bucket,
          ],
        },
        { steps: [delivery(), transform] },
      ],
      200,
      { failures: [['delivery', 'bucket']] },
    ),
  'a delivery stream above its quota': () =>
    documentOf(
      [
        {
          load: load(300),
          steps: [
            { type: 'source', emit: { batchSize: 50, lingerMs: 200, maxAttempts: 4, onExhausted: 'drop' } },
            delivery({ recordsPerSecondQuota: 250, quotaGrows: false }),
            bucket,
          ],
        },
      ],
      120,
    ),
  'a function that puts to a delivery stream above its quota': () =>
    documentOf(
      [
        {
          load: load(300),
          steps: [
            source,
            stream(),
            worker({}, {}, { batchSize: 50, maxAttempts: 4, onExhausted: 'drop' }),
            delivery({ recordsPerSecondQuota: 250, quotaGrows: false }),
            bucket,
          ],
        },
      ],
      120,
    ),
  'a delivery stream to a search domain': () =>
    documentOf([{ load: load(300), steps: [batching, delivery(), { type: 'search' }] }], 200),
  'a delivery stream to a search domain that fails requests': () =>
    documentOf(
      [{ load: load(200), steps: [batching, delivery({ retryDurationSeconds: 10 }), { type: 'search' }] }],
      240,
      {
        faults: [
          { kind: 'errorRate', node: 'search', ratio: 0.6, per: 'invocation', startSeconds: 20, durationSeconds: 150 },
        ],
      },
    ),
  'bulk requests that a search domain rejects': () =>
    documentOf(
      [
        {
          load: load(250, { recordSize: large }),
          steps: [
            { type: 'source', emit: { batchSize: 100, lingerMs: 1000, maxAttempts: 3, onExhausted: 'drop' } },
            {
              type: 'search',
              config: { instanceType: 't3.small.search', mebibytesPerSecondPerVcpu: 0.3, volumeSizeGiB: 50 },
            },
          ],
        },
      ],
      240,
    ),
  'a delivery stream to a search domain that is down': () =>
    documentOf(
      [{ load: load(100), steps: [batching, delivery({ retryDurationSeconds: 20 }), { type: 'search' }] }],
      240,
      { faults: [{ ...outage('search'), durationSeconds: 90 }] },
    ),
  'bulk requests of a source': () =>
    documentOf(
      [
        {
          load: load(400),
          steps: [{ type: 'source', emit: { batchSize: 200, lingerMs: 1000 } }, { type: 'search' }],
        },
      ],
      120,
    ),
  'objects of a function': () =>
    documentOf([{ load: load(200), steps: [source, stream(), worker({}, {}, { per: 'batch' }), bucket] }], 120),
  'objects of a source': () =>
    documentOf(
      [{ load: load(200), steps: [{ type: 'source', emit: { recordsPerMessage: 100, lingerMs: 2000 } }, bucket] }],
      120,
    ),
};
