import { describe, expect, it } from 'vitest';
import { Flow } from '#engine/flow/flow.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import type { LogConsumer, LogPort, ReadReply } from '#engine/flow/ports.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { compileLaw } from '#engine/kernel/laws.ts';
import { type LeasedLogOptions, LeasedLogReader } from '#engine/stations/leased-log-reader.ts';
import { Replicas } from '#engine/stations/replicas.ts';

const MS = 1000;

/** A log whose partitions are lists. */
class ScriptedLog implements LogPort {
  readonly meeting = 'log';
  readonly retentionUs = 86_400_000 * MS;
  readonly ended = new Set<number>();
  reads = 0;
  consumer: LogConsumer | undefined;
  private readonly flow: Flow;
  private readonly lists = new Map<number, ParcelList>();

  constructor(flow: Flow) {
    this.flow = flow;
  }

  subscribe(consumer: LogConsumer): number {
    this.consumer = consumer;
    return 0;
  }

  append(partition: number, ...entities: number[]): void {
    const list = this.lists.get(partition) ?? new ParcelList(this.flow.store);
    this.lists.set(partition, list);
    for (const entity of entities) list.push(this.flow.create(0, 0, entity, -1, 100, 0));
  }

  read(
    _consumer: number,
    partition: number,
    maxUnits: number,
    _bytes: number,
    into: ParcelList,
    reply: ReadReply,
  ): void {
    Object.assign(reply, { throttled: false, failed: false, more: false, behindUs: 0, latencyUs: 0 });
    const list = this.lists.get(partition);
    this.reads++;
    for (let left = maxUnits; left > 0 && list !== undefined && list.head !== NONE; left--) into.push(list.shift());
    reply.ended = this.ended.has(partition) && (list === undefined || list.head === NONE);
  }
}

interface Bench {
  readonly chunkUnits?: number;
  readonly checkpointMs?: number;
  readonly replicas?: number;
  readonly maxAttempts?: number;
  /** What fails: entity and attempt. */
  readonly fails?: (entity: number, attempt: number) => boolean;
  /** Sends end only when the test says so. */
  readonly isSlow?: boolean;
}

/** Works of 10 ms, a read every 100 ms, fail-over 1,000 ms with renewals every 300 ms. */
function bench(given: Bench = {}) {
  const kernel = new Kernel();
  const flow = new Flow(2, () => undefined);
  const log = new ScriptedLog(flow);
  const sent: [ms: number, entities: number[]][] = [];
  const seen: string[] = [];
  const sending: number[] = [];
  const note = (what: string): void => {
    seen.push(`${kernel.nowUs / MS} ${what}`);
  };
  const replicas: Replicas = new Replicas(
    kernel,
    {
      initial: given.replicas ?? 2,
      cores: 1,
      computingRatio: 0,
      startUp: compileLaw({ kind: 'deterministic', mean: 5000 * MS }),
      startUpDraw: new DrawStream(1, 'service', 'startUp'),
      launchLimits: [],
      stopTimeoutUs: 60_000 * MS,
    },
    {
      onRunning: (replica) => reader.onRunning(replica),
      onStopping: (replica) => reader.onStopping(replica),
      onGone: (replica) => reader.onGone(replica),
      onChange: () => undefined,
    },
  );
  const options: LeasedLogOptions = {
    maxUnits: 100,
    maxBytes: 1e6,
    intervalUs: 100 * MS,
    phaseRatio: () => 0,
    isFanOut: false,
    chunkUnits: given.chunkUnits ?? 1,
    checkpointUs: (given.checkpointMs ?? 1e6) * MS,
    failOverUs: 1000 * MS,
    renewalUs: 300 * MS,
    renewalDraw: new DrawStream(1, 'service', 'renewal'),
    maxAttempts: given.maxAttempts ?? 1,
    retryUs: 50 * MS,
  };
  const reader: LeasedLogReader = new LeasedLogReader({ kernel, flow, node: 1 }, log, replicas, options, {
    serviceUs: () => 10 * MS,
    fails: (parcel, attempt) => given.fails?.(flow.store.entity[parcel]!, attempt) ?? false,
    send: (units, count, lease) => {
      sent.push([kernel.nowUs / MS, Array.from(units.slice(0, count), (p) => flow.store.entity[p]!)]);
      for (let i = 0; i < count; i++) flow.deliverEffect(units[i]!, 1, kernel.nowUs);
      if (given.isSlow === true) sending.push(lease);
      else reader.sent(lease, true);
    },
    onGivenUp: (parcel) => {
      note(`given up ${flow.store.entity[parcel]!}`);
      flow.drop(parcel, 'attempts-exhausted');
    },
    onRead: () => undefined,
    onWorked: () => undefined,
    onCheckpoint: () => note('checkpoint'),
    onTakenOver: (records) => note(`taken over with ${records}`),
    onLeases: () => undefined,
  });
  const open = (...partitions: number[]): void => {
    for (const partition of partitions) log.consumer?.onPartitionOpened(partition, []);
  };
  return { kernel, flow, log, reader, replicas, sent, seen, sending, open, at: (ms: number) => kernel.run(ms * MS) };
}

