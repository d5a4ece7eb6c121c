/**
 * Reads the shards of a stream for a mapping: polls once a period, again at once (at most 5 a second) after a read that was
 * cut short, or when enhanced fan-out pushes. Not while every lane that is not blocked has a whole batch waiting. A child
 * shard is read when its parents are read to their end and worked off in every lane.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html (read 2026-11-21).
 */
import type { ConnectionContext } from '#engine/behavior.ts';
import { KEY_MIXED, NONE, ParcelList } from '#engine/flow/parcels.ts';
import { type LogConsumer, type LogPort, newReadReply } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { PRIORITY_ARRIVAL, PRIORITY_POLL } from '#engine/kernel/priorities.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import type { CounterMetric } from '#engine/stats/metrics.ts';
import { joinLine, leaveLine } from '#engine/stations/lineage.ts';
import { RetryBackoff } from '#engine/stations/retry-backoff.ts';
import type { Config } from '../config.ts';
import { Lane } from './lane.ts';
import { LaneShares } from './lane-shares.ts';
import { Shard } from './shard.ts';

/** Calls that a shard takes: 5 GetRecords a second. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html (2026-11-21). */
const CALL_SPACING_US = 200_000;
/** Largest answer of GetRecords, 10 MiB; same page. */
const READ_BYTES = 10_485_760;

/** What the reader tells its owner: records have come to these lanes. */
export interface ReaderOwner {
  onBuffered(lane: Lane): void;
}

export class ShardReader implements LogConsumer {
  readonly takesRuns = true;
  readonly lanes: Lane[] = [];
  private readonly context: ConnectionContext<Config>;
  private readonly owner: ReaderOwner;
  private readonly log: LogPort;
  private readonly consumer: number;
  private readonly shards = new Map<number, Shard>();
  private readonly reply = newReadReply();
  private readonly periodUs: number;
  private readonly windowUs: number;
  private readonly refusalWaits: RetryBackoff;
  private readonly phase: DrawStream;
  private readonly polled: CounterMetric;
  private readonly parts: ParcelList;
  private readonly kept: ParcelList;
  private readonly shares: LaneShares;
  private readonly counts: Float64Array;
  private readonly onPoll: number;
  private readonly onAnswer: number;

  constructor(context: ConnectionContext<Config>, log: LogPort, owner: ReaderOwner) {
    const { config, flow, kernel } = context;
    this.context = context;
    this.owner = owner;
    this.log = log;
    this.periodUs = config.pollingIntervalMs * 1000;
    this.windowUs = config.maximumBatchingWindowInSeconds * 1_000_000;
    this.refusalWaits = new RetryBackoff(CALL_SPACING_US, Math.max(CALL_SPACING_US, this.periodUs));
    this.phase = context.draw('pollPhase');
    this.polled = context.counter('PolledEventCount');
    this.parts = new ParcelList(flow.store);
    this.kept = new ParcelList(flow.store);
    this.shares = new LaneShares(config.parallelizationFactor, laneOfKey);
    this.counts = new Float64Array(config.parallelizationFactor);
    this.onPoll = kernel.register((partition) => this.poll(this.shards.get(partition)!));
    this.onAnswer = kernel.register((partition) => this.answer(this.shards.get(partition)!));
    this.consumer = log.subscribe(this, config.enhancedFanOut);
  }

  /** See LogConsumer. */
  onPartitionOpened(partition: number, parents: readonly number[]): void {
    const { flow, config } = this.context;
    const shard = new Shard(partition, flow.store, lanesMeter(this.context, partition));
    this.shards.set(partition, shard);
    for (let number = 0; number < config.parallelizationFactor; number++) {
      const lane = new Lane(shard, this.lanes.length, number, flow.store);
      this.lanes.push(lane);
      shard.lanes.push(lane);
    }
    const unfinished = parents.map((id) => this.shards.get(id)).filter((parent) => parent?.isDrained === false);
    if (joinLine(shard, unfinished)) this.open(shard);
  }

  /** See LogConsumer: enhanced fan-out has something. */
  onRecords(partition: number): void {
    const shard = this.shards.get(partition)!;
    shard.dueUs = this.context.kernel.nowUs;
    this.resume(shard);
  }

  /** A lane of the shard has changed: schedules the poll that is due when there is room again; ends a drained shard. */
  resume(shard: Shard): void {
    if (shard.parentsLeft > 0 || shard.isBusy) return;
    if (shard.isEnded) {
      this.drain(shard);
      return;
    }
    if (shard.dueUs === Number.POSITIVE_INFINITY || !shard.wants(this.context.config.batchSize)) return;
    const { kernel } = this.context;
    shard.isBusy = true;
    kernel.at(Math.max(kernel.nowUs, shard.dueUs), this.onPoll, shard.partition, 0, PRIORITY_POLL);
  }

  private open(shard: Shard): void {
    const { config, kernel } = this.context;
    if (!config.enhancedFanOut) shard.dueUs = kernel.nowUs + this.phase.uniform(shard.partition) * this.periodUs;
    this.resume(shard);
  }

