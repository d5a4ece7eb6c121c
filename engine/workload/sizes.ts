/** Record sizes: whole bytes, at least one, with the exact moments and the exact mean number of billing units. */
import type { DrawStream } from '#engine/kernel/draws.ts';
import type { RecordSize } from '#schema/workload.ts';
import { lognormalSizes } from './lognormal-size.ts';

/** Distribution of the size of a record. Immutable; sizes are whole bytes from `minBytes` to `maxBytes`. */
export interface SizeLaw {
  /** E[size], bytes. */
  readonly meanBytes: number;
  /** E[size^2], bytes squared. */
  readonly secondMoment: number;
  /** Var[size], bytes squared. */
  readonly variance: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** Smallest size that a share `p` of the records does not exceed, 0 < p < 1; bytes. */
  quantile(p: number): number;
  /** Size of the record with counter (i, j), usually (cell, index within the cell); bytes. */
  sample(stream: DrawStream, i: number, j: number): number;
  /** E[ceil(size / unitBytes)]: billing units of a record, `unitBytes` > 0, whole. */
  meanCeil(unitBytes: number): number;
}

/** Compiles a size law. Moments are those of the whole-byte sizes that `sample` returns. */
export function compileSizeLaw(spec: RecordSize): SizeLaw {
  switch (spec.kind) {
    case 'constant':
      return uniformSizes(spec.bytes, spec.bytes);
    case 'uniform':
      return uniformSizes(spec.minBytes, spec.maxBytes);
    case 'lognormal':
      return lognormalSizes(spec.meanBytes, spec.cv, spec.maxBytes);
    case 'empirical':
      return empiricalSizes(spec.quantiles);
  }
}

/** Sum over x = 1 ... n of ceil(x / unit). */
function unitsUpTo(n: number, unit: number): number {
  const whole = Math.floor(n / unit);
  return (unit * whole * (whole + 1)) / 2 + (n - whole * unit) * (whole + 1);
}

/** Every whole size from `min` to `max` equally likely. */
function uniformSizes(min: number, max: number): SizeLaw {
  const sizes = max - min + 1;
  const mean = (min + max) / 2;
  const variance = (sizes * sizes - 1) / 12;
  const quantile = (p: number): number => Math.min(max, min + Math.floor(p * sizes));
  return {
    meanBytes: mean,
    secondMoment: variance + mean * mean,
    variance,
    minBytes: min,
    maxBytes: max,
    quantile,
    sample: min === max ? () => min : (stream, i, j) => quantile(stream.uniformPair(i, j)),
    meanCeil: (unit) => (unitsUpTo(max, unit) - unitsUpTo(min - 1, unit)) / sizes,
  };
}

interface QuantilePoint {
  readonly probabilityRatio: number;
  readonly bytes: number;
}

/**
 * Straight lines between measured quantiles, rounded to whole bytes. Between two points a whole size inside has its full
 * share and the two ends half of theirs, so every moment is a trapezoid sum with a closed form.
 */
function empiricalSizes(points: readonly QuantilePoint[]): SizeLaw {
  const shares = Float64Array.from(points, (point) => point.probabilityRatio);
  const sizes = Float64Array.from(points, (point) => point.bytes);
  const last = sizes.length - 1;
  const average = (over: (from: number, to: number) => number): number => {
    let sum = 0;
    for (let i = 0; i < last; i += 1) sum += (shares[i + 1] - shares[i]) * over(sizes[i], sizes[i + 1]);
    return sum;
  };
  const meanBytes = average((from, to) => (from + to) / 2);
  const secondMoment = average((from, to) => (from * from + from * to + to * to) / 3 + (from === to ? 0 : 1 / 6));
  const quantile = (p: number): number => {
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (shares[middle] <= p) low = middle;
      else high = middle;
    }
    const along = (p - shares[low]) / (shares[high] - shares[low]);
    return Math.round(sizes[low] + along * (sizes[high] - sizes[low]));
  };
  return {
    meanBytes,
    secondMoment,
    variance: Math.max(0, secondMoment - meanBytes * meanBytes),
    minBytes: sizes[0],
    maxBytes: sizes[last],
    quantile,
    sample: (stream, i, j) => quantile(stream.uniformPair(i, j)),
    meanCeil: (unit) => average((from, to) => meanUnitsBetween(from, to, unit)),
  };
}

/** E[ceil(size / unit)] of a size spread evenly from `from` to `to` and rounded. */
function meanUnitsBetween(from: number, to: number, unit: number): number {
  const first = Math.ceil(from / unit);
  if (from === to) return first;
  const inside = unitsUpTo(to, unit) - unitsUpTo(from, unit);
  return (inside + (first - Math.ceil(to / unit)) / 2) / (to - from);
}
