import type { MeasuredTotals, UsageDeclaration, UsageMeasurement } from '#schema/component.ts';
import { type Config, payloadUnitBytes } from './config.ts';

const GIBIBYTE = 1024 ** 3;
const ON_DEMAND_ROUNDING_BYTES = 1024;

/** Nothing where records are not kept so long. */
function keptBeyond(hours: number): UsageMeasurement {
  return {
    by: 'settings',
    quantity: (_seen: MeasuredTotals, { retentionPeriodHours }: Config) =>
      retentionPeriodHours > hours ? undefined : 0,
    unknown: 'CloudWatch does not tell how much a stream stores, nor how old what is read was',
  };
}

/** Shards that are open as the settings say; unknown while another number is asked for on the way. */
function shards(applies: (config: Config) => boolean): UsageMeasurement {
  return {
    by: 'settings',
    quantity: ({ hours }: MeasuredTotals, config: Config) => {
      if (config.streamMode !== 'PROVISIONED' || !applies(config)) return 0;
      return config.reshardAtMinutes === undefined ? hours * config.shardCount : undefined;
    },
    unknown: 'the number of shards changes on the way, and CloudWatch does not count them',
  };
}

const payloadUnits: UsageMeasurement = {
  by: 'metrics',
  approximates: 'as if all records had their mean size',
  quantity: (seen: MeasuredTotals, { streamMode }: Config) => {
    if (streamMode !== 'PROVISIONED') return 0;
    const records = seen.sum('IncomingRecords');
    return records === 0 ? 0 : records * Math.ceil(seen.sum('IncomingBytes') / records / payloadUnitBytes);
  },
};

const streamHours: UsageMeasurement = {
  by: 'settings',
  quantity: ({ hours }: MeasuredTotals, { streamMode }: Config) => (streamMode === 'ON_DEMAND' ? hours : 0),
};

/** Each record is rounded up: by half a step in the mean, and to a whole one at least. */
const writtenOnDemand: UsageMeasurement = {
  by: 'metrics',
  approximates: 'with half a KB for each record, by which it is rounded up in the mean',
  quantity: (seen: MeasuredTotals, { streamMode }: Config) => {
    if (streamMode !== 'ON_DEMAND') return 0;
    const rounding = seen.sum('IncomingRecords') * ON_DEMAND_ROUNDING_BYTES;
    return Math.max(rounding, seen.sum('IncomingBytes') + rounding / 2) / GIBIBYTE;
  },
};

function read(mode: Config['streamMode'], metric: string): UsageMeasurement {
  return {
    by: 'metrics',
    quantity: (seen: MeasuredTotals, { streamMode }: Config) => (streamMode === mode ? seen.sum(metric) / GIBIBYTE : 0),
  };
}

/**
 * What a stream is billed for. Storage is booked when a record is written, for all the time it will be kept: that is
 * what a month in steady state costs, however short the run, and it grows with the load.
 */
export const usage: readonly UsageDeclaration[] = [
  { id: 'shardHours', label: 'Open shards', unit: 'shard-hour', scalesWith: 'time', measured: shards(() => true) },
  {
    id: 'putPayloadUnits',
    label: 'PUT payload units of 25 KB',
    unit: 'unit',
    scalesWith: 'load',
    measured: payloadUnits,
  },
  {
    id: 'extendedRetentionShardHours',
    label: 'Open shards that keep records beyond 24 hours',
    unit: 'shard-hour',
    scalesWith: 'time',
    measured: shards(({ retentionPeriodHours }) => retentionPeriodHours > 24),
  },
  {
    id: 'longTermRetentionGibibyteMonths',
    label: 'Records kept beyond 7 days',
    unit: 'GB-month',
    scalesWith: 'load',
    measured: keptBeyond(168),
  },
  {
    id: 'longTermRetrievalGibibytes',
    label: 'Records older than 7 days read',
    unit: 'GB',
    scalesWith: 'load',
    measured: keptBeyond(168),
  },
  {
    id: 'fanOutConsumerShardHours',
    label: 'Enhanced fan-out consumers x open shards',
    unit: 'consumer-shard-hour',
    scalesWith: 'time',
    measured: 'CloudWatch does not tell how many consumers of enhanced fan-out there are',
  },
  {
    id: 'fanOutGibibytes',
    label: 'Read by enhanced fan-out',
    unit: 'GB',
    scalesWith: 'load',
    measured: read('PROVISIONED', 'SubscribeToShardEvent.Bytes'),
  },
  {
    id: 'onDemandStreamHours',
    label: 'On-demand stream',
    unit: 'stream-hour',
    scalesWith: 'time',
    measured: streamHours,
  },
  {
    id: 'onDemandInGibibytes',
    label: 'Written on demand, records rounded up to 1 KB',
    unit: 'GB',
    scalesWith: 'load',
    measured: writtenOnDemand,
  },
  {
    id: 'onDemandOutGibibytes',
    label: 'Read on demand',
    unit: 'GB',
    scalesWith: 'load',
    measured: read('ON_DEMAND', 'GetRecords.Bytes'),
  },
  {
    id: 'onDemandFanOutGibibytes',
    label: 'Read on demand by enhanced fan-out',
    unit: 'GB',
    scalesWith: 'load',
    measured: read('ON_DEMAND', 'SubscribeToShardEvent.Bytes'),
  },
  {
    id: 'onDemandExtendedRetentionGibibyteMonths',
    label: 'Records kept from 24 hours to 7 days, on demand',
    unit: 'GB-month',
    scalesWith: 'load',
    measured: keptBeyond(24),
  },
  {
    id: 'onDemandLongTermRetentionGibibyteMonths',
    label: 'Records kept beyond 7 days, on demand',
    unit: 'GB-month',
    scalesWith: 'load',
    measured: keptBeyond(168),
  },
];
