import { describe, expect, it } from 'vitest';
import { Flow } from '#engine/flow/flow.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import type { LogConsumer, LogPort, ReadReply } from '#engine/flow/ports.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { LogPoller, type LogPollerOptions } from '#engine/stations/poller-log.ts';

const MS = 1000;
const SECOND = 1_000_000;

/** A log whose partitions are lists; writes down its reads. */
class ScriptedLog implements LogPort {
  readonly meeting = 'log';
  readonly retentionUs = 86_400 * SECOND;
  readonly reads: { t: number; partition: number; units: number }[] = [];
  readonly ended = new Set<number>();
  throttledUntilUs = 0;
  consumer: LogConsumer | undefined;
  isFanOut = false;
  private readonly kernel: Kernel;
  private readonly flow: Flow;
  private readonly partitions = new Map<number, ParcelList>();

  constructor(kernel: Kernel, flow: Flow) {
    this.kernel = kernel;
    this.flow = flow;
  }

  subscribe(consumer: LogConsumer, fanOut: boolean): number {
    this.consumer = consumer;
    this.isFanOut = fanOut;
    return 3;
  }

  append(partition: number, entity: number): void {
    let list = this.partitions.get(partition);
    if (list === undefined) {
      list = new ParcelList(this.flow.store);
      this.partitions.set(partition, list);
    }
    list.push(this.flow.create(0, 0, entity, -1, 100, this.kernel.nowUs));
  }

  read(
    consumer: number,
    partition: number,
    maxUnits: number,
    _bytes: number,
    into: ParcelList,
    reply: ReadReply,
  ): void {
    expect(consumer).toBe(3);
    reply.throttled = this.kernel.nowUs < this.throttledUntilUs;
    reply.failed = false;
    reply.latencyUs = 20 * MS;
    reply.behindUs = 0;
    const list = this.partitions.get(partition);
    let units = 0;
    while (!reply.throttled && list !== undefined && list.head !== NONE && units < maxUnits) {
      into.push(list.shift());
      units++;
    }
    reply.more = (list?.length ?? 0) > 0;
    reply.ended = this.ended.has(partition) && !reply.more;
    this.reads.push({ t: this.kernel.nowUs / MS, partition, units });
  }
}

function bench(options: Partial<LogPollerOptions> = {}, fails: (entity: number) => boolean = () => false) {
  const kernel = new Kernel();
  const flow = new Flow(2, () => undefined);
  const log = new ScriptedLog(kernel, flow);
  const served: { t: number; entity: number; attempts: number }[] = [];
  const lanes: [number, number][] = [];
  const poller = new LogPoller(
    kernel,
    flow,
    log,
    { maxUnits: 10, maxBytes: 1e7, intervalUs: SECOND, isFanOut: false, ...options },
    {
      serviceUs: () => 100 * MS,
      onServed: (parcel, attempts) => {
        const entity = flow.store.entity[parcel]!;
        served.push({ t: kernel.nowUs / MS, entity, attempts });
        if (fails(entity) && attempts < 3) return false;
        flow.deliver(parcel, 1, kernel.nowUs);
        return true;
      },
      onRead: () => undefined,
      onBusy: (busy, open) => lanes.push([busy, open]),
    },
  );
  return { kernel, flow, log, poller, served, lanes };
}

