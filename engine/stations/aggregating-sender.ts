/**
 * A client library that packs records for one partition into one unit before it sends them, as the Kinesis Producer Library does.
 *
 * Each producer process keeps, for each partition, one open unit and a queue of closed ones:
 * 1. a record joins the open unit of the partition it will go to; one too large for a unit goes by itself;
 * 2. a unit closes when it is full or when the first deadline of its records is reached;
 * 3. closed units pass a token bucket of process and partition, the only brake: there is no back-off;
 * 4. what has passed is collected into calls across partitions (UnitCollector);
 * 5. what is refused or fails comes back record by record with half the wait, at most its remaining time to live;
 * 6. a record older than its time to live is lost when it comes back or would leave the queue.
 * Queues are first in, first out. Trade-off: the library serves the earliest deadline first, which puts retried records at the front.
 * Rules: https://github.com/awslabs/amazon-kinesis-producer, aws/kinesis/core (aggregator, limiter, collector, retrier; state 2026-03).
 * O(1) per record, unit and call; memory: two lists per producer and partition in use. No allocation once these exist.
 */
import type { Outlet } from '#engine/behavior.ts';
import { FLAG_RETRIED, NONE, ParcelList } from '#engine/flow/parcels.ts';
import { newReply } from '#engine/flow/ports.ts';
import { invariant } from '#engine/kernel/invariant.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import { Alarm } from './alarm.ts';
import { producerOf } from './producers.ts';
import type { SenderEnvironment } from './sender.ts';
import { TokenBucket } from './token-bucket.ts';
import { type CollectionLimits, type PartitionShare, UnitCollector } from './unit-collector.ts';

export interface AggregationSettings extends CollectionLimits {
  /** Processes that share the load, >= 1; each packs for itself. */
  readonly producers: number;
  /** Bytes that fill a unit, framing included; 0 sends every record by itself. */
  readonly maxUnitBytes: number;
  /** Framing of a unit of two records or more: once, and per record, bytes. */
  readonly unitOverheadBytes: number;
  readonly recordOverheadBytes: number;
  /** Longest wait of a record in its unit, microseconds. */
  readonly maxWaitUs: number;
  /** Further wait of a unit that is due, for others to share its call, microseconds, >= 0. */
  readonly callWaitUs: number;
  /** Age, counted from `add`, beyond which a record that is not stored yet is given up, microseconds. */
  readonly recordTtlUs: number;
  /** Units and bytes per second that one process allows itself on one partition, and at once after a pause. */
  readonly unitsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly burstUnits: number;
  readonly burstBytes: number;
  /** How often a queue that waits for tokens is looked at, microseconds; 0: as soon as there are enough. */
  readonly drainIntervalUs: number;
  /** Round trip of a call, microseconds; the callee says its own when left out. */
  readonly callLatencyUs?: number | undefined;
}

/** What one process holds for one partition. */
interface Pane extends PartitionShare {
  readonly producer: number;
  readonly open: ParcelList;
  /** Bytes of the open unit, framing included; earliest deadline and arrival of its records; whether one was refused before. */
  openBytes: number;
  deadlineUs: number;
  oldestUs: number;
  hasRetried: boolean;
  readonly openAlarm: Alarm;
  /** Closed units that wait for tokens. */
  readonly queue: ParcelList;
  readonly queueAlarm: Alarm;
  readonly units: TokenBucket;
  readonly bytes: TokenBucket;
  isDraining: boolean;
}

/** Partitions are told apart below this number. */
const PARTITIONS = 1_048_576;
/** Most tokens per second of a bucket; faster than this nothing is braked that a partition would take. */
const MOST_PER_SECOND = 60_000_000;

export class AggregatingSender {
  private readonly env: SenderEnvironment;
  private readonly outlet: Outlet;
  private readonly settings: AggregationSettings;
  private readonly panes: Pane[] = [];
  private readonly paneIndex = new Map<number, number>();
  private readonly collectors: UnitCollector[] = [];
  private readonly reply = newReply();
  private readonly leaves: ParcelList;
  /** By parcel, for units in queues: when they must leave. */
  private deadlines = new Float64Array(1024);
  private readonly onOpenDue: number;
  private readonly onQueueDue: number;
  private readonly onReturn: number;
  private held = 0;

