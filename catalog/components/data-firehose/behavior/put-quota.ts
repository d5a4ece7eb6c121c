/** The quotas of Direct PUT: records, requests and bytes a second, raised by themselves while the stream throttles. */
import type { BehaviorContext } from '#engine/behavior.ts';
import { PRIORITY_SAMPLING } from '#engine/kernel/priorities.ts';
import { Episode } from '#engine/stations/episode.ts';
import { TokenBucket } from '#engine/stations/token-bucket.ts';
import type { LimitDeclaration, LimitMeter } from '#engine/stats/limit-meter.ts';
import type { CounterMetric, GaugeMetric } from '#engine/stats/metrics.ts';
import type { Config } from '../config.ts';

const MEBIBYTE = 1_048_576;
const MINUTE_US = 60_000_000;
const QUIET_US = 60_000_000;
/** Share of each quota that must be left for runs of records to come whole. */
const ROOM_RATIO = 0.25;
/** Time without a refusal after which they may again, microseconds: what an invocation may take back is refused whole. */
const CALM_US = 10_000_000;
/** Largest bucket of the station. */
const MOST_TOKENS = 60_000_000;
const source = 'https://docs.aws.amazon.com/firehose/latest/dev/limits.html';

type LimitNames = Pick<LimitDeclaration, 'id' | 'name' | 'unit'>;

const limits = {
  records: { id: 'put-records', name: 'records put to the stream', unit: 'records/s' },
  requests: { id: 'put-requests', name: 'put requests to the stream', unit: 'requests/s' },
  bytes: { id: 'put-bytes', name: 'data put to the stream', unit: 'B/s' },
} as const satisfies Record<string, LimitNames>;

class Quota {
  readonly bucket: TokenBucket;
  readonly meter: LimitMeter;
  private readonly gauge: GaugeMetric;
  private readonly perSecond: number;

  constructor(context: BehaviorContext<Config>, names: LimitNames, metric: string, rate: number) {
    this.perSecond = Math.min(rate, MOST_TOKENS);
    this.bucket = new TokenBucket(this.perSecond, this.perSecond, context.kernel.nowUs);
    this.meter = context.limit({ ...names, kind: 'perSecond', capacity: rate, source, raisable: true });
    this.gauge = context.gauge(metric);
  }

  /** A share or a multiple of the quota from now on; `raised` is what the quota itself has become. */
  configure(raised: number, ratio: number, nowUs: number): void {
    const quota = Math.min(MOST_TOKENS, this.perSecond * raised);
    this.bucket.configure(quota * ratio, quota * ratio, nowUs);
    this.meter.capacity = quota;
    this.gauge.set(nowUs, quota);
  }

  /** `n` would be taken, and a share `roomRatio` of the bucket is left. */
  hasRoom(n: number, roomRatio: number, nowUs: number): boolean {
    const { bucket } = this;
    const available = bucket.available(nowUs);
    return available >= n && available >= roomRatio * bucket.capacity;
  }

  /** Takes `n`; more than a second's worth is taken when that much is there, and owed. */
  take(n: number, nowUs: number): boolean {
    const { bucket, meter } = this;
    if (bucket.capacity < 1 || bucket.available(nowUs) < Math.min(n, bucket.capacity)) {
      meter.refuse(nowUs, n);
      return false;
    }
    bucket.spend(n, nowUs);
    meter.use(nowUs, n);
    return true;
  }
}

export class PutQuota {
  private readonly context: BehaviorContext<Config>;
  private readonly records: Quota;
  private readonly requests: Quota;
  private readonly bytes: Quota;
  private readonly throttled: CounterMetric;
  private readonly episode: Episode;
  private readonly onGrow: number;
  private raised = 1;
  private isGrowing = false;
  private lastRefusedUs = Number.NEGATIVE_INFINITY;

  constructor(context: BehaviorContext<Config>) {
    const { config, kernel } = context;
    this.context = context;
    this.records = new Quota(context, limits.records, 'RecordsPerSecondLimit', config.recordsPerSecondQuota);
    this.requests = new Quota(context, limits.requests, 'PutRequestsPerSecondLimit', config.requestsPerSecondQuota);
    this.bytes = new Quota(context, limits.bytes, 'BytesPerSecondLimit', config.mebibytesPerSecondQuota * MEBIBYTE);
    this.throttled = context.counter('ThrottledRecords');
    this.episode = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('warning', 'data-firehose/throttled', {}),
      onEnded: (records) => context.log('info', 'data-firehose/throttling-over', { records }),
    });
    this.onGrow = kernel.register(() => this.grow());
  }

  start(): void {
    this.scale();
  }

  /** Runs may come whole: no quota is about to run short, and none has refused anything just now. */
  get isRoomy(): boolean {
    const { nowUs } = this.context.kernel;
    if (nowUs - this.lastRefusedUs < CALM_US) return false;
    return [this.records, this.requests, this.bytes].every((quota) => quota.hasRoom(0, ROOM_RATIO, nowUs));
  }

  /** Whether all of a run would be admitted now. */
  hasRoomFor(records: number, bytes: number): boolean {
    const { nowUs } = this.context.kernel;
    return this.records.hasRoom(records, 0, nowUs) && this.bytes.hasRoom(bytes, 0, nowUs);
  }

  /** `requests` calls for `records` records; refused as a whole when the calls of the second are used up. */
  admitRequest(requests: number, records: number): boolean {
    const { nowUs } = this.context.kernel;
    if (this.requests.take(requests, nowUs)) return true;
    this.refuse(records);
    return false;
  }

  /** One record, or a run of alike ones. */
  admitRecord(records: number, bytes: number): boolean {
    const { nowUs } = this.context.kernel;
    if (this.records.take(records, nowUs)) {
      if (this.bytes.take(bytes, nowUs)) return true;
      this.records.bucket.spend(-records, nowUs);
    }
    this.refuse(records);
    return false;
  }

  /** A fault leaves a share of the quotas. */
  scale(): void {
    const { faults, kernel } = this.context;
    for (const quota of [this.records, this.requests, this.bytes]) {
      quota.configure(this.raised, faults.capacityRatio, kernel.nowUs);
    }
  }

  private refuse(records: number): void {
    const { config, kernel } = this.context;
    this.throttled.add(kernel.nowUs, records);
    this.episode.mark(records);
    this.lastRefusedUs = kernel.nowUs;
    if (!config.quotaGrows || this.isGrowing) return;
    this.isGrowing = true;
    kernel.after(config.quotaDoublingMinutes * MINUTE_US, this.onGrow, 0, 0, PRIORITY_SAMPLING);
  }

  /** The time of a doubling has passed since records were refused; if they still are, the quotas double. */
  private grow(): void {
    const { kernel, log } = this.context;
    this.isGrowing = false;
    if (kernel.nowUs - this.lastRefusedUs >= QUIET_US) return;
    this.raised *= 2;
    this.scale();
    log('info', 'data-firehose/quota-raised', { times: this.raised });
  }
}
