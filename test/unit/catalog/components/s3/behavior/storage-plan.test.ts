import { describe, expect, it } from 'vitest';
import { objectMonths, storagePlan } from '#catalog/components/s3/behavior/storage-plan.ts';
import { type Config, config as schema } from '#catalog/components/s3/config.ts';

const month = 730 / 24;

function monthsOf(settings: Partial<Config>, isLarge = true): Record<string, number> {
  const { portions } = storagePlan(schema.parse(settings), isLarge);
  const sums: Record<string, number> = {};
  for (const { usage, months, countsSize } of portions) if (countsSize) sums[usage] = (sums[usage] ?? 0) + months;
  return sums;
}

function countsOf(settings: Partial<Config>, isLarge = true): Record<string, number> {
  return Object.fromEntries(
    storagePlan(schema.parse(settings), isLarge).counts.map(({ usage, perObject }) => [usage, perObject]),
  );
}

describe('object-months of a month', () => {
  it('are a half in the first month: on average an object written in it is there for half of it', () => {
    expect(objectMonths(0, Number.POSITIVE_INFINITY, 1)).toBeCloseTo(0.5, 12);
  });

  it('grow by one a month while nothing expires', () => {
    expect(objectMonths(0, Number.POSITIVE_INFINITY, 12)).toBeCloseTo(11.5, 12);
  });

  it('are the life of an object in the steady state', () => {
    expect(objectMonths(0, 3, 7)).toBeCloseTo(3, 12);
    expect(objectMonths(1, 3, 7)).toBeCloseTo(2, 12);
  });

  it('rise to the steady state along the parabola', () => {
    // Age limit 0.5: in month 1 the stock grows to a half in half a month, then stays: 0.125 + 0.25.
    expect(objectMonths(0, 0.5, 1)).toBeCloseTo(0.375, 12);
  });
});

describe('the storage plan of objects', () => {
  it('keeps them in Standard for ever without rules', () => {
    expect(monthsOf({ billedMonth: 3 })).toEqual({ standardGibibyteMonths: 2.5 });
  });

  it('deletes them at the midnight after their days: half a day later on average', () => {
    expect(monthsOf({ expirationDays: 30, billedMonth: 12 })['standardGibibyteMonths']).toBeCloseTo(30.5 / month, 9);
  });

  it('moves them to the next class and books one transition for each', () => {
    const settings = { transitionDays: 30, expirationDays: 90, billedMonth: 12 } as const;
    const months = monthsOf(settings);
    expect(months['standardGibibyteMonths']).toBeCloseTo(30.5 / month, 9);
    expect(months['standardIaGibibyteMonths']).toBeCloseTo(60 / month, 9);
    expect(countsOf(settings)).toEqual({ infrequentTransitions: 1 });
  });

  it('books no transition before the first object is old enough', () => {
    expect(countsOf({ transitionDays: 62, billedMonth: 1 })).toEqual({});
    expect(countsOf({ transitionDays: 62, billedMonth: 2 })).toEqual({});
    expect(countsOf({ transitionDays: 62, billedMonth: 3 })['infrequentTransitions']).toBeCloseTo(3 - 62.5 / month, 9);
    expect(countsOf({ transitionDays: 62, billedMonth: 4 })['infrequentTransitions']).toBe(1);
  });

  it('bills the minimum duration of a class that is left early', () => {
    // 10 days in Deep Archive are billed as 180.
    const months = monthsOf({
      archiveDays: 5,
      archiveStorageClass: 'DEEP_ARCHIVE',
      expirationDays: 15,
      billedMonth: 24,
    });
    expect(months['deepArchiveGibibyteMonths']).toBeCloseTo(180 / month, 9);
    expect(months['standardGibibyteMonths']).toBeCloseTo(5.5 / month, 9);
  });

  it('leaves objects below 128 KiB in their first class', () => {
    const settings = { transitionDays: 30, expirationDays: 90, billedMonth: 12 } as const;
    expect(monthsOf(settings, false)).toEqual({ standardGibibyteMonths: expect.closeTo(90.5 / month, 9) });
    expect(countsOf(settings, false)).toEqual({});
  });

  it('lets Intelligent-Tiering move what nobody reads, and monitors it', () => {
    const settings = { storageClass: 'INTELLIGENT_TIERING', expirationDays: 364, billedMonth: 24 } as const;
    const months = monthsOf(settings);
    expect(months['intelligentFrequentGibibyteMonths']).toBeCloseTo(30 / month, 9);
    expect(months['intelligentInfrequentGibibyteMonths']).toBeCloseTo(60 / month, 9);
    expect(months['intelligentArchiveGibibyteMonths']).toBeCloseTo(274.5 / month, 9);
    expect(countsOf(settings)['monitoredObjectMonths']).toBeCloseTo(364.5 / month, 9);
  });

  it('neither moves nor monitors small objects in Intelligent-Tiering', () => {
    const settings = { storageClass: 'INTELLIGENT_TIERING', expirationDays: 364, billedMonth: 24 } as const;
    expect(monthsOf(settings, false)).toEqual({ intelligentFrequentGibibyteMonths: expect.closeTo(364.5 / month, 9) });
    expect(countsOf(settings, false)).toEqual({});
  });

  it('adds 32 KiB to an archived object and 8 KiB in Standard', () => {
    const { portions } = storagePlan(schema.parse({ storageClass: 'GLACIER' }), true);
    expect(portions).toEqual([
      { usage: 'glacierFlexibleGibibyteMonths', months: 0.5, countsSize: true, leastBytes: 0, extraBytes: 32_768 },
      { usage: 'standardGibibyteMonths', months: 0.5, countsSize: false, leastBytes: 0, extraBytes: 8192 },
    ]);
  });
});
