/**
 * Joins runs that differ in nothing but their records: every hop pays by the run, and what a call collects over some seconds, or a
 * batch over some calls, is a run for each.
 *
 * Nobody may hold a run that is joined by handle. Its records have consecutive identities, so joined ones get new ones, which no
 * record had before: keys, sizes and whatever else is drawn about them are drawn anew, by the same law.
 *
 * - `join`: records of one process that were created one after the other, at a rate that chance alone could have made of one and the
 *   same. Together they are as many random instants of the whole interval: a random load keeps its law. Where the rate did change,
 *   by less than chance does, the mean age of the joined records is off by at most four times its own standard error.
 * - `joinAll`: records of several processes whose intervals overlap. They get one interval of the same mean and deviation, where the
 *   test of Kolmogorov and Smirnov on as many records would not tell it from what they had (5 %); otherwise they are joined by halves.
 *
 * O(1) per run for `join`, O(16) for `joinAll`.
 */
import { FIRST_DERIVED, FIRST_JOINED } from '#engine/workload/entities.ts';
import { FLAG_PACED, KEY_MIXED, NONE, type ParcelStore } from './parcels.ts';
import type { RunDetails } from './run-details.ts';

/** Time between two runs that follow each other: cuts are on whole microseconds. */
const LARGEST_GAP_US = 2;
/** Standard deviations by which the numbers of two runs of one rate may differ from their shares of the time. */
const DEVIATIONS = 4;
/** Largest difference of two distributions that n records do not show, times the root of n (Kolmogorov and Smirnov, 5 %). */
const SMIRNOV = 1.36;
/** Runs that are compared with each other at most. */
const MOST_COMPARED = 16;

export class RunJoins {
  private readonly store: ParcelStore;
  private readonly details: RunDetails;
  /** Per load: the identity that the next joined record gets. */
  private readonly next: number[] = [];

  constructor(store: ParcelStore, details: RunDetails) {
    this.store = store;
    this.details = details;
  }

  /**
   * Joins `q`, which came after `p`, to it where that may be done: then `p` holds the records of both, and `q` is gone. Returns
   * whether it was. Both are free-standing, in no list, and available at the same moment.
   */
  join(p: number, q: number): boolean {
    const { store } = this;
    const isOneMoment = store.span[p] === 0 && store.span[q] === 0 && store.a0[p] === store.a0[q];
    if (!isOneMoment || !this.isFresh(p) || !this.isFresh(q) || !this.areAlike(p, q) || !this.follows(p, q))
      return false;
    const records = store.records[p]! + store.records[q]!;
    const isNext = store.entity[p]! + store.records[p]! === store.entity[q];
    const entity = isNext ? store.entity[p]! : this.identities(store.load[p]!, records);
    if (entity === NONE) return false;
    store.e1[p] = store.e1[q]!;
    this.take(p, q);
    store.entity[p] = entity;
    return true;
  }

  /**
   * Joins the first `count` of `units`, which are free-standing and available by now, as far as may be done; those that are left
   * keep their order. Returns their number.
   */
  joinAll(units: Int32Array, count: number): number {
    let kept = 0;
    for (let from = 0; from < count; ) {
      let to = from + 1;
      if (this.isJoinable(units[from]!)) {
        const most = Math.min(count, from + MOST_COMPARED);
        while (to < most && this.isJoinable(units[to]!) && this.areAlike(units[from]!, units[to]!)) to += 1;
      }
      kept = this.joinRange(units, from, to, kept);
      from = to;
    }
    return kept;
  }

  /** Joins [from, to) of the units, or its halves, and writes what is left from `kept` on; returns where that ends. */
  private joinRange(units: Int32Array, from: number, to: number, kept: number): number {
    if (to === from + 1) {
      units[kept] = units[from]!;
      return kept + 1;
    }
    if (this.joinAtOnce(units, from, to)) return this.joinRange(units, from, from + 1, kept);
    const middle = (from + to) >> 1;
    return this.joinRange(units, middle, to, this.joinRange(units, from, middle, kept));
  }

  /** Joins all of [from, to) to the first of them where one interval stands for theirs. */
  private joinAtOnce(units: Int32Array, from: number, to: number): boolean {
    const { store } = this;
    const p = units[from]!;
    let records = 0;
    let firstUs = store.e0[p]!;
    let lastUs = store.e1[p]!;
    let moment = 0;
    const baseUs = firstUs;
    for (let i = from; i < to; i++) {
      const q = units[i]!;
      const n = store.records[q]!;
      records += n;
      firstUs = Math.min(firstUs, store.e0[q]!);
      lastUs = Math.max(lastUs, store.e1[q]!);
      moment += (n * (store.e0[q]! + store.e1[q]! - 2 * baseUs)) / 2;
    }
    if (!this.details.haveSameKeys(store.load[p]!, firstUs, lastUs)) return false;
    const meanUs = baseUs + moment / records;
    const halfUs = Math.sqrt(3 * this.varianceOf(units, from, to, meanUs, records));
    const e0 = Math.max(firstUs, meanUs - halfUs);
    const e1 = Math.min(lastUs, meanUs + halfUs);
    if (!this.isLike(units, from, to, e0, e1, records)) return false;
    const entity = this.identities(store.load[p]!, records);
    if (entity === NONE) return false;
    for (let i = from + 1; i < to; i++) {
      const q = units[i]!;
      const untilUs = Math.max(store.a0[p]! + store.span[p]!, store.a0[q]! + store.span[q]!);
      store.a0[p] = Math.min(store.a0[p]!, store.a0[q]!);
      store.span[p] = untilUs - store.a0[p]!;
      this.take(p, q);
    }
    store.entity[p] = entity;
    store.e0[p] = e0;
    store.e1[p] = e1;
    return true;
  }

