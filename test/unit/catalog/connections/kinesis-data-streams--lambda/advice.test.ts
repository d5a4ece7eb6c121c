import { describe, expect, it } from 'vitest';
import { advise } from '#catalog/connections/kinesis-data-streams--lambda/advice.ts';
import { config, type Config, declaration } from '#catalog/connections/kinesis-data-streams--lambda/config.ts';
import { messages } from '#catalog/connections/kinesis-data-streams--lambda/messages.en.ts';
import type { AdviceInput, Finding } from '#schema/component.ts';

type Input = AdviceInput<Config>;

const findings = (
  changes: Partial<Config>,
  metrics: Input['metrics'],
  given: Pick<Partial<Input>, 'target' | 'log' | 'limits'> = {},
): readonly Finding[] => {
  const found = advise({
    id: 'edge',
    config: config.parse(changes),
    horizonSeconds: 86_400,
    limits: [],
    metrics,
    log: [],
    source: { retentionPeriodHours: 24 },
    target: {},
    ...given,
  });
  for (const { code, params } of found) expect(messages[code]?.(params)).toBeTruthy();
  return found;
};

const aged = (seconds: number): Input['metrics'] => ({ IteratorAge: { mean: 0, max: seconds * 1000 } });

describe('stream mapping: advice', () => {
  it('has none while records are young', () => {
    expect(findings({}, aged(5))).toEqual([]);
    expect(findings({ maximumBatchingWindowInSeconds: 60 }, aged(65))).toEqual([]);
  });

  it('enlarges small batches first and adds lanes to large ones', () => {
    expect(findings({}, aged(600))).toMatchObject([{ patch: [{ path: 'config.batchSize', from: 100, to: 500 }] }]);
    expect(findings({ batchSize: 2000, parallelizationFactor: 3 }, aged(600))).toMatchObject([
      { patch: [{ path: 'config.parallelizationFactor', from: 3, to: 6 }] },
    ]);
    expect(findings({ batchSize: 2000, parallelizationFactor: 10 }, aged(600))).toEqual([]);
  });

  it('adds lanes, not larger batches, where the time goes into the records', () => {
    const target = { perInvocationMs: 20, perRecordMs: 10, timeoutSeconds: 60 };
    // 100 records take 1,020 ms and 500 take 5,020 ms: 98 and 99.6 records/s.
    expect(findings({}, aged(600), { target })).toMatchObject([
      { patch: [{ path: 'config.parallelizationFactor', from: 1, to: 2 }] },
    ]);
  });

  it('adds lanes where a larger batch would come near the timeout', () => {
    const target = { perInvocationMs: 1000, perRecordMs: 5, timeoutSeconds: 5 };
    const metrics = { ...aged(600), Duration: { mean: 1500, max: 1500 } };
    // 500 records would take 3,500 ms, more than half of 5 s.
    expect(findings({}, metrics, { target })).toMatchObject([{ patch: [{ path: 'config.parallelizationFactor' }] }]);
    expect(findings({}, metrics, { target: { ...target, timeoutSeconds: 10 } })).toMatchObject([
      { patch: [{ path: 'config.batchSize', from: 100, to: 500 }] },
    ]);
  });

  it('gives the lanes of the busiest shard as evidence', () => {
    const lanes = { node: 'edge', name: '', unit: 'lanes', capacity: 1, refused: 0, waiting: 0, source: '' } as const;
    const limits = [0.4, 1].map((peakRatio, shard) => ({
      ...lanes,
      id: `lanes/shard-${shard}`,
      peakRatio,
      raisable: true,
    }));
    const [finding] = findings({}, aged(600), { limits });
    expect(finding?.evidence).toMatchObject([{ series: 'IteratorAge' }, { limit: 'lanes/shard-1', value: 1 }]);
  });

  it('blames neither batch nor lanes for an age that an outage caused', () => {
    const log = [{ t: 300, code: 'kinesis-data-streams--lambda/lane-blocked', params: {} }];
    expect(findings({}, aged(1200), { log })).toEqual([]);
  });

  it('warns when records grow older than half the retention', () => {
    const found = findings({ batchSize: 2000, parallelizationFactor: 10 }, aged(43_200));
    expect(found.map(({ code, severity }) => [code, severity])).toEqual([
      ['kinesis-data-streams--lambda/age-near-retention', 'critical'],
    ]);
  });

  it('limits retries and splits batches where failures block a shard for ever', () => {
    const failed = { FailedInvokeEventCount: { sum: 500, mean: 0, max: 0 } };
    expect(findings({}, failed)).toMatchObject([
      {
        severity: 'critical',
        patch: [
          { path: 'config.bisectBatchOnFunctionError', from: false, to: true },
          { path: 'config.maximumRetryAttempts', from: -1, to: 5 },
        ],
      },
    ]);
    expect(findings({ maximumRetryAttempts: 3 }, failed)).toEqual([]);
  });
});

describe('stream mapping: settings', () => {
  it('have the defaults of AWS', () => {
    expect(config.parse({})).toMatchObject({
      batchSize: 100,
      maximumBatchingWindowInSeconds: 0,
      parallelizationFactor: 1,
      maximumRetryAttempts: -1,
      maximumRecordAgeInSeconds: -1,
      bisectBatchOnFunctionError: false,
    });
  });

  it.each([
    { batchSize: 10_001 },
    { parallelizationFactor: 11 },
    { maximumRecordAgeInSeconds: 59 },
    { maximumRecordAgeInSeconds: 604_801 },
    { maximumRetryAttempts: 10_001 },
  ])('fails outside the limits of AWS: %o', (changes) => {
    expect(config.safeParse(changes).success).toBe(false);
  });

  it('fails when the first retry wait exceeds the longest', () => {
    const found = declaration.check?.({
      config: config.parse({ retryBaseMs: 2000, retryMaxMs: 1000 }),
      source: {},
      target: {},
    });
    expect(found).toMatchObject([{ path: 'config.retryBaseMs' }]);
    for (const { code, params } of found ?? []) expect(messages[code]?.(params)).toBeTruthy();
  });
});
