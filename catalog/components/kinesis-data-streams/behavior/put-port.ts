import type { BehaviorContext } from '#engine/behavior.ts';
import { FLAG_RETRIED, NONE, ParcelList } from '#engine/flow/parcels.ts';
import type { Push, Reply } from '#engine/flow/ports.ts';
import type { Law } from '#engine/kernel/laws.ts';
import type { LogPartition } from '#engine/stations/log-partition.ts';
import type { PartitionedLog } from '#engine/stations/partitioned-log.ts';
import { type Config, streamLimits } from '../config.ts';
import { Demand } from './demand.ts';
import { latencyLaw } from './latency-law.ts';
import { PutBooks } from './put-books.ts';
import { keyBytes, RunPuts, UUID_BYTES } from './put-runs.ts';
import type { Shard } from './shard.ts';

/** Longest partition key, bytes (256 characters). https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html */
const LONGEST_KEY_BYTES = 256;

/** What the puts need of the stream. */
export interface PutOwner {
  readonly log: PartitionedLog;
  readonly shards: readonly Shard[];
  /** Records can be read in a shard. */
  onAppended(partition: LogPartition): void;
}

/** PutRecord and PutRecords. Hot path: nothing is allocated per record. */
export class PutPort implements Push {
  readonly meeting = 'push';
  readonly demand = new Demand();
  private readonly context: BehaviorContext<Config>;
  private readonly owner: PutOwner;
  private readonly kept: ParcelList;
  private readonly singles: ParcelList;
  private readonly books: PutBooks;
  private readonly runs: RunPuts;
  private readonly latency: Law;
  private readonly latencyDraw;
  private readonly keylessDraw;
  private readonly callErrorDraw;
  private readonly recordErrorDraw;
  private readonly largestBytes: number;
  /** Of the call in hand: raw bytes taken, and the shard that took the last of them. */
  private takenBytes = 0;
  private lastShard: Shard | undefined;

  constructor(context: BehaviorContext<Config>, owner: PutOwner) {
    const { config } = context;
    this.context = context;
    this.owner = owner;
    this.kept = new ParcelList(context.flow.store);
    this.singles = new ParcelList(context.flow.store);
    this.latency = latencyLaw(config.putLatencyMs, config.putLatencyVariation);
    this.latencyDraw = context.draw('putLatency');
    this.books = new PutBooks(context, this.latency, this.latencyDraw);
    this.runs = new RunPuts(context, owner, this.books, this.demand, () => this.visibleAfterUs());
    this.keylessDraw = context.draw('partitionKey');
    this.callErrorDraw = context.draw('callError');
    this.recordErrorDraw = context.draw('recordError');
    this.largestBytes = config.maxRecordSizeInKiB * 1024;
  }

  offer(request: ParcelList, isBatch: boolean, reply: Reply): void {
    reply.accepted = 0;
    reply.refused = 0;
    reply.failed = 0;
    reply.latencyUs = 0;
    reply.retryAfterUs = 0;
    if (request.length === 0) return;
    let shard = this.shardOf(request.head);
    const draw = shard.nextDraw();
    reply.latencyUs = this.latency.sample(this.latencyDraw, draw);
    const { faults } = this.context;
    const isTooLarge = isBatch && this.exceedsCall(request);
    const hasFailed = faults.invocationErrorRatio > 0 && this.callErrorDraw.uniform(draw) < faults.invocationErrorRatio;
    if (isTooLarge) this.books.refuseCall(request);
    if (isTooLarge || hasFailed) {
      reply.failed = request.units;
      this.books.failCall(isBatch, reply);
      return;
    }
    this.takenBytes = 0;
    this.lastShard = undefined;
    for (let left = request.length; left > 0; left--) {
      const p = request.shift();
      const isRun = this.context.flow.runs.isRun(p);
      if (isRun ? !this.putRun(p, shard, isBatch, reply) : !this.put(p, shard, isBatch, reply)) this.kept.push(p);
      if (left > 1) shard = this.shardOf(request.head);
    }
    request.append(this.kept);
    if (isBatch) this.roundCall();
    this.books.call(isBatch, this.takenBytes, reply);
  }

  takesRuns(): boolean {
    return this.runs.isRoomy;
  }

  splitsRuns(): boolean {
    return this.runs.isSplitting;
  }

  offerCell(request: ParcelList, reply: Reply): void {
    this.runs.offerCell(request, reply);
  }

  /** Time zero: what was logged once in the pre-roll may be logged again. */
  startRecording(): void {
    this.books.startRecording();
  }

  /** See Push: the number of the shard that the parcel's key belongs to now. */
  predictPartition(parcel: number): number {
    return this.shardOf(parcel).partition.id;
  }

