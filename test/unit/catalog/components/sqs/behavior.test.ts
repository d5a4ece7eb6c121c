import { afterEach, describe, expect, it } from 'vitest';
import { pushOf, queueOf, World, type WorldOptions } from '#test/harness/behavior.ts';
import { addQueue, codes, receive, requests, succeed, sum } from '#test/harness/queues.ts';

const KIB = 1024;
const worlds: World[] = [];

function world(options: WorldOptions = {}): World {
  const made = new World(options);
  worlds.push(made);
  return made;
}

afterEach(() => {
  for (const w of worlds.splice(0)) for (const difference of w.imbalances()) expect(difference).toBe(0);
});

describe('SQS requests and metrics', () => {
  it('counts a request for every started 64 KiB of a send and of a receive', () => {
    const w = world();
    const queue = addQueue(w);
    w.run(0);
    w.send(pushOf(queue, 'messages'), [w.record({ bytes: 64 * KIB })]);
    expect(requests(queue)).toBe(1);
    w.send(pushOf(queue, 'messages'), [w.record({ bytes: 64 * KIB + 1 })]);
    expect(requests(queue)).toBe(3);
    w.send(pushOf(queue, 'messages'), [w.record({ bytes: 1024 * KIB })]);
    expect(requests(queue)).toBe(19);
    const port = queueOf(queue, 'consumers');
    const receipts = receive(port);
    // 64 KiB + (64 KiB + 1 B) + 1,024 KiB = 18 chunks and one byte.
    expect(requests(queue)).toBe(19 + 19);
    succeed(w, port, receipts);
    expect(requests(queue)).toBe(39);
  });

  it('counts a request, or as many as its size begins, for each message of a run that is not sent as a batch', () => {
    const w = world();
    const queue = addQueue(w);
    w.run(0);
    w.send(pushOf(queue, 'messages'), [w.flow.createRun(0, 0, 0, 6, 6 * KIB, 0, 0)], false);
    expect(requests(queue)).toBe(6);
    w.send(pushOf(queue, 'messages'), [w.flow.createRun(0, 0, 10, 3, 3 * 65 * KIB, 0, 0)], false);
    expect(requests(queue)).toBe(12);
    expect(sum(queue, 'NumberOfMessagesSent')).toBe(9);
    w.send(pushOf(queue, 'messages'), [w.flow.createRun(0, 0, 20, 6, 6 * KIB, 0, 0)], true);
    expect(requests(queue)).toBe(13);
  });

  it('bills ten messages sent, received and deleted in batches as three requests', () => {
    const w = world();
    const queue = addQueue(w);
    w.run(0);
    w.send(
      pushOf(queue, 'messages'),
      Array.from({ length: 10 }, () => w.record()),
    );
    const port = queueOf(queue, 'consumers');
    succeed(w, port, receive(port));
    expect(requests(queue)).toBe(3);
    expect(sum(queue, 'NumberOfMessagesSent')).toBe(10);
    expect(sum(queue, 'NumberOfMessagesReceived')).toBe(10);
    expect(sum(queue, 'NumberOfMessagesDeleted')).toBe(10);
    expect(queue.samples.get('SentMessageSize')?.summary('Bytes').mean).toBe(100);
  });

  it('cuts a larger batch into calls of ten messages and of 1 MiB', () => {
    const w = world();
    const queue = addQueue(w);
    w.run(0);
    w.send(
      pushOf(queue, 'messages'),
      Array.from({ length: 25 }, () => w.record()),
    );
    expect(requests(queue)).toBe(3);
    // Three messages of 400 KiB: two fit into one call of 1 MiB (800 KiB = 13 chunks), the third needs its own (7 chunks).
    w.send(
      pushOf(queue, 'messages'),
      Array.from({ length: 3 }, () => w.record({ bytes: 400 * KIB })),
    );
    expect(requests(queue)).toBe(3 + 13 + 7);
  });

  it('bills single sends one by one', () => {
    const w = world();
    const queue = addQueue(w);
    w.run(0);
    w.send(pushOf(queue, 'messages'), [w.record(), w.record(), w.record()], false);
    expect(requests(queue)).toBe(3);
  });

  it('bills empty receives, and a long poll once, however it is asked', () => {
    const w = world();
    const queue = addQueue(w);
    const port = queueOf(queue, 'consumers');
    w.run(0);
    expect(receive(port).length).toBe(0);
    expect(requests(queue)).toBe(1);
    expect(sum(queue, 'NumberOfEmptyReceives')).toBe(1);
    const afterTimeout: number[] = [];
    const waiter = { onMessages: () => afterTimeout.push(receive(port).length) };
    // Wait first, receive when told.
    w.at(10, () => port.wait(20_000_000, waiter, 0));
    w.run(60);
    expect(afterTimeout).toEqual([0]);
    expect(requests(queue)).toBe(2);
    // Receive, find nothing, go on waiting: one request too.
    w.at(70, () => {
      receive(port);
      port.wait(20_000_000, waiter, 0);
    });
    w.run(120);
    expect(requests(queue)).toBe(3);
    expect(sum(queue, 'NumberOfEmptyReceives')).toBe(3);
  });

  it('bills a change of visibility and nothing for giving up', () => {
    const w = world();
    const queue = addQueue(w);
    const port = queueOf(queue, 'consumers');
    w.run(0);
    w.send(pushOf(queue, 'messages'), [w.record(), w.record()]);
    const [first, second] = receive(port);
    port.release(first!, -1);
    expect(requests(queue)).toBe(2);
    port.release(second!, 0);
    expect(requests(queue)).toBe(3);
  });

  it('counts nothing before time zero', () => {
    const w = world({ preRollSeconds: 100 });
    const queue = addQueue(w);
    w.run(-50);
    w.send(pushOf(queue, 'messages'), [w.record()]);
    w.run(1);
    expect(requests(queue)).toBe(0);
    expect(sum(queue, 'NumberOfMessagesSent')).toBe(0);
    expect(queue.gauges.get('ApproximateNumberOfMessagesVisible')?.value).toBe(1);
    expect(w.ledger()).toMatchObject({ carriedIn: 1, created: 0, inside: 1 });
  });

  it('shows visible, hidden and delayed messages, and the age of the oldest every five seconds', () => {
    const w = world();
    const queue = addQueue(w, { delaySeconds: 20 });
    const value = (metric: string) => queue.gauges.get(metric)?.value;
    w.run(0);
    w.send(pushOf(queue, 'messages'), [w.record(), w.record()]);
    expect(value('ApproximateNumberOfMessagesDelayed')).toBe(2);
    w.run(20);
    expect(value('ApproximateNumberOfMessagesVisible')).toBe(2);
    receive(queueOf(queue, 'consumers'), 1);
    expect(value('ApproximateNumberOfMessagesVisible')).toBe(1);
    expect(value('ApproximateNumberOfMessagesNotVisible')).toBe(1);
    w.run(24);
    expect(value('ApproximateAgeOfOldestMessage')).toBe(20);
    w.run(60);
    expect(value('ApproximateAgeOfOldestMessage')).toBe(60);
  });
});

