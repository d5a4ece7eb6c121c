/**
 * Puts of runs: many records at one instant (a call of a function), or one after the other over the second to come (a source).
 *
 * A run is split over the shards by the share of its keys that each shard holds. What comes over time is taken where tokens and
 * bytes suffice in whatever order it comes (bytes: the mean and four standard deviations). Of a call a shard takes the first records
 * that it has tokens for, and gives the others back as a run, which its sender repeats as one. Only where bytes are short and records
 * differ in size are they taken or refused one by one. What an invocation may still take back is taken or refused whole.
 */
import type { BehaviorContext } from '#engine/behavior.ts';
import { FLAG_HELD_UP, FLAG_RETRIED, KEY_MIXED, NONE, ParcelList } from '#engine/flow/parcels.ts';
import type { Reply } from '#engine/flow/ports.ts';
import type { KeySpace } from '#engine/workload/keys.ts';
import { type Config, streamLimits } from '../config.ts';
import type { PutBooks } from './put-books.ts';
import type { PutOwner } from './put-port.ts';
import type { Demand } from './demand.ts';
import type { Shard } from './shard.ts';

/** Records larger than this on average come one by one: some of them may be refused for their size. */
const LARGE_BYTES = 65_536;
/** Standard deviations of a second's bytes that must fit; a single size is taken to vary by its own mean. */
const DEVIATIONS = 4;
/** Share of its limits that every shard must have left for calls to come as runs. */
const ROOM_RATIO = 0.25;
/** Time without a refusal after which calls may come as runs again, microseconds: what an invocation may take back is refused whole. */
const CALM_US = 10_000_000;
/** Keys that are looked at for the mean length of a key. */
const LOOKED_AT = 100_000;
/** Salt of the draw for records of a shard's most frequent key. */
const HOTTEST = 2;

export class RunPuts {
  private readonly context: BehaviorContext<Config>;
  private readonly owner: PutOwner;
  private readonly books: PutBooks;
  private readonly demand: Demand;
  private readonly visibleAfterUs: () => number;
  private readonly kept: ParcelList;
  /** Per open shard: weight and units of the run in hand. */
  private weights = new Float64Array(0);
  /** Data of what was taken last, bytes. */
  private takenBytes = 0;
  private refusedUs = Number.NEGATIVE_INFINITY;
  private counts = new Float64Array(0);
  /** The parts of the run in hand, and the shard of each (see `cutParts`). */
  private parts = new Int32Array(0);
  private readonly partShards: Shard[] = [];
  /** What `weights` holds: the shares of a key space, or of no keys, over shards opened together. */
  private weightsOf: KeySpace | undefined;
  private weightsFor: Int32Array | undefined;
  private weightsFrom = Number.NaN;
  private weightsTo = Number.NaN;
  private readonly keyLengths = new Map<KeySpace, number>();

  constructor(
    context: BehaviorContext<Config>,
    owner: PutOwner,
    books: PutBooks,
    demand: Demand,
    visibleAfterUs: () => number,
  ) {
    this.context = context;
    this.owner = owner;
    this.books = books;
    this.demand = demand;
    this.visibleAfterUs = visibleAfterUs;
    this.kept = new ParcelList(context.flow.store);
  }

  /** Something was refused for want of room, now. */
  noteRefused(): void {
    this.refusedUs = this.context.kernel.nowUs;
  }

  /** Nothing that decides record by record is at work, no shard is near its limits, and none refused anything just now. */
  get isRoomy(): boolean {
    const { nowUs } = this.context.kernel;
    if (this.decidesSingly || nowUs - this.refusedUs < CALM_US) return false;
    const { log, shards } = this.owner;
    for (const id of log.open) {
      const { records, bytes } = shards[id]!;
      if (records.available(nowUs) < ROOM_RATIO * records.capacity) return false;
      if (bytes.available(nowUs) < ROOM_RATIO * bytes.capacity) return false;
    }
    return true;
  }

  /** See Push.offerCell. */
  offerCell(request: ParcelList, reply: Reply): void {
    reply.accepted = 0;
    if (this.decidesSingly) return;
    const { store } = this.context.flow;
    for (let p = request.shift(); p !== NONE; p = request.shift()) {
      if (store.bytes[p]! > LARGE_BYTES * store.units[p]!) this.kept.push(p);
      else reply.accepted += this.takeCell(p);
    }
    request.append(this.kept);
  }

