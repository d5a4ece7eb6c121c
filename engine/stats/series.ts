import { invariant } from '#engine/kernel/invariant.ts';

/**
 * Series over [startUs, ...) in bins of equal width with bounded memory: when a time falls beyond the last bin, neighbours
 * merge and the bin width doubles, as often as needed. Sums, means and maxima stay exact for the wider bins.
 * A time on a bin's edge belongs to the later bin; what falls on the end given to `finish` is folded into the last bin, so that a
 * run of exactly capacity bins keeps its bin width. Times need not be in order, except for gauges. Columns are read as copies.
 */
abstract class BinnedSeries {
  readonly startUs: number;
  /** Maximum number of bins (even). */
  readonly capacity: number;
  /** Bins begun so far. */
  protected used = 0;
  private widthUs: number;
  /** The bin found last, and the times that fall into it: most come again and again. An empty stretch when there is none. */
  protected bin = 0;
  protected binStartUs = Number.POSITIVE_INFINITY;
  protected binEndUs = Number.NEGATIVE_INFINITY;

  /** `binUs` > 0: initial bin width; `capacity` >= 2: most bins kept, rounded up to an even number. */
  constructor(startUs: number, binUs: number, capacity: number) {
    invariant(binUs > 0 && Number.isFinite(binUs), `the bin width of a series is > 0, got ${binUs}`);
    invariant(capacity >= 2 && Number.isInteger(capacity), `a series has at least 2 bins, got ${capacity}`);
    this.startUs = startUs;
    this.widthUs = binUs;
    this.capacity = capacity + (capacity % 2);
  }

  /** Present bin width, microseconds: the initial one times a power of two. */
  get binUs(): number {
    return this.widthUs;
  }

  /** Length of a column: the bins, the one for the closing edge and its partner when bins fuse. */
  protected get columnLength(): number {
    return this.capacity + 2;
  }

  /** Number of bins. */
  get length(): number {
    return this.used;
  }

  /** Bin of a time >= startUs; widens the bins until it fits. */
  protected binOf(timeUs: number): number {
    return timeUs >= this.binStartUs && timeUs < this.binEndUs ? this.bin : this.findBin(timeUs);
  }

  private findBin(timeUs: number): number {
    const { startUs, capacity } = this;
    let bin = Math.floor((timeUs - startUs) / this.widthUs);
    // Bin number `capacity` exists for the closing edge only: nothing may come after it.
    while (bin > capacity || (bin === capacity && timeUs > startUs + capacity * this.widthUs)) {
      this.widen();
      bin = Math.floor((timeUs - startUs) / this.widthUs);
    }
    if (bin >= this.used) this.used = bin + 1;
    this.bin = bin;
    this.binStartUs = startUs + bin * this.widthUs;
    this.binEndUs = startUs + (bin + 1) * this.widthUs;
    return bin;
  }

  /** Begins all bins up to `endUs`, and folds one begun at `endUs` itself into the bin before. */
  protected close(endUs: number): void {
    if (endUs <= this.startUs) return;
    const last = this.binOf(endUs);
    if (last > 0 && this.startUs + last * this.widthUs === endUs) {
      this.fold(last - 1, last);
      this.used = last;
      this.binEndUs = Number.NEGATIVE_INFINITY;
    }
  }

  private widen(): void {
    const half = (this.used + 1) >> 1;
    for (let bin = 0; bin < half; bin += 1) this.fuse(bin, 2 * bin, 2 * bin + 1);
    this.clear(half);
    this.used = half;
    this.widthUs *= 2;
  }

  /** Makes bin `into` of the two bins given (the second may be unused: all columns hold their neutral value). */
  protected abstract fuse(into: number, first: number, second: number): void;

  /** Resets all bins from `from` on to their neutral values. */
  protected abstract clear(from: number): void;

  private fold(into: number, from: number): void {
    this.fuse(into, into, from);
    this.clear(from);
  }
}

/** Counts per bin. Times before startUs are ignored (pre-roll). */
export class CounterSeries extends BinnedSeries {
  private readonly sums: Float64Array;

  constructor(startUs: number, binUs: number, capacity: number) {
    super(startUs, binUs, capacity);
    this.sums = new Float64Array(this.columnLength);
  }

  /** Counts `amount` at `timeUs`. */
  add(timeUs: number, amount: number): void {
    if (timeUs < this.startUs) return;
    const bin = this.binOf(timeUs);
    this.sums[bin] += amount;
  }

