/** One stream in a world of its own, with readers that a test steers; keys lie on the ring by MD5 as in a run. */
import { createHash } from 'node:crypto';
import { build } from '#catalog/components/kinesis-data-streams/behavior/behavior.ts';
import { type Config, config as schema } from '#catalog/components/kinesis-data-streams/config.ts';
import type { FaultState } from '#engine/behavior.ts';
import type { Flow } from '#engine/flow/flow.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { type LogPort, newReply, type ReadReply, type Reply } from '#engine/flow/ports.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import { md5Fraction } from '#engine/workload/md5.ts';
import { type BuiltNode, logOf, pushOf, World } from '#test/harness/behavior.ts';
import type { LogEntry } from '#schema/result.ts';

export const SECOND = 1_000_000;
export const HOUR = 3600 * SECOND;

/** Shard of a key by the rule of the API page: MD5 as an unsigned 128-bit number, the hash space in equal ranges. */
export function referenceShard(key: string, shardCount: number): number {
  const hash = BigInt(`0x${createHash('md5').update(key, 'utf8').digest('hex')}`);
  return Number((hash * BigInt(shardCount)) >> 128n);
}

/** A key of each shard of a stream with so many shards. */
export function keyOfShard(shard: number, shardCount: number): number {
  for (let key = 0; ; key++) if (referenceShard(`key-${key}`, shardCount) === shard) return key;
}

export interface Seen {
  readonly partition: number;
  readonly entity: number;
  readonly atUs: number;
}

/** A consumer that notes what it is told; reads when the test says so, or at once when it is pushed to. */
export class Reader {
  readonly opened: { partition: number; parents: readonly number[] }[] = [];
  readonly seen: Seen[] = [];
  readonly reply: ReadReply = { throttled: false, failed: false, more: false, ended: false, behindUs: 0, latencyUs: 0 };
  notices = 0;
  id = -1;
  readsWhenTold = true;
  private readonly fixture: StreamFixture;

  constructor(fixture: StreamFixture) {
    this.fixture = fixture;
  }

  onPartitionOpened(partition: number, parents: readonly number[]): void {
    this.opened.push({ partition, parents });
  }

  onRecords(partition: number): void {
    this.notices += 1;
    if (this.readsWhenTold) this.read(partition);
  }

  /** Reads once and settles what came; returns the number of records. */
  read(partition: number, maxUnits = 10_000, maxBytes = 10_485_760): number {
    const { flow, gets, kernel } = this.fixture;
    const into = new ParcelList(flow.store);
    gets.read(this.id, partition, maxUnits, maxBytes, into, this.reply);
    const count = into.length;
    for (let p = into.shift(); p !== NONE; p = into.shift()) {
      this.seen.push({ partition, entity: flow.store.entity[p]!, atUs: kernel.nowUs });
      flow.settle(p, this.fixture.node.index, kernel.nowUs);
    }
    return count;
  }
}

export class StreamFixture {
  readonly node: BuiltNode;
  private readonly world: World;
  private readonly horizonUs: number;

  constructor(settings: Partial<Config> = {}, horizonUs = HOUR) {
    this.horizonUs = horizonUs;
    this.world = new World({ horizonSeconds: horizonUs / SECOND });
    this.node = this.world.add('stream', build, schema.parse(settings), {
      keyPosition: (_load, key) => md5Fraction(`key-${key}`),
    });
  }

  get kernel(): Kernel {
    return this.world.kernel;
  }

  get flow(): Flow {
    return this.world.flow;
  }

  get gets(): LogPort {
    return logOf(this.node, 'consumers');
  }

  get logged(): readonly LogEntry[] {
    return this.node.log;
  }

  get warnings(): readonly string[] {
    return this.node.warnings;
  }

  /** Registers a consumer; all of them before `start`. */
  subscribe(fanOut: boolean): Reader {
    const reader = new Reader(this);
    reader.id = this.gets.subscribe(reader, fanOut);
    return reader;
  }

  start(): this {
    this.world.run(0);
    return this;
  }

  /** Puts one call; what was not accepted stays in the returned list. */
  put(records: readonly { key: number; bytes: number }[], isBatch: boolean): { reply: Reply; left: ParcelList } {
    const parcels = records.map((record) => this.world.record(record));
    return this.world.send(pushOf(this.node, 'records'), parcels, isBatch);
  }

  /** Offers again what was not accepted. */
  offer(request: ParcelList, isBatch: boolean): Reply {
    const reply = newReply();
    pushOf(this.node, 'records').offer(request, isBatch, reply);
    return reply;
  }

  /** Makes records without offering them. */
  create(records: readonly { key: number; bytes: number }[]): ParcelList {
    const left = new ParcelList(this.flow.store);
    for (const record of records) left.push(this.world.record(record));
    return left;
  }

  /** Makes one run of records of one key without offering it; identities from 0 on. */
  createRun(count: number, key: number, bytesEach: number): ParcelList {
    const run = this.flow.createRun(0, 0, 0, count, count * bytesEach, this.kernel.nowUs, 0);
    this.flow.store.key[run] = key;
    const left = new ParcelList(this.flow.store);
    left.push(run);
    return left;
  }

  takesRuns(): boolean {
    return pushOf(this.node, 'records').takesRuns?.() === true;
  }

  predict(parcel: number): number {
    return pushOf(this.node, 'records').predictPartition!(parcel);
  }

  /** Lets time pass; ends the run at the horizon. */
  runTo(timeUs: number): this {
    if (timeUs === this.horizonUs) this.world.finish();
    else this.world.run(timeUs / SECOND);
    return this;
  }

  setFault(change: Partial<FaultState>): void {
    this.world.setFaults(this.node, change);
  }

  limit(id: string): LimitMeter {
    return this.node.limits.get(id)!;
  }

  counted(metric: string): number {
    return this.node.counters.get(metric)!.sum;
  }

  gauge(metric: string): number {
    return this.node.gauges.get(metric)!.value;
  }

  /** Quantities by usage id. */
  usage(): Record<string, number> {
    return Object.fromEntries([...this.node.usage].map(([id, { total }]) => [id, total]));
  }

  codes(): string[] {
    return this.logged.map(({ code }) => code.slice(code.indexOf('/') + 1));
  }

  /** Records that are neither read nor expired; the ledger must balance. */
  inside(): number {
    if (this.world.imbalances().some((difference) => difference !== 0)) throw new Error('the ledger is out of balance');
    return this.flow.countInside()[this.node.index]!.inside;
  }

  /** Records trimmed unread. */
  expired(): number {
    return this.flow.ledger.counts.expired[this.node.index]!;
  }
}