  private poll(shard: Shard): void {
    const { config, kernel } = this.context;
    const { reply } = this;
    shard.lastPollUs = kernel.nowUs;
    shard.dueUs = Number.POSITIVE_INFINITY;
    this.log.read(this.consumer, shard.partition, config.recordsPerPoll, READ_BYTES, shard.arriving, reply);
    shard.refusals = reply.throttled || reply.failed ? shard.refusals + 1 : 0;
    shard.hasMore = reply.more;
    shard.isEnded = reply.ended;
    const answeredUs = kernel.nowUs + reply.latencyUs;
    if (shard.arriving.head !== NONE && reply.latencyUs > 0) {
      kernel.at(answeredUs, this.onAnswer, shard.partition, 0, PRIORITY_ARRIVAL);
      return;
    }
    this.spread(shard);
    this.planNext(shard, answeredUs);
  }

  private answer(shard: Shard): void {
    this.spread(shard);
    this.planNext(shard, this.context.kernel.nowUs);
  }

  private planNext(shard: Shard, answeredUs: number): void {
    const { config } = this.context;
    shard.isBusy = false;
    if (!shard.isEnded) {
      if (shard.refusals > 0) {
        shard.dueUs = Math.max(answeredUs, shard.lastPollUs + this.refusalWaits.delayUs(shard.refusals));
      } else if (!config.enhancedFanOut) {
        shard.dueUs = Math.max(answeredUs, shard.lastPollUs + (shard.hasMore ? CALL_SPACING_US : this.periodUs));
      }
    }
    this.resume(shard);
  }

  /** Hands what was read to the lanes by key. */
  private spread(shard: Shard): void {
    const { kernel } = this.context;
    const { arriving, lanes } = shard;
    if (arriving.head === NONE) return;
    this.polled.add(kernel.nowUs, arriving.units);
    const { runs } = this.context.flow;
    for (let p = arriving.shift(); p !== NONE; p = arriving.shift()) {
      if (lanes.length > 1 && runs.isRun(p)) {
        this.spreadRun(p, lanes);
        continue;
      }
      const number = this.laneOf(p);
      const unit = this.withoutStrangers(p, number);
      if (unit !== NONE) this.give(unit, lanes[number]);
    }
    for (const lane of lanes) if (lane.buffer.head !== NONE) this.owner.onBuffered(lane);
  }

  private give(unit: number, lane: Lane): void {
    if (lane.buffer.head === NONE) lane.windowEndsUs = this.context.kernel.nowUs + this.windowUs;
    lane.buffer.push(unit);
  }

  /** Splits a run over the lanes by the share of its keys that each lane has. */
  private spreadRun(p: number, lanes: readonly Lane[]): void {
    const { flow, keysAt } = this.context;
    const { runs, store } = flow;
    const key = store.key[p];
    if (key >= 0) {
      this.give(p, lanes[this.laneOf(p)]);
      return;
    }
    const space = key === KEY_MIXED ? keysAt(store.load[p], store.e0[p]) : undefined;
    runs.divide(p, this.shares.of(space, store.load[p], store.r0[p], store.r1[p]), this.counts);
    let left = store.units[p];
    for (let i = 0; i < lanes.length && left > 0; i++) {
      const n = this.counts[i];
      if (n === 0) continue;
      this.give(n < left ? runs.part(p, n) : p, lanes[i]);
      left -= n;
    }
  }

  /** Lane of a record by its key; records without a key are spread by identity. */
  private laneOf(p: number): number {
    const lanes = this.context.config.parallelizationFactor;
    if (lanes === 1) return 0;
    const { store } = this.context.flow;
    const key = store.key[p];
    return laneOfKey(key >= 0 ? key : store.entity[p] % 4_294_967_296, store.load[p], lanes);
  }

  /**
   * With enhanced fan-out and more than one lane, records packed by a producer library whose own key belongs to another
   * lane are dropped silently. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html (read 2026-11-21).
   */
  private withoutStrangers(p: number, lane: number): number {
    const { config, edge, flow } = this.context;
    const { store } = flow;
    if (!config.enhancedFanOut || config.parallelizationFactor === 1 || store.child[p] === NONE) return p;
    let overhead = store.bytes[p];
    flow.unpack(p, this.parts);
    overhead -= this.parts.bytes;
    for (let c = this.parts.shift(); c !== NONE; c = this.parts.shift()) {
      if (this.laneOf(c) === lane) {
        this.kept.push(c);
        continue;
      }
      edge.dropped(store.records[c]);
      flow.drop(c, 'aggregate-of-another-lane');
    }
    return this.kept.head === NONE ? NONE : flow.pack(this.kept, overhead);
  }

  private drain(shard: Shard): void {
    if (shard.isDrained || !shard.lanes.every((lane) => lane.isEmpty)) return;
    shard.isDrained = true;
    leaveLine(shard, (child) => this.open(child));
  }
}

/** Batches of a shard that the function works on at once. A lane that waits to try again is not held back by their number. */
function lanesMeter(context: ConnectionContext<Config>, partition: number): LimitMeter {
  return context.limit({
    id: `lanes/shard-${partition}`,
    name: 'concurrent batches of a shard',
    unit: 'batches',
    kind: 'level',
    capacity: context.config.parallelizationFactor,
    source: 'config.parallelizationFactor',
    raisable: true,
  });
}

function laneOfKey(key: number, load: number, lanes: number): number {
  return mixed(key, load) % lanes;
}

/** A hash of two whole numbers, uniform over 0..2^32 - 1 (finish of MurmurHash3). */
function mixed(a: number, b: number): number {
  let h = a ^ Math.imul(b + 1, 0x9e3779b9);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
}