  constructor(env: SenderEnvironment, outlet: Outlet, settings: AggregationSettings) {
    invariant(settings.producers >= 1 && settings.maxWaitUs >= 0, 'a sender has producers, and waits 0 or longer');
    invariant(settings.unitsPerSecond > 0 && settings.bytesPerSecond > 0, 'a sender allows itself a rate above 0');
    invariant(settings.burstUnits >= 1 && settings.burstBytes >= 1, 'a sender may send one unit at once');
    this.env = env;
    this.outlet = outlet;
    this.settings = settings;
    const { kernel, flow } = env;
    this.leaves = new ParcelList(flow.store);
    const onCall = (call: ParcelList, producer: number): void => this.send(call, producer);
    const onCallDue = kernel.register((producer) => this.collectors[producer]!.rang());
    for (let i = 0; i < settings.producers; i++) {
      this.collectors.push(new UnitCollector(kernel, flow.store, settings, i, onCallDue, onCall));
    }
    this.onOpenDue = kernel.register((index) => this.openDue(this.panes[index]!));
    this.onQueueDue = kernel.register((index) => {
      this.panes[index]!.queueAlarm.rang();
      this.drain(this.panes[index]!);
    });
    this.onReturn = kernel.register((head, producer) => this.comeBack(head, producer));
  }

  /** Records in open units, in queues, in calls to come, or on their way back. */
  get heldRecords(): number {
    return this.held;
  }

  /** Takes a plain record over. */
  add(p: number): void {
    const { env, settings } = this;
    const { store } = env.flow;
    const { nowUs } = env.kernel;
    this.held += store.records[p]!;
    store.a0[p] = nowUs;
    this.join(p, producerOf(store.entity[p]!, settings.producers), nowUs + settings.maxWaitUs, false);
  }

  private join(p: number, producer: number, deadlineUs: number, isRetry: boolean): void {
    const { store } = this.env.flow;
    const { maxUnitBytes, unitOverheadBytes, recordOverheadBytes } = this.settings;
    const pane = this.paneOf(producer, this.outlet.predictPartition(p));
    const bytes = store.bytes[p]! + recordOverheadBytes;
    store.flags[p]! &= ~FLAG_RETRIED;
    if (unitOverheadBytes + bytes > maxUnitBytes) {
      this.enqueue(p, pane, deadlineUs, isRetry);
      return;
    }
    if (pane.openBytes + bytes > maxUnitBytes) this.close(pane);
    pane.open.push(p);
    pane.openBytes += bytes;
    if (deadlineUs < pane.deadlineUs) pane.deadlineUs = deadlineUs;
    if (store.a0[p]! < pane.oldestUs) pane.oldestUs = store.a0[p]!;
    if (isRetry) pane.hasRetried = true;
    if (pane.openBytes >= maxUnitBytes) this.close(pane);
    else pane.openAlarm.set(pane.deadlineUs);
  }

  /** A deadline is reached; a unit closed for its size meanwhile has a successor with a later one. */
  private openDue(pane: Pane): void {
    pane.openAlarm.rang();
    if (pane.open.length === 0) return;
    if (this.env.kernel.nowUs >= pane.deadlineUs) this.close(pane);
    else pane.openAlarm.set(pane.deadlineUs);
  }

  private close(pane: Pane): void {
    const { flow } = this.env;
    const { unitOverheadBytes, recordOverheadBytes } = this.settings;
    const { open, deadlineUs, oldestUs, hasRetried } = pane;
    // A record alone is sent as it is.
    const overhead = open.length === 1 ? 0 : unitOverheadBytes + open.length * recordOverheadBytes;
    const unit = flow.pack(open, overhead);
    flow.store.a0[unit] = oldestUs;
    pane.openBytes = unitOverheadBytes;
    pane.deadlineUs = Number.POSITIVE_INFINITY;
    pane.oldestUs = Number.POSITIVE_INFINITY;
    pane.hasRetried = false;
    this.enqueue(unit, pane, deadlineUs, hasRetried);
  }

  private enqueue(unit: number, pane: Pane, deadlineUs: number, isRetry: boolean): void {
    const { store } = this.env.flow;
    if (isRetry) store.flags[unit]! |= FLAG_RETRIED;
    this.setDeadline(unit, deadlineUs);
    pane.queue.push(unit);
    if (!pane.isDraining) this.drain(pane);
  }

