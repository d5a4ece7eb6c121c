/** What a delivery stream counts at its destinations, and the episodes of its log. */
import type { BehaviorContext } from '#engine/behavior.ts';
import { Episode } from '#engine/stations/episode.ts';
import type { CounterMetric, SampleMetric } from '#engine/stats/metrics.ts';
import type { Config } from '../config.ts';

const SECOND_US = 1_000_000;
const QUIET_US = 60 * SECOND_US;

export type DestinationName = 'DeliveryToS3' | 'DeliveryToAmazonOpenSearchService' | 'BackupToS3';

/** CloudWatch's metrics of one destination. */
export class DestinationBooks {
  private readonly freshness: SampleMetric;
  private readonly success: SampleMetric;
  private readonly records: CounterMetric;
  private readonly bytes: CounterMetric;
  private readonly objects: CounterMetric | undefined;

  constructor(context: BehaviorContext<Config>, name: DestinationName) {
    this.freshness = context.sample(`${name}.DataFreshness`);
    this.success = context.sample(`${name}.Success`);
    this.records = context.counter(`${name}.Records`);
    this.bytes = context.counter(`${name}.Bytes`);
    this.objects = name === 'DeliveryToS3' ? context.counter('DeliveryToS3.ObjectCount') : undefined;
  }

  /** One attempt, which delivered `records` of `bytes` together; `ok` when nothing was left. */
  attempt(nowUs: number, ok: boolean, records: number, bytes: number): void {
    this.success.add(nowUs, ok ? 1 : 0);
    if (records === 0) return;
    this.records.add(nowUs, records);
    this.bytes.add(nowUs, bytes);
    this.objects?.add(nowUs, 1);
  }

  age(nowUs: number, oldestUs: number): void {
    this.freshness.add(nowUs, (nowUs - oldestUs) / SECOND_US);
  }
}

export class StreamMeters {
  readonly s3: DestinationBooks;
  readonly opensearch: DestinationBooks;
  readonly backup: DestinationBooks;
  readonly deliverySize: SampleMetric;
  readonly converted: readonly [CounterMetric, CounterMetric];
  readonly unconverted: readonly [CounterMetric, CounterMetric];
  readonly processed: readonly [CounterMetric, CounterMetric];
  readonly processingDuration: SampleMetric;
  readonly processingSuccess: SampleMetric;
  readonly throttledReads: CounterMetric;
  readonly read: readonly [CounterMetric, CounterMetric];
  readonly behind: SampleMetric;
  private readonly context: BehaviorContext<Config>;
  private readonly failed: CounterMetric;
  private readonly expired: CounterMetric;
  private readonly refusing: Episode;
  private readonly failing: Episode;
  private readonly expiring: Episode;
  private readonly transformFailing: Episode;
  private reason = '';

  constructor(context: BehaviorContext<Config>) {
    const { kernel, log } = context;
    const pair = (name: string): readonly [CounterMetric, CounterMetric] => [
      context.counter(`${name}.Records`),
      context.counter(`${name}.Bytes`),
    ];
    this.context = context;
    this.s3 = new DestinationBooks(context, 'DeliveryToS3');
    this.opensearch = new DestinationBooks(context, 'DeliveryToAmazonOpenSearchService');
    this.backup = new DestinationBooks(context, 'BackupToS3');
    this.deliverySize = context.sample('DeliverySize');
    this.converted = pair('SucceedConversion');
    this.unconverted = pair('FailedConversion');
    this.processed = pair('SucceedProcessing');
    this.processingDuration = context.sample('ExecuteProcessing.Duration');
    this.processingSuccess = context.sample('ExecuteProcessing.Success');
    this.throttledReads = context.counter('ThrottledGetRecords');
    this.read = pair('DataReadFromKinesisStream');
    this.behind = context.sample('KinesisMillisBehindLatest');
    this.failed = context.counter('FailedRecords');
    this.expired = context.counter('ExpiredRecords');
    const episode = (begin: () => void, end: (amount: number) => void, waitSeconds = 0): Episode =>
      new Episode(kernel, QUIET_US + waitSeconds * SECOND_US, { onBegan: begin, onEnded: end });
    // An attempt that has not come yet is no recovery.
    this.refusing = episode(
      () => log('warning', 'data-firehose/delivery-failing', {}),
      (attempts) => log('info', 'data-firehose/delivery-recovered', { attempts }),
      context.config.deliveryRetryMaxSeconds,
    );
    this.failing = episode(
      () => log('error', 'data-firehose/records-failed', { reason: this.reason }),
      (records) => log('info', 'data-firehose/records-failed-over', { records }),
    );
    this.expiring = episode(
      () => log('error', 'data-firehose/records-expired', {}),
      (records) => log('info', 'data-firehose/records-expired-over', { records }),
    );
    this.transformFailing = episode(
      () => log('warning', 'data-firehose/transform-failing', {}),
      (invocations) => log('info', 'data-firehose/transform-recovered', { invocations }),
    );
  }

  /** An attempt to deliver left records behind. */
  onRefused(): void {
    this.refusing.mark(1);
  }

  /** Records were given up, for a reason in words of the ledger. */
  onFailed(records: number, reason: string): void {
    this.failed.add(this.context.kernel.nowUs, records);
    this.reason = reason;
    this.failing.mark(records);
  }

  onExpired(records: number): void {
    this.expired.add(this.context.kernel.nowUs, records);
    this.expiring.mark(records);
  }

  /** An invocation of the transform was refused or failed. */
  onTransformFailed(): void {
    this.processingSuccess.add(this.context.kernel.nowUs, 0);
    this.transformFailing.mark(1);
  }
}
