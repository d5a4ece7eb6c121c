import type { DrawStream } from './draws.ts';
import { invariant } from './invariant.ts';
import { logOnePlus } from './log-gamma.ts';
import { normalQuantile } from './normal.ts';

/**
 * A distribution of times, sizes or factors, in whatever unit the caller uses. `cv` is the coefficient of variation
 * (standard deviation over mean), a ratio >= 0; cv 0 is the constant `mean`.
 */
export type LawSpec =
  | { readonly kind: 'deterministic'; readonly mean: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'lognormal'; readonly mean: number; readonly cv: number }
  | { readonly kind: 'gamma'; readonly mean: number; readonly cv: number }
  /** Two exponential branches with balanced means (each carries half the mean); cv >= 1. */
  | { readonly kind: 'hyperexponential'; readonly mean: number; readonly cv: number }
  /** Uniform between min and max, min <= max. */
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  /**
   * Piecewise linear through the quantiles given: `p` 0..1 strictly rising, `value` never falling, at least one. Below the first
   * and above the last p the value stays that of the end: give p = 0 and p = 1 for tails that reach further.
   */
  | { readonly kind: 'empirical'; readonly quantiles: readonly { readonly p: number; readonly value: number }[] };

/** Laws given by their mean and, where they have one, their coefficient of variation. */
export type ShapedKind = 'deterministic' | 'exponential' | 'lognormal' | 'gamma' | 'hyperexponential';

/** The law of a shape; `cv` is used by lognormal, gamma and hyperexponential (which needs cv >= 1). */
export function shapedLaw(kind: ShapedKind, mean: number, cv: number): LawSpec {
  return kind === 'deterministic' || kind === 'exponential' ? { kind, mean } : { kind, mean, cv };
}

/** A distribution ready to be drawn from. Draw `index` of a stream is the same value whenever it is drawn. */
export interface Law {
  readonly mean: number;
  /** E[X^2], in the square of the caller's unit. */
  readonly secondMoment: number;
  /**
   * Draw number `index` (whole, 0..2^53 - 1). All laws but gamma and hyperexponential rise with one uniform draw, so that
   * variants that differ in a parameter stay coupled.
   */
  sample(stream: DrawStream, index: number): number;
  /** Writes draws number `first`, `first + 1` ... into all of `out`. Left out where that is no quicker than one by one. */
  fill?(stream: DrawStream, first: number, out: Float64Array): void;
}

/** Draws number `first`, `first + 1` ... of a law into all of `out`. */
export function fillDraws(law: Law, stream: DrawStream, first: number, out: Float64Array): void {
  if (law.fill === undefined) for (let i = 0; i < out.length; i += 1) out[i] = law.sample(stream, first + i);
  else law.fill(stream, first, out);
}

/** Checks the parameters (invariant errors: user input is validated by schemas before) and precomputes what draws need. */
export function compileLaw(spec: LawSpec): Law {
  switch (spec.kind) {
    case 'deterministic':
      return new DeterministicLaw(nonNegative('mean', spec.mean));
    case 'exponential':
      return new ExponentialLaw(nonNegative('mean', spec.mean));
    case 'lognormal':
      return spec.cv === 0
        ? new DeterministicLaw(nonNegative('mean', spec.mean))
        : new LognormalLaw(spec.mean, spec.cv);
    case 'gamma':
      return spec.cv === 0 ? new DeterministicLaw(nonNegative('mean', spec.mean)) : new GammaLaw(spec.mean, spec.cv);
    case 'hyperexponential':
      return new HyperexponentialLaw(spec.mean, spec.cv);
    case 'uniform':
      return new UniformLaw(spec.min, spec.max);
    case 'empirical':
      return new EmpiricalLaw(spec.quantiles);
  }
}

class DeterministicLaw implements Law {
  readonly mean: number;
  readonly secondMoment: number;

  constructor(value: number) {
    this.mean = value;
    this.secondMoment = value * value;
  }

  sample(_stream: DrawStream, _index: number): number {
    return this.mean;
  }
}

class ExponentialLaw implements Law {
  readonly mean: number;
  readonly secondMoment: number;

  constructor(mean: number) {
    this.mean = mean;
    this.secondMoment = 2 * mean * mean;
  }

  sample(stream: DrawStream, index: number): number {
    return -this.mean * Math.log(1 - stream.uniform(index));
  }

  fill(stream: DrawStream, first: number, out: Float64Array): void {
    const { mean } = this;
    stream.fill(first, out.length, out);
    for (let i = 0; i < out.length; i += 1) out[i] = -mean * Math.log(1 - out[i]);
  }
}

class LognormalLaw implements Law {
  readonly mean: number;
  readonly secondMoment: number;
  private readonly logMedian: number;
  private readonly sigma: number;

  constructor(mean: number, cv: number) {
    this.mean = positive('mean', mean);
    this.secondMoment = mean * mean * (1 + positive('cv', cv) * cv);
    const variance = logOnePlus(cv * cv);
    this.sigma = Math.sqrt(variance);
    this.logMedian = Math.log(mean) - variance / 2;
  }

  sample(stream: DrawStream, index: number): number {
    return Math.exp(this.logMedian + this.sigma * normalQuantile(stream.uniform(index)));
  }
}

