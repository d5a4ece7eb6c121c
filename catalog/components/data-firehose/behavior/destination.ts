/** A destination of one lane: batches become objects in a bucket or bulk requests, are repeated, given up, or grow too old. */
import type { BehaviorContext, Outlet, UsageCounter } from '#engine/behavior.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { newReply } from '#engine/flow/ports.ts';
import { BatchDelivery, type BatchDeliveryOwner } from '#engine/stations/batch-delivery.ts';
import { RetryBackoff } from '#engine/stations/retry-backoff.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import type { Config } from '../config.ts';
import type { DestinationBooks, StreamMeters } from './meters.ts';

const SECOND_US = 1_000_000;
const MEBIBYTE = 1_048_576;

export interface DestinationPlan {
  readonly outlet: Outlet;
  /** Objects in a bucket; bulk requests otherwise. */
  readonly isObject: boolean;
  readonly maxBytes: number;
  readonly maxWaitUs: number;
  readonly largestBytes: number;
  /** Bytes of an object for each byte of its records. */
  readonly sizeRatio: number;
  /** Share of records that do not fit the table of a format conversion; poison never does. -1: no conversion. */
  readonly conversionFailedRatio: number;
  /** Time from the first attempt after which a batch is given up, microseconds. */
  readonly retryDurationUs: number;
  readonly books: DestinationBooks | undefined;
  /** How much of what a delivery may grow to is held. */
  readonly limit?: LimitMeter;
  /** Billed by the object. */
  readonly objects?: UsageCounter;
}

/** What a destination needs of its stream. */
export interface DestinationOwner {
  /** Age at which a record is too old to be delivered, microseconds. */
  readonly retentionUs: number;
  /** Gives a record up. */
  fail(parcel: number, reason: string): void;
  /** What is held has changed, or is about to. */
  onHeld(): void;
}

/** Where a lane puts its records. */
export interface Sink {
  readonly heldBytes: number;
  /** Bytes after which a batch is full; Infinity where records are sorted before they are collected. */
  readonly roomBytes: number;
  /** Delivery has fallen behind as far as it may. */
  readonly isFull: boolean;
  /** When the record held longest came in, microseconds; Infinity when none is held. */
  readonly oldestUs: number;
  /** Takes a plain record. */
  add(parcel: number): void;
  /** A source was not read because the delivery has fallen behind. */
  onHeldBack(): void;
}

export class Destination implements BatchDeliveryOwner, Sink {
  private readonly context: BehaviorContext<Config>;
  private readonly plan: DestinationPlan;
  private readonly owner: DestinationOwner;
  private readonly meters: StreamMeters;
  private readonly delivery: BatchDelivery;
  private readonly conversion;
  private readonly request: ParcelList;
  private readonly kept: ParcelList;
  private readonly reply = newReply();

  /** `name` tells the draws of lanes apart. */
  constructor(
    context: BehaviorContext<Config>,
    name: string,
    plan: DestinationPlan,
    owner: DestinationOwner,
    meters: StreamMeters,
  ) {
    const { config, flow, kernel } = context;
    this.context = context;
    this.plan = plan;
    this.owner = owner;
    this.meters = meters;
    this.conversion = context.draw('conversion');
    this.request = new ParcelList(flow.store);
    this.kept = new ParcelList(flow.store);
    const { deliveryRetryBaseSeconds: base, deliveryRetryMaxSeconds: max } = config;
    const options = {
      ...plan,
      backoff: new RetryBackoff(base * SECOND_US, max * SECOND_US),
      retryDraw: context.draw(`deliveryRetry ${name}`),
    };
    this.delivery = new BatchDelivery(kernel, flow.store, options, this);
  }

  get heldBytes(): number {
    return this.delivery.heldBytes;
  }

  get roomBytes(): number {
    return this.delivery.roomBytes;
  }

  get isFull(): boolean {
    return this.delivery.isFull;
  }

