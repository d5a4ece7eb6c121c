/** A world for event source mappings: a log or a queue and a function of the test's own, with the mapping between them. */
import type { Behavior, ConnectionFactory, Outlet } from '#engine/behavior.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import {
  type Batch,
  type InvocationCallee,
  type InvokeAnswer,
  type LogConsumer,
  type LogPort,
  newReply,
  type QueuePort,
  type QueueWaiter,
  type ReadReply,
} from '#engine/flow/ports.ts';
import { PRIORITY_DEPARTURE, PRIORITY_POLL } from '#engine/kernel/priorities.ts';
import { addFailure } from '#engine/stations/batch-pool.ts';
import { type BuiltNode, CountingEdge, noFaults, pushOf, World } from '#test/harness/behavior.ts';

const SECOND = 1_000_000;

/** One attempt to invoke. */
export interface Call {
  /** Simulated seconds. */
  readonly at: number;
  readonly entities: readonly number[];
  readonly answer: InvokeAnswer;
  readonly ageSeconds: number;
}

export interface Verdict {
  readonly succeeded: boolean;
  /** Entities that failed. */
  readonly failed?: readonly number[];
}

/** A function whose time and fate the test decides. */
export class ScriptedFunction implements InvocationCallee {
  readonly meeting = 'invoke';
  readonly timeoutUs: number;
  readonly calls: Call[] = [];
  /** Batches at work, and the most there have been. */
  busy = 0;
  peak = 0;
  /** Seconds of an invocation. */
  seconds: number | ((entities: readonly number[]) => number) = 0.1;
  answer: (entities: readonly number[]) => InvokeAnswer = () => 'started';
  verdict: (entities: readonly number[], attempt: number) => Verdict = () => ({ succeeded: true });
  private readonly world: World;
  private readonly node: number;
  private readonly running: { batch: Batch; verdict: Verdict }[] = [];
  private readonly onEnd: number;
  private started = 0;

  constructor(world: World, node: number, timeoutSeconds: number) {
    this.world = world;
    this.node = node;
    this.timeoutUs = timeoutSeconds * SECOND;
    this.onEnd = world.kernel.register((index) => this.end(index));
  }

  /** Calls that were started. */
  get invocations(): readonly Call[] {
    return this.calls.filter(({ answer }) => answer === 'started');
  }

  invoke(batch: Batch): InvokeAnswer {
    const { kernel, nowSeconds: at } = this.world;
    const entities = this.entitiesOf(batch);
    const answer = this.answer(entities);
    this.calls.push({ at, entities, answer, ageSeconds: batch.ageUs / SECOND });
    if (answer !== 'started') return answer;
    this.busy++;
    this.peak = Math.max(this.peak, this.busy);
    this.running.push({ batch, verdict: this.verdict(entities, this.started++) });
    const seconds = typeof this.seconds === 'number' ? this.seconds : this.seconds(entities);
    kernel.after(seconds * SECOND, this.onEnd, this.running.length - 1, 0, PRIORITY_DEPARTURE);
    return answer;
  }

  private end(index: number): void {
    const { flow } = this.world;
    const { batch, verdict } = this.running[index]!;
    this.busy--;
    batch.failedAt = -1;
    batch.failureCount = 0;
    this.entitiesOf(batch).forEach((entity, i) => {
      if (verdict.failed?.includes(entity) !== true) return;
      if (batch.itemFailures === 'each') addFailure(batch, i);
      else if (batch.failedAt < 0) batch.failedAt = i;
    });
    for (let i = 0; i < batch.count && verdict.succeeded; i++) {
      const hasFailed = verdict.failed?.includes(flow.store.entity[batch.units[i]!]!) === true;
      if (hasFailed && batch.itemFailures === 'first') break;
      if (!hasFailed) this.takeEffect(batch.units[i]!);
    }
    batch.caller.onSettled(batch, verdict.succeeded);
  }

  /** Delivers a unit here, a packed one record by record. */
  private takeEffect(unit: number): void {
    const { flow, kernel } = this.world;
    const { store } = flow;
    if (store.child[unit] === NONE) flow.deliverEffect(unit, this.node, kernel.nowUs);
    for (let c = store.child[unit]!; c !== NONE; c = store.next[c]!) flow.deliverEffect(c, this.node, kernel.nowUs);
  }

  private entitiesOf(batch: Batch): number[] {
    return Array.from(batch.units.subarray(0, batch.count), (p) => this.world.flow.store.entity[p]!);
  }
}

