/**
 * The internal queue of asynchronous invocations: events are accepted, invoked one by one, retried, and given up.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html (read 2026-11-21).
 */
import type { BehaviorContext, Outlet } from '#engine/behavior.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { type Batch, type InvocationCaller, newReply, type Push, type Reply } from '#engine/flow/ports.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import { BatchPool } from '#engine/stations/batch-pool.ts';
import { Episode } from '#engine/stations/episode.ts';
import { RetryBackoff } from '#engine/stations/retry-backoff.ts';
import type { Config } from '../config.ts';
import type { Invocations } from './invocations.ts';
import type { FunctionMeters } from './meters.ts';

const MS = 1000;
const SECOND_US = 1_000_000;
/** Waits after the first and the second error of the function. */
const ERROR_WAITS_US = [60 * SECOND_US, 120 * SECOND_US] as const;
/** Waits after throttles and service errors: from 1 s, doubling, to 5 minutes. */
const throttleWaits = new RetryBackoff(SECOND_US, 300 * SECOND_US);
/** Largest event: 1 MB; the first 256 KB are one request, each started 64 KB more another. https://aws.amazon.com/lambda/pricing/ (2026-11-21). */
const LARGEST_EVENT_BYTES = 1_048_576;
const FIRST_REQUEST_BYTES = 262_144;
const FURTHER_REQUEST_BYTES = 65_536;
/** Assumption: a destination that refuses an event is tried three times, 1 and 2 s apart; AWS only counts the failures. */
const DELIVERY_ATTEMPTS = 3;
const QUIET_US = 60 * SECOND_US;
const FIRST_CAPACITY = 64;

export class AsyncEvents implements Push, InvocationCaller {
  readonly meeting = 'push';
  private readonly context: BehaviorContext<Config>;
  private readonly invocations: Invocations;
  private readonly meters: FunctionMeters;
  private readonly destination: Outlet | undefined;
  private readonly batches: BatchPool;
  private readonly tooLarge: ParcelList;
  private readonly delivery: ParcelList;
  private readonly reply = newReply();
  private readonly onDue: number;
  private readonly onDeliveryDue: number;
  private readonly maxAgeUs: number;
  private readonly dropping: Episode;
  private parcel = new Int32Array(FIRST_CAPACITY);
  private acceptedUs = new Float64Array(FIRST_CAPACITY);
  /** Errors of the function, then attempts at the destination. */
  private errors = new Int32Array(FIRST_CAPACITY);
  private throttles = new Int32Array(FIRST_CAPACITY);
  private free = new Int32Array(FIRST_CAPACITY);
  private freeLength = 0;
  private top = 0;
  private lastReason = '';

