import { describe, expect, it } from 'vitest';
import { config as schema } from '#catalog/components/data-firehose/config.ts';
import { price } from '#catalog/components/data-firehose/price.ts';
import { usage as declared } from '#catalog/components/data-firehose/usage.ts';
import { priceOf } from '#catalog/pricing/arithmetic.ts';
import { rateTable } from '#catalog/pricing/rates.ts';
import { StreamFixture } from './stream-fixture.ts';

const rates = rateTable('us-east-1');
const view = {
  price: (dimension: string, rateId: string, quantity: number) => priceOf(rates, rateId, quantity, dimension),
};
const GIBIBYTE = 1_073_741_824;

function bill(quantities: Record<string, number>): Record<string, number> {
  const lines = price({ quantities, horizonHours: 730 }, schema.parse({}), view);
  return Object.fromEntries(lines.map(({ dimension, usd }) => [dimension, usd]));
}

describe('price of a delivery stream', () => {
  it('is 11.06 USD for a day of 80,000,000 records of 600 bytes: each counts as 5,120', () => {
    // 80,000,000 x 5,120 B = 381.47 GB; x 0.029.
    const ingestedGibibytes = (80_000_000 * 5120) / GIBIBYTE;
    expect(bill({ ingestedGibibytes })['ingestion']).toBeCloseTo(11.0626, 3);
  });

  it('falls with the tiers: 500 TB, then 1.5 PB', () => {
    // 512,000 x 0.029 + 88,000 x 0.025.
    expect(bill({ ingestedGibibytes: 600_000 })['ingestion']).toBeCloseTo(14_848 + 2200, 6);
  });

  it('adds format conversion on the rounded volume', () => {
    expect(bill({ convertedGibibytes: 1000 })).toEqual({ formatConversion: 18 });
  });

  it('adds dynamic partitioning by the GB and by 1,000 objects', () => {
    // 741.58 GB x 0.02 and 1,000,000 objects x 0.005 / 1,000.
    const { dynamicPartitioning, partitionObjects } = bill({ partitionedGibibytes: 741.58, partitionedObjects: 1e6 });
    expect(dynamicPartitioning).toBeCloseTo(14.8316, 10);
    expect(partitionObjects).toBeCloseTo(5, 10);
  });

  it('knows a rate for every usage that is declared', () => {
    for (const { id } of declared) expect(Object.values(bill({ [id]: 1 }))[0], id).toBeGreaterThan(0);
  });

  it.each([
    [1, 5120],
    [5120, 5120],
    [5121, 10_240],
    [1_024_000, 1_024_000],
  ])('of a record of %d bytes counts %d', (bytes, billed) => {
    const f = new StreamFixture({ formatConversion: 'parquet', bufferSizeMebibytes: 64 });
    f.world.run(0);
    f.put(1, bytes);
    expect(f.stream.usage.get('ingestedGibibytes')?.total).toBeCloseTo(billed / GIBIBYTE, 15);
    expect(f.stream.usage.get('convertedGibibytes')?.total).toBeCloseTo(billed / GIBIBYTE, 15);
  });

  it('counts nothing for what was refused', () => {
    const f = new StreamFixture({ recordsPerSecondQuota: 10 });
    f.world.run(0);
    f.put(20);
    expect(f.stream.usage.get('ingestedGibibytes')?.total).toBeCloseTo((10 * 5120) / GIBIBYTE, 15);
  });
});
