/** A queue with visibility, its API actions as they are metered and billed, and its way to the dead-letter queue. */
import type { Behavior, BehaviorContext, BehaviorFactory, Outlet } from '#engine/behavior.ts';
import { FLAG_DUPLICATE, NONE, ParcelList } from '#engine/flow/parcels.ts';
import { newReply, type Push, type QueuePort, type QueueWaiter, type Reply } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { PRIORITY_SAMPLING } from '#engine/kernel/priorities.ts';
import { KeyedStore } from '#engine/stations/keyed-store.ts';
import { VisibilityQueue } from '#engine/stations/visibility-queue.ts';
import type { VisibilityQueueOwner } from '#engine/stations/visibility-queue-owner.ts';
import { batchLimit, type Config, deduplicationSeconds, inFlightQuota, requestChunkBytes } from '../config.ts';
import { CallQuotas } from './calls.ts';
import { Journal } from './journal.ts';
import { QueueMeters } from './meters.ts';

const SECOND_US = 1_000_000;
const MS_US = 1000;
/** How often the age of the oldest message is looked at; growth and warnings are judged once a minute. */
const SAMPLE_US = 5 * SECOND_US;
const SAMPLES_A_MINUTE = 12;
/** Share of a billed request below which no call of ten messages comes near a second one. */
const SMALL_PAYLOAD_RATIO = 0.25;

export const build: BehaviorFactory<Config> = (context) => new Queue(context);

/** Says to the queue that takes a dead letter when it was sent first; NaN outside a redrive. One per run. */
interface Redrive {
  sentUs: number;
}

class Queue implements Behavior, VisibilityQueueOwner {
  readonly inputs: Readonly<Record<string, Push | QueuePort>>;
  private readonly context: BehaviorContext<Config>;
  private readonly queue: VisibilityQueue;
  private readonly calls: CallQuotas;
  private readonly journal: Journal;
  private readonly meters: QueueMeters;
  /** Messages of the last five minutes: identity within a workload, with the size of the body. */
  private readonly recent: KeyedStore | undefined;
  private readonly redrive: Redrive;
  private readonly deadLetters: Outlet | undefined;
  private readonly moving: ParcelList;
  private readonly movingReply = newReply();
  private readonly kept: ParcelList;
  private readonly throttling: DrawStream;
  private readonly failure: DrawStream;
  private readonly entryFailure: DrawStream;
  private readonly inFlightLimit: number;
  private readonly onSample: number;
  private samples = 0;

  constructor(context: BehaviorContext<Config>) {
    const { config, kernel, flow, node } = context;
    this.context = context;
    this.calls = new CallQuotas(context);
    this.inFlightLimit = context.quota(inFlightQuota.id, inFlightQuota.byDefault);
    this.journal = new Journal(context, this.inFlightLimit);
    this.meters = new QueueMeters(context, this.inFlightLimit);
    this.redrive = context.shared<Redrive>('sqs/redrive', () => ({ sentUs: Number.NaN }));
    this.deadLetters = context.outlets('dead-letter')[0];
    this.recent = config.fifoQueue
      ? new KeyedStore({
          ttlUs: deduplicationSeconds * SECOND_US,
          maxBytes: Number.POSITIVE_INFINITY,
          whenFull: 'evict',
        })
      : undefined;
    this.moving = new ParcelList(flow.store);
    this.kept = new ParcelList(flow.store);
    this.throttling = context.draw('throttling');
    this.failure = context.draw('failure');
    this.entryFailure = context.draw('entryFailure');
    this.queue = new VisibilityQueue(kernel, flow, node, this.queueOptions(), this);
    this.onSample = kernel.register(() => this.sample());
    this.inputs = { messages: this.push(false), 'dead-letters': this.push(true), consumers: this.queuePort() };
  }

  start(): void {
    const { kernel } = this.context;
    kernel.after(SAMPLE_US, this.onSample, 0, 0, PRIORITY_SAMPLING);
  }

  startRecording(): void {
    this.journal.startRecording();
  }

