import { describe, expect, it } from 'vitest';
import { advise } from '#catalog/components/opensearch/advice.ts';
import { config } from '#catalog/components/opensearch/config.ts';
import type { AdviceInput, LimitSummary } from '#schema/component.ts';

interface Seen {
  readonly metrics?: Record<string, { sum?: number; mean?: number; max?: number }>;
  readonly limits?: readonly (Partial<LimitSummary> & { id: string })[];
}

function findings(given: Record<string, unknown>, { metrics = {}, limits = [] }: Seen = {}) {
  const input: AdviceInput<ReturnType<typeof config.parse>> = {
    id: 'search',
    config: config.parse(given),
    horizonSeconds: 100,
    limits: limits.map((limit) => ({
      node: 'search',
      name: 'limit',
      unit: 'tasks',
      capacity: 1,
      peakRatio: 1,
      refused: 0,
      waiting: 0,
      source: 'AWS',
      raisable: false,
      ...limit,
    })),
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, { mean: 0, max: 0, ...value }])),
    log: [],
  };
  return advise(input).map(({ code, patch }) => [code, ...patch.map(({ path, to }) => `${path}=${String(to)}`)]);
}

describe('opensearch: advice', () => {
  it('finds nothing wrong with a quiet domain', () => {
    expect(findings({})).toEqual([]);
  });

  it('asks for nodes that bring a busy processor to 60 %', () => {
    expect(findings({ instanceCount: 5 }, { metrics: { CPUUtilization: { mean: 90 } } })).toEqual([
      ['opensearch/cpu-busy', 'config.instanceCount=8'],
    ]);
  });

  it('asks for half as many nodes again where documents were rejected', () => {
    const limits = [{ id: 'write-queue', refused: 7 }];
    expect(findings({ instanceCount: 5 }, { limits })).toEqual([['opensearch/rejected', 'config.instanceCount=8']]);
  });

  it('asks for volumes that leave a third free, as large as the type takes', () => {
    const limits = [{ id: 'storage', peakRatio: 1 }];
    expect(findings({ volumeSizeGiB: 100 }, { limits })).toEqual([
      ['opensearch/storage-short', 'config.volumeSizeGiB=150'],
    ]);
    expect(findings({ instanceType: 't3.small.search', volumeSizeGiB: 90 }, { limits })).toEqual([
      ['opensearch/storage-short', 'config.volumeSizeGiB=100'],
    ]);
    expect(findings({ instanceType: 't3.small.search' }, { limits })).toEqual([['opensearch/storage-short']]);
  });

  it('asks for shards that divide evenly among the nodes, and for smaller ones', () => {
    expect(findings({ instanceCount: 3, primaryShards: 5 })).toEqual([
      ['opensearch/shards-uneven', 'config.primaryShards=6'],
    ]);
    // 100 GiB a shard: 5 x 100 / 30 = 17, and 18 of which the copies divide by three.
    const metrics = { LargestShard: { max: 102_400 } };
    expect(findings({ instanceCount: 3, primaryShards: 5 }, { metrics })).toEqual([
      ['opensearch/shards-large', 'config.primaryShards=18'],
    ]);
  });

  it('names missing copies', () => {
    expect(findings({ replicas: 0, primaryShards: 4 })).toEqual([['opensearch/no-copy', 'config.replicas=1']]);
    expect(findings({ replicas: 2, primaryShards: 4 })).toEqual([
      ['opensearch/copies-without-node', 'config.instanceCount=3'],
    ]);
  });

  it('names small bulk requests where there are many', () => {
    const metrics = { DocumentsPerBulk: { mean: 1.5 }, OpenSearchRequests: { sum: 3000 } };
    expect(findings({}, { metrics })).toEqual([['opensearch/small-bulks']]);
    expect(findings({}, { metrics: { ...metrics, OpenSearchRequests: { sum: 1000 } } })).toEqual([]);
  });
});
