/**
 * Collects runs of records that come over a time into calls, for each of the processes that share a load: a call leaves when it is
 * full or when its first record has waited long enough. The same rules as SizeOrTimeBuffer, for records that are not there yet: the
 * first record of a call is set apart at its instant, the others are cut at the moment the call leaves.
 *
 * O(1) per run, process and call; one pending event for each process that waits. No allocation after the first calls.
 */
import type { Flow } from '#engine/flow/flow.ts';
import { FLAG_PACED, NONE, ParcelList } from '#engine/flow/parcels.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';

/** Of so many records, the first and the last of a call are a notable share: they keep their instants. */
const FEW_IN_CALL = 64;

export interface CellLimits {
  readonly maxRecords: number;
  readonly maxWaitUs: number;
}

/**
 * Told of records that have waited: over [fromUs, toUs], `area` = their number times microseconds; `leaving` of them leave now, and
 * are no longer among those held.
 */
export type WaitListener = (fromUs: number, toUs: number, area: number, leaving: number) => void;

/** The call in preparation of one process. */
interface Place {
  /** What has come and what is to come, in order. */
  readonly coming: ParcelList;
  /** When its first record came or comes, microseconds; NaN before that is known. */
  openedUs: number;
  /** How many waited when that was told last, and when; NaN before that of this call. */
  toldUs: number;
  told: number;
  /** What was told of this call so far, records times microseconds. */
  area: number;
  /** Its first record, if that was set apart and has no size and no key of its own yet; NONE otherwise. */
  first: number;
  /** Pending event, NONE without. */
  timer: number;
  /** When the event is due, and how many records then leave; 0: as many as have come. */
  dueUs: number;
  dueRecords: number;
}

export class CellBuffers {
  private readonly kernel: Kernel;
  private readonly flow: Flow;
  private readonly limits: CellLimits;
  private readonly onFlush: (held: ParcelList) => void;
  private readonly onWaited: WaitListener | undefined;
  private readonly places: Place[];
  private readonly weights: Float64Array;
  private readonly counts: Float64Array;
  private readonly leaving: ParcelList;
  private readonly isFew: boolean;
  private readonly onDue: number;

  /** `producers`: processes that share the load, >= 1.  */
  constructor(
    kernel: Kernel,
    flow: Flow,
    producers: number,
    limits: CellLimits,
    onFlush: (held: ParcelList) => void,
    onWaited?: WaitListener,
  ) {
    this.kernel = kernel;
    this.flow = flow;
    this.limits = limits;
    this.isFew = limits.maxRecords <= FEW_IN_CALL;
    this.onFlush = onFlush;
    this.onWaited = onWaited;
    this.places = Array.from({ length: producers }, () => ({
      coming: new ParcelList(flow.store),
      openedUs: Number.NaN,
      toldUs: Number.NaN,
      told: 0,
      area: 0,
      first: NONE,
      timer: NONE,
      dueUs: 0,
      dueRecords: 0,
    }));
    this.weights = new Float64Array(producers).fill(1);
    this.counts = new Float64Array(producers);
    this.leaving = new ParcelList(flow.store);
    this.onDue = kernel.register((place) => this.leave(this.places[place]));
  }

  /** Records that wait by now, those that come over a time in proportion. O(processes). */
  get heldRecords(): number {
    let held = 0;
    for (const place of this.places) held += this.heldBy(place);
    return Math.round(held);
  }

  private heldBy({ coming, openedUs, dueUs, dueRecords }: Place): number {
    const { nowUs } = this.kernel;
    const { store } = this.flow;
    if (dueRecords > 0) {
      // A full call is known to hold one record less until its last one comes.
      if (openedUs > nowUs) return 0;
      return 1 + (dueUs > openedUs ? ((nowUs - openedUs) / (dueUs - openedUs)) * (dueRecords - 2) : 0);
    }
    let held = 0;
    for (let p = coming.head; p !== NONE && store.a0[p] <= nowUs; p = store.next[p]) {
      const past = nowUs - store.a0[p];
      held += past >= store.span[p] ? store.records[p] : (store.records[p] * past) / store.span[p];
    }
    return held;
  }

