/**
 * Runs: parcels that stand for several alike units, and the only code that cuts them.
 *
 * A run has `units` > 1 and no packed records of its own kind: each unit holds `records / units` records (a whole number) and
 * `bytes / units` bytes on average. Its records have consecutive identities from `entity` on; its units were created over
 * [e0, e1] and become available over [a0, a0 + span], in the same order. How many lie before a moment is drawn binomially, and
 * both sides take the conditional interval, also when one of them is empty (forgetting that makes ages too long at low rates).
 * Runs move whole through every hop that takes them; where something must look at single units they are scattered or split.
 *
 * Cutting is O(1), scattering O(units). Draws are keyed by the first identity of the run and by the time of the cut.
 */
import { binomial, multinomial } from '#engine/kernel/discrete.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { orderedPlace } from './ordered-place.ts';
import { FLAG_PACED, KEY_MIXED, NONE, type ParcelList, type ParcelStore } from './parcels.ts';
import { noDetails, type RunDetails } from './run-details.ts';
import { RunJoins } from './run-joins.ts';
import { RunParts } from './run-parts.ts';
import { RunSizes } from './run-sizes.ts';

/** Draws set aside for one cut. */
const DRAWS_PER_CUT = 64;
const MS_US = 1000;
/** Where in its equal part of the span each unit of a paced run comes. */
const PACED_PLACE = 0.5;

export class Runs {
  /** Joins what differs in nothing but its records. */
  readonly joins: RunJoins;
  private readonly store: ParcelStore;
  private readonly details: RunDetails;
  private readonly cuts: DrawStream;
  private readonly parts: DrawStream;
  private readonly shares: DrawStream;
  private readonly places: DrawStream;
  private readonly content: RunParts;
  readonly sizes: RunSizes;
  private readonly singles: number[] = [];
  private made = false;

  constructor(store: ParcelStore, seed: number, details: RunDetails = noDetails) {
    this.store = store;
    this.details = details;
    this.joins = new RunJoins(store, details, (p, k) => this.cut(p, k));
    this.cuts = new DrawStream(seed, 'runs', 'cut');
    this.parts = new DrawStream(seed, 'runs', 'part');
    this.shares = new DrawStream(seed, 'runs', 'share');
    this.places = new DrawStream(seed, 'runs', 'place');
    this.sizes = new RunSizes(store, details, this.shares);
    this.content = new RunParts(store, details, this.sizes);
  }

  /** Some run was made since the beginning. */
  get hasAny(): boolean {
    return this.made;
  }

  /** A run has been made by a workload. */
  noteMade(p: number): void {
    this.made = true;
    this.content.settleKey(p);
  }

  /** Several alike units in one parcel that has not been taken apart. */
  isRun(p: number): boolean {
    const { store } = this;
    return store.units[p]! > 1 && store.child[p] === NONE;
  }

  /** Before this none of the units is available, microseconds. */
  earliestUs(p: number): number {
    const { store } = this;
    const isPaced = (store.flags[p]! & FLAG_PACED) !== 0;
    return isPaced ? store.a0[p]! + (store.span[p]! * PACED_PLACE) / store.units[p]! : store.a0[p]!;
  }

  /** When the last unit is available, microseconds. */
  lastUs(p: number): number {
    return this.store.a0[p]! + this.store.span[p]!;
  }

  /** Units of a run with a span that are available by `cutoffUs`. */
  countBy(p: number, cutoffUs: number): number {
    const { store } = this;
    const n = store.units[p]!;
    const past = cutoffUs - store.a0[p]!;
    const span = store.span[p]!;
    if (past < 0) return 0;
    if (past >= span) return n;
    if ((store.flags[p]! & FLAG_PACED) !== 0) return Math.min(n, Math.floor((n * past) / span + PACED_PLACE));
    return binomial(this.cuts, store.entity[p]!, n, past / span, drawAt(cutoffUs));
  }

  /** As `countBy`, where the `later`-th unit comes at its place: those before it lie anywhere before it. */
  private countBefore(p: number, cutoffUs: number, later: number): number {
    const { store } = this;
    const past = cutoffUs - store.a0[p]!;
    const place = this.placeOf(p, later);
    if ((store.flags[p]! & FLAG_PACED) !== 0 || past >= place) return Math.min(later - 1, this.countBy(p, cutoffUs));
    return binomial(this.cuts, store.entity[p]!, later - 1, past / place, drawAt(cutoffUs));
  }

