/**
 * The arrivals of one workload. Counts are drawn per fixed one-second cell and refined by binomial splitting, always with
 * draws keyed by (cell, place in the tree of halves): whoever asks, in whatever order and however finely, sees the same
 * records at the same microseconds. Constant memory; nothing is allocated per cell once the buffers have grown.
 *
 * A cell is cut into halves down to 2^-16 s. The borders of its 2^d parts at depth d are whole microseconds
 * (`partStartUs`). A part with few records is a leaf: its records get independent places, sorted.
 */
import { binomial, poisson } from '#engine/kernel/discrete.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { SplitTree } from './bin-split.ts';
import type { CompiledProfile } from './profile.ts';
import { type RateWindow, WindowedRate } from './rate-windows.ts';
import { ENTITIES_PER_CELL } from './entities.ts';

const CELL_US = 1_000_000;
/** Deepest level of halves: parts of 15 or 16 microseconds. */
export const deepestLevel = 16;
/** A part with at most this many records is not cut further. */
const LEAF_RECORDS = 8;
/** Draws set aside for one split. */
const DRAWS_PER_SPLIT = 64;
/** Added to a cell number, so that the counters of pre-roll cells are not negative: eight years. */
const CELL_OFFSET = 0x10000000;
/** Running totals closer than this to a whole number are that number: 0.1 records/s must give record 7 at 70 s sharp. */
const WHOLE_TOLERANCE = 1e-9;
/** Of a cell: a paced record due on a whole microsecond must not slip to the one before by the last bit of a float. */
const SHARE_TOLERANCE = 1e-12;

/** Number of cell `cell` as a counter of draws: whole and not negative for any cell within eight years of time zero. */
export function cellCounter(cell: number): number {
  return cell + CELL_OFFSET;
}

/** First microsecond, from the start of the cell, of part `k` of the 2^depth parts of a cell. */
export function partStartUs(depth: number, k: number): number {
  return Math.ceil((k * CELL_US) / (1 << depth));
}

/** Arrivals of one workload, cell by cell: `load` a cell, then ask for its counts or times. */
export class ArrivalStream {
  /** 1: independent instants (Poisson within a cell); 0: paced by a clock. */
  readonly dispersion: 0 | 1;
  /** Cell that is loaded: the second from `cell` to `cell + 1` after time zero. */
  cell = 0;
  /** Records of the loaded cell. */
  count = 0;
  private readonly profile: CompiledProfile;
  private readonly rate: WindowedRate;
  private readonly counts: DrawStream;
  private readonly splits: DrawStream;
  private readonly places: DrawStream;
  private readonly bins: SplitTree;
  private isFlat = true;
  private counter = 0;
  /** Running number of the first record of the loaded cell; only for paced arrivals. */
  private firstPaced = 0;
  private readonly leaf = new Float64Array(LEAF_RECORDS);
  private readonly shares = new Float64Array(LEAF_RECORDS);
  private readonly ticks = new Int32Array(16);
  private pacedUs = new Float64Array(64);

  /** `seed` and `workloadId` name the draws; `windows` multiply the rate for a while. */
  constructor(seed: number, workloadId: string, profile: CompiledProfile, windows: readonly RateWindow[] = []) {
    this.profile = profile;
    this.rate = new WindowedRate(profile, windows);
    this.dispersion = profile.isPaced ? 0 : 1;
    this.counts = new DrawStream(seed, workloadId, 'arrivals');
    this.splits = new DrawStream(seed, workloadId, 'arrivalSplits');
    this.places = new DrawStream(seed, workloadId, 'arrivalPlaces');
    this.bins = new SplitTree(new DrawStream(seed, workloadId, 'arrivalBins'), profile.trace?.binSeconds ?? 1);
  }

  /** Draws the number of records of a cell (any whole number of seconds, also negative) and makes it the loaded one. */
  load(cell: number): number {
    this.cell = cell;
    this.counter = cellCounter(cell);
    this.isFlat = this.rate.isFlat(cell, cell + 1);
    const trace = this.profile.trace;
    if (this.profile.isPaced) {
      this.firstPaced = wholeAbove(this.totalUntil(cell));
      this.count = wholeAbove(this.totalUntil(cell + 1)) - this.firstPaced;
    } else if (trace !== undefined && !trace.isRandom(Math.floor(cell / trace.binSeconds))) {
      this.count = this.traceCount(cell);
    } else {
      this.count = poisson(this.counts, this.counter, this.rate.integral(cell, cell + 1));
    }
    return this.count;
  }

