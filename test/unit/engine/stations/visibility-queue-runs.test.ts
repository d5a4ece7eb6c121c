/** Runs of messages in a queue: cut where a receive ends, kept together where an attempt works on them, apart where one survives. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Bench,
  bench,
  CONSUMER,
  imbalances,
  ledger,
  PRODUCER,
  SECOND,
  send,
} from '#test/harness/visibility-queue.ts';

function sendRun({ flow, kernel, queue }: Bench, count: number): void {
  queue.put(flow.createRun(PRODUCER, 0, 0, count, 100 * count, kernel.nowUs, SECOND), kernel.nowUs);
}

/** One receive that takes runs: receipts, and the messages behind each. */
function receive({ flow, queue }: Bench, max = 10, takesRuns = true): { receipts: number[]; sizes: number[] } {
  const receipts = new Int32Array(max);
  const taken: number[] = [];
  const count = queue.receive(max, receipts, undefined, takesRuns);
  for (let i = 0; i < count; i++) taken.push(receipts[i]!);
  return { receipts: taken, sizes: taken.map((receipt) => flow.store.units[queue.parcelOf(receipt)]!) };
}

function succeed({ flow, queue, kernel }: Bench, receipt: number): void {
  flow.deliverEffect(queue.parcelOf(receipt), CONSUMER, kernel.nowUs);
  queue.delete(receipt);
}

describe('a run of messages', () => {
  afterEach(() => expect(imbalances().filter((n) => n !== 0)).toEqual([]));

  it('is cut where a receive has enough; what is left is received next', () => {
    const b = bench();
    sendRun(b, 25);
    expect([receive(b).sizes, receive(b).sizes, receive(b).sizes, receive(b).sizes]).toEqual([[10], [10], [5], []]);
    expect([b.queue.visibleCount, b.queue.inFlightCount]).toEqual([0, 25]);
  });

  it('fills a receive together with what else waits, in order', () => {
    const b = bench();
    send(b, [1000, 1001]);
    sendRun(b, 4);
    send(b, [1002, 1003, 1004, 1005, 1006, 1007]);
    expect(receive(b).sizes).toEqual([1, 1, 4, 1, 1, 1, 1]);
    expect(receive(b).sizes).toEqual([1, 1]);
  });

  it('is handed out message by message to whoever takes no runs', () => {
    const b = bench();
    sendRun(b, 12);
    const { receipts, sizes } = receive(b, 10, false);
    expect(sizes).toEqual(Array.from({ length: 10 }, () => 1));
    for (const receipt of receipts) succeed(b, receipt);
    expect([b.queue.visibleCount, b.queue.inFlightCount]).toEqual([2, 0]);
    expect(ledger(b)).toMatchObject({ delivered: 10, inside: 2 });
  });

  it('does not exceed the limit of messages in flight', () => {
    const b = bench({ inFlightLimit: 7 });
    sendRun(b, 20);
    expect(receive(b).sizes).toEqual([7]);
    expect(b.queue.isFull).toBe(true);
  });

  it('comes back whole after its timeout, counted as so many messages, and stays together', () => {
    const b = bench();
    sendRun(b, 8);
    receive(b);
    b.kernel.run(30 * SECOND);
    expect(b.seen.returned).toBe(8);
    expect(b.queue.visibleCount).toBe(8);
    const again = receive(b);
    expect(again.sizes).toEqual([8]);
    expect(b.queue.receiveCountOf(again.receipts[0]!)).toBe(2);
    // A receive with less room leaves it for another.
    b.kernel.run(60 * SECOND);
    expect(receive(b, 5).sizes).toEqual([8]);
  });

  it('makes duplicates of all its messages when two attempts succeed', () => {
    const b = bench();
    sendRun(b, 6);
    const first = receive(b).receipts[0]!;
    b.kernel.run(31 * SECOND);
    const second = receive(b).receipts[0]!;
    succeed(b, first);
    succeed(b, second);
    expect(ledger(b)).toMatchObject({ delivered: 6, inside: 0, duplicates: { made: 6, delivered: 6 } });
  });

  it('goes to the dead letters together after its last receive', () => {
    const b = bench({ maxReceives: 2 });
    sendRun(b, 9);
    for (let i = 0; i < 2; i++) {
      receive(b);
      b.kernel.run((i + 1) * 31 * SECOND);
    }
    expect(receive(b).sizes).toEqual([]);
    expect(b.seen.moved).toHaveLength(1);
    expect(ledger(b)).toMatchObject({ deadLettered: 9 });
  });

  it('expires together', () => {
    const b = bench({ retentionUs: 60 * SECOND });
    sendRun(b, 9);
    b.kernel.run(61 * SECOND);
    expect(b.seen.expired).toBe(9);
    expect(ledger(b)).toMatchObject({ expired: 9, inside: 0 });
  });

  it('leaves those apart whose copies survive a delete: about the share that does', () => {
    const b = bench({ survivalRatio: 0.3 });
    for (let i = 0; i < 400; i++) {
      b.queue.put(b.flow.createRun(PRODUCER, 0, i * 1000, 10, 1000, 0, SECOND), 0);
    }
    for (let taken = receive(b); taken.receipts.length > 0; taken = receive(b)) {
      for (const receipt of taken.receipts) succeed(b, receipt);
    }
    expect(Math.abs(b.queue.inFlightCount / 4000 - 0.3)).toBeLessThan(0.04);
    b.kernel.run(31 * SECOND);
    expect(b.queue.visibleCount).toBe(b.seen.returned);
  });
});
