import type { UsageDeclaration } from '#schema/component.ts';

/**
 * Nodes are billed by the hour, replicas like primaries. A serverless cache is billed by what it stores, the hourly mean of
 * samples, and by ECPU: one for each simple command, or for each KB it transfers if that is more. Source:
 * https://aws.amazon.com/elasticache/pricing/ (read 2026-11-21).
 */
export const usage: readonly UsageDeclaration[] = [
  { id: 'nodeHours', label: 'Nodes', unit: 'node-hour', scalesWith: 'time' },
  { id: 'dataGbHours', label: 'Data stored', unit: 'GB-hour', scalesWith: 'stored' },
  { id: 'ecpus', label: 'ElastiCache processing units', unit: 'ECPU', scalesWith: 'load' },
];
