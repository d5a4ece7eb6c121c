/**
 * Works off the lanes of a mapping: closes batches, invokes the function, retries, bisects and gives up.
 * One batch in flight per lane; a blocked lane blocks only itself. Throttles and service errors do not count as attempts.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html (read 2026-11-21).
 */
import type { ConnectionContext, Outlet } from '#engine/behavior.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import {
  type Batch,
  type InvocationCallee,
  type InvocationCaller,
  type LogPort,
  newReply,
} from '#engine/flow/ports.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import { BatchPool } from '#engine/stations/batch-pool.ts';
import { RetryBackoff } from '#engine/stations/retry-backoff.ts';
import type { Config } from '../config.ts';
import { DELIVERING, IN_FLIGHT, type Lane, READY, WAITING } from './lane.ts';
import { MappingMeters } from './meters.ts';
import { ShardReader } from './reader.ts';

const MS = 1000;
const SECOND_US = 1_000_000;
/** Payload of one synchronous invocation: 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (2026-11-21). */
const LARGEST_PAYLOAD = 6_291_456;
/** Assumption: a destination that refuses is tried three times; AWS documents no number. */
const DELIVERY_ATTEMPTS = 3;
/** Tries without success after which the log speaks of a blocked lane. */
const BLOCKED_TRIES = 5;

export class StreamMapping implements InvocationCaller {
  private readonly context: ConnectionContext<Config>;
  private readonly callee: InvocationCallee;
  private readonly reader: ShardReader;
  private readonly batches: BatchPool;
  private readonly meters: MappingMeters;
  private readonly waits: RetryBackoff;
  private readonly request: ParcelList;
  private readonly reply = newReply();
  private readonly windowUs: number;
  private readonly retentionUs: number;
  private readonly maxAgeUs: number;
  private readonly onWindow: number;
  private readonly onRetry: number;
  private readonly payloadOf: (parcel: number) => number;
  private readonly destination: Outlet | undefined;

  constructor(context: ConnectionContext<Config>, log: LogPort, callee: InvocationCallee) {
    const { config, flow, kernel } = context;
    this.context = context;
    this.callee = callee;
    this.batches = new BatchPool(this, config.reportBatchItemFailures ? 'first' : 'off');
    this.meters = new MappingMeters(context);
    this.waits = new RetryBackoff(config.retryBaseMs * MS, config.retryMaxMs * MS);
    this.request = new ParcelList(flow.store);
    this.destination = context.onFailure[0];
    this.windowUs = config.maximumBatchingWindowInSeconds * SECOND_US;
    this.retentionUs = log.retentionUs;
    const { maximumRecordAgeInSeconds: age } = config;
    this.maxAgeUs = age === -1 ? Number.POSITIVE_INFINITY : age * SECOND_US;
    this.onWindow = kernel.register((index) => {
      const lane = this.reader.lanes[index];
      lane.isWindowArmed = false;
      this.begin(lane);
      this.reader.resume(lane.shard);
    });
    this.onRetry = kernel.register((index) => this.continue(this.reader.lanes[index]));
    // The payload carries records in base64: 4 bytes for 3.
    this.payloadOf = (p) => Math.ceil(flow.store.bytes[p] / 3) * 4;
    this.reader = new ShardReader(context, log, { onBuffered: (lane) => this.begin(lane) });
  }

  /** The function has answered. */
  onSettled(batch: Batch, succeeded: boolean): void {
    const lane = this.reader.lanes[batch.token];
    const failedAt = batch.failedAt;
    lane.shard.onWork(this.context.kernel.nowUs, -1);
    this.batches.give(batch);
    if (succeeded) {
      const done = failedAt < 0 ? lane.to : lane.from + failedAt;
      this.settle(lane, done);
      if (failedAt < 0) this.nextRange(lane);
      else this.failed(lane, failedAt > 0);
    } else {
      this.failed(lane, false);
    }
    this.reader.resume(lane.shard);
  }

