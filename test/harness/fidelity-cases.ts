/** The pipelines in which runs of records are most likely to differ from single ones. */
import type { CaudalDocument } from '#schema/document.ts';
import { type Chain, documentOf, type Step } from './fidelity-documents.ts';

type Settings = Readonly<Record<string, unknown>>;

export interface FidelityCase {
  readonly name: string;
  readonly document: CaudalDocument;
  /** Pairs of runs. */
  readonly pairs: number;
}

const poisson = (recordsPerSecond: number): Settings => ({ kind: 'poisson', recordsPerSecond });
const load = (recordsPerSecond: number, more: Settings = {}): Settings => ({
  arrivals: poisson(recordsPerSecond),
  ...more,
});

const source: Step = { type: 'source' };
const batching: Step = { type: 'source', emit: { batchSize: 100, lingerMs: 200 } };
const stream = (config: Settings = {}): Step => ({ type: 'stream', config: { shardCount: 2, ...config } });
const worker = (link: Settings = {}, config: Settings = {}, emit: Settings = {}): Step => ({
  type: 'function',
  config: { memorySize: 512, timeoutSeconds: 10, ...config },
  emit,
  link,
});
const queue = (config: Settings = {}): Step => ({ type: 'queue', config: { visibilityTimeoutSeconds: 30, ...config } });
const container = (config: Settings = {}): Step => ({
  type: 'container',
  config: { cpu: '2048', memoryMiB: 4096, desiredCount: 4, meanServiceTimeMs: 5, cpuBoundRatio: 0.25, ...config },
});
const sink: Step = { type: 'application' };
const backEnd = (config: Settings = {}): Step => ({
  type: 'application',
  id: 'back-end',
  config: { workers: 20, meanServiceTimeMs: 10, receiveWait: 'own', ...config },
});

function toFunction(rate: number, link: Settings = {}, config: Settings = {}, shards: Settings = {}): Chain {
  return { load: load(rate), steps: [source, stream(shards), worker(link, config), sink] };
}

const outage = (node: string): Settings => ({ kind: 'outage', node, startSeconds: 60, durationSeconds: 300 });

const lowRates: Record<string, () => CaudalDocument> = {
  'a function that is called rarely, with cold starts': () =>
    documentOf([{ load: load(20), steps: [source, queue(), worker({}, { idleTimeoutMinSeconds: 2, idleTimeoutMaxSeconds: 4 }), sink] }], 600),
  'a function of a stream, called once a second': () => documentOf([toFunction(25, {}, {}, { shardCount: 4 })], 600),
  'reserved concurrency near its limit': () =>
    documentOf([{ load: load(300), steps: [source, queue(), worker({ batchSize: 10 }, { reservedConcurrentExecutions: 6, perInvocationMs: 150 }), sink] }], 200),
  'reserved concurrency below a stream\'s lanes': () =>
    documentOf([toFunction(400, { parallelizationFactor: 5 }, { reservedConcurrentExecutions: 4, perInvocationMs: 300 }, { shardCount: 2 })], 200),
};

