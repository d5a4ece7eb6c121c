/**
 * The transform of one lane: records are collected, a function is invoked with each batch and waited for, and what it gives back
 * goes on. At most five invocations are under way; one that is to be repeated counts.
 * https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html (read 2026-11-21).
 */
import type { BehaviorContext, InvokedFunction } from '#engine/behavior.ts';
import { NONE } from '#engine/flow/parcels.ts';
import type { Batch, InvocationCaller } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import { BatchPool } from '#engine/stations/batch-pool.ts';
import { RetryBackoff } from '#engine/stations/retry-backoff.ts';
import { SizeOrTimeBuffer } from '#engine/stations/size-or-time-buffer.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import { type Config, streamLimits } from '../config.ts';
import type { StreamMeters } from './meters.ts';

const MS_US = 1000;
const SECOND_US = 1_000_000;
const MEBIBYTE = 1_048_576;

export interface TransformOwner {
  /** A record has been transformed. */
  onTransformed(parcel: number): void;
  /** Gives a record up. */
  fail(parcel: number, reason: string): void;
}

/** An invocation: under way, to be repeated, or in waiting. */
interface Slot {
  readonly index: number;
  batch: Batch | undefined;
  /** Attempts that did not succeed. */
  failures: number;
  startedUs: number;
}

export class Transform implements InvocationCaller {
  private readonly context: BehaviorContext<Config>;
  private readonly target: InvokedFunction;
  private readonly owner: TransformOwner;
  private readonly meters: StreamMeters;
  private readonly limit: LimitMeter;
  private readonly buffer: SizeOrTimeBuffer;
  private readonly batches: BatchPool;
  private readonly waits: RetryBackoff;
  private readonly result: DrawStream;
  private readonly slots: Slot[] = [];
  private readonly free: Slot[] = [];
  private readonly waiting: Slot[] = [];
  private readonly onRetry: number;
  private underWay = 0;
  private batchBytes = 0;

  constructor(
    context: BehaviorContext<Config>,
    lane: number,
    target: InvokedFunction,
    owner: TransformOwner,
    meters: StreamMeters,
  ) {
    const { config, flow, kernel } = context;
    this.context = context;
    this.target = target;
    this.owner = owner;
    this.meters = meters;
    this.limit = context.limit({
      id: `transform-invocations/lane-${lane}`,
      name: 'transform invocations under way for a shard or buffer',
      unit: 'invocations',
      kind: 'level',
      capacity: streamLimits.invocationsPerLane,
      source: 'https://docs.aws.amazon.com/firehose/latest/dev/limits.html',
      raisable: false,
    });
    this.batches = new BatchPool(this, 'each', true);
    const waitUs = Math.max(1, config.transformRetryWaitSeconds * SECOND_US);
    this.waits = new RetryBackoff(waitUs, Math.max(waitUs, 60 * SECOND_US));
    this.result = context.draw('transformResult');
    this.onRetry = kernel.register((index) => this.invoke(this.slots[index]!));
    const limits = {
      maxRecords: Number.POSITIVE_INFINITY,
      maxBytes: config.transformBufferSizeMebibytes * MEBIBYTE,
      maxWaitUs: config.transformBufferIntervalSeconds * SECOND_US,
    };
    this.buffer = new SizeOrTimeBuffer(kernel, flow.store, limits, (flushed) => {
      const slot = this.takeSlot();
      const batch = this.batches.take(slot.index);
      slot.batch = batch;
      const { store } = flow;
      for (let p = flushed.shift(); p !== NONE; p = flushed.shift()) {
        this.batches.add(batch, p, store.records[p]!, store.bytes[p]!);
      }
      this.batchBytes += batch.bytes;
      this.waiting.push(slot);
      this.dispatch();
    });
  }

  /** As many batches wait as may be under way. */
  get isFull(): boolean {
    return this.waiting.length >= streamLimits.invocationsPerLane;
  }

  get heldBytes(): number {
    return this.buffer.held.bytes + this.batchBytes;
  }

