import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { fieldMeta } from '#schema/field.ts';
import {
  constantProfileSchema,
  diurnalProfileSchema,
  type Profile,
  profileSchema,
  rampProfileSchema,
  recordSizeSchema,
  spikeProfileSchema,
  stepsProfileSchema,
  traceProfileSchema,
  weeklyProfileSchema,
  workloadSchema,
} from '#schema/workload.ts';

const workload = {
  id: 'clicks',
  node: 'web',
  arrivals: { kind: 'poisson', recordsPerSecond: 926 },
  recordSize: { kind: 'lognormal', meanBytes: 600, cv: 1, maxBytes: 20_000 },
  partitionKey: { kind: 'zipf', keys: 1000, exponent: 1.1 },
};

/** Paths of the faults of an input, sorted. */
function faultPaths(schema: z.ZodType, value: unknown): string[] {
  const result = schema.safeParse(value);
  return result.success ? [] : result.error.issues.map((issue) => issue.path.join('.')).sort();
}

describe('workload schema', () => {
  it('accepts a workload and fills the defaults in', () => {
    expect(workloadSchema.parse(workload).producers).toBe(1);
  });

  it('accepts one profile of every kind', () => {
    const profiles: unknown[] = [
      { kind: 'constant', recordsPerSecond: 10, spacing: 'paced' },
      { kind: 'poisson', recordsPerSecond: 10 },
      { kind: 'diurnal', recordsPerDay: 80_000_000, peakToMeanRatio: 1.9, peakHour: 20.5 },
      {
        kind: 'weekly',
        recordsPerWeek: 1e8,
        dayWeights: [1, 1, 1, 1, 1, 0.5, 0.4],
        shape: Array.from({ length: 24 }, () => 1),
      },
      { kind: 'ramp', fromRecordsPerSecond: 1, toRecordsPerSecond: 9, startSeconds: 60, durationSeconds: 0 },
      {
        kind: 'spike',
        baseRecordsPerSecond: 1,
        peakRecordsPerSecond: 9,
        startSeconds: 60,
        riseSeconds: 0,
        holdSeconds: 5,
        fallSeconds: 1,
      },
      { kind: 'steps', steps: [{ atSeconds: 0, recordsPerSecond: 5 }] },
      { kind: 'trace', binSeconds: 60, counts: [1, 2, 3] },
      { kind: 'trace', csv: { path: 'traffic.csv', column: 'count' }, repeat: true, scale: 2 },
    ];
    for (const profile of profiles) expect(faultPaths(profileSchema, profile)).toEqual([]);
  });

  it('fails with every fault at once, each with its path', () => {
    const wrong = {
      ...workload,
      id: 'Clicks!',
      arrivals: { kind: 'constant', recordsPerSecond: -1, spacing: 'clocked' },
      recordSize: { kind: 'uniform', minBytes: 20, maxBytes: 10 },
      partitionKey: { kind: 'hotKey', keys: 1, hotShareRatio: 1.5 },
      producers: 0.5,
    };
    expect(faultPaths(workloadSchema, wrong)).toEqual([
      'arrivals.recordsPerSecond',
      'arrivals.spacing',
      'id',
      'partitionKey.hotShareRatio',
      'partitionKey.keys',
      'producers',
      'recordSize.maxBytes',
    ]);
  });

  it('fails when a rate is not finite or a name is unknown', () => {
    expect(faultPaths(profileSchema, { kind: 'poisson', recordsPerSecond: Number.POSITIVE_INFINITY })).toEqual([
      'recordsPerSecond',
    ]);
    expect(faultPaths(profileSchema, { kind: 'poisson', recordsPerSecond: Number.NaN })).toEqual(['recordsPerSecond']);
    expect(faultPaths(profileSchema, { kind: 'poisson', recordsPerSecond: 1, rate: 1 })).toHaveLength(1);
  });

  it('fails when a measured shape comes with a peak of its own', () => {
    const diurnal = {
      kind: 'diurnal',
      recordsPerDay: 1,
      shape: Array.from({ length: 24 }, () => 1),
      peakHour: 3,
      peakToMeanRatio: 2,
    };
    expect(faultPaths(diurnalProfileSchema, diurnal)).toEqual(['peakHour', 'peakToMeanRatio']);
  });

  it('fails when weights are missing or all zero', () => {
    const week = { kind: 'weekly', recordsPerWeek: 1, dayWeights: [0, 0, 0, 0, 0, 0, 0] };
    expect(faultPaths(weeklyProfileSchema, week)).toEqual(['dayWeights']);
    expect(faultPaths(weeklyProfileSchema, { ...week, dayWeights: [1, 1, 1] })).toEqual(['dayWeights']);
  });

  it('fails when steps do not begin at 0 or do not rise', () => {
    const at = (...times: number[]) => ({
      kind: 'steps',
      steps: times.map((atSeconds) => ({ atSeconds, recordsPerSecond: 1 })),
    });
    expect(faultPaths(stepsProfileSchema, at(5, 5, 3))).toEqual([
      'steps.0.atSeconds',
      'steps.1.atSeconds',
      'steps.2.atSeconds',
    ]);
  });

  it('fails when a trace has both counts and a file, neither, or counts without a bin', () => {
    const csv = { path: 'a.csv' };
    expect(faultPaths(traceProfileSchema, { kind: 'trace' })).toEqual(['counts']);
    expect(faultPaths(traceProfileSchema, { kind: 'trace', counts: [1], csv, binSeconds: 1 })).toEqual(['counts']);
    expect(faultPaths(traceProfileSchema, { kind: 'trace', counts: [1] })).toEqual(['binSeconds']);
  });

  it('fails when a count is negative, not whole, or too high after scaling', () => {
    const trace = { kind: 'trace', binSeconds: 1, counts: [1, -1, 1.5] };
    expect(faultPaths(traceProfileSchema, trace)).toEqual(['counts.1', 'counts.2']);
    expect(faultPaths(traceProfileSchema, { ...trace, counts: [1000, 1_000_000], scale: 100 })).toEqual(['counts.1']);
  });

  it('fails when measured quantiles do not rise from 0 to 1', () => {
    const quantiles = [
      { probabilityRatio: 0.1, bytes: 10 },
      { probabilityRatio: 0.1, bytes: 5 },
      { probabilityRatio: 0.9, bytes: 50 },
    ];
    expect(faultPaths(recordSizeSchema, { kind: 'empirical', quantiles })).toEqual([
      'quantiles.0.probabilityRatio',
      'quantiles.1.bytes',
      'quantiles.1.probabilityRatio',
      'quantiles.2.probabilityRatio',
    ]);
  });

  it('gives every setting a label, a unit and help', () => {
    const kinds: Profile['kind'][] = profileSchema.options.map((option) => option.shape.kind.value);
    expect(kinds).toHaveLength(8);
    const shapes: Record<string, z.ZodType>[] = [
      constantProfileSchema.shape,
      diurnalProfileSchema.shape,
      weeklyProfileSchema.shape,
      rampProfileSchema.shape,
      spikeProfileSchema.shape,
      stepsProfileSchema.shape,
      traceProfileSchema.shape,
      workloadSchema.shape,
    ];
    for (const shape of shapes) {
      for (const [name, schema] of Object.entries(shape)) {
        if (name === 'kind') continue;
        expect(fieldMeta(schema)?.label, name).toBeTruthy();
        expect(fieldMeta(schema)?.unit, name).toBeDefined();
        expect(fieldMeta(schema)?.help, name).toMatch(/\.$/);
      }
    }
  });
});
