/** How many write requests a second the bucket takes: a rate for each partition of its keys, and partitions that grow. */
import type { BehaviorContext } from '#engine/behavior.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { PRIORITY_SAMPLING } from '#engine/kernel/priorities.ts';
import { Episode } from '#engine/stations/episode.ts';
import { TokenBucket } from '#engine/stations/token-bucket.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import type { GaugeMetric } from '#engine/stats/metrics.ts';
import { type Config, kmsQuota, writesPerPartition } from '../config.ts';

const MINUTE_US = 60_000_000;
const QUIET_US = 60_000_000;

/** The account's rate of KMS requests, one per run. */
interface KmsRate {
  readonly bucket: TokenBucket;
  readonly meter: LimitMeter;
}

export class RequestLimits {
  private readonly context: BehaviorContext<Config>;
  private readonly partitions: TokenBucket[] = [];
  private readonly meter: LimitMeter;
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
    const partitions = Math.min(config.initialPartitions, config.keyPrefixCount);
    const { perSecond, source } = writesPerPartition;
    this.meter = context.limit({
      id: 'put-requests',
      name: 'write requests to all partitions of the keys',
      unit: 'requests/s',
      kind: 'perSecond',
      capacity: partitions * perSecond,
      source,
      raisable: true,
    });
    this.slowDown = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('warning', 's3/slow-down', { partitions: this.partitions.length }),
      onEnded: (refused) => context.log('info', 's3/slow-down-over', { refused }),
    });
    this.kmsThrottled = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('warning', 's3/kms-throttled', {}),
      onEnded: (refused) => context.log('info', 's3/kms-throttled-over', { refused }),
    });
    this.kms = config.encryption === 'aws:kms' ? context.shared(kmsQuota.id, () => kmsRate(context)) : undefined;
    this.onGrow = kernel.register(() => this.grow());
    this.divide(partitions);
  }

  /** Whether `requests` requests for the object with that identity are taken. */
  admit(entity: number, load: number, requests: number): boolean {
    const { nowUs } = this.context.kernel;
    const bucket = this.partitions[this.partitionOf(entity, load)]!;
    // An object in many parts takes longer than a second; what it takes too much is missing to the next.
    if (bucket.available(nowUs) < Math.min(requests, bucket.capacity) || bucket.capacity < 1) {
      this.meter.refuse(nowUs, requests);
      this.slowDown.mark(requests);
      this.lastRefusedUs = nowUs;
      this.beginToGrow();
      return false;
    }
    if (!this.admitKms(nowUs)) return false;
    bucket.spend(requests, nowUs);
    this.meter.use(nowUs, requests);
    return true;
  }

  /** A fault leaves a share of the rate. */
  scale(): void {
    const { faults, kernel } = this.context;
    const rate = writesPerPartition.perSecond * faults.capacityRatio;
    for (const bucket of this.partitions) bucket.configure(rate, rate, kernel.nowUs);
  }

  /** Calls to KMS for one object; 0 where the encryption needs none. */
  get kmsCallsPerObject(): number {
    const { config } = this.context;
    if (config.encryption !== 'aws:kms') return 0;
    return config.bucketKeyEnabled ? config.bucketKeyCallRatio : 1;
  }

  /** With a bucket key, calls are too few to count against the quota. */
  private admitKms(nowUs: number): boolean {
    const { kms } = this;
    if (kms === undefined || this.context.config.bucketKeyEnabled) return true;
    if (kms.bucket.take(1, nowUs)) {
      kms.meter.use(nowUs, 1);
      return true;
    }
    kms.meter.refuse(nowUs, 1);
    this.kmsThrottled.mark(1);
    return false;
  }

  /** Prefixes are dealt out to partitions evenly, each whole. */
  private partitionOf(entity: number, load: number): number {
    const { keyPrefixCount } = this.context.config;
    if (this.partitions.length === 1) return 0;
    const prefix = Math.floor(this.prefix.uniformPair(entity, load) * keyPrefixCount);
    return Math.floor((prefix * this.partitions.length) / keyPrefixCount);
  }

  private beginToGrow(): void {
    const { config, kernel } = this.context;
    if (this.isGrowing || this.partitions.length >= config.keyPrefixCount) return;
    this.isGrowing = true;
    kernel.after(config.partitionDoublingMinutes * MINUTE_US, this.onGrow, 0, 0, PRIORITY_SAMPLING);
  }

  /** The time of a doubling has passed since requests were refused; goes on if they still are. */
  private grow(): void {
    const { config, kernel, log } = this.context;
    const from = this.partitions.length;
    const to = Math.min(2 * from, config.keyPrefixCount);
    this.isGrowing = false;
    this.divide(to);
    log('info', 's3/partitioned', { from, to });
    if (kernel.nowUs - this.lastRefusedUs < QUIET_US) this.beginToGrow();
  }

  private divide(partitions: number): void {
    const { faults, kernel } = this.context;
    const { perSecond } = writesPerPartition;
    const rate = perSecond * faults.capacityRatio;
    while (this.partitions.length < partitions) this.partitions.push(new TokenBucket(rate, rate, kernel.nowUs));
    this.meter.capacity = partitions * perSecond;
    this.count.set(kernel.nowUs, partitions);
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
