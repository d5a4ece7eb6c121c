import { describe, expect, it } from 'vitest';
import { config } from '#catalog/components/sqs/config.ts';
import { price } from '#catalog/components/sqs/price.ts';
import { priceOf } from '#catalog/pricing/arithmetic.ts';
import { rateTable } from '#catalog/pricing/rates.ts';
import type { RatesView } from '#schema/component.ts';

const table = rateTable('us-east-1');
const rates: RatesView = { price: (dimension, rateId, quantity) => priceOf(table, rateId, quantity, dimension) };
const standard = config.parse({});
const fifo = config.parse({ fifoQueue: true });

const bill = (requests: number, of: typeof standard) =>
  price({ quantities: { requests }, horizonHours: 730 }, of, rates).reduce((usd, line) => usd + line.usd, 0);

describe('price of SQS', () => {
  it('bills a month of 1 M messages sent, received and deleted one by one: 3 M requests, 1.20 USD', () => {
    expect(bill(3_000_000, standard)).toBeCloseTo(1.2, 10);
  });

  it('bills the same month in full batches at a tenth: 300,000 requests, 0.12 USD', () => {
    expect(bill(300_000, standard)).toBeCloseTo(0.12, 10);
  });

  it('bills FIFO requests at 0.50 USD per million', () => {
    expect(bill(3_000_000, fifo)).toBeCloseTo(1.5, 10);
  });

  it('lowers the price above 100 and 200 billion requests', () => {
    expect(bill(250e9, standard)).toBeCloseTo(100e9 * 0.4e-6 + 100e9 * 0.3e-6 + 50e9 * 0.24e-6, 4);
    expect(bill(250e9, fifo)).toBeCloseTo(100e9 * 0.5e-6 + 100e9 * 0.4e-6 + 50e9 * 0.35e-6, 4);
  });
});
