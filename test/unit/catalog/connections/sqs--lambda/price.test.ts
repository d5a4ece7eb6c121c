import { describe, expect, it } from 'vitest';
import { config } from '#catalog/connections/sqs--lambda/config.ts';
import { price } from '#catalog/connections/sqs--lambda/price.ts';
import { priceOf } from '#catalog/pricing/arithmetic.ts';
import { rateTable } from '#catalog/pricing/rates.ts';
import type { RatesView } from '#schema/component.ts';

const table = rateTable('us-east-1');
const rates: RatesView = { price: (dimension, rateId, quantity) => priceOf(table, rateId, quantity, dimension) };

describe('queue mapping: price', () => {
  it('bills event poller units by the hour', () => {
    // Two pollers for a month of 730 hours at 0.00925.
    const lines = price({ quantities: { eventPollerUnitHours: 1460 }, horizonHours: 730 }, config.parse({}), rates);
    expect(lines).toMatchObject([{ dimension: 'eventPollers', usd: expect.closeTo(13.505, 9) }]);
  });

  it('costs nothing without provisioned mode', () => {
    expect(price({ quantities: {}, horizonHours: 730 }, config.parse({}), rates)).toEqual([]);
  });
});