const entities = (sent: readonly [number, number[]][]): number[] => sent.flatMap(([, own]) => own);

describe('leased log reader', () => {
  it('works on partitions side by side, in chunks, and is done with units at a checkpoint', () => {
    const { log, flow, replicas, sent, seen, open, at } = bench({ chunkUnits: 2, checkpointMs: 0 });
    replicas.start();
    open(0, 1);
    log.append(0, 1, 2, 3);
    log.append(1, 11);
    at(200);
    expect(sent).toEqual([
      [10, [11]],
      [20, [1, 2]],
      [30, [3]],
    ]);
    expect(seen).toEqual(['10 checkpoint', '30 checkpoint']);
    expect(flow.store.liveCount).toBe(0);
  });

  it('keeps units until a checkpoint that is old enough', () => {
    const { log, flow, replicas, seen, open, at } = bench({ checkpointMs: 250 });
    replicas.start();
    open(0);
    log.append(0, 1);
    at(200);
    expect([seen, flow.store.liveCount]).toEqual([[], 1]);
    at(280);
    log.append(0, 2);
    at(400);
    expect([seen, flow.store.liveCount]).toEqual([['310 checkpoint'], 0]);
  });

  it('begins with a child partition when its parents are worked off', () => {
    const { log, replicas, sent, open, at } = bench();
    replicas.start();
    open(0, 1);
    log.append(0, 1, 2);
    log.append(2, 9);
    log.consumer?.onPartitionOpened(2, [0, 1]);
    log.ended.add(0);
    at(500);
    expect(entities(sent)).toEqual([1, 2]);
    log.ended.add(1);
    at(1000);
    expect(entities(sent)).toEqual([1, 2, 9]);
  });

  it('works on everything since the checkpoint again when a worker is lost, not before its lease has run out', () => {
    const { log, replicas, sent, seen, open, at } = bench();
    replicas.start();
    open(0, 1);
    log.append(1, 1, 2, 3);
    at(25);
    // Two are worked on, the third is in hand; the second worker holds the second lease.
    replicas.limitTo(0.5);
    at(700);
    expect(entities(sent)).toEqual([1, 2]);
    at(2000);
    expect(entities(sent)).toEqual([1, 2, 1, 2, 3]);
    const [takenAt, ...rest] = seen[0]!.split(' ');
    expect(rest.join(' ')).toBe('taken over with 2');
    expect(Number(takenAt)).toBeGreaterThanOrEqual(725);
    expect(Number(takenAt)).toBeLessThanOrEqual(1025);
  });

  it('takes a lease over only after what was being sent has ended', () => {
    const { log, replicas, reader, sent, seen, sending, open, at } = bench({ isSlow: true });
    replicas.start();
    open(0, 1);
    log.append(1, 1);
    at(20);
    replicas.limitTo(0.5);
    at(5000);
    expect(seen).toEqual([]);
    reader.sent(sending[0]!, true);
    at(5500);
    expect(entities(sent)).toEqual([1]);
    at(7000);
    expect(entities(sent)).toEqual([1, 1]);
  });

  it('waits for a worker when there is none', () => {
    const { log, replicas, sent, open, at } = bench({ replicas: 1 });
    replicas.start();
    open(0);
    log.append(0, 1);
    replicas.limitTo(0);
    at(3000);
    expect(sent).toEqual([]);
    replicas.limitTo(1);
    at(9000);
    expect(entities(sent)).toEqual([1]);
  });

  it('hands over in order after the chunk in hand, with a checkpoint: nothing is repeated', () => {
    const { log, replicas, sent, seen, open, at } = bench();
    replicas.start();
    open(0, 1);
    log.append(1, 1, 2, 3);
    at(15);
    replicas.scaleTo(1);
    at(500);
    expect(entities(sent)).toEqual([1, 2, 3]);
    expect(seen[0]).toBe('20 checkpoint');
    expect(replicas.running).toBe(1);
  });

  it('gives a new worker its share of the leases', () => {
    const { log, replicas, sent, open, at } = bench({ replicas: 1 });
    replicas.start();
    open(0, 1, 2, 3);
    replicas.scaleTo(2);
    at(6000);
    log.append(0, 1);
    log.append(3, 2);
    at(6200);
    expect(new Set(entities(sent))).toEqual(new Set([1, 2]));
    // The loss of either worker leaves two leases of four without a holder.
    replicas.limitTo(0.5);
    log.append(0, 3);
    log.append(1, 4);
    log.append(2, 5);
    log.append(3, 6);
    at(6600);
    expect(entities(sent)).toHaveLength(4);
    at(8000);
    expect(new Set(entities(sent))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
  });

  it('tries what failed again after a wait, ahead of what follows, and gives it up', () => {
    const { log, replicas, sent, seen, open, at } = bench({
      chunkUnits: 3,
      maxAttempts: 2,
      fails: (entity) => entity === 2,
    });
    replicas.start();
    open(0);
    log.append(0, 1, 2, 3, 4, 5);
    at(500);
    // 1 and 3 of the first chunk, then 2 again with 4 and 5.
    expect(sent).toEqual([
      [30, [1, 3]],
      [110, [4, 5]],
    ]);
    expect(seen).toEqual(['110 given up 2']);
  });
});
