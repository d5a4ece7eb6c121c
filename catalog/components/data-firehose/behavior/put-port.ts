/** Direct PUT: PutRecord and PutRecordBatch. */
import type { BehaviorContext } from '#engine/behavior.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import type { Push, Reply } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { compileLaw, type Law } from '#engine/kernel/laws.ts';
import type { CounterMetric, SampleMetric } from '#engine/stats/metrics.ts';
import { type Config, streamLimits } from '../config.ts';
import { PutQuota } from './put-quota.ts';

const MS_US = 1000;

export interface PutOwner {
  /** Takes a record, or a unit of several, that was accepted. */
  onPut(parcel: number): void;
  /** A parcel was taken in, to be billed. */
  onIngested(parcel: number): void;
  /** Nothing decides record by record what becomes of the data. */
  readonly takesRuns: boolean;
}

export class PutPort implements Push {
  readonly meeting = 'push';
  readonly quota: PutQuota;
  private readonly context: BehaviorContext<Config>;
  private readonly owner: PutOwner;
  private readonly latency: Law;
  private readonly latencyDraw: DrawStream;
  private readonly callError: DrawStream;
  private readonly recordError: DrawStream;
  private readonly kept: ParcelList;
  private readonly singles: ParcelList;
  private readonly records: CounterMetric;
  private readonly bytes: CounterMetric;
  private readonly requests: CounterMetric;
  private readonly single: SampleMetric;
  private readonly batch: SampleMetric;
  /** Calls and records offered so far. */
  private calls = 0;
  private offered = 0;
  private hasLogged = false;

  constructor(context: BehaviorContext<Config>, owner: PutOwner) {
    const { config, flow } = context;
    this.context = context;
    this.owner = owner;
    this.quota = new PutQuota(context);
    const mean = config.putLatencyMs * MS_US;
    this.latency = compileLaw({ kind: 'lognormal', mean, cv: mean === 0 ? 0 : config.putLatencyVariation });
    this.latencyDraw = context.draw('putLatency');
    this.callError = context.draw('callError');
    this.recordError = context.draw('recordError');
    this.kept = new ParcelList(flow.store);
    this.singles = new ParcelList(flow.store);
    this.records = context.counter('IncomingRecords');
    this.bytes = context.counter('IncomingBytes');
    this.requests = context.counter('IncomingPutRequests');
    this.single = context.sample('PutRecord.Latency');
    this.batch = context.sample('PutRecordBatch.Latency');
  }

  /** Time zero: what was logged once in the pre-roll may be logged again. */
  startRecording(): void {
    this.hasLogged = false;
  }

  takesRuns(): boolean {
    return this.splitsRuns() && this.quota.isRoomy;
  }

  splitsRuns(): boolean {
    return this.owner.takesRuns && this.context.faults.recordErrorRatio === 0;
  }

  offer(request: ParcelList, isBatch: boolean, reply: Reply): void {
    const { faults, kernel } = this.context;
    const call = this.calls++;
    const { invocationErrorRatio } = faults;
    reply.accepted = 0;
    reply.refused = 0;
    reply.failed = 0;
    reply.retryAfterUs = 0;
    reply.latencyUs = this.latency.sample(this.latencyDraw, call);
    const latency = isBatch ? this.batch : this.single;
    latency.add(kernel.nowUs, (reply.latencyUs * faults.latencyFactor) / MS_US);
    this.requests.add(kernel.nowUs, isBatch ? 1 : request.units);
    const isTooLarge = isBatch && this.exceedsCall(request);
    if (isTooLarge || (invocationErrorRatio > 0 && this.callError.uniform(call) < invocationErrorRatio)) {
      reply.failed = request.units;
      return;
    }
    if (isBatch && !this.quota.admitRequest(1, request.units)) {
      reply.refused = request.units;
      return;
    }
    for (let left = request.length; left > 0; left--) {
      const p = request.shift();
      if (this.mustSplit(p)) this.putSingly(p, isBatch, reply);
      else if (!this.put(p, isBatch, reply)) this.kept.push(p);
    }
    request.append(this.kept);
  }

  /** A run of which the quota admits a part, and that no invocation may still take back. */
  private mustSplit(p: number): boolean {
    const { runs, store } = this.context.flow;
    if (!runs.isRun(p) || store.origin[p] !== NONE) return false;
    return !this.quota.hasRoomFor(store.units[p]!, store.bytes[p]!);
  }

  private putSingly(p: number, isBatch: boolean, reply: Reply): void {
    const { singles } = this;
    this.context.flow.runs.scatter(p, singles);
    for (let q = singles.shift(); q !== NONE; q = singles.shift()) {
      if (!this.put(q, isBatch, reply)) this.kept.push(q);
    }
  }

  /** Takes one record over, or leaves it: refused or failed is counted in the reply. */
  private put(p: number, isBatch: boolean, reply: Reply): boolean {
    const { faults, flow, kernel, node } = this.context;
    const { store } = flow;
    const units = store.units[p]!;
    const bytes = store.bytes[p]!;
    const ordinal = this.offered++;
    const isTooLarge = bytes > streamLimits.recordBytes * units;
    if (isTooLarge) this.logOnce('record-too-large', { bytes: Math.round(bytes / units) });
    const { recordErrorRatio } = faults;
    if (isTooLarge || (recordErrorRatio > 0 && this.recordError.uniform(ordinal) < recordErrorRatio)) {
      reply.failed += units;
      return false;
    }
    if ((!isBatch && !this.quota.admitRequest(units, units)) || !this.quota.admitRecord(units, bytes)) {
      reply.refused += units;
      return false;
    }
    reply.accepted += units;
    this.records.add(kernel.nowUs, units);
    this.bytes.add(kernel.nowUs, bytes);
    this.owner.onIngested(p);
    flow.transfer(p, node);
    this.owner.onPut(p);
    return true;
  }

  private exceedsCall(request: ParcelList): boolean {
    const { batchRecords, batchBytes } = streamLimits;
    if (request.units <= batchRecords && request.bytes <= batchBytes) return false;
    this.logOnce('call-too-large', { records: request.units, bytes: request.bytes });
    return true;
  }

  private logOnce(code: 'record-too-large' | 'call-too-large', params: Record<string, number>): void {
    if (this.hasLogged) return;
    this.hasLogged = true;
    this.context.log('error', `data-firehose/${code}`, params);
  }
}