  fault(): void {
    const { faults } = this.context;
    this.calls.scale(faults.capacityRatio);
    this.queue.paused = faults.outage;
  }

  finish(): void {
    this.meters.age(this.queue.oldestAgeUs / SECOND_US);
  }

  onLevels(): void {
    const { queue } = this;
    this.meters.levels(queue.visibleCount, queue.inFlightCount, queue.delayedCount);
  }

  onReturned(messages: number): void {
    this.meters.returned.add(this.context.kernel.nowUs, messages);
  }

  onExpired(messages: number): void {
    this.meters.expired.add(this.context.kernel.nowUs, messages);
    this.journal.expired(messages);
  }

  /** The redrive: an internal move, neither billed nor counted as sent. */
  onExhausted(parcel: number, sentUs: number, receives: number): boolean {
    const { deadLetters, moving, movingReply, redrive } = this;
    if (deadLetters === undefined) return false;
    moving.push(parcel);
    redrive.sentUs = sentUs;
    deadLetters.offer(moving, false, movingReply, false);
    redrive.sentUs = Number.NaN;
    if (moving.shift() !== NONE) return false;
    this.meters.deadLettered.add(this.context.kernel.nowUs, 1);
    this.journal.deadLettered(receives);
    return true;
  }

  private queueOptions() {
    const { config } = this.context;
    return {
      visibilityTimeoutUs: config.visibilityTimeoutSeconds * SECOND_US,
      delayUs: config.delaySeconds * SECOND_US,
      retentionUs: config.messageRetentionPeriodSeconds * SECOND_US,
      inFlightLimit: this.inFlightLimit,
      maxReceives: this.deadLetters === undefined ? 0 : config.maxReceiveCount,
      isGrouped: config.fifoQueue,
      // A FIFO queue answers "receipt handle has expired"; a standard queue may still delete (API_DeleteMessage.html).
      lateDeletes: !config.fifoQueue,
      survivalRatio: config.fifoQueue ? 0 : config.duplicateDeliveryRatio,
      survival: this.context.draw('survival'),
    };
  }

  private push(isDeadLetter: boolean): Push {
    return {
      meeting: 'push',
      takesRuns: () => this.isPlain,
      offer: (request, isBatch, reply) => {
        reply.accepted = 0;
        reply.refused = 0;
        reply.failed = 0;
        reply.retryAfterUs = 0;
        reply.latencyUs = this.context.config.sendLatencyMs * MS_US;
        if (Number.isNaN(this.redrive.sentUs)) this.send(request, isBatch, isDeadLetter, reply);
        else this.takeMoved(request, isDeadLetter, reply);
      },
    };
  }

  /** Nothing that decides message by message is at work: no groups, no errors, no throttling. */
  private get isPlain(): boolean {
    const { config, faults } = this.context;
    if (config.fifoQueue || faults.capacityRatio < 1) return false;
    return faults.invocationErrorRatio === 0 && faults.recordErrorRatio === 0;
  }

  /** SendMessage and SendMessageBatch: a request is cut into calls of at most 10 messages and 1 MiB. */
  private send(request: ParcelList, isBatch: boolean, isDeadLetter: boolean, reply: Reply): void {
    const { store } = this.context.flow;
    while (request.head !== NONE) {
      if (!isBatch && this.context.flow.runs.isRun(request.head)) {
        this.sendEach(request.shift(), isDeadLetter, reply);
        continue;
      }
      const most = isBatch ? batchLimit.messages : 1;
      const callSize = Math.min(most, request.units);
      const isAdmitted = this.calls.admit('send') && !this.callFails(request.head);
      let taken = 0;
      let acceptedBytes = 0;
      for (let bytes = 0; taken < most && request.head !== NONE; ) {
        const units = store.units[request.head]!;
        bytes += store.bytes[request.head]!;
        if (taken > 0 && (bytes > batchLimit.bytes || taken + units > most)) break;
        const p = request.shift();
        taken += units;
        const size = this.payloadOf(p);
        if (this.sendOne(p, isAdmitted, callSize, isDeadLetter, reply)) acceptedBytes += size;
        else this.kept.push(p);
      }
      if (acceptedBytes > 0) this.meters.request(acceptedBytes);
    }
    request.append(this.kept);
  }

