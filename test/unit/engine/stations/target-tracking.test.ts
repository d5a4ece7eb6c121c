import { describe, expect, it } from 'vitest';
import { Kernel } from '#engine/kernel/kernel.ts';
import { TargetTracking, type TargetTrackingOptions } from '#engine/stations/target-tracking.ts';

const MINUTE_US = 60_000_000;

/** A capacity whose metric is given minute by minute, or follows from a load; returns the minutes and sizes of the changes. */
function scalings(
  metrics: readonly number[] | ((minute: number, capacity: number) => number),
  given: Partial<TargetTrackingOptions> = {},
  minutes = Array.isArray(metrics) ? metrics.length : 60,
): [minute: number, capacity: number][] {
  const kernel = new Kernel();
  const changes: [number, number][] = [];
  let capacity = 10;
  const minuteNow = (): number => kernel.nowUs / MINUTE_US;
  const tracking = new TargetTracking(
    kernel,
    {
      targetValue: 50,
      lowRatio: 0.9,
      periodUs: MINUTE_US,
      outPeriods: 3,
      inPeriods: 15,
      outCooldownUs: 5 * MINUTE_US,
      inCooldownUs: 5 * MINUTE_US,
      minCapacity: 2,
      maxCapacity: 100,
      disableScaleIn: false,
      ...given,
    },
    {
      get capacity() {
        return capacity;
      },
      measure: () =>
        typeof metrics === 'function' ? metrics(minuteNow(), capacity) : (metrics[minuteNow() - 1] ?? Number.NaN),
      scaleTo: (to) => {
        capacity = to;
        changes.push([minuteNow(), to]);
      },
    },
  );
  tracking.start();
  kernel.run(minutes * MINUTE_US);
  return changes;
}

const steady = (value: number, minutes: number): number[] => Array.from({ length: minutes }, () => value);

describe('target tracking', () => {
  it('scales out in proportion after three datapoints above the target', () => {
    expect(scalings(steady(71, 3))).toEqual([[3, 15]]);
    expect(scalings([71, 71, 50, 71, 71])).toEqual([]);
  });

  it('scales in in proportion after fifteen datapoints below nine tenths of the target', () => {
    expect(scalings(steady(44, 15))).toEqual([[15, 9]]);
    expect(scalings(steady(45, 40))).toEqual([]);
    expect(scalings([...steady(20, 14), 46, ...steady(20, 14)])).toEqual([]);
  });

  it('adds only what is missing while the last step out cools down', () => {
    // 10 -> 15 at minute 3; 80 % asks for 16 of the 10 before, 70 % for 14: nothing. At minute 9 the cooldown is over.
    expect(scalings([...steady(71, 3), 70, 80, 70, 60, 60, 60])).toEqual([
      [3, 15],
      [5, 16],
    ]);
    expect(scalings([...steady(71, 3), 70, 70, 70, 70, 60])).toEqual([
      [3, 15],
      [8, 18],
    ]);
  });

  it('waits for the cooldown before the next step in', () => {
    // The low alarm stands from minute 15 on: 10 -> 5, then at minute 20, when the cooldown is over, 5 -> 3.
    expect(scalings(steady(25, 21))).toEqual([
      [15, 5],
      [20, 3],
    ]);
  });

  it('scales out at once while a step in cools down', () => {
    expect(scalings([...steady(25, 15), 90, 90, 90])).toEqual([
      [15, 5],
      [18, 9],
    ]);
  });

  it('stays within its bounds, and never scales in when told so', () => {
    expect(scalings(steady(100, 3), { maxCapacity: 12 })).toEqual([[3, 12]]);
    expect(scalings(steady(1, 15), { minCapacity: 4 })).toEqual([[15, 4]]);
    expect(scalings(steady(1, 40), { disableScaleIn: true })).toEqual([]);
  });

  it('leaves its alarms as they are when there is no datapoint', () => {
    expect(scalings([71, 71, Number.NaN, 71])).toEqual([[4, 15]]);
  });

  it('settles where the metric is at the target when it follows the load', () => {
    // A load of 1,470 points over the capacity: 147 at 10 units. 30 units bring it to 49.
    expect(scalings((_minute, capacity) => 1470 / capacity)).toEqual([[3, 30]]);
  });
});
