import type { PriceFacet } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Lines of the bill; a dimension that was not used has no line. */
export const price: PriceFacet<Config> = ({ quantities }, config, rates) => {
  const arm = config.architecture === 'arm64';
  const used = [
    ['requests', 'lambda/requests', quantities['requests']],
    ['duration', arm ? 'lambda/duration-arm' : 'lambda/duration-x86', quantities['gbSeconds']],
    [
      'provisionedDuration',
      arm ? 'lambda/provisioned-duration-arm' : 'lambda/provisioned-duration-x86',
      quantities['provisionedDurationGbSeconds'],
    ],
    [
      'provisionedConcurrency',
      arm ? 'lambda/provisioned-concurrency-arm' : 'lambda/provisioned-concurrency-x86',
      quantities['provisionedGbSeconds'],
    ],
    ['ephemeralStorage', 'lambda/ephemeral-storage', quantities['ephemeralStorageGbSeconds']],
    ['logIngestion', 'cloudwatch/logs-ingestion-standard', quantities['logGigabytes']],
  ] as const;
  return used.flatMap(([dimension, rateId, quantity]) =>
    quantity === undefined || quantity === 0 ? [] : [rates.price(dimension, rateId, quantity)],
  );
};
