import type { PriceFacet } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Provisioned mode only. */
export const price: PriceFacet<Config> = ({ quantities }, _config, rates) => {
  const hours = quantities['eventPollerUnitHours'] ?? 0;
  return hours === 0 ? [] : [rates.price('eventPollers', 'lambda/event-source-mapping-sqs-epu-hour', hours)];
};
