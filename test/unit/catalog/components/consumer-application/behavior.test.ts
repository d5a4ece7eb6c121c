import { afterEach, describe, expect, it } from 'vitest';
import { build } from '#catalog/components/consumer-application/behavior.ts';
import { config } from '#catalog/components/consumer-application/config.ts';
import type { BehaviorFactory } from '#engine/behavior.ts';
import { FLAG_POISON, NONE, ParcelList } from '#engine/flow/parcels.ts';
import type { LogConsumer, LogPort } from '#engine/flow/ports.ts';
import { type BuiltNode, pushOf, World } from '#test/harness/behavior.ts';
import { addQueue, sum } from '#test/harness/queues.ts';

const worlds: World[] = [];

function world(options: { preRollSeconds?: number; horizonSeconds?: number } = {}): World {
  const made = new World(options);
  worlds.push(made);
  return made;
}

afterEach(() => {
  for (const w of worlds.splice(0)) for (const difference of w.imbalances()) expect(difference).toBe(0);
});

const fixed = { serviceTimeLaw: 'deterministic', meanServiceTimeMs: 50 };

function addConsumer(w: World, queue: BuiltNode, given: Record<string, unknown> = {}): BuiltNode {
  return w.add('consumer', build, config.parse({ ...fixed, ...given }), {
    polled: { queue: [{ node: queue, port: 'consumers' }] },
  });
}

/** Sends one message of 100 bytes at each of these seconds. */
function sendAt(w: World, queue: BuiltNode, seconds: readonly number[]): void {
  for (const second of seconds) w.at(second, () => w.send(pushOf(queue, 'messages'), [w.record()]));
}

describe('consumer application, deliveries', () => {
  it('delivers at once what is handed over, and measures from the event on', () => {
    const w = world();
    const consumer = w.add('consumer', build, config.parse({}));
    w.run(0);
    const p = w.record();
    w.run(3);
    const { reply } = w.send(pushOf(consumer, 'deliveries'), [p, w.record()]);
    expect(reply).toMatchObject({ accepted: 2, refused: 0, failed: 0, latencyUs: 5000 });
    expect(sum(consumer, 'RecordsDelivered')).toBe(2);
    expect(consumer.samples.get('DeliveryLatency')?.summary('Milliseconds').max).toBe(3000);
    expect(w.deliveries).toMatchObject([{ node: consumer.index, seconds: 3 }, { seconds: 0 }]);
    expect(w.ledger()).toMatchObject({ created: 2, delivered: 2, inside: 0 });
  });

  it('counts a duplicate apart', () => {
    const w = world();
    const consumer = w.add('consumer', build, config.parse({}));
    w.run(0);
    const p = w.record();
    w.send(pushOf(consumer, 'deliveries'), [w.flow.duplicate(p), p]);
    expect(sum(consumer, 'RecordsDelivered')).toBe(1);
    expect(sum(consumer, 'DuplicatesDelivered')).toBe(1);
    expect(w.ledger().duplicates).toMatchObject({ made: 1, delivered: 1 });
  });

  it('counts every record of a packed unit', () => {
    const w = world();
    const consumer = w.add('consumer', build, config.parse({}));
    w.run(0);
    const list = new ParcelList(w.flow.store);
    for (let i = 0; i < 4; i++) list.push(w.record());
    w.send(pushOf(consumer, 'deliveries'), [w.flow.pack(list, 10)]);
    expect(sum(consumer, 'RecordsDelivered')).toBe(4);
    expect(w.ledger().delivered).toBe(4);
    expect(w.flow.store.liveCount).toBe(0);
  });

  it('fails what is handed over in an outage', () => {
    const w = world();
    const consumer = w.add('consumer', build, config.parse({}));
    w.run(0);
    w.setFaults(consumer, { outage: true });
    const { reply, left } = w.send(pushOf(consumer, 'deliveries'), [w.record()]);
    expect(reply).toMatchObject({ accepted: 0, failed: 1 });
    expect(left.length).toBe(1);
    w.setFaults(consumer, { outage: false });
    expect(consumer.log.map(({ code }) => code)).toEqual([
      'consumer-application/stopped',
      'consumer-application/resumed',
    ]);
  });
});

