/** Every setting of an output changes what happens: in a function that sends in calls, from a source, or with the producer library. */
import { describe, expect, it } from 'vitest';
import { stableJson } from '#analysis/stable-json.ts';
import { schemaNode, unwrapped } from '#analysis/schema-walk.ts';
import { emitSchema } from '#schema/emit.ts';
import { fieldMeta } from '#schema/field.ts';
import { run, tryScenario } from '#test/contract/small-scenarios.ts';
import { valuesNear } from '#test/property/random-document.ts';

interface Stage {
  /** Settings of both runs; OUTPUT stands for the emit block. */
  readonly settings?: readonly string[];
  readonly values?: readonly unknown[];
  readonly from?: 'source' | 'function' | 'library' | 'calls';
}

const workload = (rate: number, bytes = 600): string[] => [
  `workloads.load.arrivals=${JSON.stringify({ kind: 'poisson', recordsPerSecond: rate })}`,
  `workloads.load.recordSize=${JSON.stringify({ kind: 'constant', bytes })}`,
];

const node = (id: string, type: string, config: object = {}, outputs: object[] = []): object => ({
  id,
  type,
  config,
  outputs,
});
const edge = (source: string, output: string, target: string, port: string): object => ({
  id: `${source}-${target}-${output}`,
  source,
  output,
  target,
  port,
});

/** A function that reads a stream and sends to a small service and, by a second output, to another. */
const withFunction = [
  `nodes=${JSON.stringify([
    node('devices', 'traffic-source', {}, [{ id: 'readings' }]),
    node('stream', 'kinesis-data-streams'),
    node('function', 'lambda', { memorySize: 1769, timeoutSeconds: 60 }, [
      { id: 'out' },
      { id: 'other', emit: { weight: 1 } },
    ]),
    node('service', 'custom-service', { servers: 2, meanServiceTimeMs: 20, queueLimit: 5 }),
    node('second', 'custom-service', { servers: 50 }),
  ])}`,
  `edges=${JSON.stringify([
    edge('devices', 'readings', 'stream', 'records'),
    edge('stream', 'consumers', 'function', 'kinesis'),
    edge('function', 'out', 'service', 'requests'),
    edge('function', 'other', 'second', 'requests'),
  ])}`,
  'faults=[]',
  ...workload(60),
];

/** A function that asks a cache about every record. */
const withCalls = [
  `nodes=${JSON.stringify([
    node('devices', 'traffic-source', {}, [{ id: 'readings' }]),
    node('stream', 'kinesis-data-streams'),
    node('function', 'lambda', { timeoutSeconds: 60 }, [{ id: 'lookups', port: 'calls' }]),
    node('cache', 'elasticache'),
  ])}`,
  `edges=${JSON.stringify([
    edge('devices', 'readings', 'stream', 'records'),
    edge('stream', 'consumers', 'function', 'kinesis'),
    { ...edge('function', 'lookups', 'cache', 'commands'), kind: 'call' },
  ])}`,
  'faults=[]',
];

/** A source that sends to a stream with the producer library, more than the shard takes. */
const withLibrary = [
  `nodes=${JSON.stringify([
    node('devices', 'traffic-source', {}, [{ id: 'readings', emit: { client: 'kpl' } }]),
    node('stream', 'kinesis-data-streams'),
    node('reader', 'consumer-application'),
  ])}`,
  `edges=${JSON.stringify([edge('devices', 'readings', 'stream', 'records'), edge('stream', 'consumers', 'reader', 'stream')])}`,
  'faults=[]',
  'workloads.load.producers=2',
];

const places = {
  source: { prefix: 'nodes.devices.outputs.readings.emit', settings: [] as string[] },
  function: { prefix: 'nodes.function.outputs.out.emit', settings: withFunction },
  calls: { prefix: 'nodes.function.outputs.lookups.emit', settings: withCalls },
  library: { prefix: 'nodes.devices.outputs.readings.emit', settings: [...withLibrary, ...workload(800, 900)] },
};

const stages: Readonly<Record<string, Stage>> = {
  per: { from: 'function' },
  weight: { from: 'function', values: [3] },
  client: { from: 'library', settings: ['OUTPUT={}'], values: ['kpl'] },
  key: { from: 'library', settings: ['OUTPUT={}', 'nodes.stream.config.shardCount=8'], values: ['new'] },
  aggregationMaxBytes: { from: 'library' },
  collectionMaxCount: { from: 'library', settings: ['OUTPUT.aggregationMaxBytes=0'], values: [2] },
  recordMaxBufferedTimeMs: { from: 'library' },
  recordTtlMs: { from: 'library', settings: workload(3000, 900), values: [1000] },
  rateLimitPercent: { from: 'library', settings: workload(3000, 900), values: [50] },
  callsPer: { from: 'calls' },
  maxBufferAgeMillis: { from: 'library', settings: ['OUTPUT={"client":"agent"}', ...workload(20)], values: [5000] },
  maxBufferSizeBytes: { from: 'library', settings: ['OUTPUT={"client":"agent"}'], values: [100_000] },
  maxBufferSizeRecords: { from: 'library', settings: ['OUTPUT={"client":"agent"}'], values: [100] },
  minTimeBetweenFilePollsMillis: { from: 'library', settings: ['OUTPUT={"client":"agent"}'], values: [1000] },
  partitionKeyOption: {
    from: 'library',
    settings: ['OUTPUT={"client":"agent"}', 'nodes.stream.config.shardCount=8'],
    values: ['DETERMINISTIC'],
  },
  order: { from: 'function' },
  callLatencyMs: { from: 'function', values: [40] },
  maxAttempts: { from: 'source' },
  onExhausted: { from: 'function', settings: ['OUTPUT.maxAttempts=1'] },
};

describe('a changed setting of an output', () => {
  it.each(Object.keys(emitSchema.shape))('%s changes what happens', (field) => {
    const stage = stages[field] ?? {};
    const { prefix, settings: own } = places[stage.from ?? 'source'];
    const settings = [...own, ...(stage.settings ?? []).map((setting) => setting.replace(/^OUTPUT\b/, prefix))];
    const base = tryScenario('traffic-source', settings);
    if (typeof base === 'string') throw new Error(base);
    const shown = (changes: readonly string[]): string => {
      const { ledger, nodes, edges, paths, usage } = run('traffic-source', [...settings, ...changes], 40);
      return stableJson({ ledger, nodes, edges, paths, usage });
    };
    const schema = emitSchema.shape[field as keyof typeof emitSchema.shape];
    const defaults = emitSchema.parse({}) as Record<string, unknown>;
    const values = stage.values ?? valuesNear(unwrapped(schemaNode(schema)), defaults[field]);
    const before = shown([]);
    const tried = values.filter(
      (value) =>
        typeof tryScenario('traffic-source', [...settings, `${prefix}.${field}=${JSON.stringify(value)}`]) !== 'string',
    );
    const changed = tried.some((value) => shown([`${prefix}.${field}=${JSON.stringify(value)}`]) !== before);
    expect(changed, `tried ${tried.map((value) => JSON.stringify(value)).join(', ') || 'nothing'}`).toBe(true);
  });

  it.each(Object.entries(emitSchema.shape))(
    '%s says what it is, in which unit and how far it can be trusted',
    (_field, schema) => {
      const meta = fieldMeta(schema);
      expect(meta?.label.trim()).not.toBe('');
      expect(meta?.help).toMatch(/^\S.{10,}\.$/s);
      expect(meta?.affects).toContain('behavior');
      if (meta?.kind === 'documented') expect(meta.source?.url).toMatch(/^https:/);
    },
  );
});
