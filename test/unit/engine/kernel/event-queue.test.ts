import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { EventQueue } from '#engine/kernel/event-queue.ts';

function drain(queue: EventQueue): number[] {
  const order: number[] = [];
  while (queue.pop()) order.push(queue.a);
  return order;
}

describe('EventQueue', () => {
  it('is empty at first', () => {
    const queue = new EventQueue();
    expect(queue.size).toBe(0);
    expect(queue.peekTimeUs()).toBe(Number.POSITIVE_INFINITY);
    expect(queue.pop()).toBe(false);
  });

  it('pops by time, whatever the priority', () => {
    const queue = new EventQueue();
    queue.schedule(30, 0, 0, 3, 0);
    queue.schedule(10, 255, 0, 1, 0);
    queue.schedule(20, 90, 0, 2, 0);
    expect(queue.peekTimeUs()).toBe(10);
    expect(drain(queue)).toEqual([1, 2, 3]);
  });

  it('pops equal times by priority, lower first', () => {
    const queue = new EventQueue();
    for (const priority of [255, 40, 0, 90, 10]) queue.schedule(5, priority, 0, priority, 0);
    expect(drain(queue)).toEqual([0, 10, 40, 90, 255]);
  });

  it('pops equal times and priorities in insertion order', () => {
    const queue = new EventQueue();
    for (let i = 0; i < 1000; i += 1) queue.schedule(7, 30, 0, i, 0);
    expect(drain(queue)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  it('keeps insertion order when pops and schedules of one instant alternate', () => {
    const queue = new EventQueue();
    queue.schedule(1, 0, 0, 0, 0);
    queue.schedule(1, 0, 0, 1, 0);
    queue.pop();
    queue.schedule(1, 0, 0, 2, 0);
    expect(drain(queue)).toEqual([1, 2]);
  });

  it('loads time, handler and both arguments of the event popped', () => {
    const queue = new EventQueue();
    queue.schedule(1.5, 3, 17, -0.25, 9e15);
    expect(queue.pop()).toBe(true);
    expect([queue.timeUs, queue.handler, queue.a, queue.b]).toEqual([1.5, 17, -0.25, 9e15]);
  });

  it('pops only up to the time it is told', () => {
    const queue = new EventQueue();
    queue.schedule(10, 0, 0, 1, 0);
    expect(queue.popUntil(9)).toBe(false);
    expect(queue.size).toBe(1);
    expect(queue.popUntil(10)).toBe(true);
    expect(queue.popUntil(10)).toBe(false);
  });

  it('takes times before zero', () => {
    const queue = new EventQueue();
    queue.schedule(0, 0, 0, 2, 0);
    queue.schedule(-3_600_000_000, 0, 0, 1, 0);
    expect(drain(queue)).toEqual([1, 2]);
  });

  it('cancels a pending event once', () => {
    const queue = new EventQueue();
    queue.schedule(1, 0, 0, 1, 0);
    const second = queue.schedule(2, 0, 0, 2, 0);
    queue.schedule(3, 0, 0, 3, 0);
    expect(queue.cancel(second)).toBe(true);
    expect(queue.cancel(second)).toBe(false);
    expect(queue.size).toBe(2);
    expect(drain(queue)).toEqual([1, 3]);
  });

  it('does not cancel by a stale handle, even when its slot serves another event', () => {
    const queue = new EventQueue();
    const first = queue.schedule(1, 0, 0, 1, 0);
    queue.pop();
    const second = queue.schedule(2, 0, 0, 2, 0);
    expect(second).not.toBe(first);
    expect(queue.cancel(first)).toBe(false);
    expect(queue.cancel(second)).toBe(true);
    expect(queue.size).toBe(0);
  });

  it('does not cancel by something that never was a handle', () => {
    const queue = new EventQueue();
    queue.schedule(1, 0, 0, 1, 0);
    for (const handle of [-1, 0, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 52]) {
      expect(queue.cancel(handle)).toBe(false);
    }
    expect(queue.size).toBe(1);
  });

  it('cancels right after a pop', () => {
    const queue = new EventQueue();
    const handles = [5, 4, 3, 2, 1].map((time) => queue.schedule(time, 0, 0, time, 0));
    queue.pop();
    expect(queue.cancel(handles[0] ?? -1)).toBe(true);
    expect(queue.size).toBe(3);
    expect(drain(queue)).toEqual([2, 3, 4]);
  });

  it.each([
    ['even times', (u: number) => Math.floor(u * 2e6)],
    ['times of a few seconds, many at one instant', (u: number) => 1e6 * Math.ceil(u * 5)],
    ['near times and a few very far timers', (u: number) => (u < 0.99 ? Math.floor(u * 1e5) : 1e15 * u)],
    ['one time for all', () => 1e6],
  ])('holds order while thousands come, go and are cancelled: %s', (_, delay) => {
    const queue = new EventQueue();
    const draws = new DrawStream(2, 'queue', 'hold');
    const live = new Map<number, { time: number; handle: number }>();
    const add = (id: number, nowUs: number): void => {
      const time = nowUs + delay(draws.uniform(id));
      live.set(id, { time, handle: queue.schedule(time, 0, 0, id, 0) });
    };
    let id = 0;
    for (; id < 5000; id += 1) add(id, 0);
    let last = { time: 0, id: -1 };
    let faults = 0;
    for (let step = 0; step < 40_000; step += 1) {
      queue.pop();
      const popped = live.get(queue.a);
      const isLater = queue.timeUs > last.time || (queue.timeUs === last.time && queue.a > last.id);
      if (popped?.time !== queue.timeUs || !isLater) faults += 1;
      last = { time: queue.timeUs, id: queue.a };
      live.delete(queue.a);
      add(id, queue.timeUs);
      id += 1;
      const victim = Math.floor(draws.uniformPair(step, 0) * id);
      const handle = live.get(victim)?.handle ?? -1;
      if (queue.cancel(handle) !== live.delete(victim)) faults += 1;
      add(id, queue.timeUs);
      id += 1;
    }
    expect(faults).toBe(0);
    expect(queue.size).toBe(live.size);
  });

  it('keeps order and size with 200,000 pending events, a third of them cancelled', () => {
    const queue = new EventQueue();
    const draws = new DrawStream(1, 'queue', 'times');
    const times = Array.from({ length: 200_000 }, (_, i) => Math.floor(draws.uniform(i) * 100_000));
    const handles = times.map((time, i) => queue.schedule(time, i % 3, 0, i, 0));
    const cancelled = handles.filter((handle, i) => i % 3 === 1 && queue.cancel(handle)).length;
    expect(queue.size).toBe(200_000 - cancelled);
    const expected = times
      .map((time, i) => ({ time, i }))
      .filter(({ i }) => i % 3 !== 1)
      .sort((x, y) => x.time - y.time || (x.i % 3) - (y.i % 3) || x.i - y.i)
      .map(({ i }) => i);
    expect(drain(queue)).toEqual(expected);
  });
});
