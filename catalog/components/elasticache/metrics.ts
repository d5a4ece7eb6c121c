import type { MetricDeclaration } from '#schema/component.ts';

const source = {
  url: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html',
  read: '2026-11-21',
} as const;
/** The first node of a group; a serverless cache has others. */
const aws = {
  namespace: 'AWS/ElastiCache',
  dimensions: [{ name: 'CacheClusterId', from: 'AWS::ElastiCache::ReplicationGroup', suffix: '-001' }],
  source,
} as const;
const derived = { namespace: 'Caudal', derived: true, source } as const;
const sum = { unit: 'Count', statistic: 'Sum', series: 'counter' } as const;
const nodeBased = { when: { deployment: 'nodeBased' } } as const;
const serverless = { when: { deployment: 'serverless' } } as const;

export const metrics: readonly MetricDeclaration[] = [
  /** Of commands that only read; a SET that asks whether the key is there counts in neither. */
  { name: 'CacheHits', ...sum, ...aws },
  { name: 'CacheMisses', ...sum, ...aws },
  { name: 'CacheHitRate', unit: 'Percent', statistic: 'Average', series: 'sample', ...aws },
  { name: 'CurrItems', unit: 'Count', statistic: 'Maximum', series: 'gauge', ...aws },
  { name: 'Evictions', ...sum, ...aws },
  /** Keys whose time to live has ended. */
  { name: 'Reclaimed', ...sum, ...aws },
  { name: 'BytesUsedForCache', unit: 'Bytes', statistic: 'Maximum', series: 'gauge', ...aws },
  {
    name: 'DatabaseMemoryUsagePercentage',
    unit: 'Percent',
    statistic: 'Maximum',
    series: 'gauge',
    ...aws,
    ...nodeBased,
  },
  { name: 'EngineCPUUtilization', unit: 'Percent', statistic: 'Maximum', series: 'gauge', ...aws, ...nodeBased },
  { name: 'GetTypeCmds', ...sum, ...aws },
  { name: 'SetTypeCmds', ...sum, ...aws },
  { name: 'NetworkBytesIn', unit: 'Bytes', statistic: 'Sum', series: 'counter', ...aws },
  { name: 'NetworkBytesOut', unit: 'Bytes', statistic: 'Sum', series: 'counter', ...aws },
  { name: 'ElastiCacheProcessingUnits', ...sum, ...aws, ...serverless },
  { name: 'ThrottledCmds', ...sum, ...aws, ...serverless },
  /** From the request to its answer, the wait for the engine included. */
  { name: 'CommandLatency', unit: 'Milliseconds', statistic: 'p99', series: 'sample', ...derived },
  /** Writes refused because memory was full. */
  { name: 'OutOfMemoryErrors', ...sum, ...derived },
  /** Records that functions left out because their key was there. */
  { name: 'DuplicatesFound', ...sum, ...derived },
  /** Records that had been worked on before, and whose key was not there: evicted, expired, lost, or not written yet. */
  { name: 'DuplicatesMissed', ...sum, ...derived },
  { name: 'MissedDuplicateAge', unit: 'Seconds', statistic: 'Maximum', series: 'sample', ...derived },
  /** Records left out because an attempt at them had marked them as done, and then failed: lost. */
  { name: 'RecordsMarkedAndLost', ...sum, ...derived },
];
