/** GetObject by functions that wait for what they read. The records they ask about stay with them. */
import type { BehaviorContext, UsageCounter } from '#engine/behavior.ts';
import {
  ANSWER_DONE,
  ANSWER_FAILED,
  ANSWER_REFUSED,
  type Callee,
  type CallReply,
  type CallRequest,
} from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { compileLaw, type Law } from '#engine/kernel/laws.ts';
import type { CounterMetric, SampleMetric } from '#engine/stats/metrics.ts';
import { archivedClasses, type Config, type StorageClass } from '../config.ts';
import type { RequestLimits } from './request-limits.ts';

const MS_US = 1000;
const SECOND_US = 1_000_000;
const KIBIBYTE = 1024;
const GIBIBYTE = 1_073_741_824;

/** Usage of what is read from a class with a fee. */
const retrievals: Readonly<Partial<Record<StorageClass, string>>> = {
  STANDARD_IA: 'standardIaRetrievedGibibytes',
  ONEZONE_IA: 'oneZoneIaRetrievedGibibytes',
  GLACIER_IR: 'glacierInstantRetrievedGibibytes',
};

export class Reads implements Callee {
  readonly meeting = 'call';
  private readonly context: BehaviorContext<Config>;
  private readonly limits: RequestLimits;
  private readonly latency: Law;
  private readonly latencyDraw: DrawStream;
  private readonly errorDraw: DrawStream;
  private readonly isArchived: boolean;
  private readonly all: CounterMetric;
  private readonly gets: CounterMetric;
  private readonly clientErrors: CounterMetric;
  private readonly serverErrors: CounterMetric;
  private readonly downloaded: CounterMetric;
  private readonly firstByte: SampleMetric;
  private readonly total: SampleMetric;
  private readonly getUsage: UsageCounter;
  private readonly kmsUsage: UsageCounter;
  private readonly retrieved: UsageCounter | undefined;
  /** Calls so far. */
  private ordinal = 0;

  constructor(context: BehaviorContext<Config>, limits: RequestLimits) {
    const { config } = context;
    this.context = context;
    this.limits = limits;
    const mean = config.firstByteLatencyMs * MS_US;
    this.latency = compileLaw({ kind: 'lognormal', mean, cv: mean === 0 ? 0 : config.latencyVariation });
    this.latencyDraw = context.draw('readLatency');
    this.errorDraw = context.draw('readError');
    this.isArchived = archivedClasses.includes(config.storageClass);
    this.all = context.counter('AllRequests');
    this.gets = context.counter('GetRequests');
    this.clientErrors = context.counter('4xxErrors');
    this.serverErrors = context.counter('5xxErrors');
    this.downloaded = context.counter('BytesDownloaded');
    this.firstByte = context.sample('FirstByteLatency');
    this.total = context.sample('TotalRequestLatency');
    this.getUsage = context.usage('getRequests');
    this.kmsUsage = context.usage('kmsRequests');
    const id = retrievals[config.storageClass];
    this.retrieved = id === undefined ? undefined : context.usage(id);
  }

  /** One request after the other where there are several; all are answered alike. */
  call(request: CallRequest, reply: CallReply): void {
    const { config, faults, flow, kernel } = this.context;
    const { calls } = request;
    const ordinal = this.ordinal++;
    const firstByteUs = this.latency.sample(this.latencyDraw, ordinal);
    const bytes = config.readKibibytes * KIBIBYTE;
    const downloadUs = (bytes / (config.downloadMegabytesPerSecond * 1e6)) * SECOND_US;
    this.all.add(kernel.nowUs, calls);
    this.gets.add(kernel.nowUs, calls);
    this.firstByte.add(kernel.nowUs, (firstByteUs * faults.latencyFactor) / MS_US, calls);
    const first = request.records[0]!;
    const ratio = 1 - (1 - faults.invocationErrorRatio) * (1 - faults.recordErrorRatio);
    if (this.isArchived) {
      this.clientErrors.add(kernel.nowUs, calls);
      answer(request, reply, ANSWER_FAILED, firstByteUs);
    } else if (ratio > 0 && this.errorDraw.uniform(ordinal) < ratio) {
      this.serverErrors.add(kernel.nowUs, calls);
      answer(request, reply, ANSWER_FAILED, firstByteUs);
    } else if (!this.limits.admitReads(flow.store.entity[first]!, flow.store.load[first]!, calls)) {
      this.serverErrors.add(kernel.nowUs, calls);
      answer(request, reply, ANSWER_REFUSED, firstByteUs);
    } else {
      this.total.add(kernel.nowUs, ((firstByteUs + downloadUs) * faults.latencyFactor) / MS_US, calls);
      this.downloaded.add(kernel.nowUs, bytes * calls);
      this.getUsage.add(calls);
      this.kmsUsage.add(calls * this.limits.kmsCallsPerObject);
      this.retrieved?.add((bytes * calls) / GIBIBYTE);
      answer(request, reply, ANSWER_DONE, firstByteUs + downloadUs * calls);
      reply.bytes = bytes * calls;
    }
  }
}

function answer(request: CallRequest, reply: CallReply, what: number, latencyUs: number): void {
  reply.answers.fill(what, 0, request.count);
  reply.refused = what === ANSWER_REFUSED ? request.count : 0;
  reply.failed = what === ANSWER_FAILED ? request.count : 0;
  reply.latencyUs = latencyUs;
  reply.retryAfterUs = 0;
  reply.bytes = 0;
}
