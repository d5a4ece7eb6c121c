import { describe, expect, it } from 'vitest';
import { advise } from '#catalog/components/data-firehose/advice.ts';
import { type Config, config as schema } from '#catalog/components/data-firehose/config.ts';
import type { AdviceInput, AdviceObjective, LimitSummary } from '#schema/component.ts';

interface Given {
  readonly limits?: readonly LimitSummary[];
  readonly metrics?: AdviceInput<Config>['metrics'];
  readonly log?: readonly (readonly [code: string, reason?: string])[];
  readonly objectives?: readonly AdviceObjective[];
}

function advice(settings: Partial<Config>, { limits = [], metrics = {}, log = [], objectives = [] }: Given) {
  return advise({
    id: 'stream',
    config: schema.parse(settings),
    horizonSeconds: 3600,
    limits,
    metrics,
    log: log.map(([code, reason = '']) => ({ t: 10, code: `data-firehose/${code}`, params: { reason } })),
    objectives,
  });
}

const limit = (id: string, capacity: number, refused: number): LimitSummary => ({
  id,
  node: 'stream',
  name: 'put requests to the stream',
  unit: 'requests/s',
  capacity,
  peakRatio: 1,
  refused,
  waiting: 0,
  source: 'https://docs.aws.amazon.com/',
  raisable: true,
  firstRefusedAt: 0,
  lastRefusedAt: 99,
});

const latency = (target: number, measured: number): AdviceObjective => ({
  id: 'fresh',
  kind: 'latency',
  node: 'bucket',
  target,
  measured,
});
const max = (value: number) => ({ mean: value, max: value });

describe('advice about a delivery stream', () => {
  it('raises the three quotas together, by what was asked for while they refused', () => {
    // 200,000 refused in 100 s of 2,000/s: twice the quota was asked for; x 1.25 = 2.5, rounded up.
    const [finding] = advice({}, { limits: [limit('put-requests', 2000, 200_000), limit('put-bytes', 5e6, 0)] });
    expect(finding).toMatchObject({ code: 'data-firehose/quota-too-low', severity: 'critical', params: { times: 3 } });
    expect(finding?.patch).toEqual([
      { path: 'config.recordsPerSecondQuota', from: 500_000, to: 1_500_000 },
      { path: 'config.requestsPerSecondQuota', from: 2000, to: 6000 },
      { path: 'config.mebibytesPerSecondQuota', from: 5, to: 15 },
    ]);
  });

  it('shortens the buffer for an objective that was missed because of it', () => {
    const [finding] = advice({}, { objectives: [latency(60, 310)] });
    expect(finding?.code).toBe('data-firehose/buffer-above-objective');
    // 10 s are not the buffer's; nine tenths of the 50 s left.
    expect(finding?.patch).toEqual([{ path: 'config.bufferIntervalSeconds', from: 300, to: 45 }]);
  });

  it('shares the time between the buffers of the transform and of the destination', () => {
    const metrics = { 'ExecuteProcessing.Duration': max(500) };
    const [finding] = advice({}, { metrics, objectives: [latency(120, 360)] });
    expect(finding?.patch).toEqual([
      { path: 'config.bufferIntervalSeconds', from: 300, to: 90 },
      { path: 'config.transformBufferIntervalSeconds', from: 60, to: 18 },
    ]);
  });

  it('leaves an objective alone that is met', () => {
    expect(advice({}, { objectives: [latency(400, 310)] })).toEqual([]);
  });

  it('raises the quota of active partitions to the number of values', () => {
    const given = { limits: [limit('active-partitions', 500, 7)] };
    expect(advice({ partitionValues: 800 }, given)[0]).toMatchObject({
      code: 'data-firehose/too-many-partitions',
      patch: [{ path: 'config.activePartitionsQuota', from: 500, to: 800 }],
    });
  });

  it('lengthens the retries of OpenSearch that were too short', () => {
    const given = {
      metrics: { FailedRecords: { sum: 10, ...max(1) } },
      log: [['records-failed', 'delivery-retries-exhausted'] as const],
    };
    expect(advice({}, given)[0]).toMatchObject({
      code: 'data-firehose/retry-too-short',
      patch: [{ path: 'config.retryDurationSeconds', from: 300, to: 3600 }],
    });
    expect(advice({ retryDurationSeconds: 7200 }, given)[0]?.code).toBe('data-firehose/records-given-up');
  });

  it('points at the function when its invocations fail', () => {
    const metrics = { 'ExecuteProcessing.Success': max(0.75), FailedRecords: { sum: 10, ...max(1) } };
    const [finding] = advice({}, { metrics, log: [['transform-failing'], ['records-failed', 'processing-failed']] });
    expect(finding).toMatchObject({
      code: 'data-firehose/transform-fails',
      severity: 'critical',
      params: { percent: 25, failed: 10 },
    });
  });

  it('speaks of records that were too old, and of deliveries that are slow', () => {
    const lost = { ExpiredRecords: { sum: 5, ...max(1) } };
    expect(advice({}, { metrics: lost })[0]?.code).toBe('data-firehose/records-too-old');
    expect(advice({}, { metrics: { 'DeliveryToS3.DataFreshness': max(601) } })[0]?.code).toBe(
      'data-firehose/delivery-slow',
    );
    expect(advice({}, { metrics: { 'DeliveryToS3.DataFreshness': max(599) } })).toEqual([]);
  });

  it('makes small objects larger where no objective asks for speed', () => {
    const metrics = { 'DeliveryToS3.ObjectCount': { sum: 60, ...max(1) }, DeliverySize: max(50_000) };
    const settings = { bufferIntervalSeconds: 60 };
    expect(advice(settings, { metrics })[0]).toMatchObject({
      code: 'data-firehose/small-deliveries',
      patch: [
        { path: 'config.bufferIntervalSeconds', from: 60, to: 900 },
        { path: 'config.bufferSizeMebibytes', from: 5, to: 128 },
      ],
    });
    expect(advice(settings, { metrics, objectives: [latency(90, 60)] })).toEqual([]);
  });
});
