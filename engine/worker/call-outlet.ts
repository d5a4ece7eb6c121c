/** A call edge as its source sees it: counts what is asked, applies the faults placed on its target. */
import type { CallOutlet, FaultState } from '#engine/behavior.ts';
import {
  ANSWER_FAILED,
  ANSWER_REFUSED,
  type CallReply,
  type CallRequest,
  type ServedPort,
} from '#engine/flow/ports.ts';
import type { ParcelStore } from '#engine/flow/parcels.ts';
import { type EdgeCounts, OUTAGE_LATENCY_US } from './outlet.ts';

export interface CallOutletParts {
  readonly edge: number;
  readonly bit: number;
  readonly targetNode: number;
  readonly store: ParcelStore;
  readonly counts: EdgeCounts;
  /** Faults of the target. */
  readonly faults: FaultState;
}

/** The target's port is set once all nodes and connections are built. */
export class EdgeCallOutlet implements CallOutlet {
  readonly edge: number;
  readonly bit: number;
  readonly targetNode: number;
  served: ServedPort | undefined;
  private readonly parts: CallOutletParts;

  constructor(parts: CallOutletParts) {
    this.parts = parts;
    this.edge = parts.edge;
    this.bit = parts.bit;
    this.targetNode = parts.targetNode;
  }

  get latencyFactor(): number {
    return this.parts.faults.latencyFactor;
  }

  call(request: CallRequest, reply: CallReply, isRetry: boolean): void {
    const { served } = this;
    const { faults, counts } = this.parts;
    if (isRetry) counts.retried(request.count);
    if (faults.outage || served?.meeting !== 'call') {
      reply.answers.fill(ANSWER_FAILED, 0, request.count);
      reply.refused = 0;
      reply.failed = request.count;
      reply.latencyUs = OUTAGE_LATENCY_US;
      reply.retryAfterUs = 0;
      reply.bytes = 0;
    } else {
      served.call(request, reply);
      if (faults.latencyFactor !== 1) reply.latencyUs *= faults.latencyFactor;
    }
    this.count(request, reply);
  }

  get isAskedAfter(): boolean {
    return this.served?.meeting === 'call' && this.served.isAskedAfter === true;
  }

  onEnded(record: number, wasLeftOut: boolean, kept: boolean): void {
    if (this.served?.meeting === 'call') this.served.onEnded?.(record, wasLeftOut, kept);
  }

  private count(request: CallRequest, { answers, refused, failed, bytes }: CallReply): void {
    const { counts, store } = this.parts;
    let records = 0;
    let units = 0;
    for (let i = 0; i < request.count; i++) {
      if (answers[i] === ANSWER_REFUSED || answers[i] === ANSWER_FAILED) continue;
      records += store.records[request.records[i]!]!;
      units += store.units[request.records[i]!]!;
    }
    counts.count(records, units, request.calls, bytes);
    if (refused + failed > 0) counts.refused(refused + failed);
  }
}
