/** An edge as its source sees it: counts what passes, applies the faults placed on its target. */
import type { EdgeMeter, FaultState, Outlet } from '#engine/behavior.ts';
import type { Flow } from '#engine/flow/flow.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { newReply, type Push, type Reply } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import type { ProtocolId } from '#schema/protocols.ts';
import type { EdgeResult } from '#schema/result.ts';

/** Microseconds until a caller learns that the target is out of order. Assumption: a connection refused within 50 ms. */
export const OUTAGE_LATENCY_US = 50_000;

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
  /** The edge lies on a cycle. */
  readonly isFeedback?: boolean;
  /** Settings of the edge, its id and its language. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly id?: string;
  readonly protocol?: ProtocolId;
}

/** The target's port is set once all nodes are built. */
export class EdgeOutlet implements Outlet {
  readonly edge: number;
  readonly bit: number;
  readonly targetNode: number;
  readonly isFeedback: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly id: string;
  readonly protocol: ProtocolId | undefined;
  push: Push | undefined;
  private readonly parts: OutletParts;
  /** Copies of units on offer, each with its original in the same place. */
  private readonly twins: ParcelList;
  private readonly originals: number[] = [];
  private readonly records: ParcelList;
  private readonly unit: ParcelList;
  private readonly left = new Set<number>();
  private readonly twinReply = newReply();
  private readonly cellReply = newReply();

  constructor(parts: OutletParts) {
    this.parts = parts;
    this.edge = parts.edge;
    this.bit = parts.bit;
    this.targetNode = parts.targetNode;
    this.isFeedback = parts.isFeedback ?? false;
    this.settings = parts.settings ?? {};
    this.id = parts.id ?? `edge-${parts.edge}`;
    this.protocol = parts.protocol;
    this.twins = new ParcelList(parts.flow.store);
    this.records = new ParcelList(parts.flow.store);
    this.unit = new ParcelList(parts.flow.store);
  }

  offer(request: ParcelList, isBatch: boolean, reply: Reply, isRetry: boolean): void {
    const { counts, faults } = this.parts;
    if (request.units > request.length && !this.takesRuns() && !this.splitsRuns(request)) this.scatter(request);
    const { records, units, bytes } = request;
    const requests = isBatch || units === request.length ? 1 : units;
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
      if (faults.latencyFactor !== 1) reply.latencyUs *= faults.latencyFactor;
    }
    counts.count(records - request.records, units - request.units, requests, bytes - request.bytes);
    if (request.units > 0) counts.refused(request.units);
    if (this.twins.length > 0) this.offerTwins(request, isBatch);
  }

  offerOne(parcel: number): boolean {
    const { push } = this;
    const { counts, faults, flow } = this.parts;
    if (push?.takeOne === undefined || faults.outage || faults.duplicateRatio > 0) return false;
    const { store } = flow;
    if (store.units[parcel] !== 1) return false;
    const records = store.records[parcel]!;
    const bytes = store.bytes[parcel]!;
    if (!push.takeOne(parcel)) return false;
    counts.count(records, 1, 1, bytes);
    return true;
  }

  /** In an outage too, where the target would: a run then fails whole. */
  takesRuns(): boolean {
    return this.parts.faults.duplicateRatio === 0 && this.push?.takesRuns?.() === true;
  }

  /** Free-standing runs only, and nothing that treats units one by one on the way. */
  private splitsRuns(request: ParcelList): boolean {
    const { faults, flow } = this.parts;
    if (faults.outage || faults.duplicateRatio > 0 || this.push?.splitsRuns?.() !== true) return false;
    const { store } = flow;
    for (let p = request.head; p !== NONE; p = store.next[p]!) {
      if (store.units[p]! > 1 && (store.child[p] !== NONE || store.origin[p] !== NONE)) return false;
    }
    return true;
  }

  offerCell(request: ParcelList): void {
    const { counts, faults } = this.parts;
    if (faults.outage || faults.duplicateRatio > 0 || this.push?.offerCell === undefined) return;
    const { records, units, bytes } = request;
    this.push.offerCell(request, this.cellReply);
    const taken = units - request.units;
    counts.count(records - request.records, taken, taken, bytes - request.bytes);
  }

  get takesCells(): boolean {
    return this.push?.offerCell !== undefined;
  }

  get latencyFactor(): number {
    return this.parts.faults.latencyFactor;
  }

  predictPartition(parcel: number): number {
    return this.push?.predictPartition?.(parcel) ?? 0;
  }

  countDropped(records: number): void {
    this.parts.counts.dropped(records);
  }

  /** Puts single units in the place of runs that no invocation may still take back. */
  private scatter(request: ParcelList): void {
    const { runs, store } = this.parts.flow;
    for (let left = request.length; left > 0; left--) {
      const p = request.shift();
      if (store.units[p] === 1 || store.origin[p] !== NONE) request.push(p);
      else if (store.child[p] === NONE) runs.scatter(p, request);
      else this.unpackUnits(p, request);
    }
  }

  /** Makes its units again of a run that was split into records where an invocation worked on it. */
  private unpackUnits(p: number, into: ParcelList): void {
    const { flow } = this.parts;
    const { runs, store } = flow;
    const each = store.records[p]! / store.units[p]!;
    const { records, unit } = this;
    flow.unpack(p, records);
    while (records.length > 0) {
      while (unit.records < each) unit.push(runs.takeUnits(records, each - unit.records));
      into.push(flow.pack(unit, 0));
    }
  }

  /** Copies the units that are stored twice if they are accepted: puts that time out after they have succeeded. */
  private takeTwins(request: ParcelList): void {
    const { flow, faults, duplicate } = this.parts;
    const { store } = flow;
    this.originals.length = 0;
    for (let p = request.head; p !== NONE; p = store.next[p]!) {
      if (duplicate.uniform(store.entity[p]!) >= faults.duplicateRatio) continue;
      this.twins.push(flow.duplicate(p));
      this.originals.push(p);
    }
  }

  /** Sends the copies of what was accepted, in one request more; what is refused is not sent a third time. */
  private offerTwins(request: ParcelList, isBatch: boolean): void {
    const { flow, counts } = this.parts;
    const { store } = flow;
    const { twins, left } = this;
    left.clear();
    for (let p = request.head; p !== NONE; p = store.next[p]!) left.add(p);
    for (const original of this.originals) {
      const twin = twins.shift();
      if (left.has(original)) flow.unduplicate(twin);
      else twins.push(twin);
    }
    if (twins.length === 0) return;
    const { records, units, bytes } = twins;
    this.push?.offer(twins, isBatch, this.twinReply);
    counts.retried(units);
    counts.count(records - twins.records, units - twins.units, 1, bytes - twins.bytes);
    for (let p = twins.shift(); p !== NONE; p = twins.shift()) flow.unduplicate(p);
  }
}
