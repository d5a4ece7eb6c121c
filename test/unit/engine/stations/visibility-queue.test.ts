import { afterEach, describe, expect, it } from 'vitest';
import {
  bench,
  CONSUMER,
  imbalances,
  ledger,
  PRODUCER,
  receive,
  SECOND,
  send,
  succeed,
} from '#test/harness/visibility-queue.ts';

afterEach(() => {
  for (const difference of imbalances()) expect(difference).toBe(0);
});

describe('VisibilityQueue', () => {
  it('delivers in the order of sending, at most as many as asked', () => {
    const b = bench();
    send(b, [0, 1, 2, 3, 4]);
    expect(receive(b, 3).entities).toEqual([0, 1, 2]);
    expect(receive(b, 3).entities).toEqual([3, 4]);
    expect(receive(b, 3).entities).toEqual([]);
    expect(b.queue.inFlightCount).toBe(5);
    expect(b.queue.visibleCount).toBe(0);
  });

  it('frees everything once all messages are deleted', () => {
    const b = bench();
    send(b, [0, 1, 2]);
    for (const receipt of receive(b).receipts) succeed(b, receipt);
    expect(b.queue.inFlightCount).toBe(0);
    expect(b.queue.attemptCount).toBe(0);
    expect(b.flow.store.liveCount).toBe(0);
    expect(ledger(b)).toMatchObject({ created: 3, delivered: 3, inside: 0 });
  });

  it('shows a message again when its visibility timeout runs out, with the first attempt still running', () => {
    const b = bench();
    send(b, [7]);
    const first = receive(b).receipts[0]!;
    b.kernel.run(30 * SECOND - 1);
    expect(receive(b).entities).toEqual([]);
    b.kernel.run(30 * SECOND);
    const second = receive(b).receipts[0]!;
    expect(b.queue.receiveCountOf(second)).toBe(2);
    expect(b.queue.parcelOf(second)).toBe(b.queue.parcelOf(first));
    succeed(b, first);
    succeed(b, second);
    expect(b.seen.returned).toBe(1);
    expect(ledger(b)).toMatchObject({ delivered: 1, duplicates: { made: 1, delivered: 1 } });
    expect(b.flow.store.liveCount).toBe(0);
  });

  it('removes a message that is visible again when an old receipt deletes it', () => {
    const b = bench();
    send(b, [7]);
    const first = receive(b).receipts[0]!;
    b.kernel.run(31 * SECOND);
    expect(b.queue.visibleCount).toBe(1);
    succeed(b, first);
    expect(b.queue.visibleCount).toBe(0);
    expect(receive(b).entities).toEqual([]);
    expect(ledger(b)).toMatchObject({ delivered: 1, duplicates: { made: 0 } });
  });

  it('keeps the parcel of a deleted message until the other attempt has ended', () => {
    const b = bench();
    send(b, [7]);
    const first = receive(b).receipts[0]!;
    b.kernel.run(31 * SECOND);
    const second = receive(b).receipts[0]!;
    succeed(b, first);
    expect(b.queue.inFlightCount).toBe(0);
    expect(b.flow.store.entity[b.queue.parcelOf(second)]).toBe(7);
    b.kernel.run(100 * SECOND);
    expect(receive(b).entities).toEqual([]);
    b.queue.release(second, -1);
    expect(b.flow.store.liveCount).toBe(0);
    expect(ledger(b)).toMatchObject({ delivered: 1, duplicates: { made: 0 } });
  });

  it('does not delete by an expired receipt where late deletes are off', () => {
    const b = bench({ lateDeletes: false });
    send(b, [7]);
    const first = receive(b).receipts[0]!;
    b.kernel.run(31 * SECOND);
    b.queue.delete(first);
    const again = receive(b);
    expect(again.entities).toEqual([7]);
    succeed(b, again.receipts[0]!);
    expect(b.queue.inFlightCount).toBe(0);
  });

  it('shows a released message after the time given, at once for 0, and not before its timeout for -1', () => {
    const b = bench();
    send(b, [0, 1, 2]);
    const [at0, at5, atTimeout] = receive(b).receipts;
    b.queue.release(at0!, 0);
    b.queue.release(at5!, 5 * SECOND);
    b.queue.release(atTimeout!, -1);
    expect(receive(b).entities).toEqual([0]);
    b.kernel.run(5 * SECOND - 1);
    expect(receive(b).entities).toEqual([]);
    b.kernel.run(5 * SECOND);
    expect(receive(b).entities).toEqual([1]);
    b.kernel.run(30 * SECOND);
    expect(receive(b).entities).toEqual([2, 0]);
    expect(b.seen.returned).toBe(2);
  });

  it('takes the timeout of a receive that names one, longer or shorter than the last', () => {
    const b = bench();
    send(b, [0, 1, 2]);
    const receipts = new Int32Array(1);
    b.queue.receive(1, receipts);
    b.queue.receive(1, receipts, 10 * SECOND);
    b.queue.receive(1, receipts, 60 * SECOND);
    b.kernel.run(10 * SECOND);
    expect(receive(b).entities).toEqual([1]);
    b.kernel.run(30 * SECOND);
    expect(receive(b).entities).toEqual([0]);
    b.kernel.run(60 * SECOND);
    expect(receive(b).entities).toEqual([1, 2, 0]);
  });

  it('hides every message for the delay after it was sent', () => {
    const b = bench({ delayUs: 10 * SECOND });
    send(b, [0]);
    b.kernel.run(4 * SECOND);
    send(b, [1]);
    expect(b.queue.delayedCount).toBe(2);
    b.kernel.run(10 * SECOND);
    expect(receive(b).entities).toEqual([0]);
    b.kernel.run(14 * SECOND);
    expect(receive(b).entities).toEqual([1]);
    expect(b.queue.delayedCount).toBe(0);
  });

  it('loses a message at the end of its retention, whether it is visible or delayed', () => {
    const b = bench({ retentionUs: 60 * SECOND, delayUs: 59 * SECOND });
    send(b, [0]);
    b.kernel.run(30 * SECOND);
    send(b, [1]);
    b.kernel.run(60 * SECOND);
    expect(b.seen.expired).toBe(1);
    expect(b.queue.visibleCount + b.queue.delayedCount).toBe(1);
    b.kernel.run(90 * SECOND);
    expect(ledger(b)).toMatchObject({ created: 2, expired: 2, inside: 0 });
    expect(b.flow.store.liveCount).toBe(0);
  });

  it('delivers a message that was deleted in time although its retention ended while it was worked on', () => {
    const b = bench({ retentionUs: 60 * SECOND, visibilityTimeoutUs: 600 * SECOND });
    send(b, [0, 1]);
    const [done, given] = receive(b).receipts;
    b.kernel.run(61 * SECOND);
    expect(b.queue.inFlightCount).toBe(0);
    succeed(b, done!);
    b.queue.release(given!, -1);
    expect(ledger(b)).toMatchObject({ delivered: 1, expired: 1, inside: 0 });
  });

  it('hands a message on when a receive would exceed the maximum, with its time of sending', () => {
    const b = bench({ maxReceives: 2 });
    b.kernel.run(SECOND);
    send(b, [0]);
    for (let i = 0; i < 2; i++) {
      b.queue.release(receive(b).receipts[0]!, -1);
      b.kernel.run(b.kernel.nowUs + 31 * SECOND);
    }
    expect(b.seen.moved).toEqual([]);
    expect(receive(b).entities).toEqual([]);
    expect(b.seen.moved).toEqual([{ sentUs: SECOND, receives: 2 }]);
    expect(ledger(b)).toMatchObject({ deadLettered: 1, inside: 0 });
  });

  it('counts what an attempt sends after its message was handed on as a duplicate of the dead letter', () => {
    const b = bench({ maxReceives: 1 });
    send(b, [0]);
    const slow = receive(b).receipts[0]!;
    b.kernel.run(31 * SECOND);
    expect(receive(b).entities).toEqual([]);
    succeed(b, slow);
    expect(ledger(b)).toMatchObject({ deadLettered: 1, delivered: 0, duplicates: { made: 1, delivered: 1 } });
  });

  it('hands on only a duplicate when the work had been done before', () => {
    const b = bench({ maxReceives: 1 });
    send(b, [0]);
    const forgetful = receive(b).receipts[0]!;
    b.flow.deliverEffect(b.queue.parcelOf(forgetful), CONSUMER, b.kernel.nowUs);
    b.queue.release(forgetful, -1);
    b.kernel.run(31 * SECOND);
    receive(b);
    expect(ledger(b)).toMatchObject({ delivered: 1, deadLettered: 0, duplicates: { made: 1, inside: 1 } });
  });

  it('keeps a message that nobody takes over and offers it again after a visibility timeout', () => {
    const b = bench({ maxReceives: 1 });
    b.acceptsMoved = false;
    send(b, [0]);
    b.queue.release(receive(b).receipts[0]!, 0);
    expect(receive(b).entities).toEqual([]);
    expect(b.queue.delayedCount).toBe(1);
    b.kernel.run(30 * SECOND);
    b.acceptsMoved = true;
    expect(receive(b).entities).toEqual([]);
    expect(b.seen.moved).toEqual([{ sentUs: 0, receives: 1 }]);
    expect(b.queue.delayedCount).toBe(0);
  });

  it('returns nothing while the limit of messages in flight is reached', () => {
    const b = bench({ inFlightLimit: 3 });
    send(b, [0, 1, 2, 3]);
    const { receipts } = receive(b);
    expect(receipts.length).toBe(3);
    expect(b.queue.isFull).toBe(true);
    expect(receive(b).entities).toEqual([]);
    succeed(b, receipts[0]!);
    expect(receive(b).entities).toEqual([3]);
  });

  it('lets a copy survive a delete with the share given, so that it is delivered once more', () => {
    const b = bench({ survivalRatio: 1 });
    send(b, [0]);
    succeed(b, receive(b).receipts[0]!);
    expect(b.queue.inFlightCount).toBe(1);
    b.kernel.run(30 * SECOND);
    expect(receive(b).entities).toEqual([0]);
  });

  it('reports the age of the oldest message that was received fewer than three times', () => {
    const b = bench({ visibilityTimeoutUs: 0 });
    send(b, [0]);
    b.kernel.run(10 * SECOND);
    send(b, [1]);
    b.kernel.run(15 * SECOND);
    expect(b.queue.oldestAgeUs).toBe(15 * SECOND);
    for (let i = 0; i < 3; i++) {
      for (const receipt of receive(b, 1).receipts) b.queue.release(receipt, 0);
      for (const receipt of receive(b, 1).receipts) b.queue.release(receipt, 0);
      if (i === 0) expect(b.queue.oldestAgeUs).toBe(15 * SECOND);
    }
    expect(b.queue.oldestAgeUs).toBe(0);
    send(b, [2]);
    b.kernel.run(16 * SECOND);
    expect(b.queue.oldestAgeUs).toBe(SECOND);
  });

  it('counts retention from the sending and age from the arrival of a message moved in', () => {
    const b = bench({ retentionUs: 100 * SECOND });
    b.kernel.run(80 * SECOND);
    send(b, [1]);
    b.queue.put(b.flow.create(PRODUCER, 0, 0, -1, 100, 0), 0);
    b.kernel.run(90 * SECOND);
    expect(b.queue.oldestAgeUs).toBe(10 * SECOND);
    b.kernel.run(100 * SECOND);
    expect(b.seen.expired).toBe(1);
    expect(receive(b).entities).toEqual([1]);
  });

  it('grows without losing anything', () => {
    const b = bench();
    const entities = Array.from({ length: 5000 }, (_, i) => i);
    send(b, entities);
    const got: number[] = [];
    const receipts: number[] = [];
    for (let i = 0; i < 500; i++) {
      const taken = receive(b);
      got.push(...taken.entities);
      receipts.push(...taken.receipts);
    }
    expect(got).toEqual(entities);
    for (const receipt of receipts) succeed(b, receipt);
    expect(b.flow.store.liveCount).toBe(0);
  });
});