  /** The messages of a run, each in a call of its own. */
  private sendEach(p: number, isDeadLetter: boolean, reply: Reply): void {
    const calls = this.context.flow.runs.ceilUnits(p, requestChunkBytes);
    if (this.sendOne(p, true, 1, isDeadLetter, reply)) this.meters.requested(calls);
    else this.kept.push(p);
  }

  /** Bytes of messages in a call: exactly where their spread decides whether another request is begun. */
  private payloadOf(p: number): number {
    const { runs, store } = this.context.flow;
    const bytes = store.bytes[p]!;
    return bytes > SMALL_PAYLOAD_RATIO * requestChunkBytes ? runs.sizes.drawnBytes(p) : bytes;
  }

  private callFails(head: number): boolean {
    const { faults, flow } = this.context;
    const ratio = faults.invocationErrorRatio;
    return ratio > 0 && this.failure.uniformPair(flow.store.entity[head]!, this.millisecond) < ratio;
  }

  /** One message of a call; false when it stays with the sender. */
  private sendOne(p: number, isAdmitted: boolean, callSize: number, isDeadLetter: boolean, reply: Reply): boolean {
    const { config, faults, flow, node } = this.context;
    const { store } = flow;
    const units = store.units[p]!;
    const bytes = store.bytes[p]!;
    if (bytes > config.maximumMessageSizeBytes * units) {
      reply.failed += units;
      this.journal.tooLarge(bytes / units);
      return false;
    }
    if (!isAdmitted || this.isThrottled(p) || !this.calls.admitMessage(store.load[p]!, store.key[p]!, callSize)) {
      reply.refused += units;
      return false;
    }
    const errorRatio = faults.recordErrorRatio;
    if (errorRatio > 0 && this.entryFailure.uniformPair(store.entity[p]!, this.millisecond) < errorRatio) {
      reply.failed += units;
      return false;
    }
    reply.accepted += units;
    this.meters.sent(p);
    if (this.isSentBefore(p)) {
      flow.transfer(p, node);
      flow.drop(p, 'sent-before');
      return true;
    }
    this.queue.put(p, this.context.kernel.nowUs);
    if (isDeadLetter) flow.markDeadLettered(p, true);
    return true;
  }

  /** A throttling fault refuses a share of the sends to a standard queue; a FIFO queue has less quota instead. */
  private isThrottled(p: number): boolean {
    const { config, faults, flow } = this.context;
    if (faults.capacityRatio >= 1 || config.fifoQueue) return false;
    return this.throttling.uniformPair(flow.store.entity[p]!, this.millisecond) >= faults.capacityRatio;
  }

  /** Second index of draws about a message: a retry at another time draws anew, whatever else is sent. 0..2047. */
  private get millisecond(): number {
    return Math.floor(this.context.kernel.nowUs / MS_US) & 2047;
  }

  /** Notes the message; true for a duplicate of one that came within the de-duplication window. */
  private isSentBefore(p: number): boolean {
    const { recent } = this;
    if (recent === undefined) return false;
    const { kernel, flow, config } = this.context;
    const { store } = flow;
    const load = store.load[p]!;
    const entity = store.entity[p]!;
    const bytes = store.bytes[p]!;
    const first = store.child[p] === NONE ? p : store.child[p]!;
    const isDuplicate = (store.flags[first]! & FLAG_DUPLICATE) !== 0;
    const knownBytes = isDuplicate ? recent.bytesOf(entity, kernel.nowUs, load) : -1;
    // By its content, a copy of another size is another message.
    if (knownBytes !== -1 && (!config.contentBasedDeduplication || knownBytes === bytes)) return true;
    recent.put(entity, kernel.nowUs, bytes, load);
    return false;
  }

