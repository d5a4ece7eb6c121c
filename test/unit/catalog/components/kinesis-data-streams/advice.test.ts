import { describe, expect, it } from 'vitest';
import { advise } from '#catalog/components/kinesis-data-streams/advice.ts';
import { type Config, config as schema, declaration } from '#catalog/components/kinesis-data-streams/config.ts';
import { messages } from '#catalog/components/kinesis-data-streams/messages.en.ts';
import type { AdviceInput, Finding, LimitSummary } from '#schema/component.ts';

const limit = (id: string, peakRatio: number, refused: number): LimitSummary => ({
  id,
  node: 'stream',
  name: id,
  unit: 'records/s',
  capacity: 1000,
  peakRatio,
  refused,
  waiting: 0,
  source: '',
  raisable: false,
  ...(refused > 0 ? { firstRefusedAt: 10, lastRefusedAt: 20 } : {}),
});
const gauge = (max: number) => ({ mean: max / 2, max });

function findings(
  settings: Partial<Config>,
  limits: readonly LimitSummary[],
  metrics: AdviceInput<Config>['metrics'],
  codes: readonly string[] = [],
): readonly Finding[] {
  const log = codes.map((code) => ({ t: 0, code: `kinesis-data-streams/${code}`, params: {} }));
  const found = advise({ id: 'stream', config: schema.parse(settings), horizonSeconds: 86_400, limits, metrics, log });
  // Every finding must have its sentence, complete.
  for (const { code, params } of found) expect(messages[code]!(params)).not.toMatch(/undefined/);
  return found;
}