  /**
   * Takes off what is available by `cutoffUs` and returns it; NONE when that is nothing. The rest, which may be empty, becomes
   * available after `cutoffUs`: it stays in `p`. Returns `p` itself when nothing is left. `later`: a unit that is known to come at its
   * `placeOf`, which is later (1 <= later <= units); 0 when none is.
   */
  cutAt(p: number, cutoffUs: number, later = 0): number {
    const { store } = this;
    if (cutoffUs < store.a0[p]!) return NONE;
    const k = later > 0 ? this.countBefore(p, cutoffUs, later) : this.countBy(p, cutoffUs);
    const n = store.units[p]!;
    if (k === n && cutoffUs >= this.lastUs(p)) {
      this.settleSingle(p);
      return p;
    }
    const share = (cutoffUs - store.a0[p]!) / store.span[p]!;
    const isPaced = (store.flags[p]! & FLAG_PACED) !== 0;
    if (k === 0) {
      if (!isPaced) this.skip(p, cutoffUs, share);
      return NONE;
    }
    if (k === n) {
      // All of them have come: what is known now is that none comes later.
      this.endAt(p, cutoffUs);
      return p;
    }
    const q = this.content.takeOff(p, k);
    const e0 = store.e0[p]!;
    const width = store.e1[p]! - e0;
    store.span[q] = cutoffUs - store.a0[p]!;
    if (isPaced) {
      this.endPaced(q, e0 + (width * k) / n, e0 + width * share);
      this.beginAfter(p, k / n);
    } else {
      store.e1[q] = e0 + width * share;
      this.skip(p, cutoffUs, share);
    }
    this.settleSingle(q);
    return q;
  }

  /** The last unit of a run comes at `atUs`, before the end of its span. */
  endAt(p: number, atUs: number): void {
    const { store } = this;
    const span = store.span[p]!;
    if (span === 0 || atUs >= this.lastUs(p)) return;
    const at = store.e0[p]! + ((store.e1[p]! - store.e0[p]!) * (atUs - store.a0[p]!)) / span;
    store.span[p] = atUs - store.a0[p]!;
    if ((store.flags[p]! & FLAG_PACED) !== 0) this.endPaced(p, store.e1[p]!, at);
    else store.e1[p] = at;
    this.settleSingle(p);
  }

  /**
   * Paced units lie in the middle of their equal parts of the time until `e1`; the last part may end after `at`, by when all of them
   * have come: then the interval ends at `at` and keeps its middle.
   */
  private endPaced(p: number, e1: number, at: number): void {
    const { store } = this;
    store.e0[p]! += Math.max(0, e1 - at);
    store.e1[p] = Math.min(e1, at);
  }

  /**
   * Takes all but the last unit off a run that ended with that one; it stays in `p`, at the end of the interval in which they were
   * created. Returns the others (units > 1).
   */
  splitLast(p: number): number {
    const { store } = this;
    const isPaced = (store.flags[p]! & FLAG_PACED) !== 0;
    const before = store.units[p]! - 1;
    const q = this.content.takeOff(p, before);
    if (isPaced) {
      // Its interval began with the first unit (see endPaced): the others lie in the middle of their parts again.
      const half = ((store.e1[p]! - store.e0[p]!) * PACED_PLACE) / before;
      store.e0[q]! -= half;
      store.e1[q]! -= half;
    }
    store.e0[p] = store.e1[p]!;
    this.settleSingle(q);
    return q;
  }

  /** Takes the first `k` units off (0 < k < units), in the order in which they become available. */
  cut(p: number, k: number): number {
    const { store } = this;
    const share = k / store.units[p]!;
    const q = this.content.takeOff(p, k);
    const e = store.e0[p]! + (store.e1[p]! - store.e0[p]!) * share;
    store.e1[q] = e;
    store.e0[p] = e;
    const pastUs = store.span[p]! * share;
    store.span[q] = pastUs;
    store.a0[p]! += pastUs;
    store.span[p]! -= pastUs;
    this.settleSingles(p, q);
    return q;
  }

