import { describe, expect, it } from 'vitest';
import { changesBetween, priceDifferenceText, type RunSummary } from '#renderer/runs/run-summary.ts';

const before: RunSummary = {
  seed: 7,
  horizonSeconds: 3600,
  fidelity: 'auto',
  created: 1000,
  delivered: 900,
  lossRatio: 0.1,
  p99Seconds: 12,
  refused: 500,
  usdPerMonth: 100,
  objectivesMet: 1,
  objectives: 3,
};

const verdicts = (after: Partial<RunSummary>): Record<string, boolean | undefined> =>
  Object.fromEntries(changesBetween(before, { ...before, ...after }).map(({ name, isBetter }) => [name, isBetter]));

describe('what a change has done', () => {
  it('is better with less loss, latency and cost, and with more delivered', () => {
    expect(verdicts({ lossRatio: 0, p99Seconds: 2, delivered: 1000, usdPerMonth: 131, objectivesMet: 3 })).toEqual({
      'Slowest p99': true,
      Lost: true,
      Delivered: true,
      'Refused at limits': undefined,
      'Cost a month': false,
      'Objectives met': true,
    });
  });

  it('is no change where the numbers read the same, or one was not measured', () => {
    expect(Object.values(verdicts({ p99Seconds: 12.0001 })).every((verdict) => verdict === undefined)).toBe(true);
    expect(verdicts({ p99Seconds: undefined })['Slowest p99']).toBeUndefined();
  });

  it('says the difference in price with its sign', () => {
    expect([31, -4.5, 0, 0.001].map(priceDifferenceText)).toEqual([
      '+$31.00 / month',
      '-$4.50 / month',
      'same price',
      'same price',
    ]);
  });
});
