import type { Messages } from '#schema/component.ts';

export const messages: Messages = {
  'elasticache/minimum-above-maximum': ({ minimum, maximum }) =>
    `minimumEcpuPerSecond (${minimum}) must not exceed maximumEcpuPerSecond (${maximum})`,

  'elasticache/evicting': () => 'memory is full: keys are evicted to make room, and duplicates of their records pass',
  'elasticache/evicting-over': ({ count }) => `no more keys are evicted; ${count} were`,
  'elasticache/out-of-memory': () => 'memory is full and nothing may be evicted: writes fail with OOM',
  'elasticache/out-of-memory-over': ({ count }) => `writes succeed again; ${count} had failed for want of memory`,
  'elasticache/throttled': () => 'commands are throttled: more ECPU per second than the serverless cache takes now',
  'elasticache/throttling-over': ({ count }) => `no commands are throttled any more; ${count} were`,
  'elasticache/engine-busy': ({ percent }) => `the engine thread of a shard is busy ${percent} % of the time`,
  'elasticache/engine-free': ({ percent }) => `the engine threads have time again: ${percent} % busy`,
  'elasticache/keys-lost': ({ lost, replicas }) =>
    `${lost} keys are gone after the outage: the cache came back ${Number(replicas) === 0 ? 'empty, as it has no replica' : 'from a replica that lagged behind'}`,

  'elasticache/memory-too-small': ({ evicted, from, to }) =>
    `${evicted} keys were evicted before their time, and duplicates of their records could pass. ${to} shards instead of ${from} would have held them all; a larger node type or a shorter time to live does too.`,
  'elasticache/writes-refused': ({ refused, from, to }) =>
    `${refused} writes failed because memory was full and the policy evicts nothing that may go. ${to} shards instead of ${from} would have held the keys; evicting the least recently used keys instead lets duplicates through.`,
  'elasticache/engine-saturated': ({ percent, from, to }) =>
    `The engine thread of a shard was busy ${percent} % of a minute, so that commands waited in line. ${to} shards instead of ${from} share the commands.`,
  'elasticache/no-replica': ({ lost }) =>
    `${lost} keys were lost in an outage because no replica could take over, and duplicates of their records pass. One replica for each shard keeps all but the last milliseconds.`,
  'elasticache/ecpu-throttled': ({ throttled, from, to }) =>
    `${throttled} commands were throttled while the serverless cache was growing. A minimum of ${to} ECPU per second instead of ${from} would be there at once, and is billed whether or not it is used.`,
  'elasticache/ecpu-at-maximum': ({ throttled, from, to }) =>
    `${throttled} commands were throttled by the maximum of ${from} ECPU per second. The load needs about ${to}.`,
};