/** A log with its reads written down. */
export class FakeLog implements LogPort {
  readonly meeting = 'log';
  readonly reads: { at: number; partition: number; units: number; throttled: boolean }[] = [];
  latencyUs = 0;
  /** Most units of one read. */
  mostUnits = 10_000;
  isThrottled: () => boolean = () => false;
  isFanOut = false;
  readonly retentionUs: number;
  private readonly world: World;
  private readonly node: number;
  private readonly partitions: { list: ParcelList; isOpen: boolean }[] = [];
  private consumer: LogConsumer | undefined;
  private readonly onNotice: number;

  constructor(world: World, node: number, retentionSeconds: number) {
    this.world = world;
    this.node = node;
    this.retentionUs = retentionSeconds * SECOND;
    this.onNotice = world.kernel.register((partition) => this.consumer?.onRecords?.(partition));
  }

  subscribe(consumer: LogConsumer, fanOut: boolean): number {
    this.consumer = consumer;
    this.isFanOut = fanOut;
    return 0;
  }

  open(parents: readonly number[] = []): number {
    this.partitions.push({ list: new ParcelList(this.world.flow.store), isOpen: true });
    this.consumer!.onPartitionOpened(this.partitions.length - 1, parents);
    return this.partitions.length - 1;
  }

  close(partition: number): void {
    this.partitions[partition]!.isOpen = false;
  }

  /** Appends a record now; returns its entity. */
  put(fields: { bytes?: number; key?: number } = {}, partition = 0): number {
    const p = this.world.record(fields);
    this.append(p, partition);
    return this.world.flow.store.entity[p]!;
  }

  append(p: number, partition = 0): void {
    const { flow, kernel } = this.world;
    flow.transfer(p, this.node);
    flow.store.a0[p] = kernel.nowUs;
    const { list } = this.partitions[partition]!;
    list.push(p);
    if (this.isFanOut && list.length === 1) kernel.after(0, this.onNotice, partition, 0, PRIORITY_POLL);
  }

  read(
    _consumer: number,
    partition: number,
    maxUnits: number,
    maxBytes: number,
    into: ParcelList,
    reply: ReadReply,
  ): void {
    const { list, isOpen } = this.partitions[partition]!;
    const throttled = this.isThrottled();
    let units = 0;
    let bytes = 0;
    const { store } = this.world.flow;
    while (!throttled && list.head !== NONE && units < Math.min(maxUnits, this.mostUnits)) {
      bytes += store.bytes[list.head]!;
      if (units > 0 && bytes > maxBytes) break;
      into.push(list.shift());
      units++;
    }
    this.reads.push({ at: this.world.nowSeconds, partition, units, throttled });
    Object.assign(reply, {
      throttled,
      failed: false,
      more: list.head !== NONE,
      ended: !isOpen && list.head === NONE,
      behindUs: 0,
      latencyUs: this.latencyUs,
    });
  }
}

/** A queue that hands messages out once and writes everything down; what is released comes back when the test says so. */
export class FakeQueue implements QueuePort {
  readonly meeting = 'queue';
  readonly visibilityTimeoutUs: number;
  receiveLatencyUs = 0;
  readonly receives: { at: number; messages: number; visibilityUs: number | undefined }[] = [];
  readonly deletes: { at: number; entities: number[] }[] = [];
  readonly releases: { at: number; entity: number; delayUs: number }[] = [];
  private readonly world: World;
  private readonly node: number;
  private readonly visible: number[] = [];
  private taken = 0;
  private readonly parcels: number[] = [];
  private readonly onTimeout: number;
  private readonly onReady: number;
  private nextWait = 0;
  private readonly waits = new Map<number, { waiter: QueueWaiter; token: number; timer: number }>();

  constructor(world: World, node: number, visibilitySeconds: number) {
    this.world = world;
    this.node = node;
    this.visibilityTimeoutUs = visibilitySeconds * SECOND;
    this.onTimeout = world.kernel.register((id) => this.endWait(id));
    this.onReady = world.kernel.register(() => this.wake());
  }

  put(fields: { bytes?: number } = {}): number {
    const { flow, kernel } = this.world;
    const p = this.world.record(fields);
    flow.transfer(p, this.node);
    this.visible.push(p);
    kernel.after(0, this.onReady, 0, 0, PRIORITY_POLL);
    return flow.store.entity[p]!;
  }

  /** Messages that have not been received. */
  get backlog(): number {
    return this.visible.length - this.taken;
  }

