import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freeUnitsOf, pooledLines, priceOf, roundUpUnits } from '#catalog/pricing/arithmetic.ts';
import { rateTable } from '#catalog/pricing/rates.ts';

const tables = [rateTable('us-east-1'), rateTable('us-east-1', { freeTier: true })];
const table = fc.constantFrom(...tables);
const id = fc.constantFrom(...rateTable('us-east-1').ids());
const tieredIds = rateTable('us-east-1')
  .ids()
  .filter((name) => rateTable('us-east-1').get(name).length > 1);
const tieredId = fc.constantFrom(...tieredIds);
const quantity = fc.oneof(
  fc.double({ min: 0, max: 1e12, noNaN: true }),
  fc.integer({ min: 0, max: 1e9 }),
  fc.constantFrom(0, 51_200, 512_000, 1_000_000, 6_000_000_000, 15_000_000_000, 100_000_000_000),
);

describe('the price of any usage', () => {
  it('never falls when more is used', () => {
    fc.assert(
      fc.property(table, fc.oneof(id, tieredId), quantity, quantity, (rates, rateId, a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(priceOf(rates, rateId, more).usd).toBeGreaterThanOrEqual(priceOf(rates, rateId, less).usd);
      }),
    );
  });

  it('is finite, never negative, and nothing for nothing', () => {
    fc.assert(
      fc.property(table, id, quantity, (rates, rateId, used) => {
        const { usd } = priceOf(rates, rateId, used);
        expect(Number.isFinite(usd)).toBe(true);
        expect(usd).toBeGreaterThanOrEqual(0);
        expect(priceOf(rates, rateId, 0).usd).toBe(0);
      }),
    );
  });

  it('is additive while both parts stay within one tier', () => {
    fc.assert(
      fc.property(id, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (rateId, pick, share) => {
        const tiers = tables[0]!.get(rateId);
        const tier = tiers[pick % tiers.length]!;
        const start = tier === tiers[0] ? 0 : tier.tierFrom;
        const width = (tier.tierTo ?? start + 1e6) - start;
        const costTo = (used: number): number => priceOf(tables[0]!, rateId, used).usd;
        const whole = costTo(start + width) - costTo(start);
        const below = costTo(start + width * share) - costTo(start);
        const above = costTo(start + width) - costTo(start + width * share);
        expect(Math.abs(below + above - whole)).toBeLessThanOrEqual(1e-9 * Math.max(1, costTo(start + width)));
        expect(below).toBeCloseTo(width * share * tier.usdPerUnit, 3);
      }),
    );
  });

  it('accounts for every unit that is not free in exactly one tier', () => {
    fc.assert(
      fc.property(table, tieredId, quantity, (rates, rateId, used) => {
        const parts = priceOf(rates, rateId, used).tiersApplied ?? [];
        const paid = parts.reduce((sum, part) => sum + part.quantity, 0);
        const expected = Math.max(0, used - freeUnitsOf(rates, rateId));
        expect(Math.abs(paid - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, used));
      }),
    );
  });

  it('costs an account the price of the sum, however its usage is divided among nodes', () => {
    fc.assert(
      fc.property(table, tieredId, fc.array(quantity, { minLength: 1, maxLength: 6 }), (rates, rateId, parts) => {
        const lines = pooledLines(
          rates,
          parts.map((part) => priceOf(rates, rateId, part)),
        );
        const sum = lines.reduce((usd, line) => usd + line.usd, 0);
        const whole = priceOf(
          rates,
          rateId,
          parts.reduce((total, part) => total + part, 0),
        ).usd;
        expect(Math.abs(sum - whole)).toBeLessThanOrEqual(1e-9 * Math.max(1, whole));
        for (const line of lines) expect(Number.isNaN(line.usd)).toBe(false);
      }),
    );
  });
});

describe('rounding up to billing units', () => {
  it('covers the quantity with less than one unit to spare', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.integer({ min: 1, max: 1_048_576 }), (used, unit) => {
        const units = roundUpUnits(used, unit);
        expect(Number.isInteger(units)).toBe(true);
        expect(units * unit).toBeGreaterThanOrEqual(used);
        expect((units - 1) * unit).toBeLessThan(used === 0 ? 1 : used);
      }),
    );
  });
});
