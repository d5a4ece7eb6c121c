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
 * - `joinAll`: records of several processes whose intervals overlap. They become three runs: one for the time of the call that began
 *   first, one for that of the call that ended last, in which the others begin and end, and one for the time between, if the records of
 *   it could be random instants: if the test of Kolmogorov and Smirnov on as many records would not tell (5 %). Otherwise halves are tried.
 *   The oldest and the newest record keep their age, and so does any number of records up to the share of one call in a batch. Their
 *   order becomes that of their creation: off by no more than a call takes.
 *
 * O(1) per run for `join`, O(8) for `joinAll`.
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
const MOST_COMPARED = 8;
/** Runs that runs are joined to: while the calls of all processes begin, meanwhile, and while they end. */
const PARTS = 3;
/** Fewer runs are not worth it. */
const FEWEST = 4;

export class RunJoins {
  private readonly store: ParcelStore;
  private readonly details: RunDetails;
  private readonly cut: (p: number, k: number) => number;
  /** Per load: the identity that the next joined record gets. */
  private readonly next: number[] = [];

  /** `cut`: takes the first k units off a run, see Runs. */
  constructor(store: ParcelStore, details: RunDetails, cut: (p: number, k: number) => number) {
    this.store = store;
    this.details = details;
    this.cut = cut;
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
    if (to - from < FEWEST) {
      for (let i = from; i < to; i++) units[kept++] = units[i]!;
      return kept;
    }
    if (this.joinAtOnce(units, from, to)) {
      for (let i = from; i < from + PARTS; i++) units[kept++] = units[i]!;
      return kept;
    }
    const middle = (from + to) >> 1;
    return this.joinRange(units, middle, to, this.joinRange(units, from, middle, kept));
  }

  /** Makes three runs of [from, to), in the first places, where those stand for them. */
  private joinAtOnce(units: Int32Array, from: number, to: number): boolean {
    const { store } = this;
    const p = units[from]!;
    let records = 0;
    let first = p;
    let last = p;
    for (let i = from; i < to; i++) {
      const q = units[i]!;
      records += store.records[q]!;
      if (store.e0[q]! < store.e0[first]!) first = q;
      if (store.e1[q]! > store.e1[last]!) last = q;
    }
    const beginUs = store.e0[first]!;
    const endUs = store.e1[last]!;
    const secondUs = store.e1[first]!;
    const thirdUs = store.e0[last]!;
    if (thirdUs <= secondUs || !this.details.haveSameKeys(store.load[p]!, beginUs, endUs)) return false;
    const head = Math.round(this.createdBy(units, from, to, secondUs));
    const tail = records - Math.round(this.createdBy(units, from, to, thirdUs));
    if (head < 1 || tail < 1 || head + tail >= records) return false;
    if (!this.areEven(units, from, to, secondUs, thirdUs, head, records - tail, records)) return false;
    const entity = this.identities(store.load[p]!, records);
    if (entity === NONE) return false;
    for (let i = from + 1; i < to; i++) this.takeWithin(p, units[i]!);
    store.entity[p] = entity;
    const headRun = this.cut(p, head);
    const middleRun = this.cut(p, records - head - tail);
    this.place(headRun, beginUs, secondUs);
    this.place(middleRun, secondUs, thirdUs);
    this.place(p, thirdUs, endUs);
    units[from] = headRun;
    units[from + 1] = middleRun;
    units[from + 2] = p;
    return true;
  }

  /** A run keeps the interval in which it was created; a single record has its instant there already, or gets the middle. */
  private place(p: number, e0: number, e1: number): void {
    const { store } = this;
    const isSingle = store.records[p] === 1;
    store.e0[p] = isSingle ? (e0 + e1) / 2 : e0;
    store.e1[p] = isSingle ? store.e0[p]! : e1;
  }

  /** Whether the records between the two moments could be as many random instants of that time. `head`, `until`: created by then. */
  private areEven(
    units: Int32Array,
    from: number,
    to: number,
    secondUs: number,
    thirdUs: number,
    head: number,
    until: number,
    records: number,
  ): boolean {
    const { store } = this;
    const largest = SMIRNOV * Math.sqrt(records);
    for (let i = from; i < to; i++) {
      const us = store.e1[units[i]!]!;
      if (us <= secondUs || us >= thirdUs) continue;
      const expected = head + (until - head) * shareBy(us, secondUs, thirdUs);
      if (Math.abs(this.createdBy(units, from, to, us) - expected) > largest) return false;
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

  /** Adds the records of `q`, and the time over which they became available. */
  private takeWithin(p: number, q: number): void {
    const { store } = this;
    const untilUs = Math.max(store.a0[p]! + store.span[p]!, store.a0[q]! + store.span[q]!);
    store.a0[p] = Math.min(store.a0[p]!, store.a0[q]!);
    store.span[p] = untilUs - store.a0[p]!;
    this.take(p, q);
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
