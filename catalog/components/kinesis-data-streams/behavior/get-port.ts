import type { BehaviorContext, UsageCounter } from '#engine/behavior.ts';
import { NONE, type ParcelList } from '#engine/flow/parcels.ts';
import type { LogConsumer, LogPort, ReadReply } from '#engine/flow/ports.ts';
import type { Law } from '#engine/kernel/laws.ts';
import type { CounterMetric, SampleMetric } from '#engine/stats/metrics.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import { LogPush } from '#engine/stations/log-push.ts';
import type { LogPartition } from '#engine/stations/log-partition.ts';
import type { PartitionedLog } from '#engine/stations/partitioned-log.ts';
import { type Config, limitNames, streamLimits } from '../config.ts';
import { latencyLaw } from './latency-law.ts';
import type { Shard } from './shard.ts';

const GIBIBYTE = 1_073_741_824;
const HOUR_US = 3_600_000_000;
/** Reading what is older costs extra on a provisioned stream, microseconds. https://aws.amazon.com/kinesis/data-streams/pricing/ */
const LONG_TERM_US = 168 * HOUR_US;
/** Time after which a reader learns that the stream is out of order, microseconds. Assumption. */
const OUTAGE_LATENCY_US = 50_000;

/** A registered reader: shared, or with a push of its own. */
interface Subscription {
  readonly consumer: LogConsumer;
  readonly push: LogPush | undefined;
  /** Bytes pushed per shard. */
  readonly meters: LimitMeter[];
}

/** What the reads need of the stream. */
export interface GetOwner {
  readonly log: PartitionedLog;
  readonly shards: readonly Shard[];
  /** Trims what this consumer left unread for too long. */
  trim(consumer: number, partition: LogPartition): void;
}

interface ReadBooks {
  readonly records: CounterMetric;
  readonly bytes: CounterMetric;
  readonly age: SampleMetric;
  readonly data: UsageCounter | undefined;
}

/** GetRecords for shared consumers, SubscribeToShard for enhanced fan-out. */
export class GetPort implements LogPort {
  readonly meeting = 'log';
  readonly retentionUs: number;
  private readonly subscriptions: Subscription[] = [];
  private readonly pushes: LogPush[] = [];
  private readonly context: BehaviorContext<Config>;
  private readonly owner: GetOwner;
  private readonly latency: Law;
  private readonly latencyDraw;
  private readonly shared: ReadBooks;
  private readonly fanOut: ReadBooks;
  private readonly sharedLatency: SampleMetric;
  private readonly exceeded: CounterMetric;
  private readonly longTermData: UsageCounter | undefined;

  constructor(context: BehaviorContext<Config>, owner: GetOwner) {
    const { config } = context;
    const isOnDemand = config.streamMode === 'ON_DEMAND';
    this.context = context;
    this.owner = owner;
    this.retentionUs = config.retentionPeriodHours * HOUR_US;
    this.latency = latencyLaw(config.getRecordsLatencyMs, config.putLatencyVariation);
    this.latencyDraw = context.draw('readLatency');
    this.shared = {
      records: context.counter('GetRecords.Records'),
      bytes: context.counter('GetRecords.Bytes'),
      age: context.sample('GetRecords.IteratorAgeMilliseconds'),
      data: isOnDemand ? context.usage('onDemandOutGibibytes') : undefined,
    };
    this.fanOut = {
      records: context.counter('SubscribeToShardEvent.Records'),
      bytes: context.counter('SubscribeToShardEvent.Bytes'),
      age: context.sample('SubscribeToShardEvent.MillisBehindLatest'),
      data: context.usage(isOnDemand ? 'onDemandFanOutGibibytes' : 'fanOutGibibytes'),
    };
    this.sharedLatency = context.sample('GetRecords.Latency');
    this.exceeded = context.counter('ReadProvisionedThroughputExceeded');
    const isLongTerm = !isOnDemand && this.retentionUs > LONG_TERM_US;
    this.longTermData = isLongTerm ? context.usage('longTermRetrievalGibibytes') : undefined;
  }

  /** Consumers with a push of their own. */
  get fanOutCount(): number {
    return this.pushes.length;
  }

  subscribe(consumer: LogConsumer, fanOut: boolean): number {
    const { config, kernel } = this.context;
    const id = this.owner.log.subscribe(consumer.takesRuns);
    const push = fanOut
      ? new LogPush(kernel, this.owner.log, consumer, id, streamLimits.readBytesPerSecond, this.pushDelayUs())
      : undefined;
    this.subscriptions.push({ consumer, push, meters: [] });
    if (push !== undefined) this.pushes.push(push);
    const { fanOutConsumers, fanOutConsumersAdvantage } = streamLimits;
    const most = config.onDemandAdvantage ? fanOutConsumersAdvantage : fanOutConsumers;
    if (this.fanOutCount === most + 1) this.context.warn('kinesis-data-streams/too-many-fan-out-consumers');
    return id;
  }

  /** Shards were opened: the consumers are told, parents by id, in the order of registration. */
  onOpened(partitions: readonly LogPartition[]): void {
    this.subscriptions.forEach(({ consumer, push, meters }, number) => {
      for (const partition of partitions) {
        if (push === undefined) continue;
        meters[partition.id] = this.fanOutMeter(partition.id, number);
        push.onOpened(partition);
      }
      for (const { id, parents } of partitions) consumer.onPartitionOpened(id, parents);
    });
  }

  /** Something was appended to a shard, or it was closed. */
  onChanged(partition: LogPartition): void {
    for (const push of this.pushes) push.onChanged(partition);
  }

