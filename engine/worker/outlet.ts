/** An edge as its source sees it: counts what passes, applies the faults placed on its target. */
import type { EdgeMeter, FaultState, Outlet } from '#engine/behavior.ts';
import type { Flow } from '#engine/flow/flow.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { newReply, type Push, type Reply } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import type { EdgeResult } from '#schema/result.ts';

/** Microseconds until a caller learns that the target is out of order. Assumption: a connection refused within 50 ms. */
const OUTAGE_LATENCY_US = 50_000;

/** Counts of one edge; nothing is counted before time zero. */
export class EdgeCounts implements EdgeMeter {
  readonly totals: EdgeResult = { records: 0, units: 0, requests: 0, bytes: 0, retried: 0, refused: 0, dropped: 0 };
  private readonly kernel: Kernel;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  count(records: number, units: number, requests: number, bytes: number): void {
    if (this.kernel.nowUs < 0) return;
    this.totals.records += records;
    this.totals.units += units;
    this.totals.requests += requests;
    this.totals.bytes += bytes;
  }

  retried(units: number): void {
    if (this.kernel.nowUs >= 0) this.totals.retried += units;
  }

  refused(units: number): void {
    if (this.kernel.nowUs >= 0) this.totals.refused += units;
  }

  dropped(records: number): void {
    if (this.kernel.nowUs >= 0) this.totals.dropped += records;
  }
}

export interface OutletParts {
  readonly edge: number;
  readonly bit: number;
  readonly targetNode: number;
  readonly flow: Flow;
  readonly counts: EdgeCounts;
  /** Faults of the target. */
  readonly faults: FaultState;
  readonly duplicate: DrawStream;
}

/** The target's port is set once all nodes are built. */
export class EdgeOutlet implements Outlet {
  readonly edge: number;
  readonly bit: number;
  readonly targetNode: number;
  push: Push | undefined;
  private readonly parts: OutletParts;
  private readonly twins: ParcelList;
  private readonly twinReply = newReply();

  constructor(parts: OutletParts) {
    this.parts = parts;
    this.edge = parts.edge;
    this.bit = parts.bit;
    this.targetNode = parts.targetNode;
    this.twins = new ParcelList(parts.flow.store);
  }

  offer(request: ParcelList, isBatch: boolean, reply: Reply, isRetry: boolean): void {
    const { counts, faults } = this.parts;
    const { records, units, bytes } = request;
    if (isRetry) counts.retried(units);
    if (faults.outage || this.push === undefined) {
      reply.accepted = 0;
      reply.refused = 0;
      reply.failed = units;
      reply.latencyUs = OUTAGE_LATENCY_US;
      reply.retryAfterUs = 0;
    } else {
      if (faults.duplicateRatio > 0) this.takeTwins(request);
      this.push.offer(request, isBatch, reply);
      if (faults.duplicateRatio > 0) this.offerTwins(isBatch, reply);
      if (faults.latencyFactor !== 1) reply.latencyUs *= faults.latencyFactor;
    }
    counts.count(records - request.records, units - request.units, 1, bytes - request.bytes);
    if (request.units > 0) counts.refused(request.units);
  }

  countDropped(records: number): void {
    this.parts.counts.dropped(records);
  }

  /** Copies the units that will be stored twice: puts that time out after they have succeeded and are sent again. */
  private takeTwins(request: ParcelList): void {
    const { flow, faults, duplicate } = this.parts;
    const { store } = flow;
    for (let p = request.head; p !== NONE; p = store.next[p]!) {
      if (duplicate.uniform(store.entity[p]!) < faults.duplicateRatio) this.twins.push(flow.duplicate(p));
    }
  }

  private offerTwins(isBatch: boolean, reply: Reply): void {
    const { flow } = this.parts;
    if (this.twins.length === 0) return;
    if (reply.accepted > 0) this.push?.offer(this.twins, isBatch, this.twinReply);
    for (let p = this.twins.shift(); p !== NONE; p = this.twins.shift()) flow.drop(p, 'duplicate-refused');
  }
}
