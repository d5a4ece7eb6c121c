import { describe, expect, it } from 'vitest';
import { type Config, config as schema } from '#catalog/components/kinesis-data-streams/config.ts';
import { price } from '#catalog/components/kinesis-data-streams/price.ts';
import { usage as declared } from '#catalog/components/kinesis-data-streams/usage.ts';
import { priceOf } from '#catalog/pricing/arithmetic.ts';
import { rateTable } from '#catalog/pricing/rates.ts';
import { HOUR, StreamFixture } from './stream-fixture.ts';

const rates = rateTable('us-east-1');
const view = {
  price: (dimension: string, rateId: string, quantity: number) => priceOf(rates, rateId, quantity, dimension),
};

function bill(quantities: Record<string, number>, settings: Partial<Config>, horizonHours: number) {
  const lines = price({ quantities, horizonHours }, schema.parse(settings), view);
  const byDimension = Object.fromEntries(lines.map(({ dimension, usd }) => [dimension, usd]));
  return { byDimension, usd: lines.reduce((sum, line) => sum + line.usd, 0) };
}

const gibibyte = 1_073_741_824;

describe('price of a provisioned stream', () => {
  it('is 2.56 USD a day for 4 shards and 80,000,000 records of 600 bytes', () => {
    // 4 shards x 24 h x 0.015 = 1.44; one unit of 25 KB a record: 80,000,000 x 0.014 / 1,000,000 = 1.12.
    const { byDimension, usd } = bill({ shardHours: 96, putPayloadUnits: 80_000_000 }, { shardCount: 4 }, 24);
    expect(byDimension['shardHours']).toBeCloseTo(1.44, 10);
    expect(byDimension['putPayloadUnits']).toBeCloseTo(1.12, 10);
    expect(usd).toBeCloseTo(2.56, 10);
  });

  it('adds consumers with enhanced fan-out by the shard-hour and the GB', () => {
    // 2 consumers x 4 shards x 24 h x 0.015 = 2.88; 100 GB x 0.013 = 1.30.
    const { usd } = bill({ fanOutConsumerShardHours: 192, fanOutGibibytes: 100 }, {}, 24);
    expect(usd).toBeCloseTo(2.88 + 1.3, 10);
  });

  it('adds extended and long-term retention', () => {
    // 96 shard-hours x 0.02 = 1.92; 1,000 GB-months x 0.023 = 23; 10 GB read x 0.021 = 0.21.
    const quantities = {
      extendedRetentionShardHours: 96,
      longTermRetentionGibibyteMonths: 1000,
      longTermRetrievalGibibytes: 10,
    };
    expect(bill(quantities, { retentionPeriodHours: 720 }, 24).usd).toBeCloseTo(1.92 + 23 + 0.21, 10);
  });

  it('knows a rate for every usage that is declared', () => {
    for (const { id } of declared) expect(bill({ [id]: 1 }, {}, 1).byDimension[id]).toBeGreaterThan(0);
  });
});

describe('price of an on-demand stream', () => {
  const onDemand = { streamMode: 'ON_DEMAND' } as const;

  it('counts stream-hours, GB in and GB out', () => {
    // 24 x 0.04 = 0.96; 76.29 GB in x 0.08 = 6.1032; 50 GB out x 0.04 = 2; 50 GB of fan-out x 0.05 = 2.50.
    const quantities = {
      onDemandStreamHours: 24,
      onDemandInGibibytes: 76.29,
      onDemandOutGibibytes: 50,
      onDemandFanOutGibibytes: 50,
    };
    expect(bill(quantities, onDemand, 24).usd).toBeCloseTo(0.96 + 6.1032 + 2 + 2.5, 10);
  });

  it('pays for 25 MiB/s in and out at least under On-demand Advantage', () => {
    // 25 MiB/s x 86,400 s / 1,024 = 2,109.375 GB each way: 67.50 USD in, 33.75 USD out, whatever flows below that.
    const quantities = { onDemandInGibibytes: 100, onDemandOutGibibytes: 10, onDemandFanOutGibibytes: 20 };
    const { byDimension, usd } = bill(quantities, { ...onDemand, onDemandAdvantage: true }, 24);
    expect(usd).toBeCloseTo(2109.375 * 0.032 + 2109.375 * 0.016, 8);
    expect(byDimension['onDemandInGibibytes']).toBeCloseTo(3.2, 10);
    expect(byDimension['committedOutNotUsed']).toBeCloseTo((2109.375 - 30) * 0.016, 8);
  });

  it('pays for what flows under On-demand Advantage above the commitment', () => {
    const quantities = { onDemandInGibibytes: 5000, onDemandOutGibibytes: 5000 };
    const { usd } = bill(quantities, { ...onDemand, onDemandAdvantage: true, advantageCommitmentMiBps: 10 }, 24);
    expect(usd).toBeCloseTo(5000 * 0.032 + 5000 * 0.016, 8);
  });
});

