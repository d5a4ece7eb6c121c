/** A Kinesis data stream: shards with write and read limits, retention, reshards, metrics and hours. */
import type { BehaviorContext, BehaviorFactory } from '#engine/behavior.ts';
import { PRIORITY_SAMPLING } from '#engine/kernel/priorities.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import type { LogPartition } from '#engine/stations/log-partition.ts';
import { PartitionedLog } from '#engine/stations/partitioned-log.ts';
import { type Config, limitNames, quotaIds, streamLimits } from '../config.ts';
import { GetPort } from './get-port.ts';
import { PutPort } from './put-port.ts';
import { Scaling } from './scaling.ts';
import { Shard } from './shard.ts';

const HOUR_US = 3_600_000_000;
const MINUTE_US = 60_000_000;

export const build: BehaviorFactory<Config> = (context) => {
  const stream = new Stream(context);
  return {
    inputs: { records: stream.puts, consumers: stream.gets },
    start: () => stream.start(),
    startRecording: () => stream.startRecording(),
    fault: () => stream.onFault(),
    finish: () => stream.finish(),
  };
};

class Stream {
  readonly log: PartitionedLog;
  readonly shards: Shard[] = [];
  readonly puts: PutPort;
  readonly gets: GetPort;
  private readonly context: BehaviorContext<Config>;
  private readonly scaling: Scaling;
  private readonly minute: number;
  private readonly accountShards: LimitMeter;
  private readonly openShards;
  private readonly writeUtilization;
  private readonly hottestShard;
  private readonly hottestKey;
  private readonly shardDemand;
  private readonly oldestUnread;
  /** Records lost to the retention in the episode of each consumer. */
  private readonly lost: number[] = [];
  private readonly lastLostUs: number[] = [];
  /** Open shards x microseconds since time zero, added up until `bookedUntilUs` while `billedShards` were open. */
  private shardUs = 0;
  private billedShards = 0;
  private bookedUntilUs: number;

  constructor(context: BehaviorContext<Config>) {
    const { config, flow, kernel, node } = context;
    this.context = context;
    this.log = new PartitionedLog(flow, node, config.retentionPeriodHours * HOUR_US);
    this.gets = new GetPort(context, this);
    this.puts = new PutPort(context, this);
    this.scaling = new Scaling(context, this);
    this.minute = kernel.register(() => this.onMinute());
    this.bookedUntilUs = kernel.nowUs;
    this.accountShards = context.shared(quotaIds.shards, () =>
      context.limit({
        id: quotaIds.shards,
        ...limitNames.shards,
        kind: 'level',
        capacity: Math.max(1, context.quota(quotaIds.shards, streamLimits.shardsPerAccount)),
        raisable: true,
        account: true,
      }),
    );
    this.openShards = context.gauge('OpenShardCount');
    this.writeUtilization = context.gauge('WriteUtilization');
    this.hottestShard = context.gauge('HottestShardUtilization');
    this.hottestKey = context.gauge('HottestKeyLoad');
    this.shardDemand = context.gauge('ShardDemand');
    this.oldestUnread = context.gauge('OldestUnreadAgeMilliseconds');
  }

  /** Opens the first shards; consumers learn of them here, after all of them have registered. */
  start(): void {
    const { kernel } = this.context;
    this.onDivided(this.log.divideEqually(this.scaling.initialShards, kernel.nowUs, []), []);
    this.scaling.start();
    kernel.after(MINUTE_US, this.minute, 0, 0, PRIORITY_SAMPLING);
  }

  startRecording(): void {
    this.bookHours();
    this.shardUs = 0;
    this.lost.length = 0;
    for (const shard of this.shards) shard.forgetEpisodes();
    this.puts.startRecording();
  }

  onFault(): void {
    for (const shard of this.shards) shard.configure();
    this.gets.configure();
  }

  onAppended(partition: LogPartition): void {
    this.gets.onChanged(partition);
  }

  onDivided(opened: readonly LogPartition[], closed: readonly number[]): void {
    const { kernel } = this.context;
    this.bookHours();
    this.billedShards = this.log.open.length;
    for (const partition of opened) this.shards.push(new Shard(this.context, partition));
    const { accountShards } = this;
    const ofOthers = Math.round(accountShards.ratio * accountShards.capacity) - this.openShards.value;
    this.openShards.set(kernel.nowUs, this.log.open.length);
    accountShards.set(kernel.nowUs, ofOthers + this.log.open.length);
    this.gets.onOpened(opened);
    for (const id of closed) this.gets.onChanged(this.log.partitions[id]!);
  }

