import { describe, expect, it } from 'vitest';
import { build } from '#catalog/components/opensearch/behavior/behavior.ts';
import { type Config, config, instanceSizes } from '#catalog/components/opensearch/config.ts';
import { price } from '#catalog/components/opensearch/price.ts';
import { priceOf } from '#catalog/pricing/arithmetic.ts';
import { rateTable } from '#catalog/pricing/rates.ts';
import type { RatesView } from '#schema/component.ts';
import { World } from '#test/harness/behavior.ts';

const table = rateTable('us-east-1');
const rates: RatesView = { price: (dimension, rateId, quantity) => priceOf(table, rateId, quantity, dimension) };

function bill(quantities: Record<string, number>, given: Partial<Config> = {}): Record<string, number> {
  const lines = price({ quantities, horizonHours: 730 }, config.parse(given), rates);
  return Object.fromEntries(lines.map(({ dimension, usd }) => [dimension, usd]));
}

describe('opensearch: price', () => {
  it('bills a month worked out by hand', () => {
    // Three r6g.xlarge nodes with 200 GiB of gp3 each and three m6g.large masters for 730 h.
    const quantities = { dataNodeHours: 2190, masterNodeHours: 2190, storageGibibyteMonths: 600 };
    expect(bill(quantities, { instanceType: 'r6g.xlarge.search', dedicatedMasterType: 'm6g.large.search' })).toEqual({
      dataNodes: expect.closeTo(2190 * 0.335, 9),
      masterNodes: expect.closeTo(2190 * 0.128, 9),
      storage: expect.closeTo(600 * 0.122, 9),
    });
    expect(bill({ storageGibibyteMonths: 600 }, { volumeType: 'gp2' })).toEqual({ storage: expect.closeTo(81, 9) });
    expect(bill({})).toEqual({});
  });

  it('knows a price for every data node type', () => {
    for (const instanceType of Object.keys(instanceSizes)) {
      expect(table.has(`opensearch/instance/${instanceType}`), instanceType).toBe(true);
    }
  });

  it('counts the hours of nodes and volumes from time zero', () => {
    const w = new World({ horizonSeconds: 3600, preRollSeconds: 600 });
    const given = { instanceCount: 4, volumeSizeGiB: 365, dedicatedMasterCount: 3 };
    const node = w.add('search', build, config.parse(given));
    w.finish();
    expect(node.usage.get('dataNodeHours')?.total).toBeCloseTo(4, 12);
    expect(node.usage.get('masterNodeHours')?.total).toBeCloseTo(3, 12);
    // 1,460 GiB for one of 730 hours.
    expect(node.usage.get('storageGibibyteMonths')?.total).toBeCloseTo(2, 12);
  });
});
