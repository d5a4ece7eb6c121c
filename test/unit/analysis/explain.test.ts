import { describe, expect, it } from 'vitest';
import { explainRun } from '#analysis/explain.ts';
import type { LimitSummary } from '#schema/component.ts';
import type { LimitColumns } from '#schema/worker-messages.ts';

function column(id: string, ratios: readonly number[], refusals: readonly number[] = []): LimitColumns {
  return {
    id,
    node: 'clicks',
    binSeconds: 10,
    ratios: Float64Array.from(ratios),
    refusals: Float64Array.from(ratios, (_, index) => refusals[index] ?? 0),
  };
}

function limit(id: string, part: Partial<LimitSummary> = {}): LimitSummary {
  return {
    id,
    node: 'clicks',
    name: `records written by ${id}`,
    unit: 'records/s',
    capacity: 1000,
    peakRatio: 1,
    refused: 0,
    waiting: 0,
    source: '',
    raisable: false,
    ...part,
  };
}

describe('explainRun', () => {
  it('merges neighbouring moments with the same limit and bridges a short gap', () => {
    const columns = [column('a', [0, 0.9, 0.95, 0.1, 0.85, 0, 0, 0, 0.8])];
    const found = explainRun(columns, [limit('a')], [], 90);
    expect(found.map(({ t0, t1 }) => [t0, t1])).toEqual([
      [10, 50],
      [80, 90],
    ]);
    expect(found[0]?.text).toContain('95 % of 1,000 records/s');
  });

  it('puts a limit that refuses before one that is merely full', () => {
    const columns = [column('full', [1, 1]), column('refusing', [1, 1], [0, 7])];
    const found = explainRun(columns, [limit('full'), limit('refusing')], [], 20);
    expect(found.map(({ limit: id }) => id)).toEqual(['full', 'refusing']);
    expect(found[1]?.text).toContain('7 attempts were refused');
  });

  it('finds nothing below 80 % without refusals, and does not reach beyond the horizon', () => {
    expect(explainRun([column('a', [0.79, 0.5])], [limit('a')], [], 20)).toEqual([]);
    expect(explainRun([column('a', [0.9, 0.9])], [limit('a')], [], 15)[0]?.t1).toBe(15);
  });

  it('says what would move it: the patch of advice with this limit as evidence, else what its kind allows', () => {
    const advice = {
      code: 'more-shards',
      severity: 'warning',
      node: 'clicks',
      text: '',
      params: {},
      evidence: [{ limit: 'a', t0: 0, t1: 1, value: 1 }],
      patch: [
        { path: 'nodes.clicks.config.shardCount', from: 1, to: 2 },
        { path: 'nodes.clicks.config.mode', from: undefined, to: 'fast' },
      ],
    } as const;
    const columns = [column('a', [1])];
    expect(explainRun(columns, [limit('a')], [advice], 10)[0]?.text).toContain(
      'it moves with nodes.clicks.config.shardCount 1 -> 2, nodes.clicks.config.mode none -> fast',
    );
    expect(explainRun(columns, [limit('a', { raisable: true })], [], 10)[0]?.text).toContain('on request');
  });

  it('names the setting where the limit is one, and the advice where that alone helps', () => {
    const own = limit('a', { node: 'back', source: 'config.workers', raisable: true });
    const columns = [{ ...column('a', [1]), node: 'back' }];
    expect(explainRun(columns, [own], [], 10)[0]?.text).toContain('it moves with nodes.back.config.workers');
    expect(explainRun(columns, [own], [], 10)[0]?.remedies).toEqual([
      { code: 'remedy/setting', params: { path: 'nodes.back.config.workers' } },
    ]);
    const ofEdge = explainRun(columns, [own], [], 10, (owner) => `edges.${owner}`);
    expect(ofEdge[0]?.text).toContain('it moves with edges.back.config.workers');
    const advice = {
      code: 'hot-key',
      severity: 'critical',
      node: 'back',
      text: '',
      params: {},
      evidence: [{ limit: 'a', t0: 0, t1: 1, value: 1 }],
      patch: [],
    } as const;
    expect(explainRun(columns, [own], [advice], 10)[0]?.text).toContain('the advice says what helps');
  });

  it('takes limits that are alike for one and says how many of them bind', () => {
    const alike = ['a', 'b', 'c'].map((id) => limit(id, { name: 'records written to a shard' }));
    const columns = [column('a', [1, 0], [5, 0]), column('b', [0, 1], [0, 3]), column('c', [0.1, 0.1])];
    const found = explainRun(columns, alike, [], 20);
    expect(found.map(({ t0, t1 }) => [t0, t1])).toEqual([[0, 20]]);
    expect(found[0]?.text).toContain('records written to a shard (2 of 3)');
    expect(found[0]?.text).toContain('8 attempts were refused');
  });

  it('passes over use that ends within seconds, whatever the bins', () => {
    const fine = { binSeconds: 1, ratios: Float64Array.from({ length: 60 }, () => 1) };
    const brief = Float64Array.from({ length: 60 }, (_, second) => (second >= 12 && second < 15 ? 1 : 0.5));
    const long = Float64Array.from({ length: 60 }, (_, second) => (second >= 20 && second < 40 ? 0.9 : 0.5));
    expect(explainRun([{ ...column('a', []), ...fine, means: brief }], [limit('a')], [], 60)).toEqual([]);
    const found = explainRun([{ ...column('a', []), ...fine, means: long }], [limit('a')], [], 60);
    expect(found.map(({ t0, t1 }) => [t0, t1])).toEqual([[20, 40]]);
  });

  it('judges by the mean use of a moment where it is known, not by its highest instant', () => {
    const brief = { ...column('a', [1, 1]), means: Float64Array.from([0.1, 0.9]) };
    expect(explainRun([brief], [limit('a')], [], 20).map(({ t0 }) => t0)).toEqual([10]);
  });
});
