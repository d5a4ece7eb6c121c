/** A tiny catalogue for tests: a source, a stream, a worker that polls it, and a sink. */
import { z } from 'zod';
import type { Catalog } from '#analysis/catalog.ts';
import { RateTable } from '#catalog/pricing/rates.ts';
import type { ComponentSpec, ConnectionSpec, Port, RatesView, UsageTotals } from '#schema/component.ts';
import { field } from '#schema/field.ts';
import type { RateRow } from '#schema/pricing.ts';
import { emptyLedger, type RawResult } from '#schema/result.ts';

const choice = (label: string, unit = '') =>
  ({ label, unit, help: label, kind: 'choice', affects: ['behavior'] }) as const;

const guess = (label: string, unit: string) => ({ ...choice(label, unit), kind: 'guess' }) as const;

const source = {
  url: 'https://docs.aws.amazon.com/example',
  read: '2026-11-21',
  note: 'measured in one Region',
} as const;

const streamConfig = z.strictObject({
  mode: field(z.enum(['PROVISIONED', 'ON_DEMAND']).default('PROVISIONED'), choice('Mode')),
  shardCount: field(z.int().min(1).max(100).default(1), {
    ...choice('Shards', 'shards'),
    when: { mode: 'PROVISIONED' },
  }),
  warmShards: field(z.int().min(1).max(100).default(4), {
    ...guess('Warm shards', 'shards'),
    when: { mode: 'ON_DEMAND' },
  }),
  latencyMs: field(z.number().positive().default(5), { ...guess('Latency', 'ms'), kind: 'measured', source }),
  retentionHours: field(z.number().min(24).max(8760).default(24), choice('Retention', 'h')),
});

const workerConfig = z.strictObject({
  timeoutSeconds: field(z.int().min(1).max(900).default(3), choice('Timeout', 's')),
  overheadMs: field(z.number().min(0).default(2), guess('Overhead', 'ms')),
});

const port = (part: Partial<Port> & Pick<Port, 'id' | 'direction' | 'protocols'>): Port => ({
  label: part.id,
  kind: 'data',
  entity: 'record',
  min: 0,
  max: 30,
  ...part,
});

function spec(
  part: Partial<ComponentSpec> &
    Pick<ComponentSpec['declaration'], 'type' | 'config' | 'ports'> &
    Partial<Pick<ComponentSpec['declaration'], 'check'>>,
): ComponentSpec {
  const { type, config, ports, check, ...facets } = part;
  return {
    declaration: {
      type,
      title: `a ${type}`,
      category: 'Test',
      summary: '',
      config,
      ports,
      face: { kind: 'none' },
      calibrated: 'none',
      absent: {},
      drawio: '',
      ...(check === undefined ? {} : { check }),
    },
    usage: [],
    price: undefined,
    metrics: [],
    advice: undefined,
    messages: {},
    ...facets,
  };
}

const sourceSpec = spec({
  type: 'source',
  config: z.strictObject({}),
  ports: [
    port({
      id: 'records',
      direction: 'out',
      protocols: ['kinesis-put', 'service-request'],
      min: 1,
      emits: true,
      load: true,
    }),
  ],
});

const streamSpec = spec({
  type: 'stream',
  config: streamConfig,
  ports: [
    port({ id: 'records', direction: 'in', protocols: ['kinesis-put'] }),
    port({ id: 'consumers', direction: 'out', protocols: ['kinesis-get-records'], max: 2 }),
  ],
  usage: [
    { id: 'shardHours', label: 'Shard hours', unit: 'shard-hour', scalesWith: 'time', measured: 'not measured' },
    { id: 'units', label: 'Payload units', unit: 'unit', scalesWith: 'load', measured: 'not measured' },
    { id: 'storedGbMonths', label: 'Stored', unit: 'GB-month', scalesWith: 'stored', measured: 'not measured' },
  ],
  price: (usage: UsageTotals, _config: never, rates: RatesView) => [
    rates.price('shardHours', 'test/shard-hour', usage.quantities['shardHours'] ?? Number.NaN),
    rates.price('units', 'test/unit', usage.quantities['units'] ?? Number.NaN),
    rates.price('stored', 'test/stored', usage.quantities['storedGbMonths'] ?? Number.NaN),
  ],
  metrics: [
    { name: 'IncomingRecords', namespace: 'AWS/Test', unit: 'Count', statistic: 'Sum', series: 'counter', source },
    {
      name: 'WarmShards',
      namespace: 'AWS/Test',
      unit: 'Count',
      statistic: 'Maximum',
      series: 'gauge',
      when: { mode: 'ON_DEMAND' },
      source,
    },
  ],
  advice: (input) =>
    input.limits.some((limit) => limit.refused > 0)
      ? [
          {
            code: 'more-shards',
            severity: 'critical',
            params: { from: 1, to: 2 },
            evidence: [{ limit: 'write/shard-0', t0: 0, t1: 10, value: 1 }],
            patch: [{ path: 'config.shardCount', from: 1, to: 2 }],
          },
        ]
      : [],
  messages: {
    'more-shards': ({ from, to }) => `use ${to} shards in place of ${from}`,
    throttled: ({ shard }) => `shard ${shard} throttled`,
    'long-retention': ({ hours }) => `a retention of ${hours} h needs provisioned shards`,
  },
  check: ({ config }) =>
    config['mode'] === 'ON_DEMAND' && Number(config['retentionHours']) > 168
      ? [
          {
            code: 'long-retention',
            path: 'config.retentionHours',
            received: config['retentionHours'],
            params: { hours: Number(config['retentionHours']) },
          },
        ]
      : [],
});

