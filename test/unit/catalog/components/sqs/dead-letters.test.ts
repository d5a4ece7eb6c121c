import { afterEach, describe, expect, it } from 'vitest';
import { pushOf, queueOf, World } from '#test/harness/behavior.ts';
import { addQueue, codes, receive, requests, succeed, sum } from '#test/harness/queues.ts';

const worlds: World[] = [];

function world(): World {
  const made = new World();
  worlds.push(made);
  return made;
}

afterEach(() => {
  for (const w of worlds.splice(0)) for (const difference of w.imbalances()) expect(difference).toBe(0);
});

describe('SQS dead letters', () => {
  it('moves a message at the receive after the maximum, uncounted as a send and unbilled', () => {
    const w = world();
    const dead = addQueue(w);
    const queue = addQueue(w, { maxReceiveCount: 3 }, dead);
    const port = queueOf(queue, 'consumers');
    w.run(0);
    w.send(pushOf(queue, 'messages'), [w.record()]);
    for (let i = 0; i < 3; i++) {
      expect(receive(port).length).toBe(1);
      w.run(w.nowSeconds + 31);
    }
    expect(w.ledger()).toMatchObject({ deadLettered: 0, inside: 1 });
    expect(receive(port).length).toBe(0);
    expect(w.ledger()).toMatchObject({ deadLettered: 1, inside: 0 });
    expect(sum(queue, 'MessagesDeadLettered')).toBe(1);
    expect(sum(dead, 'NumberOfMessagesSent')).toBe(0);
    expect(requests(dead)).toBe(0);
    expect(codes(queue)).toEqual(['sqs/dead-lettering']);
    // Three receives still hold the parcel; they give up.
    expect(w.nowSeconds).toBe(93);
  });

  it('never moves a message without a dead-letter queue, and says that it is received again and again', () => {
    const w = world();
    const queue = addQueue(w, { maxReceiveCount: 1, visibilityTimeoutSeconds: 0 });
    const port = queueOf(queue, 'consumers');
    w.run(0);
    w.send(pushOf(queue, 'messages'), [w.record()]);
    for (let i = 0; i < 20; i++) {
      w.run(w.nowSeconds + 1);
      for (const receipt of receive(port)) port.release(receipt, -1);
    }
    expect(queue.samples.get('ReceiveCount')?.summary('None').max).toBe(20);
    expect(queue.log).toMatchObject([{ code: 'sqs/received-often', params: { receives: 6 } }]);
  });

  it('keeps the clock of retention in a standard dead-letter queue and starts the clock of age', () => {
    const w = world();
    const dead = addQueue(w, { messageRetentionPeriodSeconds: 300 });
    const queue = addQueue(w, { maxReceiveCount: 1, visibilityTimeoutSeconds: 100 }, dead);
    const port = queueOf(queue, 'consumers');
    w.run(0);
    w.send(pushOf(queue, 'messages'), [w.record()]);
    for (const receipt of receive(port)) port.release(receipt, -1);
    w.run(150);
    receive(port);
    w.run(180);
    expect(dead.gauges.get('ApproximateAgeOfOldestMessage')?.value).toBe(30);
    w.run(299);
    expect(w.ledger().deadLettered).toBe(1);
    w.run(300);
    expect(w.ledger()).toMatchObject({ deadLettered: 0, expired: 1 });
  });

  it('starts the clock of retention anew in a FIFO dead-letter queue', () => {
    const w = world();
    const dead = addQueue(w, { fifoQueue: true, messageRetentionPeriodSeconds: 300 });
    const queue = addQueue(w, { fifoQueue: true, maxReceiveCount: 1, visibilityTimeoutSeconds: 100 }, dead);
    const port = queueOf(queue, 'consumers');
    w.run(0);
    w.send(pushOf(queue, 'messages'), [w.record({ key: 1 })]);
    for (const receipt of receive(port)) port.release(receipt, -1);
    w.run(150);
    receive(port);
    w.run(449);
    expect(w.ledger().deadLettered).toBe(1);
    w.run(450);
    expect(w.ledger().expired).toBe(1);
  });

  it('keeps a message while its dead-letter queue is out and moves it later', () => {
    const w = world();
    const dead = addQueue(w);
    const queue = addQueue(w, { maxReceiveCount: 1 }, dead);
    const port = queueOf(queue, 'consumers');
    w.run(0);
    w.send(pushOf(queue, 'messages'), [w.record()]);
    for (const receipt of receive(port)) port.release(receipt, 0);
    w.setFaults(dead, { outage: true });
    expect(receive(port).length).toBe(0);
    expect(w.ledger()).toMatchObject({ deadLettered: 0, inside: 1 });
    w.setFaults(dead, { outage: false });
    w.run(31);
    expect(receive(port).length).toBe(0);
    expect(w.ledger()).toMatchObject({ deadLettered: 1, inside: 0 });
  });

  it('rests records that others send to its dead-letter port until a consumer works on them', () => {
    const w = world();
    const dead = addQueue(w);
    const port = queueOf(dead, 'consumers');
    w.run(0);
    w.send(pushOf(dead, 'dead-letters'), [w.record(), w.record()]);
    expect(w.ledger()).toMatchObject({ deadLettered: 2, inside: 0 });
    expect(sum(dead, 'NumberOfMessagesSent')).toBe(2);
    succeed(w, port, receive(port, 1));
    expect(w.ledger()).toMatchObject({ deadLettered: 1, delivered: 1 });
  });

  it('does not call what only rests in it a backlog', () => {
    const logs = [{ messages: 1 }, { 'dead-letters': 1 }].map((inletCounts) => {
      const w = world();
      const dead = addQueue(w, {}, undefined, inletCounts);
      for (let minute = 0; minute < 10; minute++) {
        w.at(minute * 60 + 30, () => {
          const letters = Array.from({ length: 300 }, () => w.record());
          w.send(pushOf(dead, 'dead-letters'), letters);
        });
      }
      w.run(600);
      return codes(dead);
    });
    expect(logs).toEqual([['sqs/backlog-grows'], []]);
  });
});
