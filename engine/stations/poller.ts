/**
 * Workers that poll a queue: each receives a batch, works on its messages one after the other, deletes what succeeded and
 * polls again. What failed, or was still in work when the owner stopped, is left to its visibility timeout.
 *
 * Exact: one event per poll that waits, one per message worked on. O(1) per message, no allocation after construction.
 */
import type { QueuePort, QueueWaiter } from '#engine/flow/ports.ts';
import { invariant } from '#engine/kernel/invariant.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_DEPARTURE, PRIORITY_POLL } from '#engine/kernel/priorities.ts';

/** What is done with a message. */
export interface MessageWork {
  /** Time one worker takes for the message, microseconds. `worker` counts from 0. */
  serviceUs(parcel: number, worker: number): number;
  /**
   * The service has ended; true when it succeeded. The parcel stays the queue's. Undefined when the outcome is known later: the
   * owner then calls `complete`.
   */
  onServed(parcel: number, receiveCount: number, worker: number): boolean | undefined;
  /** A receive has returned `count` messages, at least one. */
  onReceived(receipts: Int32Array, from: number, count: number): void;
  /** The number of workers that work on messages has changed. */
  onBusy(workers: number): void;
}

export interface QueuePollerOptions {
  /** Workers that poll on their own, >= 1. */
  readonly workers: number;
  /** Messages of one receive at most, >= 1. */
  readonly batchSize: number;
  /** Long-poll wait, microseconds; 0 polls short. */
  readonly waitUs: number;
  /** Pause after a receive that found nothing, microseconds. */
  readonly idleUs: number;
  /** Deletes: one request for each message, or one for each batch. */
  readonly deletes: 'perMessage' | 'perBatch';
}

/** A round trip takes at least this long, so that polling cannot stand still in time. */
const SHORTEST_ROUND_TRIP_US = 1000;

export class QueuePoller implements QueueWaiter {
  private readonly kernel: Kernel;
  private readonly port: QueuePort;
  private readonly options: QueuePollerOptions;
  private readonly work: MessageWork;
  /** Row `worker` holds its batch: first what succeeded and is not deleted yet, then what is to be done. */
  private readonly receipts: Int32Array;
  private readonly received: Int32Array;
  private readonly counts: Int32Array;
  private readonly done: Int32Array;
  private readonly served: Int32Array;
  /** 1: the worker will look again by itself. */
  private readonly isPolling: Uint8Array;
  /** 1: its batch is done and it waits for the answer to its delete. */
  private readonly isDeleting: Uint8Array;
  private readonly onPoll: number;
  private readonly onServed: number;
  private busyWorkers = 0;
  private isPaused = false;
  private isClosing = false;

  constructor(kernel: Kernel, port: QueuePort, options: QueuePollerOptions, work: MessageWork) {
    invariant(options.workers >= 1 && options.batchSize >= 1, 'a poller has workers and takes messages');
    this.kernel = kernel;
    this.port = port;
    this.options = options;
    this.work = work;
    this.receipts = new Int32Array(options.workers * options.batchSize);
    this.received = new Int32Array(options.batchSize);
    this.counts = new Int32Array(options.workers);
    this.done = new Int32Array(options.workers);
    this.served = new Int32Array(options.workers);
    this.isPolling = new Uint8Array(options.workers);
    this.isDeleting = new Uint8Array(options.workers);
    this.onPoll = kernel.register((worker) => this.poll(worker));
    this.onServed = kernel.register((worker) => this.messageServed(worker));
  }

  /** Workers that work on messages at this moment, or wait for the answers to their receives and deletes. */
  get busy(): number {
    return this.busyWorkers;
  }

  /** All workers begin to poll now. */
  start(): void {
    for (let worker = 0; worker < this.options.workers; worker++) this.pollAfter(worker, 0);
  }

  /** A paused poller finishes nothing and asks for nothing (an outage of the application). */
  set paused(paused: boolean) {
    this.isPaused = paused;
    if (paused) return;
    for (let worker = 0; worker < this.options.workers; worker++) {
      if (this.counts[worker] === 0 && this.isPolling[worker] === 0) this.pollAfter(worker, 0);
    }
  }

