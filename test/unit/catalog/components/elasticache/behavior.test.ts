/** A cache by itself: what it finds, keeps and loses, and how long it takes. */
import { describe, expect, it } from 'vitest';
import { build } from '#catalog/components/elasticache/behavior/behavior.ts';
import { type Config, config } from '#catalog/components/elasticache/config.ts';
import {
  ANSWER_DONE,
  ANSWER_FAILED,
  ANSWER_FOUND,
  ANSWER_REFUSED,
  type Callee,
  type CallReply,
  type CallRequest,
  newCallReply,
  newCallRequest,
} from '#engine/flow/ports.ts';
import { type BuiltNode, World } from '#test/harness/behavior.ts';

/** One record in one node without a round trip of its own, so that only the engine takes time. */
const plain = { commandLatencyMs: 0, commandsPerSecond: 1000, entryOverheadBytes: 100 } as const;

function setUp(settings: Partial<Config> = {}, horizonSeconds = 3600) {
  const world = new World({ horizonSeconds });
  const node = world.add('cache', build, config.parse({ ...plain, ...settings }));
  const cache = node.behavior.inputs['commands'] as Callee;
  /** Sends a command about each record; returns the answers, and the whole reply in `last`. */
  const send = (operation: CallRequest['operation'], records: readonly number[], fields: Partial<CallRequest> = {}) => {
    const request = { ...newCallRequest(), operation, entryBytes: 50, lifeUs: 10_000_000, ...fields };
    request.records = Int32Array.from(records);
    request.count = records.length;
    const reply: CallReply = newCallReply();
    cache.call(request, reply);
    return { answers: [...reply.answers.subarray(0, records.length)], reply };
  };
  const records = (n: number): number[] => Array.from({ length: n }, () => world.record());
  return { world, node, send, records };
}

const sum = (node: BuiltNode, metric: string): number => node.counters.get(metric)?.sum ?? Number.NaN;

describe('a key', () => {
  it('is there after it was added, until its time to live ends', () => {
    const { world, send, records } = setUp();
    const one = records(1);
    world.run(0);
    expect(send('add', one).answers).toEqual([ANSWER_DONE]);
    expect(send('add', one).answers).toEqual([ANSWER_FOUND]);
    world.run(9.9);
    expect(send('read', one).answers).toEqual([ANSWER_FOUND]);
    world.run(10);
    expect(send('read', one).answers).toEqual([ANSWER_DONE]);
  });

  it('of one caller is not that of another', () => {
    const { world, send, records } = setUp();
    const one = records(1);
    world.run(0);
    send('add', one, { space: 1 });
    expect(send('add', one, { space: 2 }).answers).toEqual([ANSWER_DONE]);
  });

  it('takes its bytes and the overhead, and shows in CurrItems and BytesUsedForCache', () => {
    const { world, node, send, records } = setUp();
    world.run(0);
    send('add', records(4));
    world.run(1);
    expect(node.gauges.get('CurrItems')?.summary('Count', 1_000_000).max).toBe(4);
    expect(node.gauges.get('BytesUsedForCache')?.summary('Bytes', 1_000_000).max).toBe(4 * 150);
  });

  it('counts in CacheHits and CacheMisses when it is read, not when a SET asks for it', () => {
    const { world, node, send, records } = setUp();
    const one = records(1);
    world.run(0);
    send('add', one);
    send('add', one);
    send('read', one);
    send('read', records(1));
    expect([sum(node, 'CacheHits'), sum(node, 'CacheMisses')]).toEqual([1, 1]);
    expect(node.samples.get('CacheHitRate')?.histogram.mean).toBe(50);
    expect([sum(node, 'GetTypeCmds'), sum(node, 'SetTypeCmds')]).toEqual([2, 2]);
  });

  it('is reclaimed when its time has come, and counted when something is asked next', () => {
    const { world, node, send, records } = setUp();
    world.run(0);
    send('add', records(3));
    world.run(20);
    send('add', records(1));
    expect(sum(node, 'Reclaimed')).toBe(3);
  });
});

/** A cache.t4g.micro with 99 % reserved holds 5,368,709 bytes: five keys of a million bytes. */
const tight = { cacheNodeType: 'cache.t4g.micro', reservedMemoryPercent: 99, entryOverheadBytes: 0 } as const;
const million = { entryBytes: 1_000_000 } as const;

