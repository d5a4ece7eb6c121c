/**
 * Collects parcels, and delivers what is collected in one batch at a time: when it is enough, or has waited long enough. A batch
 * that is not taken is tried again until its owner gives it up; what is collected meanwhile waits, and goes in larger batches when
 * the delivery has fallen behind.
 *
 * Order is kept. O(1) per parcel, one event per window, per answer and per retry; nothing is pending while it is empty.
 */
import { NONE, ParcelList, type ParcelStore } from '#engine/flow/parcels.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import type { RetryBackoff } from './retry-backoff.ts';
import { SizeOrTimeBuffer } from './size-or-time-buffer.ts';

export interface BatchDeliveryOptions {
  /** Bytes that make a batch, > 0. */
  readonly maxBytes: number;
  /** Longest wait of the oldest parcel for its batch, microseconds. */
  readonly maxWaitUs: number;
  /** Bytes that a batch may grow to when delivery has fallen behind, >= maxBytes. */
  readonly largestBytes: number;
  readonly backoff: RetryBackoff;
  /** Keys the jitter of retries. */
  readonly retryDraw: DrawStream;
}

export interface BatchDeliveryOwner {
  /** A batch has been put together for its first attempt: parcels that must not be part of it may be taken out. */
  onBatch(batch: ParcelList): void;
  /** Offers the batch: what is taken leaves the list. Returns the microseconds until the answer. */
  offer(batch: ParcelList, attempt: number): number;
  /** What is left was not taken: takes out what is given up instead of being tried again after `waitUs`. */
  onRefused(batch: ParcelList, firstAttemptUs: number, attempt: number, waitUs: number): void;
  /** The batch is gone, or some of it: what is held has changed. */
  onChange(): void;
}

export class BatchDelivery {
  private readonly kernel: Kernel;
  private readonly options: BatchDeliveryOptions;
  private readonly owner: BatchDeliveryOwner;
  private readonly buffer: SizeOrTimeBuffer;
  /** Collected and not yet under way. */
  private readonly ready: ParcelList;
  /** The batch under way. */
  private readonly batch: ParcelList;
  private readonly onAnswer: number;
  private readonly onRetry: number;
  private isBusy = false;
  private attempt = 0;
  private firstAttemptUs = 0;
  private batches = 0;

  constructor(kernel: Kernel, store: ParcelStore, options: BatchDeliveryOptions, owner: BatchDeliveryOwner) {
    this.kernel = kernel;
    this.options = options;
    this.owner = owner;
    this.ready = new ParcelList(store);
    this.batch = new ParcelList(store);
    const { maxBytes, maxWaitUs } = options;
    const limits = { maxRecords: Number.POSITIVE_INFINITY, maxBytes, maxWaitUs };
    this.buffer = new SizeOrTimeBuffer(kernel, store, limits, (flushed) => {
      this.ready.append(flushed);
      if (!this.isBusy) this.begin();
    });
    this.onAnswer = kernel.register(() => this.answered());
    this.onRetry = kernel.register(() => this.tryBatch());
  }

  /** Records that are collected or under way. */
  get heldRecords(): number {
    return this.buffer.held.records + this.ready.records + this.batch.records;
  }

  /** Bytes that the batch in the making still takes before it is full. */
  get roomBytes(): number {
    return this.options.maxBytes - this.buffer.held.bytes;
  }

  get heldBytes(): number {
    return this.buffer.held.bytes + this.ready.bytes + this.batch.bytes;
  }

  /** Delivery has fallen behind by as much as the largest batch. */
  get isFull(): boolean {
    return this.isBusy && this.ready.bytes + this.buffer.held.bytes >= this.options.largestBytes;
  }

  /** The parcel that has been held longest; NONE when there is none. */
  get oldest(): number {
    if (this.batch.head !== NONE) return this.batch.head;
    return this.ready.head === NONE ? this.buffer.held.head : this.ready.head;
  }

  add(parcel: number): void {
    this.buffer.add(parcel);
  }

  private begin(): void {
    const { ready, batch, options, owner, kernel } = this;
    const { store } = batch;
    this.isBusy = true;
    while (ready.head !== NONE && batch.length === 0) {
      while (ready.head !== NONE) {
        if (batch.length > 0 && batch.bytes + store.bytes[ready.head]! > options.largestBytes) break;
        batch.push(ready.shift());
      }
      owner.onBatch(batch);
    }
    if (batch.length === 0) {
      this.isBusy = false;
      return;
    }
    this.attempt = 0;
    this.batches++;
    this.firstAttemptUs = kernel.nowUs;
    this.tryBatch();
  }

  private tryBatch(): void {
    this.attempt++;
    const latencyUs = this.owner.offer(this.batch, this.attempt);
    this.kernel.after(latencyUs, this.onAnswer, 0, 0, PRIORITY_TIMER);
  }

  private answered(): void {
    const { batch, owner, kernel, options } = this;
    if (batch.length > 0) {
      const waitUs = Math.ceil(options.backoff.jitteredUs(this.attempt, options.retryDraw, this.batches));
      owner.onRefused(batch, this.firstAttemptUs, this.attempt, waitUs);
      if (batch.length > 0) {
        kernel.after(waitUs, this.onRetry, 0, 0, PRIORITY_TIMER);
        owner.onChange();
        return;
      }
    }
    this.isBusy = false;
    if (this.ready.length > 0) this.begin();
    owner.onChange();
  }
}
