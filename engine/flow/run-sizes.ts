/**
 * Sizes of the units of runs, as far as they matter: a run carries its bytes as a sum. Records have the sizes that their workload drew
 * for their identities, scaled to the mean of the run; units of many records deviate as a normal sum.
 *
 * O(1) for sums and steps of a bill; nothing is allocated.
 */
import type { DrawStream } from '#engine/kernel/draws.ts';
import { normalQuantile } from '#engine/kernel/normal.ts';
import { NONE, type ParcelStore } from './parcels.ts';
import type { RunDetails } from './run-details.ts';

/** Standard deviations of a unit's size beyond which no step of a bill is looked for. */
const FAR_DEVIATIONS = 5;
/** Units that are looked at for their steps. */
const MOST_LOOKED_AT = 8;
/** Records whose sizes are added one by one. */
const FEW = 16;
/** Draws of `shares` that round and that make sums of sizes; below them are those of multinomial shares. */
const ROUNDING_DRAW = 1_048_576;
const SIZE_DRAW = 1_048_577;

export class RunSizes {
  private readonly store: ParcelStore;
  private readonly details: RunDetails;
  private readonly shares: DrawStream;

  /** `shares`: draws keyed by the first identity of a run. */
  constructor(store: ParcelStore, details: RunDetails, shares: DrawStream) {
    this.store = store;
    this.details = details;
    this.shares = shares;
  }

  /** Whether records of the parcel may differ in size. */
  vary(p: number): boolean {
    return this.details.variation(this.store.load[p]!, this.store.entity[p]!) > 0;
  }

  /** Begun `unitBytes` of all units of the parcel together, each unit with `extraBytes` more. */
  ceilUnits(p: number, unitBytes: number, extraBytes: number): number {
    const { store } = this;
    const n = store.units[p]!;
    const mean = store.bytes[p]! / n + extraBytes;
    if (n === 1) return Math.ceil((this.drawnBytes(p) + extraBytes) / unitBytes);
    if (store.records[p] !== n) return this.ceilGroups(p, mean, unitBytes, extraBytes);
    return this.wholeNear(p, n * this.details.meanCeil(store.load[p]!, mean, unitBytes));
  }

  /** As `ceilUnits`, for units of several records: those of a few are looked at where they may lie on both sides of a step. */
  private ceilGroups(p: number, mean: number, unitBytes: number, extraBytes: number): number {
    const { store } = this;
    const n = store.units[p]!;
    const each = store.records[p]! / n;
    const spread = FAR_DEVIATIONS * this.details.variation(store.load[p]!, store.entity[p]!) * (mean / Math.sqrt(each));
    const most = Math.ceil((mean + spread) / unitBytes);
    if (Math.ceil(Math.max(1, mean - spread) / unitBytes) === most) return n * most;
    const looked = Math.min(n, MOST_LOOKED_AT);
    let sum = 0;
    for (let i = 0; i < looked; i++) sum += Math.ceil((this.sizeOf(p, i) + extraBytes) / unitBytes);
    return looked === n ? sum : this.wholeNear(p, (sum * n) / looked);
  }

  /** Size of unit `i` of a run, bytes: of the records that it holds, as their workload drew them. */
  sizeOf(p: number, i: number): number {
    const { store } = this;
    const each = store.records[p]! / store.units[p]!;
    if (each === 1)
      return this.details.bytesOf(store.load[p]!, store.entity[p]! + i, store.bytes[p]! / store.units[p]!);
    return this.sumOf(p, i * each, each);
  }

  /** Bytes of all records of a parcel together, as their workload drew them: `bytes` is the share of a larger run, and varies less. */
  drawnBytes(p: number): number {
    const { store } = this;
    const isAlike = store.records[p]! > 1 && store.child[p] === NONE;
    return isAlike ? this.sumOf(p, 0, store.records[p]!) : store.bytes[p]!;
  }

  /**
   * `drawnBytes` of all parcels from `head` on together: where many records deviate as a normal sum, one deviation is drawn for all of
   * them.
   */
  drawnSum(head: number): number {
    const { store, details } = this;
    let sum = 0;
    let normal = NONE;
    let variance = 0;
    for (let p = head; p !== NONE; p = store.next[p]!) {
      const count = store.records[p]!;
      if (count <= FEW || store.child[p] !== NONE) {
        sum += this.drawnBytes(p);
        continue;
      }
      normal = p;
      sum += store.bytes[p]!;
      const deviation = (details.variation(store.load[p]!, store.entity[p]!) * store.bytes[p]!) / count;
      variance += count * deviation * deviation;
    }
    if (normal === NONE) return sum;
    const z = normalQuantile(this.shares.uniformPair(store.entity[normal]!, SIZE_DRAW));
    return Math.max(1, Math.round(sum + z * Math.sqrt(variance)));
  }

  /** Whether `drawnBytes` adds up the very sizes that the records have where they are taken apart. */
  isDrawnSingly(p: number): boolean {
    return this.store.records[p]! <= FEW;
  }

  /** Bytes of `count` records of a run: of a few, those of each; of many, the deviation from the mean is a normal one. */
  private sumOf(p: number, from: number, count: number): number {
    const { store, details } = this;
    const load = store.load[p]!;
    const mean = store.bytes[p]! / store.records[p]!;
    const first = store.entity[p]! + from;
    let sum = 0;
    if (count > FEW) {
      const z = normalQuantile(this.shares.uniformPair(first, SIZE_DRAW));
      sum = Math.round(count * mean + z * details.variation(load, first) * mean * Math.sqrt(count));
    } else for (let i = 0; i < count; i++) sum += details.bytesOf(load, first + i, mean);
    return Math.max(1, sum);
  }

  /** One of the whole numbers beside `value`, whose mean it is: always the same for a run. */
  private wholeNear(p: number, value: number): number {
    const whole = Math.floor(value);
    const share = value - whole;
    return share > 0 && this.shares.uniformPair(this.store.entity[p]!, ROUNDING_DRAW) < share ? whole + 1 : whole;
  }
}
