import type { UsageDeclaration } from '#schema/component.ts';

/** What AWS bills for a domain: nodes by the hour, volumes by their size. https://aws.amazon.com/opensearch-service/pricing/ (read 2026-11-21). */
export const usage: readonly UsageDeclaration[] = [
  { id: 'dataNodeHours', label: 'Data nodes', unit: 'instance-hour', scalesWith: 'time' },
  { id: 'masterNodeHours', label: 'Dedicated masters', unit: 'instance-hour', scalesWith: 'time' },
  { id: 'storageGibibyteMonths', label: 'EBS volumes of the data nodes', unit: 'GB-month', scalesWith: 'time' },
];