  private varianceOf(units: Int32Array, from: number, to: number, meanUs: number, records: number): number {
    const { store } = this;
    let sum = 0;
    for (let i = from; i < to; i++) {
      const q = units[i]!;
      const width = store.e1[q]! - store.e0[q]!;
      const off = (store.e0[q]! + store.e1[q]!) / 2 - meanUs;
      sum += store.records[q]! * ((width * width) / 12 + off * off);
    }
    return sum / records;
  }

  /** Whether the records could be as many random instants of [e0, e1]. */
  private isLike(units: Int32Array, from: number, to: number, e0: number, e1: number, records: number): boolean {
    if (e1 <= e0) return false;
    const { store } = this;
    const largest = SMIRNOV * Math.sqrt(records);
    for (let i = from; i < to; i++) {
      const q = units[i]!;
      if (Math.abs(this.createdBy(units, from, to, store.e0[q]!) - records * shareBy(store.e0[q]!, e0, e1)) > largest)
        return false;
      if (Math.abs(this.createdBy(units, from, to, store.e1[q]!) - records * shareBy(store.e1[q]!, e0, e1)) > largest)
        return false;
    }
    return true;
  }

  /** Records created by a moment, in the mean. */
  private createdBy(units: Int32Array, from: number, to: number, untilUs: number): number {
    const { store } = this;
    let sum = 0;
    for (let i = from; i < to; i++) {
      const q = units[i]!;
      sum += store.records[q]! * shareBy(untilUs, store.e0[q]!, store.e1[q]!);
    }
    return sum;
  }

  /** Adds the records of `q` to `p` and frees it; interval and identity are the caller's matter. */
  private take(p: number, q: number): void {
    const { store } = this;
    if (store.key[q] === KEY_MIXED) {
      store.key[p] = KEY_MIXED;
      store.r0[p] = store.r0[q]!;
      store.r1[p] = store.r1[q]!;
    }
    store.flags[p]! &= store.flags[q]!;
    store.units[p]! += store.units[q]!;
    store.bytes[p]! += store.bytes[q]!;
    store.records[p]! += store.records[q]!;
    store.release(q);
  }

  private isJoinable(p: number): boolean {
    const { store } = this;
    return store.flags[p] === 0 && store.e1[p]! > store.e0[p]! && this.isFresh(p);
  }

  /** Plain records that have done nothing so far. */
  private isFresh(p: number): boolean {
    const { store } = this;
    return (
      store.child[p] === NONE &&
      store.origin[p] === NONE &&
      (store.flags[p]! & ~FLAG_PACED) === 0 &&
      store.records[p] === store.units[p] &&
      store.effects[p] === 0 &&
      store.attempts[p] === 0
    );
  }

  private areAlike(p: number, q: number): boolean {
    const { store } = this;
    return store.load[p] === store.load[q] && store.owner[p] === store.owner[q] && this.haveKeysAlike(p, q);
  }

  /** One key, or one stretch of the ring. A single record has a key of its own: it is as good as any where all are possible. */
  private haveKeysAlike(p: number, q: number): boolean {
    const { store } = this;
    if (store.key[p] !== store.key[q]) return this.mayHaveAny(p, q) || this.mayHaveAny(q, p);
    return store.key[p] !== KEY_MIXED || (store.r0[p] === store.r0[q] && store.r1[p] === store.r1[q]);
  }

  private mayHaveAny(single: number, run: number): boolean {
    const { store } = this;
    return store.records[single] === 1 && store.key[run] === KEY_MIXED && store.r0[run] === 0 && store.r1[run] === 1;
  }

  /** The records of `q` come after those of `p`, at the same rate as far as their numbers tell, with keys of the same law. */
  private follows(p: number, q: number): boolean {
    const { store } = this;
    const beginUs = store.e0[p]!;
    const endUs = store.e1[q]!;
    if (Math.abs(store.e0[q]! - store.e1[p]!) > LARGEST_GAP_US) return false;
    if (!this.details.haveSameKeys(store.load[p]!, beginUs, endUs)) return false;
    if (store.records[p] === 1) return true;
    const share = (store.e1[p]! - beginUs) / (endUs - beginUs);
    const n = store.records[p]! + store.records[q]!;
    const off = store.records[p]! - n * share;
    return off * off <= DEVIATIONS * DEVIATIONS * (n * share * (1 - share) + 1);
  }

  private identities(load: number, count: number): number {
    const entity = this.next[load] ?? FIRST_JOINED;
    if (entity + count > FIRST_DERIVED) return NONE;
    this.next[load] = entity + count;
    return entity;
  }
}

/** Share of an interval that lies before a moment. */
function shareBy(us: number, e0: number, e1: number): number {
  if (us >= e1) return 1;
  return us <= e0 ? 0 : (us - e0) / (e1 - e0);
}
