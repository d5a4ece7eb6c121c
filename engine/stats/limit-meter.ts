/**
 * One meter per limit: badges, log, `explain` and advice all derive from it.
 *
 * A rate limit (`perSecond`) is used in amounts; its ratio is the largest use within a whole second over the capacity.
 * A level limit (concurrency, messages in flight) is set to a level; its ratio is the largest level over the capacity.
 */
import type { LimitSummary } from '#schema/component.ts';

export interface LimitDeclaration {
  /** Unique within the node, e.g. `write-records/shard-3`. */
  readonly id: string;
  /** Words for the limit, e.g. `records written per shard`. */
  readonly name: string;
  readonly unit: string;
  readonly kind: 'perSecond' | 'level';
  readonly capacity: number;
  readonly source: string;
  readonly raisable: boolean;
  /** True when the limit belongs to the account and several nodes share it. */
  readonly account?: boolean;
}

const SECOND_US = 1_000_000;

export class LimitMeter {
  readonly declaration: LimitDeclaration;
  readonly node: string | null;
  capacity: number;
  /** Units refused since recording began. */
  refused = 0;
  /** Units waiting for the limit at this moment. */
  waiting = 0;
  private readonly isLevel: boolean;
  private level = 0;
  /** Only whole multiples of the capacity so far: their areas are exact sums however time is cut, and what is set again can wait. */
  private isWhole = true;
  private second = Number.NEGATIVE_INFINITY;
  private usedInSecond = 0;
  private peak = 0;
  private peakWaiting = 0;
  private firstRefusedUs = Number.NaN;
  private lastRefusedUs = Number.NaN;
  /** Share of capacity per bin and refusals per bin, for `explain`. */
  private readonly binUs: number;
  private readonly ratios: Float64Array;
  private readonly refusals: Float64Array;
  /** Share of capacity times microseconds, per bin: a moment's mean use. */
  private readonly areas: Float64Array;
  private readonly horizonUs: number;
  /** Time up to which a level has been added to `areas`. */
  private settledUs = 0;
  /** The bin found last, and the times that fall into it. */
  private bin = 0;
  private binStartUs = Number.POSITIVE_INFINITY;
  private binEndUs = Number.NEGATIVE_INFINITY;

  /** `bins` equal bins over `horizonUs` from time zero. */
  constructor(declaration: LimitDeclaration, node: string | null, horizonUs: number, bins = 480) {
    this.declaration = declaration;
    this.isLevel = declaration.kind === 'level';
    this.node = node;
    this.capacity = declaration.capacity;
    this.binUs = Math.max(1, Math.ceil(horizonUs / bins));
    this.ratios = new Float64Array(bins);
    this.refusals = new Float64Array(bins);
    this.areas = new Float64Array(bins);
    this.horizonUs = horizonUs;
  }

  /** Uses `amount` of a rate limit now. */
  use(nowUs: number, amount: number): void {
    if (nowUs < 0) return;
    const second = Math.floor(nowUs / SECOND_US);
    if (second !== this.second) {
      this.second = second;
      this.usedInSecond = 0;
    }
    this.usedInSecond += amount;
    this.areas[this.binOf(nowUs)]! += (amount / this.capacity) * SECOND_US;
    this.note(nowUs, this.usedInSecond / this.capacity);
  }

  /** Sets the level of a level limit. */
  set(nowUs: number, level: number): void {
    const { settledUs, bin, ratios, capacity } = this;
    if (level === this.level && this.isWhole && nowUs < this.binEndUs && settledUs >= this.binStartUs) return;
    if (nowUs >= settledUs && nowUs < this.binEndUs && settledUs >= this.binStartUs && this.isLevel) {
      // The usual case: the last change and this one lie in the same bin.
      const held = this.level / capacity;
      const ratio = level / capacity;
      this.areas[bin]! += held * (nowUs - settledUs);
      this.settledUs = nowUs;
      this.level = level;
      if (this.isWhole) this.isWhole = Number.isInteger(ratio);
      if (held > ratios[bin]!) ratios[bin] = held;
      if (ratio > ratios[bin]!) ratios[bin] = ratio;
      if (ratio > this.peak) this.peak = ratio;
    } else this.setAcross(nowUs, level);
  }

  private setAcross(nowUs: number, level: number): void {
    if (this.isLevel) this.settle(nowUs);
    this.level = level;
    if (this.isWhole) this.isWhole = Number.isInteger(level / this.capacity);
    if (nowUs >= 0) this.note(nowUs, level / this.capacity);
  }

