import type { UsageDeclaration } from '#schema/component.ts';

/**
 * What a bucket is billed for. Storage of new objects is booked when they are written: what they make of the month that
 * `billedMonth` names, if a month's load were written evenly month after month. So it grows with the load, however short the
 * run; what was there before is stock over time.
 */
const STORED = 'CloudWatch tells what a bucket stores once a day';
const REQUESTS = 'requests are measured only with request metrics of the bucket, which cost money and are not deployed';
const month = { unit: 'GB-month', scalesWith: 'load', measured: STORED } as const;

export const usage: readonly UsageDeclaration[] = [
  { id: 'standardGibibyteMonths', label: 'Standard', ...month },
  { id: 'standardIaGibibyteMonths', label: 'Standard-IA', ...month },
  { id: 'oneZoneIaGibibyteMonths', label: 'One Zone-IA', ...month },
  { id: 'intelligentFrequentGibibyteMonths', label: 'Intelligent-Tiering, frequent access', ...month },
  { id: 'intelligentInfrequentGibibyteMonths', label: 'Intelligent-Tiering, infrequent access', ...month },
  { id: 'intelligentArchiveGibibyteMonths', label: 'Intelligent-Tiering, archive instant access', ...month },
  { id: 'glacierInstantGibibyteMonths', label: 'Glacier Instant Retrieval', ...month },
  { id: 'glacierFlexibleGibibyteMonths', label: 'Glacier Flexible Retrieval', ...month },
  { id: 'deepArchiveGibibyteMonths', label: 'Glacier Deep Archive', ...month },
  {
    id: 'monitoredObjectMonths',
    label: 'Objects monitored by Intelligent-Tiering',
    unit: 'object',
    scalesWith: 'load',
    measured: STORED,
  },
  {
    id: 'existingGibibyteMonths',
    label: 'Data there before',
    unit: 'GB-month',
    scalesWith: 'stored',
    measured: STORED,
  },
  { id: 'putRequests', label: 'PUT requests', unit: 'request', scalesWith: 'load', measured: REQUESTS },
  { id: 'getRequests', label: 'GET requests', unit: 'request', scalesWith: 'load', measured: REQUESTS },
  {
    id: 'standardIaRetrievedGibibytes',
    label: 'Read from Standard-IA',
    unit: 'GB',
    scalesWith: 'load',
    measured: REQUESTS,
  },
  {
    id: 'oneZoneIaRetrievedGibibytes',
    label: 'Read from One Zone-IA',
    unit: 'GB',
    scalesWith: 'load',
    measured: REQUESTS,
  },
  {
    id: 'glacierInstantRetrievedGibibytes',
    label: 'Read from Glacier Instant',
    unit: 'GB',
    scalesWith: 'load',
    measured: REQUESTS,
  },
  {
    id: 'infrequentTransitions',
    label: 'Transitions to infrequent access',
    unit: 'request',
    scalesWith: 'load',
    measured: REQUESTS,
  },
  {
    id: 'glacierInstantTransitions',
    label: 'Transitions to Glacier Instant',
    unit: 'request',
    scalesWith: 'load',
    measured: REQUESTS,
  },
  {
    id: 'glacierFlexibleTransitions',
    label: 'Transitions to Glacier Flexible',
    unit: 'request',
    scalesWith: 'load',
    measured: REQUESTS,
  },
  {
    id: 'deepArchiveTransitions',
    label: 'Transitions to Deep Archive',
    unit: 'request',
    scalesWith: 'load',
    measured: REQUESTS,
  },
  { id: 'kmsRequests', label: 'KMS requests', unit: 'request', scalesWith: 'load', measured: REQUESTS },
  {
    id: 'kmsKeyMonths',
    label: 'Customer managed key',
    unit: 'key-month',
    scalesWith: 'time',
    measured: 'CloudWatch does not count keys',
  },
];
