import type { MeasuredTotals, UsageDeclaration } from '#schema/component.ts';
import type { Config } from './config.ts';

const NO_METRICS = 'metrics of serverless caches are not read';

function nodeHours({ hours }: MeasuredTotals, config: Config): number {
  return config.deployment === 'nodeBased' ? hours * config.numNodeGroups * (1 + config.replicasPerNodeGroup) : 0;
}

/**
 * Nodes are billed by the hour, replicas like primaries. A serverless cache is billed by what it stores, the hourly mean of
 * samples, and by ECPU: one for each simple command, or for each KB it transfers if that is more. Source:
 * https://aws.amazon.com/elasticache/pricing/ (read 2026-11-21).
 */
export const usage: readonly UsageDeclaration[] = [
  {
    id: 'nodeHours',
    label: 'Nodes',
    unit: 'node-hour',
    scalesWith: 'time',
    measured: { by: 'settings', quantity: nodeHours },
  },
  { id: 'dataGbHours', label: 'Data stored', unit: 'GB-hour', scalesWith: 'stored', measured: NO_METRICS },
  { id: 'ecpus', label: 'ElastiCache processing units', unit: 'ECPU', scalesWith: 'load', measured: NO_METRICS },
];
