import type { UsageDeclaration } from '#schema/component.ts';

/**
 * What a delivery stream is billed for. GB are 2^30 bytes; each record counts as a multiple of 5,120 bytes.
 * https://aws.amazon.com/firehose/pricing/ and https://docs.aws.amazon.com/firehose/latest/dev/limits.html (read 2026-11-21).
 */
export const usage: readonly UsageDeclaration[] = [
  { id: 'ingestedGibibytes', label: 'Ingested, each record rounded up to 5 KB', unit: 'GB', scalesWith: 'load' },
  { id: 'convertedGibibytes', label: 'Format conversion, by what was ingested', unit: 'GB', scalesWith: 'load' },
  {
    id: 'partitionedGibibytes',
    label: 'Dynamic partitioning, by the bytes of records before compression',
    unit: 'GB',
    scalesWith: 'load',
  },
  { id: 'partitionedObjects', label: 'Objects of dynamic partitioning', unit: 'object', scalesWith: 'load' },
];