  /** Mean number of records of a cell. */
  meanCount(cell: number): number {
    return this.rate.integral(cell, cell + 1);
  }

  /** Whether the mean rate hardly changes over the loaded cell: its halves have the same means to 1 %. */
  get isEven(): boolean {
    if (this.isFlat) return true;
    const whole = this.rate.integral(this.cell, this.cell + 1);
    return whole > 0 && Math.abs(this.rate.integral(this.cell, this.cell + 0.5) / whole - 0.5) < 0.005;
  }

  /**
   * A number that no record of another cell has, to which the index within the cell is added: `firstOrdinal(cell) + index`
   * names a record for good and rises with time. Not dense; unique while a cell has at most 2,097,152 records.
   */
  firstOrdinal(cell: number): number {
    return cellCounter(cell) * ENTITIES_PER_CELL;
  }

  /**
   * Writes the arrival times of the loaded cell in rising order, in whole microseconds after time zero, from `out[at]` on,
   * and returns their number. `out` needs `count` places.
   */
  times(out: Float64Array, at = 0): number {
    const base = this.cell * CELL_US;
    if (this.dispersion === 0) {
      this.fillPaced();
      for (let i = 0; i < this.count; i += 1) out[at + i] = base + this.pacedUs[i];
    } else {
      this.writeTimes(out, at, base, 1, 0, this.count, 0);
    }
    return this.count;
  }

  /**
   * Writes the counts of the 2^depth parts of the loaded cell, `depth` 0 ... 16, into the first 2^depth places of `out`. They
   * are the counts of the times that `times` writes, at every depth.
   */
  subCounts(depth: number, out: Int32Array | Float64Array): void {
    out.fill(0, 0, 1 << depth);
    if (this.dispersion === 0) {
      this.fillPaced();
      for (let i = 0; i < this.count; i += 1) out[partOf(depth, this.pacedUs[i])] += 1;
    } else {
      this.countParts(out, depth, 1, 0, this.count, 0);
    }
  }

  /**
   * Where the records `from` to `from` + `count` - 1 of the loaded cell of a paced load stand on its clock: from half a distance before
   * the first of them on, `out[0]` microseconds after the cell begins (below 0 where the first comes at once), over `out[1]`
   * microseconds: a whole distance for each. Both to the microsecond.
   */
  pacedSpan(from: number, count: number, out: Float64Array): void {
    const start = this.totalUntil(this.cell);
    const distanceUs = CELL_US / this.rate.integral(this.cell, this.cell + 1);
    out[0] = Math.round((this.firstPaced + from - start - 0.5) * distanceUs);
    out[1] = Math.round(count * distanceUs);
  }

  /** Records of a cell of a trace: its share of the bin's exact count, times the factor of the windows. */
  private traceCount(cell: number): number {
    const trace = this.profile.trace;
    if (trace === undefined) return 0;
    const bin = Math.floor(cell / trace.binSeconds);
    const recorded = this.bins.countAt(bin + CELL_OFFSET, trace.exactCount(bin), cell - bin * trace.binSeconds);
    const factor = this.rate.meanFactor(cell, cell + 1);
    return factor === 1 ? recorded : Math.floor(recorded * factor + this.counts.uniformPair(this.counter, 0));
  }

  private writeTimes(
    out: Float64Array,
    at: number,
    base: number,
    node: number,
    depth: number,
    n: number,
    before: number,
  ) {
    if (n === 0) return;
    if (n <= LEAF_RECORDS || depth === deepestLevel) {
      this.fillLeaf(node, depth, n, before, out, at + before, base);
      return;
    }
    const left = this.leftCount(node, depth, n);
    this.writeTimes(out, at, base, 2 * node, depth + 1, left, before);
    this.writeTimes(out, at, base, 2 * node + 1, depth + 1, n - left, before + left);
  }

  private countParts(
    out: Int32Array | Float64Array,
    depth: number,
    node: number,
    level: number,
    n: number,
    before: number,
  ): void {
    if (n === 0) return;
    if (level === depth) {
      out[node - (1 << level)] = n;
      return;
    }
    if (n <= LEAF_RECORDS) {
      this.fillLeaf(node, level, n, before, this.leaf, 0, 0);
      for (let i = 0; i < n; i += 1) out[partOf(depth, this.leaf[i])] += 1;
      return;
    }
    const left = this.leftCount(node, level, n);
    this.countParts(out, depth, 2 * node, level + 1, left, before);
    this.countParts(out, depth, 2 * node + 1, level + 1, n - left, before + left);
  }

