import { describe, expect, it } from 'vitest';
import { build } from '#catalog/components/lambda/behavior/behavior.ts';
import { config, type Config } from '#catalog/components/lambda/config.ts';
import { price } from '#catalog/components/lambda/price.ts';
import { priceOf as tablePrice } from '#catalog/pricing/arithmetic.ts';
import { rateTable } from '#catalog/pricing/rates.ts';
import type { RatesView } from '#schema/component.ts';
import { World } from '#test/harness/behavior.ts';
import { Invoker } from '#test/harness/invoker.ts';

const table = rateTable('us-east-1');
const rates: RatesView = { price: (dimension, rateId, quantity) => tablePrice(table, rateId, quantity, dimension) };
const quantities = (used: Record<string, number>) => ({ quantities: used, horizonHours: 730 });
const settings = (changes: Partial<Config> = {}): Config => config.parse(changes);

describe('lambda: price', () => {
  it('bills a month worked out by hand', () => {
    // 30 million requests of 120 ms at 512 MB: 30e6 x 0.12 s x 0.5 GB = 1.8 million GB-seconds.
    const lines = price(quantities({ requests: 30e6, gbSeconds: 1.8e6, logGigabytes: 8.4 }), settings(), rates);
    expect(Object.fromEntries(lines.map(({ dimension, usd }) => [dimension, usd]))).toEqual({
      requests: expect.closeTo(30e6 * 0.0000002, 9),
      duration: expect.closeTo(1.8e6 * 0.0000166667, 6),
      logIngestion: expect.closeTo(8.4 * 0.5, 9),
    });
  });

  it('bills the tiers of x86 and of Arm', () => {
    const bill = (architecture: Config['architecture'], gbSeconds: number): number =>
      price(quantities({ gbSeconds }), settings({ architecture }), rates).reduce((sum, { usd }) => sum + usd, 0);
    // 16 billion GB-seconds: 6 at 0.0000166667, 9 at 0.0000150000, 1 at 0.0000133334.
    expect(bill('x86_64', 16e9)).toBeCloseTo(100_000.2 + 135_000 + 13_333.4, 2);
    // 20 billion: 7.5 at 0.0000133334, 11.25 at 0.0000120001, 1.25 at 0.0000106667.
    expect(bill('arm64', 20e9)).toBeCloseTo(100_000.5 + 135_001.125 + 13_333.375, 2);
  });

  it('bills provisioned concurrency, its duration and large ephemeral storage', () => {
    const used = quantities({
      provisionedGbSeconds: 1e6,
      provisionedDurationGbSeconds: 1e5,
      ephemeralStorageGbSeconds: 1e6,
    });
    const bill = (architecture: Config['architecture']): Record<string, number> =>
      Object.fromEntries(price(used, settings({ architecture }), rates).map(({ dimension, usd }) => [dimension, usd]));
    expect(bill('x86_64')).toEqual({
      provisionedConcurrency: expect.closeTo(4.1667, 6),
      provisionedDuration: expect.closeTo(0.97222, 6),
      ephemeralStorage: expect.closeTo(0.0309, 6),
    });
    expect(bill('arm64')).toEqual({
      provisionedConcurrency: expect.closeTo(3.3334, 6),
      provisionedDuration: expect.closeTo(0.77778, 6),
      ephemeralStorage: expect.closeTo(0.0309, 6),
    });
  });

  it('has no line for what was not used', () => {
    expect(price(quantities({}), settings(), rates)).toEqual([]);
  });
});

describe('lambda: usage', () => {
  const run = (changes: Partial<Config>, invocations: number) => {
    const world = new World({ horizonSeconds: 3600 });
    const fixed = {
      serviceTimeLaw: 'deterministic',
      memorySize: 1024,
      cpuBoundRatio: 0,
      perRecordMs: 0,
      perInvocationMs: 10.2,
      coldStartMs: 250.5,
      logBytesPerInvocation: 1_048_576,
    } as const;
    const fn = world.add('fn', build, config.parse({ ...fixed, ...changes }));
    const invoker = new Invoker(world, fn, 'sqs');
    for (let i = 0; i < invocations; i++) world.at(i, () => invoker.invoke([world.record()]));
    world.finish();
    return Object.fromEntries([...fn.usage].map(([id, { total }]) => [id, total]));
  };

  it('rounds each duration up to 1 ms and bills init with the first', () => {
    // 250.5 + 10.2 = 260.7 -> 261 ms; then twice 10.2 -> 11 ms. 1,024 MB are 1 GB.
    const used = run({}, 3);
    expect(used['requests']).toBe(3);
    expect(used['gbSeconds']).toBeCloseTo(0.261 + 0.011 + 0.011, 9);
    expect(used['logGigabytes']).toBeCloseTo(3 / 1024, 12);
    expect(used['ephemeralStorageGbSeconds']).toBe(0);
  });

  it('counts memory in units of 1,024 MB and storage above 512 MB only', () => {
    const used = run({ memorySize: 512, ephemeralStorageMB: 2560, coldStartMs: 0 }, 1);
    expect(used['gbSeconds']).toBeCloseTo(0.5 * 0.011, 9);
    expect(used['ephemeralStorageGbSeconds']).toBeCloseTo(2 * 0.011, 9);
  });

  it('counts provisioned concurrency by the hour and its invocations apart, without init', () => {
    const used = run({ provisionedConcurrentExecutions: 5, memorySize: 2048 }, 2);
    expect(used['provisionedGbSeconds']).toBeCloseTo(5 * 2 * 3600, 6);
    expect(used['provisionedDurationGbSeconds']).toBeCloseTo(2 * 2 * 0.011, 9);
    expect(used['gbSeconds']).toBe(0);
  });
});