describe('LogPoller', () => {
  it('reads each partition an interval after the last answer while there is nothing', () => {
    const { kernel, log } = bench();
    log.consumer!.onPartitionOpened(0, []);
    log.consumer!.onPartitionOpened(1, []);
    kernel.run(2500 * MS);
    expect(log.reads.map(({ t }) => t)).toEqual([0, 0, 1020, 1020, 2040, 2040]);
  });

  it('reads the first partitions out of step, and children as soon as they are open', () => {
    const { kernel, log } = bench({ phaseRatio: (partition) => partition / 4 });
    log.ended.add(1);
    log.consumer!.onPartitionOpened(0, []);
    log.consumer!.onPartitionOpened(1, []);
    log.consumer!.onPartitionOpened(2, [1]);
    kernel.run(900 * MS);
    expect(log.reads.map(({ t, partition }) => [t, partition])).toEqual([
      [0, 0],
      [250, 1],
      [250, 2],
    ]);
  });

  it('works on what it read one by one, and reads again no sooner than it is done', () => {
    const { kernel, log, served } = bench();
    for (let i = 0; i < 15; i++) log.append(0, i);
    log.consumer!.onPartitionOpened(0, []);
    kernel.run(3 * SECOND);
    expect(served.map(({ entity }) => entity)).toEqual(Array.from({ length: 15 }, (_, i) => i));
    expect(served[0]!.t).toBe(120);
    // Ten units of 100 ms after 20 ms of reading: 1,020 ms, as long as the interval after the answer.
    expect(log.reads.slice(0, 3)).toEqual([
      { t: 0, partition: 0, units: 10 },
      { t: 1020, partition: 0, units: 5 },
      { t: 2040, partition: 0, units: 0 },
    ]);
  });

  it('asks again an interval after it was throttled', () => {
    const { kernel, log, served } = bench();
    log.append(0, 1);
    log.throttledUntilUs = 500 * MS;
    log.consumer!.onPartitionOpened(0, []);
    kernel.run(1200 * MS);
    expect(served).toEqual([{ t: 1140, entity: 1, attempts: 1 }]);
  });

  it('begins a child when both parents are read to the end and worked off', () => {
    const { kernel, log, served, poller } = bench();
    log.append(0, 1);
    log.append(1, 2);
    log.append(2, 3);
    log.consumer!.onPartitionOpened(0, []);
    log.consumer!.onPartitionOpened(1, []);
    log.consumer!.onPartitionOpened(2, [0, 1]);
    log.ended.add(0);
    kernel.run(900 * MS);
    expect(log.reads.some(({ partition }) => partition === 2)).toBe(false);
    log.ended.add(1);
    kernel.run(3 * SECOND);
    expect(served.map(({ entity }) => entity)).toEqual([1, 2, 3]);
    // The second parent ends with the read an interval after the answer at 20 ms.
    expect(log.reads.find(({ partition }) => partition === 2)?.t).toBe(1020);
    expect(poller.openCount).toBe(1);
  });

  it('serves a unit again until it is done with', () => {
    const { kernel, log, served } = bench({}, (entity) => entity === 1);
    log.append(0, 1);
    log.append(0, 2);
    log.consumer!.onPartitionOpened(0, []);
    kernel.run(SECOND);
    expect(served).toEqual([
      { t: 120, entity: 1, attempts: 1 },
      { t: 220, entity: 1, attempts: 2 },
      { t: 320, entity: 1, attempts: 3 },
      { t: 420, entity: 2, attempts: 1 },
    ]);
  });

  it('reads when told that records are there, with throughput of its own', () => {
    const { kernel, log, served } = bench({ isFanOut: true });
    log.consumer!.onPartitionOpened(0, []);
    kernel.run(700 * MS);
    expect(log.isFanOut).toBe(true);
    expect(log.reads.length).toBe(1);
    log.append(0, 1);
    log.consumer!.onRecords!(0);
    kernel.run(5 * SECOND);
    expect(served).toEqual([{ t: 820, entity: 1, attempts: 1 }]);
    expect(log.reads.map(({ t }) => t)).toEqual([0, 700, 820]);
  });

  it('stops while paused and takes up where it stood', () => {
    const { kernel, log, served, poller, lanes } = bench();
    log.append(0, 1);
    log.append(0, 2);
    log.consumer!.onPartitionOpened(0, []);
    kernel.run(150 * MS);
    poller.paused = true;
    kernel.run(5 * SECOND);
    expect(served.map(({ entity }) => entity)).toEqual([1]);
    expect(lanes.at(-1)).toEqual([0, 1]);
    poller.paused = false;
    kernel.run(6 * SECOND);
    expect(served.map(({ entity }) => entity)).toEqual([1, 2]);
    expect(log.reads.length).toBe(2);
  });
});