describe('a full cache', () => {
  it('evicts the least recently used key that has a time to live', () => {
    const { world, node, send, records } = setUp({ ...tight });
    const keys = records(6);
    world.run(0);
    for (const key of keys.slice(0, 5)) send('add', [key], million);
    send('read', [keys[0]!], million);
    expect(send('add', [keys[5]!], million).answers).toEqual([ANSWER_DONE]);
    expect(send('read', keys).answers.map((answer) => answer === ANSWER_FOUND)).toEqual([
      true,
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(sum(node, 'Evictions')).toBe(1);
    expect(node.log.map(({ code }) => code)).toEqual(['elasticache/evicting']);
  });

  it('evicts the key that expires first under volatile-ttl', () => {
    const { world, send, records } = setUp({ ...tight, maxmemoryPolicy: 'volatile-ttl' });
    const keys = records(6);
    world.run(0);
    keys.slice(0, 5).forEach((key, i) => send('add', [key], { ...million, lifeUs: (i === 3 ? 5 : 10) * 1_000_000 }));
    send('add', [keys[5]!], million);
    expect(send('read', [keys[3]!, keys[0]!]).answers).toEqual([ANSWER_DONE, ANSWER_FOUND]);
  });

  it('refuses writes under noeviction', () => {
    const { world, node, send, records } = setUp({ ...tight, maxmemoryPolicy: 'noeviction' });
    world.run(0);
    for (const key of records(5)) send('add', [key], million);
    const { answers, reply } = send('add', records(1), million);
    expect([answers, reply.failed]).toEqual([[ANSWER_FAILED], 1]);
    expect([sum(node, 'OutOfMemoryErrors'), sum(node, 'Evictions')]).toEqual([1, 0]);
    expect(node.limits.get('memory')?.refused).toBe(1);
  });

  it('refuses writes when only keys without an end of life are left, unless the policy takes all keys', () => {
    const lasting = { ...million, lifeUs: Number.POSITIVE_INFINITY };
    const answersOf = (maxmemoryPolicy: Config['maxmemoryPolicy']): number[] => {
      const { world, send, records } = setUp({ ...tight, maxmemoryPolicy });
      world.run(0);
      for (const key of records(5)) send('add', [key], lasting);
      return send('add', records(1), million).answers;
    };
    expect(answersOf('volatile-lru')).toEqual([ANSWER_FAILED]);
    expect(answersOf('allkeys-lru')).toEqual([ANSWER_DONE]);
  });

  it('holds a quarter less than maxmemory by default, and as much more as it has shards', () => {
    expect(setUp({ cacheNodeType: 'cache.r7g.large' }).node.limits.get('memory')?.capacity).toBe(14_037_181_030 * 0.75);
    const two = setUp({ cacheNodeType: 'cache.r7g.large', numNodeGroups: 2 });
    expect(two.node.limits.get('memory')?.capacity).toBe(2 * 14_037_181_030 * 0.75);
  });
});

describe('the engine thread', () => {
  it('takes one command after the other: a thousandth of a second each, at 1,000 a second', () => {
    const { world, send, records } = setUp();
    world.run(0);
    expect(send('add', records(1)).reply.latencyUs).toBe(1000);
    expect(send('add', records(4)).reply.latencyUs).toBe(5000);
    world.run(0.003);
    expect(send('add', records(1)).reply.latencyUs).toBe(3000);
    world.run(1);
    expect(send('add', records(1)).reply.latencyUs).toBe(1000);
  });

  it('adds the round trip to every request once', () => {
    const { world, send, records } = setUp({ commandLatencyMs: 2 });
    world.run(0);
    expect(send('add', records(10)).reply.latencyUs).toBe(2000 + 10_000);
  });

  it('is one for each shard', () => {
    const { world, send, records } = setUp({ numNodeGroups: 4 });
    world.run(0);
    const { latencyUs } = send('add', records(400)).reply;
    expect(latencyUs).toBeGreaterThanOrEqual(100_000);
    expect(latencyUs).toBeLessThan(140_000);
  });

  it('shows its use in a minute as EngineCPUUtilization, and in the log from 90 % on', () => {
    const { world, node, send, records } = setUp();
    for (let second = 0; second < 60; second++) world.at(second, () => send('add', records(950)));
    world.run(121);
    expect(node.gauges.get('EngineCPUUtilization')?.summary('Percent', 121_000_000).max).toBeCloseTo(95, 5);
    expect(node.log.map(({ code, t }) => [code, t])).toEqual([
      ['elasticache/engine-busy', 60],
      ['elasticache/engine-free', 120],
    ]);
  });

  it('has less time under a throttling fault, and none when nothing is left', () => {
    const { world, node, send, records } = setUp();
    world.run(0);
    world.setFaults(node, { capacityRatio: 0.1 });
    expect(send('add', records(1)).reply.latencyUs).toBe(10_000);
    world.setFaults(node, { capacityRatio: 0 });
    expect(send('add', records(1)).answers).toEqual([ANSWER_REFUSED]);
  });
});

describe('an outage', () => {
  const outage = (settings: Partial<Config>) => {
    const { world, node, send, records } = setUp(settings);
    const [old, fresh] = records(2);
    world.run(0);
    send('add', [old!]);
    world.run(1);
    send('add', [fresh!]);
    world.run(1.002);
    world.setFaults(node, { outage: true });
    world.run(2);
    world.setFaults(node, { outage: false });
    return { answers: send('read', [old!, fresh!]).answers, node };
  };

  it('empties a cache without replicas', () => {
    const { answers, node } = outage({ replicasPerNodeGroup: 0 });
    expect(answers).toEqual([ANSWER_DONE, ANSWER_DONE]);
    expect(node.log).toMatchObject([{ code: 'elasticache/keys-lost', params: { lost: 2, replicas: 0 } }]);
  });

  it('loses what a replica does not have yet', () => {
    expect(outage({ replicationLagMs: 5 }).answers).toEqual([ANSWER_FOUND, ANSWER_DONE]);
    expect(outage({ replicationLagMs: 1 }).answers).toEqual([ANSWER_FOUND, ANSWER_FOUND]);
  });
});

describe('errors', () => {
  it('fail requests, or single commands, and leave nothing behind', () => {
    const { world, node, send, records } = setUp();
    const keys = records(2);
    world.run(0);
    world.setFaults(node, { invocationErrorRatio: 1 });
    expect(send('add', keys).answers).toEqual([ANSWER_FAILED, ANSWER_FAILED]);
    world.setFaults(node, { invocationErrorRatio: 0, recordErrorRatio: 1 });
    expect(send('add', keys).reply.failed).toBe(2);
    world.setFaults(node, { recordErrorRatio: 0 });
    expect(send('read', keys).answers).toEqual([ANSWER_DONE, ANSWER_DONE]);
  });
});

describe('a serverless cache', () => {
  const serverless = { deployment: 'serverless' } as const;

  it('takes 30,000 ECPU a second at first, and throttles what comes above', () => {
    const { world, node, send, records } = setUp(serverless);
    world.run(0);
    const keys = records(30_001);
    const chunks = (n: number) => ({ entryBytes: 10, calls: n });
    expect(send('add', keys.slice(0, 30_000), chunks(30_000)).reply.refused).toBe(0);
    expect(send('add', keys.slice(30_000), chunks(1)).answers).toEqual([ANSWER_REFUSED]);
    expect([sum(node, 'ElastiCacheProcessingUnits'), sum(node, 'ThrottledCmds')]).toEqual([30_000, 1]);
    expect(node.log.map(({ code }) => code)).toEqual(['elasticache/throttled']);
  });

  it('doubles after its interval while more than half is used', () => {
    const { world, node, send, records } = setUp({ ...serverless, scalingIntervalSeconds: 10 });
    const keys = records(20_000);
    for (let second = 0; second < 10; second++)
      world.at(second, () => send('read', keys, { calls: 20_000, entryBytes: 1 }));
    world.run(9.5);
    expect(node.limits.get('ecpu')?.capacity).toBe(30_000);
    world.run(11);
    expect(node.limits.get('ecpu')?.capacity).toBe(60_000);
    world.run(60);
    expect(node.limits.get('ecpu')?.capacity).toBe(60_000);
  });

  it('counts a command as one ECPU, or as its kilobytes', () => {
    const { world, node, send, records } = setUp(serverless);
    world.run(0);
    send('add', records(1), { entryBytes: 100 });
    send('add', records(1), { entryBytes: 4096 });
    expect(sum(node, 'ElastiCacheProcessingUnits')).toBe(5);
  });

  it('stands at its maximum and starts at its minimum', () => {
    expect(setUp({ ...serverless, maximumEcpuPerSecond: 1000 }).node.limits.get('ecpu')?.capacity).toBe(1000);
    expect(setUp({ ...serverless, minimumEcpuPerSecond: 90_000 }).node.limits.get('ecpu')?.capacity).toBe(90_000);
  });

  it('is billed for what it stores by the hour, at least 0.1 GB, and for a minimum that it does not use', () => {
    const empty = setUp({ ...serverless, minimumEcpuPerSecond: 2 });
    empty.world.finish();
    expect(empty.node.usage.get('dataGbHours')?.total).toBeCloseTo(0.1, 9);
    expect(empty.node.usage.get('ecpus')?.total).toBeCloseTo(7200, 6);
    const redis = setUp({ ...serverless, engine: 'redis' });
    redis.world.finish();
    expect(redis.node.usage.get('dataGbHours')?.total).toBeCloseTo(1, 9);
    const full = setUp({ ...serverless, entryOverheadBytes: 0, minimumEcpuPerSecond: 3_000_000 });
    full.world.run(0);
    full.send('add', full.records(2), { entryBytes: 1_073_741_824, lifeUs: Number.POSITIVE_INFINITY, calls: 1 });
    full.world.finish();
    expect(full.node.usage.get('dataGbHours')?.total).toBeCloseTo(2, 9);
  });
});

describe('nodes', () => {
  it('are billed by the hour, replicas like primaries', () => {
    const { world, node } = setUp({ numNodeGroups: 3, replicasPerNodeGroup: 2 });
    world.finish();
    expect(node.usage.get('nodeHours')?.total).toBe(9);
  });
});
