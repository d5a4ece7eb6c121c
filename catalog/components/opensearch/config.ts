/** Settings of an Amazon OpenSearch Service domain, and the model of what indexing and searching cost its processors. */
import { z } from 'zod';
import type { CheckContext, CheckFinding, ComponentDeclaration } from '#schema/component.ts';
import { type Affected, field, type Source } from '#schema/field.ts';

const read = '2026-11-21';
const guide = 'https://docs.aws.amazon.com/opensearch-service/latest/developerguide/';
const limits = { url: `${guide}limits.html`, read } as const;
const sizing = { url: `${guide}sizing-domains.html`, read } as const;
const practices = { url: `${guide}bp.html`, read } as const;
const masters = { url: `${guide}managedomains-dedicatedmasternodes.html`, read } as const;
const ingestAdvice = {
  ...practices,
  note: 'Assumption: AWS gives no figure; the work depends on the documents',
} as const;

const behavior = ['behavior'] as const;
const priceAndStack = ['price', 'stack'] as const;
const all = ['behavior', 'price', 'stack'] as const;

/** A setting that is the user's to make. */
const choice = (label: string, unit: string, help: string, affects: readonly Affected[]) =>
  ({ label, unit, help, kind: 'choice', affects }) as const;

/** A setting of AWS's, with its default and range. */
const documented = (label: string, unit: string, help: string, source: Source, affects: readonly Affected[]) =>
  ({ label, unit, help, kind: 'documented', source, affects }) as const;

/** A number that AWS does not publish. */
const guess = (label: string, unit: string, help: string) =>
  ({ label, unit, help, kind: 'guess', source: ingestAdvice, affects: behavior, advanced: true }) as const;

/** What one data node of a type has. */
export interface InstanceSize {
  readonly vcpu: number;
  readonly memoryGiB: number;
  /** Largest HTTP request body, MiB. */
  readonly payloadMiB: number;
  /** Largest EBS volume, GiB; 0 where there is none of that type. */
  readonly gp3GiB: number;
  readonly gp2GiB: number;
}

const size = (vcpu: number, memoryGiB: number, payloadMiB: number, gp3GiB: number, gp2GiB: number): InstanceSize => ({
  vcpu,
  memoryGiB,
  payloadMiB,
  gp3GiB,
  gp2GiB,
});

/**
 * Data node types with a known price. Request body and volume sizes: developerguide/limits.html; vCPU and memory are those of the EC2
 * type of the same name, https://aws.amazon.com/ec2/instance-types/ (both read 2026-11-21).
 */
export const instanceSizes: Readonly<Record<string, InstanceSize>> = {
  't3.small.search': size(2, 2, 10, 100, 100),
  't3.medium.search': size(2, 4, 10, 200, 200),
  'm5.large.search': size(2, 8, 10, 1024, 512),
  'm5.xlarge.search': size(4, 16, 100, 2048, 1024),
  'm6g.large.search': size(2, 8, 10, 1024, 512),
  'm6g.xlarge.search': size(4, 16, 100, 2048, 1024),
  'm6g.2xlarge.search': size(8, 32, 100, 3072, 1536),
  'm6g.4xlarge.search': size(16, 64, 100, 6144, 3072),
  'r5.large.search': size(2, 16, 100, 2048, 1024),
  'r5.xlarge.search': size(4, 32, 100, 3072, 1536),
  'r5.2xlarge.search': size(8, 64, 100, 6144, 3072),
  'r6g.large.search': size(2, 16, 100, 2048, 1024),
  'r6g.xlarge.search': size(4, 32, 100, 3072, 1536),
  'r6g.2xlarge.search': size(8, 64, 100, 6144, 3072),
  'r6g.4xlarge.search': size(16, 128, 100, 12_288, 6144),
  'c4.2xlarge.search': size(8, 15, 100, 0, 1024),
  'c4.8xlarge.search': size(36, 60, 100, 0, 1536),
};

