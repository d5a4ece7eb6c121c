/** Settings of an Amazon ElastiCache cache for Valkey or Redis OSS, under AWS's own names. */
import { z } from 'zod';
import type { CheckContext, CheckFinding, ComponentDeclaration } from '#schema/component.ts';
import { field } from '#schema/field.ts';

const read = '2026-11-21';
const guide = 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/';
const nodeTypes = { url: `${guide}CacheNodes.SupportedTypes.html`, read } as const;
const parameters = { url: `${guide}ParameterGroups.Engine.html`, read } as const;
const reservedMemory = { url: `${guide}redis-memory-management.html`, read } as const;
const scaling = { url: `${guide}Scaling.html`, read } as const;
const replication = { url: `${guide}Replication.html`, read } as const;
const prices = { url: 'https://aws.amazon.com/elasticache/pricing/', read } as const;

const behavior = ['behavior'] as const;
const behaviorAndStack = ['behavior', 'stack'] as const;
const nodeBased = { deployment: 'nodeBased' } as const;
const serverless = { deployment: 'serverless' } as const;

/**
 * `maxmemory` of a node, bytes, before the reserved part. Read 2026-11-21: ParameterGroups.Engine.html, node-type specific
 * parameters. The list holds the node types whose price is known.
 */
export const maxmemoryBytes = {
  'cache.t4g.micro': 536_870_912,
  'cache.t4g.small': 1_471_026_299,
  'cache.t4g.medium': 3_317_862_236,
  'cache.m5.large': 6_854_542_746,
  'cache.m6g.large': 6_854_542_746,
  'cache.m6g.xlarge': 13_891_921_715,
  'cache.m6g.12xlarge': 168_715_971_994,
  'cache.m7g.large': 6_854_542_746,
  'cache.r5.large': 14_037_181_030,
  'cache.r6g.large': 14_037_181_030,
  'cache.r6g.xlarge': 28_261_849_702,
  'cache.r7g.large': 14_037_181_030,
} as const;

const cacheNodeTypes = Object.keys(maxmemoryBytes) as (keyof typeof maxmemoryBytes)[];

/**
 * A serverless cache: what it takes when it is new and without a minimum, and the most of any cache, ECPU/s; how much it stores at
 * most; what it is billed for at least, GB. Read 2026-11-21: Scaling.html and https://aws.amazon.com/elasticache/pricing/
 */
export const serverlessLimits = {
  firstEcpuPerSecond: 30_000,
  mostEcpuPerSecond: 15_000_000,
  mostGB: 5000,
  leastBilledGB: { valkey: 0.1, redis: 1 },
} as const;

const common = {
  engine: field(z.enum(['valkey', 'redis']).default('valkey'), {
    label: 'Engine',
    unit: '',
    help: 'Valkey or Redis OSS. They behave alike here; nodes of Valkey cost a fifth less, and its serverless storage and requests about a third less.',
    kind: 'documented',
    source: prices,
    affects: ['price', 'stack'],
  }),
  deployment: field(z.enum(['nodeBased', 'serverless']).default('nodeBased'), {
    label: 'Deployment',
    unit: '',
    help: 'Nodes of a chosen type, paid by the hour, or a serverless cache, paid by what is stored and asked.',
    kind: 'choice',
    affects: ['behavior', 'price', 'stack'],
  }),
};

const nodes = {
  cacheNodeType: field(z.enum(cacheNodeTypes).default('cache.r7g.large'), {
    label: 'Node type',
    unit: '',
    help: 'Decides memory and price. Listed are the types whose price is known.',
    kind: 'documented',
    source: nodeTypes,
    affects: ['behavior', 'price', 'stack'],
    when: nodeBased,
  }),
  numNodeGroups: field(z.int().min(1).max(500).default(1), {
    label: 'Shards',
    unit: 'shards',
    help: 'Node groups, 1 to 500; keys are spread over them by hash, and each adds its memory and its one engine thread.',
    kind: 'documented',
    source: scaling,
    affects: ['behavior', 'price', 'stack'],
    when: nodeBased,
  }),
  replicasPerNodeGroup: field(z.int().min(0).max(5).default(1), {
    label: 'Replicas per shard',
    unit: 'nodes',
    help: 'Further nodes of each shard, 0 to 5. Without one, an outage empties the cache; with one, only the writes that had not reached it are lost. All commands go to the primary.',
    kind: 'documented',
    source: replication,
    affects: ['behavior', 'price', 'stack'],
    when: nodeBased,
  }),
  maxmemoryPolicy: field(
    z.enum(['volatile-lru', 'allkeys-lru', 'volatile-ttl', 'noeviction']).default('volatile-lru'),
    {
      label: 'Eviction policy',
      unit: '',
      help: 'When memory is full: evict the least recently used keys (volatile: only those with a time to live), those that expire first, or refuse writes. An evicted key lets a duplicate through.',
      kind: 'documented',
      source: parameters,
      affects: behaviorAndStack,
      when: nodeBased,
    },
  ),
  reservedMemoryPercent: field(z.number().min(0).max(99).default(25), {
    label: 'Reserved memory',
    unit: '%',
    help: 'Share of a node’s memory that is kept for backups and failover and holds no keys.',
    kind: 'documented',
    source: reservedMemory,
    affects: behaviorAndStack,
    when: nodeBased,
  }),
  commandsPerSecond: field(z.number().min(100).max(10_000_000).default(120_000), {
    label: 'Commands per second and shard',
    unit: '1/s',
    help: 'What the one engine thread of a shard executes at most; commands above it wait in line. Assumption: 100,000 to 150,000 simple commands on a large node of Graviton, up to a million on a 4xlarge with enhanced I/O, less on a t4g.',
    kind: 'guess',
    source: { ...nodeTypes, note: 'Assumption: AWS publishes no figure for each node type' },
    affects: behavior,
    when: nodeBased,
  }),
  replicationLagMs: field(z.number().min(0).max(60_000).default(5), {
    label: 'Replication lag',
    unit: 'ms',
    help: 'Replicas lag behind by this much: the writes of that time are lost in a failover.',
    kind: 'guess',
    source: { ...replication, note: 'Assumption: replication is asynchronous, its lag is a metric and not a promise' },
    affects: behavior,
    when: nodeBased,
    advanced: true,
  }),
};

