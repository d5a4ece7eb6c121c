/** Bills worked out by hand from the rates of us-east-1. */
import { describe, expect, it } from 'vitest';
import { config } from '#catalog/components/elasticache/config.ts';
import { price } from '#catalog/components/elasticache/price.ts';
import { priceOf } from '#catalog/pricing/arithmetic.ts';
import { rateTable } from '#catalog/pricing/rates.ts';

const rates = rateTable('us-east-1');

function bill(settings: Record<string, unknown>, quantities: Record<string, number>): number {
  const view = { price: (dimension: string, id: string, quantity: number) => priceOf(rates, id, quantity, dimension) };
  const lines = price({ quantities, horizonHours: 730 }, config.parse(settings), view);
  return lines.reduce((sum, { usd }) => sum + usd, 0);
}

describe('the bill of a cache', () => {
  it('is hours times nodes: 2 cache.r7g.large of Valkey for a month are 1,460 h at 0.1752', () => {
    expect(bill({}, { nodeHours: 1460 })).toBeCloseTo(255.792, 6);
  });

  it('is a quarter more for Redis OSS: 0.219 an hour', () => {
    expect(bill({ engine: 'redis' }, { nodeHours: 1460 })).toBeCloseTo(319.74, 6);
  });

  it('of a serverless cache is storage and processing: 730 h of 2 GB at 0.084, 500 M ECPU at 0.0023 a million', () => {
    expect(bill({ deployment: 'serverless' }, { dataGbHours: 1460, ecpus: 500e6 })).toBeCloseTo(122.64 + 1.15, 6);
  });

  it('of a serverless Redis OSS cache: 0.125 and 0.0034', () => {
    const serverless = { deployment: 'serverless', engine: 'redis' };
    expect(bill(serverless, { dataGbHours: 1460, ecpus: 500e6 })).toBeCloseTo(182.5 + 1.7, 6);
  });

  it('knows a price for every node type and engine, Valkey a fifth below Redis OSS', () => {
    for (const cacheNodeType of config.shape.cacheNodeType.unwrap().options) {
      const redis = bill({ cacheNodeType, engine: 'redis' }, { nodeHours: 1000 });
      expect(bill({ cacheNodeType }, { nodeHours: 1000 }) / redis, cacheNodeType).toBeCloseTo(0.8, 3);
    }
  });
});