  /** When the `k`-th unit of a run comes (1 <= k <= units), microseconds after the first may come: drawn, the same every time. */
  placeOf(p: number, k: number): number {
    const { store } = this;
    const n = store.units[p]!;
    if ((store.flags[p]! & FLAG_PACED) !== 0) return Math.floor((store.span[p]! * (k - PACED_PLACE)) / n);
    return Math.floor(store.span[p]! * orderedPlace(this.places, store.entity[p]!, k, n));
  }

  /** About when the `k`-th unit comes, microseconds: for ages, where it has not been looked at. */
  placeUs(p: number, k: number): number {
    return this.store.span[p] === 0 ? this.store.a0[p]! : this.store.a0[p]! + this.placeOf(p, k);
  }

  /** Takes the first `k` units off (0 < k < units), of which the last comes at `atUs` and the others before. */
  cutBoth(p: number, k: number, atUs: number): number {
    const { store } = this;
    const share = store.span[p]! > 0 ? (atUs - store.a0[p]!) / store.span[p]! : 0;
    const part = k / store.units[p]!;
    const q = this.content.takeOff(p, k);
    const e0 = store.e0[p]!;
    const width = store.e1[p]! - e0;
    store.span[q] = atUs - store.a0[p]!;
    if ((store.flags[p]! & FLAG_PACED) !== 0) {
      this.endPaced(q, e0 + width * part, e0 + width * share);
      this.beginAfter(p, part);
      return q;
    }
    const e = e0 + width * share;
    store.e1[q] = e;
    store.e0[p] = e;
    store.span[p] = Math.max(0, this.lastUs(p) - atUs);
    store.a0[p] = atUs;
    return q;
  }

  /** Takes `k` units at random off (0 < k < units): both parts keep the intervals, and neither is paced any more. */
  part(p: number, k: number): number {
    this.store.flags[p]! &= ~FLAG_PACED;
    const q = this.content.takeOff(p, k);
    this.settleSingles(p, q);
    return q;
  }

  /** As `part`, for units whose keys lie in a stretch of the ring; `k` may be all of them: then it returns `p` itself. */
  partWithin(p: number, k: number, from: number, to: number): number {
    const { store } = this;
    let q = p;
    if (k < store.units[p]!) {
      store.flags[p]! &= ~FLAG_PACED;
      q = this.content.detachUnits(p, k);
      if (store.span[p] === 0) this.settleSingles(p, q);
    }
    if (store.key[q] !== KEY_MIXED) return q;
    store.r0[q] = Math.max(store.r0[q]!, from);
    store.r1[q] = Math.min(store.r1[q]!, to);
    this.content.settleKey(q);
    return q;
  }

  /** How many of the units meet a chance of `ratio` each; `salt` (0..1023) tells chances about the same run apart. */
  thin(p: number, ratio: number, salt: number): number {
    return binomial(this.parts, this.store.entity[p]!, this.store.units[p]!, ratio, salt * DRAWS_PER_CUT);
  }

  /** Units over categories by weight, into `out`. */
  divide(p: number, weights: Float64Array, out: Float64Array): void {
    multinomial(this.shares, this.store.entity[p]!, this.store.units[p]!, weights, out);
  }

  /** Takes `k` units from the front of a list of runs and single units: one parcel, of fewer where the first has no more. */
  takeUnits(list: ParcelList, k: number): number {
    const { store } = this;
    const p = list.shift();
    if (store.units[p]! <= k || store.child[p] !== NONE) return p;
    const q = this.cut(p, k);
    list.pushFront(p);
    return q;
  }

  /** The first unit of a run with a span, at the instant at which it becomes available. The rest stays in `p`. */
  first(p: number): number {
    const q = this.setFirstApart(p);
    if (q !== p) this.content.settle(q);
    return q;
  }