  /** How many of the `n` records of a part lie in its first half. Parts are numbered as in a heap: 1 is the cell. */
  private leftCount(node: number, depth: number, n: number): number {
    const k = node - (1 << depth);
    const from = partStartUs(depth, k);
    const middle = partStartUs(depth + 1, 2 * k + 1);
    const to = partStartUs(depth, k + 1);
    const share = this.isFlat ? (middle - from) / (to - from) : this.shareUntil(from, to, middle);
    return binomial(this.splits, this.counter, n, share, node * DRAWS_PER_SPLIT);
  }

  /** Places `n` records in a part, sorted, as microseconds of the cell plus `base`, into `out` from `at` on. */
  private fillLeaf(
    node: number,
    depth: number,
    n: number,
    before: number,
    out: Float64Array,
    at: number,
    base: number,
  ): void {
    const k = node - (1 << depth);
    const from = partStartUs(depth, k);
    const to = partStartUs(depth, k + 1);
    if (n > LEAF_RECORDS) {
      this.fillCrowdedLeaf(from, to - from, n, before, out, at, base);
      return;
    }
    const { shares, isFlat } = this;
    const width = to - from;
    this.places.fillPairs(this.counter, before, n, shares);
    for (let i = 0; i < n; i += 1) {
      const u = shares[i];
      const place = base + (isFlat ? from + Math.floor(u * width) : this.placeAtShare(from, to, u));
      let j = at + i;
      for (; j > at && out[j - 1] > place; j -= 1) out[j] = out[j - 1];
      out[j] = place;
    }
  }

  /** A deepest part is at most 16 microseconds wide: count the records of each. */
  private fillCrowdedLeaf(
    from: number,
    width: number,
    n: number,
    before: number,
    out: Float64Array,
    at: number,
    base: number,
  ): void {
    this.ticks.fill(0);
    for (let i = 0; i < n; i += 1) {
      this.ticks[Math.floor(this.places.uniformPair(this.counter, before + i) * width)] += 1;
    }
    let next = at;
    for (let tick = 0; tick < width; tick += 1) {
      out.fill(base + from + tick, next, next + this.ticks[tick]);
      next += this.ticks[tick];
    }
  }

  /** Share of the mean records of [from, to) microseconds of the cell that lie before `middle`. */
  private shareUntil(from: number, to: number, middle: number): number {
    const whole = this.areaUs(from, to);
    return whole > 0 ? Math.min(1, this.areaUs(from, middle) / whole) : (middle - from) / (to - from);
  }

  /** The microsecond in [from, to) at which a share `u` of the mean records has passed. */
  private placeAtShare(from: number, to: number, u: number): number {
    const wanted = u * this.areaUs(from, to);
    let low = from;
    let high = to - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.areaUs(from, middle + 1) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private areaUs(from: number, to: number): number {
    return this.rate.integral(this.cell + from / CELL_US, this.cell + to / CELL_US);
  }

  /** Mean records from time zero to `t`; negative before time zero. */
  private totalUntil(t: number): number {
    return t >= 0 ? this.rate.integral(0, t) : -this.rate.integral(t, 0);
  }

  /** Record k of a paced load arrives when the running total reaches k. */
  private fillPaced(): void {
    const { count } = this;
    if (this.pacedUs.length < count) this.pacedUs = new Float64Array(2 * count);
    const start = this.totalUntil(this.cell);
    const inCell = this.rate.integral(this.cell, this.cell + 1);
    for (let i = 0; i < count; i += 1) {
      const share = Math.max(0, this.firstPaced + i - start) / inCell;
      const us = this.isFlat ? Math.round(share * CELL_US) : this.placeAtShare(0, CELL_US, share + SHARE_TOLERANCE);
      this.pacedUs[i] = Math.min(CELL_US - 1, us);
    }
  }
}

/** Part of the 2^depth parts of a cell that holds a microsecond of the cell. */
function partOf(depth: number, us: number): number {
  return Math.floor((us * (1 << depth)) / CELL_US);
}

/** Smallest whole number not below `total`, which may have the rounding errors of a float. */
function wholeAbove(total: number): number {
  const nearest = Math.round(total);
  return Math.abs(total - nearest) <= WHOLE_TOLERANCE + Math.abs(total) * 1e-14 ? nearest : Math.ceil(total);
}
