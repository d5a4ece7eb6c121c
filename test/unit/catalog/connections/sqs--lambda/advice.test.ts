import { describe, expect, it } from 'vitest';
import { advise } from '#catalog/connections/sqs--lambda/advice.ts';
import { config, type Config } from '#catalog/connections/sqs--lambda/config.ts';
import { messages } from '#catalog/connections/sqs--lambda/messages.en.ts';
import type { AdviceInput, Finding } from '#schema/component.ts';

type Input = AdviceInput<Config>;

const counted = (sum: number): Input['metrics'][string] => ({ sum, mean: 0, max: 0 });

const findings = (changes: Partial<Config>, input: Partial<Input> = {}): readonly Finding[] => {
  const found = advise({
    id: 'edge',
    config: config.parse(changes),
    horizonSeconds: 3600,
    limits: [],
    metrics: {},
    log: [],
    source: { visibilityTimeoutSeconds: 180 },
    target: { timeoutSeconds: 30 },
    ...input,
  });
  for (const { code, params } of found) expect(messages[code]?.(params)).toBeTruthy();
  return found;
};

describe('queue mapping: advice', () => {
  it('has none where the visibility timeout is six times the function timeout', () => {
    expect(findings({})).toEqual([]);
  });

  it('raises the visibility timeout of the queue to six function timeouts and the window', () => {
    const found = findings({ maximumBatchingWindowInSeconds: 10 }, { metrics: { Throttles: counted(3) } });
    expect(found).toMatchObject([
      { severity: 'warning', patch: [{ path: 'source.config.visibilityTimeoutSeconds', from: 180, to: 190 }] },
    ]);
  });

  it('raises a small receive count when there were failures', () => {
    const source = { visibilityTimeoutSeconds: 180, maxReceiveCount: 3 };
    expect(findings({}, { source })).toEqual([]);
    expect(findings({ reportBatchItemFailures: true }, { source, metrics: { Throttles: counted(1) } })).toMatchObject([
      { patch: [{ path: 'source.config.maxReceiveCount', from: 3, to: 5 }] },
    ]);
  });

  it('reports item failures where single messages failed batches, not where whole invocations fail', () => {
    expect(findings({}, { metrics: { FailedInvokeEventCount: counted(40), Errors: counted(4) } })).toEqual([]);
    const metrics = { FailedInvokeEventCount: counted(40), InvocationsFailedByRecord: counted(4) };
    expect(findings({}, { metrics })).toMatchObject([
      {
        code: 'sqs--lambda/good-messages-repeated',
        patch: [{ path: 'config.reportBatchItemFailures', from: false, to: true }],
      },
    ]);
    expect(findings({ reportBatchItemFailures: true }, { metrics })).toEqual([]);
    expect(findings({ batchSize: 1 }, { metrics })).toEqual([]);
  });

  it('raises the maximum concurrency that was reached', () => {
    const limit = { name: '', unit: '', source: '', raisable: true, node: 'edge', refused: 0, waiting: 0 } as const;
    const limits = [{ ...limit, id: 'mapping-concurrency', capacity: 10, peakRatio: 1 }];
    expect(findings({ maximumConcurrency: 10 }, { limits })).toMatchObject([
      { patch: [{ path: 'config.maximumConcurrency', from: 10, to: 20 }] },
    ]);
    expect(findings({}, { limits })).toEqual([]);
  });
});
