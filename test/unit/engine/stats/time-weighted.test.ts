import { describe, expect, it } from 'vitest';
import { TimeWeighted } from '#engine/stats/time-weighted.ts';

describe('TimeWeighted', () => {
  it('weights every value by how long it held', () => {
    const queue = new TimeWeighted(100);
    queue.set(200, 4);
    queue.add(250, -3);
    expect(queue.value).toBe(1);
    // 0 for 100, 4 for 50, 1 for 50 microseconds.
    expect(queue.mean(300)).toBe(250 / 200);
    expect(queue.integral(300)).toBe(250);
    expect(queue.max).toBe(4);
  });

  it('gives the present value when no time has passed', () => {
    const queue = new TimeWeighted(5);
    queue.set(5, 7);
    expect(queue.mean(5)).toBe(7);
  });

  it('forgets the past on reset but keeps the value', () => {
    const queue = new TimeWeighted(0);
    queue.set(0, 9);
    queue.set(50, 2);
    queue.reset(100);
    expect([queue.value, queue.max, queue.mean(100)]).toEqual([2, 2, 2]);
    queue.add(150, 2);
    expect(queue.mean(200)).toBe(3);
    expect(queue.max).toBe(4);
  });
});
