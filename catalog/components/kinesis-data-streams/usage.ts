import type { UsageDeclaration } from '#schema/component.ts';

/**
 * What a stream is billed for. Storage is booked when a record is written, for all the time it will be kept: that is
 * what a month in steady state costs, however short the run, and it grows with the load.
 */
export const usage: readonly UsageDeclaration[] = [
  { id: 'shardHours', label: 'Open shards', unit: 'shard-hour', scalesWith: 'time' },
  { id: 'putPayloadUnits', label: 'PUT payload units of 25 KB', unit: 'unit', scalesWith: 'load' },
  {
    id: 'extendedRetentionShardHours',
    label: 'Open shards that keep records beyond 24 hours',
    unit: 'shard-hour',
    scalesWith: 'time',
  },
  {
    id: 'longTermRetentionGibibyteMonths',
    label: 'Records kept beyond 7 days',
    unit: 'GB-month',
    scalesWith: 'load',
  },
  { id: 'longTermRetrievalGibibytes', label: 'Records older than 7 days read', unit: 'GB', scalesWith: 'load' },
  {
    id: 'fanOutConsumerShardHours',
    label: 'Enhanced fan-out consumers x open shards',
    unit: 'consumer-shard-hour',
    scalesWith: 'time',
  },
  { id: 'fanOutGibibytes', label: 'Read by enhanced fan-out', unit: 'GB', scalesWith: 'load' },
  { id: 'onDemandStreamHours', label: 'On-demand stream', unit: 'stream-hour', scalesWith: 'time' },
  { id: 'onDemandInGibibytes', label: 'Written on demand, records rounded up to 1 KB', unit: 'GB', scalesWith: 'load' },
  { id: 'onDemandOutGibibytes', label: 'Read on demand', unit: 'GB', scalesWith: 'load' },
  { id: 'onDemandFanOutGibibytes', label: 'Read on demand by enhanced fan-out', unit: 'GB', scalesWith: 'load' },
  {
    id: 'onDemandExtendedRetentionGibibyteMonths',
    label: 'Records kept from 24 hours to 7 days, on demand',
    unit: 'GB-month',
    scalesWith: 'load',
  },
  {
    id: 'onDemandLongTermRetentionGibibyteMonths',
    label: 'Records kept beyond 7 days, on demand',
    unit: 'GB-month',
    scalesWith: 'load',
  },
];