  /** Time zero: the level and the queue that the pre-roll has left are the first that count. */
  startRecording(nowUs: number): void {
    this.note(nowUs, this.level / this.capacity);
    this.peakWaiting = this.waiting;
  }

  /** Books `amount` units refused by this limit. */
  refuse(nowUs: number, amount: number): void {
    if (nowUs < 0) return;
    this.refused += amount;
    if (Number.isNaN(this.firstRefusedUs)) this.firstRefusedUs = nowUs;
    this.lastRefusedUs = nowUs;
    const bin = this.binOf(nowUs);
    this.refusals[bin]! += amount;
    this.note(nowUs, 1);
  }

  /** Sets how many units wait for this limit. */
  wait(nowUs: number, waiting: number): void {
    this.waiting = waiting;
    if (nowUs >= 0 && waiting > this.peakWaiting) this.peakWaiting = waiting;
  }

  /** Share of capacity in use: of the present level, or of the present second. */
  get ratio(): number {
    return (this.isLevel ? this.level : this.usedInSecond) / this.capacity;
  }

  get peakRatio(): number {
    return this.peak;
  }

  /** Copies the columns that `explain` reads; a level is taken to hold until the horizon. */
  columns(): { binSeconds: number; ratios: Float64Array; means: Float64Array; refusals: Float64Array } {
    if (this.isLevel) this.settle(this.horizonUs);
    const means = this.areas.map((area, bin) => {
      const lengthUs = Math.min(this.binUs, this.horizonUs - bin * this.binUs);
      return lengthUs > 0 ? area / lengthUs : 0;
    });
    return { binSeconds: this.binUs / SECOND_US, ratios: this.ratios.slice(), means, refusals: this.refusals.slice() };
  }

  /** Mean share of capacity used, and units refused, in a bin of `columns()` that is over now. */
  useIn(bin: number): { meanRatio: number; refused: number } {
    const endUs = Math.min(this.horizonUs, (bin + 1) * this.binUs);
    if (this.isLevel) this.settle(endUs);
    const lengthUs = endUs - bin * this.binUs;
    return { meanRatio: lengthUs > 0 ? (this.areas[bin] ?? 0) / lengthUs : 0, refused: this.refusals[bin] ?? 0 };
  }

  summary(): LimitSummary {
    const { declaration } = this;
    return {
      id: declaration.id,
      node: this.node,
      name: declaration.name,
      unit: declaration.unit,
      capacity: declaration.capacity,
      peakRatio: this.peak,
      refused: this.refused,
      waiting: this.peakWaiting,
      source: declaration.source,
      raisable: declaration.raisable,
      ...(Number.isNaN(this.firstRefusedUs)
        ? {}
        : { firstRefusedAt: this.firstRefusedUs / SECOND_US, lastRefusedAt: this.lastRefusedUs / SECOND_US }),
    };
  }

  /** Adds the present level, held since the last change, to the bins it covers. */
  private settle(nowUs: number): void {
    if (nowUs <= this.settledUs) return;
    const ratio = this.level / this.capacity;
    while (ratio > 0 && this.settledUs < nowUs) {
      const bin = this.binOf(this.settledUs);
      const endUs = nowUs < this.binEndUs ? nowUs : this.binEndUs;
      this.areas[bin]! += ratio * (endUs - this.settledUs);
      if (ratio > this.ratios[bin]!) this.ratios[bin] = ratio;
      this.settledUs = endUs;
    }
    this.settledUs = nowUs;
  }

  private note(nowUs: number, ratio: number): void {
    if (ratio > this.peak) this.peak = ratio;
    const bin = this.binOf(nowUs);
    if (ratio > this.ratios[bin]!) this.ratios[bin] = ratio;
  }

  private binOf(nowUs: number): number {
    return nowUs >= this.binStartUs && nowUs < this.binEndUs ? this.bin : this.findBin(nowUs);
  }

  /** The last bin also takes what lies beyond the horizon. */
  private findBin(nowUs: number): number {
    const last = this.ratios.length - 1;
    const bin = Math.min(last, Math.floor(nowUs / this.binUs));
    this.bin = bin;
    this.binStartUs = bin * this.binUs;
    this.binEndUs = bin === last ? Number.POSITIVE_INFINITY : (bin + 1) * this.binUs;
    return bin;
  }
}
