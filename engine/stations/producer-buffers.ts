/**
 * A size-or-time buffer for each of many processes that share a load: a record only ever waits for records of its own process.
 *
 * Adding is O(1); memory and pending events are those of the processes that hold something at the moment, however many there
 * are. No allocation once these exist. The same rules as SizeOrTimeBuffer, per process.
 */
import { ParcelList, type ParcelStore } from '#engine/flow/parcels.ts';
import { invariant } from '#engine/kernel/invariant.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import { producerOf } from './producers.ts';
import type { BufferLimits, FlushListener } from './size-or-time-buffer.ts';

export class ProducerBuffers {
  private readonly kernel: Kernel;
  private readonly store: ParcelStore;
  private readonly producers: number;
  private readonly limits: BufferLimits;
  private readonly onFlush: FlushListener;
  private readonly onTimer: number;
  private readonly flushed: ParcelList;
  /** Process -> place, while it holds something. */
  private readonly places = new Map<number, number>();
  private readonly lists: ParcelList[] = [];
  private readonly timers: number[] = [];
  private readonly owners: number[] = [];
  private readonly free: number[] = [];
  private held = 0;

  /** `producers`: processes that share the load, >= 1. */
  constructor(kernel: Kernel, store: ParcelStore, producers: number, limits: BufferLimits, onFlush: FlushListener) {
    invariant(limits.maxRecords >= 1 && limits.maxBytes > 0 && limits.maxWaitUs >= 0, 'a buffer has limits above 0');
    invariant(producers >= 1, 'a load has producers');
    this.kernel = kernel;
    this.store = store;
    this.producers = producers;
    this.limits = limits;
    this.onFlush = onFlush;
    this.flushed = new ParcelList(store);
    this.onTimer = kernel.register((place) => {
      this.timers[place] = -1;
      this.flush(place, 'time');
    });
  }

  /** Records that wait, of all processes. */
  get heldRecords(): number {
    return this.held;
  }

  /** Adds a parcel to the buffer of its process, which is flushed at once when that fills it. */
  add(parcel: number): void {
    const { limits, lists, timers } = this;
    const place = this.placeOf(producerOf(this.store.entity[parcel]!, this.producers));
    const list = lists[place]!;
    list.push(parcel);
    this.held += this.store.records[parcel]!;
    if (list.records >= limits.maxRecords || list.bytes >= limits.maxBytes) this.flush(place, 'size');
    else if (timers[place] === -1 && limits.maxWaitUs < Number.POSITIVE_INFINITY) {
      timers[place] = this.kernel.after(limits.maxWaitUs, this.onTimer, place, 0, PRIORITY_TIMER);
    }
  }

  private flush(place: number, reason: 'size' | 'time'): void {
    const { flushed, lists, timers } = this;
    const list = lists[place]!;
    if (timers[place] !== -1) this.kernel.cancel(timers[place]!);
    timers[place] = -1;
    this.held -= list.records;
    // A list apart: what is added from now on opens the next window.
    flushed.append(list);
    this.places.delete(this.owners[place]!);
    this.free.push(place);
    this.onFlush(flushed, reason);
  }

  private placeOf(producer: number): number {
    const known = this.places.get(producer);
    if (known !== undefined) return known;
    let place = this.free.pop();
    if (place === undefined) {
      place = this.lists.length;
      this.lists.push(new ParcelList(this.store));
      this.timers.push(-1);
      this.owners.push(0);
    }
    this.owners[place] = producer;
    this.places.set(producer, place);
    return place;
  }
}