  /** Counts `amount` spread evenly over [fromUs, toUs]; the part before startUs is ignored. Cost: bins touched. */
  addSpread(fromUs: number, toUs: number, amount: number): void {
    if (!(toUs > fromUs)) {
      this.add(fromUs, amount);
      return;
    }
    if (toUs <= this.startUs) return;
    const perUs = amount / (toUs - fromUs);
    const beginUs = fromUs < this.startUs ? this.startUs : fromUs;
    const last = this.binOf(toUs);
    const first = this.binOf(beginUs);
    let left = perUs * (toUs - beginUs);
    if (beginUs === fromUs) left = amount;
    for (let bin = first, edgeUs = beginUs; bin < last; bin += 1) {
      const nextUs = this.startUs + (bin + 1) * this.binUs;
      const part = perUs * (nextUs - edgeUs);
      this.sums[bin] += part;
      left -= part;
      edgeUs = nextUs;
    }
    this.sums[last] += left;
  }

  /** Ends the series: bins without a count up to `timeUs` become zeros. */
  finish(timeUs: number): void {
    this.close(timeUs);
  }

  /** Count per bin. */
  values(): Float64Array {
    return this.sums.slice(0, this.used);
  }

  protected fuse(into: number, first: number, second: number): void {
    const sum = this.sums[first] + this.sums[second];
    this.sums[into] = sum;
  }

  protected clear(from: number): void {
    this.sums.fill(0, from);
  }
}

/**
 * Time-weighted mean and maximum, on the whole and per bin, of a quantity that holds its value between changes (queue length,
 * busy servers). Begins with 0. Changes come in time order; those before startUs are in no bin. O(1) per change and bin touched.
 */
export class GaugeSeries extends BinnedSeries {
  private readonly areas: Float64Array;
  private readonly highs: Float64Array;
  private level = 0;
  private lastUs: number;
  /** Value times microseconds since the last reset; the largest value. */
  private area = 0;
  private highest = 0;
  private resetUs: number;
  /** Only whole values so far: their areas are exact sums however time is cut, and what is set again can wait. */
  private isWhole = true;

  /** `fromUs` <= `startUs`: time from which the mean counts until it is reset; the bins begin at `startUs`. */
  constructor(startUs: number, binUs: number, capacity: number, fromUs = startUs) {
    super(startUs, binUs, capacity);
    this.resetUs = fromUs;
    this.areas = new Float64Array(this.columnLength);
    this.highs = new Float64Array(this.columnLength).fill(Number.NEGATIVE_INFINITY);
    this.lastUs = fromUs;
  }

  /** Present value. */
  get value(): number {
    return this.level;
  }

  /** Largest value held since the start, or since the last reset. */
  get max(): number {
    return this.highest;
  }

  /** Sets the value from `timeUs` on. */
  set(timeUs: number, value: number): void {
    const { level, lastUs, bin } = this;
    // The usual case: the last change and this one lie in the same bin.
    if (timeUs < this.binEndUs && lastUs >= this.binStartUs) {
      if (value === level && this.isWhole) return;
      const area = level * (timeUs - lastUs);
      this.area += area;
      this.areas[bin] += area;
      this.lastUs = timeUs;
      if (value > this.highs[bin]) this.highs[bin] = value;
    } else this.enter(timeUs, value);
    if (value > this.highest) this.highest = value;
    if (this.isWhole) this.isWhole = Number.isInteger(value);
    this.level = value;
  }

  /**
   * Something beside the value held over [fromUs, toUs] has added `area` (value times microseconds) to it, evenly; the value itself does
   * not know. `high`: the largest value so far that this made, at `toUs`. Cost: bins touched.
   */
  addArea(fromUs: number, toUs: number, area: number, high: number): void {
    const beginUs = Math.max(fromUs, this.resetUs);
    if (toUs <= beginUs) return;
    const perUs = area / (toUs - fromUs);
    this.area += perUs * (toUs - beginUs);
    if (high > this.highest) this.highest = high;
    const startUs = Math.max(fromUs, this.startUs);
    if (toUs <= startUs) return;
    const last = this.binOf(toUs);
    for (let bin = this.binOf(startUs); bin <= last; bin += 1) {
      const low = Math.max(startUs, this.startUs + bin * this.binUs);
      const share = Math.min(toUs, this.startUs + (bin + 1) * this.binUs) - low;
      if (share > 0) this.areas[bin] += perUs * share;
    }
    if (high > this.highs[last]) this.highs[last] = high;
  }

  /** Time-weighted mean from `fromUs`, or the last reset, to `timeUs`; the present value when no time has passed. */
  mean(timeUs: number): number {
    const spanUs = timeUs - this.resetUs;
    return spanUs > 0 ? (this.area + this.level * (timeUs - this.lastUs)) / spanUs : this.level;
  }

  /** Forgets mean and maximum so far; the value and the bins are kept. */
  reset(timeUs: number): void {
    if (timeUs > this.lastUs) this.hold(timeUs);
    this.area = 0;
    this.resetUs = timeUs;
    this.highest = this.level;
  }

  /** Ends the series: the present value holds up to `timeUs`. */
  finish(timeUs: number): void {
    if (timeUs > this.lastUs) this.hold(timeUs);
    this.close(timeUs);
  }

