import type { BehaviorContext } from '#engine/behavior.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import type { Push, Reply } from '#engine/flow/ports.ts';
import { PRIORITY_DEPARTURE } from '#engine/kernel/priorities.ts';
import type { RefreshGate } from '#engine/stations/refresh-gate.ts';
import { QUEUE_FULL } from '#engine/stations/thread-pool.ts';
import { type Config, domainLimits, instanceSizes } from '../config.ts';
import { heapBytes, type Indexes } from './indexes.ts';
import type { DomainMeters } from './meters.ts';
import type { Processors } from './processors.ts';

const MS_US = 1000;
const SECOND_US = 1_000_000;
const MEBIBYTE = 1_048_576;
/** A retry comes at another millisecond and so draws anew. */
const ATTEMPTS_TOLD_APART = 2048;

interface BulkParts {
  readonly indexes: Indexes;
  readonly processors: Processors;
  readonly meters: DomainMeters;
  readonly gate: RefreshGate;
}

/**
 * Bulk requests. Documents go to shards by a hash of their identity; the documents of a shard are one task on a write thread, and one
 * more for each copy. What finds the queue full comes back (429), the rest of the request is indexed.
 * Hot path: nothing is allocated per document.
 */
export class BulkPort implements Push {
  readonly meeting = 'push';
  private readonly context: BehaviorContext<Config>;
  private readonly parts: BulkParts;
  private readonly kept: ParcelList;
  private readonly mostBytes: number;
  private readonly mostInWork: number;
  private readonly usPerDocument: number;
  private readonly usPerByte: number;
  /** By shard, for the request in hand. */
  private readonly documents: Float64Array;
  private readonly bytes: Float64Array;
  private readonly isTaken: Uint8Array;
  private readonly touched: Int32Array;
  private touchedCount = 0;
  private readonly failure;
  private readonly onDone: number;
  /** Bytes of requests whose tasks are not done. */
  private inWork = 0;
  private requests = 0;

  constructor(context: BehaviorContext<Config>, parts: BulkParts) {
    const { config, flow, kernel } = context;
    this.context = context;
    this.parts = parts;
    this.kept = new ParcelList(flow.store);
    this.mostBytes = (instanceSizes[config.instanceType]?.payloadMiB ?? 0) * MEBIBYTE;
    this.mostInWork = domainLimits.indexingPressureRatio * heapBytes(config);
    this.usPerDocument = SECOND_US / config.documentsPerSecondPerVcpu;
    this.usPerByte = SECOND_US / (config.mebibytesPerSecondPerVcpu * MEBIBYTE);
    this.documents = new Float64Array(config.primaryShards);
    this.bytes = new Float64Array(config.primaryShards);
    this.isTaken = new Uint8Array(config.primaryShards);
    this.touched = new Int32Array(config.primaryShards);
    this.failure = context.draw('failure');
    this.onDone = kernel.register((bytes) => {
      this.inWork -= bytes;
      parts.meters.pressure.set(kernel.nowUs, this.inWork);
    });
  }

  offer(request: ParcelList, _isBatch: boolean, reply: Reply): void {
    const { config } = this.context;
    reply.accepted = 0;
    reply.refused = 0;
    reply.failed = 0;
    reply.retryAfterUs = 0;
    reply.latencyUs = config.bulkLatencyMs * MS_US;
    const { units, bytes } = request;
    if (units === 0) return;
    this.parts.meters.onRequest(units, bytes);
    if (this.isTurnedAway(request, reply)) return;
    this.sort(request);
    const doneUs = this.submit();
    this.take(request, doneUs, reply);
    const spentUs = (doneUs - this.context.kernel.nowUs) / this.context.faults.latencyFactor;
    reply.latencyUs += spentUs;
    if (reply.accepted > 0) this.parts.meters.onIndexed(reply.accepted, reply.latencyUs);
    this.parts.meters.setQueues();
  }

