import { fail, invariant } from '#engine/kernel/invariant.ts';

/** A histogram as plain data: only buckets that hold something. Survives a transfer to another thread and a file. */
export interface HistogramData {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly zeroCount: number;
  /** Bucket numbers, rising: exponent and first 9 mantissa bits of the bucket's lower edge. */
  readonly buckets: Int32Array;
  /** Weight per bucket. */
  readonly weights: Float64Array;
}

/** 2^9 buckets per octave: width at most 1/512 of the lower edge, so a value read back is off by 0.2 % at most. */
const BUCKETS_PER_OCTAVE = 512;
const SHIFT = 11;
/** Buckets of 2^-32 and 2^64: values beyond are kept in the end buckets (min and max stay exact). */
const FIRST_BUCKET = (1023 - 32) * BUCKETS_PER_OCTAVE;
const LAST_BUCKET = (1023 + 64) * BUCKETS_PER_OCTAVE - 1;
/** A spread that reaches towards zero is resolved down to 2^-20 of its upper end; the millionth below is one lump. */
const SPREAD_DEPTH = 1 / 1_048_576;
/** Most values counted in a bucket of `counts`. */
const COUNT_LIMIT = 65_535;
/** Spreads over no more buckets than this are added one by one. */
const DIRECT_BUCKETS = 4;
/** What is left of a density after all its spreads ended, relative to the largest one: rounding, to be dropped. */
const DENSITY_RESIDUE = 1e-22;

const scratch = new Float64Array(1);
const scratchWords = new Uint32Array(scratch.buffer);
/** Which 32-bit word of a float64 holds sign, exponent and the upper mantissa. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/**
 * Weights of non-negative values in logarithmic buckets; any unit. Relative error of a quantile <= 0.2 % (one bucket, within
 * which values are taken as uniform); count, sum, min and max are exact (float64).
 *
 * `add` takes the bucket from the bits of the float: no logarithm. `addSpread` enters a whole interval in O(1): a density
 * at its first full bucket, the negative at its last, summed up when the histogram is read. These differences are kept to
 * twice float64 precision, since a rounding error of a narrow, dense spread would otherwise leak into every wide bucket above.
 * Values of weight 1 are first counted in 2 bytes a bucket, a quarter of what a float takes: the buckets in use stay in the processor's
 * nearest cache. Sums of whole numbers are exact in either form; with the first spread, whose parts are not whole, that ends.
 * Memory: 10 bytes per bucket over the octaves in use, 24 once spreads are used; at most 96 octaves (1.2 MB), about 200 kB usually.
 */
export class LogHistogram {
  private total = 0;
  private weightedSum = 0;
  private smallest = Number.POSITIVE_INFINITY;
  private largest = Number.NEGATIVE_INFINITY;
  private zeroCount = 0;
  /** Weight per bucket from bucket `first` on. */
  private weights = new Float64Array(0);
  /** Values of weight 1 not yet in `weights`, per bucket; empty once spreads are used. */
  private counts = new Uint16Array(0);
  private first = 0;
  /** Change of density at the lower edge of each bucket, and its low-order part. Empty while nothing is unsettled. */
  private steps = new Float64Array(0);
  private stepTails = new Float64Array(0);
  private hasSteps = false;
  /** Only whole weights so far: their sums are exact in any order. */
  private isWhole = true;
  private largestDensity = 0;

  /** Total weight. */
  get count(): number {
    return this.total;
  }

  /** Sum of values times weights. */
  get sum(): number {
    return this.weightedSum;
  }

  /** Weighted mean; NaN when empty. */
  get mean(): number {
    return this.weightedSum / this.total;
  }

  /** Smallest value; NaN when empty. */
  get min(): number {
    return this.total > 0 ? this.smallest : Number.NaN;
  }

  /** Largest value; NaN when empty. */
  get max(): number {
    return this.total > 0 ? this.largest : Number.NaN;
  }

