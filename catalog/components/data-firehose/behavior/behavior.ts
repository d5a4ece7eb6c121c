/** A delivery stream: takes records from calls or from a Kinesis stream, and delivers them by lanes of their own. */
import type { Behavior, BehaviorContext, BehaviorFactory, EdgeMeter, Outlet, UsageCounter } from '#engine/behavior.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { rest } from '#engine/flow/rest.ts';
import type { LogPort, Push, ReadReply } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { PRIORITY_SAMPLING } from '#engine/kernel/priorities.ts';
import { LogReader, type LogReaderOwner } from '#engine/stations/log-reader.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import type { GaugeMetric } from '#engine/stats/metrics.ts';
import { type Config, largestBuffer, streamLimits } from '../config.ts';
import { Destination, type DestinationOwner, type DestinationPlan, type Sink } from './destination.ts';
import { type DestinationBooks, StreamMeters } from './meters.ts';
import { Partitions } from './partitions.ts';
import { type PutOwner, PutPort } from './put-port.ts';
import { Transform, type TransformOwner } from './transform.ts';

const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;
const HOUR_US = 3600 * SECOND_US;
const MEBIBYTE = 1_048_576;
const GIBIBYTE = 1_073_741_824;
/** Records that nobody takes are joined when they came within this long of each other. */
const REST_SPAN_US = SECOND_US;
const ENDLESS = Number.POSITIVE_INFINITY;

export const build: BehaviorFactory<Config> = (context) => new Stream(context);

/** What buffers by itself: a shard, or a part of Direct PUT. */
interface Lane extends TransformOwner {
  readonly transform: Transform | undefined;
  readonly destination: Sink | undefined;
}

class Stream implements Behavior, PutOwner, LogReaderOwner, DestinationOwner {
  readonly inputs: Readonly<Record<string, Push>>;
  /** Age at which a record is too old to be delivered: a day with Direct PUT, the retention of the Kinesis stream otherwise. */
  retentionUs = streamLimits.directPutRetentionHours * HOUR_US;
  private readonly context: BehaviorContext<Config>;
  private readonly puts: PutPort;
  private readonly meters: StreamMeters;
  private readonly lanes = new Map<number, Lane>();
  /** Everything that holds records for the destination. */
  private readonly sinks: Sink[] = [];
  private readonly partitions: Partitions | undefined;
  private readonly backup: Destination | undefined;
  private readonly failures: Destination | undefined;
  private readonly parts: ParcelList;
  private readonly undelivered: ParcelList;
  private readonly buffered: GaugeMetric;
  private readonly ingested: UsageCounter;
  private readonly converted: UsageCounter | undefined;
  private readonly laneDraw: DrawStream;
  private readonly phase: DrawStream;
  private readonly onMinute: number;
  private readonly directLanes: number;
  private readonly laneWeights: Float64Array;
  private readonly laneCounts: Float64Array;
  private decidesSingly: boolean | undefined;
  private readEdge: EdgeMeter | undefined;

  constructor(context: BehaviorContext<Config>) {
    const { config, flow, kernel } = context;
    this.context = context;
    this.meters = new StreamMeters(context);
    this.puts = new PutPort(context, this);
    this.parts = new ParcelList(flow.store);
    this.undelivered = new ParcelList(flow.store);
    this.buffered = context.gauge('BufferedBytes');
    this.ingested = context.usage('ingestedGibibytes');
    this.converted = config.formatConversion === 'none' ? undefined : context.usage('convertedGibibytes');
    this.laneDraw = context.draw('lane');
    this.phase = context.draw('pollPhase');
    this.onMinute = kernel.register(() => this.minute());
    this.directLanes =
      config.directPutLanes ?? Math.max(1, Math.ceil(config.mebibytesPerSecondQuota / streamLimits.lanePerMebibytes));
    this.laneWeights = new Float64Array(this.directLanes).fill(1);
    this.laneCounts = new Float64Array(this.directLanes);
    this.backup = this.bucket('backup', this.meters.backup);
    this.failures = this.bucket('failed', undefined);
    const plan = config.dynamicPartitioning ? this.destinationPlan() : undefined;
    this.partitions = plan && new Partitions(context, plan, this, this.meters);
    if (this.partitions !== undefined) this.sinks.push(this.partitions);
    for (const name of ['PartitionCount', 'PartitionCountExceeded']) context.gauge(name);
    this.inputs = { records: this.puts };
  }

  link(): void {
    const { context } = this;
    for (const { port, edge } of context.polled('kinesis')) {
      if (port.meeting !== 'log') continue;
      this.retentionUs = port.retentionUs;
      this.readEdge = edge;
      this.read(port);
    }
  }

  /** See PutOwner; links are known once all nodes are built. */
  get takesRuns(): boolean {
    this.decidesSingly ??= this.findSingleDecisions();
    return !this.decidesSingly;
  }

  private findSingleDecisions(): boolean {
    const { config } = this.context;
    if (config.dynamicPartitioning || this.context.invoked('transform').length > 0) return true;
    return config.formatConversion !== 'none' && config.conversionFailedRatio > 0;
  }