  /** Whether free-standing runs may be offered at any load: each shard takes or refuses its part of them. */
  get isSplitting(): boolean {
    return !this.decidesSingly;
  }

  /**
   * Takes of a run of one call what the shards admit, its first records first. What they refuse is left in `refused`, in runs again, of
   * one shard each; where bytes are short, and records differ in size, they are taken apart into `singles` instead: small ones may pass
   * where large ones do not. Returns the units taken.
   */
  putParts(p: number, isBatch: boolean, refused: ParcelList, singles: ParcelList): number {
    const each = this.chargeOf(p, isBatch) / this.context.flow.store.units[p]!;
    this.comeNow(p);
    this.divide(p);
    const count = this.cutParts(p);
    let taken = 0;
    this.takenBytes = 0;
    for (let j = 0; j < count; j++) {
      taken += this.putPart(this.parts[j]!, this.partShards[j]!, each, refused, singles);
    }
    return taken;
  }

  /** The part of a run that is for one shard, `each` bytes a record; see `putParts`. */
  private putPart(p: number, shard: Shard, each: number, refused: ParcelList, singles: ParcelList): number {
    const { flow, kernel } = this.context;
    const { store } = flow;
    const { nowUs } = kernel;
    const units = store.units[p]!;
    const byRecords = Math.min(units, Math.max(0, Math.floor(shard.records.available(nowUs))));
    const bytesLeft = shard.bytes.available(nowUs);
    const drawn = this.drawnBytes(p, each * units);
    // A part of few records is judged by the sizes that these will have.
    const judged = flow.runs.sizes.isDrawnSingly(p) ? drawn : each * units;
    const areBytesShort = bytesLeft < (judged / units) * byRecords;
    if (areBytesShort && flow.runs.sizes.vary(p)) {
      flow.runs.scatter(p, singles);
      return 0;
    }
    const count = areBytesShort ? Math.max(0, Math.floor(bytesLeft / each)) : byRecords;
    this.observe(p, shard, drawn);
    if (count === units) {
      this.store(p, shard, drawn);
      return units;
    }
    const meter = areBytesShort ? shard.writeBytes : shard.writeRecords;
    meter.refuse(nowUs, units - count);
    this.noteRefused();
    if (shard.refuse(units - count)) this.books.throttled(shard, this.owner.log.open.length);
    if (count > 0) {
      const part = flow.runs.cut(p, count);
      this.store(part, shard, this.drawnBytes(part, each * count));
    }
    store.flags[p]! |= FLAG_RETRIED | FLAG_HELD_UP;
    refused.push(p);
    return count;
  }

  /** Takes a run of one call whole, if every shard admits its part. `isBatch`: the bytes are rounded up by the caller. */
  put(p: number, isBatch: boolean): boolean {
    const { flow, kernel } = this.context;
    const { log, shards } = this.owner;
    const units = flow.store.units[p]!;
    const charged = this.chargeOf(p, isBatch);
    this.divide(p);
    for (let i = 0; i < log.open.length; i++) {
      const k = this.counts[i]!;
      if (k > 0 && !admits(shards[log.open[i]!]!, k, (charged * k) / units, kernel.nowUs)) return false;
    }
    this.comeNow(p);
    return this.takeParts(p, charged, 0) === units;
  }

  /** Data and keys of a run, bytes. */
  bytesOf(p: number): number {
    const { store } = this.context.flow;
    return store.bytes[p]! + store.units[p]! * this.keyBytesOf(p);
  }

  private get decidesSingly(): boolean {
    const { faults } = this.context;
    return faults.outage || faults.invocationErrorRatio > 0 || faults.recordErrorRatio > 0;
  }

  /** Takes of a run over time what no limit can refuse; the parts that it may are kept. Returns the units taken. */
  private takeCell(p: number): number {
    const keyBytes = this.keyBytesOf(p);
    const charged = this.chargeOf(p, false);
    this.divide(p);
    const taken = this.takeParts(p, charged, DEVIATIONS);
    const bytes = this.takenBytes + taken * keyBytes;
    if (taken > 0) this.books.singleCalls(taken, bytes, this.owner.shards[this.owner.log.open[0]!]!);
    return taken;
  }