const outages: Record<string, () => CaudalDocument> = {
  'an outage of the stream': () =>
    documentOf([{ load: load(100), steps: [{ type: 'source', emit: { maxAttempts: 8 } }, stream(), worker(), sink] }], 600, { faults: [outage('stream')] }),
  'an outage of the function': () => documentOf([toFunction(150)], 600, { faults: [outage('function')] }),
  'an outage of the sink': () => documentOf([toFunction(100)], 600, { faults: [outage('application')] }),
  'an outage of the queue behind a function': () =>
    documentOf([{ load: load(100), steps: [source, stream(), worker({}, {}, { batchSize: 10 }), queue(), backEnd()] }], 600, { faults: [outage('queue')] }),
  'an outage of a function that is fed by a queue': () =>
    documentOf([{ load: load(60), steps: [source, queue(), worker(), sink] }], 600, { faults: [outage('function')] }),
  'failed invocations of a stream\'s function, bisected': () =>
    documentOf([toFunction(200, { bisectBatchOnFunctionError: true })], 200, {
      faults: [{ kind: 'errorRate', node: 'function', ratio: 0.2, per: 'invocation', startSeconds: 30, durationSeconds: 100 }],
    }),
  'record errors, item failures reported': () =>
    documentOf([toFunction(200, { reportBatchItemFailures: true })], 200, {
      faults: [{ kind: 'errorRate', node: 'function', ratio: 0.01, per: 'record', startSeconds: 30, durationSeconds: 100 }],
    }),
  'poison records, bisected, given up': () =>
    documentOf([toFunction(200, { bisectBatchOnFunctionError: true, maximumRetryAttempts: 2 })], 300, {
      faults: [{ kind: 'poisonRecord', node: 'source', count: 5, startSeconds: 50, durationSeconds: 100 }],
      failures: [['function', 'failed']],
    }),
  'puts that time out after they have succeeded': () =>
    documentOf([toFunction(200)], 200, { faults: [{ kind: 'duplicates', node: 'stream', ratio: 0.2, startSeconds: 30, durationSeconds: 100 }] }),
  'a slow function': () =>
    documentOf([toFunction(200)], 300, { faults: [{ kind: 'latencyFactor', node: 'function', factor: 30, startSeconds: 50, durationSeconds: 60 }] }),
  'a throttled stream': () =>
    documentOf([{ load: load(300), steps: [{ type: 'source', emit: { maxAttempts: 6 } }, stream({ shardCount: 1 }), worker(), sink] }], 200, {
      faults: [{ kind: 'throttling', node: 'stream', capacityRatio: 0.25, startSeconds: 50, durationSeconds: 60 }],
    }),
  'a throttled function': () =>
    documentOf([{ load: load(200), steps: [source, queue(), worker({}, { reservedConcurrentExecutions: 20, perInvocationMs: 200 }), sink] }], 200, {
      faults: [{ kind: 'throttling', node: 'function', capacityRatio: 0.1, startSeconds: 50, durationSeconds: 60 }],
    }),
};

const queues: Record<string, () => CaudalDocument> = {
  'a visibility timeout shorter than the work': () =>
    documentOf([{ load: load(80), steps: [source, queue({ visibilityTimeoutSeconds: 2 }), backEnd({ workers: 200, meanServiceTimeMs: 1200 })] }], 200),
  'dead letters after three receives': () =>
    documentOf([{ load: load(100), steps: [source, queue({ visibilityTimeoutSeconds: 12, maxReceiveCount: 3 }), worker({}, { errorRatio: 0.3 }), sink] }], 300, {
      failures: [['queue', 'dead']],
    }),
  'dead letters, item failures reported': () =>
    documentOf([{ load: load(100), steps: [source, queue({ visibilityTimeoutSeconds: 12, maxReceiveCount: 3 }), worker({ reportBatchItemFailures: true }), sink] }], 300, {
      failures: [['queue', 'dead']],
      faults: [{ kind: 'errorRate', node: 'function', ratio: 0.3, per: 'record', startSeconds: 30, durationSeconds: 150 }],
    }),
  'a queue with a window of two seconds': () =>
    documentOf([{ load: load(300), steps: [source, queue(), worker({ batchSize: 200, maximumBatchingWindowInSeconds: 2 }), sink] }], 200),
  'a backlog that a queue works off': () =>
    documentOf([{ load: load(300), steps: [source, queue(), worker({}, { reservedConcurrentExecutions: 40, perInvocationMs: 100 }), sink] }], 200, {
      faults: [{ kind: 'trafficSpike', node: 'source', factor: 6, startSeconds: 50, durationSeconds: 30 }],
    }),
  'messages of 25 records': () =>
    documentOf([{ load: load(400), steps: [{ type: 'source', emit: { recordsPerMessage: 25, batchSize: 10 } }, queue(), worker({ batchSize: 10 }), sink] }], 200),
  'messages of 25 records behind a stream': () =>
    documentOf([{ load: load(400), steps: [source, stream(), worker({ batchSize: 200 }, {}, { recordsPerMessage: 25, batchSize: 10 }), queue(), backEnd()] }], 200),
};