const workerSpec = spec({
  type: 'worker',
  config: workerConfig,
  ports: [
    port({ id: 'polled', direction: 'in', protocols: ['kinesis-get-records'] }),
    port({ id: 'requests', direction: 'in', protocols: ['service-request'] }),
    port({ id: 'output', direction: 'out', protocols: ['kinesis-put', 'service-request'], emits: true }),
    port({ id: 'on-failure', direction: 'out', protocols: ['service-request'], onFailure: true }),
  ],
});

const sinkSpec = spec({
  type: 'sink',
  config: z.strictObject({}),
  ports: [port({ id: 'requests', direction: 'in', protocols: ['service-request'], min: 1 })],
});

const connection: ConnectionSpec = {
  declaration: {
    from: 'stream',
    to: 'worker',
    port: 'polled',
    title: 'polls',
    config: z.strictObject({
      batchSize: field(z.int().min(1).max(1000).default(10), choice('Batch', 'records')),
      windowSeconds: field(z.number().min(0).max(300).default(0), guess('Window', 's')),
    }),
    absent: {},
    check: ({ config, target }) =>
      Number(config['windowSeconds']) > Number(target['timeoutSeconds'])
        ? [
            {
              code: 'window-above-timeout',
              path: 'config.windowSeconds',
              received: config['windowSeconds'],
              params: { timeout: Number(target['timeoutSeconds']) },
            },
          ]
        : [],
  },
  usage: [],
  price: undefined,
  metrics: [],
  advice: () => [
    {
      code: 'longer-timeout',
      severity: 'info',
      params: {},
      evidence: [],
      patch: [
        { path: 'config.batchSize', from: 10, to: 20 },
        { path: 'target.config.timeoutSeconds', from: 3, to: 6 },
      ],
    },
  ],
  messages: { 'window-above-timeout': ({ timeout }) => `the window may not exceed the timeout of ${timeout} s` },
};

export const catalog: Catalog = {
  components: new Map([sourceSpec, streamSpec, workerSpec, sinkSpec].map((one) => [one.declaration.type, one])),
  connections: new Map([['stream--worker', connection]]),
};

function rate(id: string, unit: string, usdPerUnit: number, part: Partial<RateRow> = {}): RateRow {
  return {
    id,
    service: 'Test',
    dimension: id,
    unit,
    tierFrom: 0,
    tierTo: null,
    usdPerUnit,
    freeTier: '',
    freeUnits: null,
    rounding: '',
    source: 'https://aws.amazon.com/example/pricing/',
    sourceDate: '2026-11-01',
    confidence: 'A',
    serviceCode: '',
    usageType: '',
    operation: '',
    ...part,
  };
}

export const rates = new RateTable('us-east-1', [
  rate('test/shard-hour', 'shard-hour', 0.015),
  rate('test/unit', 'unit', 0.01, { tierTo: 1000 }),
  rate('test/unit', 'unit', 0.005, { tierFrom: 1000 }),
  rate('test/stored', 'GB-month', 0.1, { confidence: 'D', source: 'no page names a price' }),
]);

/** A valid design: source -> stream -> worker -> sink. */
export function design(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    schemaVersion: 1,
    name: 'design',
    nodes: [
      { id: 'app', type: 'source', outputs: [{ id: 'clicks' }] },
      { id: 'clicks', type: 'stream', config: { shardCount: 2 } },
      { id: 'enrich', type: 'worker', outputs: [{ id: 'orders', emit: { selectivity: 0.5 } }] },
      { id: 'shop', type: 'sink' },
    ],
    edges: [
      { id: 'put', source: 'app', output: 'clicks', target: 'clicks', port: 'records' },
      {
        id: 'poll',
        source: 'clicks',
        output: 'consumers',
        target: 'enrich',
        port: 'polled',
        config: { batchSize: 20 },
      },
      { id: 'send', source: 'enrich', output: 'orders', target: 'shop', port: 'requests' },
    ],
    workloads: [
      {
        id: 'visits',
        node: 'app',
        arrivals: { kind: 'constant', recordsPerSecond: 10 },
        recordSize: { kind: 'constant', bytes: 100 },
        partitionKey: { kind: 'single' },
      },
    ],
    run: { horizonSeconds: 3600, preRollSeconds: 60, seed: 7 },
    ...changes,
  };
}

/** A result in which nothing happened. */
export function emptyResult(part: Partial<RawResult> = {}): RawResult {
  return {
    scenario: 'design',
    seed: 7,
    horizonSeconds: 3600,
    preRollSeconds: 60,
    fidelity: { mode: 'exact', quantumSeconds: 0, warnings: [] },
    ledger: { ...emptyLedger, droppedBy: {}, duplicates: { made: 0, delivered: 0, removed: 0, inside: 0 } },
    nodes: {},
    edges: {},
    paths: [],
    usage: {},
    limits: [],
    log: [],
    logDropped: 0,
    cancelled: false,
    ...part,
  };
}
