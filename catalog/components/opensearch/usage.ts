import type { MeasuredTotals, UsageDeclaration, UsageMeasurement } from '#schema/component.ts';
import type { Config } from './config.ts';

const HOURS_PER_MONTH = 730;

/** So much in each hour, as the settings say. */
function of(amount: (config: Config) => number): UsageMeasurement {
  return { by: 'settings', quantity: ({ hours }: MeasuredTotals, config: Config) => hours * amount(config) };
}

/** What AWS bills for a domain: nodes by the hour, volumes by their size. https://aws.amazon.com/opensearch-service/pricing/ (read 2026-11-21). */
export const usage: readonly UsageDeclaration[] = [
  {
    id: 'dataNodeHours',
    label: 'Data nodes',
    unit: 'instance-hour',
    scalesWith: 'time',
    measured: of(({ instanceCount }) => instanceCount),
  },
  {
    id: 'masterNodeHours',
    label: 'Dedicated masters',
    unit: 'instance-hour',
    scalesWith: 'time',
    measured: of(({ dedicatedMasterCount }) => dedicatedMasterCount),
  },
  {
    id: 'storageGibibyteMonths',
    label: 'EBS volumes of the data nodes',
    unit: 'GB-month',
    scalesWith: 'time',
    measured: of(({ instanceCount, volumeSizeGiB }) => (instanceCount * volumeSizeGiB) / HOURS_PER_MONTH),
  },
];
