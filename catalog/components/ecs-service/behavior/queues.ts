import type { EdgeMeter, PolledSource } from '#engine/behavior.ts';
import type { QueuePort } from '#engine/flow/ports.ts';
import type { EmitListener } from '#engine/stations/emitter.ts';
import { type MessageWork, QueuePoller } from '#engine/stations/poller.ts';
import { deliverUnrouted, type ServiceParts } from './parts.ts';

const SECOND_US = 1_000_000;

/** The workers of one task at one queue. */
class TaskPoller implements MessageWork, EmitListener {
  /** The task is gone: what its workers still finish counts for nothing. */
  isGone = false;
  replica = 0;
  readonly poller: QueuePoller;
  private readonly parts: ServiceParts;
  private readonly port: QueuePort;
  private readonly edge: EdgeMeter;
  private readonly lanes: readonly number[];
  private readonly cores: Float64Array;
  /** By worker: the message whose effects are being sent. */
  private readonly sending: Int32Array;
  private readonly unit = new Int32Array(1);

  constructor(parts: ServiceParts, port: QueuePort, edge: EdgeMeter) {
    const { config, kernel } = parts.context;
    const { concurrency: workers, messagesPerReceive: batchSize, waitTimeSeconds } = config;
    this.parts = parts;
    this.port = port;
    this.edge = edge;
    this.lanes = Array.from({ length: workers }, () => parts.times.newLane());
    this.cores = new Float64Array(workers);
    this.sending = new Int32Array(workers);
    const waitUs = waitTimeSeconds * SECOND_US;
    this.poller = new QueuePoller(kernel, port, { workers, batchSize, waitUs, idleUs: 0, deletes: 'perBatch' }, this);
  }

  serviceUs(parcel: number, worker: number): number {
    const { replicas, times } = this.parts;
    const nominalUs = times.sampleUs(parcel, this.lanes[worker]!);
    if (this.isGone) return nominalUs;
    replicas.beginWork(this.replica);
    const workUs = replicas.compute(this.replica, nominalUs);
    this.cores[worker] = replicas.coresTaken;
    return workUs;
  }

  onServed(parcel: number, receiveCount: number, worker: number): boolean | undefined {
    const { context, emitter, meters, replicas, times } = this.parts;
    replicas.endCompute(this.replica, this.cores[worker]!);
    if (times.fails(parcel, receiveCount)) {
      meters.onFailed(context.flow.store.records[parcel]!);
      replicas.endWork(this.replica);
      return false;
    }
    if (emitter.isSink) {
      replicas.endWork(this.replica);
      this.delivered(parcel);
      return true;
    }
    this.sending[worker] = parcel;
    this.unit[0] = parcel;
    emitter.emit(this.unit, 1, this, worker);
    return undefined;
  }

  /** See EmitListener. */
  onEmitted(worker: number, ok: boolean): void {
    if (!this.isGone) this.parts.replicas.endWork(this.replica);
    if (ok) this.delivered(this.sending[worker]!);
    this.poller.complete(worker, ok);
  }

  onReceived(receipts: Int32Array, from: number, count: number): void {
    const { store } = this.parts.context.flow;
    let records = 0;
    let bytes = 0;
    for (let i = from; i < from + count; i++) {
      const p = this.port.parcelOf(receipts[i]!);
      records += store.records[p]!;
      bytes += store.bytes[p]!;
    }
    this.edge.count(records, count, 1, bytes);
  }

  onBusy(): void {}

  private delivered(parcel: number): void {
    const { flow, kernel, node } = this.parts.context;
    deliverUnrouted(flow, parcel, node, kernel.nowUs);
    this.parts.meters.onProcessed(flow.store.records[parcel]!);
  }
}

/** One queue that every task polls with as many workers as it has concurrency. */
export class QueueConsumer {
  private readonly parts: ServiceParts;
  private readonly port: QueuePort;
  private readonly edge: EdgeMeter;
  private readonly byReplica: (TaskPoller | undefined)[] = [];
  private readonly spare: TaskPoller[] = [];

  constructor(parts: ServiceParts, port: QueuePort, edge: PolledSource['edge']) {
    this.parts = parts;
    this.port = port;
    this.edge = edge;
  }

  onRunning(replica: number): void {
    // A poller whose workers still hold messages of a task that is gone cannot be used again yet.
    const idle = this.spare.findIndex(({ poller }) => poller.busy === 0);
    const task = idle < 0 ? new TaskPoller(this.parts, this.port, this.edge) : this.spare.splice(idle, 1)[0]!;
    task.replica = replica;
    task.isGone = false;
    this.byReplica[replica] = task;
    task.poller.closing = false;
    if (idle < 0) task.poller.start();
    else task.poller.paused = false;
  }

  onStopping(replica: number): void {
    const task = this.byReplica[replica];
    if (task !== undefined) task.poller.closing = true;
  }

  onGone(replica: number): void {
    const task = this.byReplica[replica];
    if (task === undefined) return;
    task.isGone = true;
    task.poller.paused = true;
    this.byReplica[replica] = undefined;
    this.spare.push(task);
  }
}
