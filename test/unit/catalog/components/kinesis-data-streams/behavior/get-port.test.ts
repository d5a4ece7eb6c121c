import { describe, expect, it } from 'vitest';
import { SECOND, StreamFixture } from '../stream-fixture.ts';

const MIB = 1_048_576;
const alike = (count: number, key: number, bytes: number) => Array.from({ length: count }, () => ({ key, bytes }));

describe('shared reads', () => {
  it('share five calls a second and 2 MiB/s per shard, and a refused call returns nothing', () => {
    const stream = new StreamFixture({ putLatencyMs: 0 });
    const [a, b] = [stream.subscribe(false), stream.subscribe(false)];
    stream.start();
    stream.put([{ key: 1, bytes: 10 }], false);
    for (let i = 0; i < 3; i++) a.read(0);
    for (let i = 0; i < 2; i++) b.read(0);
    expect(b.reply.throttled).toBe(false);
    expect(a.read(0)).toBe(0);
    expect(a.reply).toMatchObject({ throttled: true, ended: false });
    expect(stream.counted('ReadProvisionedThroughputExceeded')).toBe(1);
    expect(stream.limit('read-calls/shard-0').refused).toBe(1);
    expect(stream.codes()).toEqual(['reads-throttled']);
    expect(a.seen).toHaveLength(1);
    expect(b.seen).toHaveLength(1);
  });

  it('fail for bytes / 2 MiB/s after an answer that used up the rate', () => {
    const stream = new StreamFixture({ putLatencyMs: 0, partitionKeyBytes: 1 });
    const reader = stream.subscribe(false);
    stream.start();
    for (let second = 0; second < 4; second++) {
      stream.runTo(second * SECOND);
      stream.put(alike(1, 1, MIB - 1), false);
    }
    const start = stream.kernel.nowUs;
    expect(reader.read(0)).toBe(4);
    stream.runTo(start + 2 * SECOND - 10);
    reader.read(0);
    expect(reader.reply.throttled).toBe(true);
    stream.runTo(start + 2 * SECOND);
    reader.read(0);
    expect(reader.reply.throttled).toBe(false);
  });

  it('return at most 10,000 records and report how far behind they are', () => {
    const stream = new StreamFixture({ putLatencyMs: 0 });
    const reader = stream.subscribe(false);
    stream.start();
    for (let i = 0; i < 11_000; i++) {
      stream.runTo(i * 1000);
      stream.put([{ key: 1, bytes: 10 }], false);
    }
    stream.runTo(11 * SECOND);
    expect(reader.read(0)).toBe(10_000);
    expect(reader.reply).toMatchObject({ more: true, behindUs: 11 * SECOND - 9999 * 1000 });
    expect(reader.read(0)).toBe(1000);
    expect(reader.reply).toMatchObject({ more: false, behindUs: 0 });
  });

  it('see a record only after the mean latency of a put', () => {
    const stream = new StreamFixture({ putLatencyMs: 20 });
    const reader = stream.subscribe(false);
    stream.start();
    stream.put([{ key: 1, bytes: 10 }], false);
    stream.runTo(19_999);
    expect(reader.read(0)).toBe(0);
    stream.runTo(20_000);
    expect(reader.read(0)).toBe(1);
  });

  it('fail during an outage and go on afterwards', () => {
    const stream = new StreamFixture({ putLatencyMs: 0 });
    const reader = stream.subscribe(false);
    stream.start();
    stream.put([{ key: 1, bytes: 10 }], false);
    stream.setFault({ outage: true });
    expect(reader.read(0)).toBe(0);
    expect(reader.reply.failed).toBe(true);
    stream.setFault({ outage: false });
    expect(reader.read(0)).toBe(1);
  });
});

describe('enhanced fan-out', () => {
  it('pushes every record 70 ms after it was stored, whatever shared consumers do', () => {
    const stream = new StreamFixture({ putLatencyMs: 0 });
    const [shared, pushed] = [stream.subscribe(false), stream.subscribe(true)];
    stream.start();
    for (let i = 0; i < 10; i++) {
      stream.runTo(i * 50_000);
      stream.put([{ key: 1, bytes: 10 }], false);
    }
    stream.runTo(SECOND);
    expect(pushed.seen.map(({ atUs }) => atUs)).toEqual(Array.from({ length: 10 }, (_, i) => i * 50_000 + 70_000));
    expect(stream.counted('SubscribeToShardEvent.Records')).toBe(10);
    expect(shared.read(0)).toBe(10);
    expect(stream.counted('GetRecords.Records')).toBe(10);
  });

  it('gives each consumer 2 MiB/s of its own: five of them read what five shared ones could not', () => {
    const run = (fanOut: boolean) => {
      const stream = new StreamFixture({ putLatencyMs: 0, partitionKeyBytes: 1 });
      const readers = Array.from({ length: 5 }, () => stream.subscribe(fanOut));
      stream.start();
      for (let second = 0; second < 20; second++) {
        stream.runTo(second * SECOND);
        stream.put(alike(1, 1, MIB - 1), false);
        if (!fanOut) for (const reader of readers) reader.read(0);
      }
      stream.runTo(25 * SECOND);
      return { read: readers.reduce((sum, { seen }) => sum + seen.length, 0), stream };
    };
    expect(run(true).read).toBe(100);
    const shared = run(false);
    expect(shared.read).toBeLessThan(60);
    expect(shared.stream.counted('ReadProvisionedThroughputExceeded')).toBeGreaterThan(0);
  });

  it('keeps to 2 MiB/s when a backlog is read', () => {
    const stream = new StreamFixture({ putLatencyMs: 0, partitionKeyBytes: 1 });
    const reader = stream.subscribe(true);
    reader.readsWhenTold = false;
    stream.start();
    for (let second = 0; second < 30; second++) {
      stream.runTo(second * SECOND);
      stream.put(alike(1, 1, MIB - 1), false);
    }
    reader.readsWhenTold = true;
    expect(reader.notices).toBe(1);
    reader.read(0);
    stream.runTo(34 * SECOND);
    // 2 MiB at once and 2 MiB/s for 5 seconds, and one record of overdraft.
    expect(reader.seen.length).toBeGreaterThanOrEqual(12);
    expect(reader.seen.length).toBeLessThanOrEqual(13);
    stream.runTo(60 * SECOND);
    expect(reader.seen.length).toBe(30);
  });

  it('stops during an outage and pushes what has gathered when it is over', () => {
    const stream = new StreamFixture({ putLatencyMs: 0 });
    const reader = stream.subscribe(true);
    stream.start();
    stream.put([{ key: 1, bytes: 10 }], false);
    stream.setFault({ outage: true });
    stream.runTo(10 * SECOND);
    expect(reader.seen).toHaveLength(0);
    stream.setFault({ outage: false });
    stream.runTo(11 * SECOND);
    expect(reader.seen).toHaveLength(1);
  });

  it('warns of a twenty-first consumer', () => {
    const stream = new StreamFixture();
    for (let i = 0; i < 20; i++) stream.subscribe(true);
    expect(stream.warnings).toEqual([]);
    stream.subscribe(true);
    expect(stream.warnings).toEqual(['kinesis-data-streams/too-many-fan-out-consumers']);
  });
});
