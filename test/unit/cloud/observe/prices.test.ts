import { describe, expect, it } from 'vitest';
import { rateTable } from '#catalog/pricing/rates.ts';
import { regions } from '#catalog/pricing/regions.ts';
import { differencesOf } from '#cloud/observe/prices.ts';
import { meanPrice } from '#cloud/observe/spot-prices.ts';
import { usageTypesIn } from '#cloud/observe/usage-types.ts';

const shipped = rateTable('us-east-1');

describe('differencesOf', () => {
  const tiers = shipped.get('lambda/duration-x86');

  it('is empty where nothing differs', () => {
    expect(differencesOf(shipped, tiers)).toEqual([]);
  });

  it('tells of tiers that came, went and changed', () => {
    const fresh = tiers
      .slice(0, 2)
      .map((row, index) => (index === 0 ? { ...row, usdPerUnit: 1 } : { ...row, tierFrom: 5 }));
    expect(
      differencesOf(shipped, fresh).map(({ tierFrom, shippedUsd, readUsd }) => [tierFrom, shippedUsd, readUsd]),
    ).toEqual([
      [0, tiers[0]?.usdPerUnit, 1],
      [5, null, tiers[1]?.usdPerUnit],
      [tiers[1]?.tierFrom, tiers[1]?.usdPerUnit, null],
      [tiers[2]?.tierFrom, tiers[2]?.usdPerUnit, null],
    ]);
  });

  it('tells of a price that is not shipped', () => {
    const row = { ...tiers[0], id: 'ec2/spot/m5.large' } as (typeof tiers)[number];
    expect(differencesOf(shipped, [row])).toMatchObject([
      { id: 'ec2/spot/m5.large', shippedUsd: null, shippedDate: '' },
    ]);
  });
});

describe('the shipped prices', () => {
  it('have a name in the Price List each of their own, but for what one product has several engines of', () => {
    const names = shipped.ids().flatMap((id) => {
      const { serviceCode = '', usageType = '', operation = '' } = shipped.get(id)[0] ?? {};
      return usageType === '' && operation === '' ? [] : [`${serviceCode} ${usageType} ${operation}`];
    });
    expect(names.length).toBeGreaterThan(450);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});

describe('usageTypesIn', () => {
  it('tries names of us-east-1 as they are, then with the abbreviation or without it', () => {
    expect(usageTypesIn('us-east-1', 'USE1-ETL-DPU-Hour')).toEqual(['USE1-ETL-DPU-Hour', 'ETL-DPU-Hour']);
    expect(usageTypesIn('us-east-1', 'Storage-ShardHour')).toEqual(['Storage-ShardHour', 'USE1-Storage-ShardHour']);
  });

  it('writes the Region whole where the name does', () => {
    expect(usageTypesIn('us-east-1', 'us-east-1-KMS-Keys')).toEqual(['us-east-1-KMS-Keys']);
    expect(usageTypesIn('eu-west-1', 'us-east-1-KMS-Keys')).toEqual(['eu-west-1-KMS-Keys']);
  });

  it('asks for no usage type where an operation names the product alone', () => {
    expect(usageTypesIn('eu-west-1', '')).toEqual(['']);
  });

  it("writes another Region's abbreviation before them", () => {
    expect(usageTypesIn('eu-west-1', 'USE1-ETL-DPU-Hour')).toEqual(['EUW1-ETL-DPU-Hour', 'EU-ETL-DPU-Hour']);
    expect(usageTypesIn('us-west-2', 'Storage-ShardHour')).toEqual(['USW2-Storage-ShardHour']);
  });

  it('knows that requests of queues have another name outside of us-east-1', () => {
    expect(usageTypesIn('us-west-2', 'Requests-FIFO-RBP')).toEqual([
      'USW2-Requests-FIFO-RBP',
      'USW2-Requests-FIFO-Tier1',
    ]);
    expect(usageTypesIn('us-east-1', 'Requests-RBP')).not.toContain('Requests-Tier1');
  });

  it('knows every Region that a document may name', () => {
    for (const region of regions) expect(usageTypesIn(region, 'X').length, region).toBeGreaterThan(0);
  });
});

describe('meanPrice', () => {
  const at = (zone: string, seconds: number, usd: string) => ({
    AvailabilityZone: zone,
    Timestamp: new Date(seconds * 1000),
    SpotPrice: usd,
  });

  it('weights each price by the time for which it held, the one before the week included', () => {
    // 0.1 for 25 s, 0.2 for 75 s in one zone; 0.3 all the time in the other.
    const history = [at('b', 0, '0.3'), at('a', 125, '0.2'), at('a', 50, '0.1')];
    expect(meanPrice(history, 100_000, 200_000)).toBeCloseTo((0.1 * 25 + 0.2 * 75 + 0.3 * 100) / 200, 12);
  });

  it('is unknown without prices', () => {
    expect(meanPrice([], 0, 1)).toBeUndefined();
  });
});