const streams: Record<string, () => CaudalDocument> = {
  'hot keys': () =>
    documentOf([{ load: load(600, { partitionKey: { kind: 'hotKey', keys: 1000, hotShareRatio: 0.6 } }), steps: [source, stream(), worker({ parallelizationFactor: 10 }), sink] }], 120),
  'calls of up to 500 records': () =>
    documentOf([{ load: load(450), steps: [{ type: 'source', emit: { batchSize: 500, lingerMs: 1000 } }, stream(), worker(), sink] }], 200),
  'calls of up to 50 records of four processes': () =>
    documentOf([{ load: load(450, { producers: 4 }), steps: [{ type: 'source', emit: { batchSize: 50, lingerMs: 400 } }, stream(), worker(), sink] }], 200),
  'parallelizationFactor 10': () => documentOf([toFunction(600, { parallelizationFactor: 10, batchSize: 50 })], 120),
  'enhanced fan-out': () => documentOf([toFunction(300, { enhancedFanOut: true })], 120),
  'enhanced fan-out, ten lanes': () => documentOf([toFunction(300, { enhancedFanOut: true, parallelizationFactor: 10 })], 120),
  'a window of three seconds': () => documentOf([toFunction(300, { maximumBatchingWindowInSeconds: 3, batchSize: 1000 })], 200),
  'a container service that writes to a stream': () =>
    documentOf([{ load: load(900), steps: [container(), stream(), worker({ batchSize: 500 }, {}, { batchSize: 100 }), sink] }], 200),
  'a container service with hardly a place to spare': () =>
    documentOf([{ load: load(900), steps: [container({ desiredCount: 1, concurrency: 10 }), stream(), worker({ batchSize: 500 }, {}, { batchSize: 100 }), sink] }], 200),
  'three sources into one stream': () =>
    documentOf([
      toFunction(300),
      { load: load(40), steps: [{ type: 'source', id: 'second', emit: { batchSize: 20, lingerMs: 500 } }, stream()] },
      { load: { arrivals: { kind: 'constant', recordsPerSecond: 25, spacing: 'paced' } }, steps: [{ type: 'source', id: 'third' }, stream()] },
    ], 150),
  'two consumers of a stream': () =>
    documentOf([toFunction(300), { steps: [stream(), worker({ enhancedFanOut: true, batchSize: 30 }), { ...sink, id: 'other' }].map((step) => step.type === 'function' ? { ...step, id: 'second' } : step) as Step[] }], 150),
  'a consumer that polls the stream itself': () =>
    documentOf([{ load: load(200), steps: [source, stream(), backEnd({ workers: 1, meanServiceTimeMs: 5 })] }], 150),
  'a producer library': () =>
    documentOf([{ load: load(300), steps: [{ type: 'source', emit: { client: 'kpl' } }, stream(), worker({}, {}, { recordsPerMessage: 5 }), queue(), backEnd()] }], 120),
  'resharding on demand': () =>
    documentOf([{ load: { arrivals: { kind: 'ramp', fromRecordsPerSecond: 100, toRecordsPerSecond: 500, startSeconds: 60, durationSeconds: 100 } }, steps: [source, { type: 'stream', config: { shardCount: 2, reshardAtMinutes: 2, reshardTargetShardCount: 3 } }, worker(), sink] }], 400),
  'an on-demand stream that doubles': () =>
    documentOf([{ load: { arrivals: { kind: 'steps', steps: [{ atSeconds: 0, recordsPerSecond: 100 }, { atSeconds: 100, recordsPerSecond: 700 }] }, recordSize: { kind: 'constant', bytes: 9000 } }, steps: [batching, { type: 'stream', config: { streamMode: 'ON_DEMAND', onDemandScalingSeconds: 60 } }, worker(), sink] }], 240),
  'a day\'s curve': () =>
    documentOf([{ load: { arrivals: { kind: 'diurnal', recordsPerDay: 12_000_000, peakToMeanRatio: 4, peakHour: 12.5 } }, steps: [source, stream(), worker(), sink] }], 300),
  'paced arrivals': () =>
    documentOf([{ load: { arrivals: { kind: 'constant', recordsPerSecond: 250, spacing: 'paced' } }, steps: [source, stream(), worker(), sink] }], 150),
  'paced arrivals in calls of 20': () =>
    documentOf([{ load: { arrivals: { kind: 'constant', recordsPerSecond: 250, spacing: 'paced' } }, steps: [{ type: 'source', emit: { batchSize: 20, lingerMs: 70 } }, queue(), worker({}, { reservedConcurrentExecutions: 3, perInvocationMs: 60 }), sink] }], 150),
  'two workloads of one source, in calls': () => {
    const document = documentOf([{ load: load(200), steps: [batching, stream(), worker(), sink] }], 150);
    const [first] = document.workloads;
    return { ...document, workloads: [first!, { ...first!, id: 'w1', arrivals: { kind: 'poisson', recordsPerSecond: 60 } }] };
  },
};

