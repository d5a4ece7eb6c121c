import { afterEach, describe, expect, it } from 'vitest';
import { pushOf, queueOf, World } from '#test/harness/behavior.ts';
import { addQueue, codes, receive, requests, succeed } from '#test/harness/queues.ts';

const worlds: World[] = [];

function world(): World {
  const made = new World();
  worlds.push(made);
  return made;
}

afterEach(() => {
  for (const w of worlds.splice(0)) for (const difference of w.imbalances()) expect(difference).toBe(0);
});

describe('SQS FIFO', () => {
  it('delivers no message of a group while one is in flight', () => {
    const w = world();
    const queue = addQueue(w, { fifoQueue: true });
    const port = queueOf(queue, 'consumers');
    w.run(0);
    w.send(pushOf(queue, 'messages'), [w.record({ key: 1 }), w.record({ key: 1 }), w.record({ key: 2 })]);
    expect(receive(port, 1).length).toBe(1);
    expect(receive(port).length).toBe(1);
    expect(receive(port).length).toBe(0);
    expect(queue.gauges.get('ApproximateNumberOfMessagesVisible')?.value).toBe(1);
  });

  it('removes a duplicate sent within five minutes of its original, and takes one sent later', () => {
    const w = world();
    const queue = addQueue(w, { fifoQueue: true });
    const push = pushOf(queue, 'messages');
    w.run(0);
    const original = w.record({ key: 1 });
    const [early, late] = [w.flow.duplicate(original), w.flow.duplicate(original)];
    w.send(push, [original]);
    w.run(299);
    expect(w.send(push, [early!]).reply.accepted).toBe(1);
    expect(w.ledger().duplicates).toMatchObject({ made: 2, removed: 1, inside: 1 });
    expect(queue.gauges.get('ApproximateNumberOfMessagesVisible')?.value).toBe(1);
    w.run(300);
    w.send(push, [late!]);
    expect(queue.gauges.get('ApproximateNumberOfMessagesVisible')?.value).toBe(2);
  });

  it('takes a copy of another size as another message only when it compares contents', () => {
    for (const contentBasedDeduplication of [false, true]) {
      const w = world();
      const queue = addQueue(w, { fifoQueue: true, contentBasedDeduplication });
      w.run(0);
      const original = w.record({ key: 1, bytes: 100 });
      const larger = w.flow.duplicate(original);
      w.flow.store.bytes[larger] = 150;
      w.send(pushOf(queue, 'messages'), [original]);
      w.send(pushOf(queue, 'messages'), [larger]);
      const removed = contentBasedDeduplication ? 0 : 1;
      expect(w.ledger().duplicates.removed).toBe(removed);
    }
  });

  it('takes 300 calls a second, with batches 3,000 messages', () => {
    const w = world();
    const queue = addQueue(w, { fifoQueue: true });
    w.run(0);
    const single = w.send(
      pushOf(queue, 'messages'),
      Array.from({ length: 400 }, (_, i) => w.record({ key: i })),
      false,
    );
    expect(single.reply).toMatchObject({ accepted: 300, refused: 100 });
    w.run(10);
    const batches = w.send(
      pushOf(queue, 'messages'),
      Array.from({ length: 4000 }, (_, i) => w.record({ key: i })),
    );
    expect(batches.reply).toMatchObject({ accepted: 3000, refused: 1000 });
    expect(queue.limits.get('send-calls')!.summary()).toMatchObject({ capacity: 300, refused: 200 });
    expect(codes(queue)).toEqual(['sqs/throttled']);
    w.run(200);
    expect(queue.log.at(-1)).toMatchObject({ code: 'sqs/recovered', params: { refused: 200 } });
  });

  it('refuses receives above 300 calls a second without giving or billing anything', () => {
    const w = world();
    const queue = addQueue(w, { fifoQueue: true });
    const port = queueOf(queue, 'consumers');
    w.run(0);
    for (let i = 0; i < 310; i++) receive(port);
    expect(requests(queue)).toBe(300);
    expect(queue.limits.get('receive-calls')!.summary().refused).toBe(10);
  });

  it('takes far more calls in high throughput mode, but 300 a second of one group', () => {
    const w = world();
    const highThroughput = { deduplicationScope: 'messageGroup', fifoThroughputLimit: 'perMessageGroupId' };
    const queue = addQueue(w, { fifoQueue: true, ...highThroughput });
    w.run(0);
    const push = pushOf(queue, 'messages');
    const hot = w.send(
      push,
      Array.from({ length: 1000 }, () => w.record({ key: 1 })),
      false,
    );
    expect(hot.reply).toMatchObject({ accepted: 300, refused: 700 });
    w.run(10);
    const spread = w.send(
      push,
      Array.from({ length: 5000 }, (_, i) => w.record({ key: i })),
      false,
    );
    expect(spread.reply).toMatchObject({ accepted: 5000, refused: 0 });
    w.run(20);
    const batched = w.send(
      push,
      Array.from({ length: 4000 }, () => w.record({ key: 1 })),
    );
    expect(batched.reply).toMatchObject({ accepted: 3000, refused: 1000 });
  });

  it('has less quota while a throttling fault lasts', () => {
    const w = world();
    const queue = addQueue(w, { fifoQueue: true });
    w.run(0);
    w.setFaults(queue, { capacityRatio: 0.1 });
    const { reply } = w.send(
      pushOf(queue, 'messages'),
      Array.from({ length: 100 }, (_, i) => w.record({ key: i })),
      false,
    );
    expect(reply).toMatchObject({ accepted: 30, refused: 70 });
  });

  it('fails to delete by a receipt whose visibility timeout has run out', () => {
    const w = world();
    const queue = addQueue(w, { fifoQueue: true });
    const port = queueOf(queue, 'consumers');
    w.run(0);
    w.send(pushOf(queue, 'messages'), [w.record({ key: 1 })]);
    const late = receive(port);
    w.run(31);
    succeed(w, port, late);
    expect(receive(port).length).toBe(1);
  });
});