  /** Adds `weight` (> 0) at `value` (finite, >= 0). */
  add(value: number, weight = 1): void {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) refuse(value);
    this.total += weight;
    this.weightedSum += value * weight;
    if (value < this.smallest) this.smallest = value;
    if (value > this.largest) this.largest = value;
    if (value === 0) {
      this.zeroCount += weight;
      return;
    }
    const place = bucketOf(value) - this.first;
    const { counts } = this;
    if (weight === 1 && place >= 0 && place < counts.length && counts[place] < COUNT_LIMIT) counts[place] += 1;
    else this.addWeight(bucketOf(value), weight);
  }

  private addWeight(bucket: number, weight: number): void {
    if (this.isWhole && !Number.isInteger(weight)) this.endCounts();
    if (bucket < this.first || bucket - this.first >= this.weights.length) this.cover(bucket, bucket);
    const place = bucket - this.first;
    this.weights[place] += weight;
    if (this.counts.length === 0) return;
    this.weights[place] += this.counts[place];
    this.counts[place] = 0;
  }

  /** Adds `weight` (> 0) spread evenly over [low, high] (finite, 0 <= low <= high); one value when they are equal. */
  addSpread(low: number, high: number, weight: number): void {
    if (!(high > low)) {
      this.add(low, weight);
      return;
    }
    if (!(low >= 0 && high < Number.POSITIVE_INFINITY))
      fail(`a histogram takes finite spreads >= 0, got ${low}..${high}`);
    if (this.isWhole) this.endCounts();
    this.total += weight;
    this.weightedSum += 0.5 * (low + high) * weight;
    if (low < this.smallest) this.smallest = low;
    if (high > this.largest) this.largest = high;
    const density = weight / (high - low);
    const floor = high * SPREAD_DEPTH;
    const from = low < floor ? floor : low;
    const lowest = bucketOf(from);
    const highest = bucketOf(high);
    if (lowest < this.first || highest >= this.first + this.weights.length) this.cover(lowest, highest);
    const { weights, first } = this;
    if (lowest === highest) {
      weights[lowest - first] += weight;
      return;
    }
    const lump = density * (from - low);
    weights[lowest - first] += lump + density * (lowerEdge(lowest + 1) - from);
    weights[highest - first] += density * (high - lowerEdge(highest));
    if (highest - lowest <= DIRECT_BUCKETS) {
      for (let bucket = lowest + 1; bucket < highest; bucket += 1) weights[bucket - first] += density * widthOf(bucket);
      return;
    }
    if (density > this.largestDensity) this.largestDensity = density;
    this.step(lowest + 1 - first, density);
    this.step(highest - first, -density);
  }

  /**
   * Value below which the share `p` (0..1) of the weight lies, off by 0.2 % at most: min for p <= 0, max for p >= 1, NaN when
   * empty.
   */
  quantile(p: number): number {
    if (this.total === 0) return Number.NaN;
    if (p <= 0) return this.smallest;
    if (p >= 1) return this.largest;
    const target = p * this.total;
    let below = this.zeroCount;
    if (target <= below) return 0;
    const { first } = this;
    const weights = this.settled();
    for (let place = 0; place < weights.length; place += 1) {
      const weight = weights[place];
      if (weight > 0 && below + weight >= target) {
        const bucket = first + place;
        const value = lowerEdge(bucket) + ((target - below) / weight) * widthOf(bucket);
        return Math.min(Math.max(value, this.smallest), this.largest);
      }
      below += weight;
    }
    return this.largest;
  }

  /** Adds everything the other histogram holds; the other is unchanged in what it tells. */
  merge(other: LogHistogram): void {
    if (other.total === 0) return;
    const weights = other.settled();
    if (this.isWhole && !other.isWhole) this.endCounts();
    this.foldCounts();
    this.total += other.total;
    this.weightedSum += other.weightedSum;
    this.zeroCount += other.zeroCount;
    this.smallest = Math.min(this.smallest, other.smallest);
    this.largest = Math.max(this.largest, other.largest);
    if (other.weights.length === 0) return;
    this.cover(other.first, other.first + other.weights.length - 1);
    const offset = other.first - this.first;
    for (let place = 0; place < weights.length; place += 1) this.weights[offset + place] += weights[place];
  }

  /** The histogram as plain data; `fromData` makes an equal one. */
  toData(): HistogramData {
    const { first } = this;
    const weights = this.settled();
    let used = 0;
    for (const weight of weights) if (weight > 0) used += 1;
    const buckets = new Int32Array(used);
    const kept = new Float64Array(used);
    for (let place = 0, at = 0; place < weights.length; place += 1) {
      if (!(weights[place] > 0)) continue;
      buckets[at] = first + place;
      kept[at] = weights[place];
      at += 1;
    }
    const { total, weightedSum, min, max, zeroCount } = this;
    return { count: total, sum: weightedSum, min, max, zeroCount, buckets, weights: kept };
  }

  /** A histogram that holds what `toData` gave. */
  static fromData(data: HistogramData): LogHistogram {
    const histogram = new LogHistogram();
    if (data.count === 0) return histogram;
    histogram.total = data.count;
    histogram.weightedSum = data.sum;
    histogram.smallest = data.min;
    histogram.largest = data.max;
    histogram.zeroCount = data.zeroCount;
    const { buckets, weights } = data;
    const last = buckets.length - 1;
    if (last < 0) return histogram;
    invariant(buckets[0] >= FIRST_BUCKET && buckets[last] <= LAST_BUCKET, 'buckets of a histogram lie in 2^-32..2^64');
    if (!weights.every((weight) => Number.isInteger(weight))) histogram.endCounts();
    histogram.cover(buckets[0], buckets[last]);
    for (let at = 0; at <= last; at += 1) histogram.weights[buckets[at] - histogram.first] = weights[at];
    return histogram;
  }

  /** Changes the density at one place, keeping what float64 would round away (two-sum). */
  private step(place: number, density: number): void {
    if (this.steps.length !== this.weights.length) {
      this.steps = new Float64Array(this.weights.length);
      this.stepTails = new Float64Array(this.weights.length);
    }
    this.hasSteps = true;
    const old = this.steps[place];
    const sum = old + density;
    const added = sum - old;
    this.stepTails[place] += old - (sum - added) + (density - added);
    this.steps[place] = sum;
  }

  /**
   * Weights with the density steps added. What is held stays as it is: looking at a run half way, whenever that is, must not change
   * the rounding of what it says in the end.
   */
  private settled(): Float64Array {
    this.foldCounts();
    if (!this.hasSteps) return this.weights;
    const weights = this.weights.slice();
    this.addSteps(weights);
    return weights;
  }

  /** Books what was counted as weight: whole numbers, so that it does not matter when. */
  private foldCounts(): void {
    const { counts, weights } = this;
    for (let place = 0; place < counts.length; place += 1) if (counts[place] > 0) weights[place] += counts[place];
    counts.fill(0);
  }

  private endCounts(): void {
    this.foldCounts();
    this.isWhole = false;
    this.counts = new Uint16Array(0);
  }

  /** Turns density steps into weights. */
  private settle(): void {
    if (!this.hasSteps) return;
    this.addSteps(this.weights);
    this.steps.fill(0);
    this.stepTails.fill(0);
    this.hasSteps = false;
    this.largestDensity = 0;
  }

  private addSteps(weights: Float64Array): void {
    const { steps, stepTails, first } = this;
    const residue = this.largestDensity * DENSITY_RESIDUE;
    let density = 0;
    let tail = 0;
    for (let place = 0; place < weights.length; place += 1) {
      const change = steps[place];
      const sum = density + change;
      const added = sum - density;
      tail += density - (sum - added) + (change - added) + stepTails[place];
      density = sum;
      if (density + tail > residue) weights[place] += (density + tail) * widthOf(first + place);
    }
  }

  /** Makes room for both buckets, whole octaves at a time. */
  private cover(lowest: number, highest: number): void {
    const end = this.first + this.weights.length;
    if (this.weights.length > 0 && lowest >= this.first && highest < end) return;
    this.settle();
    this.foldCounts();
    const from = this.weights.length === 0 ? lowest : Math.min(lowest, this.first);
    const to = this.weights.length === 0 ? highest : Math.max(highest, end - 1);
    const first = from - (from % BUCKETS_PER_OCTAVE);
    const length = to - (to % BUCKETS_PER_OCTAVE) + BUCKETS_PER_OCTAVE - first;
    const weights = new Float64Array(length);
    weights.set(this.weights, this.weights.length === 0 ? 0 : this.first - first);
    this.weights = weights;
    if (this.isWhole) this.counts = new Uint16Array(length);
    this.first = first;
  }
}

function refuse(value: number): never {
  fail(`a histogram takes finite values >= 0, got ${value}`);
}

function bucketOf(value: number): number {
  scratch[0] = value;
  const bucket = scratchWords[HIGH] >>> SHIFT;
  return bucket < FIRST_BUCKET ? FIRST_BUCKET : bucket > LAST_BUCKET ? LAST_BUCKET : bucket;
}

function lowerEdge(bucket: number): number {
  scratchWords[HIGH] = bucket << SHIFT;
  scratchWords[1 - HIGH] = 0;
  return scratch[0];
}

function widthOf(bucket: number): number {
  return lowerEdge(bucket + 1) - lowerEdge(bucket);
}
