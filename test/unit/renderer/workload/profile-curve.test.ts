import { describe, expect, it } from 'vitest';
import { rateCurve } from '#renderer/workload/profile-curve.ts';
import type { Profile } from '#schema/workload.ts';

const account = { startsAt: '2026-01-05T00:00:00' };
const day = { horizonSeconds: 86_400 };

describe('the curve of a load', () => {
  it('has every corner in its place', () => {
    const ramp: Profile = {
      kind: 'ramp',
      fromRecordsPerSecond: 100,
      toRecordsPerSecond: 300,
      startSeconds: 600,
      durationSeconds: 600,
    };
    const curve = rateCurve(ramp, account, { horizonSeconds: 1801 });
    expect(curve?.points.find(({ seconds }) => seconds === 600)?.perSecond).toBe(100);
    expect(curve?.points.find(({ seconds }) => seconds === 1200)?.perSecond).toBe(300);
    expect(curve?.peakPerSecond).toBe(300);
    expect(curve?.records).toBeCloseTo(600 * 100 + 600 * 200 + 601 * 300, 6);
  });

  it('jumps at once, and shows a spike that is narrower than its points', () => {
    const spike: Profile = {
      kind: 'spike',
      baseRecordsPerSecond: 10,
      peakRecordsPerSecond: 5000,
      startSeconds: 40_001,
      riseSeconds: 0,
      holdSeconds: 1,
      fallSeconds: 0,
    };
    expect(rateCurve(spike, account, day)?.peakPerSecond).toBe(5000);
    const steps: Profile = {
      kind: 'steps',
      steps: [
        { atSeconds: 0, recordsPerSecond: 10 },
        { atSeconds: 30_001, recordsPerSecond: 50 },
      ],
    };
    const points = rateCurve(steps, account, day)?.points ?? [];
    const jump = points.findIndex(({ seconds }) => seconds === 30_001);
    expect(points[jump]?.perSecond).toBe(50);
    expect(points[jump - 1]?.perSecond).toBe(10);
    expect((points[jump]?.seconds ?? 0) - (points[jump - 1]?.seconds ?? 0)).toBeLessThan(1);
  });

  it('follows the local hour at which the run begins', () => {
    const wave: Profile = { kind: 'diurnal', recordsPerDay: 8_640_000, peakToMeanRatio: 2, peakHour: 20 };
    const peakAt = (startsAt: string): number => {
      const points = rateCurve(wave, { startsAt }, day)?.points ?? [];
      return points.reduce((best, point) => (point.perSecond > best.perSecond ? point : best)).seconds;
    };
    expect(peakAt('2026-01-05T00:00:00')).toBeCloseTo(20 * 3600, -3);
    expect(peakAt('2026-01-05T12:00:00')).toBeCloseTo(8 * 3600, -3);
  });

  it('is none for a profile that is not valid, or whose counts are in a file', () => {
    expect(rateCurve({ kind: 'poisson', recordsPerSecond: -1 }, account, day)).toBeUndefined();
    const csv = { path: 'trace.csv', gaps: 'refuse' } as const;
    expect(rateCurve({ kind: 'trace', csv, repeat: false, scale: 1 }, account, day)).toBeUndefined();
  });
});
