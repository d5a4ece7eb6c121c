/**
 * Polls every partition of a log: reads a batch, works on it record by record, and reads again no earlier than an interval
 * after the answer to the last read. The time that answers take keeps several pollers of one limit from falling into step,
 * where the same one would win every time. A child partition begins when all its parents are read to the end and worked off, so that the order
 * per key outlives a reshard. One lane per partition; a lane works on one unit at a time.
 *
 * Exact: one event per read, one per unit. No allocation per event.
 */
import type { Flow } from '#engine/flow/flow.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { type LogConsumer, type LogPort, newReadReply } from '#engine/flow/ports.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_DEPARTURE, PRIORITY_POLL } from '#engine/kernel/priorities.ts';
import { joinLine, leaveLine } from './lineage.ts';

/** What is done with a unit of a log. */
export interface UnitWork {
  /** Time the lane takes for the unit, microseconds. */
  serviceUs(parcel: number, partition: number): number;
  /** The service has ended: true when the unit is done with and freed, false to serve it again. */
  onServed(parcel: number, attempts: number): boolean;
  /** A read has returned these units, at least one. */
  onRead(units: ParcelList): void;
  /** The number of lanes at work, and of all lanes that are open, has changed. */
  onBusy(lanes: number, open: number): void;
}

export interface LogPollerOptions {
  /** Units and bytes of one read at most. */
  readonly maxUnits: number;
  readonly maxBytes: number;
  /** From the answer to one read of a partition to the next read, microseconds, > 0. */
  readonly intervalUs: number;
  /** Share of the interval, 0..1, after which a partition that was there from the beginning is first read; 0 when left out. */
  readonly phaseRatio?: (partition: number) => number;
  /** Registered with throughput of its own: reads when told that records are there. */
  readonly isFanOut: boolean;
}

interface Lane {
  readonly partition: number;
  readonly units: ParcelList;
  parentsLeft: number;
  readonly children: Lane[];
  /** When the last read was answered, microseconds. */
  answeredUs: number;
  isBusy: boolean;
  isEnded: boolean;
  /** A read is scheduled. */
  isPolling: boolean;
  attempts: number;
}

export class LogPoller implements LogConsumer {
  private readonly kernel: Kernel;
  private readonly store: Flow['store'];
  private readonly port: LogPort;
  private readonly options: LogPollerOptions;
  private readonly work: UnitWork;
  private readonly consumer: number;
  private readonly lanes = new Map<number, Lane>();
  private readonly reply = newReadReply();
  private readonly onPoll: number;
  private readonly onServed: number;
  private busyLanes = 0;
  private openLanes = 0;
  private isPaused = false;

  /** Subscribes to the log at once. */
  constructor(kernel: Kernel, flow: Flow, port: LogPort, options: LogPollerOptions, work: UnitWork) {
    this.kernel = kernel;
    this.store = flow.store;
    this.port = port;
    this.options = options;
    this.work = work;
    this.onPoll = kernel.register((partition) => this.poll(this.lane(partition)));
    this.onServed = kernel.register((partition) => this.unitServed(this.lane(partition)));
    this.consumer = port.subscribe(this, options.isFanOut);
  }

  /** Partitions that are being read. */
  get openCount(): number {
    return this.openLanes;
  }

  /** A paused poller finishes nothing and reads nothing (an outage of the application). */
  set paused(paused: boolean) {
    this.isPaused = paused;
    if (paused) return;
    for (const lane of this.lanes.values()) {
      if (lane.parentsLeft > 0 || lane.isBusy || lane.isPolling) continue;
      if (lane.units.head === NONE) this.pollAt(lane, this.kernel.nowUs);
      else this.serve(lane, 0);
    }
  }

  /** See LogConsumer. */
  onPartitionOpened(partition: number, parents: readonly number[]): void {
    const lane: Lane = {
      partition,
      units: new ParcelList(this.store),
      parentsLeft: 0,
      children: [],
      answeredUs: Number.NEGATIVE_INFINITY,
      isBusy: false,
      isEnded: false,
      isPolling: false,
      attempts: 0,
    };
    this.lanes.set(partition, lane);
    const mayBegin = joinLine(
      lane,
      parents.map((id) => this.lanes.get(id)),
    );
    const { phaseRatio, intervalUs, isFanOut } = this.options;
    const isFirst = parents.length === 0 && !isFanOut && phaseRatio !== undefined;
    if (mayBegin) this.open(lane, isFirst ? phaseRatio(partition) * intervalUs : 0);
  }

  /** See LogConsumer. */
  onRecords(partition: number): void {
    const lane = this.lane(partition);
    if (lane.parentsLeft > 0 || lane.isBusy || lane.isPolling || this.isPaused) return;
    this.pollAt(lane, this.kernel.nowUs);
  }

  private lane(partition: number): Lane {
    return this.lanes.get(partition)!;
  }

  private open(lane: Lane, delayUs: number): void {
    this.openLanes++;
    this.work.onBusy(this.busyLanes, this.openLanes);
    this.pollAt(lane, this.kernel.nowUs + delayUs);
  }

  private pollAt(lane: Lane, timeUs: number): void {
    lane.isPolling = true;
    this.kernel.at(timeUs, this.onPoll, lane.partition, 0, PRIORITY_POLL);
  }

  private poll(lane: Lane): void {
    const { reply, options } = this;
    lane.isPolling = false;
    if (this.isPaused) return;
    this.port.read(this.consumer, lane.partition, options.maxUnits, options.maxBytes, lane.units, reply);
    lane.answeredUs = this.kernel.nowUs + reply.latencyUs;
    lane.isEnded = reply.ended;
    if (lane.units.head !== NONE) {
      this.work.onRead(lane.units);
      this.serve(lane, reply.latencyUs);
    } else if (lane.isEnded) {
      this.close(lane);
    } else if (!options.isFanOut || reply.throttled || reply.failed || reply.more) {
      this.pollAt(lane, lane.answeredUs + options.intervalUs);
    }
  }

  /** Begins with the next unit of the lane. */
  private serve(lane: Lane, delayUs: number): void {
    if (!lane.isBusy) {
      lane.isBusy = true;
      this.busyLanes++;
      this.work.onBusy(this.busyLanes, this.openLanes);
    }
    const serviceUs = this.work.serviceUs(lane.units.head, lane.partition);
    this.kernel.after(delayUs + serviceUs, this.onServed, lane.partition, 0, PRIORITY_DEPARTURE);
  }

  private unitServed(lane: Lane): void {
    if (this.isPaused) {
      this.stop(lane);
      return;
    }
    const p = lane.units.shift();
    lane.attempts++;
    if (this.work.onServed(p, lane.attempts)) lane.attempts = 0;
    else lane.units.pushFront(p);
    if (lane.units.head !== NONE) {
      this.serve(lane, 0);
      return;
    }
    this.stop(lane);
    if (lane.isEnded) this.close(lane);
    else if (this.options.isFanOut) this.pollAt(lane, this.kernel.nowUs);
    else this.pollAt(lane, Math.max(this.kernel.nowUs, lane.answeredUs + this.options.intervalUs));
  }

  private stop(lane: Lane): void {
    lane.isBusy = false;
    this.busyLanes--;
    this.work.onBusy(this.busyLanes, this.openLanes);
  }

  /** The partition is read to its end: its children may begin. */
  private close(lane: Lane): void {
    this.lanes.delete(lane.partition);
    this.openLanes--;
    this.work.onBusy(this.busyLanes, this.openLanes);
    leaveLine(lane, (child) => this.open(child, 0));
  }
}
