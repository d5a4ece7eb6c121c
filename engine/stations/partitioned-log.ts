import type { Flow } from '#engine/flow/flow.ts';
import { rest } from '#engine/flow/rest.ts';
import { NONE, type ParcelList } from '#engine/flow/parcels.ts';
import { invariant } from '#engine/kernel/invariant.ts';
import { LogPartition } from './log-partition.ts';

/** Parcels that nobody will read are joined when they arrived within this long of each other, microseconds. */
const REST_SPAN_US = 1_000_000;
/** Runs that overlap are read in slices of this length, microseconds, but at most so many. */
const SLICE_US = 62_500;
const MOST_SLICES = 16;

/**
 * A log in partitions by hash range: appended in order, read by each consumer for itself, trimmed by age.
 *
 * Each consumer has a copy of each parcel, made at the append (the ledger counts them as `copied`). Reading hands copies
 * over; what is not read when its retention ends expires. A repartition closes the partitions whose range changes and
 * opens others; a closed one keeps what it holds and names no successor: the successor names it as a parent.
 * Limits are the owner's matter; this block only keeps order, ranges and ages.
 * Runs are read as far as they have come and as limits allow; what comes later is cut off and stays.
 * Append O(consumers), route O(log partitions), read O(parcels read). No allocation per parcel.
 */
export class PartitionedLog {
  /** Every partition ever opened, by id. */
  readonly partitions: LogPartition[] = [];
  /** Ids of the open ones, in the order of their ranges. */
  open: Int32Array = new Int32Array(0);
  private starts: Float64Array = new Float64Array(0);
  private readonly flow: Flow;
  private readonly node: number;
  private readonly retentionUs: number;
  private consumers = 0;
  /** By consumer: it takes runs; others get single units. */
  private readonly takesRuns: boolean[] = [];
  /** Runs of which nothing, or only a part, is available at a read. */
  private readonly later: number[] = [];
  /** Of the read in hand: what `into` may hold in the end, and whether nothing was taken so far. */
  private mostUnits = 0;
  private mostBytes = 0;
  private isFirst = true;

  /** `node`: ledger index that holds what is in the log. `retentionUs` > 0: age at which a record is trimmed. */
  constructor(flow: Flow, node: number, retentionUs: number) {
    invariant(retentionUs > 0, `a log keeps its records for a time above 0, got ${retentionUs} us`);
    this.flow = flow;
    this.node = node;
    this.retentionUs = retentionUs;
  }

  /** Number of consumers. */
  get consumerCount(): number {
    return this.consumers;
  }

  /**
   * A further consumer, who reads all that is appended from now on. Only before the first partition is opened. Runs are handed to
   * it as single units unless it takes runs.
   */
  subscribe(takesRuns = false): number {
    invariant(this.partitions.length === 0, 'consumers are registered before a log is opened');
    this.takesRuns.push(takesRuns);
    return this.consumers++;
  }

  /**
   * Gives the ring `count` equal ranges: partition i has [i/count, (i+1)/count). Partitions whose range stays the same
   * stay open. Returns what was opened; `closed` receives the ids of what was closed.
   */
  divideEqually(count: number, nowUs: number, closed: number[]): readonly LogPartition[] {
    const starts = new Float64Array(count);
    for (let i = 0; i < count; i++) starts[i] = i / count;
    return this.divide(starts, nowUs, closed);
  }

  /** Cuts the given open partitions in half, all others stay as they are. Otherwise as `divideEqually`. */
  halve(ids: readonly number[], nowUs: number, closed: number[]): readonly LogPartition[] {
    const starts = Array.from(this.starts);
    for (const id of ids) {
      const { from, to, isOpen } = this.partitions[id];
      invariant(isOpen, `partition ${id} is closed and cannot be split`);
      starts.push((from + to) / 2);
    }
    return this.divide(Float64Array.from(starts).sort(), nowUs, closed);
  }

