import { describe, expect, it } from 'vitest';
import {
  keyOfKind,
  keyWords,
  meanBytes,
  profileOfKind,
  profileWords,
  sizeOfKind,
  sizeWords,
} from '#renderer/workload/other-kinds.ts';
import { rateCurve } from '#renderer/workload/profile-curve.ts';
import {
  type PartitionKey,
  partitionKeySchema,
  type Profile,
  type ProfileKind,
  profileSchema,
  type RecordSize,
  recordSizeSchema,
} from '#schema/workload.ts';

const account = { startsAt: '2026-01-05T00:00:00' };
const run = { horizonSeconds: 86_400 };

describe('a load of another kind', () => {
  const before: Profile = { kind: 'poisson', recordsPerSecond: 250 };

  it('is valid whatever the kinds are', () => {
    for (const from of Object.keys(profileWords) as ProfileKind[]) {
      const first = profileOfKind(from, before, account, run);
      for (const to of Object.keys(profileWords) as ProfileKind[]) {
        const found = profileSchema.safeParse(profileOfKind(to, first, account, run));
        expect([from, to, found.error?.message]).toEqual([from, to, undefined]);
      }
    }
  });

  it('keeps the mean of a day where it is even or a wave', () => {
    for (const kind of ['constant', 'diurnal', 'trace'] as const) {
      const curve = rateCurve(profileOfKind(kind, before, account, run), account, run);
      expect(curve?.meanPerSecond).toBeCloseTo(250, 0);
    }
  });

  it('has a rate even where the one before had none', () => {
    const idle: Profile = { kind: 'constant', recordsPerSecond: 0, spacing: 'random' };
    expect(rateCurve(profileOfKind('spike', idle, account, run), account, run)?.records).toBeGreaterThan(0);
  });

  it('is the same where the kind is', () => {
    expect(profileOfKind('poisson', before, account, run)).toBe(before);
  });
});

describe('sizes and keys of another kind', () => {
  it('are valid and keep the mean size', () => {
    for (const from of Object.keys(sizeWords) as RecordSize['kind'][]) {
      const first = sizeOfKind(from, { kind: 'constant', bytes: 1000 });
      for (const to of Object.keys(sizeWords) as RecordSize['kind'][]) {
        const second = sizeOfKind(to, first);
        expect(recordSizeSchema.safeParse(second).success).toBe(true);
        expect(meanBytes(second)).toBeCloseTo(1000, -1);
      }
    }
    expect(recordSizeSchema.safeParse(sizeOfKind('empirical', { kind: 'constant', bytes: 1 })).success).toBe(true);
  });

  it('keep the number of keys', () => {
    for (const kind of Object.keys(keyWords) as PartitionKey['kind'][]) {
      const key = keyOfKind(kind, { kind: 'zipf', keys: 500, exponent: 1 });
      expect(partitionKeySchema.safeParse(key).success).toBe(true);
      if (key.kind !== 'single') expect(key.keys).toBe(500);
    }
  });
});
