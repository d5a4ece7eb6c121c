import { describe, expect, it } from 'vitest';
import { build } from '#catalog/components/ecs-service/behavior/behavior.ts';
import { type Config, config } from '#catalog/components/ecs-service/config.ts';
import { price } from '#catalog/components/ecs-service/price.ts';
import { priceOf } from '#catalog/pricing/arithmetic.ts';
import { rateTable } from '#catalog/pricing/rates.ts';
import type { RatesView } from '#schema/component.ts';
import { type BuiltNode, World } from '#test/harness/behavior.ts';

const table = rateTable('us-east-1');
const rates: RatesView = { price: (dimension, rateId, quantity) => priceOf(table, rateId, quantity, dimension) };
const used = (node: BuiltNode, id: string): number => node.usage.get(id)?.total ?? 0;

function bill(quantities: Record<string, number>, given: Partial<Config> = {}): Record<string, number> {
  const lines = price({ quantities, horizonHours: 730 }, config.parse(given), rates);
  return Object.fromEntries(lines.map(({ dimension, usd }) => [dimension, usd]));
}

describe('ecs-service: price', () => {
  it('bills a month worked out by hand', () => {
    // Four tasks of 1 vCPU and 2 GB for 730 h, 10 GB of storage above 20 each, 3 million lease writes.
    const quantities = { vcpuHours: 2920, memoryGbHours: 5840, ephemeralGbHours: 29_200, leaseTableWrites: 3e6 };
    expect(bill(quantities)).toEqual({
      vcpu: expect.closeTo(2920 * 0.04048, 9),
      memory: expect.closeTo(5840 * 0.004445, 9),
      ephemeralStorage: expect.closeTo(29_200 * 0.000111, 9),
      leaseTable: expect.closeTo(3e6 * 0.000000625, 9),
    });
    expect(bill({ vcpuHours: 1, memoryGbHours: 1 }, { cpuArchitecture: 'ARM64' })).toEqual({
      vcpu: expect.closeTo(0.03238, 9),
      memory: expect.closeTo(0.00356, 9),
    });
    expect(bill({})).toEqual({});
  });

  it('counts the time of all tasks after time zero', () => {
    const w = new World({ horizonSeconds: 900, preRollSeconds: 300 });
    const given = { cpu: '512' as const, memoryMiB: 3072, ephemeralStorageGiB: 24, desiredCount: 4 };
    const node = w.add('service', build, config.parse(given));
    w.finish();
    // Four tasks for a quarter of an hour.
    expect(used(node, 'vcpuHours')).toBeCloseTo(0.5, 12);
    expect(used(node, 'memoryGbHours')).toBeCloseTo(3, 12);
    expect(used(node, 'ephemeralGbHours')).toBeCloseTo(4, 12);
  });

  it('bills a task from its launch, per second, and for a minute at least', () => {
    const w = new World({ horizonSeconds: 3600 });
    const node = w.add(
      'service',
      build,
      config.parse({ desiredCount: 1, startUpMinSeconds: 30, startUpMaxSeconds: 30 }),
    );
    w.at(10.5, () => w.setFaults(node, { outage: true }));
    w.at(20, () => w.setFaults(node, { outage: false }));
    w.at(120.2, () => w.setFaults(node, { outage: true }));
    w.finish();
    // The first ran 10.5 s: a minute. The second, launched at 20 s, ran 100.2 s: 101 s.
    expect(used(node, 'vcpuHours')).toBeCloseTo((60 + 101) / 3600, 12);
  });
});
