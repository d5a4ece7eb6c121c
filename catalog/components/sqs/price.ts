import type { PriceFacet } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Requests by queue type; tiers and the free million apply to the month of the account. */
export const price: PriceFacet<Config> = ({ quantities }, { fifoQueue }, rates) => [
  rates.price('requests', fifoQueue ? 'sqs/fifo-requests' : 'sqs/standard-requests', quantities['requests'] ?? 0),
];