  /** When the record held longest came in, microseconds; Infinity when none is held. */
  get oldestUs(): number {
    const { a0 } = this.context.flow.store;
    const { head } = this.buffer.held;
    let oldestUs = head === NONE ? Number.POSITIVE_INFINITY : a0[head]!;
    for (const { batch } of this.slots) {
      if (batch !== undefined) oldestUs = Math.min(oldestUs, a0[batch.units[0]!]!);
    }
    return oldestUs;
  }

  add(parcel: number): void {
    this.buffer.add(parcel);
  }

  /** The function has answered, or was cut off. */
  onSettled(batch: Batch, succeeded: boolean): void {
    const { kernel } = this.context;
    const slot = this.slots[batch.token]!;
    const tookUs = kernel.nowUs - slot.startedUs;
    this.meters.processingDuration.add(kernel.nowUs, tookUs / MS_US);
    if (!succeeded || tookUs > streamLimits.transformSeconds * SECOND_US) {
      this.failed(slot);
      return;
    }
    this.meters.processingSuccess.add(kernel.nowUs, 1);
    let failure = 0;
    for (let i = 0; i < batch.count; i++) {
      const hasFailed = failure < batch.failureCount && batch.failures[failure] === i;
      if (hasFailed) failure++;
      this.giveBack(batch.units[i]!, hasFailed);
    }
    this.end(slot);
  }

  /** Ok, Dropped or ProcessingFailed: by the function's failures, and by the shares that the settings name. */
  private giveBack(p: number, hasFailed: boolean): void {
    const { config, flow, kernel } = this.context;
    const { store } = flow;
    const { transformFailedRatio: failed, transformDroppedRatio: dropped } = config;
    // What the function has sent on by outputs of its own was a copy.
    flow.goOn(p);
    const u = failed + dropped > 0 ? this.result.uniformPair(store.entity[p]!, store.load[p]!) : 1;
    if (hasFailed || u < failed) {
      this.owner.fail(p, 'processing-failed');
      return;
    }
    const [records, bytes] = this.meters.processed;
    records.add(kernel.nowUs, store.records[p]!);
    bytes.add(kernel.nowUs, store.bytes[p]!);
    if (u < failed + dropped) {
      flow.filter(p);
      return;
    }
    if (config.transformSizeRatio !== 1) {
      store.bytes[p] = Math.max(1, Math.round(store.bytes[p]! * config.transformSizeRatio));
    }
    this.owner.onTransformed(p);
  }

  private dispatch(): void {
    while (this.underWay < streamLimits.invocationsPerLane && this.waiting.length > 0) {
      this.underWay++;
      this.invoke(this.waiting.shift()!);
    }
    const { nowUs } = this.context.kernel;
    this.limit.set(nowUs, this.underWay);
    this.limit.wait(nowUs, this.waiting.length);
  }

  private invoke(slot: Slot): void {
    const { kernel } = this.context;
    const { edge, port } = this.target;
    const batch = slot.batch!;
    const { count, records, bytes } = batch;
    slot.startedUs = kernel.nowUs;
    if (slot.failures > 0) edge.retried(count);
    if (port.invoke(batch) === 'started') {
      edge.count(records, count, 1, bytes);
      return;
    }
    edge.refused(count);
    this.failed(slot);
  }

  private failed(slot: Slot): void {
    const { config, kernel } = this.context;
    slot.failures++;
    this.meters.onTransformFailed();
    if (slot.failures <= config.transformRetries) {
      kernel.after(this.waits.delayUs(slot.failures), this.onRetry, slot.index, 0, PRIORITY_TIMER);
      return;
    }
    const batch = slot.batch!;
    for (let i = 0; i < batch.count; i++) this.owner.fail(batch.units[i]!, 'processing-failed');
    this.end(slot);
  }

  private end(slot: Slot): void {
    const batch = slot.batch!;
    this.batchBytes -= batch.bytes;
    slot.batch = undefined;
    this.batches.give(batch);
    this.free.push(slot);
    this.underWay--;
    this.dispatch();
  }

  private takeSlot(): Slot {
    let slot = this.free.pop();
    if (slot === undefined) {
      slot = { index: this.slots.length, batch: undefined, failures: 0, startedUs: 0 };
      this.slots.push(slot);
    }
    slot.failures = 0;
    return slot;
  }
}
