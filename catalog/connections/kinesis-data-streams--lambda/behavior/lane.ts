/** One lane of a shard: what waits for its next batch, and the batch at work as a range that can be cut and shortened. */
import type { Flow } from '#engine/flow/flow.ts';
import { NONE, ParcelList, type ParcelStore } from '#engine/flow/parcels.ts';
import type { Shard } from './shard.ts';

/** No batch at work. */
export const READY = 0;
/** The function works on the batch. */
export const IN_FLIGHT = 1;
/** The batch waits for its next attempt: the lane is blocked. */
export const WAITING = 2;
/** Records that were given up go to the on-failure destination: the lane is blocked. */
export const DELIVERING = 3;

export class Lane {
  readonly shard: Shard;
  /** Place among all lanes of the mapping. */
  readonly index: number;
  /** Place among the lanes of the shard. */
  readonly number: number;
  readonly buffer: ParcelList;
  state = READY;
  /** When the window of the records in `buffer` closes, microseconds. */
  windowEndsUs = 0;
  /** A kernel event for the end of the window is pending. */
  isWindowArmed = false;
  /** Attempts in a row that did not succeed, throttles included: sets the back-off. */
  tries = 0;
  /** The batch has been handed over before. */
  wasStarted = false;
  /** Attempts at the destination for the record at `from`. */
  deliveries = 0;
  /** Reason for which the range is given up. */
  reason = '';
  units = new Int32Array(16);
  /** The range at work is [from, to). */
  from = 0;
  private depth = 0;
  /** Ends of the range at work and of those to follow, the present one on top; failed attempts of each. */
  private readonly ends = new Int32Array(32);
  private readonly failures = new Int32Array(32);

  constructor(shard: Shard, index: number, number: number, store: ParcelStore) {
    this.shard = shard;
    this.index = index;
    this.number = number;
    this.buffer = new ParcelList(store);
  }

  get to(): number {
    return this.ends[this.depth - 1];
  }

  /** Failed attempts of the range at work. */
  get failedAttempts(): number {
    return this.failures[this.depth - 1];
  }

  /** Nothing waits and nothing is at work. */
  get isEmpty(): boolean {
    return this.state === READY && this.buffer.head === NONE;
  }

  /** Takes up to `maxUnits` units and `maxPayload` bytes of payload (at least one unit) from the buffer as the batch at work: runs that are alike as one. */
  claim(flow: Flow, maxUnits: number, maxPayload: number, payloadOf: (parcel: number) => number): void {
    const { store } = flow;
    let count = 0;
    let units = 0;
    let payload = 0;
    for (let p = this.buffer.head; p !== NONE && units < maxUnits; p = this.buffer.head) {
      const n = store.units[p];
      const bytes = payloadOf(p);
      let fit = Math.min(n, maxUnits - units);
      if (payload + bytes > maxPayload) fit = Math.min(fit, Math.floor(((maxPayload - payload) * n) / bytes));
      if (fit < 1 && count > 0) break;
      const unit = flow.runs.takeUnits(this.buffer, Math.max(1, fit));
      if (count === this.units.length) {
        const grown = new Int32Array(count * 2);
        grown.set(this.units);
        this.units = grown;
      }
      this.units[count++] = unit;
      units += store.units[unit];
      payload += payloadOf(unit);
    }
    this.from = 0;
    this.depth = 1;
    this.ends[0] = flow.runs.joins.joinAll(this.units, count);
    this.failures[0] = 0;
    this.tries = 0;
    this.wasStarted = false;
  }

  /** Puts single units in the place of the runs of the range at work, which must be the last one of the batch or its only one. */
  scatter(flow: Flow, list: ParcelList): void {
    if (!this.hasRuns(flow)) return;
    const { runs, store } = flow;
    const last = this.ends[0];
    const following = Array.from(this.units.subarray(this.to, last));
    for (let i = this.from; i < this.to; i++) {
      const p = this.units[i];
      runs.explode(p);
      if (store.units[p] > 1) flow.unpack(p, list);
      else list.push(p);
    }
    const added = list.length - (this.to - this.from);
    const all = this.units.subarray(0, this.from);
    const grown = new Int32Array(Math.max(this.units.length, last + added));
    grown.set(all);
    let at = this.from;
    for (let p = list.shift(); p !== NONE; p = list.shift()) grown[at++] = p;
    grown.set(following, at);
    this.units = grown;
    for (let d = 0; d < this.depth; d++) this.ends[d] += added;
  }

  private hasRuns({ store }: Flow): boolean {
    for (let i = this.from; i < this.to; i++) if (store.units[this.units[i]] > 1) return true;
    return false;
  }

  /** Counts a failed attempt of the range at work; returns how many there have been. */
  countFailure(): number {
    return ++this.failures[this.depth - 1];
  }

  /** Cuts the range at work so that [from, middle) is at work and the rest follows, with the attempts counted so far. */
  isolate(middle: number): void {
    if (middle >= this.to) return;
    this.ends[this.depth] = middle;
    this.failures[this.depth] = this.failedAttempts;
    this.depth += 1;
  }

  /** Cuts the range at work in two, the first half at work next; both keep the attempts counted so far. */
  split(): void {
    this.isolate(this.from + ((this.to - this.from) >> 1));
  }

  /** The range at work is done with: goes on to the next; false when there is none. */
  finishRange(): boolean {
    this.from = this.to;
    this.depth -= 1;
    this.tries = 0;
    return this.depth > 0;
  }
}