  /** When the record held longest came in, microseconds; Infinity when none is held. */
  get oldestUs(): number {
    const p = this.delivery.oldest;
    return p === NONE ? Number.POSITIVE_INFINITY : this.context.flow.store.a0[p]!;
  }

  /** Takes a plain record. */
  add(parcel: number): void {
    this.delivery.add(parcel);
  }

  onBatch(batch: ParcelList): void {
    const { plan, kept, meters } = this;
    const { flow, kernel } = this.context;
    this.onChange();
    if (plan.conversionFailedRatio < 0) return;
    const [records, bytes] = meters.converted;
    const [failedRecords, failedBytes] = meters.unconverted;
    const { store } = flow;
    for (let p = batch.shift(); p !== NONE; p = batch.shift()) {
      const fails =
        flow.isPoison(p) || this.conversion.uniformPair(store.entity[p]!, store.load[p]!) < plan.conversionFailedRatio;
      (fails ? failedRecords : records).add(kernel.nowUs, store.records[p]!);
      (fails ? failedBytes : bytes).add(kernel.nowUs, store.bytes[p]!);
      if (fails) this.owner.fail(p, 'format-conversion-failed');
      else kept.push(p);
    }
    batch.append(kept);
  }

  offer(batch: ParcelList, attempt: number): number {
    const { reply, plan } = this;
    const { faults, flow, kernel } = this.context;
    if (faults.outage) return 0;
    const oldestUs = flow.store.a0[batch.head]!;
    const before = batch.records;
    const sizeBefore = batch.bytes;
    let bytes: number;
    if (plan.isObject) bytes = this.offerObject(batch, attempt);
    else {
      plan.outlet.offer(batch, true, reply, attempt > 1);
      bytes = sizeBefore - batch.bytes;
    }
    const delivered = before - batch.records;
    plan.books?.attempt(kernel.nowUs, batch.length === 0, delivered, bytes);
    if (delivered > 0) {
      plan.books?.age(kernel.nowUs, oldestUs);
      if (plan.books !== undefined && plan.books !== this.meters.backup)
        this.meters.deliverySize.add(kernel.nowUs, bytes);
    }
    return reply.latencyUs;
  }

  onRefused(batch: ParcelList, firstAttemptUs: number, _attempt: number, waitUs: number): void {
    const { plan, owner, meters } = this;
    const { flow, kernel } = this.context;
    const { store } = flow;
    meters.onRefused();
    let expired = 0;
    while (batch.head !== NONE && store.a0[batch.head]! + owner.retentionUs <= kernel.nowUs) {
      const p = batch.shift();
      expired += store.records[p]!;
      flow.expire(p);
    }
    if (expired > 0) meters.onExpired(expired);
    if (kernel.nowUs + waitUs - firstAttemptUs <= plan.retryDurationUs) return;
    for (let p = batch.shift(); p !== NONE; p = batch.shift()) owner.fail(p, 'delivery-retries-exhausted');
  }

  onChange(): void {
    const { plan } = this;
    plan.limit?.set(this.context.kernel.nowUs, Math.min(plan.largestBytes, this.heldBytes) / MEBIBYTE);
    this.owner.onHeld();
  }

  /** A source was not read because the delivery has fallen behind. */
  onHeldBack(): void {
    this.plan.limit?.refuse(this.context.kernel.nowUs, 1);
  }

  /** Puts all records into one object; returns its bytes. What is not taken is taken apart again. */
  private offerObject(batch: ParcelList, attempt: number): number {
    const { request, reply, plan } = this;
    const { flow } = this.context;
    const size = Math.max(1, Math.round(batch.bytes * plan.sizeRatio));
    let change = size - batch.bytes;
    // A run of several records alone would be taken for as many objects.
    if (change === 0 && batch.length === 1 && batch.units > 1) change = 1;
    request.push(flow.pack(batch, change));
    const { bytes } = request;
    plan.outlet.offer(request, false, reply, attempt > 1);
    if (request.head === NONE) {
      plan.objects?.add(1);
      return bytes;
    }
    flow.unpack(request.shift(), batch);
    return 0;
  }
}
