import type { UsageDeclaration } from '#schema/component.ts';

/**
 * What AWS bills for a function. GB are memory MB / 1,024; durations are rounded up to 1 ms for each invocation and include
 * init. https://aws.amazon.com/lambda/pricing/ (read 2026-11-21).
 */
export const usage: readonly UsageDeclaration[] = [
  { id: 'requests', label: 'Requests', unit: 'request', scalesWith: 'load' },
  { id: 'gbSeconds', label: 'Duration on demand', unit: 'GB-second', scalesWith: 'load' },
  {
    id: 'provisionedDurationGbSeconds',
    label: 'Duration on provisioned concurrency',
    unit: 'GB-second',
    scalesWith: 'load',
  },
  { id: 'provisionedGbSeconds', label: 'Provisioned concurrency', unit: 'GB-second', scalesWith: 'time' },
  { id: 'ephemeralStorageGbSeconds', label: 'Ephemeral storage above 512 MB', unit: 'GB-second', scalesWith: 'load' },
  { id: 'logGigabytes', label: 'Log ingestion', unit: 'GB', scalesWith: 'load' },
];