const instanceTypes = [
  't3.small.search',
  't3.medium.search',
  'm5.large.search',
  'm5.xlarge.search',
  'm6g.large.search',
  'm6g.xlarge.search',
  'm6g.2xlarge.search',
  'm6g.4xlarge.search',
  'r5.large.search',
  'r5.xlarge.search',
  'r5.2xlarge.search',
  'r6g.large.search',
  'r6g.xlarge.search',
  'r6g.2xlarge.search',
  'r6g.4xlarge.search',
  'c4.2xlarge.search',
  'c4.8xlarge.search',
] as const;

/** Limits of a domain: developerguide/limits.html, handling-errors.html, managedomains-cloudwatchmetrics.html (read 2026-11-21). */
export const domainLimits = {
  /** Bulk tasks that wait for a write thread, and searches that wait, on one node. */
  writeQueue: 10_000,
  searchQueue: 1000,
  shardsPerNode: 1000,
  /** Share of the heap that bulk requests in work may take (indexing pressure; default of the engine). */
  indexingPressureRatio: 0.1,
  /** Share of the memory that is heap, and its largest size, GiB. */
  heapRatio: 0.5,
  largestHeapGiB: 32,
  /** Writes are blocked when a node has less free storage than this share of its volume, or than this many GiB. */
  blockedBelowRatio: 0.2,
  blockedBelowGiB: 20,
  /** Share of a volume that the file system keeps for itself. */
  reservedRatio: 0.05,
} as const;

const domain = {
  instanceType: field(
    z.enum(instanceTypes).default('r6g.large.search'),
    documented('Data node type', '', 'Instance type of the data nodes: vCPU, memory, largest request.', limits, all),
  ),
  instanceCount: field(
    z.int().min(1).max(80).default(2),
    documented('Data nodes', 'nodes', 'Number of data nodes, 1 to 80.', limits, all),
  ),
  volumeType: field(
    z.enum(['gp3', 'gp2']).default('gp3'),
    documented('Volume type', '', 'EBS volume of each data node.', limits, priceAndStack),
  ),
  volumeSizeGiB: field(
    z.int().min(10).max(12_288).default(100),
    documented('Volume size', 'GiB', 'EBS volume of one data node; the largest depends on the type.', limits, all),
  ),
  dedicatedMasterCount: field(
    z.int().min(0).max(5).default(0),
    documented('Dedicated masters', 'nodes', 'Master nodes that hold no data: 0, 3 or 5.', masters, priceAndStack),
  ),
  dedicatedMasterType: field(
    z.enum(instanceTypes).default('m6g.large.search'),
    documented('Master type', '', 'Instance type of the dedicated masters.', masters, priceAndStack),
  ),
};

const index = {
  primaryShards: field(
    z.int().min(1).max(1000).default(5),
    documented('Primary shards', 'shards', 'Primary shards of an index; fixed when it is created.', sizing, behavior),
  ),
  replicas: field(
    z.int().min(0).max(10).default(1),
    documented('Replicas', 'copies', 'Further copies of each primary shard, each on another node.', sizing, behavior),
  ),
  refreshIntervalSeconds: field(
    z.number().min(0.1).max(3600).default(1),
    documented(
      'Refresh interval',
      's',
      'Documents are found by searches from the next refresh on: 1 s by default, 60 s is advised for heavy ingestion.',
      practices,
      behavior,
    ),
  ),
  documentIds: field(
    z.enum(['automatic', 'fromRecord']).default('automatic'),
    choice(
      'Document ids',
      '',
      'Made by the index, so that a repeated record is a second document, or taken from the record, so that it overwrites the first.',
      ['behavior', 'stack'],
    ),
  ),
  indexRotation: field(
    z.enum(['none', 'hourly', 'daily', 'weekly', 'monthly']).default('daily'),
    choice('Index rotation', '', 'How often a new index begins, counted from time zero (a month has 30 days).', [
      'behavior',
      'stack',
    ]),
  ),
  keptIndexes: field(z.int().min(1).max(10_000).default(7), {
    ...choice('Indexes kept', 'indexes', 'When a new index begins, older ones than these are deleted.', behavior),
    when: { indexRotation: ['hourly', 'daily', 'weekly', 'monthly'] },
  }),
  storedGiB: field(
    z.number().min(0).max(3_000_000).default(0),
    choice(
      'Data already stored',
      'GiB',
      'Source data in the domain when the run begins, without copies and overhead, spread evenly over the kept indexes.',
      behavior,
    ),
  ),
};