  constructor(context: BehaviorContext<Config>, invocations: Invocations, meters: FunctionMeters) {
    const { flow, kernel } = context;
    this.context = context;
    this.invocations = invocations;
    this.meters = meters;
    this.destination = context.outlets('on-failure')[0];
    this.batches = new BatchPool(this);
    this.tooLarge = new ParcelList(flow.store);
    this.delivery = new ParcelList(flow.store);
    this.onDue = kernel.register((slot) => this.invoke(slot));
    this.onDeliveryDue = kernel.register((slot) => this.deliver(slot));
    this.maxAgeUs = context.config.maximumEventAgeInSeconds * SECOND_US;
    this.dropping = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('error', 'lambda/events-given-up', { reason: this.lastReason }),
      onEnded: (count) => context.log('info', 'lambda/events-given-up-over', { count }),
    });
  }

  offer(request: ParcelList, _isBatch: boolean, reply: Reply): void {
    const { config, flow, node } = this.context;
    const { store } = flow;
    reply.accepted = 0;
    reply.refused = 0;
    reply.failed = 0;
    // The edge multiplies it by the factor of a latency fault.
    reply.latencyUs = config.asyncInvokeLatencyMs * MS;
    reply.retryAfterUs = 0;
    for (let p = request.shift(); p !== NONE; p = request.shift()) {
      if (store.bytes[p] > LARGEST_EVENT_BYTES) {
        this.tooLarge.push(p);
        reply.failed += store.units[p];
        continue;
      }
      reply.accepted += store.units[p];
      flow.transfer(p, node);
      this.accept(p);
    }
    request.append(this.tooLarge);
  }

  onSettled(batch: Batch, succeeded: boolean): void {
    const slot = batch.token;
    this.batches.give(batch);
    if (succeeded) {
      const { flow, kernel, node } = this.context;
      flow.settle(this.parcel[slot], node, kernel.nowUs);
      this.release(slot);
      return;
    }
    const errors = ++this.errors[slot];
    if (errors > this.context.config.maximumRetryAttempts) this.giveUp(slot, 'retries-exhausted');
    else this.retryAfter(slot, ERROR_WAITS_US[errors - 1]);
  }

  private accept(p: number): void {
    const { nowUs } = this.context.kernel;
    const slot = this.takeSlot();
    this.parcel[slot] = p;
    this.acceptedUs[slot] = nowUs;
    this.errors[slot] = 0;
    this.throttles[slot] = 0;
    this.meters.asyncReceived.add(nowUs, 1);
    this.invoke(slot);
  }

  private invoke(slot: number): void {
    const { flow, kernel } = this.context;
    const p = this.parcel[slot];
    const bytes = flow.store.bytes[p];
    const batch = this.batches.take(slot);
    this.batches.add(batch, p, flow.store.records[p], bytes);
    const further = Math.ceil(Math.max(0, bytes - FIRST_REQUEST_BYTES) / FURTHER_REQUEST_BYTES);
    if (this.invocations.start(batch, false, 1 + further) === 'started') {
      this.meters.asyncAge.add(kernel.nowUs, (kernel.nowUs - this.acceptedUs[slot]) / MS);
      return;
    }
    this.batches.give(batch);
    this.retryAfter(slot, throttleWaits.delayUs(++this.throttles[slot]));
  }

  private retryAfter(slot: number, waitUs: number): void {
    const { kernel } = this.context;
    if (kernel.nowUs + waitUs - this.acceptedUs[slot] > this.maxAgeUs) this.giveUp(slot, 'event-too-old');
    else kernel.after(waitUs, this.onDue, slot, 0, PRIORITY_TIMER);
  }

  private giveUp(slot: number, reason: string): void {
    const { flow, kernel, node } = this.context;
    this.meters.asyncDropped.add(kernel.nowUs, 1);
    this.lastReason = reason;
    this.dropping.mark(1);
    const p = this.parcel[slot];
    if (this.destination === undefined) {
      flow.drop(p, reason);
      this.release(slot);
      return;
    }
    this.parcel[slot] = flow.detach(p);
    flow.settle(p, node, kernel.nowUs);
    this.errors[slot] = 0;
    this.deliver(slot);
  }

  /** Hands a given-up event to its destination. */
  private deliver(slot: number): void {
    const { flow, kernel } = this.context;
    const { delivery, reply } = this;
    const destination = this.destination!;
    const p = this.parcel[slot];
    delivery.push(p);
    destination.offer(delivery, false, reply, this.errors[slot] > 0);
    if (delivery.head === NONE) {
      this.release(slot);
      return;
    }
    delivery.shift();
    const attempts = ++this.errors[slot];
    this.meters.deliveryFailures.add(kernel.nowUs, 1);
    if (attempts < DELIVERY_ATTEMPTS) {
      kernel.after(throttleWaits.delayUs(attempts), this.onDeliveryDue, slot, 0, PRIORITY_TIMER);
      return;
    }
    destination.countDropped(flow.store.records[p]);
    flow.drop(p, 'on-failure-refused');
    this.release(slot);
  }

  private takeSlot(): number {
    if (this.freeLength > 0) return this.free[--this.freeLength];
    const slot = this.top++;
    if (slot === this.parcel.length) this.grow();
    return slot;
  }

  private release(slot: number): void {
    this.free[this.freeLength++] = slot;
  }

  private grow(): void {
    const size = this.parcel.length * 2;
    const wide = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(size);
      grown.set(old);
      return grown;
    };
    const acceptedUs = new Float64Array(size);
    acceptedUs.set(this.acceptedUs);
    this.acceptedUs = acceptedUs;
    this.parcel = wide(this.parcel);
    this.errors = wide(this.errors);
    this.throttles = wide(this.throttles);
    this.free = wide(this.free);
  }
}
