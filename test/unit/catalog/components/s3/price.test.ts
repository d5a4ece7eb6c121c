import { describe, expect, it } from 'vitest';
import { build } from '#catalog/components/s3/behavior/behavior.ts';
import { type Config, config as schema } from '#catalog/components/s3/config.ts';
import { price } from '#catalog/components/s3/price.ts';
import { usage as declared } from '#catalog/components/s3/usage.ts';
import { priceOf } from '#catalog/pricing/arithmetic.ts';
import { rateTable } from '#catalog/pricing/rates.ts';
import { pushOf, World } from '#test/harness/behavior.ts';

const rates = rateTable('us-east-1');
const view = {
  price: (dimension: string, rateId: string, quantity: number) => priceOf(rates, rateId, quantity, dimension),
};
const GIBIBYTE = 1_073_741_824;
const month = 730 / 24;

function bill(quantities: Record<string, number>, settings: Partial<Config> = {}): Record<string, number> {
  const lines = price({ quantities, horizonHours: 730 }, schema.parse(settings), view);
  return Object.fromEntries(lines.map(({ dimension, usd }) => [dimension.replace('Storage', 'GibibyteMonths'), usd]));
}

/** What `n` objects of `bytes` make of the billed month. */
function billOfObjects(n: number, bytes: number, settings: Partial<Config>): Record<string, number> {
  const config = schema.parse(settings);
  const world = new World({ horizonSeconds: 600 });
  const node = world.add('bucket', build, config);
  world.run(0);
  for (let i = 0; i < n; i++) world.send(pushOf(node, 'objects'), [world.record({ bytes })], false);
  world.finish();
  const quantities = Object.fromEntries([...node.usage].map(([id, { total }]) => [id, total]));
  return bill(quantities, settings);
}

describe('price of a bucket', () => {
  it('is 23.50 USD for 1,000 GB-months and 100,000 PUTs in Standard', () => {
    const { standardGibibyteMonths, putRequests } = bill({ standardGibibyteMonths: 1000, putRequests: 100_000 });
    expect(standardGibibyteMonths).toBeCloseTo(23, 10);
    expect(putRequests).toBeCloseTo(0.5, 10);
  });

  it('falls with the tiers of Standard storage', () => {
    // 51,200 x 0.023 + 448,800 x 0.022.
    expect(bill({ standardGibibyteMonths: 500_000 })['standardGibibyteMonths']).toBeCloseTo(1177.6 + 9873.6, 6);
  });

  it.each([
    ['STANDARD_IA', 1],
    ['ONEZONE_IA', 1],
    ['GLACIER_IR', 2],
    ['GLACIER', 3],
    ['DEEP_ARCHIVE', 5],
    ['INTELLIGENT_TIERING', 0.5],
  ] as const)('of 100,000 PUTs into %s is %d USD', (storageClass, usd) => {
    expect(bill({ putRequests: 100_000 }, { storageClass })['putRequests']).toBeCloseTo(usd, 10);
  });

  it.each([
    ['STANDARD', 0.04],
    ['STANDARD_IA', 0.1],
    ['GLACIER_IR', 1],
  ] as const)('of 100,000 GETs from %s is %d USD', (storageClass, usd) => {
    expect(bill({ getRequests: 100_000 }, { storageClass })['getRequests']).toBeCloseTo(usd, 10);
  });

  it('adds the fee of what is read from cheaper classes', () => {
    // 100 GB: 1.00 from the infrequent access classes, 3.00 from Glacier Instant Retrieval.
    expect(bill({ standardIaRetrievedGibibytes: 100 })['standardIaRetrievedGibibytes']).toBeCloseTo(1, 10);
    expect(bill({ oneZoneIaRetrievedGibibytes: 100 })['oneZoneIaRetrievedGibibytes']).toBeCloseTo(1, 10);
    expect(bill({ glacierInstantRetrievedGibibytes: 100 })['glacierInstantRetrievedGibibytes']).toBeCloseTo(3, 10);
  });

  it('adds KMS requests and the key', () => {
    expect(bill({ kmsRequests: 1_000_000, kmsKeyMonths: 1 })).toEqual({ kmsRequests: 3, kmsKeyMonths: 1 });
  });

  it('knows a rate for every usage that is declared', () => {
    for (const { id } of declared) expect(bill({ [id]: 1000 })[id], id).toBeGreaterThan(0);
  });

  it('of 1 GiB a month is half a GB-month in the first month and the age of the oldest in the steady state', () => {
    expect(billOfObjects(1, GIBIBYTE, {})['standardGibibyteMonths']).toBeCloseTo(0.5 * 0.023, 12);
    const steady = billOfObjects(1, GIBIBYTE, { expirationDays: 365, billedMonth: 24 });
    expect(steady['standardGibibyteMonths']).toBeCloseTo((365.5 / month) * 0.023, 9);
  });

  it('of small objects in Standard-IA counts 128 KiB for each', () => {
    // 1,000 x 131,072 B = 0.12207 GiB, half a month: x 0.0125.
    const { standardIaGibibyteMonths } = billOfObjects(1000, 2000, { storageClass: 'STANDARD_IA' });
    expect(standardIaGibibyteMonths).toBeCloseTo((1000 * 131_072 * 0.5 * 0.0125) / GIBIBYTE, 12);
  });

  it('of an archived object counts 32 KiB more in its class and 8 KiB in Standard', () => {
    const { deepArchiveGibibyteMonths, standardGibibyteMonths } = billOfObjects(1000, 1_000_000, {
      storageClass: 'DEEP_ARCHIVE',
    });
    expect(deepArchiveGibibyteMonths).toBeCloseTo((1000 * 1_032_768 * 0.5 * 0.00099) / GIBIBYTE, 12);
    expect(standardGibibyteMonths).toBeCloseTo((1000 * 8192 * 0.5 * 0.023) / GIBIBYTE, 12);
  });

  it('counts what was there before as stock over time', () => {
    // 7,300 GiB over 600 s of 730 h.
    const { existingGibibyteMonths } = billOfObjects(0, 0, { existingGibibytes: 7300 });
    expect(existingGibibyteMonths).toBeCloseTo(((7300 * 600) / (730 * 3600)) * 0.023, 10);
  });
});
