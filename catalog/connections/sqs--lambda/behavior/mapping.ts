/**
 * Polls a queue for a function: every slot long-polls, collects a batch, invokes, deletes what succeeded and leaves what failed
 * to the visibility timeout. Slots are added while all are busy and given up when a long poll comes back empty.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html and services-sqs-errorhandling.html (2026-11-21).
 */
import type { ConnectionContext } from '#engine/behavior.ts';
import type { Batch, InvocationCallee, InvocationCaller, QueuePort, QueueWaiter } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { PRIORITY_POLL, PRIORITY_SAMPLING, PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import { BatchPool } from '#engine/stations/batch-pool.ts';
import { RetryBackoff } from '#engine/stations/retry-backoff.ts';
import type { Config } from '../config.ts';
import { MappingMeters } from './meters.ts';
import { PollerPace, pollersFor, type ScalingPlan, scalingPlan } from './scaling.ts';
import { OFF, POLLING, RECEIVE_MOST, RECEIVING, Slot, THROTTLED, WORKING } from './slot.ts';

const MS = 1000;
const SECOND_US = 1_000_000;
const LONG_POLL_US = 20 * SECOND_US;
/** Payload of one synchronous invocation: 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (2026-11-21). */
const LARGEST_PAYLOAD = 6_291_456;
/** Room that the effective visibility timeout leaves above window and function timeout. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const VISIBILITY_ROOM_US = 30 * SECOND_US;
/** Messages of one delete request. */
const DELETE_MOST = 10;

export class QueueMapping implements QueueWaiter, InvocationCaller {
  private readonly context: ConnectionContext<Config>;
  private readonly queue: QueuePort;
  private readonly callee: InvocationCallee;
  private readonly batches: BatchPool;
  private readonly meters: MappingMeters;
  private readonly plan: ScalingPlan;
  private readonly pace: PollerPace;
  private readonly waits: RetryBackoff;
  private readonly slowdown: DrawStream;
  private readonly slots: Slot[] = [];
  private readonly idleSlots: Slot[] = [];
  private readonly received = new Int32Array(RECEIVE_MOST);
  private readonly deletes = new Int32Array(DELETE_MOST);
  private deleteCount = 0;
  private deleteMessages = 0;
  private readonly windowUs: number;
  private readonly visibilityUs: number;
  private readonly isVisibilityOwn: boolean;
  private readonly onTurn: number;
  private readonly onAnswer: number;
  private readonly onRetry: number;
  private readonly onScale: number;
  private active = 0;
  private polling = 0;
  private throttled = 0;
  private isScaling = false;
  private growth = 0;
  private errors = 0;

  constructor(context: ConnectionContext<Config>, queue: QueuePort, callee: InvocationCallee) {
    const { config, kernel, sourceConfig } = context;
    const isFifo = sourceConfig['fifoQueue'] === true;
    this.context = context;
    this.queue = queue;
    this.callee = callee;
    this.batches = new BatchPool(this, config.reportBatchItemFailures ? (isFifo ? 'first' : 'each') : 'off');
    this.plan = scalingPlan(config);
    this.meters = new MappingMeters(context, this.plan.most);
    this.pace = new PollerPace(config.provisionedPollers);
    this.waits = new RetryBackoff(config.retryBaseMs * MS, config.retryMaxMs * MS);
    this.slowdown = context.draw('errorSlowdown');
    this.windowUs = config.maximumBatchingWindowInSeconds * SECOND_US;
    const needUs = this.windowUs + callee.timeoutUs;
    this.isVisibilityOwn = needUs > queue.visibilityTimeoutUs;
    this.visibilityUs = this.isVisibilityOwn ? needUs + VISIBILITY_ROOM_US : queue.visibilityTimeoutUs;
    this.onTurn = kernel.register((index) => this.turn(this.slots[index]));
    this.onAnswer = kernel.register((index) => this.answered(this.slots[index]));
    this.onRetry = kernel.register((index) => this.hand(this.slots[index]));
    this.onScale = kernel.register(() => this.scale());
  }

  start(): void {
    this.grow(this.plan.start);
  }

  startRecording(): void {
    this.meters.startRecording(this.pollers);
  }

  finish(): void {
    this.meters.onPollers(this.pollers);
  }

  /** A long poll has ended, with messages or without. */
  onMessages(token: number): void {
    const { config, flow, kernel } = this.context;
    const { queue, received } = this;
    const slot = this.slots[token];
    const most = Math.min(RECEIVE_MOST, config.batchSize - slot.messages);
    const visibilityUs = this.isVisibilityOwn ? this.visibilityUs : undefined;
    const n = queue.receive(most, received, visibilityUs, this.callee.takesRuns?.() === true);
    this.setState(slot, RECEIVING);
    if (n === 0) {
      this.answered(slot);
      return;
    }
    if (slot.count === 0) {
      slot.receivedUs = kernel.nowUs;
      slot.windowEndsUs = kernel.nowUs + this.windowUs;
    }
    const { bytes: before, messages: messagesBefore } = slot;
    for (let i = 0; i < n; i++) {
      const p = queue.parcelOf(received[i]);
      slot.receipts[slot.count++] = received[i];
      slot.messages += flow.store.units[p];
      slot.bytes += flow.store.bytes[p];
    }
    this.meters.onReceived(slot.messages - messagesBefore);
    this.pace.useBytes(kernel.nowUs, slot.bytes - before, this.pollers);
    const latencyUs = queue.receiveLatencyUs ?? 0;
    if (latencyUs > 0) kernel.after(latencyUs, this.onAnswer, slot.index, 0, PRIORITY_TIMER);
    else this.answered(slot);
  }

  /** The function has answered. */
  onSettled(batch: Batch, succeeded: boolean): void {
    const slot = this.slots[batch.token];
    slot.batch = undefined;
    if (succeeded) {
      this.settle(slot, batch);
    } else {
      this.meters.onFailed(batch.unitCount);
      this.releaseFirst(slot, slot.atWork);
    }
    this.batches.give(batch);
    if (slot.count > 0) this.hand(slot);
    else if (!succeeded && this.slowsDown() && this.active > this.plan.least) this.retire(slot);
    else this.poll(slot);
  }

  private get pollers(): number {
    return pollersFor(this.active);
  }

  /** Begins a long poll, or waits for the turn of a provisioned poller. */
  private poll(slot: Slot): void {
    const { kernel } = this.context;
    const turnUs = this.pace.reserveUs(kernel.nowUs, this.pollers);
    if (turnUs <= kernel.nowUs) {
      this.wait(slot);
      return;
    }
    this.setState(slot, RECEIVING);
    kernel.at(turnUs, this.onTurn, slot.index, 0, PRIORITY_POLL);
  }

  private turn(slot: Slot): void {
    if (this.pace.isClear(this.context.kernel.nowUs)) this.wait(slot);
    else this.poll(slot);
  }

  private wait(slot: Slot): void {
    this.setState(slot, POLLING);
    this.queue.wait(LONG_POLL_US, this, slot.index);
  }

  private answered(slot: Slot): void {
    const { config, kernel } = this.context;
    if (slot.count === 0) {
      if (this.active > this.plan.least) this.retire(slot);
      else this.poll(slot);
      return;
    }
    const isFull = slot.messages >= config.batchSize || slot.bytes >= LARGEST_PAYLOAD;
    if (isFull || kernel.nowUs >= slot.windowEndsUs) this.hand(slot);
    else this.poll(slot);
  }

  /** Hands what was collected to the function, as far as the payload allows. */
  private hand(slot: Slot): void {
    const { edge, flow } = this.context;
    const { store } = flow;
    const batch = this.batches.take(slot.index);
    for (let i = 0; i < slot.count; i++) {
      const p = this.queue.parcelOf(slot.receipts[i]);
      if (i > 0 && batch.bytes + store.bytes[p] > LARGEST_PAYLOAD) break;
      this.batches.add(batch, p, store.records[p], store.bytes[p], store.units[p]);
    }
    const { count, unitCount, records, bytes } = batch;
    if (this.callee.invoke(batch) === 'started') {
      slot.batch = batch;
      slot.atWork = count;
      slot.bytes -= bytes;
      slot.tries = 0;
      this.setState(slot, WORKING);
      this.meters.onInvoked(unitCount);
      edge.count(records, unitCount, 1, bytes);
      return;
    }
    this.batches.give(batch);
    edge.refused(unitCount);
    this.waitAfterThrottle(slot);
  }

  /** A throttled batch is tried again until its visibility timeout has passed; then its messages are the queue's again. */
  private waitAfterThrottle(slot: Slot): void {
    const { kernel } = this.context;
    slot.tries += 1;
    const waitUs = this.waits.delayUs(slot.tries);
    if (kernel.nowUs + waitUs < slot.receivedUs + this.visibilityUs) {
      this.setState(slot, THROTTLED);
      kernel.after(waitUs, this.onRetry, slot.index, 0, PRIORITY_TIMER);
      return;
    }
    this.meters.onGivenBack(slot.messages);
    this.releaseFirst(slot, slot.count);
    slot.bytes = 0;
    slot.tries = 0;
    this.poll(slot);
  }

  /** Deletes the messages that succeeded, leaves the others to their visibility timeout. */
  private settle(slot: Slot, batch: Batch): void {
    const { queue } = this;
    const { store } = this.context.flow;
    const { atWork, receipts } = slot;
    const firstFailed = batch.failedAt < 0 ? atWork : batch.failedAt;
    let failure = 0;
    let failed = 0;
    for (let i = 0; i < atWork; i++) {
      let hasFailed = i >= firstFailed;
      if (hasFailed && batch.itemFailures === 'each') {
        hasFailed = failure < batch.failureCount && batch.failures[failure] === i;
        if (hasFailed) failure += 1;
      }
      const units = store.units[queue.parcelOf(receipts[i])];
      if (hasFailed) {
        queue.release(receipts[i], -1);
        failed += units;
      } else {
        this.delete(receipts[i], units);
      }
    }
    this.flushDeletes();
    this.meters.onDeleted(batch.unitCount - failed);
    if (failed > 0) this.meters.onFailed(failed);
    slot.dropFirst(atWork, batch.unitCount);
  }

  private delete(receipt: number, messages: number): void {
    if (this.deleteMessages + messages > DELETE_MOST) this.flushDeletes();
    this.deletes[this.deleteCount++] = receipt;
    this.deleteMessages += messages;
    if (this.deleteMessages === DELETE_MOST) this.flushDeletes();
  }

  private flushDeletes(): void {
    if (this.deleteCount === 0) return;
    const count = this.deleteCount;
    this.deleteCount = 0;
    this.deleteMessages = 0;
    this.queue.delete(this.deletes, 0, count);
  }

  /** Leaves the first `n` messages to their visibility timeout. */
  private releaseFirst(slot: Slot, n: number): void {
    const { store } = this.context.flow;
    let messages = 0;
    for (let i = 0; i < n; i++) {
      messages += store.units[this.queue.parcelOf(slot.receipts[i])];
      this.queue.release(slot.receipts[i], -1);
    }
    slot.dropFirst(n, messages);
  }

  /** Whether a failed invocation takes one slot away. */
  private slowsDown(): boolean {
    const { config } = this.context;
    const ordinal = this.errors++;
    return !config.reportBatchItemFailures && this.slowdown.uniform(ordinal) < config.errorSlowdownRatio;
  }

  private grow(slots: number): void {
    this.active += slots;
    for (let i = 0; i < slots; i++) {
      let slot = this.idleSlots.pop();
      if (slot === undefined) {
        slot = new Slot(this.slots.length, this.context.config.batchSize);
        this.slots.push(slot);
      }
      this.poll(slot);
    }
    this.meters.onConcurrency(this.active, this.pollers);
  }

  private retire(slot: Slot): void {
    this.setState(slot, OFF);
    this.idleSlots.push(slot);
    this.active -= 1;
    this.meters.onConcurrency(this.active, this.pollers);
  }

  private setState(slot: Slot, state: number): void {
    if (slot.state === POLLING) this.polling -= 1;
    else if (slot.state === THROTTLED) this.throttled -= 1;
    slot.state = state;
    if (state === POLLING) this.polling += 1;
    else if (state === THROTTLED) this.throttled += 1;
    if (this.polling > 0 || this.isScaling || this.active === 0 || state === OFF) return;
    this.isScaling = true;
    this.growth = 0;
    this.context.kernel.after(SECOND_US, this.onScale, 0, 0, PRIORITY_SAMPLING);
  }

  /** Once a second while no slot waits for messages: adds what the rate allows. Not while the function throttles. */
  private scale(): void {
    this.isScaling = false;
    if (this.polling > 0) return;
    this.isScaling = true;
    this.context.kernel.after(SECOND_US, this.onScale, 0, 0, PRIORITY_SAMPLING);
    if (this.throttled > 0) return;
    this.growth += this.plan.perSecond;
    const whole = Math.floor(this.growth);
    this.growth -= whole;
    const room = this.plan.most - this.active;
    if (room <= 0) this.meters.onAtMost();
    else this.grow(Math.min(whole, room));
  }
}