  trim(consumer: number, partition: LogPartition): void {
    const records = this.log.expire(consumer, partition, this.context.kernel.nowUs);
    if (records === 0 || this.log.consumerCount === 0) return;
    const before = this.lost[consumer] ?? 0;
    this.lost[consumer] = before + records;
    this.lastLostUs[consumer] = this.context.kernel.nowUs;
    if (before > 0) return;
    this.context.log('error', 'kinesis-data-streams/retention-loss', {
      consumer: consumer + 1,
      retentionHours: this.context.config.retentionPeriodHours,
    });
  }

  finish(): void {
    this.trimAll();
    this.bookHours();
    const { config, usage } = this.context;
    const shardHours = this.shardUs / HOUR_US;
    if (config.streamMode === 'PROVISIONED') {
      usage('shardHours').add(shardHours);
      usage('fanOutConsumerShardHours').add(shardHours * this.gets.fanOutCount);
      if (config.retentionPeriodHours > 24) usage('extendedRetentionShardHours').add(shardHours);
    } else if (!config.onDemandAdvantage) {
      usage('onDemandStreamHours').add(Math.max(0, this.context.kernel.nowUs) / HOUR_US);
    }
  }

  private onMinute(): void {
    this.context.kernel.after(MINUTE_US, this.minute, 0, 0, PRIORITY_SAMPLING);
    this.trimAll();
    this.endEpisodes();
    for (const id of this.log.open) this.shards[id]!.closeSecond();
    this.sample();
    this.scaling.onMinute();
    for (const id of this.log.open) this.shards[id]!.startMinute();
  }

  private trimAll(): void {
    const lists = Math.max(1, this.log.consumerCount);
    for (const { partition } of this.shards) {
      if (partition.isDrained) continue;
      for (let consumer = 0; consumer < lists; consumer++) this.trim(consumer, partition);
    }
  }

  private endEpisodes(): void {
    const { context, lost } = this;
    const { nowUs } = context.kernel;
    for (const shard of this.shards) {
      const refused = shard.endedRefusals();
      if (refused > 0) context.log('info', 'kinesis-data-streams/recovered', { shard: shard.name, refused });
      const calls = shard.endedReadRefusals();
      if (calls > 0) context.log('info', 'kinesis-data-streams/reads-recovered', { shard: shard.name, calls });
    }
    lost.forEach((records, consumer) => {
      if (records === 0 || nowUs - this.lastLostUs[consumer]! < MINUTE_US) return;
      lost[consumer] = 0;
      context.log('info', 'kinesis-data-streams/retention-loss-over', { consumer: consumer + 1, records });
    });
  }

  /** Sets the gauges from the minute that has passed. */
  private sample(): void {
    const { log, shards } = this;
    const { nowUs } = this.context.kernel;
    let units = 0;
    let bytes = 0;
    let hottest = 0;
    let key = 0;
    for (const id of log.open) {
      const shard = shards[id]!;
      units += shard.minuteUnits;
      bytes += shard.minuteBytes;
      hottest = Math.max(hottest, shard.minuteRatio());
      key = Math.max(key, shard.minuteKeyRatio);
    }
    const seconds = 60 * log.open.length;
    const { writeRecordsPerSecond, writeBytesPerSecond } = streamLimits;
    const utilization = Math.max(units / (seconds * writeRecordsPerSecond), bytes / (seconds * writeBytesPerSecond));
    this.writeUtilization.set(nowUs, 100 * utilization);
    this.hottestShard.set(nowUs, 100 * hottest);
    this.hottestKey.set(nowUs, 100 * key);
    this.shardDemand.set(nowUs, this.puts.demand.takePeak());
    this.oldestUnread.set(nowUs, this.oldestAgeUs() / 1000);
  }

  /** Age of the oldest record that a registered consumer has not read. */
  private oldestAgeUs(): number {
    const { nowUs } = this.context.kernel;
    let oldestUs = nowUs;
    for (const { partition } of this.shards) {
      if (partition.isDrained) continue;
      for (let consumer = 0; consumer < this.log.consumerCount; consumer++) {
        oldestUs = Math.min(oldestUs, this.log.oldestUnitUs(consumer, partition));
      }
    }
    return nowUs - oldestUs;
  }

  /** Adds up open shards over time, from time zero on. */
  private bookHours(): void {
    const { nowUs } = this.context.kernel;
    const from = Math.max(0, this.bookedUntilUs);
    if (nowUs > from) this.shardUs += this.billedShards * (nowUs - from);
    this.bookedUntilUs = nowUs;
  }
}
