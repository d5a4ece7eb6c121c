import { describe, expect, it } from 'vitest';
import type { QueuePort, QueueWaiter } from '#engine/flow/ports.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { type MessageWork, QueuePoller, type QueuePollerOptions } from '#engine/stations/poller.ts';

const MS = 1000;
const SECOND = 1_000_000;

/** A queue of numbers that writes down what it is asked. Receipts are the messages themselves. */
class ScriptedQueue implements QueuePort {
  readonly meeting = 'queue';
  readonly visibilityTimeoutUs = 30 * SECOND;
  receiveLatencyUs = 10 * MS;
  readonly messages: number[] = [];
  readonly asked: { t: number; what: string }[] = [];
  private readonly kernel: Kernel;
  private readonly onDeadline: number;
  private waiting: { waiter: QueueWaiter; token: number } | undefined;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.onDeadline = kernel.register(() => this.tell());
  }

  receive(max: number, receipts: Int32Array): number {
    const taken = this.messages.splice(0, max);
    receipts.set(taken);
    this.note(`receive ${taken.length}`);
    return taken.length;
  }

  wait(waitUs: number, waiter: QueueWaiter, token: number): void {
    this.note('wait');
    this.waiting = { waiter, token };
    this.kernel.after(this.messages.length > 0 ? 0 : waitUs, this.onDeadline);
  }

  tell(): void {
    const told = this.waiting;
    this.waiting = undefined;
    told?.waiter.onMessages(told.token);
  }

  parcelOf(receipt: number): number {
    return receipt;
  }

  receiveCountOf(): number {
    return 1;
  }

  delete(receipts: Int32Array, from: number, count: number): void {
    this.note(`delete ${receipts.slice(from, from + count).join(' ')}`);
  }

  release(receipt: number, delayUs: number): void {
    this.note(`release ${receipt} ${delayUs}`);
  }

  private note(what: string): void {
    this.asked.push({ t: this.kernel.nowUs / MS, what });
  }
}

function bench(
  options: Partial<QueuePollerOptions> = {},
  fails: (message: number) => boolean = () => false,
  isLater = false,
) {
  const kernel = new Kernel();
  const queue = new ScriptedQueue(kernel);
  const busy: number[] = [];
  const served: { t: number; message: number }[] = [];
  const work: MessageWork = {
    serviceUs: () => 100 * MS,
    onServed: (message) => {
      served.push({ t: kernel.nowUs / MS, message });
      return isLater ? undefined : !fails(message);
    },
    onReceived: () => undefined,
    onBusy: (workers) => busy.push(workers),
  };
  const poller = new QueuePoller(
    kernel,
    queue,
    { workers: 1, batchSize: 3, waitUs: 0, idleUs: 0, deletes: 'perBatch', ...options },
    work,
  );
  return { kernel, queue, poller, busy, served };
}

describe('QueuePoller', () => {
  it('works on a batch one by one after the round trip, deletes it in one request and polls again', () => {
    const { kernel, queue, poller, served, busy } = bench();
    queue.messages.push(1, 2, 3);
    poller.start();
    kernel.run(325 * MS);
    expect(served).toEqual([
      { t: 110, message: 1 },
      { t: 210, message: 2 },
      { t: 310, message: 3 },
    ]);
    expect(queue.asked.slice(0, 3)).toEqual([
      { t: 0, what: 'receive 3' },
      { t: 310, what: 'delete 1 2 3' },
      { t: 320, what: 'receive 0' },
    ]);
    expect(busy).toEqual([1, 0]);
  });

  it('deletes each message by itself where asked, at the price of a round trip each', () => {
    const { kernel, queue, poller } = bench({ deletes: 'perMessage' });
    queue.messages.push(1, 2);
    poller.start();
    kernel.run(225 * MS);
    expect(queue.asked.slice(0, 3)).toEqual([
      { t: 0, what: 'receive 2' },
      { t: 110, what: 'delete 1' },
      { t: 220, what: 'delete 2' },
    ]);
  });

  it('leaves what failed to its visibility timeout and deletes the rest', () => {
    const { kernel, queue, poller } = bench({}, (message) => message === 2);
    queue.messages.push(1, 2, 3);
    poller.start();
    kernel.run(310 * MS);
    expect(queue.asked.map(({ what }) => what)).toEqual(['receive 3', 'release 2 -1', 'delete 1 3']);
  });

  it('polls short at every round trip while there is nothing', () => {
    const { kernel, queue, poller } = bench({ idleUs: 40 * MS });
    poller.start();
    kernel.run(SECOND - 1);
    expect(queue.asked.length).toBe(20);
  });

  it('waits instead of asking when it polls long', () => {
    const { kernel, queue, poller } = bench({ waitUs: 20 * SECOND });
    poller.start();
    kernel.run(20 * SECOND + 15 * MS);
    expect(queue.asked).toEqual([
      { t: 0, what: 'wait' },
      { t: 20_000, what: 'receive 0' },
      { t: 20_010, what: 'wait' },
    ]);
  });

  it('runs its workers side by side', () => {
    const { kernel, queue, poller, served, busy } = bench({ workers: 3, batchSize: 1 });
    queue.messages.push(1, 2, 3);
    poller.start();
    kernel.run(110 * MS);
    expect(served.map(({ t }) => t)).toEqual([110, 110, 110]);
    expect(Math.max(...busy)).toBe(3);
  });

  it('gives up what it works on while paused and begins anew afterwards', () => {
    const { kernel, queue, poller, served } = bench();
    queue.messages.push(1);
    poller.start();
    kernel.run(50 * MS);
    poller.paused = true;
    kernel.run(500 * MS);
    expect(served).toEqual([]);
    expect(queue.asked.map(({ what }) => what)).toEqual(['receive 1', 'release 1 -1']);
    queue.messages.push(2);
    poller.paused = false;
    kernel.run(650 * MS);
    expect(served.map(({ message }) => message)).toEqual([2]);
  });

  it('fails to stand still in time even when the queue answers at once', () => {
    const { kernel, queue, poller } = bench();
    queue.receiveLatencyUs = 0;
    poller.start();
    kernel.run(10 * MS);
    expect(queue.asked.length).toBe(11);
  });

  it('waits for the outcome of a message where it is known later, and meanwhile leaves the next one alone', () => {
    const { kernel, queue, poller, served } = bench({}, () => false, true);
    queue.messages.push(1, 2);
    poller.start();
    kernel.run(500 * MS);
    expect(served.map(({ message }) => message)).toEqual([1]);
    poller.complete(0, false);
    kernel.run(800 * MS);
    expect(served.map(({ message }) => message)).toEqual([1, 2]);
    poller.complete(0, true);
    expect(queue.asked.map(({ what }) => what)).toEqual(['receive 2', 'release 1 -1', 'delete 2']);
  });

  it('finishes what it has when it closes, and asks for nothing more', () => {
    const { kernel, queue, poller, served } = bench();
    queue.messages.push(1, 2, 3, 4);
    poller.start();
    kernel.run(150 * MS);
    poller.closing = true;
    kernel.run(1000 * MS);
    expect(served.map(({ message }) => message)).toEqual([1, 2, 3]);
    expect(queue.asked.map(({ what }) => what)).toEqual(['receive 3', 'delete 1 2 3']);
    expect(poller.busy).toBe(0);
  });
});
