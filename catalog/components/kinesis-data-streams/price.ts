import type { PriceFacet, RatesView, UsageTotals } from '#schema/component.ts';
import type { PriceLine } from '#schema/pricing.ts';
import type { Config } from './config.ts';

type RateByUsage = readonly (readonly [usage: string, rate: string])[];

const standardRates: RateByUsage = [
  ['shardHours', 'kinesis-data-streams/provisioned-shard-hour'],
  ['putPayloadUnits', 'kinesis-data-streams/put-payload-unit'],
  ['extendedRetentionShardHours', 'kinesis-data-streams/provisioned-extended-retention-shard-hour'],
  ['longTermRetentionGibibyteMonths', 'kinesis-data-streams/provisioned-long-term-retention'],
  ['longTermRetrievalGibibytes', 'kinesis-data-streams/provisioned-long-term-retrieval'],
  ['fanOutConsumerShardHours', 'kinesis-data-streams/provisioned-fan-out-consumer-shard-hour'],
  ['fanOutGibibytes', 'kinesis-data-streams/provisioned-fan-out-data'],
  ['onDemandStreamHours', 'kinesis-data-streams/on-demand-stream-hour'],
  ['onDemandInGibibytes', 'kinesis-data-streams/on-demand-data-in'],
  ['onDemandOutGibibytes', 'kinesis-data-streams/on-demand-data-out'],
  ['onDemandFanOutGibibytes', 'kinesis-data-streams/on-demand-fan-out-data-out'],
  ['onDemandExtendedRetentionGibibyteMonths', 'kinesis-data-streams/on-demand-extended-retention'],
  ['onDemandLongTermRetentionGibibyteMonths', 'kinesis-data-streams/on-demand-long-term-retention'],
];

const dataIn = 'kinesis-data-streams/on-demand-advantage-data-in';
const dataOut = 'kinesis-data-streams/on-demand-advantage-data-out';

/** On-demand Advantage has no stream-hours and one rate for everything read. */
const advantageRates: RateByUsage = [
  ['onDemandInGibibytes', dataIn],
  ['onDemandOutGibibytes', dataOut],
  ['onDemandFanOutGibibytes', dataOut],
  ['onDemandExtendedRetentionGibibyteMonths', 'kinesis-data-streams/on-demand-advantage-retention'],
  ['onDemandLongTermRetentionGibibyteMonths', 'kinesis-data-streams/on-demand-advantage-retention'],
];

export const price: PriceFacet<Config> = (usage, config, rates) => {
  const isAdvantage = config.streamMode === 'ON_DEMAND' && config.onDemandAdvantage;
  const lines = (isAdvantage ? advantageRates : standardRates)
    .filter(([id]) => quantityOf(usage, id) > 0)
    .map(([id, rateId]) => rates.price(id, rateId, quantityOf(usage, id)));
  return isAdvantage ? [...lines, ...shortfall(usage, config, rates)] : lines;
};

/**
 * What is missing to the committed throughput, in and out, at the same rates (25 MiB/s over all on-demand streams of the
 * account; https://aws.amazon.com/kinesis/data-streams/pricing/, read 2026-11-21). GB = 2^30 bytes = 1,024 MiB.
 */
function shortfall(usage: UsageTotals, config: Config, rates: RatesView): readonly PriceLine[] {
  const committed = (config.advantageCommitmentMiBps * 3600 * usage.horizonHours) / 1024;
  const missingIn = committed - quantityOf(usage, 'onDemandInGibibytes');
  const missingOut =
    committed - quantityOf(usage, 'onDemandOutGibibytes') - quantityOf(usage, 'onDemandFanOutGibibytes');
  return [
    ...(missingIn > 0 ? [rates.price('committedInNotUsed', dataIn, missingIn)] : []),
    ...(missingOut > 0 ? [rates.price('committedOutNotUsed', dataOut, missingOut)] : []),
  ];
}

function quantityOf(usage: UsageTotals, id: string): number {
  return usage.quantities[id] ?? 0;
}