describe('consumer application, queue', () => {
  it('delivers each message a round trip and a processing time after it was sent; three requests each', () => {
    const w = world({ horizonSeconds: 100 });
    const queue = addQueue(w, { receiveLatencyMs: 15 });
    const consumer = addConsumer(w, queue, { receiveWait: 'own', waitTimeSeconds: 20 });
    sendAt(
      w,
      queue,
      Array.from({ length: 10 }, (_, i) => i * 10),
    );
    w.finish();
    expect(w.ledger()).toMatchObject({ created: 10, delivered: 10, inside: 0 });
    const latency = consumer.samples.get('DeliveryLatency')!.summary('Milliseconds');
    expect(latency.mean).toBeCloseTo(65, 6);
    // Ten sends, ten receives, ten deletes; the last long poll has not ended.
    expect(queue.usage.get('requests')?.total).toBe(30);
    expect(sum(queue, 'NumberOfEmptyReceives')).toBe(0);
    // Busy 80 ms of every 10 s: receive, work, delete.
    expect(consumer.gauges.get('Utilisation')!.mean(w.kernel.nowUs)).toBeCloseTo(0.8, 6);
    expect(consumer.polledEdges[0]).toMatchObject({ records: 10, units: 10, requests: 10, bytes: 1000 });
  });

  it('takes the wait of the queue where it names none', () => {
    const requests = [0, 20].map((receiveMessageWaitTimeSeconds) => {
      const w = world({ horizonSeconds: 100 });
      const queue = addQueue(w, { receiveMessageWaitTimeSeconds, receiveLatencyMs: 100 });
      addConsumer(w, queue);
      w.finish();
      return queue.usage.get('requests')?.total ?? 0;
    });
    // Short: one call every 100 ms from 0 to 100 s. Long: calls at 0, 20.1, ... end at 20, 40.1, 60.2, 80.3.
    expect(requests).toEqual([1001, 4]);
  });

  it('cannot work faster than its workers: the backlog grows by the difference', () => {
    const w = world();
    const queue = addQueue(w, { receiveLatencyMs: 0, visibilityTimeoutSeconds: 600 });
    const consumer = addConsumer(w, queue, { workers: 2, batchSize: 1, receiveWait: 'own' });
    for (let i = 0; i < 6000; i++) sendAt(w, queue, [i / 100]);
    w.run(60);
    const delivered = w.ledger().delivered;
    // A worker needs 1 ms + 50 ms for a message and 1 ms for the delete: 2 x 60 / 0.052 = 2,307.
    expect(Math.abs(delivered - 2307)).toBeLessThanOrEqual(3);
    expect(consumer.gauges.get('Utilisation')!.mean(w.kernel.nowUs)).toBeGreaterThan(95);
    expect(consumer.limits.get('workers')!.summary()).toMatchObject({ capacity: 2, peakRatio: 1 });
  });

  it('makes duplicates when its processing outlasts the visibility timeout', () => {
    const w = world();
    const queue = addQueue(w, { visibilityTimeoutSeconds: 5 });
    const consumer = addConsumer(w, queue, { workers: 2, meanServiceTimeMs: 8000 });
    sendAt(w, queue, [0]);
    w.run(60);
    expect(sum(consumer, 'RecordsDelivered')).toBe(1);
    expect(sum(consumer, 'DuplicatesDelivered')).toBe(1);
    expect(w.ledger()).toMatchObject({ delivered: 1, inside: 0, duplicates: { made: 1, delivered: 1 } });
    expect(queue.gauges.get('ApproximateNumberOfMessagesNotVisible')?.value).toBe(0);
  });

  it('leaves failed messages to their timeout until they are dead letters', () => {
    const w = world();
    const dead = addQueue(w);
    const queue = addQueue(w, { maxReceiveCount: 3 }, dead);
    const consumer = addConsumer(w, queue);
    w.run(0);
    w.setFaults(consumer, { invocationErrorRatio: 1 });
    sendAt(w, queue, [1, 2]);
    w.run(200);
    expect(sum(consumer, 'RecordsFailed')).toBe(6);
    expect(w.ledger()).toMatchObject({ deadLettered: 2, delivered: 0, inside: 0 });
    expect(consumer.log.map(({ code }) => code)).toEqual([
      'consumer-application/failing',
      'consumer-application/failing-ended',
    ]);
  });

  it('fails poison for ever and delivers what stands beside it', () => {
    const w = world();
    const queue = addQueue(w);
    const consumer = addConsumer(w, queue);
    w.at(1, () => {
      const poison = w.record();
      w.flow.store.flags[poison]! |= FLAG_POISON;
      w.send(pushOf(queue, 'messages'), [poison, w.record()]);
    });
    w.run(100);
    expect(sum(consumer, 'RecordsDelivered')).toBe(1);
    expect(queue.samples.get('ReceiveCount')!.summary('None').max).toBeGreaterThanOrEqual(3);
  });

  it('stops in an outage and works the backlog off afterwards', () => {
    const w = world();
    const queue = addQueue(w);
    const consumer = addConsumer(w, queue);
    sendAt(w, queue, [1, 30, 40]);
    w.at(20, () => w.setFaults(consumer, { outage: true }));
    w.at(60, () => w.setFaults(consumer, { outage: false }));
    w.run(59);
    expect(w.ledger().delivered).toBe(1);
    w.run(70);
    expect(w.ledger()).toMatchObject({ delivered: 3, inside: 0 });
  });

  it('draws the same processing times whatever else runs', () => {
    const latencies = [1, 2].map((queues) => {
      const w = world();
      const first = addQueue(w);
      const others = Array.from({ length: queues - 1 }, () => addQueue(w));
      w.add('consumer', build, config.parse({ meanServiceTimeMs: 200 }), {
        polled: { queue: [first, ...others].map((node) => ({ node, port: 'consumers' })) },
      });
      sendAt(w, first, [1, 5, 9]);
      for (const other of others) sendAt(w, other, [1, 5, 9]);
      w.run(30);
      return w.deliveries.filter(({ entity }) => queues === 1 || entity % 2 === 0).map(({ seconds }) => seconds);
    });
    expect(latencies[0]!.length).toBe(3);
    expect(latencies[1]).toEqual(latencies[0]);
  });
});