  /** A closing poller finishes what it has received and asks for nothing more. */
  set closing(closing: boolean) {
    this.isClosing = closing;
  }

  /** See QueueWaiter. */
  onMessages(worker: number): void {
    this.isPolling[worker] = 0;
    if (!this.isPaused && !this.isClosing) this.receive(worker);
  }

  /** The outcome of a message whose `onServed` was undefined. */
  complete(worker: number, succeeded: boolean): void {
    this.messageEnded(worker, !this.isPaused && succeeded);
  }

  private get roundTripUs(): number {
    return Math.max(SHORTEST_ROUND_TRIP_US, this.port.receiveLatencyUs ?? 0);
  }

  private pollAfter(worker: number, delayUs: number): void {
    this.isPolling[worker] = 1;
    this.kernel.after(delayUs, this.onPoll, worker, 0, PRIORITY_POLL);
  }

  private poll(worker: number): void {
    this.isPolling[worker] = 0;
    if (this.isDeleting[worker] === 1) this.rest(worker);
    if (this.isPaused || this.isClosing) return;
    if (this.options.waitUs === 0) {
      this.receive(worker);
      return;
    }
    this.isPolling[worker] = 1;
    this.port.wait(this.options.waitUs, this, worker);
  }

  private receive(worker: number): void {
    const { batchSize } = this.options;
    const from = worker * batchSize;
    const count = this.port.receive(batchSize, this.received);
    if (count === 0) {
      this.pollAfter(worker, this.roundTripUs + this.options.idleUs);
      return;
    }
    for (let i = 0; i < count; i++) this.receipts[from + i] = this.received[i];
    this.counts[worker] = count;
    this.done[worker] = 0;
    this.served[worker] = 0;
    this.busyWorkers++;
    this.work.onReceived(this.receipts, from, count);
    this.work.onBusy(this.busyWorkers);
    this.serveNext(worker, this.roundTripUs);
  }

  private serveNext(worker: number, delayUs: number): void {
    const receipt = this.receipts[worker * this.options.batchSize + this.done[worker]];
    const serviceUs = this.work.serviceUs(this.port.parcelOf(receipt), worker);
    this.kernel.after(delayUs + serviceUs, this.onServed, worker, 0, PRIORITY_DEPARTURE);
  }

  private messageServed(worker: number): void {
    const { port } = this;
    const receipt = this.receipts[worker * this.options.batchSize + this.done[worker]];
    const ok = !this.isPaused && this.work.onServed(port.parcelOf(receipt), port.receiveCountOf(receipt), worker);
    if (ok !== undefined) this.messageEnded(worker, ok);
  }

  private messageEnded(worker: number, ok: boolean): void {
    const { port, receipts, served } = this;
    const from = worker * this.options.batchSize;
    const receipt = receipts[from + this.done[worker]];
    this.done[worker]++;
    if (!ok) port.release(receipt, -1);
    else if (this.options.deletes === 'perMessage') port.delete(receipts, from + this.done[worker] - 1, 1);
    else receipts[from + served[worker]++] = receipt;
    if (this.done[worker] < this.counts[worker]) {
      this.serveNext(worker, this.options.deletes === 'perMessage' && ok ? this.roundTripUs : 0);
      return;
    }
    if (served[worker] > 0) this.deleteServed(from, served[worker]);
    this.counts[worker] = 0;
    const deletes = !this.isPaused && (ok || served[worker] > 0);
    if (deletes) this.isDeleting[worker] = 1;
    else this.rest(worker);
    if (!this.isPaused) this.pollAfter(worker, deletes ? this.roundTripUs : 0);
  }

  /** The worker has nothing more to do for its batch. */
  private rest(worker: number): void {
    this.isDeleting[worker] = 0;
    this.busyWorkers--;
    this.work.onBusy(this.busyWorkers);
  }

  /** In an outage of the application nothing is deleted any more: the attempts end. */
  private deleteServed(from: number, count: number): void {
    const { port, receipts } = this;
    if (!this.isPaused) port.delete(receipts, from, count);
    else for (let i = 0; i < count; i++) port.release(receipts[from + i], -1);
  }
}
