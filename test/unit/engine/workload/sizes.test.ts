import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { compileSizeLaw, type SizeLaw } from '#engine/workload/sizes.ts';
import type { RecordSize } from '#schema/workload.ts';

const laws: Record<string, RecordSize> = {
  constant: { kind: 'constant', bytes: 600 },
  uniform: { kind: 'uniform', minBytes: 100, maxBytes: 3000 },
  lognormal: { kind: 'lognormal', meanBytes: 600, cv: 1, maxBytes: 20_000 },
  'narrow lognormal': { kind: 'lognormal', meanBytes: 6000, cv: 0.01, maxBytes: 20_000 },
  'lognormal cut at its mean': { kind: 'lognormal', meanBytes: 6000, cv: 2, maxBytes: 6000 },
  'lognormal of a few bytes': { kind: 'lognormal', meanBytes: 3, cv: 0.8, maxBytes: 50 },
  empirical: {
    kind: 'empirical',
    quantiles: [
      { probabilityRatio: 0, bytes: 90 },
      { probabilityRatio: 0.5, bytes: 400 },
      { probabilityRatio: 0.8, bytes: 400 },
      { probabilityRatio: 0.99, bytes: 5000 },
      { probabilityRatio: 1, bytes: 9001 },
    ],
  },
};

/** Shares at which a law is asked: the middles of equal slices. A rising function's mean is then right to its range / slices. */
const SLICES = 100_000;

function meanOf(law: SizeLaw, value: (bytes: number) => number): number {
  let sum = 0;
  for (let i = 0; i < SLICES; i += 1) sum += value(law.quantile((i + 0.5) / SLICES));
  return sum / SLICES;
}

describe.each(Object.entries(laws))('%s sizes', (_, spec) => {
  const law = compileSizeLaw(spec);

  it('have the mean and second moment of what is drawn', () => {
    const meanError = (law.maxBytes - law.minBytes) / SLICES + 1e-6 * law.meanBytes;
    expect(Math.abs(meanOf(law, (bytes) => bytes) - law.meanBytes)).toBeLessThanOrEqual(meanError);
    const squareError = (law.maxBytes ** 2 - law.minBytes ** 2) / SLICES + 1e-6 * law.secondMoment;
    expect(Math.abs(meanOf(law, (bytes) => bytes * bytes) - law.secondMoment)).toBeLessThanOrEqual(squareError);
    expect(law.variance).toBeCloseTo(law.secondMoment - law.meanBytes ** 2, 3);
  });

  it('have the mean number of billing units of what is drawn', () => {
    for (const unit of [1, 7, 25, 64, 100, 1024, 5 * 1024, 25 * 1024]) {
      const units = meanOf(law, (bytes) => Math.ceil(bytes / unit));
      const error = Math.ceil(law.maxBytes / unit) / SLICES + 1e-6 * units;
      expect(Math.abs(units - law.meanCeil(unit)), `unit ${unit}`).toBeLessThanOrEqual(error);
    }
  });

  it('are whole bytes within the bounds, and the same for the same counter', () => {
    const stream = new DrawStream(7, 'clicks', 'sizes');
    for (let i = 0; i < 2000; i += 1) {
      const bytes = law.sample(stream, 5, i);
      expect(Number.isInteger(bytes)).toBe(true);
      expect(bytes).toBeGreaterThanOrEqual(Math.max(1, law.minBytes));
      expect(bytes).toBeLessThanOrEqual(law.maxBytes);
      expect(law.sample(stream, 5, i)).toBe(bytes);
    }
  });
});

describe('lognormal sizes far from the cut', () => {
  it('have the mean and variation that were asked for', () => {
    const law = compileSizeLaw({ kind: 'lognormal', meanBytes: 600, cv: 0.5, maxBytes: 1024 ** 2 });
    expect(law.meanBytes).toBeCloseTo(600, 3);
    // Rounding to whole bytes adds the variance of a rounding error, 1/12.
    expect(law.variance).toBeCloseTo(300 ** 2 + 1 / 12, 0);
  });

  it('use the integral beyond the first terms without a seam', () => {
    const law = compileSizeLaw({ kind: 'lognormal', meanBytes: 50_000, cv: 0.2, maxBytes: 2_000_000 });
    expect(law.meanBytes).toBeCloseTo(50_000, 2);
    expect(law.variance / 10_000 ** 2).toBeCloseTo(1, 6);
  });
});

describe('uniform sizes', () => {
  it('bill the units of a hand count', () => {
    // Sizes 1 ... 10 in units of 4: four of 1, four of 2, two of 3.
    const law = compileSizeLaw({ kind: 'uniform', minBytes: 1, maxBytes: 10 });
    expect(law.meanCeil(4)).toBe((4 * 1 + 4 * 2 + 2 * 3) / 10);
    expect(law.variance).toBeCloseTo(99 / 12, 12);
  });

  it('a 600-byte record is one unit of 5 KiB', () => {
    expect(compileSizeLaw({ kind: 'constant', bytes: 600 }).meanCeil(5120)).toBe(1);
    expect(compileSizeLaw({ kind: 'constant', bytes: 5121 }).meanCeil(5120)).toBe(2);
  });
});
