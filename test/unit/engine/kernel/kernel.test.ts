import { describe, expect, it } from 'vitest';
import { Kernel } from '#engine/kernel/kernel.ts';
import {
  PRIORITY_ARRIVAL,
  PRIORITY_DEPARTURE,
  PRIORITY_FAULT,
  PRIORITY_POLL,
  PRIORITY_SAMPLING,
  PRIORITY_TIMER,
} from '#engine/kernel/priorities.ts';

describe('Kernel', () => {
  it('runs events in time order with the clock at their time', () => {
    const kernel = new Kernel();
    const seen: [number, number, number][] = [];
    const record = kernel.register((a, b) => seen.push([kernel.nowUs, a, b]));
    kernel.at(20, record, 2, 0.5);
    kernel.at(10, record, 1);
    const outcome = kernel.run(100);
    expect(seen).toEqual([
      [10, 1, 0],
      [20, 2, 0.5],
    ]);
    expect(outcome).toEqual({ kind: 'complete', nowUs: 100, events: 2 });
    expect(kernel.nowUs).toBe(100);
    expect(kernel.eventCount).toBe(2);
  });

  it('runs events at the end itself and leaves later ones for the next run', () => {
    const kernel = new Kernel();
    const seen: number[] = [];
    const record = kernel.register((a) => seen.push(a));
    kernel.at(50, record, 1);
    kernel.at(51, record, 2);
    kernel.run(50);
    expect(seen).toEqual([1]);
    expect(kernel.pendingCount).toBe(1);
    expect(kernel.nextTimeUs).toBe(51);
    kernel.run(60);
    expect(seen).toEqual([1, 2]);
  });

  it('breaks ties as the priorities are documented', () => {
    const kernel = new Kernel();
    const seen: number[] = [];
    const record = kernel.register((a) => seen.push(a));
    const documented = [
      PRIORITY_FAULT,
      PRIORITY_DEPARTURE,
      PRIORITY_TIMER,
      PRIORITY_ARRIVAL,
      PRIORITY_POLL,
      PRIORITY_SAMPLING,
    ];
    for (const priority of documented.toReversed()) kernel.at(5, record, priority, 0, priority);
    kernel.run(5);
    expect(seen).toEqual(documented);
    expect(new Set(seen).size).toBe(documented.length);
  });

  it('runs an event scheduled for the present instant in it, after the one that scheduled it', () => {
    const kernel = new Kernel();
    const seen: string[] = [];
    const late = kernel.register(() => seen.push(`late ${kernel.nowUs}`));
    const early = kernel.register(() => {
      seen.push(`early ${kernel.nowUs}`);
      kernel.after(0, late, 0, 0, 0);
    });
    kernel.at(3, early, 0, 0, 90);
    kernel.run(3);
    expect(seen).toEqual(['early 3', 'late 3']);
  });

  it('rounds the absolute time, so that fractions of delays do not add up to a bias', () => {
    const kernel = new Kernel(1);
    const times: number[] = [];
    const record = kernel.register(() => times.push(kernel.nowUs));
    kernel.after(0.6, record);
    kernel.after(0.4, record);
    kernel.at(7.5, record);
    kernel.run(10);
    expect(times).toEqual([1, 2, 8]);
  });

  it('runs events without a handle among the others, in their order', () => {
    const kernel = new Kernel();
    const seen: number[] = [];
    const record = kernel.register((a) => seen.push(a));
    kernel.at(10, record, 1);
    kernel.post(9.6, record, 2);
    kernel.post(10, record, 3, 0, PRIORITY_DEPARTURE);
    kernel.at(10, record, 4);
    kernel.run(10);
    expect(seen).toEqual([1, 2, 4, 3]);
    expect(() => kernel.post(9, record)).toThrow('not a finite time from now');
    expect(() => kernel.post(Number.NaN, record)).toThrow('not a finite time from now');
  });

  it('cancels a timeout', () => {
    const kernel = new Kernel();
    let fired = 0;
    const timeout = kernel.register(() => {
      fired += 1;
    });
    const handle = kernel.after(100, timeout);
    expect(kernel.cancel(handle)).toBe(true);
    expect(kernel.cancel(handle)).toBe(false);
    kernel.run(1000);
    expect(fired).toBe(0);
  });

  it('stops when the slice callback says so, and goes on from there', () => {
    const kernel = new Kernel();
    const tick = kernel.register(() => {
      kernel.after(1, tick);
    });
    kernel.at(0, tick);
    const stopped = kernel.run(100_000, (nowUs) => nowUs < 40_000);
    expect(stopped.kind).toBe('cancelled');
    expect(stopped.nowUs).toBe(kernel.nowUs);
    expect(kernel.nowUs).toBeGreaterThanOrEqual(40_000);
    expect(kernel.nowUs).toBeLessThan(60_000);
    expect(kernel.run(100_000)).toEqual({ kind: 'complete', nowUs: 100_000, events: 100_001 - stopped.events });
    expect(kernel.eventCount).toBe(100_001);
  });

  it('may start before zero, for a pre-roll', () => {
    const kernel = new Kernel(-1000);
    const times: number[] = [];
    const record = kernel.register(() => times.push(kernel.nowUs));
    kernel.after(400, record);
    kernel.run(0);
    expect(times).toEqual([-600]);
  });

  it('fails when an event is scheduled in the past', () => {
    const kernel = new Kernel();
    const idle = kernel.register(() => undefined);
    kernel.run(10);
    expect(() => kernel.at(9, idle)).toThrow(/time 9 us .* from now \(10 us\)/);
    expect(() => kernel.after(-1, idle)).toThrow(/invariant/);
  });

  it('fails when a time is not finite', () => {
    const kernel = new Kernel();
    const idle = kernel.register(() => undefined);
    expect(() => kernel.at(Number.NaN, idle)).toThrow(/time NaN us/);
    expect(() => kernel.after(Number.POSITIVE_INFINITY, idle)).toThrow(/time Infinity us/);
    expect(() => kernel.run(Number.POSITIVE_INFINITY)).toThrow(/invariant/);
    expect(() => new Kernel(0.5)).toThrow(/whole microsecond/);
  });

  it('fails when events schedule each other without time passing, instead of running for ever', () => {
    const kernel = new Kernel();
    const again: number = kernel.register(() => {
      kernel.at(kernel.nowUs, again);
    });
    kernel.at(5, again);
    expect(() => kernel.run(10)).toThrow('the clock stands still at 5 us');
  });
});