  /** Tells of what has waited since that was told last: from one to the other number, evenly. */
  private tell(place: Place, held: number): void {
    const { nowUs } = this.kernel;
    const { openedUs, toldUs, told } = place;
    if (this.onWaited === undefined || !(openedUs <= nowUs)) return;
    const isFirst = Number.isNaN(toldUs);
    const fromUs = isFirst ? openedUs : toldUs;
    const area = (((isFirst ? 1 : told) + held) / 2) * (nowUs - fromUs);
    place.toldUs = nowUs;
    place.told = held;
    place.area += area;
    this.onWaited(fromUs, nowUs, area, 0);
  }

  /** Tells of the rest when the call leaves: now it is known how long its records have waited, `waited` microseconds together. */
  private tellLast(place: Place, waited: number, leaving: number): void {
    const { nowUs } = this.kernel;
    const { area, openedUs, toldUs } = place;
    if (this.onWaited !== undefined && openedUs <= nowUs) {
      this.onWaited(Number.isNaN(toldUs) ? openedUs : toldUs, nowUs, waited - area, leaving);
    }
    place.openedUs = Number.NaN;
    place.toldUs = Number.NaN;
    place.area = 0;
  }

  /** Takes a run of records that come from now on, after those taken before. */
  add(p: number): void {
    const { counts, flow, places, weights } = this;
    for (const place of places) this.tell(place, this.heldBy(place));
    if (places.length === 1) {
      this.give(places[0], 0, p);
      return;
    }
    flow.runs.divide(p, weights, counts);
    let left = flow.store.units[p];
    for (let i = 0; i < places.length && left > 0; i++) {
      const n = counts[i];
      if (n === 0) continue;
      this.give(places[i], i, n < left ? flow.runs.part(p, n) : p);
      left -= n;
    }
  }

  /** Takes a record that comes now, of one of the processes. */
  addOne(p: number, index: number): void {
    const place = this.places[index];
    this.tell(place, this.heldBy(place));
    this.flow.store.a0[p] = this.kernel.nowUs;
    this.flow.store.span[p] = 0;
    this.give(place, index, p);
  }

  private give(place: Place, index: number, p: number): void {
    place.coming.push(p);
    this.plan(place, index);
  }

  /** Sets the event at which the call leaves, as far as it is known. */
  private plan(place: Place, index: number): void {
    const { kernel, limits } = this;
    const { coming } = place;
    if (coming.head === NONE) return;
    if (Number.isNaN(place.openedUs)) place.openedUs = this.open(place);
    const endUs = place.openedUs + limits.maxWaitUs;
    const fullUs = coming.records >= limits.maxRecords ? this.whenFull(coming) : Number.POSITIVE_INFINITY;
    // Events are on whole microseconds: at the first one by which it has come.
    const dueUs = Math.max(kernel.nowUs, Math.ceil(Math.min(endUs, fullUs)));
    place.dueRecords = fullUs <= endUs ? limits.maxRecords : 0;
    if (place.timer !== NONE && place.dueUs === dueUs) return;
    if (place.timer !== NONE) kernel.cancel(place.timer);
    place.dueUs = dueUs;
    place.timer = kernel.at(dueUs, this.onDue, index, 0, PRIORITY_TIMER);
  }

  /** Sets the first record apart; returns when it comes. */
  private open(place: Place): number {
    const { coming } = place;
    const { runs, store } = this.flow;
    if (store.span[coming.head] === 0) return store.a0[coming.head];
    const rest = coming.shift();
    const first = runs.setFirstApart(rest);
    if (first !== rest) {
      coming.pushFront(rest);
      place.first = first;
    }
    coming.pushFront(first);
    return store.a0[first];
  }

  /**
   * When the call is full, microseconds: the run in which that happens is cut there. A record that comes while a run before it is
   * still coming is taken after the run, so the call is not full before that has come.
   */
  private whenFull(coming: ParcelList): number {
    const { runs, store } = this.flow;
    let missing = this.limits.maxRecords;
    let p = coming.head;
    let beforeUs = Number.NEGATIVE_INFINITY;
    while (store.units[p] < missing) {
      missing -= store.units[p];
      const lastUs = store.a0[p] + store.span[p];
      if (lastUs > beforeUs) beforeUs = lastUs;
      p = store.next[p];
    }
    const fullUs = store.span[p] === 0 ? store.a0[p] : store.a0[p] + runs.placeOf(p, missing);
    return fullUs > beforeUs ? fullUs : beforeUs;
  }

