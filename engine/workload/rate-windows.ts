/** Windows of time in which a rate is multiplied: what a traffic-spike fault does to the arrivals of a workload. */
import type { CompiledProfile } from './profile.ts';

/** The rate is multiplied by `factor` (>= 0) from `startSeconds` to `endSeconds`; factors of overlapping windows multiply. */
export interface RateWindow {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly factor: number;
}

/** A profile with its windows applied. Windows are few: a query costs O(log windows). */
export class WindowedRate {
  private readonly profile: CompiledProfile;
  /** Times at which the factor changes, rising; `factors[i]` holds from `edges[i - 1]` to `edges[i]`. */
  private readonly edges: Float64Array;
  private readonly factors: Float64Array;

  constructor(profile: CompiledProfile, windows: readonly RateWindow[]) {
    this.profile = profile;
    const times = windows.flatMap((window) => [window.startSeconds, window.endSeconds]);
    this.edges = Float64Array.from(new Set(times)).sort();
    this.factors = new Float64Array(this.edges.length + 1).fill(1);
    for (const window of windows) {
      for (let i = 0; i < this.edges.length - 1; i += 1) {
        if (this.edges[i] < window.startSeconds || this.edges[i] >= window.endSeconds) continue;
        this.factors[i + 1] *= window.factor;
      }
    }
  }

  /** Mean records from `t0` to `t1`, `t0 <= t1`. */
  integral(t0: number, t1: number): number {
    let piece = this.pieceAt(t0);
    if (piece === this.edges.length || this.edges[piece] >= t1) {
      return this.factors[piece] * this.profile.integral(t0, t1);
    }
    let sum = 0;
    let from = t0;
    while (from < t1) {
      const to = piece < this.edges.length ? Math.min(t1, this.edges[piece]) : t1;
      sum += this.factors[piece] * this.profile.integral(from, to);
      from = to;
      piece += 1;
    }
    return sum;
  }

  /** Mean factor over the time from `t0` to `t1`, `t0 < t1`. */
  meanFactor(t0: number, t1: number): number {
    let piece = this.pieceAt(t0);
    if (piece === this.edges.length || this.edges[piece] >= t1) return this.factors[piece];
    let sum = 0;
    let from = t0;
    while (from < t1) {
      const to = piece < this.edges.length ? Math.min(t1, this.edges[piece]) : t1;
      sum += this.factors[piece] * (to - from);
      from = to;
      piece += 1;
    }
    return sum / (t1 - t0);
  }

  /** True when the rate may be taken as constant from `t0` to `t1`. */
  isFlat(t0: number, t1: number): boolean {
    const piece = this.pieceAt(t0);
    if (piece < this.edges.length && this.edges[piece] < t1) return false;
    return this.profile.isFlat(t0, t1);
  }

  /** Number of edges at or before `t`. */
  private pieceAt(t: number): number {
    let low = 0;
    let high = this.edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.edges[middle] <= t) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
