import { describe, expect, it } from 'vitest';
import { billOf, loadFactorsOf } from '#analysis/bill.ts';
import { validateDocument } from '#analysis/validate.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { catalog, design, rates } from './fixture-catalog.ts';

function documentOf(changes: Readonly<Record<string, unknown>> = {}): CaudalDocument {
  const validated = validateDocument(design(changes), catalog);
  if ('faults' in validated) throw new Error(JSON.stringify(validated.faults));
  return validated.document;
}

const visits = (arrivals: object) => [
  {
    id: 'visits',
    node: 'app',
    arrivals,
    recordSize: { kind: 'constant', bytes: 100 },
    partitionKey: { kind: 'single' },
  },
];

describe('billOf', () => {
  it('stretches hours by time and load by records, and puts tiers on the month', () => {
    // One hour at a constant load: every quantity grows 730-fold.
    const usage = { clicks: { shardHours: 2, units: 4, storedGbMonths: 0.001 } };
    const bill = billOf({ document: documentOf(), catalog, rates, usage, horizonSeconds: 3600 });
    const line = (dimension: string) => bill.lines.find((one) => one.dimension === dimension);
    // 2 x 730 x 0.015
    expect(line('shardHours')?.usdPerMonth).toBeCloseTo(21.9, 10);
    expect(line('shardHours')?.usdRun).toBeCloseTo(0.03, 12);
    // 4 x 730 = 2,920 units: 1,000 at 0.01 and 1,920 at 0.005 = 19.60
    expect(line('units')?.usdPerMonth).toBeCloseTo(19.6, 10);
    // The run pays the month's mean price: 4 x 19.60 / 2,920
    expect(line('units')?.usdRun).toBeCloseTo((4 * 19.6) / 2920, 12);
    expect(line('units')?.quantity).toBe(4);
    // 0.001 x 730 x 0.1
    expect(line('stored')).toMatchObject({
      node: 'clicks',
      rateId: 'test/stored',
      rateDate: '2026-11-01',
      confidence: 'D',
    });
    expect(line('stored')?.usdPerMonth).toBeCloseTo(0.073, 12);
    expect(bill.perMonth).toBeCloseTo(21.9 + 19.6 + 0.073, 10);
    expect(bill.run).toBeCloseTo(0.03 + (4 * 19.6) / 2920 + 0.0001, 12);
  });

  it('does not make a busy month of a busy hour', () => {
    // 1 h at 100/s, then 10/s for ever: the month has 360,000 + 729 x 36,000 = 26,604,000 records, the run 360,000.
    const steps = [
      { atSeconds: 0, recordsPerSecond: 100 },
      { atSeconds: 3600, recordsPerSecond: 10 },
    ];
    const document = documentOf({ workloads: visits({ kind: 'steps', steps }) });
    expect(loadFactorsOf(document, 3600).get('shop')).toBeCloseTo(26_604_000 / 360_000, 9);
    const bill = billOf({
      document,
      catalog,
      rates,
      usage: { clicks: { units: 2, shardHours: 1 } },
      horizonSeconds: 3600,
    });
    const units = bill.lines.find((line) => line.dimension === 'units');
    // 2 x 73.9 = 147.8 units at 0.01, while hours grow 730-fold.
    expect(units?.usdPerMonth).toBeCloseTo(1.478, 10);
    expect(bill.lines.find((line) => line.dimension === 'shardHours')?.usdPerMonth).toBeCloseTo(10.95, 10);
  });

  it('climbs the tiers of a rate once for all nodes together', () => {
    const document = documentOf();
    const second = { ...document, nodes: [...document.nodes, { ...document.nodes[1], id: 'more' }] } as CaudalDocument;
    const usage = { clicks: { units: 1 }, more: { units: 3 } };
    const bill = billOf({ document: second, catalog, rates, usage, horizonSeconds: 3600 });
    // 4 x 730 = 2,920 units cost 19.60 as above; the nodes share it by quantity.
    const perMonth = bill.lines.map(({ node, usdPerMonth }) => [node, Math.round(usdPerMonth * 1e6) / 1e6]);
    expect(perMonth).toEqual([
      ['clicks', 4.9],
      ['more', 14.7],
    ]);
  });

  it('takes the month from the run without faults', () => {
    const input = { document: documentOf(), catalog, rates, horizonSeconds: 3600 };
    const calm = { clicks: { units: 1 } };
    const bill = billOf({ ...input, usage: { clicks: { units: 3 } }, usageWithoutFaults: calm });
    expect(bill.lines).toHaveLength(1);
    expect(bill.lines[0]?.quantity).toBe(3);
    expect(bill.perMonth).toBeCloseTo(7.3, 10);
    expect(bill.run).toBeCloseTo(0.03, 12);
  });

  it('has no line for what was not used', () => {
    const bill = billOf({ document: documentOf(), catalog, rates, usage: {}, horizonSeconds: 3600 });
    expect(bill).toEqual({ currency: 'USD', run: 0, perMonth: 0, lines: [] });
  });
});
