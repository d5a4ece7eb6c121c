import { afterEach, describe, expect, it } from 'vitest';
import { bench, imbalances, receive, SECOND, send, succeed } from '#test/harness/visibility-queue.ts';

afterEach(() => {
  for (const difference of imbalances()) expect(difference).toBe(0);
});

describe('VisibilityQueue, long polling', () => {
  it('tells a waiter at the instant a message becomes visible, once', () => {
    const b = bench();
    const told: [number, number][] = [];
    b.queue.wait(20 * SECOND, { onMessages: (token) => told.push([token, b.kernel.nowUs]) }, 4);
    b.kernel.run(3 * SECOND);
    send(b, [0]);
    b.kernel.run(60 * SECOND);
    expect(told).toEqual([[4, 3 * SECOND]]);
  });

  it('tells a waiter when its time is up', () => {
    const b = bench();
    const told: number[] = [];
    b.queue.wait(20 * SECOND, { onMessages: () => told.push(b.kernel.nowUs) }, 0);
    b.kernel.run(60 * SECOND);
    expect(told).toEqual([20 * SECOND]);
  });

  it('tells waiters in the order of their coming, and no more than there is to receive', () => {
    const b = bench();
    const told: number[] = [];
    const waiter = {
      onMessages: (token: number) => {
        told.push(token);
        receive(b, 1);
      },
    };
    for (const token of [1, 2, 3]) b.queue.wait(20 * SECOND, waiter, token);
    send(b, [0, 1]);
    b.kernel.run(SECOND);
    expect(told).toEqual([1, 2]);
    expect(b.queue.inFlightCount).toBe(2);
  });

  it('lets waiters wait while the limit of messages in flight is reached', () => {
    const b = bench({ inFlightLimit: 1 });
    send(b, [0, 1]);
    const { receipts } = receive(b);
    const told: number[] = [];
    b.queue.wait(20 * SECOND, { onMessages: () => told.push(b.kernel.nowUs) }, 0);
    b.kernel.run(5 * SECOND);
    expect(told).toEqual([]);
    succeed(b, receipts[0]!);
    b.kernel.run(6 * SECOND);
    expect(told).toEqual([5 * SECOND]);
  });

  it('does not hold the clock when a waiter leaves the messages and waits anew', () => {
    const b = bench();
    send(b, [0]);
    let told = 0;
    const stubborn = {
      onMessages: () => {
        told++;
        b.queue.wait(SECOND, stubborn, 0);
      },
    };
    b.queue.wait(SECOND, stubborn, 0);
    b.kernel.run(10_000);
    expect(told).toBeLessThanOrEqual(11);
  });
});
