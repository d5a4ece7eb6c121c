import { afterEach, describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { bench, imbalances, ledger, receive, SECOND, send, succeed } from '#test/harness/visibility-queue.ts';

afterEach(() => {
  for (const difference of imbalances()) expect(difference).toBe(0);
});

describe('VisibilityQueue, grouped', () => {
  it('delivers a group in order and blocks it while one of its messages is in flight', () => {
    const b = bench({ isGrouped: true });
    send(b, [0, 1, 2, 3], [5, 5, 6, 5]);
    const first = receive(b, 1);
    expect(first.entities).toEqual([0]);
    const other = receive(b, 10);
    expect(other.entities).toEqual([2]);
    expect(receive(b).entities).toEqual([]);
    expect(b.queue.visibleCount).toBe(2);
    succeed(b, first.receipts[0]!);
    expect(receive(b).entities).toEqual([1, 3]);
  });

  it('takes as many of one group as it can before it goes to the next', () => {
    const b = bench({ isGrouped: true });
    send(b, [0, 1, 2, 3, 4], [1, 2, 1, 2, 1]);
    expect(receive(b, 4).entities).toEqual([0, 2, 4, 1]);
  });

  it('puts a message that comes back before all of its group sent after it', () => {
    const b = bench({ isGrouped: true });
    send(b, [0, 1, 2, 3], [1, 1, 1, 1]);
    const { receipts } = receive(b, 3);
    succeed(b, receipts[1]!);
    b.queue.release(receipts[2]!, 0);
    expect(receive(b).entities).toEqual([]);
    b.queue.release(receipts[0]!, 0);
    expect(receive(b).entities).toEqual([0, 2, 3]);
  });

  it('holds a group until a failed message has had its last receive, then goes on', () => {
    const b = bench({ isGrouped: true, maxReceives: 1 });
    send(b, [0, 1], [1, 1]);
    b.queue.release(receive(b, 1).receipts[0]!, -1);
    expect(receive(b).entities).toEqual([]);
    b.kernel.run(30 * SECOND);
    expect(receive(b).entities).toEqual([1]);
    expect(b.seen.moved.length).toBe(1);
  });

  it('unblocks a group when the message in flight expires', () => {
    const b = bench({ isGrouped: true, retentionUs: 60 * SECOND, visibilityTimeoutUs: 600 * SECOND });
    send(b, [0], [1]);
    const { receipts } = receive(b);
    b.kernel.run(30 * SECOND);
    send(b, [1], [1]);
    expect(receive(b).entities).toEqual([]);
    b.kernel.run(60 * SECOND);
    expect(receive(b).entities).toEqual([1]);
    b.queue.release(receipts[0]!, -1);
    expect(ledger(b)).toMatchObject({ expired: 1, inside: 1 });
  });

  it('gives what a plain model gives, whatever is sent, received, deleted and released', () => {
    const b = bench({ isGrouped: true });
    const chance = new DrawStream(11, 'test', 'choices');
    const visible = Array.from({ length: 7 }, (): number[] => []);
    const inFlight = Array.from({ length: 7 }, () => new Set<number>());
    const inWork: { receipt: number; entity: number }[] = [];
    let received = 0;
    for (let step = 0; step < 6000; step++) {
      const u = chance.uniform(step);
      if (u < 0.35) {
        send(b, [step], [step % 7]);
        visible[step % 7]!.push(step);
      } else if (u < 0.6) {
        const { receipts, entities } = receive(b, 3);
        const isIdle = inFlight.map((group) => group.size === 0);
        const ready = visible.reduce((sum, group, g) => sum + (isIdle[g] ? group.length : 0), 0);
        expect(entities.length).toBe(Math.min(3, ready));
        entities.forEach((entity, i) => {
          const g = entity % 7;
          expect(isIdle[g]).toBe(true);
          expect(visible[g]!.shift()).toBe(entity);
          inFlight[g]!.add(entity);
          inWork.push({ receipt: receipts[i]!, entity });
          received++;
        });
      } else if (inWork.length > 0) {
        const at = Math.floor(((u - 0.6) / 0.4) * inWork.length);
        const [{ receipt, entity }] = inWork.splice(at, 1) as [{ receipt: number; entity: number }];
        inFlight[entity % 7]!.delete(entity);
        if (step % 3 === 0) {
          b.queue.release(receipt, 0);
          visible[entity % 7]!.push(entity);
          visible[entity % 7]!.sort((a, c) => a - c);
        } else {
          b.queue.delete(receipt);
        }
      }
      expect(b.queue.visibleCount).toBe(visible.reduce((sum, group) => sum + group.length, 0));
    }
    expect(received).toBeGreaterThan(1000);
  });
});
