import { describe, expect, it } from 'vitest';
import { advise } from '#catalog/components/lambda/advice.ts';
import { config, type Config } from '#catalog/components/lambda/config.ts';
import { messages } from '#catalog/components/lambda/messages.en.ts';
import type { AdviceInput, Finding, LimitSummary } from '#schema/component.ts';

type Metrics = AdviceInput<Config>['metrics'];

const counted = (sum: number): Metrics[string] => ({ sum, mean: 0, max: 0 });

const limit = (id: string, refused: number, capacity: number): LimitSummary => {
  const words = { name: id, unit: '', source: '', raisable: true } as const;
  return {
    id,
    node: 'fn',
    capacity,
    peakRatio: 1,
    refused,
    waiting: 0,
    firstRefusedAt: 10,
    lastRefusedAt: 20,
    ...words,
  };
};

const findings = (
  changes: Partial<Config>,
  metrics: Metrics,
  limits: readonly LimitSummary[] = [],
): readonly Finding[] => {
  const found = advise({ id: 'fn', config: config.parse(changes), horizonSeconds: 3600, limits, metrics, log: [] });
  for (const { code, params } of found) expect(messages[code]?.(params)).toBeTruthy();
  return found;
};

describe('lambda: advice', () => {
  it('has none for a function at ease', () => {
    const metrics = {
      Invocations: counted(10_000),
      Duration: { mean: 100, max: 400, p99: 300 },
      ColdStarts: counted(20),
    };
    expect(findings({ reservedConcurrentExecutions: 10 }, metrics, [limit('reserved-concurrency', 0, 10)])).toEqual([]);
  });

  it('raises reserved concurrency to the offered load and three deviations', () => {
    // 8 busy on average while a fifth was refused: 10 offered, and 3 x sqrt(10) more.
    const metrics = { Invocations: counted(8000), ConcurrentExecutions: { mean: 8, max: 10 } };
    const [finding] = findings({ reservedConcurrentExecutions: 10 }, metrics, [
      limit('reserved-concurrency', 2000, 10),
    ]);
    expect(finding).toMatchObject({
      code: 'lambda/reserved-too-low',
      severity: 'critical',
      patch: [{ path: 'config.reservedConcurrentExecutions', from: 10, to: Math.ceil(10 + 3 * Math.sqrt(10)) }],
      evidence: [{ limit: 'reserved-concurrency', t0: 10, t1: 20 }],
    });
  });

  it('takes twice what runs as the load where refused attempts are mostly retries', () => {
    const metrics = { Invocations: counted(8000), ConcurrentExecutions: { mean: 8, max: 10 } };
    const limits = [limit('reserved-concurrency', 80_000, 10)];
    const [finding] = findings({ reservedConcurrentExecutions: 10 }, metrics, limits);
    expect(finding).toMatchObject({ severity: 'critical', patch: [{ to: 16 + 3 * 4 }] });
    expect(messages[finding!.code]?.(finding!.params)).toContain('at least 28');
  });

  it('raises a timeout that the 99th percentile comes near to, or that has cut invocations off', () => {
    const near = findings({ timeoutSeconds: 3 }, { Duration: { mean: 900, max: 2900, p99: 2500 } });
    expect(near).toMatchObject([{ severity: 'warning', patch: [{ path: 'config.timeoutSeconds', from: 3, to: 8 }] }]);
    const cut = findings({ timeoutSeconds: 3 }, { Duration: { mean: 90, max: 3000, p99: 100 }, Timeouts: counted(4) });
    expect(cut).toMatchObject([{ severity: 'critical', patch: [{ from: 3, to: 4 }] }]);
  });

  it('names provisioned concurrency where cold starts are many', () => {
    const metrics = {
      Invocations: counted(1000),
      ColdStarts: counted(100),
      ConcurrentExecutions: { mean: 2.3, max: 9 },
    };
    expect(findings({}, metrics)).toMatchObject([
      { code: 'lambda/many-cold-starts', patch: [{ path: 'config.provisionedConcurrentExecutions', from: 0, to: 3 }] },
    ]);
  });

  it('points at rates, the account and events given up, but only where it was throttled itself', () => {
    const limits = [
      limit('request-rate', 5, 100),
      limit('concurrency-scaling', 7, 1000),
      limit('lambda/concurrent-executions', 9, 1000),
    ];
    const found = findings({}, { AsyncEventsDropped: counted(3), Throttles: counted(21) }, limits);
    expect(found.map(({ code }) => code)).toEqual([
      'lambda/request-rate-refused',
      'lambda/concurrency-scaling-refused',
      'lambda/account-concurrency-reached',
      'lambda/events-given-up',
    ]);
    expect(findings({}, {}, limits)).toEqual([]);
  });
});
