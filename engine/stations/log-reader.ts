/**
 * Takes the records of a log over: reads every partition at a fixed pace and hands on all that a read returns, at once. A
 * partition whose owner has no room is left alone until its next turn, so that what is not read stays in the log. A child
 * partition begins when all its parents are read to the end.
 *
 * Exact: one event per read, one more where the answer takes time. No allocation per read.
 */
import type { Flow } from '#engine/flow/flow.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { type LogConsumer, type LogPort, newReadReply, type ReadReply } from '#engine/flow/ports.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_ARRIVAL, PRIORITY_POLL } from '#engine/kernel/priorities.ts';
import { joinLine, leaveLine } from './lineage.ts';

export interface LogReaderOwner {
  /** Whether the partition may be read now. */
  mayRead(partition: number): boolean;
  /** A partition will be read from now on. */
  onOpened(partition: number): void;
  /** A read was answered; the owner empties the list, which may be empty. */
  onRead(partition: number, read: ParcelList, reply: Readonly<ReadReply>): void;
  /** The partition is read to its end. */
  onEnded(partition: number): void;
}

export interface LogReaderOptions {
  /** Runs are read whole (runs.ts); single units when left out. */
  readonly takesRuns?: boolean;
  /** Units and bytes of one read at most. */
  readonly maxUnits: number;
  readonly maxBytes: number;
  /** From one read of a partition to the next, microseconds, > 0. */
  readonly intervalUs: number;
  /** Share of the interval, 0..1, after which a partition that was there from the beginning is first read. */
  readonly phaseRatio: (partition: number) => number;
}

interface Lane {
  readonly partition: number;
  readonly read: ParcelList;
  readonly children: Lane[];
  parentsLeft: number;
  lastReadUs: number;
  isEnded: boolean;
  behindUs: number;
}

export class LogReader implements LogConsumer {
  private readonly kernel: Kernel;
  private readonly store: Flow['store'];
  private readonly port: LogPort;
  private readonly options: LogReaderOptions;
  private readonly owner: LogReaderOwner;
  private readonly consumer: number;
  readonly takesRuns: boolean;
  private readonly lanes = new Map<number, Lane>();
  private readonly reply = newReadReply();
  private readonly onPoll: number;
  private readonly onAnswer: number;

  /** Subscribes to the log at once. */
  constructor(kernel: Kernel, flow: Flow, port: LogPort, options: LogReaderOptions, owner: LogReaderOwner) {
    this.kernel = kernel;
    this.store = flow.store;
    this.port = port;
    this.options = options;
    this.owner = owner;
    this.onPoll = kernel.register((partition) => this.poll(this.lanes.get(partition)!));
    this.onAnswer = kernel.register((partition) => this.answered(this.lanes.get(partition)!, false));
    this.takesRuns = options.takesRuns === true;
    this.consumer = port.subscribe(this, false);
  }

  /** See LogConsumer. */
  onPartitionOpened(partition: number, parents: readonly number[]): void {
    const lane: Lane = {
      partition,
      read: new ParcelList(this.store),
      children: [],
      parentsLeft: 0,
      lastReadUs: 0,
      isEnded: false,
      behindUs: 0,
    };
    this.lanes.set(partition, lane);
    const mayBegin = joinLine(
      lane,
      parents.map((id) => this.lanes.get(id)),
    );
    const { phaseRatio, intervalUs } = this.options;
    if (mayBegin) this.open(lane, parents.length === 0 ? phaseRatio(partition) * intervalUs : 0);
  }

  private open(lane: Lane, delayUs: number): void {
    this.owner.onOpened(lane.partition);
    this.kernel.after(delayUs, this.onPoll, lane.partition, 0, PRIORITY_POLL);
  }

  private poll(lane: Lane): void {
    const { kernel, options, reply } = this;
    lane.lastReadUs = kernel.nowUs;
    if (!this.owner.mayRead(lane.partition)) {
      this.pollNext(lane);
      return;
    }
    this.port.read(this.consumer, lane.partition, options.maxUnits, options.maxBytes, lane.read, reply);
    lane.isEnded = reply.ended;
    lane.behindUs = reply.behindUs;
    if (lane.read.head === NONE || reply.latencyUs <= 0) this.answered(lane, true);
    else kernel.after(reply.latencyUs, this.onAnswer, lane.partition, 0, PRIORITY_ARRIVAL);
  }

  private answered(lane: Lane, isNow: boolean): void {
    const { reply } = this;
    if (!isNow) {
      // The reply has served other reads meanwhile; one that returned records was neither throttled nor failed.
      reply.throttled = false;
      reply.failed = false;
      reply.ended = lane.isEnded;
      reply.behindUs = lane.behindUs;
    }
    this.owner.onRead(lane.partition, lane.read, reply);
    if (!lane.isEnded) {
      this.pollNext(lane);
      return;
    }
    this.lanes.delete(lane.partition);
    this.owner.onEnded(lane.partition);
    leaveLine(lane, (child) => this.open(child, 0));
  }

  private pollNext(lane: Lane): void {
    const { kernel, options } = this;
    const dueUs = Math.max(kernel.nowUs, lane.lastReadUs + options.intervalUs);
    kernel.at(dueUs, this.onPoll, lane.partition, 0, PRIORITY_POLL);
  }
}
