import { describe, expect, it } from 'vitest';
import { type LimitDeclaration, LimitMeter } from '#engine/stats/limit-meter.ts';

const SECOND = 1_000_000;

const declaration = (kind: LimitDeclaration['kind'], capacity: number): LimitDeclaration => ({
  id: 'limit',
  name: 'limit',
  unit: 'units',
  kind,
  capacity,
  source: '',
  raisable: false,
});

describe('LimitMeter means', () => {
  it('weights a level by the time it holds, from the pre-roll on and to the horizon', () => {
    const meter = new LimitMeter(declaration('level', 10), 'node', 40 * SECOND, 4);
    meter.set(-5 * SECOND, 5);
    meter.set(5 * SECOND, 0);
    meter.set(18 * SECOND, 10);
    meter.set(32 * SECOND, 2);
    // 0..10: 5 s at half. 10..20: 2 s in full. 20..30: full. 30..40: 2 s full and 8 s at a fifth.
    expect([...meter.columns().means].map((mean) => Math.round(mean * 1e9) / 1e9)).toEqual([0.25, 0.2, 1, 0.36]);
  });

  it('averages the use of a rate over each bin', () => {
    const meter = new LimitMeter(declaration('perSecond', 100), 'node', 20 * SECOND, 2);
    meter.use(-1, 50);
    meter.use(0, 100);
    meter.use(9 * SECOND, 100);
    meter.use(10 * SECOND, 50);
    expect([...meter.columns().means]).toEqual([0.2, 0.05]);
  });
});
