import { describe, expect, it } from 'vitest';
import { nodeImbalance } from '#engine/flow/ledger.ts';
import { Flow } from '#engine/flow/flow.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { PartitionedLog } from '#engine/stations/partitioned-log.ts';

const SOURCE = 0;
const LOG = 1;
const HOUR = 3_600_000_000;

function setUp(consumers: number, partitions: number) {
  const flow = new Flow(2, () => undefined);
  const log = new PartitionedLog(flow, LOG, 24 * HOUR);
  for (let i = 0; i < consumers; i++) log.subscribe();
  log.divideEqually(partitions, 0, []);
  const put = (entity: number, position: number, nowUs: number): void => {
    log.append(log.route(position), flow.create(SOURCE, 0, entity, -1, 100, nowUs), nowUs);
  };
  const read = (consumer: number, partition: number, nowUs: number, maxUnits = 1e9, maxBytes = 1e9): number[] => {
    const into = new ParcelList(flow.store);
    log.take(consumer, log.partitions[partition]!, maxUnits, maxBytes, nowUs, into);
    const entities: number[] = [];
    for (let p = into.shift(); p !== NONE; p = into.shift()) {
      entities.push(flow.store.entity[p]!);
      flow.settle(p, LOG, nowUs);
    }
    return entities;
  };
  const balance = (): number => {
    const inside = flow.countInside();
    return nodeImbalance(flow.ledger.node(LOG, inside[LOG]!.inside, 0));
  };
  return { flow, log, put, read, balance };
}

describe('PartitionedLog', () => {
  it('routes by equal ranges of the ring, lower ends included', () => {
    const { log } = setUp(1, 4);
    expect([0, 0.2499, 0.25, 0.5, 0.7499, 0.75, 0.9999999].map((x) => log.route(x).id)).toEqual([0, 0, 1, 2, 2, 3, 3]);
  });

  it('gives each consumer every record in the order of appending, and makes one copy for each further consumer', () => {
    const { flow, put, read, balance } = setUp(3, 1);
    for (let i = 0; i < 5; i++) put(i, 0.5, i);
    expect(flow.ledger.counts.copied[LOG]).toBe(10);
    expect(read(0, 0, 10)).toEqual([0, 1, 2, 3, 4]);
    expect(read(1, 0, 10, 2)).toEqual([0, 1]);
    expect(read(2, 0, 10, 100, 250)).toEqual([0, 1]);
    expect(read(2, 0, 10)).toEqual([2, 3, 4]);
    expect(balance()).toBe(0);
  });

  it('returns a record larger than the bytes asked for, rather than none for ever', () => {
    const { put, read } = setUp(1, 1);
    put(1, 0.5, 0);
    expect(read(0, 0, 0, 10, 50)).toEqual([1]);
  });

  it('does not show a record before it is available, nor one before another that was appended first', () => {
    const { flow, log, read } = setUp(1, 1);
    log.append(log.route(0.5), flow.create(SOURCE, 0, 1, -1, 100, 0), 500);
    log.append(log.route(0.5), flow.create(SOURCE, 0, 2, -1, 100, 0), 300);
    expect(read(0, 0, 499)).toEqual([]);
    expect(read(0, 0, 500)).toEqual([1, 2]);
  });

  it('trims what is unread when its retention ends, to the microsecond', () => {
    const { flow, log, put, balance } = setUp(2, 1);
    put(1, 0.5, 1000);
    put(2, 0.5, 2000);
    const partition = log.partitions[0]!;
    expect(log.expire(0, partition, 1000 + 24 * HOUR - 1)).toBe(0);
    expect(log.expire(0, partition, 1000 + 24 * HOUR)).toBe(1);
    expect(log.expire(1, partition, 2000 + 24 * HOUR)).toBe(2);
    expect(flow.ledger.counts.expired[LOG]).toBe(3);
    expect(balance()).toBe(0);
  });

  it('keeps one resting copy of each record without consumers, joined by the second, until its retention ends', () => {
    const { flow, log, put, balance } = setUp(0, 1);
    for (let i = 0; i < 1000; i++) put(i, 0.5, i * 1000);
    for (let i = 0; i < 1000; i++) put(i, 0.5, 2_000_000 + i * 1000);
    expect(flow.store.liveCount).toBe(2);
    expect(flow.countInside()[LOG]!.inside).toBe(2000);
    expect(log.expire(0, log.partitions[0]!, 24 * HOUR + 999_000)).toBe(1000);
    expect(balance()).toBe(0);
  });

  it('opens children under their parents and lets what was written before be read to its end', () => {
    const { log, put, read } = setUp(1, 2);
    put(1, 0.1, 0);
    const closed: number[] = [];
    const opened = log.divideEqually(4, 10, closed);
    expect(opened.map(({ id, parents }) => [id, ...parents])).toEqual([
      [2, 0],
      [3, 0],
      [4, 1],
      [5, 1],
    ]);
    expect(closed).toEqual([0, 1]);
    put(2, 0.1, 20);
    expect(log.route(0.1).id).toBe(2);
    expect(log.partitions[0]!.isRead(0)).toBe(false);
    expect(read(0, 0, 30)).toEqual([1]);
    expect(log.partitions[0]!.isRead(0)).toBe(true);
    expect(read(0, 2, 30)).toEqual([2]);
  });

  it('merges: a child has every partition it takes over from as a parent, and ranges that stay keep their partition', () => {
    const { log } = setUp(1, 4);
    const closed: number[] = [];
    const opened = log.divideEqually(3, 10, closed);
    expect(opened.map(({ parents }) => parents)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    const again: number[] = [];
    expect(log.divideEqually(3, 20, again)).toEqual([]);
    expect(again).toEqual([]);
  });

  it('cuts single partitions in half and leaves the others open', () => {
    const { log } = setUp(1, 2);
    const closed: number[] = [];
    const opened = log.halve([1], 10, closed);
    expect(closed).toEqual([1]);
    expect(opened.map(({ from, to }) => [from, to])).toEqual([
      [0.5, 0.75],
      [0.75, 1],
    ]);
    expect(log.route(0.3).id).toBe(0);
    expect(log.route(0.8).id).toBe(3);
  });

  it('fails when a consumer registers after the log has been opened', () => {
    const { log } = setUp(1, 1);
    expect(() => log.subscribe()).toThrow('consumers are registered before');
  });
});
