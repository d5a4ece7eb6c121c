/** Stages of the settings of a cache; see field-changes.ts. */
import { json, type Stage } from '#test/contract/stage.ts';

/** A cache that holds some fifty keys. */
const tightCache = ['PLACE.reservedMemoryPercent=99', 'PLACE.entryOverheadBytes=100000'];
const cacheOutage = `faults=${json([{ id: 'f', kind: 'outage', node: 'cache', startSeconds: 10, durationSeconds: 2 }])}`;
const serverlessCache = (valueBytes: number): string[] => [
  'PLACE={"deployment":"serverless"}',
  `edges.seen.config.valueBytes=${valueBytes}`,
];

export const cacheStages: Readonly<Record<string, Stage>> = {
  'elasticache.deployment': { settings: ['PLACE={}'], values: ['serverless'] },
  'elasticache.maxmemoryPolicy': { settings: tightCache, values: ['volatile-ttl', 'noeviction'] },
  'elasticache.reservedMemoryPercent': { settings: tightCache, values: [95] },
  'elasticache.replicasPerNodeGroup': { settings: [cacheOutage] },
  'elasticache.replicationLagMs': { settings: [cacheOutage], values: [5000] },
  'elasticache.minimumEcpuPerSecond': { settings: serverlessCache(1_048_576), values: [100_000] },
  'elasticache.maximumEcpuPerSecond': { settings: serverlessCache(65_536), values: [1000] },
  'elasticache.maximumDataStorageGB': {
    settings: [...serverlessCache(1), 'PLACE.entryOverheadBytes=100000'],
    values: [0.1],
  },
  'elasticache.scalingIntervalSeconds': { settings: serverlessCache(1_048_576), values: [5] },
  'elasticache.entryOverheadBytes': { settings: serverlessCache(1), values: [100_000] },
};
