/** A recorded series of counts as a rate, with the exact whole count of every bin. */
import type { RateCurve } from './rate-curve.ts';

/**
 * Counts of equal bins, the first beginning at time zero. The rate is constant within a bin. With `repeat` the bins go round
 * in both directions; without it the rate is that of the first bin before time zero and zero after the last bin.
 * Memory: two float64 a bin; every query costs O(1).
 */
export class TraceCurve implements RateCurve {
  readonly maxPerSecond: number;
  readonly periodicMeanPerSecond: number | undefined;
  /** Seconds of a bin; a whole number. */
  readonly binSeconds: number;
  private readonly counts: Float64Array;
  private readonly countBefore: Float64Array;
  private readonly total: number;
  private readonly repeat: boolean;
  private readonly scale: number;

  constructor(counts: readonly number[], binSeconds: number, repeat: boolean, scale: number) {
    this.repeat = repeat;
    this.scale = scale;
    this.counts = Float64Array.from(counts);
    this.binSeconds = binSeconds;
    this.countBefore = new Float64Array(counts.length + 1);
    let max = 0;
    for (let i = 0; i < counts.length; i += 1) {
      this.countBefore[i + 1] = this.countBefore[i] + this.counts[i];
      max = Math.max(max, this.counts[i]);
    }
    this.total = this.countBefore[counts.length];
    this.maxPerSecond = (max * scale) / binSeconds;
    this.periodicMeanPerSecond = repeat ? (this.total * scale) / (counts.length * binSeconds) : undefined;
  }

  /** True when the records of this bin are drawn at random: the bins before time zero of a trace that does not repeat. */
  isRandom(bin: number): boolean {
    return bin < 0 && !this.repeat;
  }

  /**
   * Records of a bin, a whole number: what the trace says, times the scale. Fractions are carried from bin to bin by rounding
   * the running total, so that every total is right to half a record.
   */
  exactCount(bin: number): number {
    const bins = this.counts.length;
    if (!this.repeat && (bin < 0 || bin >= bins)) return 0;
    const cycle = Math.floor(bin / bins);
    const place = bin - cycle * bins;
    if (this.scale === 1) return this.counts[place];
    const base = cycle * this.total;
    const after = Math.floor((base + this.countBefore[place + 1]) * this.scale + 0.5);
    return after - Math.floor((base + this.countBefore[place]) * this.scale + 0.5);
  }

  ratePerSecond(t: number): number {
    const bins = this.counts.length;
    const bin = Math.floor(t / this.binSeconds);
    let place = bin;
    if (this.repeat) place = bin - Math.floor(bin / bins) * bins;
    else if (bin < 0) place = 0;
    else if (bin >= bins) return 0;
    return (this.counts[place] * this.scale) / this.binSeconds;
  }

  integral(t0: number, t1: number): number {
    return (this.recordsUntil(t1) - this.recordsUntil(t0)) * this.scale;
  }

  isFlat(t0: number, t1: number): boolean {
    return t1 <= (Math.floor(t0 / this.binSeconds) + 1) * this.binSeconds;
  }

  /** Records from time zero to `t` before scaling; negative before time zero. */
  private recordsUntil(t: number): number {
    const bins = this.counts.length;
    const x = t / this.binSeconds;
    if (!this.repeat && x < 0) return x * this.counts[0];
    if (!this.repeat && x >= bins) return this.total;
    const bin = Math.floor(x);
    const cycle = Math.floor(bin / bins);
    const place = bin - cycle * bins;
    return cycle * this.total + this.countBefore[place] + (x - bin) * this.counts[place];
  }
}
