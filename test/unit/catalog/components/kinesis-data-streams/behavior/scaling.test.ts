import { describe, expect, it } from 'vitest';
import { HOUR, keyOfShard, SECOND, StreamFixture } from '../stream-fixture.ts';

const alike = (count: number, key: number, bytes: number) => Array.from({ length: count }, () => ({ key, bytes }));

describe('resharding', () => {
  it('tells consumers of the children with their parents, ends the parents, and routes new records to the children', () => {
    const stream = new StreamFixture({
      shardCount: 2,
      putLatencyMs: 0,
      reshardAtMinutes: 1,
      reshardTargetShardCount: 4,
    });
    const reader = stream.subscribe(false);
    stream.start();
    const key = keyOfShard(1, 4);
    stream.put([{ key, bytes: 10 }], false);
    expect(reader.opened).toEqual([
      { partition: 0, parents: [] },
      { partition: 1, parents: [] },
    ]);
    stream.runTo(119 * SECOND);
    stream.put([{ key, bytes: 10 }], false);
    stream.runTo(121 * SECOND);
    expect(reader.opened.slice(2)).toEqual([
      { partition: 2, parents: [0] },
      { partition: 3, parents: [0] },
      { partition: 4, parents: [1] },
      { partition: 5, parents: [1] },
    ]);
    stream.put([{ key, bytes: 10 }], false);
    expect(reader.read(0)).toBe(2);
    expect(reader.reply.ended).toBe(true);
    expect(reader.read(3)).toBe(1);
    expect(reader.reply.ended).toBe(false);
    expect(reader.seen.map(({ entity }) => entity)).toEqual([0, 1, 2]);
    expect(stream.logged.map(({ t }) => t)).toEqual([60, 120]);
    expect(stream.gauge('OpenShardCount')).toBe(4);
  });

  it('tells fan-out consumers of an empty parent that it has ended', () => {
    const stream = new StreamFixture({ shardCount: 2, reshardAtMinutes: 1, reshardTargetShardCount: 1 });
    const reader = stream.subscribe(true);
    stream.start().runTo(130 * SECOND);
    expect(reader.notices).toBe(2);
    expect(reader.reply.ended).toBe(true);
    expect(reader.opened.at(-1)).toEqual({ partition: 2, parents: [0, 1] });
  });

  it('bills open shards by the time they were open', () => {
    const stream = new StreamFixture({ shardCount: 2, reshardAtMinutes: 29, reshardTargetShardCount: 4 });
    stream.subscribe(true);
    stream.start().runTo(HOUR);
    expect(stream.usage()['shardHours']).toBeCloseTo(2 * 0.5 + 4 * 0.5, 10);
    expect(stream.usage()['fanOutConsumerShardHours']).toBeCloseTo(3, 10);
  });
});

describe('on-demand mode', () => {
  const load = (stream: StreamFixture, fromSecond: number, toSecond: number, records: number) => {
    let taken = 0;
    for (let second = fromSecond; second < toSecond; second++) {
      stream.runTo(second * SECOND);
      for (let left = records; left > 0; left -= 500) {
        taken += stream.put(alike(Math.min(500, left), -1, 10), true).reply.accepted;
      }
    }
    return taken;
  };

  it('starts with four shards, or with its warm throughput under On-demand Advantage', () => {
    const plain = new StreamFixture({ streamMode: 'ON_DEMAND' }).start();
    expect(plain.gauge('OpenShardCount')).toBe(4);
    const warm = new StreamFixture({ streamMode: 'ON_DEMAND', onDemandAdvantage: true, warmThroughputMiBps: 40 });
    expect(warm.start().gauge('OpenShardCount')).toBe(40);
  });

  it('throttles a sudden load until the scaling is done, then has twice what it took', () => {
    const stream = new StreamFixture({ streamMode: 'ON_DEMAND', onDemandScalingSeconds: 120 }).start();
    expect(load(stream, 0, 180, 6000)).toBeLessThan(4000 * 181);
    expect(stream.gauge('OpenShardCount')).toBe(4);
    load(stream, 180, 240, 6000);
    expect(stream.gauge('OpenShardCount')).toBe(8);
    expect(stream.counted('WriteProvisionedThroughputExceeded')).toBeGreaterThan(0);
  });

  it('stays as it is below half of what it can take', () => {
    const stream = new StreamFixture({ streamMode: 'ON_DEMAND' }).start();
    load(stream, 0, 600, 1500);
    stream.runTo(HOUR);
    expect(stream.gauge('OpenShardCount')).toBe(4);
    expect(stream.codes()).toEqual([]);
  });
});