  /** Starts a batch if the lane is free and the batch is full or its window has closed. */
  private begin(lane: Lane): void {
    if (lane.state !== READY) {
      this.trimBuffer(lane);
      return;
    }
    const { config, flow, kernel } = this.context;
    while (lane.buffer.head !== NONE) {
      const isFull = lane.buffer.units >= config.batchSize || lane.buffer.bytes * (4 / 3) >= LARGEST_PAYLOAD;
      if (!isFull && kernel.nowUs < lane.windowEndsUs) {
        this.armWindow(lane);
        return;
      }
      lane.claim(flow, config.batchSize, LARGEST_PAYLOAD, this.payloadOf);
      lane.windowEndsUs = kernel.nowUs + this.windowUs;
      this.hand(lane);
      if (lane.state !== READY) return;
    }
  }

  private armWindow(lane: Lane): void {
    if (lane.isWindowArmed) return;
    lane.isWindowArmed = true;
    this.context.kernel.at(lane.windowEndsUs, this.onWindow, lane.index, 0, PRIORITY_TIMER);
  }

  /** The wait of a blocked lane is over. */
  private continue(lane: Lane): void {
    this.trimBuffer(lane);
    if (lane.state === DELIVERING) this.deliver(lane);
    else this.hand(lane);
    if (lane.state === READY) this.begin(lane);
    this.reader.resume(lane.shard);
  }

  /** Hands the range at work to the function, without what has grown too old; leaves the lane READY when none is left. */
  private hand(lane: Lane): void {
    const { context } = this;
    const { runs, store } = context.flow;
    if (this.callee.takesRuns?.() !== true) lane.scatter(context.flow, this.request);
    if (!this.dropAged(lane)) return;
    const batch = this.batches.take(lane.index);
    for (let i = lane.from; i < lane.to; i++) {
      const p = lane.units[i];
      this.batches.add(batch, p, store.records[p], store.bytes[p], store.units[p]);
    }
    batch.ageUs = context.kernel.nowUs - runs.placeUs(lane.units[lane.to - 1], store.units[lane.units[lane.to - 1]]);
    const units = batch.unitCount;
    const { records, bytes } = batch;
    if (units === 1 && this.payloadOf(batch.units[0]) > LARGEST_PAYLOAD) {
      this.batches.give(batch);
      this.giveUp(lane, 'record-too-large');
      return;
    }
    lane.state = IN_FLIGHT;
    if (this.callee.invoke(batch) === 'started') {
      lane.shard.onWork(context.kernel.nowUs, 1);
      this.meters.onInvoked(units);
      if (lane.wasStarted) context.edge.retried(units);
      else context.edge.count(records, units, 1, bytes);
      lane.wasStarted = true;
      return;
    }
    this.batches.give(batch);
    context.edge.refused(units);
    this.wait(lane);
  }

  /** Takes records past the stream's retention or the maximum age off the front; false when the batch is used up or given up. */
  private dropAged(lane: Lane): boolean {
    const { flow, kernel } = this.context;
    const { runs } = flow;
    for (;;) {
      while (lane.from < lane.to && runs.lastUs(lane.units[lane.from]) + this.retentionUs <= kernel.nowUs) {
        this.expire(lane.units[lane.from]);
        lane.from += 1;
      }
      if (lane.from < lane.to) break;
      if (!this.toNextRange(lane)) return false;
    }
    const oldestUs = kernel.nowUs - this.maxAgeUs;
    if (runs.lastUs(lane.units[lane.from]) >= oldestUs) return true;
    let first = lane.from;
    while (first < lane.to && runs.lastUs(lane.units[first]) < oldestUs) first += 1;
    lane.isolate(first);
    lane.scatter(flow, this.request);
    this.giveUp(lane, 'record-too-old');
    return false;
  }

  private trimBuffer(lane: Lane): void {
    const { runs } = this.context.flow;
    const { buffer } = lane;
    const limitUs = this.context.kernel.nowUs - this.retentionUs;
    while (buffer.head !== NONE && runs.lastUs(buffer.head) <= limitUs) this.expire(buffer.shift());
  }