  /** Long polls under way. */
  get waiting(): number {
    return this.waits.size;
  }

  receive(max: number, receipts: Int32Array, visibilityUs?: number): number {
    const messages = Math.min(max, this.backlog);
    for (let i = 0; i < messages; i++) {
      this.parcels.push(this.visible[this.taken++]!);
      receipts[i] = this.parcels.length - 1;
    }
    this.receives.push({ at: this.world.nowSeconds, messages, visibilityUs });
    return messages;
  }

  wait(waitUs: number, waiter: QueueWaiter, token: number): void {
    const { kernel } = this.world;
    const id = this.nextWait++;
    this.waits.set(id, { waiter, token, timer: kernel.after(waitUs, this.onTimeout, id) });
    if (this.backlog > 0) kernel.after(0, this.onReady, 0, 0, PRIORITY_POLL);
  }

  parcelOf(receipt: number): number {
    return this.parcels[receipt]!;
  }

  receiveCountOf(): number {
    return 1;
  }

  delete(receipts: Int32Array, from: number, count: number): void {
    const { flow, kernel } = this.world;
    const own = Array.from(receipts.subarray(from, from + count), (receipt) => this.parcels[receipt]!);
    this.deletes.push({ at: this.world.nowSeconds, entities: own.map((p) => flow.store.entity[p]!) });
    for (const p of own) flow.settle(p, this.node, kernel.nowUs);
  }

  release(receipt: number, delayUs: number): void {
    const entity = this.world.flow.store.entity[this.parcels[receipt]!]!;
    this.releases.push({ at: this.world.nowSeconds, entity, delayUs });
  }

  private wake(): void {
    for (const id of Array.from(this.waits.keys())) {
      if (this.backlog === 0) return;
      this.endWait(id);
    }
  }

  private endWait(id: number): void {
    const wait = this.waits.get(id);
    if (wait === undefined) return;
    this.waits.delete(id);
    this.world.kernel.cancel(wait.timer);
    wait.waiter.onMessages(wait.token);
  }
}

export interface MappingOptions {
  readonly timeoutSeconds?: number;
  /** Retention of the log, or visibility timeout of the queue. */
  readonly holdSeconds?: number;
  readonly sourceConfig?: Readonly<Record<string, unknown>>;
  /** A sink as on-failure destination. */
  readonly hasDestination?: boolean;
  readonly preRollSeconds?: number;
}

export interface MappingWorld<Source> {
  readonly world: World;
  readonly source: Source;
  readonly fn: ScriptedFunction;
  readonly edge: CountingEdge;
  /** What the mapping recorded; limits and log under its own id. */
  readonly node: BuiltNode;
  readonly destination: BuiltNode;
}

/** Builds a mapping between a log or queue made by `source` and a scripted function. */
export function mappingWorld<Config, Source extends LogPort | QueuePort>(
  build: ConnectionFactory<Config>,
  config: Config,
  makeSource: (world: World, node: number, holdSeconds: number) => Source,
  options: MappingOptions = {},
): MappingWorld<Source> {
  const world = new World({ horizonSeconds: 200_000, preRollSeconds: options.preRollSeconds ?? 0 });
  const empty = (): Behavior => ({ inputs: {} });
  const holder = world.add('source', empty, {});
  const target = world.add('target', empty, {});
  const destination = world.sink('destination');
  const source = makeSource(world, holder.index, options.holdSeconds ?? 86_400);
  const fn = new ScriptedFunction(world, target.index, options.timeoutSeconds ?? 3);
  const edge = new CountingEdge();
  const outlet: Outlet = {
    edge: 1,
    bit: 0,
    targetNode: destination.index,
    offer(request, isBatch, reply) {
      if (destination.faults.outage) Object.assign(reply, newReply(), { failed: request.units });
      else pushOf(destination, 'in').offer(request, isBatch, reply);
    },
    predictPartition: () => 0,
    countDropped() {},
  };
  const node = world.add(
    'mapping',
    (context) => ({
      inputs: {},
      ...build({
        ...context,
        config,
        node: target.index,
        sourceConfig: options.sourceConfig ?? {},
        targetConfig: {},
        sourceNode: holder.index,
        sourceFaults: noFaults(),
        source,
        target: fn,
        edge,
        onFailure: options.hasDestination === true ? [outlet] : [],
      }),
    }),
    {},
  );
  return { world, source, fn, edge, node, destination };
}