const onDemand = {
  minimumEcpuPerSecond: field(z.int().min(0).max(15_000_000).default(0), {
    label: 'Minimum ECPU per second',
    unit: 'ECPU/s',
    help: 'Pre-scaling: this much is there at once, and billed also when it is not used. Without it a cache starts at 30,000.',
    kind: 'documented',
    source: scaling,
    affects: ['behavior', 'price', 'stack'],
    when: serverless,
  }),
  maximumEcpuPerSecond: field(z.int().min(1000).max(15_000_000).default(15_000_000), {
    label: 'Maximum ECPU per second',
    unit: 'ECPU/s',
    help: 'Commands above it are throttled, 1,000 to 15,000,000.',
    kind: 'documented',
    source: scaling,
    affects: behaviorAndStack,
    when: serverless,
  }),
  maximumDataStorageGB: field(z.number().min(0.1).max(5000).default(5000), {
    label: 'Maximum storage',
    unit: 'GB',
    help: 'Above it keys with a time to live are evicted, the least recently used first, and then writes fail. AWS takes 1 to 5,000 in whole GB.',
    kind: 'documented',
    source: scaling,
    affects: behaviorAndStack,
    when: serverless,
  }),
  scalingIntervalSeconds: field(z.number().min(1).max(3600).default(150), {
    label: 'Time to double',
    unit: 's',
    help: 'A cache that uses more than half of what it can take doubles that after this time. Valkey 8: 2 to 3 minutes; older engines 10 to 12. Assumption: it begins at half.',
    kind: 'guess',
    source: { ...scaling, note: '“every 2-3 minutes”; Assumption: the trigger is not documented' },
    affects: behavior,
    when: serverless,
    advanced: true,
  }),
};

const figures = {
  commandLatencyMs: field(z.number().min(0).max(60_000).default(0.6), {
    label: 'Round trip of a command',
    unit: 'ms',
    help: 'Mean time of one command on an idle cache, network included. Assumption: below 1 ms on nodes in the same Availability Zone, single-digit milliseconds for a serverless cache.',
    kind: 'guess',
    affects: behavior,
  }),
  entryOverheadBytes: field(z.int().min(0).max(100_000).default(110), {
    label: 'Overhead of a key',
    unit: 'bytes',
    help: 'Memory of one key beyond the bytes of key and value. Assumption: 90 to 130 bytes for a short key with a time to live.',
    kind: 'guess',
    affects: ['behavior', 'price'],
    advanced: true,
  }),
};

export const config = z.strictObject({ ...common, ...nodes, ...onDemand, ...figures });

export type Config = z.infer<typeof config>;

export const declaration: ComponentDeclaration = {
  type: 'elasticache',
  title: 'Amazon ElastiCache',
  category: 'Databases',
  summary: 'A cache in memory, Valkey or Redis OSS: remembers which records have been worked on, for a time.',
  config,
  ports: [
    {
      id: 'commands',
      label: 'Commands',
      direction: 'in',
      kind: 'call',
      protocols: ['cache-command'],
      entity: 'command',
      min: 0,
      max: 100,
    },
  ],
  face: { kind: 'bar', fill: 'DatabaseMemoryUsagePercentage' },
  calibrated: 'none: not compared with a measured cache',
  absent: {},
  drawio: 'shape=mxgraph.aws4.elasticache',
  awsIcon: 'architecture-service/AmazonElastiCache',
  check,
};

function check({ config: given }: CheckContext): readonly CheckFinding[] {
  const { deployment, minimumEcpuPerSecond: minimum, maximumEcpuPerSecond: maximum } = given as Config;
  if (deployment !== 'serverless' || minimum <= maximum) return [];
  return [
    {
      code: 'elasticache/minimum-above-maximum',
      path: 'config.minimumEcpuPerSecond',
      received: minimum,
      params: { minimum, maximum },
    },
  ];
}
