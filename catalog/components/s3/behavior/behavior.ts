/** A bucket: takes objects, one PUT each (or a multipart upload), and delivers their records when they are stored. */
import type { Behavior, BehaviorContext, BehaviorFactory, UsageCounter } from '#engine/behavior.ts';
import { ParcelList } from '#engine/flow/parcels.ts';
import { rest } from '#engine/flow/rest.ts';
import type { Callee, Push, Reply } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { compileLaw, type Law } from '#engine/kernel/laws.ts';
import { PRIORITY_ARRIVAL } from '#engine/kernel/priorities.ts';
import { Episode } from '#engine/stations/episode.ts';
import type { CounterMetric, SampleMetric } from '#engine/stats/metrics.ts';
import type { Config } from '../config.ts';
import { Reads } from './reads.ts';
import { RequestLimits } from './request-limits.ts';
import { Stock } from './stock.ts';

const MS_US = 1000;
const SECOND_US = 1_000_000;
const MEBIBYTE = 1_048_576;
const MONTH_US = 730 * 3_600_000_000;
const QUIET_US = 60 * SECOND_US;
/** Most parts of one upload. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html (read 2026-11-21). */
const MOST_PARTS = 10_000;
/** Requests around the parts: CreateMultipartUpload and CompleteMultipartUpload. */
const AROUND_PARTS = 2;
/** Failed records that are only counted are joined when they came within this long of each other. */
const REST_SPAN_US = SECOND_US;

export const build: BehaviorFactory<Config> = (context) => new Bucket(context);

class Bucket implements Behavior {
  readonly inputs: Readonly<Record<string, Push | Callee>>;
  private readonly context: BehaviorContext<Config>;
  private readonly limits: RequestLimits;
  private readonly stock: Stock;
  private readonly latency: Law;
  private readonly latencyDraw: DrawStream;
  private readonly errorDraw: DrawStream;
  private readonly kept: ParcelList;
  private readonly resting: ParcelList;
  private readonly requests: readonly CounterMetric[];
  private readonly errors: CounterMetric;
  private readonly uploaded: CounterMetric;
  private readonly written: CounterMetric;
  private readonly failedRecords: CounterMetric;
  private readonly objectSize: SampleMetric;
  private readonly firstByte: SampleMetric;
  private readonly total: SampleMetric;
  private readonly putUsage: UsageCounter;
  private readonly kmsUsage: UsageCounter;
  private readonly failing: Episode;
  private readonly onStored: number;
  /** Objects offered so far. */
  private ordinal = 0;

