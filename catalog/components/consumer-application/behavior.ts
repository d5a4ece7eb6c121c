/** An application in which records end: takes deliveries at once, polls queues with workers, reads streams shard by shard. */
import type { Behavior, BehaviorContext, BehaviorFactory, EdgeMeter } from '#engine/behavior.ts';
import { FLAG_DUPLICATE, FLAG_ECHO, NONE, type ParcelList } from '#engine/flow/parcels.ts';
import type { LogPort, Push, QueryPort, QueuePort } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { shapedLaw } from '#engine/kernel/laws.ts';
import { Episode } from '#engine/stations/episode.ts';
import { ServiceTimes } from '#engine/stations/service-times.ts';
import { type MessageWork, QueuePoller } from '#engine/stations/poller.ts';
import { LogPoller, type UnitWork } from '#engine/stations/poller-log.ts';
import { QueryLoad } from '#engine/stations/query-load.ts';
import type { CounterMetric, GaugeMetric, SampleMetric } from '#engine/stats/metrics.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import { type Config, largestReadBytes } from './config.ts';

const MS_US = 1000;
const SECOND_US = 1_000_000;
const QUIET_US = 60 * SECOND_US;
/** Ages that stand for those of the records of a message. */
const AGES_TAKEN = 4;

export const build: BehaviorFactory<Config> = (context) => new Consumer(context);

class Consumer implements Behavior {
  readonly inputs: Readonly<Record<string, Push>>;
  private readonly context: BehaviorContext<Config>;
  private readonly deliveredCount: CounterMetric;
  private readonly duplicateCount: CounterMetric;
  private readonly failedCount: CounterMetric;
  private readonly latency: SampleMetric;
  private readonly utilisation: GaugeMetric;
  private readonly queriesSent: CounterMetric;
  private readonly queriesFailed: CounterMetric;
  private readonly queryLatency: SampleMetric;
  private readonly times: ServiceTimes;
  private readonly phase: DrawStream;
  private readonly failing: Episode;
  private readonly skipped: Episode;
  private readonly queuePollers: QueuePoller[] = [];
  private readonly logPollers: LogPoller[] = [];
  private readonly queryLoads: QueryLoad[] = [];
  /** Busy and open lanes of each poller, by the poller's number. */
  private readonly busy: number[] = [];
  private readonly open: number[] = [];
  private wasOut = false;
  private workers: LimitMeter | undefined;