  /** As `first`; a record that is taken off has no size and no key of its own until it is settled: it may be joined to the others again. */
  setFirstApart(p: number): number {
    const { store } = this;
    const n = store.units[p]!;
    const span = store.span[p]!;
    const isPaced = (store.flags[p]! & FLAG_PACED) !== 0;
    if (n === 1) {
      const share = isPaced ? PACED_PLACE : this.places.uniformPair(store.entity[p]!, 3);
      this.pin(p, Math.floor(span * share), share);
      return p;
    }
    const share = isPaced
      ? PACED_PLACE / n
      : 1 - Math.exp(Math.log(1 - this.places.uniformPair(store.entity[p]!, 0)) / n);
    const at = Math.floor(span * share);
    const q = this.content.setApart(p);
    const part = span > 0 ? at / span : 0;
    this.pin(q, at, part);
    if (isPaced) {
      this.beginAfter(p, 1 / n);
      return q;
    }
    const e = store.e0[p]! + (store.e1[p]! - store.e0[p]!) * part;
    store.e0[p] = e;
    store.a0[p]! += at;
    store.span[p] = span - at;
    return q;
  }

  /** Gives a record that `setFirstApart` has taken off the size and the key that are its own. */
  settle(p: number): void {
    this.content.settle(p);
  }

  /** Turns a free-standing run into single units at the end of `into`, in the order of their availability. */
  scatter(p: number, into: ParcelList): void {
    this.spread(p, (q) => into.push(q));
  }

  /** A run, or a unit that holds runs. */
  holdsRuns(p: number): boolean {
    const { store } = this;
    for (let c = store.child[p]!; c !== NONE; c = store.next[c]!) if (store.records[c]! > 1) return true;
    return store.child[p] === NONE && store.records[p]! > 1;
  }

  /**
   * Splits a run in its place: `p` becomes a container of single records, which take over what the run had done; so does a unit
   * that holds runs. For originals that others hold by handle.
   */
  explode(p: number): void {
    if (!this.holdsRuns(p)) return;
    const { store } = this;
    if (store.child[p] === NONE) this.regroup(this.containLike(p), 1);
    this.singles.length = 0;
    for (let c = store.child[p]!; c !== NONE; ) {
      const following = store.next[c]!;
      if (store.records[c]! > 1) {
        this.regroup(c, 1);
        this.spread(c, (q) => this.singles.push(q));
      } else this.singles.push(c);
      c = following;
    }
    this.link(p, this.singles);
  }

  /**
   * Takes one unit off a run of several, also where it has been split into records (see explode): what it had done stays with
   * it. Returns it; `p` keeps the others.
   */
  splitUnit(p: number): number {
    const { store } = this;
    if (store.child[p] === NONE) return this.cut(p, 1);
    this.explode(p);
    const each = store.records[p]! / store.units[p]!;
    const first = store.child[p]!;
    let last = first;
    let bytes = store.bytes[first]!;
    for (let i = 1; i < each; i++) {
      last = store.next[last]!;
      bytes += store.bytes[last]!;
    }
    store.child[p] = store.next[last]!;
    store.next[last] = NONE;
    store.units[p]! -= 1;
    store.records[p]! -= each;
    store.bytes[p]! -= bytes;
    if (each === 1) return first;
    const unit = store.clone(p);
    store.units[unit] = 1;
    store.records[unit] = each;
    store.bytes[unit] = bytes;
    store.child[unit] = first;
    return unit;
  }

  /** Makes the pieces, of which there is one at least, the records that a container holds, in this order. */
  link(p: number, pieces: readonly number[]): void {
    const { store } = this;
    store.child[p] = pieces[0]!;
    for (let i = 1; i < pieces.length; i++) store.next[pieces[i - 1]!] = pieces[i]!;
    store.next[pieces[pieces.length - 1]!] = NONE;
  }

  /** Makes `p` a container of a run like itself: the first step of splitting it in its place. Returns that run. */
  containLike(p: number): number {
    const { store } = this;
    const q = this.content.twin(p);
    store.flags[p] = 0;
    store.effects[p] = 0;
    store.origin[p] = NONE;
    store.child[p] = q;
    return q;
  }

  /** Makes units of `recordsPerUnit` records each of a run of records; its records must be a multiple of that. */
  regroup(p: number, recordsPerUnit: number): void {
    this.store.units[p] = this.store.records[p]! / recordsPerUnit;
  }

  /** See RunSizes. */
  ceilUnits(p: number, unitBytes: number, extraBytes = 0): number {
    return this.sizes.ceilUnits(p, unitBytes, extraBytes);
  }