describe('SQS messages', () => {
  it('fails a message that is larger than the queue takes', () => {
    const w = world();
    const queue = addQueue(w, { maximumMessageSizeBytes: 2048 });
    w.run(0);
    const { reply, left } = w.send(pushOf(queue, 'messages'), [w.record({ bytes: 2048 }), w.record({ bytes: 2049 })]);
    expect(reply).toMatchObject({ accepted: 1, refused: 0, failed: 1 });
    expect(left.length).toBe(1);
    expect(codes(queue)).toEqual(['sqs/message-too-large']);
  });

  it('delivers again, and twice in the end, when the consumer takes longer than the visibility timeout', () => {
    const w = world();
    const queue = addQueue(w, { visibilityTimeoutSeconds: 30 });
    const port = queueOf(queue, 'consumers');
    w.run(0);
    w.send(pushOf(queue, 'messages'), [w.record()]);
    const first = receive(port);
    w.run(31);
    const second = receive(port);
    succeed(w, port, first);
    succeed(w, port, second);
    expect(sum(queue, 'MessagesReturned')).toBe(1);
    expect(queue.samples.get('ReceiveCount')?.summary('None').max).toBe(2);
    expect(w.ledger()).toMatchObject({ delivered: 1, duplicates: { made: 1, delivered: 1 } });
  });

  it('delivers a deleted message once more with the share given', () => {
    const w = world();
    const queue = addQueue(w, { duplicateDeliveryRatio: 0.25 });
    const port = queueOf(queue, 'consumers');
    w.run(0);
    const n = 4000;
    for (let i = 0; i < n; i++) w.send(pushOf(queue, 'messages'), [w.record()]);
    for (let i = 0; i < n / 10; i++) succeed(w, port, receive(port));
    w.run(31);
    const again = queue.gauges.get('ApproximateNumberOfMessagesVisible')?.value ?? 0;
    // Binomial(4000, 0.25): mean 1000, sd 27.4; 4 sd allow for 6e-5 false alarms.
    expect(Math.abs(again - 1000)).toBeLessThan(110);
  });

  it('loses messages by retention and says so', () => {
    const w = world();
    const queue = addQueue(w, { messageRetentionPeriodSeconds: 60 });
    w.run(0);
    w.send(pushOf(queue, 'messages'), [w.record(), w.record()]);
    w.run(600);
    expect(sum(queue, 'MessagesExpired')).toBe(2);
    expect(w.ledger()).toMatchObject({ expired: 2, inside: 0 });
    expect(codes(queue)).toEqual(['sqs/retention-loss', 'sqs/retention-loss-ended']);
  });

  it('stops at the limit of messages in flight and counts the receives refused', () => {
    const w = world({ quotas: { 'sqs/messages-in-flight': 20 } });
    const queue = addQueue(w);
    const port = queueOf(queue, 'consumers');
    w.run(0);
    for (let i = 0; i < 3; i++)
      w.send(
        pushOf(queue, 'messages'),
        Array.from({ length: 10 }, () => w.record()),
      );
    expect([receive(port).length, receive(port).length, receive(port).length]).toEqual([10, 10, 0]);
    const limit = queue.limits.get('in-flight')!.summary();
    expect(limit).toMatchObject({ capacity: 20, peakRatio: 1, refused: 1 });
    expect(codes(queue)).toEqual(['sqs/in-flight-limit']);
  });

  it('refuses the share of sends that a throttling fault takes, and takes them at a later try', () => {
    const w = world();
    const queue = addQueue(w);
    w.run(0);
    w.setFaults(queue, { capacityRatio: 0.5 });
    const parcels = Array.from({ length: 2000 }, () => w.record());
    const { reply, left } = w.send(pushOf(queue, 'messages'), parcels);
    // Binomial(2000, 0.5): sd 22.4; 4 sd.
    expect(Math.abs(reply.refused - 1000)).toBeLessThan(90);
    expect(reply.accepted + reply.refused).toBe(2000);
    w.run(1);
    const before = left.length;
    const again: number[] = [];
    for (let p = left.shift(); p !== -1; p = left.shift()) again.push(p);
    const second = w.send(pushOf(queue, 'messages'), again);
    expect(second.reply.accepted / before).toBeGreaterThan(0.4);
    expect(second.reply.accepted / before).toBeLessThan(0.6);
  });

  it('gives and deletes nothing in an outage; what was in work comes back', () => {
    const w = world();
    const queue = addQueue(w);
    const port = queueOf(queue, 'consumers');
    w.run(0);
    w.send(pushOf(queue, 'messages'), [w.record(), w.record()]);
    const held = receive(port, 1);
    w.setFaults(queue, { outage: true });
    expect(receive(port).length).toBe(0);
    expect(sum(queue, 'NumberOfEmptyReceives')).toBe(0);
    succeed(w, port, held);
    expect(sum(queue, 'NumberOfMessagesDeleted')).toBe(0);
    w.run(40);
    w.setFaults(queue, { outage: false });
    expect(receive(port).length).toBe(2);
  });

  it('tells long-polling consumers when an outage ends', () => {
    const w = world();
    const queue = addQueue(w);
    const port = queueOf(queue, 'consumers');
    w.run(0);
    w.setFaults(queue, { outage: true });
    const told: number[] = [];
    port.wait(20_000_000, { onMessages: () => told.push(w.nowSeconds) }, 0);
    w.at(5, () => w.send(pushOf(queue, 'messages'), [w.record()]));
    w.at(8, () => w.setFaults(queue, { outage: false }));
    w.run(30);
    expect(told).toEqual([8]);
  });

  it('answers a send after its latency, and multiplies that of a receive by a latency fault', () => {
    const w = world();
    const queue = addQueue(w, { sendLatencyMs: 12, receiveLatencyMs: 15 });
    w.run(0);
    w.setFaults(queue, { latencyFactor: 10 });
    const { reply } = w.send(pushOf(queue, 'messages'), [w.record()]);
    // The edge multiplies the latency of a push.
    expect(reply.latencyUs).toBe(12_000);
    expect(queueOf(queue, 'consumers').receiveLatencyUs).toBe(150_000);
  });

  it('logs a backlog that grows for minutes, and when it is worked off', () => {
    const w = world();
    const queue = addQueue(w, { visibilityTimeoutSeconds: 43_200 });
    const port = queueOf(queue, 'consumers');
    for (let minute = 0; minute < 8; minute++) {
      w.at(minute * 60 + 30, () => {
        for (let i = 0; i < 30; i++)
          w.send(
            pushOf(queue, 'messages'),
            Array.from({ length: 10 }, () => w.record()),
          );
      });
    }
    w.run(600);
    expect(queue.log).toMatchObject([{ t: 300, code: 'sqs/backlog-grows', params: { messages: 1500 } }]);
    w.at(650, () => {
      for (let taken = receive(port); taken.length > 0; taken = receive(port)) succeed(w, port, taken);
    });
    w.run(700);
    expect(queue.log.at(-1)).toMatchObject({
      t: 660,
      code: 'sqs/backlog-drained',
      params: { peak: 2400, minutes: 11 },
    });
  });

  it('tells again of a backlog and of a message received often that the pre-roll knew of', () => {
    const w = world({ preRollSeconds: 600 });
    const queue = addQueue(w);
    const lone = addQueue(w);
    const port = queueOf(lone, 'consumers');
    w.at(-590, () => w.send(pushOf(lone, 'messages'), [w.record()]));
    for (let minute = -10; minute < 10; minute++) {
      w.at(minute * 60 + 30, () => {
        for (let i = 0; i < 30; i++)
          w.send(
            pushOf(queue, 'messages'),
            Array.from({ length: 10 }, () => w.record()),
          );
        for (const receipt of receive(port)) port.release(receipt, 0);
      });
    }
    w.run(600);
    const after = [queue, lone].map(({ log }) => log.filter(({ t }) => t >= 0));
    expect(after[0]).toMatchObject([{ t: 0, code: 'sqs/backlog-grows' }]);
    // Received once a minute, ten times before time zero.
    expect(after[1]).toMatchObject([{ t: 30, code: 'sqs/received-often', params: { receives: 11 } }]);
  });

  it('takes an entry that failed when it comes again: errors per record pass', () => {
    const w = world();
    const queue = addQueue(w);
    w.run(0);
    w.setFaults(queue, { recordErrorRatio: 0.5 });
    const p = w.record();
    let attempts = 0;
    for (let second = 0; second < 60; second++) {
      w.at(second + second / 1000, () => {
        if (sum(queue, 'NumberOfMessagesSent') > 0) return;
        attempts += 1;
        w.send(pushOf(queue, 'messages'), [p]);
      });
    }
    w.run(61);
    expect(sum(queue, 'NumberOfMessagesSent')).toBe(1);
    expect(attempts).toBeLessThan(60);
  });
});