  start(): void {
    this.puts.quota.start();
    this.context.kernel.after(MINUTE_US, this.onMinute, 0, 0, PRIORITY_SAMPLING);
    if (this.readEdge !== undefined) return;
    for (let lane = 0; lane < this.directLanes; lane++) this.lanes.set(lane, this.newLane(lane));
  }

  startRecording(): void {
    this.puts.startRecording();
  }

  fault(): void {
    this.puts.quota.scale();
  }

  onPut(parcel: number): void {
    const { runs, store } = this.context.flow;
    if (runs.isRun(parcel)) {
      this.spread(parcel);
      return;
    }
    const lane =
      this.directLanes === 1
        ? 0
        : Math.floor(this.laneDraw.uniformPair(store.entity[parcel]!, store.load[parcel]!) * this.directLanes);
    this.take(parcel, this.lanes.get(lane)!);
  }

  /** Gives each lane its share of a run. */
  private spread(parcel: number): void {
    const { runs, store } = this.context.flow;
    runs.divide(parcel, this.laneWeights, this.laneCounts);
    let left = store.units[parcel]!;
    for (let lane = 0; lane < this.directLanes && left > 0; lane++) {
      const n = this.laneCounts[lane]!;
      if (n === 0) continue;
      this.take(n < left ? runs.part(parcel, n) : parcel, this.lanes.get(lane)!);
      left -= n;
    }
  }

  onIngested(parcel: number): void {
    const { billedBytes } = streamLimits;
    const billed = (this.context.flow.runs.ceilUnits(parcel, billedBytes) * billedBytes) / GIBIBYTE;
    this.ingested.add(billed);
    this.converted?.add(billed);
  }

  mayRead(partition: number): boolean {
    const lane = this.lanes.get(partition)!;
    if (lane.destination?.isFull === true) {
      lane.destination.onHeldBack();
      return false;
    }
    return lane.transform?.isFull !== true && !this.context.faults.outage;
  }

  onOpened(partition: number): void {
    this.lanes.set(partition, this.newLane(partition));
  }

  onRead(partition: number, read: ParcelList, reply: Readonly<ReadReply>): void {
    const { flow, kernel, node } = this.context;
    const { nowUs } = kernel;
    const { meters } = this;
    if (reply.throttled) meters.throttledReads.add(nowUs, 1);
    if (reply.throttled || reply.failed) return;
    meters.behind.add(nowUs, reply.behindUs / 1000);
    if (read.length === 0) return;
    this.readEdge?.count(read.records, read.units, 1, read.bytes);
    meters.read[0].add(nowUs, read.units);
    meters.read[1].add(nowUs, read.bytes);
    const lane = this.lanes.get(partition)!;
    for (let p = read.shift(); p !== NONE; p = read.shift()) {
      this.onIngested(p);
      flow.transfer(p, node);
      this.take(p, lane);
    }
  }

  onEnded(_partition: number): void {
    // What the lane still holds leaves it as its hints say.
  }

  /** Failed records go to the bucket linked for them; without one they are lost. */
  fail(parcel: number, reason: string): void {
    const { flow } = this.context;
    this.meters.onFailed(flow.store.records[parcel]!, reason);
    if (this.failures === undefined) flow.drop(parcel, reason);
    else this.failures.add(parcel);
  }

  onHeld(): void {
    let bytes = 0;
    for (const { transform } of this.lanes.values()) bytes += transform?.heldBytes ?? 0;
    for (const { heldBytes } of this.sinks) bytes += heldBytes;
    this.buffered.set(this.context.kernel.nowUs, bytes);
  }

  /** Takes a unit apart and hands its records to a lane, and a copy of each to the backup. */
  private take(parcel: number, { transform, destination }: Lane): void {
    const { flow, kernel } = this.context;
    const { runs, store } = flow;
    const next = transform ?? destination;
    const buffers = (next === undefined ? 0 : 1) + (this.backup === undefined ? 0 : 1);
    flow.unpack(parcel, this.parts);
    while (this.parts.head !== NONE) {
      const { head } = this.parts;
      // A run is cut where it fills a buffer.
      const roomBytes = Math.min(destination?.roomBytes ?? ENDLESS, this.backup?.roomBytes ?? ENDLESS);
      const fitting = Math.max(1, Math.ceil((roomBytes * store.units[head]!) / store.bytes[head]!));
      const p = runs.takeUnits(this.parts, fitting);
      store.a0[p] = kernel.nowUs;
      store.span[p] = 0;
      // Before it is added: a buffer that this fills tells what is left.
      if (buffers > 0) this.buffered.add(kernel.nowUs, buffers * store.bytes[p]!);
      if (this.backup !== undefined) {
        const copy = flow.copy(p);
        flow.store.a0[copy] = kernel.nowUs;
        this.backup.add(copy);
      }
      if (next === undefined) rest(p, this.undelivered, REST_SPAN_US);
      else next.add(p);
    }
  }