  constructor(context: BehaviorContext<Config>) {
    const { config, flow, kernel } = context;
    this.context = context;
    this.limits = new RequestLimits(context);
    this.stock = new Stock(context);
    const mean = config.firstByteLatencyMs * MS_US;
    const cv = mean === 0 ? 0 : config.latencyVariation;
    this.latency = compileLaw({ kind: 'lognormal', mean, cv });
    this.latencyDraw = context.draw('latency');
    this.errorDraw = context.draw('requestError');
    this.kept = new ParcelList(flow.store);
    this.resting = new ParcelList(flow.store);
    this.requests = [context.counter('AllRequests'), context.counter('PutRequests')];
    this.errors = context.counter('5xxErrors');
    this.uploaded = context.counter('BytesUploaded');
    this.written = context.counter('ObjectsWritten');
    this.failedRecords = context.counter('FailedRecordsStored');
    this.objectSize = context.sample('ObjectSize');
    this.firstByte = context.sample('FirstByteLatency');
    this.total = context.sample('TotalRequestLatency');
    this.putUsage = context.usage('putRequests');
    this.kmsUsage = context.usage('kmsRequests');
    this.failing = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('warning', 's3/errors', {}),
      onEnded: (failed) => context.log('info', 's3/errors-over', { failed }),
    });
    this.onStored = kernel.register((parcel, isFailure) => this.stored(parcel, isFailure === 1));
    this.inputs = { objects: this.push(false), failures: this.push(true), reads: new Reads(context, this.limits) };
  }

  start(): void {
    this.stock.start();
  }

  fault(): void {
    this.limits.scale();
  }

  finish(): void {
    const { config, kernel, usage } = this.context;
    this.stock.finish();
    if (config.encryption === 'aws:kms' && config.customerManagedKey) {
      usage('kmsKeyMonths').add(Math.max(0, kernel.nowUs) / MONTH_US);
    }
  }

  private push(isFailure: boolean): Push {
    return { meeting: 'push', offer: (request, _isBatch, reply) => this.offer(request, reply, isFailure) };
  }

  /** Each unit is an object and has a PUT of its own; those of one offer are made at the same time. */
  private offer(request: ParcelList, reply: Reply, isFailure: boolean): void {
    const { kept } = this;
    reply.accepted = 0;
    reply.refused = 0;
    reply.failed = 0;
    reply.latencyUs = 0;
    reply.retryAfterUs = 0;
    for (let left = request.length; left > 0; left--) {
      const p = request.shift();
      const latencyUs = this.put(p, reply, isFailure);
      if (latencyUs > reply.latencyUs) reply.latencyUs = latencyUs;
    }
    request.append(kept);
  }

  /** Takes one object over, or leaves it; returns the time until the answer. */
  private put(p: number, reply: Reply, isFailure: boolean): number {
    const { config, faults, flow, kernel, node } = this.context;
    const { store } = flow;
    const { nowUs } = kernel;
    const ordinal = this.ordinal++;
    const objects = store.units[p]!;
    const bytes = store.bytes[p]!;
    const parts = partsOf(bytes / objects, config.multipartPartMebibytes * MEBIBYTE);
    const requests = objects * (parts === 1 ? 1 : parts + AROUND_PARTS);
    const firstByteUs = this.latency.sample(this.latencyDraw, ordinal);
    for (const counter of this.requests) counter.add(nowUs, requests);
    this.firstByte.add(nowUs, (firstByteUs * faults.latencyFactor) / MS_US, objects);
    if (this.fails(ordinal)) {
      this.failing.mark(objects);
      reply.failed += objects;
      return this.refused(p, objects, firstByteUs);
    }
    if (!this.limits.admitWrites(store.entity[p]!, store.load[p]!, requests)) {
      reply.refused += objects;
      return this.refused(p, objects, firstByteUs);
    }
    const uploadUs = (bytes / objects / parts / (config.uploadMegabytesPerSecond * 1e6)) * SECOND_US;
    const latencyUs = firstByteUs * (parts === 1 ? 1 : 1 + AROUND_PARTS) + uploadUs;
    this.total.add(nowUs, ((firstByteUs + uploadUs) * faults.latencyFactor) / MS_US, objects);
    this.uploaded.add(nowUs, bytes);
    this.putUsage.add(requests);
    this.kmsUsage.add(objects * this.limits.kmsCallsPerObject);
    reply.accepted += objects;
    flow.transfer(p, node);
    if (isFailure) flow.markDeadLettered(p, true);
    kernel.at(nowUs + latencyUs * faults.latencyFactor, this.onStored, p, isFailure ? 1 : 0, PRIORITY_ARRIVAL);
    return latencyUs;
  }

  private refused(p: number, objects: number, latencyUs: number): number {
    this.errors.add(this.context.kernel.nowUs, objects);
    this.kept.push(p);
    return latencyUs;
  }

  /** The object can be read. */
  private stored(p: number, isFailure: boolean): void {
    const { flow, kernel, node } = this.context;
    const { store } = flow;
    const objects = store.units[p]!;
    const bytes = store.bytes[p]!;
    this.stock.add(objects, bytes);
    this.written.add(kernel.nowUs, objects);
    this.objectSize.add(kernel.nowUs, bytes / objects, objects);
    if (isFailure) {
      this.failedRecords.add(kernel.nowUs, store.records[p]!);
      rest(p, this.resting, REST_SPAN_US);
    } else flow.deliver(p, node, kernel.nowUs);
  }

  /** An internal error: of the call or of its one object, which is the same. */
  private fails(ordinal: number): boolean {
    const { invocationErrorRatio, recordErrorRatio } = this.context.faults;
    const ratio = 1 - (1 - invocationErrorRatio) * (1 - recordErrorRatio);
    return ratio > 0 && this.errorDraw.uniform(ordinal) < ratio;
  }
}

/** Parts of an object's upload: 1 for a single PUT, which takes up to the part size. */
function partsOf(bytes: number, partBytes: number): number {
  return bytes <= partBytes ? 1 : Math.min(MOST_PARTS, Math.ceil(bytes / partBytes));
}
