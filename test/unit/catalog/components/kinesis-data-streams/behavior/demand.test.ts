import { describe, expect, it } from 'vitest';
import { Demand } from '#catalog/components/kinesis-data-streams/behavior/demand.ts';
import { SECOND, StreamFixture } from '../stream-fixture.ts';

describe('Demand', () => {
  it('is the busiest second in shards, of records or of bytes, whichever is more', () => {
    const demand = new Demand();
    demand.observe(0.1 * SECOND, 1500, 1000);
    demand.observe(0.9 * SECOND, 1000, 1000);
    demand.observe(1.1 * SECOND, 10, 3 * 1_048_576);
    demand.observe(2.1 * SECOND, 100, 1000);
    expect(demand.takePeak()).toBe(3);
    expect(demand.takePeak()).toBe(0);
    demand.observe(2.5 * SECOND, 500, 0);
    expect(demand.takePeak()).toBe(0.5);
  });

  it('counts what a full shard refuses, but not its retries', () => {
    const stream = new StreamFixture({ shardCount: 1 }).start();
    const call = Array.from({ length: 500 }, () => ({ key: 1, bytes: 10 }));
    const left = Array.from({ length: 5 }, () => stream.put(call, true).left);
    stream.runTo(SECOND);
    for (const request of left) stream.offer(request, true);
    stream.runTo(60 * SECOND);
    expect(stream.counted('WriteProvisionedThroughputExceeded')).toBe(1500 + 500);
    expect(stream.gauge('ShardDemand')).toBe(2.5);
  });
});
