import { describe, expect, it } from 'vitest';
import { NONE } from '#engine/flow/parcels.ts';
import { keyOfShard, referenceShard, SECOND, StreamFixture } from '../stream-fixture.ts';

const MIB = 1_048_576;
const alike = (count: number, key: number, bytes: number) => Array.from({ length: count }, () => ({ key, bytes }));

describe('routing', () => {
  it('puts each key into the shard that the MD5 of its name falls into', () => {
    const stream = new StreamFixture({ shardCount: 7, putLatencyMs: 0 });
    const reader = stream.subscribe(false);
    stream.start();
    const expected: number[][] = Array.from({ length: 7 }, () => []);
    for (let key = 0; key < 500; key++) {
      stream.put([{ key, bytes: 10 }], false);
      expected[referenceShard(`key-${key}`, 7)]!.push(key);
    }
    for (let shard = 0; shard < 7; shard++) reader.read(shard);
    const found = expected.map((_, shard) => reader.seen.filter((x) => x.partition === shard).map((x) => x.entity));
    expect(found).toEqual(expected);
  });

  it('spreads records without a key evenly: four shards within five standard deviations of a quarter', () => {
    const stream = new StreamFixture({ shardCount: 4, putLatencyMs: 0 });
    const reader = stream.subscribe(false);
    stream.start();
    for (let i = 0; i < 3000; i++) stream.put([{ key: -1, bytes: 10 }], false);
    for (let shard = 0; shard < 4; shard++) {
      const deviation = Math.sqrt(3000 * 0.25 * 0.75);
      expect(Math.abs(reader.read(shard) - 750)).toBeLessThan(5 * deviation);
    }
  });
});

