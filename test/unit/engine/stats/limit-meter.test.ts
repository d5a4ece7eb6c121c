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

describe('LimitMeter while the run goes on', () => {
  it('gives a bin that is over as its columns will, and changes nothing by that', () => {
    const meter = new LimitMeter(declaration('level', 10), 'node', 40 * SECOND, 4);
    const plain = new LimitMeter(declaration('level', 10), 'node', 40 * SECOND, 4);
    const taken: { meanRatio: number; refused: number }[] = [];
    for (const [second, level] of [
      [5, 3],
      [18, 7],
      [25, 1],
      [39, 4],
    ] as const) {
      while (taken.length < Math.floor(second / 10)) taken.push(meter.useIn(taken.length));
      for (const own of [meter, plain]) {
        own.set(second * SECOND, level);
        own.refuse(second * SECOND, 2);
      }
    }
    taken.push(meter.useIn(3));
    expect(taken.map(({ meanRatio }) => meanRatio)).toEqual([...plain.columns().means]);
    expect(taken.map(({ refused }) => refused)).toEqual([2, 2, 2, 2]);
    expect(meter.columns()).toEqual(plain.columns());
    expect(meter.summary()).toEqual(plain.summary());
  });
});

describe('LimitMeter peaks', () => {
  it('takes the largest use of a whole second for a rate, the largest level for a level', () => {
    const rate = new LimitMeter(declaration('perSecond', 100), 'node', 10 * SECOND, 5);
    for (const [seconds, amount] of [
      [0.1, 40],
      [0.9, 40],
      [1.1, 50],
    ] as const) {
      rate.use(seconds * SECOND, amount);
    }
    expect(rate.peakRatio).toBe(0.8);
    expect(rate.ratio).toBe(0.5);
    const level = new LimitMeter(declaration('level', 4), 'node', 10 * SECOND, 5);
    level.set(SECOND, 3);
    level.set(2 * SECOND, 1);
    expect([level.peakRatio, level.ratio]).toEqual([0.75, 0.25]);
  });

  it('shows a level in every bin in which it held, also where nothing changed', () => {
    const meter = new LimitMeter(declaration('level', 10), 'node', 40 * SECOND, 4);
    meter.set(5 * SECOND, 10);
    meter.set(30 * SECOND, 0);
    expect([...meter.columns().ratios]).toEqual([1, 1, 1, 0]);
    const still = new LimitMeter(declaration('level', 10), 'node', 40 * SECOND, 4);
    still.set(5 * SECOND, 5);
    expect([...still.columns().ratios]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('begins with the level and the queue that the pre-roll has left', () => {
    const meter = new LimitMeter(declaration('level', 10), 'node', 40 * SECOND, 4);
    meter.set(-SECOND, 9);
    meter.set(-2, 6);
    meter.wait(-2, 30);
    expect(meter.summary()).toMatchObject({ peakRatio: 0, waiting: 0 });
    meter.startRecording(0);
    expect(meter.summary()).toMatchObject({ peakRatio: 0.6, waiting: 30 });
  });

  it('knows how much was refused, since when and until when, from time zero on', () => {
    const meter = new LimitMeter(declaration('perSecond', 10), 'node', 40 * SECOND, 4);
    meter.refuse(-1, 5);
    expect(meter.summary()).toMatchObject({ refused: 0 });
    expect(meter.summary()).not.toHaveProperty('firstRefusedAt');
    meter.refuse(2 * SECOND, 5);
    meter.refuse(35 * SECOND, 1);
    expect(meter.summary()).toMatchObject({ refused: 6, firstRefusedAt: 2, lastRefusedAt: 35, peakRatio: 1 });
    expect([...meter.columns().refusals]).toEqual([5, 0, 0, 1]);
  });
});
