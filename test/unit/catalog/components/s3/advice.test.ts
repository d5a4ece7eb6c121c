import { describe, expect, it } from 'vitest';
import { advise } from '#catalog/components/s3/advice.ts';
import { type Config, config as schema } from '#catalog/components/s3/config.ts';
import type { AdviceInput, LimitSummary } from '#schema/component.ts';

const limit = (refused: number): LimitSummary => ({
  id: 'put-requests',
  node: 'bucket',
  name: 'write requests',
  unit: 'requests/s',
  capacity: 3500,
  peakRatio: 1,
  refused,
  waiting: 0,
  source: 'https://docs.aws.amazon.com/',
  raisable: true,
});

function advice(
  settings: Partial<Config>,
  figures: { refused?: number; puts?: number; objects?: number; bytes?: number; mean?: number },
) {
  const input: AdviceInput<Config> = {
    id: 'bucket',
    config: schema.parse(settings),
    horizonSeconds: 3600,
    limits: [limit(figures.refused ?? 0)],
    metrics: {
      PutRequests: { sum: figures.objects ?? 0, mean: 0, max: figures.puts ?? 0 },
      ObjectsWritten: { sum: figures.objects ?? 0, mean: 0, max: 0 },
      ObjectSize: { mean: figures.mean ?? 0, max: 0 },
      BytesUploaded: { sum: figures.bytes ?? 0, mean: 0, max: 0 },
    },
    log: [],
  };
  return advise(input);
}

describe('advice about a bucket', () => {
  it('spreads the keys over as many prefixes as the peak needs, split in advance', () => {
    const [finding] = advice({}, { refused: 10, puts: 9000 });
    expect(finding).toMatchObject({
      code: 's3/too-few-partitions',
      severity: 'critical',
      params: { kind: 'write', perSecond: 3500 },
    });
    // 9,000 x 1.25 / 3,500 = 3.2: four.
    expect(finding?.patch).toEqual([
      { path: 'config.keyPrefixCount', from: 1, to: 4 },
      { path: 'config.initialPartitions', from: 1, to: 4 },
    ]);
  });

  it('speaks of small objects from a hundred on', () => {
    expect(advice({}, { objects: 99, mean: 2000 })).toEqual([]);
    expect(advice({}, { objects: 100, mean: 2000 })[0]).toMatchObject({
      code: 's3/small-objects',
      params: { meanKib: 2, objectsPerDay: 2400 },
    });
    expect(advice({}, { objects: 100, mean: 131_072 })).toEqual([]);
  });

  it('turns the bucket key on where each object asks KMS', () => {
    const figures = { objects: 1000, mean: 1e6 };
    expect(advice({ encryption: 'aws:kms' }, figures)[0]?.patch).toEqual([
      { path: 'config.bucketKeyEnabled', from: false, to: true },
    ]);
    expect(advice({ encryption: 'aws:kms', bucketKeyEnabled: true }, figures)).toEqual([]);
  });

  it('names growth without a lifecycle, and moves objects that are large enough', () => {
    const figures = { objects: 1000, mean: 1e6, bytes: 1e9 };
    expect(advice({}, figures)[0]).toMatchObject({
      code: 's3/storage-grows',
      patch: [{ path: 'config.transitionDays', to: 30 }],
    });
    expect(advice({ expirationDays: 30, billedMonth: 3 }, figures)).toEqual([]);
  });

  it('points at the month from which storage no longer grows', () => {
    // 1 GB an hour is 680 GiB a month, kept for 90 of its 30.4 days.
    const figures = { objects: 1000, mean: 1e6, bytes: 1e9 };
    const [finding] = advice({ expirationDays: 90 }, figures);
    expect(finding).toMatchObject({ code: 's3/before-steady-state', params: { from: 1, to: 4, days: 90, gib: 2012 } });
    expect(finding?.patch).toEqual([{ path: 'config.billedMonth', from: 1, to: 4 }]);
    expect(advice({ expirationDays: 90, billedMonth: 4 }, figures)).toEqual([]);
  });
});
