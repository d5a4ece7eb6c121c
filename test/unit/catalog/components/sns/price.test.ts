/** Bills worked out by hand from the rates of us-east-1. */
import { describe, expect, it } from 'vitest';
import { config } from '#catalog/components/sns/config.ts';
import { price } from '#catalog/components/sns/price.ts';
import { priceOf } from '#catalog/pricing/arithmetic.ts';
import { rateTable } from '#catalog/pricing/rates.ts';

const rates = rateTable('us-east-1');

function lines(quantities: Record<string, number>) {
  const view = { price: (dimension: string, id: string, quantity: number) => priceOf(rates, id, quantity, dimension) };
  return price({ quantities, horizonHours: 730 }, config.parse({}), view);
}

const total = (quantities: Record<string, number>): number => lines(quantities).reduce((sum, { usd }) => sum + usd, 0);

describe('the bill of a topic', () => {
  it('is 0.50 for a million publishes', () => {
    expect(total({ publishRequests: 10e6 })).toBeCloseTo(5, 6);
  });

  it('is 0.19 for a million deliveries to delivery streams, and 0.09 for a GB that a filter reads', () => {
    expect(total({ publishRequests: 1e6, firehoseNotifications: 3e6, filteredGigabytes: 50 })).toBeCloseTo(
      0.5 + 0.57 + 4.5,
      6,
    );
  });

  it('has no line for what was not used', () => {
    expect(lines({ publishRequests: 5, firehoseNotifications: 0 }).map(({ dimension }) => dimension)).toEqual([
      'publishes',
    ]);
  });
});