  private read(port: LogPort): void {
    const { flow, kernel } = this.context;
    const options = {
      takesRuns: this.takesRuns,
      maxUnits: streamLimits.readRecords,
      maxBytes: streamLimits.readBytes,
      intervalUs: streamLimits.readIntervalMs * 1000,
      phaseRatio: (partition: number) => this.phase.uniform(partition),
    };
    new LogReader(kernel, flow, port, options, this);
  }

  private newLane(index: number): Lane {
    const { context, meters } = this;
    const [target] = context.invoked('transform');
    const destination = this.partitions ?? this.laneDestination(index);
    const owner: TransformOwner = {
      onTransformed: (parcel) => {
        if (destination === undefined) rest(parcel, this.undelivered, REST_SPAN_US);
        else destination.add(parcel);
      },
      fail: (parcel, reason) => this.fail(parcel, reason),
    };
    const transform = target && new Transform(context, index, target, owner, meters);
    return { transform, destination, ...owner };
  }

  private laneDestination(index: number): Sink | undefined {
    const plan = this.destinationPlan();
    if (plan === undefined) return undefined;
    const limit = this.bufferLimit(index, plan.largestBytes);
    const destination = new Destination(this.context, `lane ${index}`, { ...plan, limit }, this, this.meters);
    this.sinks.push(destination);
    return destination;
  }

  private bufferLimit(lane: number, largestBytes: number): LimitMeter {
    return this.context.limit({
      id: `delivery-buffer/lane-${lane}`,
      name: 'data waiting for delivery from a shard or buffer',
      unit: 'MiB',
      kind: 'level',
      capacity: largestBytes / MEBIBYTE,
      source: 'https://docs.aws.amazon.com/firehose/latest/dev/create-configure-backup.html',
      raisable: false,
    });
  }

  private destinationPlan(): DestinationPlan | undefined {
    const { config } = this.context;
    const [bucket] = this.context.outlets('s3');
    const [domain] = this.context.outlets('opensearch');
    const waitSeconds = config.bufferIntervalSeconds === 0 ? config.zeroBufferingSeconds : config.bufferIntervalSeconds;
    const shared = { maxBytes: config.bufferSizeMebibytes * MEBIBYTE, maxWaitUs: waitSeconds * SECOND_US };
    if (bucket !== undefined) {
      const isConverted = config.formatConversion !== 'none';
      const isCompressed = config.compressionFormat !== 'UNCOMPRESSED';
      return {
        ...shared,
        outlet: bucket,
        isObject: true,
        largestBytes: largestBuffer.s3 * MEBIBYTE,
        sizeRatio: isConverted ? config.convertedSizeRatio : isCompressed ? config.compressedSizeRatio : 1,
        conversionFailedRatio: isConverted ? config.conversionFailedRatio : -1,
        retryDurationUs: Number.POSITIVE_INFINITY,
        books: this.meters.s3,
      };
    }
    if (domain === undefined) return undefined;
    return {
      ...shared,
      outlet: domain,
      isObject: false,
      largestBytes: largestBuffer.opensearch * MEBIBYTE,
      sizeRatio: 1,
      conversionFailedRatio: -1,
      retryDurationUs: config.retryDurationSeconds * SECOND_US,
      books: this.meters.opensearch,
    };
  }

  /** A bucket besides the destination: for source records or for failed ones. */
  private bucket(port: 'backup' | 'failed', books: DestinationBooks | undefined): Destination | undefined {
    const { config } = this.context;
    const [outlet]: readonly Outlet[] = this.context.outlets(port);
    if (outlet === undefined) return undefined;
    const isCompressed = config.compressionFormat !== 'UNCOMPRESSED';
    const plan: DestinationPlan = {
      outlet,
      isObject: true,
      maxBytes: config.backupBufferSizeMebibytes * MEBIBYTE,
      maxWaitUs: config.backupBufferIntervalSeconds * SECOND_US,
      largestBytes: largestBuffer.s3 * MEBIBYTE,
      sizeRatio: port === 'backup' && isCompressed ? config.compressedSizeRatio : 1,
      conversionFailedRatio: -1,
      retryDurationUs: Number.POSITIVE_INFINITY,
      books,
    };
    return new Destination(this.context, port, plan, this, this.meters);
  }

  /** Ages are sampled each minute, besides at every delivery. */
  private minute(): void {
    const { kernel } = this.context;
    kernel.after(MINUTE_US, this.onMinute, 0, 0, PRIORITY_SAMPLING);
    let oldestUs = Number.POSITIVE_INFINITY;
    for (const { transform } of this.lanes.values()) oldestUs = Math.min(oldestUs, transform?.oldestUs ?? oldestUs);
    for (const sink of this.sinks) oldestUs = Math.min(oldestUs, sink.oldestUs);
    this.partitions?.onMinute();
    if (oldestUs < kernel.nowUs) this.destinationPlan()?.books?.age(kernel.nowUs, oldestUs);
    const backupUs = this.backup?.oldestUs ?? Number.POSITIVE_INFINITY;
    if (backupUs < kernel.nowUs) this.meters.backup.age(kernel.nowUs, backupUs);
    this.onHeld();
  }
}
