import type { PriceFacet } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Lines of the bill; a dimension that was not used has no line. Deliveries to queues and functions cost nothing. */
export const price: PriceFacet<Config> = ({ quantities }, _config, rates) => {
  const used = [
    ['publishes', 'sns/standard-publish', quantities['publishRequests']],
    ['firehoseDeliveries', 'sns/delivery-firehose', quantities['firehoseNotifications']],
    ['payloadFiltering', 'sns/payload-filtering', quantities['filteredGigabytes']],
  ] as const;
  return used.flatMap(([dimension, rateId, quantity]) =>
    quantity === undefined || quantity === 0 ? [] : [rates.price(dimension, rateId, quantity)],
  );
};