  /** What a run counts for at the write limits, bytes. */
  private chargeOf(p: number, isBatch: boolean): number {
    return isBatch ? this.bytesOf(p) : this.roundedBytes(p, this.keyBytesOf(p));
  }

  /** All of a call come now, whenever they came to whoever calls. */
  private comeNow(p: number): void {
    const { flow, kernel } = this.context;
    flow.store.a0[p] = kernel.nowUs;
    flow.store.span[p] = 0;
  }

  /** Cuts a divided run (see `divide`) into the parts of its shards, into `parts` and `partShards`. Returns how many there are. */
  private cutParts(p: number): number {
    const { runs, store } = this.context.flow;
    const { log, shards } = this.owner;
    if (this.parts.length < log.open.length) this.parts = new Int32Array(log.open.length);
    let left = store.units[p]!;
    let count = 0;
    for (let i = 0; i < log.open.length && left > 0; i++) {
      const k = this.counts[i]!;
      if (k === 0) continue;
      const shard = shards[log.open[i]!]!;
      this.parts[count] = runs.partWithin(p, k, shard.partition.from, shard.partition.to);
      this.partShards[count] = shard;
      count += 1;
      left -= k;
    }
    return count;
  }

  /**
   * Hands the parts of a divided run (see `divide`) to their shards; a part that its shard may not have room for, `deviations` above
   * the mean of its bytes, is kept. Returns the units taken and leaves their data in `takenBytes`.
   */
  private takeParts(p: number, charged: number, deviations: number): number {
    const { flow, kernel } = this.context;
    const { store } = flow;
    const units = store.units[p]!;
    const count = this.cutParts(p);
    let taken = 0;
    this.takenBytes = 0;
    for (let j = 0; j < count; j++) {
      const part = this.parts[j]!;
      const shard = this.partShards[j]!;
      const k = store.units[part]!;
      const bytes = (charged * k) / units;
      if (!admits(shard, k, bytes + (deviations * bytes) / Math.sqrt(k), kernel.nowUs)) {
        this.kept.push(part);
        continue;
      }
      taken += k;
      const drawn = this.drawnBytes(part, bytes);
      this.observe(part, shard, drawn);
      this.store(part, shard, drawn);
    }
    return taken;
  }

  /** A run is offered to its shard. Only first offers are demand; the retries of refused ones would make any key look hot. */
  private observe(p: number, shard: Shard, drawn: number): void {
    const { flow, kernel } = this.context;
    const { store } = flow;
    if ((store.flags[p]! & FLAG_RETRIED) !== 0) return;
    const units = store.units[p]!;
    const space = this.spaceOf(p);
    const hottest = space === undefined ? undefined : shard.hottestOf(space);
    const key = store.key[p]!;
    if (key >= 0) shard.observeRun(store.load[p]!, key, units, units, drawn);
    else {
      const hot = hottest === undefined ? 0 : flow.runs.thin(p, hottest.share, HOTTEST);
      shard.observeRun(store.load[p]!, hottest?.keyIndex ?? -1, hot, units, drawn);
    }
    this.demand.observe(kernel.nowUs, units, drawn);
  }

  /** What a part that is charged `charged` bytes by its mean takes by the sizes of its records: how much these vary decides near the limits. */
  private drawnBytes(p: number, charged: number): number {
    const { runs, store } = this.context.flow;
    return charged + runs.sizes.drawnBytes(p) - store.bytes[p]!;
  }

  /** Stores a part that is admitted; it spends `drawn` bytes, though they may be more than its mean. */
  private store(p: number, shard: Shard, drawn: number): void {
    const { kernel, flow } = this.context;
    const { store } = flow;
    const units = store.units[p]!;
    const left = shard.bytes.available(kernel.nowUs);
    const there = drawn <= left ? drawn : Math.max(0, Math.floor(left));
    store.flags[p]! &= ~FLAG_RETRIED;
    this.takenBytes += store.bytes[p]!;
    shard.admit(units, there);
    shard.bytes.spend(drawn - there, kernel.nowUs);
    this.books.storedRun(p);
    this.owner.log.append(shard.partition, p, store.a0[p]! + this.visibleAfterUs());
    this.owner.onAppended(shard.partition);
  }

