import { describe, expect, it } from 'vitest';
import {
  billedSeconds,
  gibibytes,
  gigabytes,
  hoursPerMonth,
  pooledLines,
  priceOf,
  roundUpUnits,
  unitScale,
} from '#catalog/pricing/arithmetic.ts';
import { RateTable, rateTable } from '#catalog/pricing/rates.ts';
import { priceLineSchema, type RateRow } from '#schema/pricing.ts';

const rates = rateTable('us-east-1');

describe('billing units', () => {
  it('tells the binary gigabyte from the decimal one', () => {
    expect(gibibytes(1_073_741_824)).toBe(1);
    expect(gigabytes(1_000_000_000)).toBe(1);
    expect(gigabytes(1_073_741_824)).toBeCloseTo(1.073741824, 12);
  });

  it('counts every started unit and grants the minimum to an empty payload', () => {
    expect(roundUpUnits(130 * 1024, 64 * 1024)).toBe(3);
    expect(roundUpUnits(128 * 1024, 64 * 1024)).toBe(2);
    expect(roundUpUnits(0, 25 * 1024)).toBe(0);
    expect(roundUpUnits(0, 25 * 1024, 1)).toBe(1);
  });

  it('does not charge one unit more for the rounding error of a decimal step', () => {
    expect(0.07 / 0.01).toBeGreaterThan(7);
    expect(roundUpUnits(0.07, 0.01)).toBe(7);
    expect(roundUpUnits(0.070001, 0.01)).toBe(8);
    expect(roundUpUnits(999_999_985, 6)).toBe(166_666_665);
  });

  it('bills durations by the step and at least the minimum', () => {
    expect(billedSeconds(12.3, 1, 60)).toBe(60);
    expect(billedSeconds(61.2, 1, 60)).toBe(62);
    expect(billedSeconds(0.0101, 0.001)).toBeCloseTo(0.011, 12);
  });

  it('knows how many single things a unit of a rate holds', () => {
    expect(unitScale('1000 requests')).toBe(1000);
    expect(unitScale('100000 objects-month')).toBe(100_000);
    expect(unitScale('million ECPU')).toBe(1_000_000);
    expect(unitScale('512 KB unit')).toBe(1);
    expect(unitScale('5 KB unit')).toBe(1);
  });
});

describe('the price of tiers', () => {
  const durationUsd = (quantity: number): number => priceOf(rates, 'lambda/duration-x86', quantity).usd;

  it('charges Lambda x86 duration inside the first tier at the first price', () => {
    expect(durationUsd(1_000_000)).toBeCloseTo(16.6667, 9);
  });

  it('charges each part of Lambda x86 duration at the price of its own tier', () => {
    // 6 B x 0.0000166667 = 100,000.2; 9 B x 0.000015 = 135,000; 5 B x 0.0000133334 = 66,667
    expect(durationUsd(6_000_000_000)).toBeCloseTo(100_000.2, 6);
    expect(durationUsd(15_000_000_000)).toBeCloseTo(235_000.2, 6);
    expect(durationUsd(20_000_000_000)).toBeCloseTo(301_667.2, 6);
  });

  it('costs nothing for nothing', () => {
    for (const id of rates.ids()) expect(priceOf(rates, id, 0).usd).toBe(0);
  });

  it('fails when the quantity is negative or not a number', () => {
    expect(() => durationUsd(-1)).toThrow('finite and >= 0, got -1');
    expect(() => durationUsd(Number.NaN)).toThrow('got NaN');
    expect(() => durationUsd(Number.POSITIVE_INFINITY)).toThrow('got Infinity');
  });
});