  constructor(context: BehaviorContext<Config>) {
    const { config, kernel } = context;
    this.context = context;
    this.deliveredCount = context.counter('RecordsDelivered');
    this.duplicateCount = context.counter('DuplicatesDelivered');
    this.failedCount = context.counter('RecordsFailed');
    this.latency = context.sample('DeliveryLatency');
    this.utilisation = context.gauge('Utilisation');
    this.queriesSent = context.counter('QueriesSent');
    this.queriesFailed = context.counter('QueriesFailed');
    this.queryLatency = context.sample('QueryLatency');
    const { serviceTimeLaw, meanServiceTimeMs, coefficientOfVariation } = config;
    this.times = new ServiceTimes(
      context,
      shapedLaw(serviceTimeLaw, meanServiceTimeMs * MS_US, coefficientOfVariation),
    );
    this.phase = context.draw('pollPhase');
    this.failing = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('warning', 'consumer-application/failing', {}),
      onEnded: (records) => context.log('info', 'consumer-application/failing-ended', { records }),
    });
    this.skipped = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('error', 'consumer-application/skipped', { attempts: config.maxAttempts }),
      onEnded: (records) => context.log('info', 'consumer-application/skipped-ended', { records }),
    });
    this.inputs = { deliveries: this.deliveries() };
  }

  link(): void {
    for (const { port, edge } of this.context.polled('queue')) {
      if (port.meeting === 'queue') this.pollQueue(port, edge);
    }
    for (const { port, edge } of this.context.polled('stream')) {
      if (port.meeting === 'log') this.pollLog(port, edge);
    }
    for (const { port, edge } of this.context.polled('store')) {
      if (port.meeting === 'query') this.queryStore(port, edge);
    }
  }

  start(): void {
    for (const poller of this.queuePollers) poller.start();
    for (const load of this.queryLoads) load.start();
  }

  fault(): void {
    const { faults, log } = this.context;
    const paused = faults.outage;
    for (const poller of this.queuePollers) poller.paused = paused;
    for (const poller of this.logPollers) poller.paused = paused;
    if (paused !== this.wasOut) {
      log(paused ? 'error' : 'info', `consumer-application/${paused ? 'stopped' : 'resumed'}`, {});
    }
    this.wasOut = paused;
  }

  private deliveries(): Push {
    const { config, faults, flow, kernel, node } = this.context;
    return {
      meeting: 'push',
      takesRuns: () => faults.recordErrorRatio === 0 && faults.invocationErrorRatio === 0,
      offer: (request, _isBatch, reply) => {
        reply.accepted = 0;
        reply.refused = 0;
        reply.failed = 0;
        reply.retryAfterUs = 0;
        reply.latencyUs = config.deliveryLatencyMs * MS_US;
        // A retry comes at another millisecond and so draws anew.
        const attempt = Math.floor(kernel.nowUs / MS_US);
        if (faults.outage || (request.head !== NONE && this.times.fails(request.head, attempt))) {
          reply.failed = request.units;
          return;
        }
        while (request.head !== NONE) {
          const p = request.shift();
          reply.accepted += flow.store.units[p]!;
          flow.transfer(p, node);
          this.measure(p);
          flow.deliver(p, node, kernel.nowUs);
        }
      },
    };
  }

  private pollQueue(port: QueuePort, edge: EdgeMeter): void {
    const { config, kernel } = this.context;
    const wait = config.receiveWait === 'own' ? config.waitTimeSeconds * SECOND_US : (port.defaultWaitUs ?? 0);
    const number = this.addPoller(config.workers);
    this.countWorkers(config.workers);
    const lanes = Array.from({ length: config.workers }, () => this.times.newLane());
    const work: MessageWork = {
      serviceUs: (parcel, worker) => this.times.sampleUs(parcel, lanes[worker]!),
      onServed: (parcel, receiveCount) => this.messageServed(parcel, receiveCount),
      onReceived: (receipts, from, count) => this.countReceived(port, edge, receipts, from, count),
      onBusy: (workers) => this.setBusy(number, workers, config.workers),
    };
    const { workers, batchSize, deletes } = config;
    this.queuePollers.push(
      new QueuePoller(kernel, port, { workers, batchSize, waitUs: wait, idleUs: 0, deletes }, work),
    );
  }

  private pollLog(port: LogPort, edge: EdgeMeter): void {
    const { config, flow, kernel } = this.context;
    const number = this.addPoller(0);
    const laneOf = new Map<number, number>();
    const work: UnitWork = {
      serviceUs: (parcel, partition) => {
        let lane = laneOf.get(partition);
        if (lane === undefined) {
          lane = this.times.newLane();
          laneOf.set(partition, lane);
        }
        return this.times.sampleUs(parcel, lane);
      },
      onServed: (parcel, attempts) => this.unitServed(parcel, attempts),
      onRead: (units: ParcelList) => edge.count(units.records, units.units, 1, units.bytes),
      onBusy: (lanes, open) => this.setBusy(number, lanes, open),
    };
    const options = {
      maxUnits: config.maxRecords,
      maxBytes: largestReadBytes,
      intervalUs: config.pollingIntervalMs * MS_US,
      phaseRatio: (partition: number) => this.phase.uniformPair(partition, number),
      isFanOut: config.retrieval === 'fanOut',
    };
    this.logPollers.push(new LogPoller(kernel, flow, port, options, work));
  }

  /** Dashboards; in an outage of the application they send nothing. */
  private queryStore(port: QueryPort, edge: EdgeMeter): void {
    const { config, faults, kernel } = this.context;
    const options = {
      users: config.dashboardUsers,
      panels: config.panelsPerDashboard,
      intervalUs: config.dashboardRefreshSeconds * SECOND_US,
      phase: this.context.draw(`dashboards ${this.queryLoads.length}`),
      isPaused: () => faults.outage,
    };
    const load = new QueryLoad(kernel, port, options, ({ refused, failed, latencyUs }) => {
      const { nowUs } = kernel;
      this.queriesSent.add(nowUs, 1);
      edge.count(0, 0, 1, 0);
      if (refused || failed) {
        this.queriesFailed.add(nowUs, 1);
        edge.refused(1);
      } else this.queryLatency.add(nowUs, latencyUs / MS_US);
    });
    this.queryLoads.push(load);
  }

  private addPoller(open: number): number {
    this.busy.push(0);
    this.open.push(open);
    return this.busy.length - 1;
  }

  /** All workers of all queues are one limit. */
  private countWorkers(workers: number): void {
    this.workers ??= this.context.limit({
      id: 'workers',
      name: 'busy workers',
      unit: 'workers',
      kind: 'level',
      capacity: workers * this.context.inletCount('queue'),
      source: 'config.workers',
      raisable: true,
    });
  }

  private messageServed(parcel: number, receiveCount: number): boolean {
    const { flow, kernel, node } = this.context;
    if (this.times.fails(parcel, receiveCount)) return this.failed(parcel);
    this.measure(parcel);
    const { store } = flow;
    if (store.child[parcel] === NONE) flow.deliverEffect(parcel, node, kernel.nowUs);
    for (let c = store.child[parcel]!; c !== NONE; c = store.next[c]!) flow.deliverEffect(c, node, kernel.nowUs);
    return true;
  }

  private unitServed(parcel: number, attempts: number): boolean {
    const { config, flow, kernel, node } = this.context;
    if (!this.times.fails(parcel, attempts)) {
      this.measure(parcel);
      flow.deliver(parcel, node, kernel.nowUs);
      return true;
    }
    this.failed(parcel);
    if (attempts < config.maxAttempts) return false;
    this.skipped.mark(flow.store.records[parcel]!);
    flow.drop(parcel, 'attempts-exhausted');
    return true;
  }

  private failed(parcel: number): false {
    const n = this.context.flow.store.records[parcel]!;
    this.failedCount.add(this.context.kernel.nowUs, n);
    this.failing.mark(n);
    return false;
  }

  /** Counts a delivery that is about to happen, record by record. */
  private measure(parcel: number): void {
    const { store } = this.context.flow;
    if (store.child[parcel] === NONE) this.measureRecord(parcel);
    for (let c = store.child[parcel]!; c !== NONE; c = store.next[c]!) this.measureRecord(c);
  }

  private measureRecord(p: number): void {
    const { flow, kernel } = this.context;
    const { store } = flow;
    const { nowUs } = kernel;
    const n = store.records[p]!;
    if ((store.flags[p]! & (FLAG_DUPLICATE | FLAG_ECHO)) === 0) this.deliveredCount.add(nowUs, n);
    else this.duplicateCount.add(nowUs, n);
    const e1 = store.e1[p]!;
    if (n === 1) {
      this.latency.add(nowUs, (nowUs - e1) / MS_US);
      return;
    }
    // Records of one message that were created over an interval.
    const step = (e1 - store.e0[p]!) / AGES_TAKEN;
    for (let i = 0.5; i < AGES_TAKEN; i++) this.latency.add(nowUs, (nowUs - e1 + i * step) / MS_US, n / AGES_TAKEN);
  }

  private countReceived(port: QueuePort, edge: EdgeMeter, receipts: Int32Array, from: number, count: number): void {
    const { store } = this.context.flow;
    let records = 0;
    let bytes = 0;
    for (let i = from; i < from + count; i++) {
      const p = port.parcelOf(receipts[i]!);
      records += store.records[p]!;
      bytes += store.bytes[p]!;
    }
    edge.count(records, count, 1, bytes);
  }

  private setBusy(poller: number, busy: number, open: number): void {
    const { nowUs } = this.context.kernel;
    this.busy[poller] = busy;
    this.open[poller] = open;
    let busyWorkers = 0;
    let busySum = 0;
    let openSum = 0;
    for (let i = 0; i < this.busy.length; i++) {
      busySum += this.busy[i]!;
      openSum += this.open[i]!;
      // Pollers of queues come first.
      if (i < this.queuePollers.length) busyWorkers += this.busy[i]!;
    }
    this.utilisation.set(nowUs, openSum === 0 ? 0 : (100 * busySum) / openSum);
    this.workers?.set(nowUs, busyWorkers);
  }
}
