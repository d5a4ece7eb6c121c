import type { PriceFacet } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Lines of the bill; a dimension that was not used has no line. */
export const price: PriceFacet<Config> = ({ quantities }, _config, rates) => {
  const used = [
    ['ingestion', 'data-firehose/ingestion', quantities['ingestedGibibytes']],
    ['formatConversion', 'data-firehose/format-conversion', quantities['convertedGibibytes']],
    ['dynamicPartitioning', 'data-firehose/dynamic-partitioning', quantities['partitionedGibibytes']],
    ['partitionObjects', 'data-firehose/dynamic-partitioning-objects', (quantities['partitionedObjects'] ?? 0) / 1000],
  ] as const;
  return used.flatMap(([dimension, rateId, quantity]) =>
    quantity === undefined || quantity === 0 ? [] : [rates.price(dimension, rateId, quantity)],
  );
};