  /** The whole request fails or is refused. */
  private isTurnedAway({ units, bytes }: ParcelList, reply: Reply): boolean {
    const { indexes, meters, processors } = this.parts;
    const { faults } = this.context;
    const ordinal = this.requests++;
    const hasFailed = faults.invocationErrorRatio > 0 && this.failure.uniform(ordinal) < faults.invocationErrorRatio;
    if (hasFailed) meters.onServerError();
    else if (bytes > this.mostBytes) meters.onTooLarge(units);
    else if (indexes.isFull) {
      meters.setBlocked(true);
      meters.onBlocked(units);
    } else {
      meters.setBlocked(false);
      if (this.inWork + bytes <= this.mostInWork * processors.nodesUp) return false;
      reply.refused = units;
      meters.onPressure(units);
      return true;
    }
    reply.failed = units;
    return true;
  }

  /** Counts documents and bytes by shard. */
  private sort(request: ParcelList): void {
    const { store } = this.context.flow;
    this.touchedCount = 0;
    this.documents.fill(0);
    this.bytes.fill(0);
    for (let p = request.head; p !== NONE; p = store.next[p]!) {
      const shard = this.shardOf(p);
      if (this.documents[shard] === 0) this.touched[this.touchedCount++] = shard;
      this.documents[shard]! += store.units[p]!;
      this.bytes[shard]! += store.bytes[p]!;
    }
  }

  /** Gives each shard's documents to write threads; returns when all that were taken are done. */
  private submit(): number {
    const { indexes, meters, processors } = this.parts;
    const { faults, kernel } = this.context;
    const { nowUs } = kernel;
    const stretch = processors.writeStretch(nowUs) * faults.latencyFactor;
    let doneUs = nowUs;
    let taken = 0;
    for (let i = 0; i < this.touchedCount; i++) {
      const shard = this.touched[i]!;
      const workUs = (this.documents[shard]! * this.usPerDocument + this.bytes[shard]! * this.usPerByte) * stretch;
      const endUs = processors.writes.submit(nowUs, workUs, false);
      this.isTaken[shard] = endUs === QUEUE_FULL ? 0 : 1;
      if (endUs === QUEUE_FULL) {
        meters.onRejected(1, this.documents[shard]!);
        continue;
      }
      taken += this.bytes[shard]!;
      doneUs = Math.max(doneUs, endUs);
      for (let copy = 1; copy < indexes.copies; copy++) {
        doneUs = Math.max(doneUs, processors.writes.submit(nowUs, workUs, true));
      }
    }
    this.inWork += taken;
    meters.pressure.set(nowUs, this.inWork);
    if (taken > 0) kernel.at(doneUs, this.onDone, taken, 0, PRIORITY_DEPARTURE);
    return doneUs;
  }

  /** Moves what was taken over; documents that fail or were not taken stay in the request. */
  private take(request: ParcelList, doneUs: number, reply: Reply): void {
    const { flow, kernel, node } = this.context;
    const { store } = flow;
    const attempt = Math.abs(Math.floor(kernel.nowUs / MS_US)) % ATTEMPTS_TOLD_APART;
    for (let p = request.shift(); p !== NONE; p = request.shift()) {
      const units = store.units[p]!;
      if (this.isTaken[this.shardOf(p)] === 0) reply.refused += units;
      else if (this.fails(p, attempt)) reply.failed += units;
      else {
        reply.accepted += units;
        this.parts.indexes.write(store.bytes[p]!, units);
        flow.transfer(p, node);
        this.parts.gate.add(p, doneUs);
        continue;
      }
      this.kept.push(p);
    }
    request.append(this.kept);
  }

  /** A document that the mapping refuses (poison, or the share of a fault). */
  private fails(p: number, attempt: number): boolean {
    const { faults, flow } = this.context;
    if (flow.isPoison(p)) return true;
    const ratio = faults.recordErrorRatio;
    return ratio > 0 && this.failure.uniformPair(flow.store.entity[p]!, attempt) < ratio;
  }

  /** By a hash of the document's identity (finish of MurmurHash3). */
  private shardOf(p: number): number {
    const entity = this.context.flow.store.entity[p]!;
    let h = (entity | 0) ^ Math.imul(Math.floor(entity / 4_294_967_296) + 1, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 16), 0xc2b2ae35);
    h = Math.imul(h ^ (h >>> 13), 0x27d4eb2f);
    return ((h ^ (h >>> 16)) >>> 0) % this.documents.length;
  }
}