  private expire(p: number): void {
    this.meters.onExpired(this.context.flow.store.records[p]);
    this.context.flow.expire(p);
  }

  /** Settles the range at work up to `end`: these records are done with. */
  private settle(lane: Lane, end: number): void {
    const { flow, kernel, node } = this.context;
    for (; lane.from < end; lane.from++) flow.settle(lane.units[lane.from], node, kernel.nowUs);
  }

  /** An attempt at the range has failed. `progressed`: its first records are done and no longer part of it. */
  private failed(lane: Lane, progressed: boolean): void {
    const { config, flow } = this.context;
    lane.scatter(flow, this.request);
    const count = lane.to - lane.from;
    this.meters.onFailed(count);
    if (progressed) lane.tries = 0;
    if (config.bisectBatchOnFunctionError && (progressed || count > 1)) {
      if (!progressed) lane.split();
      lane.tries = 0;
    } else if (lane.countFailure() > config.maximumRetryAttempts && config.maximumRetryAttempts !== -1) {
      this.giveUp(lane, 'retries-exhausted');
      if (lane.state === READY) this.begin(lane);
      return;
    }
    this.wait(lane);
  }

  private wait(lane: Lane): void {
    const { kernel } = this.context;
    lane.tries += 1;
    lane.state = WAITING;
    if (lane.tries >= BLOCKED_TRIES) this.meters.onBlocked(lane);
    kernel.after(this.waits.delayUs(lane.tries), this.onRetry, lane.index, 0, PRIORITY_TIMER);
  }

  /** The range is done with: the next one at once, or the next batch. */
  private nextRange(lane: Lane): void {
    if (this.toNextRange(lane)) this.hand(lane);
    if (lane.state === READY) this.begin(lane);
  }

  /** Goes on to the next range of the batch; false, and the lane READY, when there is none. */
  private toNextRange(lane: Lane): boolean {
    if (lane.finishRange()) return true;
    lane.state = READY;
    return false;
  }

  /** Gives the range at work up: its records go to the destination, or are lost. */
  private giveUp(lane: Lane, reason: string): void {
    lane.reason = reason;
    lane.deliveries = 0;
    this.meters.onGivenUp(lane, lane.to - lane.from);
    if (this.destination !== undefined) {
      this.deliver(lane);
      return;
    }
    for (; lane.from < lane.to; lane.from++) this.lose(lane.units[lane.from], reason);
    if (this.toNextRange(lane)) this.hand(lane);
  }

  private lose(p: number, reason: string): void {
    const { edge, flow } = this.context;
    edge.dropped(flow.store.records[p]);
    flow.drop(p, reason);
  }

  /** Sends the range at work to the destination, record by record; waits and tries again where it refuses. */
  private deliver(lane: Lane): void {
    const { flow, kernel, node } = this.context;
    const { request, reply } = this;
    const destination = this.destination!;
    for (; lane.from < lane.to; lane.from++) {
      const p = lane.units[lane.from];
      const sent = flow.detach(p);
      flow.settle(p, node, kernel.nowUs);
      request.push(sent);
      destination.offer(request, false, reply, lane.deliveries > 0);
      if (request.head === NONE) {
        this.meters.onDelivered();
        lane.deliveries = 0;
        continue;
      }
      lane.units[lane.from] = request.shift();
      lane.deliveries += 1;
      if (lane.deliveries < DELIVERY_ATTEMPTS) {
        lane.state = DELIVERING;
        kernel.after(this.waits.delayUs(lane.deliveries), this.onRetry, lane.index, 0, PRIORITY_TIMER);
        return;
      }
      destination.countDropped(flow.store.records[sent]);
      this.lose(sent, 'on-failure-refused');
      lane.deliveries = 0;
    }
    if (this.toNextRange(lane)) this.hand(lane);
  }
}
