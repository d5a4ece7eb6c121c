/**
 * Collects parcels and flushes them when they are enough (records, bytes) or when the oldest has waited long enough.
 *
 * The parcel that reaches a limit belongs to the flush. The window opens with the first parcel after a flush, also with one that
 * arrives while the flush is handled. Adding is O(1); one pending event while anything is held, none otherwise.
 */
import { ParcelList, type ParcelStore } from '#engine/flow/parcels.ts';
import { invariant } from '#engine/kernel/invariant.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';

export interface BufferLimits {
  /** Records that fill the buffer, >= 1; Infinity for no limit. */
  readonly maxRecords: number;
  /** Bytes that fill it, > 0; Infinity for no limit. */
  readonly maxBytes: number;
  /** Longest wait of the oldest parcel, microseconds, >= 0; Infinity for none. */
  readonly maxWaitUs: number;
}

/** Takes what is flushed: must empty the list before it returns. It may add to the buffer meanwhile. */
export type FlushListener = (flushed: ParcelList, reason: 'size' | 'time') => void;

export class SizeOrTimeBuffer {
  /** What waits; to be read only. */
  readonly held: ParcelList;
  private readonly flushed: ParcelList;
  private readonly kernel: Kernel;
  private readonly limits: BufferLimits;
  private readonly onFlush: FlushListener;
  private readonly onTimer: number;
  private timer = -1;

  constructor(kernel: Kernel, store: ParcelStore, limits: BufferLimits, onFlush: FlushListener) {
    invariant(limits.maxRecords >= 1 && limits.maxBytes > 0 && limits.maxWaitUs >= 0, 'a buffer has limits above 0');
    this.kernel = kernel;
    this.limits = limits;
    this.onFlush = onFlush;
    this.held = new ParcelList(store);
    this.flushed = new ParcelList(store);
    this.onTimer = kernel.register(() => {
      this.timer = -1;
      this.flush('time');
    });
  }

  /** Records that wait. */
  get heldRecords(): number {
    return this.held.records;
  }

  /** Adds a parcel; the buffer is flushed at once when that fills it. */
  add(parcel: number): void {
    const { held, limits } = this;
    held.push(parcel);
    if (held.records >= limits.maxRecords || held.bytes >= limits.maxBytes) this.flush('size');
    else if (this.timer === -1 && limits.maxWaitUs < Number.POSITIVE_INFINITY) {
      this.timer = this.kernel.after(limits.maxWaitUs, this.onTimer, 0, 0, PRIORITY_TIMER);
    }
  }

  /** Flushes what is held, if anything. */
  flush(reason: 'size' | 'time'): void {
    if (this.timer !== -1) this.kernel.cancel(this.timer);
    this.timer = -1;
    if (this.held.length === 0) return;
    // A list apart: what is added from now on opens the next window.
    this.flushed.append(this.held);
    this.onFlush(this.flushed, reason);
  }
}