const work = {
  indexOverheadRatio: field(
    z.number().min(0).max(10).default(0.1),
    documented('Index overhead', '', 'Storage of a document above its source, as a share of it.', sizing, behavior),
  ),
  documentsPerSecondPerVcpu: field(
    z.number().min(1).max(10_000_000).default(10_000),
    guess(
      'Documents per second and vCPU',
      '1/s',
      'Empty documents that one vCPU indexes in a second, one copy. Together with the next setting: 5,000 documents of 1 KiB.',
    ),
  ),
  mebibytesPerSecondPerVcpu: field(
    z.number().min(0.01).max(10_000).default(10),
    guess(
      'Data per second and vCPU',
      'MiB/s',
      'Document data that one vCPU indexes in a second beside the fixed work of each document, one copy.',
    ),
  ),
  bulkLatencyMs: field(
    z.number().min(0).max(60_000).default(20),
    guess('Bulk latency', 'ms', 'Round trip and coordination of a bulk request, on top of its work on the shards.'),
  ),
  searchMsPerShard: field(
    z.number().min(0).max(60_000).default(3),
    guess('Search work per shard', 'ms', 'Processor time of one search on one shard, however small.'),
  ),
  searchMsPerGiB: field(
    z.number().min(0).max(60_000).default(5),
    guess('Search work per GiB', 'ms', 'Further processor time for each GiB of the shard.'),
  ),
  searchedIndexes: field(
    z.int().min(1).max(10_000).default(1),
    choice(
      'Indexes searched',
      'indexes',
      'Newest indexes that a search looks through, if there are so many.',
      behavior,
    ),
  ),
  searchLatencyMs: field(
    z.number().min(0).max(60_000).default(10),
    guess('Search latency', 'ms', 'Round trip and coordination of a search, on top of its work on the shards.'),
  ),
};

export const config = z.strictObject({ ...domain, ...index, ...work });

export type Config = z.infer<typeof config>;

export const declaration: ComponentDeclaration = {
  type: 'opensearch',
  title: 'Amazon OpenSearch Service',
  category: 'Storage',
  summary:
    'A search domain: indexes documents in bulk requests on its data nodes and answers the searches of dashboards.',
  config,
  ports: [
    {
      id: 'documents',
      label: 'Documents',
      direction: 'in',
      kind: 'data',
      protocols: ['opensearch-bulk'],
      entity: 'document',
      min: 1,
      max: 1000,
    },
    {
      id: 'searches',
      label: 'Searches',
      direction: 'out',
      kind: 'query',
      protocols: ['opensearch-search'],
      entity: 'search',
      min: 0,
      max: 30,
    },
  ],
  face: { kind: 'bar', fill: 'CPUUtilization' },
  calibrated: 'none: what a document and a search cost a processor is assumed and must be measured for your documents',
  absent: {},
  drawio: 'shape=mxgraph.aws4.elasticsearch_service',
  awsIcon: 'architecture-service/AmazonOpenSearchService',
  check,
};

function check({ config: raw }: CheckContext): readonly CheckFinding[] {
  const settings = raw as Config;
  const findings: CheckFinding[] = [];
  const refuse = (code: string, path: keyof Config, params: CheckFinding['params']): void => {
    findings.push({ code, path: `config.${path}`, received: settings[path], params });
  };
  const { instanceType, volumeType, volumeSizeGiB, dedicatedMasterCount } = settings;
  const sizes = instanceSizes[instanceType];
  const largest = (volumeType === 'gp3' ? sizes?.gp3GiB : sizes?.gp2GiB) ?? 0;
  if (largest === 0) refuse('opensearch/no-such-volume', 'volumeType', { instanceType, volumeType });
  else if (volumeSizeGiB > largest) {
    refuse('opensearch/volume-too-large', 'volumeSizeGiB', { volumeSizeGiB, largest, instanceType, volumeType });
  }
  if (![0, 3, 5].includes(dedicatedMasterCount)) {
    refuse('opensearch/master-count', 'dedicatedMasterCount', { count: dedicatedMasterCount });
  }
  return findings;
}