  /** Takes the records of a run over: all or none where an invocation may take them back, else as far as the shards admit. */
  private putRun(p: number, shard: Shard, isBatch: boolean, reply: Reply): boolean {
    const { store } = this.context.flow;
    const units = store.units[p]!;
    const bytes = this.runs.bytesOf(p);
    if (store.origin[p] === NONE) {
      const { kept } = this;
      const before = kept.units;
      const taken = this.runs.putParts(p, isBatch, kept, this.singles);
      reply.accepted += taken;
      reply.refused += kept.units - before;
      this.takenBytes += (bytes * taken) / units;
      if (taken > 0) this.lastShard = shard;
      for (let q = this.singles.shift(); q !== NONE; q = this.singles.shift()) {
        if (!this.put(q, this.shardOf(q), isBatch, reply)) this.kept.push(q);
      }
      return true;
    }
    if (!this.runs.put(p, isBatch)) {
      this.runs.noteRefused();
      reply.refused += units;
      return false;
    }
    reply.accepted += units;
    this.takenBytes += bytes;
    this.lastShard = shard;
    return true;
  }

  /** Takes one record over, or leaves it: refused or failed is counted in the reply. */
  private put(p: number, shard: Shard, isBatch: boolean, reply: Reply): boolean {
    const { store } = this.context.flow;
    const units = store.units[p]!;
    const bytes = store.bytes[p]! + units * this.keyBytes(store.key[p]!);
    if (bytes > this.largestBytes * units) {
      reply.failed += units;
      this.books.refuseLarge(bytes / units, this.largestBytes);
      return false;
    }
    if (this.hasRecordError(shard)) {
      reply.failed += units;
      return false;
    }
    const charged = isBatch ? bytes : units * roundedUp(bytes / units);
    // Only first offers are demand; the retries of refused ones would make any key look hot.
    const isRetried = (store.flags[p]! & FLAG_RETRIED) !== 0;
    if (!isRetried) {
      shard.observe(store.load[p]!, store.key[p]!, units, bytes);
      this.demand.observe(this.context.kernel.nowUs, units, charged);
    }
    if (!shard.admit(units, charged)) {
      store.flags[p]! |= FLAG_RETRIED;
      reply.refused += units;
      this.runs.noteRefused();
      if (shard.refuse(units)) this.books.throttled(shard, this.owner.log.open.length);
      return false;
    }
    if (isRetried) store.flags[p]! &= ~FLAG_RETRIED;
    reply.accepted += units;
    this.takenBytes += bytes;
    this.lastShard = shard;
    this.books.stored(units, store.bytes[p]!);
    this.owner.log.append(shard.partition, p, this.context.kernel.nowUs + this.visibleAfterUs());
    this.owner.onAppended(shard.partition);
    return true;
  }

  /**
   * Records become readable when they are stored in three zones. Assumption: after the mean latency of a put, the same for
   * all, so that they become readable in the order of their sequence numbers.
   */
  private visibleAfterUs(): number {
    return this.latency.mean * this.context.faults.latencyFactor;
  }

  /** The bytes of a PutRecords call are rounded up as a sum; the rest is charged where its last record went. */
  private roundCall(): void {
    const rest = roundedUp(this.takenBytes) - this.takenBytes;
    if (rest > 0) this.lastShard?.bytes.spend(rest, this.context.kernel.nowUs);
  }

  private shardOf(p: number): Shard {
    const { store } = this.context.flow;
    const load = store.load[p]!;
    const key = store.key[p]!;
    const position =
      key < 0 ? this.keylessDraw.uniformPair(store.entity[p]!, load) : this.context.keyPosition(load, key);
    return this.owner.shards[this.owner.log.route(position).id]!;
  }

  private hasRecordError(shard: Shard): boolean {
    const { recordErrorRatio } = this.context.faults;
    return recordErrorRatio > 0 && this.recordErrorDraw.uniform(shard.nextDraw()) < recordErrorRatio;
  }

  private exceedsCall(request: ParcelList): boolean {
    const { putRecordsRecords, putRecordsBytes } = streamLimits;
    if (request.units > putRecordsRecords) return true;
    if (request.bytes + request.units * LONGEST_KEY_BYTES <= putRecordsBytes) return false;
    const { store } = this.context.flow;
    let bytes = request.bytes;
    for (let p = request.head; p !== NONE; p = store.next[p]!) bytes += store.units[p]! * this.keyBytes(store.key[p]!);
    return bytes > putRecordsBytes;
  }

  private keyBytes(key: number): number {
    const { partitionKeyBytes } = this.context.config;
    if (partitionKeyBytes !== undefined) return partitionKeyBytes;
    return key < 0 ? UUID_BYTES : keyBytes(key);
  }
}

function roundedUp(bytes: number): number {
  const unit = streamLimits.writeRoundingBytes;
  return Math.ceil(bytes / unit) * unit;
}