  /** Faults have changed. */
  configure(): void {
    const { capacityRatio, outage } = this.context.faults;
    for (const push of this.pushes) {
      push.configure(streamLimits.readBytesPerSecond * capacityRatio, this.pushDelayUs(), outage);
    }
  }

  read(
    consumer: number,
    partition: number,
    maxUnits: number,
    maxBytes: number,
    into: ParcelList,
    reply: ReadReply,
  ): void {
    reply.throttled = false;
    reply.failed = false;
    reply.more = false;
    reply.ended = false;
    reply.behindUs = 0;
    reply.latencyUs = 0;
    const shard = this.owner.shards[partition]!;
    const { push } = this.subscriptions[consumer]!;
    if (this.context.faults.outage) {
      reply.failed = true;
      reply.latencyUs = OUTAGE_LATENCY_US;
      push?.onFailed(shard.partition);
      return;
    }
    this.owner.trim(consumer, shard.partition);
    if (push !== undefined) this.readPushed(consumer, shard, push, maxUnits, maxBytes, into, reply);
    else this.readShared(consumer, shard, maxUnits, maxBytes, into, reply);
  }

  private readShared(
    consumer: number,
    shard: Shard,
    maxUnits: number,
    maxBytes: number,
    into: ParcelList,
    reply: ReadReply,
  ): void {
    const { faults, kernel } = this.context;
    const { nowUs } = kernel;
    reply.latencyUs = this.latency.sample(this.latencyDraw, shard.nextDraw()) * faults.latencyFactor;
    this.sharedLatency.add(nowUs, reply.latencyUs / 1000);
    const verdict = shard.reads.admit(nowUs);
    if (verdict !== 'admitted') {
      reply.throttled = true;
      reply.more = true;
      this.exceeded.add(nowUs, 1);
      (verdict === 'calls' ? shard.readCalls : shard.readBytes).refuse(nowUs, 1);
      if (shard.refuseRead()) {
        this.context.log('warning', 'kinesis-data-streams/reads-throttled', {
          shard: shard.name,
          consumers: this.subscriptions.length - this.fanOutCount,
        });
      }
      return;
    }
    shard.readCalls.use(nowUs, 1);
    const { getRecordsRecords, getRecordsBytes } = streamLimits;
    const mostUnits = Math.min(maxUnits, getRecordsRecords, shard.reads.unitsLeft(nowUs));
    const mostBytes = Math.min(maxBytes, getRecordsBytes);
    const before = into.tail;
    const bytesBefore = into.bytes;
    const units = this.owner.log.take(consumer, shard.partition, mostUnits, mostBytes, nowUs, into);
    const bytes = into.bytes - bytesBefore;
    shard.reads.charge(units, bytes, nowUs);
    // A large answer is charged to the seconds that follow; a second is full, not overfull.
    shard.readBytes.use(nowUs, Math.min(bytes, streamLimits.readBytesPerSecond));
    this.answer(consumer, shard, nowUs, units, bytes, into, reply, this.shared);
    this.bookLongTerm(before, into);
  }

  private readPushed(
    consumer: number,
    shard: Shard,
    push: LogPush,
    maxUnits: number,
    maxBytes: number,
    into: ParcelList,
    reply: ReadReply,
  ): void {
    const { nowUs } = this.context.kernel;
    const left = push.bytesLeft(shard.partition);
    const before = into.tail;
    const bytesBefore = into.bytes;
    let units = 0;
    if (left >= 1) {
      const mostBytes = Math.min(maxBytes, left);
      units = this.owner.log.take(consumer, shard.partition, maxUnits, mostBytes, push.cutoffUs, into);
    }
    const bytes = into.bytes - bytesBefore;
    this.subscriptions[consumer]!.meters[shard.partition.id]!.use(nowUs, bytes);
    this.answer(consumer, shard, push.cutoffUs, units, bytes, into, reply, this.fanOut);
    push.onRead(shard.partition, bytes);
    this.bookLongTerm(before, into);
  }

  private answer(
    consumer: number,
    shard: Shard,
    cutoffUs: number,
    units: number,
    bytes: number,
    into: ParcelList,
    reply: ReadReply,
    books: ReadBooks,
  ): void {
    const { flow, kernel } = this.context;
    const { nowUs } = kernel;
    reply.more = this.owner.log.oldestUs(consumer, shard.partition) <= cutoffUs;
    reply.ended = shard.partition.isRead(consumer);
    if (reply.more && units > 0) reply.behindUs = nowUs - flow.runs.placeUs(into.tail, flow.store.units[into.tail]!);
    books.records.add(nowUs, units);
    books.bytes.add(nowUs, bytes);
    books.age.add(nowUs, reply.behindUs / 1000);
    if (bytes > 0) books.data?.add(bytes / GIBIBYTE);
  }

  /** Books what was older than seven days among the parcels read after `before`. */
  private bookLongTerm(before: number, into: ParcelList): void {
    if (this.longTermData === undefined) return;
    const { flow, kernel } = this.context;
    const { store } = flow;
    for (let p = before === NONE ? into.head : store.next[before]!; p !== NONE; p = store.next[p]!) {
      if (kernel.nowUs - store.a0[p]! > LONG_TERM_US) this.longTermData.add(store.bytes[p]! / GIBIBYTE);
    }
  }

  private pushDelayUs(): number {
    return this.context.config.fanOutPropagationDelayMs * 1000 * this.context.faults.latencyFactor;
  }

  private fanOutMeter(shard: number, consumer: number): LimitMeter {
    const { name, unit, source } = limitNames['fan-out-bytes'];
    const id = `fan-out-bytes/shard-${shard}/consumer-${consumer}`;
    const capacity = streamLimits.readBytesPerSecond;
    return this.context.limit({ id, name, unit, kind: 'perSecond', capacity, source, raisable: false });
  }
}
