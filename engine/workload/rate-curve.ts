/**
 * A rate over time made of straight pieces, with its exact integral: every arrival profile but a trace is one of these.
 * Lookup costs O(1) while queries advance and O(log pieces) after a jump; nothing is allocated per query.
 */

/** A rate as a function of time; times in seconds after time zero, also negative. */
export interface RateCurve {
  /** Rate at `t`, in 1/s; at a jump the rate after it. */
  ratePerSecond(t: number): number;
  /** Integral of the rate from `t0` to `t1`, `t0 <= t1`: exact for the straight pieces, up to the last bits of a float. */
  integral(t0: number, t1: number): number;
  /** True when the rate changes by less than 0.1 % between `t0` and `t1` without a jump: it may be taken as constant. */
  isFlat(t0: number, t1: number): boolean;
  /** Highest rate at any time, in 1/s. */
  readonly maxPerSecond: number;
  /** Mean over a period, in 1/s, of a curve that repeats; `undefined` for one that does not. */
  readonly periodicMeanPerSecond: number | undefined;
}

/** Relative change of the rate below which a stretch of time counts as flat. */
const FLAT_RATIO = 1e-3;

/** One straight piece: from `start` to the start of the next, the rate going from `rate0` to `rate1`. */
export interface Piece {
  readonly start: number;
  readonly rate0: number;
  readonly rate1: number;
}

/** What holds outside the pieces: a constant rate on each side, or the pieces again and again. */
export type Outside =
  | { readonly kind: 'hold'; readonly before: number; readonly after: number }
  /** `phase`: where in the period time zero stands; `total`: exact integral of one period. */
  | { readonly kind: 'repeat'; readonly phase: number; readonly total: number };

/**
 * Straight pieces in order of time, ending at `end`. With `repeat`, they must begin at 0 and `end` is the period, and the
 * integral over any whole number of periods is exactly that number times `total`.
 */
export class PiecewiseCurve implements RateCurve {
  readonly maxPerSecond: number;
  readonly periodicMeanPerSecond: number | undefined;
  private readonly starts: Float64Array;
  private readonly rate0: Float64Array;
  private readonly rate1: Float64Array;
  private readonly before: Float64Array;
  private readonly count: number;
  private readonly outside: Outside;
  private readonly period: number;
  private readonly phase: number;
  private hint = 0;

  constructor(pieces: readonly Piece[], end: number, outside: Outside) {
    this.count = pieces.length;
    this.outside = outside;
    this.starts = Float64Array.from([...pieces.map((piece) => piece.start), end]);
    this.rate0 = Float64Array.from(pieces, (piece) => piece.rate0);
    this.rate1 = Float64Array.from(pieces, (piece) => piece.rate1);
    this.before = new Float64Array(this.count + 1);
    for (let i = 0; i < this.count; i += 1) this.before[i + 1] = this.before[i] + this.areaOf(i);
    this.period = outside.kind === 'repeat' ? end : 0;
    this.phase = outside.kind === 'repeat' ? outside.phase : 0;
    if (outside.kind === 'repeat') this.before[this.count] = outside.total;
    this.periodicMeanPerSecond = outside.kind === 'repeat' ? outside.total / end : undefined;
    let max = outside.kind === 'hold' ? Math.max(outside.before, outside.after) : 0;
    for (const piece of pieces) max = Math.max(max, piece.rate0, piece.rate1);
    this.maxPerSecond = max;
  }

  ratePerSecond(t: number): number {
    const x = this.place(t);
    if (this.outside.kind === 'hold') {
      if (x < this.starts[0]) return this.outside.before;
      if (x >= this.starts[this.count]) return this.outside.after;
    }
    return this.rateAt(this.pieceAt(x), x);
  }

  integral(t0: number, t1: number): number {
    const x0 = this.place(t0);
    const x1 = this.place(t1);
    if (x0 >= this.starts[0] && x0 <= x1 && x1 - x0 === t1 - t0) {
      const piece = this.pieceAt(x0);
      if (piece < this.count && x1 <= this.starts[piece + 1]) {
        return ((x1 - x0) * (this.rateAt(piece, x0) + this.rateAt(piece, x1))) / 2;
      }
    }
    if (this.outside.kind === 'hold') {
      if (x1 <= this.starts[0]) return (x1 - x0) * this.outside.before;
      if (x0 >= this.starts[this.count]) return (x1 - x0) * this.outside.after;
      return this.areaBefore(x1) - this.areaBefore(x0);
    }
    const periods = Math.round((t1 - x1 - (t0 - x0)) / this.period);
    return periods * this.outside.total + (this.areaBefore(x1) - this.areaBefore(x0));
  }

  isFlat(t0: number, t1: number): boolean {
    const x0 = this.place(t0);
    const x1 = x0 + (t1 - t0);
    if (x1 <= this.starts[0]) return true;
    if (x0 < this.starts[0]) return false;
    const piece = this.pieceAt(x0);
    if (piece >= this.count) return true;
    if (x1 > this.starts[piece + 1]) return false;
    const rate0 = this.rateAt(piece, x0);
    const rate1 = this.rateAt(piece, x1);
    return Math.abs(rate1 - rate0) <= FLAT_RATIO * (rate0 + rate1);
  }

  /** Time within the pieces: the time itself, or the time since the last whole period. */
  private place(t: number): number {
    if (this.period === 0) return t;
    const x = t + this.phase;
    const within = x - Math.floor(x / this.period) * this.period;
    return within >= this.period ? 0 : within < 0 ? 0 : within;
  }

  /** The piece that holds `x`; `count` at or after the end; `x` must not lie before the first. */
  private pieceAt(x: number): number {
    const starts = this.starts;
    let low = this.hint;
    if (x >= starts[low]) {
      if (low >= this.count || x < starts[low + 1]) return low;
      if (low + 1 >= this.count || x < starts[low + 2]) return this.remember(low + 1);
    } else {
      low = 0;
    }
    let high = this.count;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= x) low = middle;
      else high = middle - 1;
    }
    return this.remember(low);
  }

  private remember(piece: number): number {
    this.hint = piece;
    return piece;
  }

  private rateAt(piece: number, x: number): number {
    if (piece >= this.count) return this.outside.kind === 'hold' ? this.outside.after : this.rate0[0];
    const rate0 = this.rate0[piece];
    const rise = this.rate1[piece] - rate0;
    if (rise === 0) return rate0;
    return rate0 + (rise * (x - this.starts[piece])) / (this.starts[piece + 1] - this.starts[piece]);
  }

  private areaOf(piece: number): number {
    return ((this.starts[piece + 1] - this.starts[piece]) * (this.rate0[piece] + this.rate1[piece])) / 2;
  }

  /** Integral from the start of the first piece to `x`; negative before it. */
  private areaBefore(x: number): number {
    const first = this.starts[0];
    if (x < first) return this.outside.kind === 'hold' ? (x - first) * this.outside.before : 0;
    const piece = this.pieceAt(x);
    const start = this.starts[piece];
    if (x === start) return this.before[piece];
    return this.before[piece] + ((x - start) * (this.rateAt(piece, start) + this.rateAt(piece, x))) / 2;
  }
}