  /** Size of unit `i` of a run, bytes. */
  sizeOf(p: number, i: number): number {
    return this.sizes.sizeOf(p, i);
  }

  /** Single units of a run, in order; frees the run. */
  private spread(p: number, take: (unit: number) => void): void {
    const { store } = this;
    const n = store.units[p]!;
    const each = store.records[p]! / n;
    const entity = store.entity[p]!;
    const meanBytes = store.bytes[p]! / n;
    const e0 = store.e0[p]!;
    const width = store.e1[p]! - e0;
    const a0 = store.a0[p]!;
    const span = store.span[p]!;
    const isPaced = (store.flags[p]! & FLAG_PACED) !== 0;
    // Rising independent places: each is the least of those that are left.
    let place = 0;
    for (let i = 0; i < n; i++) {
      const u = this.places.uniformPair(entity + i * each, 1);
      place = isPaced ? (i + PACED_PLACE) / n : 1 - (1 - place) * Math.exp(Math.log(1 - u) / (n - i));
      const q = this.content.twin(p);
      store.flags[q]! &= ~FLAG_PACED;
      store.records[q] = each;
      store.units[q] = 1;
      const availableUs = Math.floor(a0 + span * place);
      // Never before it was created, by the last bit of a float.
      const at = Math.min(availableUs, Math.floor(e0 + width * place));
      if (each === 1) {
        store.bytes[q] = this.details.bytesOf(store.load[p]!, entity + i, meanBytes);
        store.e0[q] = at;
        store.e1[q] = at;
        store.key[q] = this.content.keyOf(p, entity + i, at);
      } else {
        store.bytes[q] = this.sizes.sizeOf(p, i);
        store.e0[q] = e0 + (width * i) / n;
        store.e1[q] = e0 + (width * (i + 1)) / n;
        if (store.key[p] === KEY_MIXED) store.key[q] = this.content.keyOf(p, entity + i * each, at);
      }
      store.entity[q] = entity + i * each;
      store.a0[q] = availableUs;
      store.span[q] = 0;
      take(q);
    }
    store.release(p);
  }

  private settleSingles(p: number, q: number): void {
    this.settleSingle(p);
    this.settleSingle(q);
  }

  /** A single record was created, and becomes available, at one instant of the interval that is left for it. */
  private settleSingle(p: number): void {
    const { store } = this;
    if (store.records[p] !== 1 || store.e1[p]! <= store.e0[p]!) return;
    const isPaced = (store.flags[p]! & FLAG_PACED) !== 0;
    const share = isPaced ? PACED_PLACE : this.places.uniformPair(store.entity[p]!, 3);
    this.pin(p, Math.floor(store.span[p]! * share), share);
  }

  /** What is left of a run after a cut at a moment comes after it. */
  private skip(p: number, cutoffUs: number, share: number): void {
    const { store } = this;
    store.e0[p]! += (store.e1[p]! - store.e0[p]!) * share;
    store.span[p] = Math.max(0, this.lastUs(p) - cutoffUs - 1);
    store.a0[p] = cutoffUs + 1;
  }

  /** What is left of a paced run after its first units keeps its distances: it begins `share` of the span later. */
  private beginAfter(p: number, share: number): void {
    const { store } = this;
    const pastUs = store.span[p]! * share;
    store.e0[p]! += (store.e1[p]! - store.e0[p]!) * share;
    store.a0[p]! += pastUs;
    store.span[p]! -= pastUs;
  }

  /** Puts a single unit at one instant of the run's interval. */
  private pin(p: number, afterUs: number, share: number): void {
    const { store } = this;
    const availableUs = Math.floor(store.a0[p]! + afterUs);
    const e = Math.min(availableUs, store.e0[p]! + (store.e1[p]! - store.e0[p]!) * share);
    store.e0[p] = e;
    store.e1[p] = e;
    store.a0[p] = availableUs;
    store.span[p] = 0;
  }
}

/** First draw of a cut at a moment: cuts of one run at different moments draw anew. */
function drawAt(atUs: number): number {
  return (Math.floor(atUs / MS_US) & 0xffff) * DRAWS_PER_CUT;
}
