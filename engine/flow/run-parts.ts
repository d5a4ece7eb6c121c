/**
 * What is in a run, and in what is taken off it: records, bytes, identities and keys, without regard to the time. A single record gets
 * its own size and its own key, so that these vary where records are looked at one by one. O(1).
 */
import { KEY_MIXED, type ParcelStore } from './parcels.ts';
import type { RunDetails } from './run-details.ts';
import type { RunSizes } from './run-sizes.ts';

export class RunParts {
  private readonly store: ParcelStore;
  private readonly details: RunDetails;
  private readonly sizes: RunSizes;

  constructor(store: ParcelStore, details: RunDetails, sizes: RunSizes) {
    this.store = store;
    this.details = details;
    this.sizes = sizes;
  }

  /** `k` units as a parcel of their own, with the intervals of the whole; the others stay in `p`. A single record is settled. */
  takeOff(p: number, k: number): number {
    const q = this.divideOff(p, k);
    this.settle(p);
    this.settle(q);
    return q;
  }

  /** As `takeOff` of one unit, which keeps mean size and mixed keys until it is settled. */
  setApart(p: number): number {
    const q = this.divideOff(p, 1);
    this.settle(p);
    return q;
  }

  /** A single record gets its size and its key. */
  settle(p: number): void {
    this.settleSize(p);
    this.settleKey(p);
  }

  /** A parcel of the same content that has done what `p` has done. */
  twin(p: number): number {
    const { store } = this;
    const q = store.clone(p);
    store.flags[q] = store.flags[p]!;
    store.effects[q] = store.effects[p]!;
    store.via[q] = store.via[p]!;
    store.origin[q] = store.origin[p]!;
    store.attempts[q] = store.attempts[p]!;
    return q;
  }

  /** As `takeOff`, for units whose keys will be told apart: a single record gets no key yet. */
  detachUnits(p: number, k: number): number {
    const q = this.divideOff(p, k);
    this.settleSize(p);
    this.settleSize(q);
    return q;
  }

  private divideOff(p: number, k: number): number {
    const { store } = this;
    const q = this.twin(p);
    const n = store.units[p]!;
    const records = (store.records[p]! / n) * k;
    const bytes = Math.round((store.bytes[p]! * k) / n);
    store.units[q] = k;
    store.records[q] = records;
    store.bytes[q] = bytes;
    store.units[p] = n - k;
    store.records[p]! -= records;
    store.bytes[p]! -= bytes;
    store.entity[p]! += records;
    return q;
  }

  /** A single record has its own size, so that sizes vary where they are looked at one by one; what was cut off has its share. */
  private settleSize(p: number): void {
    const { store } = this;
    if (store.records[p] === 1) store.bytes[p] = this.sizes.sizeOf(p, 0);
  }

  /** A single record has a key of its own. */
  settleKey(p: number): void {
    const { store } = this;
    if (store.records[p] !== 1 || store.key[p] !== KEY_MIXED) return;
    store.key[p] = this.keyOf(p, store.entity[p]!, store.e0[p]!);
  }

  /** The identity's own key within the run's stretch of the ring; the run's key where it has one. */
  keyOf(p: number, entity: number, eventUs: number): number {
    const { store } = this;
    const key = store.key[p]!;
    if (key !== KEY_MIXED) return key;
    return this.details.keyWithin(store.load[p]!, entity, eventUs, store.r0[p]!, store.r1[p]!);
  }
}