  /** Passes on what there are tokens for. */
  private drain(pane: Pane): void {
    const { settings } = this;
    const { store } = this.env.flow;
    const { nowUs } = this.env.kernel;
    const { queue } = pane;
    pane.isDraining = true;
    for (let unit = queue.head; unit !== NONE; unit = queue.head) {
      if (nowUs - store.a0[unit]! > settings.recordTtlUs) {
        this.takeApart(queue.shift(), pane.producer);
        continue;
      }
      // More than a bucket holds would never pass.
      const bytes = Math.min(store.bytes[unit]!, settings.burstBytes);
      const waitUs = Math.max(pane.units.timeUntilUs(1, nowUs), pane.bytes.timeUntilUs(bytes, nowUs));
      if (waitUs > 0) {
        const { drainIntervalUs: interval } = settings;
        const readyUs = nowUs + waitUs;
        pane.queueAlarm.set(interval > 0 ? Math.ceil(readyUs / interval) * interval : readyUs);
        break;
      }
      pane.units.take(1, nowUs);
      pane.bytes.take(bytes, nowUs);
      const deadlineUs = Math.max(this.deadlines[unit]!, nowUs + settings.callWaitUs);
      this.collectors[pane.producer]!.put(queue.shift(), pane, deadlineUs);
    }
    pane.isDraining = false;
  }

  private send(call: ParcelList, producer: number): void {
    const { env, reply, settings } = this;
    const { records } = call;
    this.outlet.offer(call, true, reply, mostlyRetried(call));
    this.held -= records - call.records;
    env.onHeldChange?.();
    const { head } = call;
    if (head === NONE) return;
    call.forget();
    env.kernel.after(
      Math.max(1, settings.callLatencyUs ?? reply.latencyUs),
      this.onReturn,
      head,
      producer,
      PRIORITY_TIMER,
    );
  }

  /** The answer is there: what was refused or failed, a chain of units, is taken back. */
  private comeBack(head: number, producer: number): void {
    const { store } = this.env.flow;
    for (let unit = head; unit !== NONE; ) {
      const following = store.next[unit]!;
      this.takeApart(unit, producer);
      unit = following;
    }
  }

  /** Ends the records of a unit that have outlived their time; the others join their partition's open unit again. */
  private takeApart(unit: number, producer: number): void {
    const { leaves, settings } = this;
    const { flow, kernel } = this.env;
    const { store } = flow;
    const { nowUs } = kernel;
    flow.unpack(unit, leaves);
    // Joining may take apart a further unit of the same producer: its records are then handled here or there, all alike.
    for (let p = leaves.shift(); p !== NONE; p = leaves.shift()) {
      const expiryUs = store.a0[p]! + settings.recordTtlUs;
      if (nowUs > expiryUs) this.lose(p);
      else this.join(p, producer, Math.min(nowUs + settings.maxWaitUs / 2, expiryUs), true);
    }
  }

  private lose(p: number): void {
    const { env, outlet } = this;
    const records = env.flow.store.records[p]!;
    this.held -= records;
    outlet.countDropped(records);
    env.flow.drop(p, 'record-ttl-expired');
    env.onHeldChange?.();
  }

  private paneOf(producer: number, partition: number): Pane {
    const key = producer * PARTITIONS + partition;
    const index = this.paneIndex.get(key);
    if (index !== undefined) return this.panes[index]!;
    const pane = this.newPane(producer, this.panes.length);
    this.paneIndex.set(key, this.panes.length);
    this.panes.push(pane);
    return pane;
  }

  private newPane(producer: number, index: number): Pane {
    const { settings } = this;
    const { kernel, flow } = this.env;
    const bucket = (burst: number, perSecond: number): TokenBucket =>
      new TokenBucket(burst, Math.min(perSecond, MOST_PER_SECOND), kernel.nowUs);
    return {
      producer,
      open: new ParcelList(flow.store),
      openBytes: settings.unitOverheadBytes,
      deadlineUs: Number.POSITIVE_INFINITY,
      oldestUs: Number.POSITIVE_INFINITY,
      hasRetried: false,
      openAlarm: new Alarm(kernel, this.onOpenDue, index),
      queue: new ParcelList(flow.store),
      queueAlarm: new Alarm(kernel, this.onQueueDue, index),
      units: bucket(settings.burstUnits, settings.unitsPerSecond),
      bytes: bucket(settings.burstBytes, settings.bytesPerSecond),
      isDraining: false,
      callNumber: -1,
      callBytes: 0,
    };
  }

  private setDeadline(unit: number, deadlineUs: number): void {
    if (unit >= this.deadlines.length) {
      const grown = new Float64Array(this.env.flow.store.records.length);
      grown.set(this.deadlines);
      this.deadlines = grown;
    }
    this.deadlines[unit] = deadlineUs;
  }
}

/** A call mixes new units and repeated ones; the edge counts it as what most of it is. */
function mostlyRetried(call: ParcelList): boolean {
  const { store } = call;
  let retried = 0;
  for (let p = call.head; p !== NONE; p = store.next[p]!) if ((store.flags[p]! & FLAG_RETRIED) !== 0) retried += 1;
  return retried * 2 > call.length;
}
