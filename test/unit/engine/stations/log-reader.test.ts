import { describe, expect, it } from 'vitest';
import { Flow } from '#engine/flow/flow.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import type { LogConsumer, LogPort, ReadReply } from '#engine/flow/ports.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { LogReader, type LogReaderOwner } from '#engine/stations/log-reader.ts';

const SECOND = 1_000_000;

/** A log whose partitions are lists. */
class ScriptedLog implements LogPort {
  readonly meeting = 'log';
  readonly retentionUs = 86_400 * SECOND;
  readonly reads: { at: number; partition: number }[] = [];
  readonly closed = new Set<number>();
  isThrottling = false;
  latencyUs = 0;
  consumer: LogConsumer | undefined;
  private readonly kernel: Kernel;
  private readonly flow: Flow;
  private readonly partitions = new Map<number, ParcelList>();

  constructor(kernel: Kernel, flow: Flow) {
    this.kernel = kernel;
    this.flow = flow;
  }

  subscribe(consumer: LogConsumer): number {
    this.consumer = consumer;
    return 0;
  }

  append(partition: number, n: number): void {
    const list = this.partitions.get(partition) ?? new ParcelList(this.flow.store);
    this.partitions.set(partition, list);
    for (let i = 0; i < n; i++) list.push(this.flow.create(0, 0, i, -1, 100, this.kernel.nowUs));
  }

  read(
    _consumer: number,
    partition: number,
    maxUnits: number,
    _maxBytes: number,
    into: ParcelList,
    reply: ReadReply,
  ): void {
    const list = this.partitions.get(partition);
    let units = 0;
    while (!this.isThrottling && list !== undefined && list.head !== NONE && units < maxUnits) {
      into.push(list.shift());
      units++;
    }
    const left = list?.length ?? 0;
    this.reads.push({ at: this.kernel.nowUs / SECOND, partition });
    reply.throttled = this.isThrottling;
    reply.failed = false;
    reply.more = left > 0;
    reply.ended = this.closed.has(partition) && left === 0;
    reply.behindUs = left > 0 ? SECOND : 0;
    reply.latencyUs = this.latencyUs;
  }
}

class Owner implements LogReaderOwner {
  readonly taken: { at: number; partition: number; records: number; behindUs: number; throttled: boolean }[] = [];
  readonly opened: number[] = [];
  readonly ended: number[] = [];
  hasRoom = true;
  private readonly kernel: Kernel;
  private readonly flow: Flow;

  constructor(kernel: Kernel, flow: Flow) {
    this.kernel = kernel;
    this.flow = flow;
  }

  mayRead(): boolean {
    return this.hasRoom;
  }

  onOpened(partition: number): void {
    this.opened.push(partition);
  }

  onRead(partition: number, read: ParcelList, { behindUs, throttled }: Readonly<ReadReply>): void {
    this.taken.push({ at: this.kernel.nowUs / SECOND, partition, records: read.records, behindUs, throttled });
    for (let p = read.shift(); p !== NONE; p = read.shift()) this.flow.drop(p, 'test');
  }

  onEnded(partition: number): void {
    this.ended.push(partition);
  }
}

function world() {
  const kernel = new Kernel();
  const flow = new Flow(1, () => undefined);
  const log = new ScriptedLog(kernel, flow);
  const owner = new Owner(kernel, flow);
  const options = { maxUnits: 10, maxBytes: 1e6, intervalUs: SECOND, phaseRatio: () => 0.5 };
  new LogReader(kernel, flow, log, options, owner);
  return { kernel, log, owner };
}

describe('a reader of a log', () => {
  it('reads each partition at its pace and hands everything on at once', () => {
    const { kernel, log, owner } = world();
    log.append(0, 15);
    log.consumer?.onPartitionOpened(0, []);
    kernel.run(2 * SECOND);
    expect(owner.taken.map(({ at, records, behindUs }) => [at, records, behindUs])).toEqual([
      [0.5, 10, SECOND],
      [1.5, 5, 0],
    ]);
  });

  it('hands on when the answer has come, and keeps its pace', () => {
    const { kernel, log, owner } = world();
    log.latencyUs = 0.25 * SECOND;
    log.append(0, 15);
    log.consumer?.onPartitionOpened(0, []);
    kernel.run(2 * SECOND);
    expect(owner.taken.map(({ at, records }) => [at, records])).toEqual([
      [0.75, 10],
      [1.75, 5],
    ]);
  });

  it('leaves a partition alone whose owner has no room', () => {
    const { kernel, log, owner } = world();
    log.append(0, 5);
    log.consumer?.onPartitionOpened(0, []);
    owner.hasRoom = false;
    kernel.run(3 * SECOND);
    expect(log.reads).toEqual([]);
    owner.hasRoom = true;
    kernel.run(4 * SECOND);
    expect(owner.taken.map(({ at, records }) => [at, records])).toEqual([[3.5, 5]]);
  });

  it('tells of reads that were refused', () => {
    const { kernel, log, owner } = world();
    log.append(0, 5);
    log.isThrottling = true;
    log.consumer?.onPartitionOpened(0, []);
    kernel.run(SECOND);
    expect(owner.taken).toMatchObject([{ at: 0.5, partition: 0, records: 0, throttled: true }]);
  });

  it('begins with a child when its parents are read to the end', () => {
    const { kernel, log, owner } = world();
    log.append(0, 15);
    log.append(1, 1);
    log.consumer?.onPartitionOpened(0, []);
    log.closed.add(0);
    log.consumer?.onPartitionOpened(1, [0]);
    kernel.run(1.4 * SECOND);
    expect(owner.opened).toEqual([0]);
    kernel.run(2 * SECOND);
    expect(owner.opened).toEqual([0, 1]);
    expect(owner.ended).toEqual([0]);
    expect(owner.taken.map(({ at, partition }) => [at, partition])).toEqual([
      [0.5, 0],
      [1.5, 0],
      [1.5, 1],
    ]);
  });
});
