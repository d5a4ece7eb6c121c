import type { BehaviorContext, UsageCounter } from '#engine/behavior.ts';
import type { ParcelList } from '#engine/flow/parcels.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import type { Law } from '#engine/kernel/laws.ts';
import type { Reply } from '#engine/flow/ports.ts';
import type { CounterMetric, SampleMetric } from '#engine/stats/metrics.ts';
import { type Config, payloadUnitBytes } from '../config.ts';
import type { Shard } from './shard.ts';

/** GB of Kinesis bills: 2^30 bytes. https://aws.amazon.com/kinesis/data-streams/pricing/, read 2026-11-21. */
const GIBIBYTE = 1_073_741_824;
/** On-demand data is billed with each record rounded up to 1 KB (1,024 bytes). Same page. */
const ON_DEMAND_ROUNDING_BYTES = 1024;
/** Included in every stream, hours; up to the second, extended retention; beyond, long-term retention. Same page. */
const INCLUDED_HOURS = 24;
const EXTENDED_HOURS = 168;
/** Mean hours of a month. */
const MONTH_HOURS = 730;
const MS = 1000;
/** Latencies that are drawn for the calls of a run; each stands for its share of them. */
const LATENCIES_DRAWN = 8;
/** Share of a shard's records from which one key is worth a word, percent. Assumption: below, the keys are well spread. */
const NOTABLE_PERCENT = 5;

interface CallMetrics {
  readonly bytes: CounterMetric;
  readonly latency: SampleMetric;
  readonly success: SampleMetric;
}

/** Metrics, billable quantities and log entries of the puts. */
export class PutBooks {
  private readonly context: BehaviorContext<Config>;
  private readonly latency: Law;
  private readonly latencyDraw: DrawStream;
  private readonly incomingRecords: CounterMetric;
  private readonly incomingBytes: CounterMetric;
  private readonly exceeded: CounterMetric;
  private readonly single: CallMetrics;
  private readonly batch: CallMetrics;
  private readonly total: CounterMetric;
  private readonly successful: CounterMetric;
  private readonly failed: CounterMetric;
  private readonly throttledRecords: CounterMetric;
  private readonly payloadUnits: UsageCounter | undefined;
  private readonly dataIn: UsageCounter | undefined;
  private readonly extended: UsageCounter | undefined;
  private readonly longTerm: UsageCounter | undefined;
  /** GB-months that a byte will have taken, beyond the first day and beyond the first week. */
  private readonly extendedMonths: number;
  private readonly longTermMonths: number;
  private hasRefusedLarge = false;
  private hasRefusedCall = false;

  /** `latency`: law of a put's latency, drawn by `latencyDraw`. */
  constructor(context: BehaviorContext<Config>, latency: Law, latencyDraw: DrawStream) {
    this.latency = latency;
    this.latencyDraw = latencyDraw;
    const { retentionPeriodHours: kept, streamMode } = context.config;
    const isOnDemand = streamMode === 'ON_DEMAND';
    const call = (name: string): CallMetrics => ({
      bytes: context.counter(`${name}.Bytes`),
      latency: context.sample(`${name}.Latency`),
      success: context.sample(`${name}.Success`),
    });
    this.context = context;
    this.incomingRecords = context.counter('IncomingRecords');
    this.incomingBytes = context.counter('IncomingBytes');
    this.exceeded = context.counter('WriteProvisionedThroughputExceeded');
    this.single = call('PutRecord');
    this.batch = call('PutRecords');
    this.total = context.counter('PutRecords.TotalRecords');
    this.successful = context.counter('PutRecords.SuccessfulRecords');
    this.failed = context.counter('PutRecords.FailedRecords');
    this.throttledRecords = context.counter('PutRecords.ThrottledRecords');
    const byMonth = GIBIBYTE * MONTH_HOURS;
    this.extendedMonths = Math.max(0, Math.min(kept, EXTENDED_HOURS) - INCLUDED_HOURS) / byMonth;
    this.longTermMonths = Math.max(0, kept - EXTENDED_HOURS) / byMonth;
    if (isOnDemand) {
      this.dataIn = context.usage('onDemandInGibibytes');
      this.extended = context.usage('onDemandExtendedRetentionGibibyteMonths');
      this.longTerm = context.usage('onDemandLongTermRetentionGibibyteMonths');
    } else {
      this.payloadUnits = context.usage('putPayloadUnits');
      this.longTerm = context.usage('longTermRetentionGibibyteMonths');
    }
  }

  /** Time zero: the log of the pre-roll is not kept. */
  startRecording(): void {
    this.hasRefusedLarge = false;
    this.hasRefusedCall = false;
  }

