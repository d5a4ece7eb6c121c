/** How many requests a second the bucket takes: rates for each partition of its keys, and partitions that grow. */
import type { BehaviorContext } from '#engine/behavior.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { PRIORITY_SAMPLING } from '#engine/kernel/priorities.ts';
import { Episode } from '#engine/stations/episode.ts';
import { TokenBucket } from '#engine/stations/token-bucket.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import type { GaugeMetric } from '#engine/stats/metrics.ts';
import { type Config, kmsQuota, readsPerPartition, writesPerPartition } from '../config.ts';

const MINUTE_US = 60_000_000;
const QUIET_US = 60_000_000;

/** The account's rate of KMS requests, one per run. */
interface KmsRate {
  readonly bucket: TokenBucket;
  readonly meter: LimitMeter;
}

/** One kind of requests: a bucket of tokens for each partition, and a meter over all. */
class Rate {
  readonly buckets: TokenBucket[] = [];
  readonly meter: LimitMeter;
  private readonly perSecond: number;

  constructor(perSecond: number, meter: LimitMeter) {
    this.perSecond = perSecond;
    this.meter = meter;
  }

  /** Takes `n` at once; more than a second's worth is taken when that much is there, and owed. */
  take(partition: number, n: number, nowUs: number): boolean {
    const bucket = this.buckets[partition]!;
    if (bucket.capacity < 1 || bucket.available(nowUs) < Math.min(n, bucket.capacity)) {
      this.meter.refuse(nowUs, n);
      return false;
    }
    bucket.spend(n, nowUs);
    this.meter.use(nowUs, n);
    return true;
  }

  /** Sets the number of partitions and the share of the rate that a fault leaves. */
  configure(partitions: number, ratio: number, nowUs: number): void {
    const rate = this.perSecond * ratio;
    for (const bucket of this.buckets) bucket.configure(rate, rate, nowUs);
    while (this.buckets.length < partitions) this.buckets.push(new TokenBucket(rate, rate, nowUs));
    this.meter.capacity = partitions * this.perSecond;
  }
}

export class RequestLimits {
  private readonly context: BehaviorContext<Config>;
  private readonly writes: Rate;
  private readonly reads: Rate;
  private partitions: number;
  private readonly count: GaugeMetric;
  private readonly prefix: DrawStream;
  private readonly slowDown: Episode;
  private readonly kms: KmsRate | undefined;
  private readonly kmsThrottled: Episode;
  private readonly onGrow: number;
  private isGrowing = false;
  private lastRefusedUs = Number.NEGATIVE_INFINITY;

  constructor(context: BehaviorContext<Config>) {
    const { config, kernel } = context;
    this.context = context;
    this.prefix = context.draw('keyPrefix');
    this.count = context.gauge('Partitions');
    this.partitions = Math.min(config.initialPartitions, config.keyPrefixCount);
    this.writes = new Rate(writesPerPartition.perSecond, this.rateMeter('write', writesPerPartition));
    this.reads = new Rate(readsPerPartition.perSecond, this.rateMeter('read', readsPerPartition));
    this.slowDown = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('warning', 's3/slow-down', { partitions: this.partitions }),
      onEnded: (refused) => context.log('info', 's3/slow-down-over', { refused }),
    });
    this.kmsThrottled = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('warning', 's3/kms-throttled', {}),
      onEnded: (refused) => context.log('info', 's3/kms-throttled-over', { refused }),
    });
    this.kms = config.encryption === 'aws:kms' ? context.shared(kmsQuota.id, () => kmsRate(context)) : undefined;
    this.onGrow = kernel.register(() => this.grow());
    this.divide();
  }

  /** Whether `requests` writes of the object with that identity are taken. */
  admitWrites(entity: number, load: number, requests: number): boolean {
    return this.admit(this.writes, this.partitionOf(entity, load), requests, 1);
  }

  /** Whether `requests` reads are taken, the first of the object with that identity, and each asks KMS. */
  admitReads(entity: number, load: number, requests: number): boolean {
    return this.admit(this.reads, this.partitionOf(entity, load), requests, requests);
  }

  /** A fault leaves a share of the rates. */
  scale(): void {
    this.divide();
  }

  /** Calls to KMS for one object; 0 where the encryption needs none. */
  get kmsCallsPerObject(): number {
    const { config } = this.context;
    if (config.encryption !== 'aws:kms') return 0;
    return config.bucketKeyEnabled ? config.bucketKeyCallRatio : 1;
  }

  private admit(rate: Rate, partition: number, requests: number, kmsCalls: number): boolean {
    const { nowUs } = this.context.kernel;
    if (rate.take(partition, requests, nowUs)) return this.admitKms(nowUs, kmsCalls);
    this.slowDown.mark(requests);
    this.lastRefusedUs = nowUs;
    this.beginToGrow();
    return false;
  }

  /** With a bucket key, calls are too few to count against the quota. */
  private admitKms(nowUs: number, calls: number): boolean {
    const { kms } = this;
    if (kms === undefined || this.context.config.bucketKeyEnabled) return true;
    if (kms.bucket.take(calls, nowUs)) {
      kms.meter.use(nowUs, calls);
      return true;
    }
    kms.meter.refuse(nowUs, calls);
    this.kmsThrottled.mark(calls);
    return false;
  }

  /** Prefixes are dealt out to partitions evenly, each whole. */
  private partitionOf(entity: number, load: number): number {
    const { keyPrefixCount } = this.context.config;
    if (this.partitions === 1) return 0;
    const prefix = Math.floor(this.prefix.uniformPair(entity, load) * keyPrefixCount);
    return Math.floor((prefix * this.partitions) / keyPrefixCount);
  }

  private beginToGrow(): void {
    const { config, kernel } = this.context;
    if (this.isGrowing || this.partitions >= config.keyPrefixCount) return;
    this.isGrowing = true;
    kernel.after(config.partitionDoublingMinutes * MINUTE_US, this.onGrow, 0, 0, PRIORITY_SAMPLING);
  }

  /** The time of a doubling has passed since requests were refused; goes on if they still are. */
  private grow(): void {
    const { config, kernel, log } = this.context;
    const from = this.partitions;
    const to = Math.min(2 * from, config.keyPrefixCount);
    this.isGrowing = false;
    this.partitions = to;
    this.divide();
    log('info', 's3/partitioned', { from, to });
    if (kernel.nowUs - this.lastRefusedUs < QUIET_US) this.beginToGrow();
  }

  private divide(): void {
    const { faults, kernel } = this.context;
    for (const rate of [this.writes, this.reads]) rate.configure(this.partitions, faults.capacityRatio, kernel.nowUs);
    this.count.set(kernel.nowUs, this.partitions);
  }

  private rateMeter(kind: 'write' | 'read', { perSecond, source }: { perSecond: number; source: string }): LimitMeter {
    return this.context.limit({
      id: kind === 'write' ? 'put-requests' : 'get-requests',
      name: `${kind} requests to all partitions of the keys`,
      unit: 'requests/s',
      kind: 'perSecond',
      capacity: this.partitions * perSecond,
      source,
      raisable: true,
    });
  }
}

function kmsRate(context: BehaviorContext<Config>): KmsRate {
  const { id, byDefault, source } = kmsQuota;
  const capacity = context.quota(id, byDefault);
  return {
    bucket: new TokenBucket(capacity, capacity, context.startUs),
    meter: context.limit({
      id,
      name: 'symmetric KMS requests of the account',
      unit: 'requests/s',
      kind: 'perSecond',
      capacity: Math.max(1, capacity),
      source,
      raisable: true,
      account: true,
    }),
  };
}