/** A log of one partition whose records the test appends. */
function logSource(): { build: BehaviorFactory<null>; append(w: World, count: number): void } {
  let consumer: LogConsumer | undefined;
  let list: ParcelList | undefined;
  const port = (): LogPort => ({
    meeting: 'log',
    retentionUs: 86_400_000_000,
    subscribe(reader) {
      consumer = reader;
      return 0;
    },
    read(_consumer, _partition, maxUnits, _maxBytes, into, reply) {
      Object.assign(reply, { throttled: false, failed: false, more: false, ended: false, behindUs: 0, latencyUs: 0 });
      for (let n = 0; n < maxUnits && list !== undefined && list.head !== NONE; n++) into.push(list.shift());
    },
  });
  return {
    build: (context) => {
      list = new ParcelList(context.flow.store);
      return { inputs: { consumers: port() }, start: () => consumer!.onPartitionOpened(0, []) };
    },
    append(w, count) {
      for (let i = 0; i < count; i++) {
        const p = w.record();
        w.flow.transfer(p, 1);
        list!.push(p);
      }
    },
  };
}

describe('consumer application, stream', () => {
  it('reads a shard once a polling interval and works on its records one by one', () => {
    const w = world();
    const source = logSource();
    const log = w.add('log', source.build, null);
    const consumer = w.add('consumer', build, config.parse(fixed), {
      polled: { stream: [{ node: log, port: 'consumers' }] },
    });
    w.at(0.4, () => source.append(w, 3));
    w.run(10);
    const [first, second, third] = w.deliveries.map(({ seconds }) => seconds);
    // The first poll after 0.4 s is at most an interval away; each record then takes 50 ms.
    expect(first).toBeGreaterThan(0.45);
    expect(first).toBeLessThanOrEqual(1.65);
    expect(second! - first!).toBeCloseTo(0.05, 6);
    expect(third! - second!).toBeCloseTo(0.05, 6);
    expect(w.ledger()).toMatchObject({ delivered: 3, inside: 0 });
    // One read with records; 150 ms of 10 s busy.
    expect(consumer.polledEdges[0]).toMatchObject({ records: 3, requests: 1 });
    expect(consumer.gauges.get('Utilisation')!.mean(w.kernel.nowUs)).toBeCloseTo(1.5, 6);
  });

  it('lets a record through that met an error: the next attempt draws anew', () => {
    const w = world();
    const source = logSource();
    const log = w.add('log', source.build, null);
    const consumer = w.add('consumer', build, config.parse({ ...fixed, maxAttempts: 60 }), {
      polled: { stream: [{ node: log, port: 'consumers' }] },
    });
    w.run(0);
    w.setFaults(consumer, { recordErrorRatio: 0.5 });
    source.append(w, 20);
    w.run(60);
    // 60 failures in a row have a probability of 2^-60.
    expect(w.ledger()).toMatchObject({ delivered: 20, dropped: 0 });
    expect(sum(consumer, 'RecordsFailed')).toBeGreaterThan(0);
  });

  it('skips a record that fails as often as attempts are allowed', () => {
    const w = world();
    const source = logSource();
    const log = w.add('log', source.build, null);
    const consumer = w.add('consumer', build, config.parse({ ...fixed, maxAttempts: 4 }), {
      polled: { stream: [{ node: log, port: 'consumers' }] },
    });
    w.run(0);
    w.setFaults(consumer, { recordErrorRatio: 1 });
    source.append(w, 2);
    w.run(10);
    expect(sum(consumer, 'RecordsFailed')).toBe(8);
    expect(w.ledger()).toMatchObject({ delivered: 0, dropped: 2, droppedBy: { 'attempts-exhausted': 2 } });
    expect(consumer.log.map(({ code }) => code)).toEqual([
      'consumer-application/failing',
      'consumer-application/skipped',
    ]);
  });
});