function shardAt(ratio: number, by: 'records' | 'bytes'): CaudalDocument {
  const rate = by === 'records' ? 1000 * ratio : 100 * ratio;
  const bytes = by === 'records' ? 200 : (1_048_576 / 100) - 40;
  const recordSize = { kind: 'lognormal', meanBytes: bytes, cv: 0.5, maxBytes: 100_000 };
  return documentOf([{ load: load(rate, { recordSize, partitionKey: { kind: 'uniform', keys: 10_000 } }), steps: [{ type: 'source', emit: { batchSize: 50, lingerMs: 50, maxAttempts: 10, onExhausted: 'drop' } }, stream({ shardCount: 1 }), worker(), sink] }], by === 'records' ? 100 : 300);
}

const limits: Record<string, () => CaudalDocument> = Object.fromEntries(
  ([0.95, 1, 1.05] as const).flatMap((ratio) =>
    (['records', 'bytes'] as const).map((by) => [`a shard at ${Math.round(100 * ratio)} % of its ${by}`, () => shardAt(ratio, by)]),
  ),
);

const shapes: Record<string, () => CaudalDocument> = {
  'selectivity 0.2': () => documentOf([{ load: load(300), steps: [source, stream(), worker({}, {}, { selectivity: 0.2, batchSize: 10 }), queue(), backEnd()] }], 150),
  'selectivity 3': () => documentOf([{ load: load(100), steps: [source, stream(), worker({}, {}, { selectivity: 3, batchSize: 10 }), queue(), backEnd()] }], 150),
  'weighted outputs': () =>
    documentOf([
      { load: load(300), steps: [source, stream(), worker({}, {}, { weight: 3, batchSize: 10 }), queue(), backEnd()] },
      { steps: [worker({}, {}, { weight: 1, batchSize: 5 }), { ...queue(), id: 'second' }, { ...backEnd(), id: 'other' }] },
    ], 150),
  'two outputs': () =>
    documentOf([
      { load: load(200), steps: [source, stream(), worker({}, {}, { batchSize: 10 }), queue(), backEnd()] },
      { steps: [worker({}, {}, { batchSize: 100, sizeFactor: 2 }), { ...stream(), id: 'second' }, worker({ batchSize: 20 }), sink].map((step, i) => i === 2 ? { ...step, id: 'last' } : step) as Step[] },
    ], 150),
  'one record out of each batch': () => documentOf([{ load: load(300), steps: [source, stream(), worker({}, {}, { per: 'batch' }), queue(), backEnd()] }], 150),
  'a function that fails and sends on': () =>
    documentOf([{ load: load(150), steps: [source, queue({ visibilityTimeoutSeconds: 15 }), worker({}, { errorRatio: 0.1 }, { batchSize: 10 }), { ...queue(), id: 'second' }, backEnd()] }], 200),
  'a stream behind a queue\'s function': () =>
    documentOf([{ load: load(300), steps: [source, queue(), worker({}, {}, { batchSize: 100 }), stream(), worker({ batchSize: 50 }), sink].map((step, i) => i === 4 ? { ...step, id: 'second' } : step) as Step[] }], 120),
};

const groups = { lowRates, outages, queues, streams, limits, shapes };

export type GroupName = keyof typeof groups;

export function casesOf(group: GroupName): readonly { readonly name: string; readonly open: () => CaudalDocument }[] {
  return Object.entries(groups[group]).map(([name, open]) => ({ name, open }));
}

export const groupNames = Object.keys(groups) as readonly GroupName[];