describe('priceOf', () => {
  it('charges SQS from the first request while the free tier is off', () => {
    expect(priceOf(rates, 'sqs/standard-requests', 1_000_000).usd).toBeCloseTo(0.4, 12);
  });

  it('grants the SQS free tier of one million requests when asked to', () => {
    const free = rateTable('us-east-1', { freeTier: true });
    expect(priceOf(free, 'sqs/standard-requests', 1_000_000).usd).toBe(0);
    expect(priceOf(free, 'sqs/standard-requests', 3_000_000).usd).toBeCloseTo(0.8, 12);
  });

  it('treats a first tier that starts above zero as an allowance, off by default', () => {
    const publishes = 1_500_000;
    expect(priceOf(rates, 'sns/standard-publish', publishes).usd).toBeCloseTo(0.75, 12);
    expect(priceOf(rates.withFreeTier(true), 'sns/standard-publish', publishes).usd).toBeCloseTo(0.25, 12);
  });

  it('shows which tiers took part, and leaves them out of a flat price', () => {
    const line = priceOf(rates, 's3/standard-storage', 61_440);
    expect(line.tiersApplied).toEqual([
      { tierFrom: 0, quantity: 51_200, usdPerUnit: 0.023 },
      { tierFrom: 51_200, quantity: 10_240, usdPerUnit: 0.022 },
    ]);
    expect(line.usd).toBeCloseTo(1402.88, 9);
    expect(priceOf(rates, 'sns/fifo-publish', 10)).not.toHaveProperty('tiersApplied');
  });

  it('carries unit, date and confidence of the price, and a code for what is charged', () => {
    const line = priceOf(rates, 'kinesis-data-streams/provisioned-shard-hour', 2 * hoursPerMonth);
    expect(line).toEqual({
      dimension: 'provisioned-shard-hour',
      rateId: 'kinesis-data-streams/provisioned-shard-hour',
      quantity: 1460,
      unit: 'shard-hour',
      usd: 1460 * 0.015,
      rateDate: '2026-09-25',
      confidence: 'A',
    });
    expect(priceOf(rates, 'sqs/fifo-requests', 1, 'retriedRequests').dimension).toBe('retriedRequests');
  });

  it('takes the weakest confidence of the tiers that took part, not of those that did not', () => {
    expect(priceOf(rates, 'data-firehose/ingestion', 1000).confidence).toBe('A');
    expect(priceOf(rates, 'data-firehose/ingestion', 600_000).confidence).toBe('C');
  });

  it('marks a price without a source as an assumption and dates it with the table', () => {
    const line = priceOf(rates, 'opensearch/ingestion-ocu-hour', 1);
    expect(line).toMatchObject({ confidence: 'D', assumption: true, rateDate: rates.date });
    expect(priceOf(rates, 'opensearch/storage-gp3', 1)).not.toHaveProperty('assumption');
  });

  it('goes on at the last price beyond the last tier that is known, and says that this is an assumption', () => {
    expect(priceOf(rates, 'data-firehose/ingestion-msk', 512_000)).not.toHaveProperty('assumption');
    const line = priceOf(rates, 'data-firehose/ingestion-msk', 600_000);
    expect(line.assumption).toBe(true);
    expect(line.usd).toBeCloseTo(33_000, 6);
  });

  it('makes lines that the schema of a bill accepts', () => {
    for (const id of rates.ids()) expect(priceLineSchema.parse(priceOf(rates, id, 12.5)).rateId).toBe(id);
  });

  it('fails when the id is unknown', () => {
    expect(() => priceOf(rates, 'sqs/nonsense', 1)).toThrow('has no price with the id "sqs/nonsense"');
  });
});

describe('pooledLines', () => {
  it('lets two functions climb the Lambda tiers together', () => {
    const alone = [9, 3].map((billions) => priceOf(rates, 'lambda/duration-x86', billions * 1e9));
    // together 12 B: 100,000.2 + 6 B x 0.000015 = 190,000.2, shared 3 : 1
    const pooled = pooledLines(rates, alone);
    expect(pooled.map((line) => line.usd)).toEqual([expect.closeTo(142_500.15, 4), expect.closeTo(47_500.05, 4)]);
    expect(pooled[0]?.tiersApplied?.[0]?.quantity).toBeCloseTo(4_500_000_000, 0);
  });

  it('spends an allowance once for the whole account', () => {
    const free = rates.withFreeTier(true);
    const lines = [800_000, 800_000].map((requests) => priceOf(free, 'lambda/requests', requests));
    expect(lines.map((line) => line.usd)).toEqual([0, 0]);
    const sum = pooledLines(free, lines).reduce((usd, line) => usd + line.usd, 0);
    expect(sum).toBeCloseTo(0.12, 12);
  });

  it('leaves the dimension and quantity of each line as they were', () => {
    const lines = [
      priceOf(rates, 'sqs/standard-requests', 10, 'requests'),
      priceOf(rates, 'sqs/standard-requests', 0, 'retries'),
      priceOf(rates, 'sqs/standard-requests', 30, 'retries'),
    ];
    const pooled = pooledLines(rates, lines);
    expect(pooled.map(({ dimension, quantity }) => [dimension, quantity])).toEqual([
      ['requests', 10],
      ['retries', 0],
      ['retries', 30],
    ]);
    expect(pooled.map((line) => line.usd)).toEqual([10, 0, 30].map((n) => expect.closeTo(n * 4e-7, 15)));
  });
});

describe('a table of three made-up tiers', () => {
  const row: RateRow = {
    id: 'made-up/thing',
    service: 'Made up',
    dimension: 'thing',
    unit: 'thing',
    tierFrom: 0,
    tierTo: 10,
    usdPerUnit: 3,
    freeTier: '',
    freeUnits: 5,
    rounding: '',
    source: 'none',
    sourceDate: '2026-01',
    confidence: 'B',
    serviceCode: '',
    usageType: '',
    operation: '',
  };
  const table = new RateTable('nowhere', [
    { ...row, tierFrom: 20, tierTo: null, usdPerUnit: 1, sourceDate: '2025/2026-02' },
    row,
    { ...row, tierFrom: 10, tierTo: 20, usdPerUnit: 2, sourceDate: '2024' },
  ]);

  it('orders tiers that came in any order, and dates a line by the oldest tier that took part', () => {
    expect(priceOf(table, 'made-up/thing', 25).usd).toBe(30 + 20 + 5);
    expect(priceOf(table, 'made-up/thing', 25).rateDate).toBe('2024');
    expect(priceOf(table, 'made-up/thing', 5).rateDate).toBe('2026-01');
    expect(table.date).toBe('2026-02');
  });

  it('takes the allowance from the bottom of the first tier', () => {
    expect(priceOf(table.withFreeTier(true), 'made-up/thing', 25).usd).toBe(15 + 20 + 5);
    expect(priceOf(table.withFreeTier(true), 'made-up/thing', 4).tiersApplied).toEqual([]);
  });
});