  /** Time-weighted mean per bin; of the last bin over the time it has covered. */
  means(): Float64Array {
    const means = new Float64Array(this.used);
    for (let bin = 0; bin < means.length; bin += 1) {
      const coveredUs = Math.min(this.lastUs - this.startUs - bin * this.binUs, this.binUs);
      means[bin] = coveredUs > 0 ? this.areas[bin] / coveredUs : this.level;
    }
    return means;
  }

  /** Largest value held per bin. */
  maxima(): Float64Array {
    return this.highs.slice(0, this.used);
  }

  /** Books the present value up to a time in another bin, and the new value's maximum there. */
  private enter(timeUs: number, value: number): void {
    if (timeUs > this.lastUs) this.hold(timeUs);
    if (timeUs < this.startUs) return;
    const bin = this.binOf(timeUs);
    if (value > this.highs[bin]) this.highs[bin] = value;
  }

  /** Integrates the present value up to `untilUs`. */
  private hold(untilUs: number): void {
    const { level, startUs, lastUs } = this;
    this.area += level * (untilUs - lastUs);
    this.lastUs = untilUs;
    if (untilUs > startUs) this.holdBins(lastUs < startUs ? startUs : lastUs, untilUs);
  }

  private holdBins(beginUs: number, untilUs: number): void {
    const last = this.binOf(untilUs);
    const { level, startUs, binUs, areas, highs } = this;
    let fromUs = beginUs;
    for (let bin = this.binOf(fromUs); bin <= last; bin += 1) {
      const toUs = bin === last ? untilUs : startUs + (bin + 1) * binUs;
      if (toUs > fromUs) {
        areas[bin] += level * (toUs - fromUs);
        if (level > highs[bin]) highs[bin] = level;
        fromUs = toUs;
      }
    }
  }

  protected fuse(into: number, first: number, second: number): void {
    const area = this.areas[first] + this.areas[second];
    const high = Math.max(this.highs[first], this.highs[second]);
    this.areas[into] = area;
    this.highs[into] = high;
  }

  protected clear(from: number): void {
    this.areas.fill(0, from);
    this.highs.fill(Number.NEGATIVE_INFINITY, from);
  }
}

/** Sum, count and maximum per bin of observed values (latencies, ages, sizes). Times before startUs are ignored. */
export class SampleSeries extends BinnedSeries {
  private readonly totals: Float64Array;
  private readonly weights: Float64Array;
  private readonly highs: Float64Array;

  constructor(startUs: number, binUs: number, capacity: number) {
    super(startUs, binUs, capacity);
    this.totals = new Float64Array(this.columnLength);
    this.weights = new Float64Array(this.columnLength);
    this.highs = new Float64Array(this.columnLength).fill(Number.NEGATIVE_INFINITY);
  }

  /** Enters `value` with `weight` (> 0, default 1) at `timeUs`. */
  add(timeUs: number, value: number, weight = 1): void {
    if (timeUs < this.startUs) return;
    const bin = this.binOf(timeUs);
    this.totals[bin] += value * weight;
    this.weights[bin] += weight;
    if (value > this.highs[bin]) this.highs[bin] = value;
  }

  /** Enters values that come at the same time: the sum of value times weight, the largest value, and the sum of the weights. */
  addSum(timeUs: number, total: number, high: number, weight: number): void {
    if (timeUs < this.startUs) return;
    const bin = this.binOf(timeUs);
    this.totals[bin] += total;
    this.weights[bin] += weight;
    if (high > this.highs[bin]) this.highs[bin] = high;
  }

  /** Ends the series: bins without an observation up to `timeUs` are begun. */
  finish(timeUs: number): void {
    this.close(timeUs);
  }

  /** Sum of values per bin. */
  sums(): Float64Array {
    return this.totals.slice(0, this.used);
  }

  /** Weight per bin. */
  counts(): Float64Array {
    return this.weights.slice(0, this.used);
  }

  /** Mean value per bin; NaN where nothing was observed. */
  means(): Float64Array {
    return this.totals.slice(0, this.used).map((total, bin) => total / this.weights[bin]);
  }

  /** Largest value per bin; NaN where nothing was observed. */
  maxima(): Float64Array {
    return this.highs.slice(0, this.used).map((high, bin) => (this.weights[bin] > 0 ? high : Number.NaN));
  }

  protected fuse(into: number, first: number, second: number): void {
    const total = this.totals[first] + this.totals[second];
    const weight = this.weights[first] + this.weights[second];
    const high = Math.max(this.highs[first], this.highs[second]);
    this.totals[into] = total;
    this.weights[into] = weight;
    this.highs[into] = high;
  }

  protected clear(from: number): void {
    this.totals.fill(0, from);
    this.weights.fill(0, from);
    this.highs.fill(Number.NEGATIVE_INFINITY, from);
  }
}