  private spaceOf(p: number): KeySpace | undefined {
    const { store } = this.context.flow;
    return store.key[p] === KEY_MIXED ? this.context.keysAt(store.load[p]!, store.e0[p]!) : undefined;
  }

  /** Splits the units of a run over the open shards, into `counts`. */
  private divide(p: number): void {
    const { flow } = this.context;
    const { log } = this.owner;
    const { store } = flow;
    const key = store.key[p]!;
    if (this.counts.length !== log.open.length) this.counts = new Float64Array(log.open.length);
    if (key >= 0) {
      const shard = log.route(this.context.keyPosition(store.load[p]!, key));
      this.counts.fill(0);
      this.counts[log.open.indexOf(shard.id)] = store.units[p]!;
      return;
    }
    const isMixed = key === KEY_MIXED;
    const only = isMixed ? log.route(store.r0[p]!) : undefined;
    if (only !== undefined && store.r1[p]! <= only.to) {
      this.counts.fill(0);
      this.counts[log.open.indexOf(only.id)] = store.units[p]!;
      return;
    }
    this.weigh(this.spaceOf(p), isMixed ? store.r0[p]! : 0, isMixed ? store.r1[p]! : 1);
    flow.runs.divide(p, this.weights, this.counts);
  }

  /** Share of each open shard in a stretch of the ring. */
  private weigh(space: KeySpace | undefined, from: number, to: number): void {
    const { log } = this.owner;
    const isKnown =
      this.weightsOf === space && this.weightsFor === log.open && this.weightsFrom === from && this.weightsTo === to;
    if (isKnown) return;
    this.weightsOf = space;
    this.weightsFor = log.open;
    this.weightsFrom = from;
    this.weightsTo = to;
    this.weights = new Float64Array(log.open.length);
    let sum = 0;
    for (let i = 0; i < log.open.length; i++) {
      const partition = log.partitions[log.open[i]!]!;
      const low = Math.max(from, partition.from);
      const high = Math.min(to, partition.to);
      if (high <= low) continue;
      this.weights[i] = space === undefined ? high - low : space.shareInRange(low, high);
      sum += this.weights[i]!;
    }
    // No key of the workload lies there now (its keys have changed since): by the width of the ranges.
    if (sum <= 0) this.weigh(undefined, from, to);
  }

  private roundedBytes(p: number, keyBytes: number): number {
    const unit = streamLimits.writeRoundingBytes;
    return unit * this.context.flow.runs.ceilUnits(p, unit, keyBytes);
  }

  /** Mean bytes of the partition keys of a run. */
  private keyBytesOf(p: number): number {
    const { partitionKeyBytes } = this.context.config;
    if (partitionKeyBytes !== undefined) return partitionKeyBytes;
    const key = this.context.flow.store.key[p]!;
    if (key >= 0) return keyBytes(key);
    const space = this.spaceOf(p);
    if (space === undefined) return UUID_BYTES;
    let mean = this.keyLengths.get(space);
    if (mean === undefined) {
      mean = meanKeyBytes(space);
      this.keyLengths.set(space, mean);
    }
    return mean;
  }
}

/** Length of a random partition key written as a UUID, bytes. */
export const UUID_BYTES = 36;
/** Length of the partition keys' common beginning, `key-`, bytes. */
const KEY_PREFIX_BYTES = 4;

/** Bytes of the text of a key, `key-` and its number. */
export function keyBytes(key: number): number {
  let bytes = KEY_PREFIX_BYTES + 1;
  for (let rest = key; rest >= 10; rest = Math.floor(rest / 10)) bytes += 1;
  return bytes;
}

function meanKeyBytes(space: KeySpace): number {
  const looked = Math.min(space.keyCount, LOOKED_AT);
  let sum = 0;
  let shares = 0;
  for (let key = 0; key < looked; key++) {
    const share = space.share(key);
    sum += share * keyBytes(key);
    shares += share;
  }
  return sum + (1 - shares) * keyBytes(space.keyCount - 1);
}

function admits(shard: Shard, units: number, bytes: number, nowUs: number): boolean {
  return shard.records.available(nowUs) >= units && shard.bytes.available(nowUs) >= bytes;
}
