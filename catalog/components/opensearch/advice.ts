import type { AdviceInput, Finding } from '#schema/component.ts';
import { type Config, instanceSizes } from './config.ts';

/** Mean CPU utilisation, percent, above which nodes are called busy, and the one to aim at. AWS advises an alarm at 80 %: cloudwatch-alarms.html (2026-11-21). */
const busyPercent = 80;
const aimPercent = 60;
/** Share of the storage in use above which more is advised, and the share to aim at. Assumption: rules of thumb. */
const fullRatio = 0.85;
const aimRatio = 0.67;
/** Largest shard that is advised for logs, MiB. https://docs.aws.amazon.com/opensearch-service/latest/developerguide/bp.html (2026-11-21). */
const largeShardMiB = 51_200;
const goodShardMiB = 30_720;
/** Documents of a bulk request below which larger ones are advised, where there are many of them. Assumption: a rule of thumb. */
const fewDocuments = 10;
const manyRequestsPerSecond = 20;
const mostNodes = 80;

type Input = AdviceInput<Config>;

export function advise(input: Input): readonly Finding[] {
  return [load(input), storage(input), shards(input), copies(input), bulks(input)].flat();
}

function load({ config, limits, metrics, horizonSeconds }: Input): Finding[] {
  const cpu = metrics['CPUUtilization']?.mean ?? 0;
  const from = config.instanceCount;
  if (cpu >= busyPercent) {
    const to = Math.min(mostNodes, Math.max(from + 1, Math.ceil((from * cpu) / aimPercent)));
    return [
      {
        code: 'opensearch/cpu-busy',
        severity: 'warning',
        params: { cpuPercent: Math.round(cpu), nodes: from, to, aimPercent },
        evidence: [{ series: 'CPUUtilization', t0: 0, t1: horizonSeconds, value: cpu }],
        patch: to > from ? [{ path: 'config.instanceCount', from, to }] : [],
      },
    ];
  }
  const limit = limits.find(({ id, refused }) => refused > 0 && (id === 'write-queue' || id === 'indexing-pressure'));
  if (limit === undefined || from >= mostNodes) return [];
  const to = Math.min(mostNodes, Math.ceil(from * 1.5));
  return [
    {
      code: 'opensearch/rejected',
      severity: 'critical',
      params: { rejected: limit.refused, nodes: from, to },
      evidence: [
        {
          limit: limit.id,
          t0: limit.firstRefusedAt ?? 0,
          t1: limit.lastRefusedAt ?? horizonSeconds,
          value: limit.peakRatio,
        },
      ],
      patch: [{ path: 'config.instanceCount', from, to }],
    },
  ];
}

function storage({ config, limits, horizonSeconds }: Input): Finding[] {
  const limit = limits.find(({ id }) => id === 'storage');
  if (limit === undefined || limit.peakRatio < fullRatio) return [];
  const sizes = instanceSizes[config.instanceType];
  const largest = (config.volumeType === 'gp3' ? sizes?.gp3GiB : sizes?.gp2GiB) ?? config.volumeSizeGiB;
  const from = config.volumeSizeGiB;
  const to = Math.min(largest, Math.ceil((from * limit.peakRatio) / aimRatio / 10) * 10);
  return [
    {
      code: 'opensearch/storage-short',
      severity: limit.refused > 0 ? 'critical' : 'warning',
      params: { usedPercent: Math.round(100 * limit.peakRatio), volumeSizeGiB: from, to: Math.max(from, to) },
      evidence: [{ limit: 'storage', t0: limit.firstRefusedAt ?? 0, t1: horizonSeconds, value: limit.peakRatio }],
      patch: to > from ? [{ path: 'config.volumeSizeGiB', from, to }] : [],
    },
  ];
}

function shards({ config, metrics, horizonSeconds }: Input): Finding[] {
  const { instanceCount: nodes, primaryShards: from } = config;
  const copyCount = 1 + Math.min(config.replicas, nodes - 1);
  const largest = metrics['LargestShard']?.max ?? 0;
  if (largest > largeShardMiB) {
    const to = evenShards(Math.ceil((from * largest) / goodShardMiB), copyCount, nodes);
    return [
      {
        code: 'opensearch/shards-large',
        severity: 'warning',
        params: { shardGiB: Math.round(largest / 1024), to },
        evidence: [{ series: 'LargestShard', t0: 0, t1: horizonSeconds, value: largest }],
        patch: to <= 1000 ? [{ path: 'config.primaryShards', from, to }] : [],
      },
    ];
  }
  if ((from * copyCount) % nodes === 0) return [];
  const to = evenShards(from, copyCount, nodes);
  return [
    {
      code: 'opensearch/shards-uneven',
      severity: 'info',
      params: { shards: from * copyCount, nodes, to },
      evidence: [],
      patch: to <= 1000 ? [{ path: 'config.primaryShards', from, to }] : [],
    },
  ];
}

/** The next number of primary shards whose copies divide evenly among the nodes. */
function evenShards(atLeast: number, copyCount: number, nodes: number): number {
  let count = atLeast;
  while ((count * copyCount) % nodes !== 0) count++;
  return count;
}

function copies({ config }: Input): Finding[] {
  const { replicas, instanceCount: nodes } = config;
  if (replicas === 0) {
    const patch = nodes > 1 ? [{ path: 'config.replicas', from: 0, to: 1 }] : [];
    return [{ code: 'opensearch/no-copy', severity: 'warning', params: {}, evidence: [], patch }];
  }
  if (replicas < nodes) return [];
  const patch = replicas + 1 <= mostNodes ? [{ path: 'config.instanceCount', from: nodes, to: replicas + 1 }] : [];
  const params = { replicas, nodes };
  return [{ code: 'opensearch/copies-without-node', severity: 'warning', params, evidence: [], patch }];
}

function bulks({ metrics, horizonSeconds }: Input): Finding[] {
  const perBulk = metrics['DocumentsPerBulk']?.mean ?? 0;
  const requests = metrics['OpenSearchRequests']?.sum ?? 0;
  const isMany = requests > manyRequestsPerSecond * horizonSeconds;
  if (perBulk === 0 || perBulk >= fewDocuments || !isMany) return [];
  return [
    {
      code: 'opensearch/small-bulks',
      severity: 'info',
      params: { documents: Math.round(10 * perBulk) / 10 },
      evidence: [{ series: 'DocumentsPerBulk', t0: 0, t1: horizonSeconds, value: perBulk }],
      patch: [],
    },
  ];
}
