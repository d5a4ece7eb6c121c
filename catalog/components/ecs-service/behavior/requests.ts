import { FLAG_POISON, NONE, type ParcelList } from '#engine/flow/parcels.ts';
import type { Push, Reply } from '#engine/flow/ports.ts';
import type { LoadListener } from '#engine/stations/load-schedule.ts';
import { ReplicaPool, type ReplicaPoolOwner } from '#engine/stations/replica-pool.ts';
import type { ArrivalSource } from '#engine/workload/source.ts';
import type { ServiceParts } from './parts.ts';
import { RequestRuns } from './request-runs.ts';

const MS_US = 1000;

/** Requests of others and of the service's own workloads, served by the tasks and sent on through the outputs. */
export class Requests implements Push, LoadListener, ReplicaPoolOwner {
  readonly meeting = 'push';
  readonly pool: ReplicaPool;
  readonly runs: RequestRuns;
  private readonly parts: ServiceParts;
  private readonly lane: number;
  private departures = 0;
  private arrivedInPeriod = 0;

  constructor(parts: ServiceParts) {
    const { config, flow, kernel } = parts.context;
    this.parts = parts;
    this.lane = parts.times.newLane();
    const waitingPlaces = config.queueLimit ?? Number.POSITIVE_INFINITY;
    this.pool = new ReplicaPool(
      kernel,
      flow.store,
      parts.replicas,
      { places: config.concurrency, waitingPlaces },
      this,
    );
    this.runs = new RequestRuns(parts, this.pool);
  }

  /** Requests that have come since the last call. */
  takeArrived(): number {
    const arrived = this.arrivedInPeriod;
    this.arrivedInPeriod = 0;
    return arrived;
  }

  offer(request: ParcelList, _isBatch: boolean, reply: Reply): void {
    const { context, meters } = this.parts;
    const { store } = context.flow;
    const { pool } = this;
    reply.accepted = 0;
    reply.refused = 0;
    reply.failed = 0;
    reply.retryAfterUs = 0;
    this.arrivedInPeriod += request.units;
    while (request.head !== NONE && pool.hasRoom) {
      const p = request.shift();
      reply.accepted += store.units[p]!;
      context.flow.transfer(p, context.node);
      pool.arrive(p);
    }
    meters.onAccepted(reply.accepted);
    reply.latencyUs = this.answerUs(reply.accepted > 0);
    if (request.head === NONE) return;
    reply.refused = request.units;
    meters.onRefused(request.units);
  }

  /** See LoadListener: a record of a workload of this service is a request to it. */
  onArrival(load: number, entity: number, key: number, bytes: number, isPoison: boolean): void {
    const { context, meters } = this.parts;
    const { flow, kernel, node } = context;
    const p = flow.create(node, load, entity, key, bytes, kernel.nowUs);
    if (isPoison) flow.store.flags[p]! |= FLAG_POISON;
    this.arrivedInPeriod += 1;
    if (this.pool.hasRoom) {
      meters.onAccepted(1);
      this.pool.arrive(p);
      return;
    }
    meters.onRefused(1);
    flow.drop(p, 'request-refused');
  }

  /** See LoadListener. */
  admitsRun(source: ArrivalSource, count: number): boolean {
    return this.runs.admits(source, count);
  }

  /** See LoadListener. */
  onRun(source: ArrivalSource, entity: number, count: number, bytes: number, fromUs: number, spanUs: number): void {
    this.arrivedInPeriod += count;
    this.runs.serve(source, entity, count, bytes, fromUs, spanUs);
  }

  serviceUs(parcel: number): number {
    return this.parts.times.sampleUs(parcel, this.lane);
  }

  onStart(_parcel: number, waitedUs: number): void {
    this.parts.meters.onStart(waitedUs);
  }

  onDeparture(parcel: number, responseUs: number): void {
    const { context, emitter, meters, times } = this.parts;
    const { flow } = context;
    const records = flow.store.records[parcel]!;
    this.departures += 1;
    if (times.fails(parcel, this.departures)) {
      meters.onFailed(records);
      flow.drop(parcel, 'processing-failed');
      return;
    }
    meters.onDeparture(records, responseUs);
    emitter.forward(parcel);
  }

  onLost(parcel: number): void {
    const { context, meters } = this.parts;
    meters.onLost(context.flow.store.records[parcel]!);
    context.flow.drop(parcel, 'task-lost');
  }

  onChange(): void {
    this.parts.meters.onRequests(this.pool.busy + this.runs.busy, this.pool.queueLength);
  }

  /** Round trip; for an answer after the work also the mean time of the work and of what waits before it. */
  private answerUs(wasTaken: boolean): number {
    const { context, replicas, times } = this.parts;
    const { answerLatencyMs, answers, concurrency } = context.config;
    if (answers === 'accepted' || !wasTaken) return answerLatencyMs * MS_US;
    const rounds = 1 + this.pool.queueLength / Math.max(1, replicas.running * concurrency);
    return answerLatencyMs * MS_US + rounds * times.meanUs;
  }
}