  /** The open partition for a position on the ring, 0 <= position < 1. */
  route(position: number): LogPartition {
    const { starts } = this;
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= position) low = middle;
      else high = middle;
    }
    return this.partitions[this.open[low]];
  }

  /** Takes a parcel over; it can be read from `availableUs` on, or when the one before it can, whichever is later. */
  append(partition: LogPartition, p: number, availableUs: number): void {
    const { flow } = this;
    flow.transfer(p, this.node);
    const at = availableUs > partition.lastAvailableUs ? availableUs : partition.lastAvailableUs;
    // What comes over a time holds nothing back that comes meanwhile.
    if (flow.store.span[p] === 0) partition.lastAvailableUs = at;
    flow.store.a0[p] = at;
    flow.store.attempts[p] = 0;
    const { unread } = partition;
    if (this.consumers === 0) {
      rest(p, unread[0], REST_SPAN_US);
      return;
    }
    for (let consumer = 1; consumer < this.consumers; consumer++) unread[consumer].push(flow.copy(p));
    unread[0].push(p);
  }

  /**
   * Moves what a consumer may read to `into`, oldest first: what was available by `cutoffUs`, up to `maxUnits` units and
   * `maxBytes` bytes, but at least one parcel if there is one. Returns the units moved.
   */
  take(
    consumer: number,
    partition: LogPartition,
    maxUnits: number,
    maxBytes: number,
    cutoffUs: number,
    into: ParcelList,
  ): number {
    const { store } = this.flow;
    const list = partition.unread[consumer];
    const { head } = list;
    if (head === NONE) return 0;
    const unitsBefore = into.units;
    this.mostBytes = into.bytes + maxBytes;
    this.mostUnits = unitsBefore + maxUnits;
    this.isFirst = true;
    // Runs that come at the same time are read a slice of the time at a time, so that what came first is read first.
    const sliceUs = this.overlaps(list, cutoffUs) ? Math.max(SLICE_US, (cutoffUs - store.a0[head]) / MOST_SLICES) : 0;
    let goesOn = true;
    if (sliceUs > 0) {
      for (let untilUs = store.a0[head] + sliceUs; goesOn && untilUs < cutoffUs; untilUs += sliceUs) {
        goesOn = this.takeUntil(consumer, list, Math.floor(untilUs), into);
      }
    }
    if (goesOn) this.takeUntil(consumer, list, cutoffUs, into);
    return into.units - unitsBefore;
  }

  /** More comes before all of the run at the head has come. */
  private overlaps(list: ParcelList, cutoffUs: number): boolean {
    const { runs, store } = this.flow;
    const { head } = list;
    if (store.span[head] === 0) return false;
    const following = store.next[head];
    return following !== NONE && store.a0[following] <= cutoffUs && store.a0[following] < runs.lastUs(head) - 1;
  }

  /** Moves what was available by `cutoffUs`; false when a limit was reached. */
  private takeUntil(consumer: number, list: ParcelList, cutoffUs: number, into: ParcelList): boolean {
    const { store } = this.flow;
    let goesOn = true;
    this.later.length = 0;
    for (let p = list.head; p !== NONE && goesOn; p = list.head) {
      if (store.a0[p] > cutoffUs) {
        if (store.span[p] === 0) break;
        this.later.push(list.shift());
      } else if (store.units[p] > 1 || store.span[p] > 0) {
        goesOn = this.takeRun(consumer, list, cutoffUs, into);
      } else {
        const fits = into.units + store.units[p] <= this.mostUnits && into.bytes + store.bytes[p] <= this.mostBytes;
        goesOn = fits || this.isFirst;
        if (goesOn) into.push(list.shift());
        this.isFirst = false;
      }
    }
    for (let i = this.later.length - 1; i >= 0; i--) list.pushFront(this.later[i]);
    return goesOn;
  }

  /**
   * Takes what may be read of the run at the head of a list; the rest is kept in `later`, or at the head when a limit stands in
   * the way: then the answer is false. One unit is taken in any case where nothing was.
   */
  private takeRun(consumer: number, list: ParcelList, cutoffUs: number, into: ParcelList): boolean {
    const { runs, store } = this.flow;
    const whole = list.shift();
    const p = store.span[whole] > 0 ? runs.cutAt(whole, cutoffUs) : whole;
    if (p !== whole) this.later.push(whole);
    if (p === NONE) return true;
    const n = store.units[p];
    const fit = Math.min(
      n,
      this.mostUnits - into.units,
      Math.floor(((this.mostBytes - into.bytes) * n) / store.bytes[p]),
    );
    const count = this.isFirst ? Math.max(1, fit) : fit;
    if (count < 1) {
      list.pushFront(p);
      return false;
    }
    this.isFirst = false;
    const taken = count < n ? runs.cut(p, count) : p;
    if (taken !== p) list.pushFront(p);
    if (store.units[taken] > 1 && !this.takesRuns[consumer]) runs.scatter(taken, into);
    else into.push(taken);
    return taken === p;
  }

  /** As `oldestUs`, but the very instant: of a run that comes over a time, the first unit is set apart. */
  firstUs(consumer: number, partition: LogPartition): number {
    const { runs, store } = this.flow;
    const list = partition.unread[consumer];
    if (list.head === NONE || store.span[list.head] === 0) return this.oldestUs(consumer, partition);
    const rest = list.shift();
    const first = runs.first(rest);
    if (first !== rest) list.pushFront(rest);
    list.pushFront(first);
    return store.a0[first];
  }

  /** When the oldest unread parcel of a consumer became available, microseconds; Infinity when all is read. */
  oldestUs(consumer: number, partition: LogPartition): number {
    const p = partition.unread[consumer].head;
    return p === NONE ? Number.POSITIVE_INFINITY : this.flow.runs.earliestUs(p);
  }

  /** As `oldestUs`, but of a run that comes over a time about when its first unit comes: for ages. */
  oldestUnitUs(consumer: number, partition: LogPartition): number {
    const p = partition.unread[consumer].head;
    return p === NONE ? Number.POSITIVE_INFINITY : this.flow.runs.placeUs(p, 1);
  }

  /** Trims what a consumer has left unread for longer than the retention; returns the records lost to it. */
  expire(consumer: number, partition: LogPartition, nowUs: number): number {
    const { flow, retentionUs } = this;
    const { store } = flow;
    const list = partition.unread[consumer];
    let records = 0;
    while (list.head !== NONE && store.a0[list.head] + store.span[list.head] + retentionUs <= nowUs) {
      const p = list.shift();
      records += store.records[p];
      flow.expire(p);
    }
    return records;
  }

  private divide(starts: Float64Array, nowUs: number, closed: number[]): readonly LogPartition[] {
    const before = Array.from(this.open, (id) => this.partitions[id]);
    const opened: LogPartition[] = [];
    const open = Int32Array.from(starts, (from, i) => {
      const to = i + 1 < starts.length ? starts[i + 1] : 1;
      const same = before.find((partition) => partition.from === from && partition.to === to);
      if (same !== undefined) return same.id;
      const parents = before.filter((partition) => partition.from < to && from < partition.to).map(({ id }) => id);
      const id = this.partitions.length;
      const partition = new LogPartition(id, from, to, parents, this.flow.store, this.consumers, nowUs);
      this.partitions.push(partition);
      opened.push(partition);
      return id;
    });
    const staying = new Set(open);
    for (const partition of before) {
      if (staying.has(partition.id)) continue;
      partition.isOpen = false;
      closed.push(partition.id);
    }
    // What a child takes must not become readable before what its parents took.
    for (const child of opened) {
      for (const id of child.parents) {
        child.lastAvailableUs = Math.max(child.lastAvailableUs, this.partitions[id].lastAvailableUs);
      }
    }
    this.open = open;
    this.starts = starts;
    return opened;
  }
}