/**
 * Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000) 363-372,
 * https://doi.org/10.1145/358407.358414. Shapes below 1 are drawn with shape + 1 and scaled by U^(1/shape). Attempt t uses the
 * pairs (index, 2t + 1) and (index, 2t + 2), the scaling (index, 0); over 95 % are taken at the first attempt.
 */
class GammaLaw implements Law {
  readonly mean: number;
  readonly secondMoment: number;
  private readonly shape: number;
  private readonly scale: number;
  private readonly d: number;
  private readonly c: number;

  constructor(mean: number, cv: number) {
    this.mean = positive('mean', mean);
    this.secondMoment = mean * mean * (1 + positive('cv', cv) * cv);
    this.shape = 1 / (cv * cv);
    this.scale = mean * cv * cv;
    this.d = (this.shape < 1 ? this.shape + 1 : this.shape) - 1 / 3;
    this.c = 1 / Math.sqrt(9 * this.d);
  }

  sample(stream: DrawStream, index: number): number {
    const { d, c, scale, shape } = this;
    const factor = shape < 1 ? scale * Math.exp(Math.log(stream.uniformPair(index, 0)) / shape) : scale;
    for (let draw = 1; ; draw += 2) {
      const z = normalQuantile(stream.uniformPair(index, draw));
      const root = 1 + c * z;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = stream.uniformPair(index, draw + 1);
      const squared = z * z;
      if (u < 1 - 0.0331 * squared * squared || Math.log(u) < 0.5 * squared + d * (1 - v + Math.log(v))) {
        return d * v * factor;
      }
    }
  }
}

/** One uniform draw picks the branch and, stretched to (0, 1) again, the exponential within it. */
class HyperexponentialLaw implements Law {
  readonly mean: number;
  readonly secondMoment: number;
  private readonly share: number;
  private readonly shortMean: number;
  private readonly longMean: number;

  constructor(mean: number, cv: number) {
    invariant(cv >= 1 && Number.isFinite(cv), `a hyperexponential law has cv >= 1, got ${cv}`);
    this.mean = positive('mean', mean);
    this.secondMoment = mean * mean * (1 + cv * cv);
    this.share = (1 + Math.sqrt((cv * cv - 1) / (cv * cv + 1))) / 2;
    this.shortMean = mean / (2 * this.share);
    this.longMean = mean / (2 * (1 - this.share));
  }

  sample(stream: DrawStream, index: number): number {
    const u = stream.uniform(index);
    return u < this.share
      ? -this.shortMean * Math.log(1 - u / this.share)
      : -this.longMean * Math.log((1 - u) / (1 - this.share));
  }
}

class UniformLaw implements Law {
  readonly mean: number;
  readonly secondMoment: number;
  private readonly min: number;
  private readonly span: number;

  constructor(min: number, max: number) {
    invariant(
      Number.isFinite(min) && Number.isFinite(max) && min <= max,
      `a uniform law needs min <= max, got ${min}, ${max}`,
    );
    this.min = min;
    this.span = max - min;
    this.mean = (min + max) / 2;
    this.secondMoment = (min * min + min * max + max * max) / 3;
  }

  sample(stream: DrawStream, index: number): number {
    return this.min + this.span * stream.uniform(index);
  }
}

class EmpiricalLaw implements Law {
  readonly mean: number;
  readonly secondMoment: number;
  private readonly probabilities: Float64Array;
  private readonly values: Float64Array;

  constructor(quantiles: readonly { readonly p: number; readonly value: number }[]) {
    invariant(quantiles.length > 0, 'an empirical law needs at least one quantile');
    this.probabilities = Float64Array.from(quantiles, (quantile) => quantile.p);
    this.values = Float64Array.from(quantiles, (quantile) => quantile.value);
    const { probabilities: p, values: v } = this;
    const last = p.length - 1;
    invariant(p[0] >= 0 && p[last] <= 1, 'quantiles lie in 0..1');
    let mean = p[0] * v[0] + (1 - p[last]) * v[last];
    let second = p[0] * v[0] * v[0] + (1 - p[last]) * v[last] * v[last];
    for (let i = 0; i <= last; i += 1) {
      invariant(Number.isFinite(v[i]), `values of an empirical law are finite, got ${v[i]}`);
      if (i === 0) continue;
      invariant(p[i] > p[i - 1] && v[i] >= v[i - 1], `quantile ${i} of an empirical law does not rise`);
      const weight = p[i] - p[i - 1];
      mean += (weight * (v[i] + v[i - 1])) / 2;
      second += (weight * (v[i] * v[i] + v[i] * v[i - 1] + v[i - 1] * v[i - 1])) / 3;
    }
    this.mean = mean;
    this.secondMoment = second;
  }

  sample(stream: DrawStream, index: number): number {
    const { probabilities, values } = this;
    const u = stream.uniform(index);
    const last = probabilities.length - 1;
    if (u <= probabilities[0]) return values[0];
    if (u >= probabilities[last]) return values[last];
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (probabilities[middle] <= u) low = middle;
      else high = middle;
    }
    const share = (u - probabilities[low]) / (probabilities[high] - probabilities[low]);
    return values[low] + share * (values[high] - values[low]);
  }
}

function nonNegative(name: string, value: number): number {
  invariant(value >= 0 && Number.isFinite(value), `${name} of a law is finite and >= 0, got ${value}`);
  return value;
}

function positive(name: string, value: number): number {
  invariant(value > 0 && Number.isFinite(value), `${name} of a law is finite and > 0, got ${value}`);
  return value;
}