describe('what a run counts', () => {
  it('is one payload unit for 25,000 bytes of data and two for one byte more', () => {
    const stream = new StreamFixture({ partitionKeyBytes: 100 }).start();
    stream.put([{ key: 1, bytes: 25_000 }], false);
    expect(stream.usage()['putPayloadUnits']).toBe(1);
    stream.put([{ key: 1, bytes: 25_001 }], false);
    expect(stream.usage()['putPayloadUnits']).toBe(3);
  });

  it('is the same for records that CloudWatch has counted', () => {
    const measured = declared.find(({ id }) => id === 'putPayloadUnits')?.measured;
    if (typeof measured !== 'object' || measured.by !== 'metrics') throw new Error('units are told from metrics');
    const sums: Record<string, number> = { IncomingRecords: 10, IncomingBytes: 10 * 25_300 };
    const seen = { hours: 1, sum: (metric: string) => sums[metric] ?? 0, total: () => 0 };
    expect(measured.quantity(seen, schema.parse({}) as never)).toBe(20);
  });

  it('is 1 KB for each record of 600 bytes on demand, and the hours of the stream', () => {
    const stream = new StreamFixture({ streamMode: 'ON_DEMAND' }).start();
    stream.put(
      Array.from({ length: 500 }, () => ({ key: -1, bytes: 600 })),
      true,
    );
    stream.runTo(HOUR);
    expect(stream.usage()).toMatchObject({ onDemandStreamHours: 1, onDemandInGibibytes: (500 * 1024) / gibibyte });
  });

  it('books the storage that a record will take beyond a day and a week when it is written', () => {
    const kept = new StreamFixture({ retentionPeriodHours: 8760 }).start();
    kept.put([{ key: 1, bytes: 1_000_000 }], false);
    kept.runTo(HOUR);
    const months = (8760 - 168) / 730;
    expect(kept.usage()['longTermRetentionGibibyteMonths']).toBeCloseTo((1_000_000 / gibibyte) * months, 12);
    expect(kept.usage()['extendedRetentionShardHours']).toBe(1);
    const onDemand = new StreamFixture({ streamMode: 'ON_DEMAND', retentionPeriodHours: 100 }).start();
    onDemand.put([{ key: 1, bytes: 1_000_000 }], false);
    const usage = onDemand.usage();
    expect(usage['onDemandExtendedRetentionGibibyteMonths']).toBeCloseTo((1_000_000 / gibibyte) * (76 / 730), 12);
  });

  it('is every byte read on demand, shared and by fan-out, apart', () => {
    const stream = new StreamFixture({ streamMode: 'ON_DEMAND', putLatencyMs: 0 });
    const shared = stream.subscribe(false);
    stream.subscribe(true);
    stream.start();
    stream.put([{ key: 1, bytes: 1000 }], false);
    for (let shard = 0; shard < 4; shard++) shared.read(shard);
    stream.runTo(HOUR);
    const one = 1000 / gibibyte;
    expect(stream.usage()).toMatchObject({ onDemandOutGibibytes: one, onDemandFanOutGibibytes: one });
  });

  it('is what was older than a week when it was read from a provisioned stream', () => {
    const stream = new StreamFixture({ retentionPeriodHours: 240, putLatencyMs: 0 }, 200 * HOUR);
    const reader = stream.subscribe(false);
    stream.start();
    stream.put([{ key: 1, bytes: 1000 }], false);
    stream.runTo(169 * HOUR);
    stream.put([{ key: 1, bytes: 1000 }], false);
    expect(reader.read(0)).toBe(2);
    expect(stream.usage()['longTermRetrievalGibibytes']).toBe(1000 / gibibyte);
  });
});