describe('write limits', () => {
  it('takes the first records of a run that a shard has room for and gives the others back as a run', () => {
    const stream = new StreamFixture({ shardCount: 1, putLatencyMs: 0 });
    const reader = stream.subscribe(false);
    const { store } = stream.start().flow;
    const request = stream.createRun(1500, 7, 100);
    expect(stream.offer(request, false)).toMatchObject({ accepted: 1000, refused: 500, failed: 0 });
    expect([request.length, request.units, request.bytes]).toEqual([1, 500, 50_000]);
    stream.runTo(SECOND / 4);
    expect(stream.offer(request, false)).toMatchObject({ accepted: 250, refused: 250, failed: 0 });
    expect([request.length, store.entity[request.head]]).toEqual([1, 1250]);
    stream.runTo(SECOND);
    expect(stream.offer(request, false)).toMatchObject({ accepted: 250, refused: 0, failed: 0 });
    expect(stream.counted('WriteProvisionedThroughputExceeded')).toBe(750);
    expect(stream.limit('write-records/shard-0').refused).toBe(750);
    reader.read(0);
    expect(reader.seen.map(({ entity }) => entity)).toEqual(Array.from({ length: 1500 }, (_, i) => i));
  });

  it('gives back in runs what bytes do not suffice for, where all records have one size', () => {
    const stream = new StreamFixture({ shardCount: 1, partitionKeyBytes: 24 }).start();
    const request = stream.createRun(300, 7, 5000);
    // 1 MiB is 204.8 times 5 KiB: 5,000 bytes and a key of 24, rounded up to whole KiB.
    expect(stream.offer(request, false)).toMatchObject({ accepted: 204, refused: 96 });
    expect([request.length, request.units]).toEqual([1, 96]);
    expect(stream.limit('write-bytes/shard-0').refused).toBe(96);
  });

  it('counts a run as demand once, however often it is offered', () => {
    const stream = new StreamFixture({ shardCount: 1 }).start();
    const request = stream.createRun(3000, 7, 100);
    for (let i = 0; i < 60; i++) {
      stream.offer(request, false);
      stream.runTo(((i + 1) * SECOND) / 20);
    }
    stream.runTo(60 * SECOND);
    // 3,000 records of one key in the second in which they were offered first: three times what a shard takes.
    expect(stream.gauge('HottestKeyLoad')).toBe(300);
  });

  it('takes 1,000 records at once and 1,000 a second afterwards; the rest stays in the request, in order', () => {
    const stream = new StreamFixture().start();
    const first = stream.put(alike(500, 1, 100), true);
    const second = stream.put(alike(500, 1, 100), true);
    const third = stream.put(alike(500, 1, 100), true);
    expect([first.reply.accepted, second.reply.accepted, third.reply.accepted]).toEqual([500, 500, 0]);
    expect(third.reply.refused).toBe(500);
    expect(third.left.length).toBe(500);
    stream.runTo(SECOND / 4);
    const later = stream.put(alike(500, 1, 100), true);
    expect(later.reply).toMatchObject({ accepted: 250, refused: 250, failed: 0 });
    const entities: number[] = [];
    for (let p = later.left.head; p !== NONE; p = stream.flow.store.next[p]!) {
      entities.push(stream.flow.store.entity[p]!);
    }
    expect(entities).toEqual(Array.from({ length: 250 }, (_, i) => 1750 + i));
    expect(stream.counted('WriteProvisionedThroughputExceeded')).toBe(750);
    expect(stream.counted('PutRecords.ThrottledRecords')).toBe(750);
    expect(stream.limit('write-records/shard-0').refused).toBe(750);
  });

  it('wants no runs of invocations while a shard is near its limits, nor for ten seconds after a refusal', () => {
    const stream = new StreamFixture().start();
    expect(stream.takesRuns()).toBe(true);
    stream.put(alike(500, 1, 100), true);
    stream.put(alike(300, 1, 100), true);
    expect(stream.takesRuns()).toBe(false);
    stream.runTo(SECOND);
    expect(stream.takesRuns()).toBe(true);
    for (let i = 0; i < 3; i++) stream.put(alike(500, 1, 100), true);
    stream.runTo(10.9 * SECOND);
    expect(stream.takesRuns()).toBe(false);
    stream.runTo(11.1 * SECOND);
    expect(stream.takesRuns()).toBe(true);
  });

  it('refuses the records of a hot shard only, in one PutRecords call', () => {
    const stream = new StreamFixture({ shardCount: 2 }).start();
    const [cold, hot] = [keyOfShard(0, 2), keyOfShard(1, 2)];
    stream.put(alike(500, hot, 10), true);
    stream.put(alike(499, hot, 10), true);
    const mixed = stream.put([...alike(5, cold, 10), ...alike(3, hot, 10), ...alike(5, cold, 10)], true);
    expect(mixed.reply).toMatchObject({ accepted: 11, refused: 2, failed: 0 });
    expect(stream.flow.store.key[mixed.left.head]).toBe(hot);
  });

  it('rounds each record of PutRecord up to 1 KB, but only the sum of a PutRecords call', () => {
    // 1 MiB holds 1,024 records of 1 KB, so 600-byte records one by one meet the record limit of 1,000 first, and
    // 1,100-byte records (2 KB each with the key) the byte limit at 512.
    const single = new StreamFixture().start();
    let taken = 0;
    for (let i = 0; i < 1000; i++) taken += single.put([{ key: 1, bytes: 1100 }], false).reply.accepted;
    expect(taken).toBe(512);
    const batch = new StreamFixture().start();
    // 5 bytes of key: 1,105 x 948 = 1,047,540 and 1,105 x 949 = 1,048,645 > 1,048,576. The first call has 500 records:
    // 552,500 bytes are rounded up to 552,960, which leaves 495,616: 448 records of 1,105 bytes.
    const accepted = [500, 500].map((n) => batch.put(alike(n, 1, 1100), true).reply.accepted);
    expect(accepted).toEqual([500, Math.floor((MIB - 552_960) / 1105)]);
  });

  it('counts the partition key: of the length given, or of its name', () => {
    const named = new StreamFixture({ putLatencyMs: 0 }).start();
    named.put([{ key: 12_345, bytes: 100 }], false);
    expect(named.counted('IncomingBytes')).toBe(100 + 'key-12345'.length);
    const given = new StreamFixture({ partitionKeyBytes: 256 }).start();
    given.put([{ key: 12_345, bytes: 100 }], false);
    expect(given.counted('IncomingBytes')).toBe(356);
  });

  it('does not give a stream with ordinary records the burst of large ones', () => {
    const ordinary = new StreamFixture({ partitionKeyBytes: 1 }).start();
    const large = new StreamFixture({ partitionKeyBytes: 1, maxRecordSizeInKiB: 10_240 }).start();
    const record = [{ key: 1, bytes: MIB - 1 }];
    const accepted = (stream: StreamFixture) =>
      [0, 1, 2].reduce((sum) => sum + stream.put(record, false).reply.accepted, 0);
    expect(accepted(ordinary)).toBe(1);
    expect(accepted(large)).toBe(3);
    expect(large.put([{ key: 1, bytes: 8 * MIB }], false).reply.refused).toBe(1);
    large.runTo(10 * SECOND);
    expect(large.put([{ key: 1, bytes: 8 * MIB }], false).reply.accepted).toBe(1);
  });

  it('fails a record larger than the stream takes and says so once', () => {
    const stream = new StreamFixture().start();
    expect(stream.put([{ key: 1, bytes: MIB }], false).reply).toMatchObject({ accepted: 0, refused: 0, failed: 1 });
    expect(stream.put([{ key: 1, bytes: MIB }], false).left.length).toBe(1);
    expect(stream.codes()).toEqual(['record-too-large']);
  });

  it('fails a PutRecords call of 501 records as a whole', () => {
    const stream = new StreamFixture({ shardCount: 4 }).start();
    expect(stream.put(alike(501, 1, 10), true).reply).toMatchObject({ accepted: 0, failed: 501 });
    expect(stream.counted('IncomingRecords')).toBe(0);
    expect(stream.codes()).toEqual(['call-too-large']);
  });

  it('takes half as much while half of its capacity is left', () => {
    const stream = new StreamFixture().start();
    stream.setFault({ capacityRatio: 0.5 });
    let taken = 0;
    for (let i = 0; i < 40; i++) {
      stream.runTo((i * SECOND) / 4);
      taken += stream.put(alike(500, 1, 10), true).reply.accepted;
    }
    expect(taken).toBe(500 + 39 * 125);
  });

  it('logs one episode of throttling with the share of the hottest key, and its end a minute later', () => {
    const stream = new StreamFixture({ shardCount: 2 }).start();
    const hot = keyOfShard(1, 2);
    for (let i = 0; i < 4; i++) stream.put(alike(500, hot, 10), true);
    stream.runTo(180 * SECOND);
    expect(stream.logged.map(({ t, code, params }) => ({ t, code, params }))).toEqual([
      {
        t: 0,
        code: 'kinesis-data-streams/throttled',
        params: { shard: 'shardId-000000000001', shardCount: 2, sharePercent: 100 },
      },
      {
        t: 60,
        code: 'kinesis-data-streams/recovered',
        params: { shard: 'shardId-000000000001', refused: 1000 },
      },
    ]);
  });

  it('logs an episode that began in the pre-roll again when recording begins', () => {
    const stream = new StreamFixture().start();
    for (let i = 0; i < 3; i++) stream.put(alike(500, 1, 10), true);
    stream.node.behavior.startRecording!();
    stream.put(alike(500, 1, 10), true);
    stream.runTo(120 * SECOND);
    expect(stream.codes()).toEqual(['throttled', 'throttled', 'recovered']);
    expect(stream.logged[2]!.params['refused']).toBe(500);
  });

  it('shows what the hottest key asks of a shard, as a share of the shard limit', () => {
    const stream = new StreamFixture({ shardCount: 2 }).start();
    const hot = keyOfShard(1, 2);
    for (let i = 0; i < 5; i++) stream.put(alike(500, hot, 10), true);
    stream.runTo(60 * SECOND);
    expect(stream.gauge('HottestKeyLoad')).toBeCloseTo(250, 5);
  });

  it('does not take the retries of refused records for demand of their key', () => {
    const stream = new StreamFixture().start();
    for (let i = 0; i < 3; i++) stream.put(alike(500, 7, 10), true);
    const refused = stream.put(alike(100, 7, 10), true);
    for (let i = 0; i < 50; i++) stream.offer(refused.left, true);
    stream.runTo(60 * SECOND);
    expect(stream.gauge('HottestKeyLoad')).toBeCloseTo(160, 5);
  });

  it('predicts the shard that a record will be put into', () => {
    const stream = new StreamFixture({ shardCount: 5 }).start();
    for (let key = 0; key < 100; key++) {
      const { head } = stream.create([{ key, bytes: 10 }]);
      expect(stream.predict(head)).toBe(referenceShard(`key-${key}`, 5));
    }
  });

  it('fails calls and single records by the error rates of a fault', () => {
    const stream = new StreamFixture().start();
    stream.setFault({ recordErrorRatio: 1 });
    expect(stream.put(alike(3, 1, 10), true).reply).toMatchObject({ accepted: 0, failed: 3 });
    expect(stream.counted('PutRecords.FailedRecords')).toBe(3);
    stream.setFault({ recordErrorRatio: 0, invocationErrorRatio: 1 });
    expect(stream.put(alike(3, 1, 10), false).reply).toMatchObject({ accepted: 0, failed: 3 });
  });
});
