import { describe, expect, it } from 'vitest';
import type { OutputBinding } from '#engine/behavior.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { chooseOutput, derivedEntity, outputCount } from '#engine/stations/emission.ts';
import { emitSchema } from '#schema/emit.ts';

const draw = new DrawStream(1, 'node', 'test');

function weighted(...weights: (number | undefined)[]): OutputBinding[] {
  return weights.map((weight, i) => ({
    id: `out-${i}`,
    emit: emitSchema.parse(weight === undefined ? {} : { weight }),
    outlets: [],
  }));
}

describe('outputCount', () => {
  it('is the selectivity itself when that is whole', () => {
    for (const n of [0, 1, 2, 1000]) expect(outputCount(n, draw, 17)).toBe(n);
  });

  it('has the selectivity as its mean and differs from it by less than one', () => {
    for (const selectivity of [0.01, 0.5, 1.25, 3.9]) {
      const n = 40_000;
      let sum = 0;
      for (let i = 0; i < n; i += 1) {
        const count = outputCount(selectivity, draw, i);
        expect(Math.abs(count - selectivity)).toBeLessThan(1);
        sum += count;
      }
      // Bernoulli rest: five standard deviations, false alarm rate 6e-7.
      const rest = selectivity % 1;
      expect(Math.abs(sum / n - selectivity)).toBeLessThan(5 * Math.sqrt((rest * (1 - rest)) / n));
    }
  });

  it('is the same for the same record', () => {
    for (let i = 0; i < 100; i += 1) expect(outputCount(0.5, draw, i)).toBe(outputCount(0.5, draw, i));
  });
});

describe('chooseOutput', () => {
  it('chooses none where no output has a weight', () => {
    expect(chooseOutput(weighted(undefined, undefined), 0, draw, 1)).toBe(-1);
    expect(chooseOutput([], 0, draw, 1)).toBe(-1);
  });

  it('shares records out by weight and passes over outputs without one', () => {
    const outputs = weighted(1, undefined, 3);
    const n = 40_000;
    const counts = [0, 0, 0];
    for (let i = 0; i < n; i += 1) counts[chooseOutput(outputs, 4, draw, i)]! += 1;
    expect(counts[1]).toBe(0);
    // Binomial with p = 1/4: five standard deviations, false alarm rate 6e-7.
    expect(Math.abs(counts[0]! - n / 4)).toBeLessThan(5 * Math.sqrt(n * 0.25 * 0.75));
    expect(counts[0]! + counts[2]!).toBe(n);
  });

  it('falls back to the last weighted output when rounding leaves a rest', () => {
    expect(chooseOutput(weighted(0.1, 0.2, undefined), 1e9, draw, 5)).toBe(1);
  });
});

describe('derivedEntity', () => {
  it('lies beyond every original and within the whole numbers a draw takes', () => {
    for (const entity of [0, 1, 2 ** 21, 2 ** 49, 2 ** 50 - 1, 2 ** 52]) {
      for (const j of [0, 1, 999]) {
        const derived = derivedEntity(entity, j);
        expect(Number.isSafeInteger(derived)).toBe(true);
        expect(derived).toBeGreaterThanOrEqual(2 ** 50);
      }
    }
  });

  it('is another for every record and every place', () => {
    const seen = new Set<number>();
    for (let entity = 0; entity < 300; entity += 1) {
      for (let j = 0; j < 300; j += 1) seen.add(derivedEntity(2 ** 49 + entity * 2 ** 21, j));
    }
    expect(seen.size).toBe(90_000);
  });

  it('keeps records apart over many generations, also those that share the low bits', () => {
    const cells = Array.from({ length: 2000 }, (_, cell) => (2 ** 28 + cell) * 2 ** 21);
    let generation = cells;
    for (let g = 0; g < 12; g += 1) {
      generation = generation.map((entity) => derivedEntity(entity, 0));
      expect(new Set(generation).size, `generation ${g}`).toBe(cells.length);
    }
    const shares = generation.filter((entity) => draw.uniform(entity) < 0.5).length / cells.length;
    expect(Math.abs(shares - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / cells.length));
  });
});