  /**
   * By how much later a run begins that fills a call: its last record came at its very end, so in the mean the n records lie at 1/n,
   * 2/n ... of the interval. (Spread over all of it they would wait n / (n - 1) times too long.)
   */
  private lateBy(p: number): number {
    const { store } = this.flow;
    return (store.flags[p] & FLAG_PACED) === 0 ? (store.e1[p] - store.e0[p]) / store.units[p] : 0;
  }

  /** The call leaves, with what has come by now. */
  private leave(place: Place): void {
    const { kernel, flow, leaving } = this;
    const { runs, store } = flow;
    const { coming } = place;
    const index = this.places.indexOf(place);
    let missing = place.dueRecords > 0 ? place.dueRecords : this.limits.maxRecords;
    const isFull = place.dueRecords > 0;
    place.timer = NONE;
    let last = NONE;
    let alone = NONE;
    let lateUs = 0;
    let waited = 0;
    while (coming.head !== NONE && missing > 0 && store.a0[coming.head] <= kernel.nowUs) {
      const p = coming.shift();
      const comesUs = store.a0[p] - store.e0[p];
      let q = p;
      if (place.dueRecords > 0) q = store.units[p] > missing ? runs.cutBoth(p, missing, kernel.nowUs) : p;
      else if (store.span[p] > 0) q = runs.cutAt(p, kernel.nowUs, store.units[p] >= missing ? missing : 0);
      if (q !== p) coming.pushFront(p);
      if (q === NONE) break;
      runs.endAt(q, kernel.nowUs);
      if (isFull && !this.isFew && store.units[q] === missing) lateUs = this.lateBy(q);
      if (store.units[q] > missing) {
        // More have come than fit: those go with the next call.
        const fitting = runs.cut(q, missing);
        coming.pushFront(q);
        q = fitting;
      }
      missing -= store.units[q];
      let end = NONE;
      if (isFull && missing === 0 && this.isFew && store.units[q] > 1) {
        end = q;
        q = runs.splitLast(end);
        this.release(end);
      }
      // The last of a full call has not waited.
      waited += store.units[q] * (kernel.nowUs - comesUs - (store.e0[q] + lateUs + store.e1[q]) / 2);
      this.release(q);
      if (last === NONE && store.units[q] === 1) alone = q;
      last = this.collect(place, last, q);
      if (end !== NONE) last = this.collect(place, last, end);
    }
    // Where the first record begins the run as the last one ends it, both lie where they came.
    if (lateUs > 0 && (last !== alone || store.units[last] === 1)) store.e0[last] += this.lateBy(last);
    if (last !== NONE) this.send(place, last);
    place.dueRecords = 0;
    const { records } = leaving;
    if (records > 0) this.tellLast(place, waited, records);
    else place.openedUs = Number.NaN;
    this.plan(place, index);
    if (leaving.length > 0) this.onFlush(leaving);
  }

  /** It has come, as the others of the call: available from now on. */
  private release(p: number): void {
    const { store } = this.flow;
    const { nowUs } = this.kernel;
    store.a0[p] = nowUs;
    store.span[p] = 0;
    // Not after now, by the last bit of a float.
    store.e1[p] = Math.min(store.e1[p], nowUs);
    store.e0[p] = Math.min(store.e0[p], nowUs);
  }

  /** Puts `q` behind `last`, as one run if that makes no difference; returns which of them may still grow. */
  private collect(place: Place, last: number, q: number): number {
    if (last === NONE) return q;
    const { runs, store } = this.flow;
    const isBetween = store.units[q] > 1 && (store.units[last] > 1 || store.units[q] >= FEW_IN_CALL);
    if (isBetween && runs.joins.join(last, q)) return last;
    this.send(place, last);
    return q;
  }

  /** It leaves as it is: the first record of a call that was not joined to the others is settled. */
  private send(place: Place, p: number): void {
    const { runs, store } = this.flow;
    if (p === place.first) {
      if (store.units[p] === 1) runs.settle(p);
      place.first = NONE;
    }
    this.leaving.push(p);
  }
}