  /** `units` records with `bytes` of data together were stored. */
  stored(units: number, bytes: number): void {
    const each = bytes / units;
    this.payloadUnits?.add(units * Math.max(1, Math.ceil(each / payloadUnitBytes)));
    this.dataIn?.add((units * Math.ceil(each / ON_DEMAND_ROUNDING_BYTES) * ON_DEMAND_ROUNDING_BYTES) / GIBIBYTE);
    if (this.extendedMonths > 0) this.extended?.add(bytes * this.extendedMonths);
    if (this.longTermMonths > 0) this.longTerm?.add(bytes * this.longTermMonths);
  }

  /** The records of a run were stored. */
  storedRun(p: number): void {
    const { runs, store } = this.context.flow;
    const bytes = store.bytes[p]!;
    this.payloadUnits?.add(runs.ceilUnits(p, payloadUnitBytes));
    this.dataIn?.add((runs.ceilUnits(p, ON_DEMAND_ROUNDING_BYTES) * ON_DEMAND_ROUNDING_BYTES) / GIBIBYTE);
    if (this.extendedMonths > 0) this.extended?.add(bytes * this.extendedMonths);
    if (this.longTermMonths > 0) this.longTerm?.add(bytes * this.longTermMonths);
  }

  /** `calls` PutRecord calls of a second have succeeded, with `bytes` of data and keys together. */
  singleCalls(calls: number, bytes: number, shard: Shard): void {
    const { nowUs } = this.context.kernel;
    const drawn = Math.min(calls, LATENCIES_DRAWN);
    for (let i = 0; i < drawn; i++) {
      const latencyUs = this.latency.sample(this.latencyDraw, shard.nextDraw());
      this.single.latency.add(nowUs, (latencyUs * this.context.faults.latencyFactor) / MS, calls / drawn);
    }
    this.single.bytes.add(nowUs, bytes);
    this.single.success.add(nowUs, 1, calls);
    this.incomingRecords.add(nowUs, calls);
    this.incomingBytes.add(nowUs, bytes);
  }

  /** A call has ended; `bytes` of data and partition keys were taken. */
  call(isBatch: boolean, bytes: number, reply: Reply): void {
    const { nowUs } = this.context.kernel;
    const of = isBatch ? this.batch : this.single;
    const { accepted, refused, failed } = reply;
    of.bytes.add(nowUs, bytes);
    of.latency.add(nowUs, (reply.latencyUs * this.context.faults.latencyFactor) / MS);
    // CloudWatch: a PutRecords call succeeds when at least one of its records does.
    of.success.add(nowUs, accepted > 0 ? 1 : 0);
    this.incomingRecords.add(nowUs, accepted);
    this.incomingBytes.add(nowUs, bytes);
    if (refused > 0) this.exceeded.add(nowUs, refused);
    if (isBatch) this.countBatch(nowUs, accepted, refused, failed);
  }

  /** A call has failed as a whole. */
  failCall(isBatch: boolean, reply: Reply): void {
    const { nowUs } = this.context.kernel;
    const of = isBatch ? this.batch : this.single;
    of.latency.add(nowUs, (reply.latencyUs * this.context.faults.latencyFactor) / MS);
    of.success.add(nowUs, 0);
  }

  /** A shard began to refuse records. */
  throttled(shard: Shard, shardCount: number): void {
    const sharePercent = Math.round(shard.keys.topShareRatio() * 100);
    this.context.log('warning', 'kinesis-data-streams/throttled', {
      shard: shard.name,
      shardCount,
      ...(sharePercent < NOTABLE_PERCENT ? {} : { sharePercent }),
    });
  }

  /** A record is larger than the stream takes; logged once. */
  refuseLarge(bytes: number, largestBytes: number): void {
    if (this.hasRefusedLarge) return;
    this.hasRefusedLarge = true;
    this.context.log('error', 'kinesis-data-streams/record-too-large', { bytes, largestBytes });
  }

  /** A PutRecords call has too many records or bytes; logged once. */
  refuseCall(request: ParcelList): void {
    if (this.hasRefusedCall) return;
    this.hasRefusedCall = true;
    this.context.log('error', 'kinesis-data-streams/call-too-large', { records: request.units, bytes: request.bytes });
  }

  private countBatch(nowUs: number, accepted: number, refused: number, failed: number): void {
    this.total.add(nowUs, accepted + refused + failed);
    this.successful.add(nowUs, accepted);
    if (failed > 0) this.failed.add(nowUs, failed);
    if (refused > 0) this.throttledRecords.add(nowUs, refused);
  }
}