  /** Takes a dead letter from another queue. A FIFO queue starts its clock anew. */
  private takeMoved(request: ParcelList, isDeadLetter: boolean, reply: Reply): void {
    const { config, flow, kernel } = this.context;
    for (let p = request.shift(); p !== NONE; p = request.shift()) {
      reply.accepted += flow.store.units[p]!;
      this.queue.put(p, config.fifoQueue ? kernel.nowUs : this.redrive.sentUs);
      if (isDeadLetter) flow.markDeadLettered(p, true);
    }
  }

  private queuePort(): QueuePort {
    const { config, faults } = this.context;
    const { queue } = this;
    return {
      meeting: 'queue',
      visibilityTimeoutUs: config.visibilityTimeoutSeconds * SECOND_US,
      defaultWaitUs: config.receiveMessageWaitTimeSeconds * SECOND_US,
      get receiveLatencyUs() {
        return config.receiveLatencyMs * MS_US * faults.latencyFactor;
      },
      receive: (max, receipts, visibilityUs, takesRuns) => this.receive(max, receipts, visibilityUs, takesRuns),
      wait: (waitUs, waiter, token) => this.wait(waitUs, waiter, token),
      parcelOf: (receipt) => queue.parcelOf(receipt),
      receiveCountOf: (receipt) => queue.receiveCountOf(receipt),
      delete: (receipts, from, count) => this.delete(receipts, from, count),
      release: (receipt, delayUs) => this.release(receipt, delayUs),
    };
  }

  /** ReceiveMessage. */
  private receive(
    max: number,
    receipts: Int32Array,
    visibilityUs: number | undefined,
    takesRuns: boolean | undefined,
  ): number {
    const { queue, meters, journal } = this;
    if (this.context.faults.outage || !this.calls.admit('receive')) return 0;
    if (queue.isFull) {
      meters.inFlightRefused();
      journal.inFlightRefused();
    }
    const count = queue.receive(Math.min(max, batchLimit.messages), receipts, visibilityUs, takesRuns);
    if (count === 0) {
      meters.emptyReceive(!queue.isTelling);
      return 0;
    }
    const { store } = this.context.flow;
    let bytes = 0;
    for (let i = 0; i < count; i++) {
      const receives = queue.receiveCountOf(receipts[i]!);
      const p = queue.parcelOf(receipts[i]!);
      bytes += this.payloadOf(p);
      meters.received(receives, store.units[p]!);
      if (this.deadLetters === undefined) journal.receivedAgain(receives);
    }
    meters.request(bytes);
    return count;
  }

  private wait(waitUs: number, waiter: QueueWaiter, token: number): void {
    this.meters.continueReceive();
    this.queue.wait(waitUs, waiter, token);
  }

  /** DeleteMessage and DeleteMessageBatch. In an outage nothing is deleted: the attempts end and the messages come back. */
  private delete(receipts: Int32Array, from: number, count: number): void {
    const { queue, meters } = this;
    const { store } = this.context.flow;
    const { outage } = this.context.faults;
    let room = 0;
    for (let i = from; i < from + count; i++) {
      if (outage) {
        queue.release(receipts[i]!, -1);
        continue;
      }
      const units = store.units[queue.parcelOf(receipts[i]!)]!;
      if (room < units) {
        this.calls.admit('delete');
        meters.request(0);
        room = batchLimit.messages;
      }
      room -= units;
      meters.deleted(queue.receivedUs(receipts[i]!), units);
      queue.delete(receipts[i]!);
    }
  }

  /** ChangeMessageVisibility; with -1 nothing is called, the consumer just gave up. */
  private release(receipt: number, delayUs: number): void {
    const { outage } = this.context.faults;
    if (delayUs >= 0 && !outage) this.meters.request(0);
    this.queue.release(receipt, outage ? -1 : delayUs);
  }

  private sample(): void {
    const ageSeconds = this.queue.oldestAgeUs / SECOND_US;
    this.meters.age(ageSeconds);
    if (++this.samples % SAMPLES_A_MINUTE === 0) this.journal.minute(this.queue.visibleCount, ageSeconds);
    this.context.kernel.after(SAMPLE_US, this.onSample, 0, 0, PRIORITY_SAMPLING);
  }
}