describe('advice', () => {
  it('says that more shards will not help when one key asks for more than a shard', () => {
    const metrics = {
      HottestKeyLoad: gauge(140),
      WriteUtilization: gauge(40),
      HottestShardUtilization: gauge(100),
    };
    const [found] = findings({ shardCount: 4 }, [limit('write-records/shard-2', 1, 500)], metrics);
    expect(found).toMatchObject({ code: 'kinesis-data-streams/hot-key', severity: 'critical', patch: [] });
    expect(found!.params).toEqual({ keyPercent: 140, refused: 500 });
    expect(found!.evidence).toEqual([{ limit: 'write-records/shard-2', t0: 10, t1: 20, value: 500 }]);
  });

  it('recommends more shards, with a patch, when all of them are busy', () => {
    const metrics = {
      HottestKeyLoad: gauge(3),
      WriteUtilization: gauge(95),
      HottestShardUtilization: gauge(100),
      IncomingRecords: { sum: 1e6, mean: 100, max: 3900 },
      IncomingBytes: { sum: 6e8, mean: 6e4, max: 2e6 },
      WriteProvisionedThroughputExceeded: { sum: 9000, mean: 1, max: 1500 },
    };
    const [found] = findings({ shardCount: 4 }, [limit('write-records/shard-2', 1, 500)], metrics);
    // 5,400 records/s were asked for at most: 5.4 shards, with a quarter more 6.75.
    expect(found!.patch).toEqual([{ path: 'config.shardCount', from: 4, to: 7 }]);
  });

  it('goes by what was offered for the first time where that was measured, however much more it is', () => {
    const metrics = {
      WriteUtilization: gauge(100),
      HottestShardUtilization: gauge(100),
      ShardDemand: gauge(4.2),
      IncomingRecords: { sum: 1e6, mean: 100, max: 1000 },
      WriteProvisionedThroughputExceeded: { sum: 1e6, mean: 1, max: 30_000 },
    };
    const [found] = findings({ shardCount: 1 }, [limit('write-records/shard-0', 1, 500)], metrics);
    // 4.2 shards, with a quarter more 5.25.
    expect(found!.patch).toEqual([{ path: 'config.shardCount', from: 1, to: 6 }]);
    expect(messages[found!.code]!(found!.params)).toContain('1 shard is too few at the peak. 6 shards would take it');
  });

  it('does not ask for more shards where no shard was full for a minute: bursts, or a time of reduced capacity', () => {
    const metrics = {
      WriteUtilization: gauge(60),
      HottestShardUtilization: gauge(70),
      ShardDemand: gauge(0.8),
      IncomingRecords: { sum: 1e6, mean: 100, max: 1000 },
    };
    const found = findings({ shardCount: 1 }, [limit('write-records/shard-0', 1, 500)], metrics);
    expect(found).toMatchObject([{ code: 'kinesis-data-streams/refused-in-bursts', severity: 'warning', patch: [] }]);
  });

  it('speaks of one key only where it has a share worth the word', () => {
    const throttled = (params: { sharePercent?: number }) =>
      messages['kinesis-data-streams/throttled']!({ shard: 's', shardCount: 2, ...params });
    expect(throttled({})).not.toContain('key');
    expect(throttled({ sharePercent: 80 })).toContain('80 % of its records carry one key');
  });

  it('blames uneven keys when one shard is full and the others are not', () => {
    const metrics = { HottestKeyLoad: gauge(30), WriteUtilization: gauge(30), HottestShardUtilization: gauge(99) };
    const found = findings({ shardCount: 8 }, [limit('write-bytes/shard-0', 1, 5)], metrics);
    expect(found.map(({ code }) => code)).toEqual(['kinesis-data-streams/hot-shard']);
  });

  it('warns when a consumer is behind by more than half of the retention, and louder when records are lost', () => {
    const at = (hours: number) => ({ OldestUnreadAgeMilliseconds: gauge(hours * 3_600_000) });
    expect(findings({}, [], at(11.9))).toEqual([]);
    const [late] = findings({}, [], at(13));
    expect(late).toMatchObject({ code: 'kinesis-data-streams/iterator-age', severity: 'warning' });
    expect(late!.patch).toEqual([{ path: 'config.retentionPeriodHours', from: 24, to: 48 }]);
    const [lost] = findings({}, [], at(24), ['retention-loss']);
    expect(lost).toMatchObject({ code: 'kinesis-data-streams/records-lost', severity: 'critical' });
  });

  it('names enhanced fan-out when shared reads are refused', () => {
    const found = findings({}, [limit('read-calls/shard-0', 1, 1500)], {});
    expect(found.map(({ code, params }) => [code, params])).toEqual([
      ['kinesis-data-streams/read-limit', { refused: 1500 }],
    ]);
    // 40 in a day: a reader that caught up.
    expect(findings({}, [limit('read-calls/shard-0', 1, 40)], {})).toEqual([]);
  });

  it('offers fewer shards when the busiest second of a day left most of them idle', () => {
    const [found] = findings({ shardCount: 10 }, [limit('write-records/shard-0', 0.12, 0)], {});
    expect(found).toMatchObject({ code: 'kinesis-data-streams/over-provisioned', severity: 'info' });
    expect(found!.patch).toEqual([{ path: 'config.shardCount', from: 10, to: 2 }]);
  });
});

describe('AWS rules at creation', () => {
  const check = (settings: Partial<Config>) => declaration.check!({ config: schema.parse(settings), linkedPorts: [] });

  it('fails when a reshard goes beyond half or twice the shards', () => {
    expect(check({ shardCount: 4, reshardAtMinutes: 5, reshardTargetShardCount: 8 })).toEqual([]);
    expect(check({ shardCount: 4, reshardAtMinutes: 5, reshardTargetShardCount: 2 })).toEqual([]);
    for (const reshardTargetShardCount of [1, 9]) {
      const [fault] = check({ shardCount: 4, reshardAtMinutes: 5, reshardTargetShardCount });
      expect(fault).toMatchObject({ path: 'config.reshardTargetShardCount', received: reshardTargetShardCount });
      expect(messages[fault!.code]!(fault!.params)).toContain('must be 2 to 8');
    }
  });

  it('fails when a reshard has no time or no target', () => {
    expect(check({ reshardAtMinutes: 5 })[0]).toMatchObject({ path: 'config.reshardTargetShardCount' });
    expect(check({ reshardTargetShardCount: 2 })[0]).toMatchObject({ path: 'config.reshardAtMinutes' });
  });

  it('fails when a setting is outside of what AWS allows', () => {
    expect(schema.safeParse({ retentionPeriodHours: 23 }).success).toBe(false);
    expect(schema.safeParse({ maxRecordSizeInKiB: 10_241 }).success).toBe(false);
    expect(schema.safeParse({ shardCount: 0 }).success).toBe(false);
  });
});
