import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { compileLaw, fillDraws, type Law, type LawSpec } from '#engine/kernel/laws.ts';
import { chiSquareDeviate, DEVIATE_LIMIT } from './chi-square.ts';

const N = 100_000;
const stream = new DrawStream(2026, 'laws', 'test');

function samples(law: Law): Float64Array {
  return Float64Array.from({ length: N }, (_, i) => law.sample(stream, i));
}

/** Deviate of the counts between the given quantile values of the law, which part it into equal shares. */
function fit(law: Law, edges: readonly number[]): number {
  const counts = new Float64Array(edges.length + 1);
  for (const x of samples(law)) {
    const cell = edges.filter((edge) => x > edge).length;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return Math.abs(chiSquareDeviate(counts, new Float64Array(counts.length).fill(N / counts.length)));
}

const twentieths = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/** Solves cdf(x) = p by bisection. */
function inverse(cdf: (x: number) => number, p: number): number {
  let low = 0;
  let high = 1;
  while (cdf(high) < p) high *= 2;
  for (let i = 0; i < 100; i += 1) {
    const middle = (low + high) / 2;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

describe('compileLaw', () => {
  const specs: LawSpec[] = [
    { kind: 'deterministic', mean: 3 },
    { kind: 'exponential', mean: 3 },
    { kind: 'lognormal', mean: 3, cv: 0.7 },
    { kind: 'lognormal', mean: 3, cv: 0 },
    { kind: 'gamma', mean: 3, cv: 0.4 },
    { kind: 'gamma', mean: 3, cv: 1.6 },
    { kind: 'gamma', mean: 3, cv: 0 },
    { kind: 'hyperexponential', mean: 3, cv: 2 },
    { kind: 'hyperexponential', mean: 3, cv: 1 },
    { kind: 'uniform', min: 1, max: 5 },
    {
      kind: 'empirical',
      quantiles: [
        { p: 0.1, value: 1 },
        { p: 0.5, value: 2 },
        { p: 0.9, value: 6 },
        { p: 1, value: 9.8 },
      ],
    },
  ];

  it.each(specs.map((spec) => [JSON.stringify(spec), spec] as const))(
    'gives %s its mean and second moment',
    (_, spec) => {
      const law = compileLaw(spec);
      let sum = 0;
      let squares = 0;
      let fourths = 0;
      for (const x of samples(law)) {
        sum += x;
        squares += x * x;
        fourths += x ** 4;
      }
      const variance = law.secondMoment - law.mean * law.mean;
      // 4.5 standard errors: false alarm below 1e-5 for each of the 22 comparisons.
      expect(Math.abs(sum / N - law.mean)).toBeLessThanOrEqual(4.5 * Math.sqrt(Math.max(0, variance) / N) + 1e-12);
      const squareVariance = Math.max(0, fourths / N - (squares / N) ** 2);
      expect(Math.abs(squares / N - law.secondMoment)).toBeLessThanOrEqual(4.5 * Math.sqrt(squareVariance / N) + 1e-9);
      expect(law.mean).toBeCloseTo(spec.kind === 'empirical' ? 0.1 + 0.6 + 1.6 + 0.79 : 3, 10);
    },
  );

  it('fills a row with the draws that it gives one by one', () => {
    for (const kind of ['exponential', 'deterministic'] as const) {
      const law = compileLaw({ kind, mean: 3 });
      const row = new Float64Array(20);
      fillDraws(law, stream, 100, row);
      expect([...row]).toEqual(Array.from(row, (_, k) => law.sample(stream, 100 + k)));
    }
  });

  it('draws exponential values from the exponential distribution', () => {
    const law = compileLaw({ kind: 'exponential', mean: 2 });
    expect(
      fit(
        law,
        twentieths.map((p) => -2 * Math.log(1 - p)),
      ),
    ).toBeLessThan(DEVIATE_LIMIT);
  });

  it('draws gamma values of whole shapes as Erlang sums would be', () => {
    // Shape k = 1 / cv^2; survival = exp(-x) sum x^i / i!.
    for (const shape of [1, 2, 5]) {
      const cdf = (x: number): number => {
        let term = 1;
        let sum = 1;
        for (let i = 1; i < shape; i += 1) {
          term *= x / i;
          sum += term;
        }
        return 1 - Math.exp(-x) * sum;
      };
      const law = compileLaw({ kind: 'gamma', mean: shape, cv: 1 / Math.sqrt(shape) });
      expect(
        fit(
          law,
          twentieths.map((p) => inverse(cdf, p)),
        ),
      ).toBeLessThan(DEVIATE_LIMIT);
    }
  });

  it('draws gamma values of shape one half as squared normals would be', () => {
    // Chi-square with one degree of freedom, mean 1, cv sqrt(2): quartiles of |Z| are 0.3186..., 0.6744..., 1.1503...
    const law = compileLaw({ kind: 'gamma', mean: 1, cv: Math.SQRT2 });
    const edges = [0.31863936396437514, 0.6744897501960817, 1.1503493803760079].map((z) => z * z);
    expect(fit(law, edges)).toBeLessThan(DEVIATE_LIMIT);
  });

  it('draws hyperexponential values from the mixture', () => {
    const share = (1 + Math.sqrt(3 / 5)) / 2;
    const cdf = (x: number): number =>
      1 - share * Math.exp(-2 * share * x) - (1 - share) * Math.exp(-2 * (1 - share) * x);
    const law = compileLaw({ kind: 'hyperexponential', mean: 1, cv: 2 });
    expect(
      fit(
        law,
        twentieths.map((p) => inverse(cdf, p)),
      ),
    ).toBeLessThan(DEVIATE_LIMIT);
  });

  it('rises with the uniform draw, so that variants stay coupled', () => {
    const rising: LawSpec[] = specs.filter((spec) => spec.kind !== 'gamma' && spec.kind !== 'hyperexponential');
    const order = Array.from({ length: 500 }, (_, i) => i).sort((i, j) => stream.uniform(i) - stream.uniform(j));
    for (const spec of rising) {
      const law = compileLaw(spec);
      let before = Number.NEGATIVE_INFINITY;
      for (const index of order) {
        const value = law.sample(stream, index);
        expect(value).toBeGreaterThanOrEqual(before);
        before = value;
      }
    }
  });

  it('interpolates an empirical law between its quantiles and holds its ends', () => {
    const law = compileLaw({
      kind: 'empirical',
      quantiles: [
        { p: 0.25, value: 10 },
        { p: 0.75, value: 20 },
      ],
    });
    for (let i = 0; i < 2000; i += 1) {
      const u = stream.uniform(i);
      const expected = u <= 0.25 ? 10 : u >= 0.75 ? 20 : 10 + 20 * (u - 0.25);
      expect(law.sample(stream, i)).toBeCloseTo(expected, 12);
    }
    expect(compileLaw({ kind: 'empirical', quantiles: [{ p: 0.5, value: 4 }] }).sample(stream, 1)).toBe(4);
  });

  it('fails when a parameter is out of range', () => {
    const wrong: LawSpec[] = [
      { kind: 'deterministic', mean: -1 },
      { kind: 'exponential', mean: Number.NaN },
      { kind: 'lognormal', mean: 1, cv: -0.1 },
      { kind: 'gamma', mean: 0, cv: 1 },
      { kind: 'hyperexponential', mean: 1, cv: 0.9 },
      { kind: 'uniform', min: 2, max: 1 },
      { kind: 'empirical', quantiles: [] },
      {
        kind: 'empirical',
        quantiles: [
          { p: 0, value: 2 },
          { p: 1, value: 1 },
        ],
      },
      {
        kind: 'empirical',
        quantiles: [
          { p: 0.5, value: 1 },
          { p: 0.5, value: 2 },
        ],
      },
      {
        kind: 'empirical',
        quantiles: [
          { p: -0.1, value: 1 },
          { p: 1.1, value: 2 },
        ],
      },
    ];
    for (const spec of wrong) expect(() => compileLaw(spec), JSON.stringify(spec)).toThrow(/invariant/);
  });
});
