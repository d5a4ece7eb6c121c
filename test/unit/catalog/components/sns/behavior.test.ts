/** A topic: what it takes, whom it hands it to, how long it tries, what it bills. */
import { describe, expect, it } from 'vitest';
import { build } from '#catalog/components/sns/behavior/behavior.ts';
import { type Config, config } from '#catalog/components/sns/config.ts';
import { config as streamSubscription } from '#catalog/connections/sns--data-firehose/config.ts';
import { config as queueSubscription } from '#catalog/connections/sns--sqs/config.ts';
import type { BehaviorFactory } from '#engine/behavior.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import type { ProtocolId } from '#schema/protocols.ts';
import { type BuiltNode, pushOf, World } from '#test/harness/behavior.ts';

const MB = 1_000_000;

/** A target that notes when units come and how large they are; it refuses or fails while it is told to. */
class Subscriber {
  readonly units: { at: number; bytes: number }[] = [];
  state: 'takes' | 'refuses' | 'fails' = 'takes';
  tries: number[] = [];

  readonly build: BehaviorFactory<object> = ({ flow, kernel, node }) => {
    const kept = new ParcelList(flow.store);
    return {
      inputs: {
        in: {
          meeting: 'push',
          offer: (request, _isBatch, reply) => {
            Object.assign(reply, { accepted: 0, refused: 0, failed: 0, latencyUs: 0, retryAfterUs: 0 });
            for (let p = request.shift(); p !== NONE; p = request.shift()) {
              this.tries.push(kernel.nowUs / MB);
              if (this.state !== 'takes') {
                reply[this.state === 'refuses' ? 'refused' : 'failed'] += 1;
                kept.push(p);
                continue;
              }
              reply.accepted += 1;
              this.units.push({ at: kernel.nowUs / MB, bytes: flow.store.bytes[p]! });
              flow.transfer(p, node);
              flow.deliver(p, node, kernel.nowUs);
            }
            request.append(kept);
          },
        },
      },
    };
  };
}

interface Link {
  readonly settings?: Record<string, unknown>;
  readonly protocol?: ProtocolId;
}

/** A topic without latencies or jitter, and a subscriber for each link. */
function setUp(
  links: readonly Link[] = [{}],
  settings: Partial<Config> = {},
  options: { hasQueue?: boolean; quota?: number } = {},
) {
  const { hasQueue = false, quota } = options;
  const quotas = quota === undefined ? {} : { 'sns/messages-published-per-second': quota };
  const world = new World({ horizonSeconds: 40 * 86_400, quotas });
  const subscribers = links.map(() => new Subscriber());
  const targets = subscribers.map((subscriber, i) => {
    const { settings: given = {}, protocol = 'sqs-send' } = links[i]!;
    const schema = protocol === 'firehose-put' ? streamSubscription : queueSubscription;
    const node = world.add(`subscriber-${i}`, subscriber.build, {});
    return { node, port: 'in', protocol, settings: schema.parse({ rawMessageDelivery: true, ...given }) };
  });
  const queue = new Subscriber();
  const queueNode = world.add('queue', queue.build, {});
  const plain = { publishLatencyMs: 0, deliveryLatencyMs: 0, retryJitterRatio: 0, ...settings };
  const topic = world.add('topic', build, config.parse(plain), {
    outlets: { subscriptions: targets, 'dead-letter': hasQueue ? [{ node: queueNode, port: 'in' }] : [] },
  });
  const publish = (parcels: readonly number[], isBatch = false) =>
    world.send(pushOf(topic, 'messages'), parcels, isBatch);
  const records = (n: number, bytes = 1000): number[] => Array.from({ length: n }, () => world.record({ bytes }));
  const balanced = (): void => expect(world.imbalances().filter((imbalance) => imbalance !== 0)).toEqual([]);
  return { world, topic, subscribers, first: subscribers[0]!, queue, publish, records, balanced };
}

const sum = (node: BuiltNode, metric: string): number => node.counters.get(metric)!.sum;
const used = (node: BuiltNode, usage: string): number => node.usage.get(usage)?.total ?? 0;

describe('a message', () => {
  it('goes to every subscription, after the latency of delivery', () => {
    const { world, topic, subscribers, publish, records, balanced } = setUp([{}, {}, {}], { deliveryLatencyMs: 30 });
    world.at(1, () => publish(records(1)));
    world.run(2);
    expect(subscribers.map(({ units }) => units)).toEqual(Array.from({ length: 3 }, () => [{ at: 1.03, bytes: 1000 }]));
    expect([sum(topic, 'NumberOfMessagesPublished'), sum(topic, 'NumberOfNotificationsDelivered')]).toEqual([1, 3]);
    expect(world.ledger()).toMatchObject({ created: 1, copied: 2, delivered: 3 });
    balanced();
  });

  it('carries an envelope unless delivery is raw', () => {
    const { world, subscribers, publish, records, balanced } = setUp(
      [{ settings: { rawMessageDelivery: false } }, {}],
      { envelopeBytes: 900 },
    );
    world.at(0, () => publish(records(1)));
    world.run(1);
    expect(subscribers.map(({ units }) => units[0]?.bytes)).toEqual([1900, 1000]);
    balanced();
  });

  it('passes a filter by its share, counted by what the filter reads', () => {
    const { world, topic, subscribers, publish, records, balanced } = setUp([
      { settings: { filterPassRatio: 0.25 } },
      { settings: { filterPassRatio: 0.5, filterPolicyScope: 'MessageBody' } },
    ]);
    world.at(0, () => publish(records(2000), true));
    world.run(1);
    const [few, half] = subscribers.map(({ units }) => units.length);
    expect(few).toBeGreaterThan(430);
    expect(few).toBeLessThan(570);
    expect(half).toBeGreaterThan(920);
    expect(half).toBeLessThan(1080);
    expect(sum(topic, 'NumberOfNotificationsFilteredOut-MessageAttributes')).toBe(2000 - few!);
    expect(sum(topic, 'NumberOfNotificationsFilteredOut-MessageBody')).toBe(2000 - half!);
    expect(world.ledger()).toMatchObject({ filtered: 4000 - few! - half! });
    // The filter on the body has read every message.
    expect(used(topic, 'filteredGigabytes')).toBeCloseTo((2000 * 1000) / 1_073_741_824, 12);
    balanced();
  });

  it('is refused as invalid when it is larger than the topic takes', () => {
    const { world, topic, publish, records } = setUp([{}], { maximumMessageSizeBytes: 2048 });
    world.at(0, () => {
      const { reply, left } = publish([...records(1, 2049), ...records(1, 2048)], true);
      expect([reply.accepted, reply.failed, left.length]).toEqual([1, 1, 1]);
    });
    world.run(100);
    expect(topic.log).toMatchObject([
      { code: 'sns/message-too-large', params: { bytes: 2049, limit: 2048 } },
      { code: 'sns/message-too-large-over', params: { count: 1, largest: 2049 } },
    ]);
  });
});

describe('the bill', () => {
  const requestsOf = (sizes: readonly number[], isBatch: boolean): number => {
    const { world, topic, publish } = setUp();
    world.run(0);
    publish(
      sizes.map((bytes) => world.record({ bytes })),
      isBatch,
    );
    return used(topic, 'publishRequests');
  };

  it('counts a request for each started 64 KB of a call', () => {
    expect(requestsOf([1], false)).toBe(1);
    expect(requestsOf([65_536], false)).toBe(1);
    expect(requestsOf([65_537], false)).toBe(2);
    expect(requestsOf([262_144], false)).toBe(4);
  });

  it('counts a batch by its whole payload, ten messages a call', () => {
    expect(
      requestsOf(
        Array.from({ length: 10 }, () => 1000),
        true,
      ),
    ).toBe(1);
    expect(
      requestsOf(
        Array.from({ length: 11 }, () => 1000),
        true,
      ),
    ).toBe(2);
    expect(
      requestsOf(
        Array.from({ length: 10 }, () => 13_108),
        true,
      ),
    ).toBe(3);
  });

  it('begins another call where a batch would be larger than a message may be', () => {
    // Two of 150,000 bytes do not fit into 262,144: two calls of three chunks each.
    expect(requestsOf([150_000, 150_000], true)).toBe(6);
  });

  it('counts deliveries to delivery streams, and none to queues', () => {
    const { world, topic, publish, records } = setUp([{ protocol: 'firehose-put' }, {}, { protocol: 'lambda-invoke' }]);
    world.at(0, () => publish(records(7), true));
    world.run(1);
    expect(used(topic, 'firehoseNotifications')).toBe(7);
  });
});

describe('a run of messages', () => {
  it('is a call, counted message by message', () => {
    const { world, topic, first, publish, balanced } = setUp([{}], { deliveryLatencyMs: 30 });
    const run = world.flow.createRun(0, 0, 0, 7, 7000, 0, 0);
    world.at(1, () => expect(publish([run], true).reply).toMatchObject({ accepted: 7, refused: 0, failed: 0 }));
    world.run(2);
    expect(first.units).toEqual(Array.from({ length: 7 }, () => ({ at: 1.03, bytes: 1000 })));
    expect([sum(topic, 'NumberOfMessagesPublished'), sum(topic, 'NumberOfNotificationsDelivered')]).toEqual([7, 7]);
    expect(topic.samples.get('PublishSize')?.histogram.count).toBe(7);
    expect(used(topic, 'publishRequests')).toBe(1);
    balanced();
  });

  it('does not share a call with more messages than a call holds', () => {
    const { world, topic, publish } = setUp();
    const runs = [6, 4, 5, 5].map((n, i) => world.flow.createRun(0, 0, 10 * i, n, n * 1000, 0, 0));
    world.at(0, () => publish(runs, true));
    world.run(1);
    expect(used(topic, 'publishRequests')).toBe(2);
  });

  it('is welcome unless the quota is about to be used up or a fault decides about each message', () => {
    const { world, topic, publish, records } = setUp([{}], {}, { quota: 100 });
    const takesRuns = (): boolean | undefined => pushOf(topic, 'messages').takesRuns?.();
    world.at(0, () => {
      expect(takesRuns()).toBe(true);
      publish(records(80), true);
      expect(takesRuns()).toBe(false);
    });
    world.at(1, () => {
      expect(takesRuns()).toBe(true);
      world.setFaults(topic, { recordErrorRatio: 0.1 });
      expect(takesRuns()).toBe(false);
    });
    world.run(2);
  });
});

describe('the quota of the account', () => {
  it('refuses what is published above it in a second', () => {
    const { world, topic, publish, records } = setUp([{}], {}, { quota: 100 });
    world.at(0, () => expect(publish(records(120), true).reply).toMatchObject({ accepted: 100, refused: 20 }));
    world.at(0.5, () => expect(publish(records(60), true).reply).toMatchObject({ accepted: 50, refused: 10 }));
    world.run(1);
    expect(topic.limits.get('sns/messages-published-per-second')?.refused).toBe(30);
    expect(topic.log.map(({ code }) => code)).toEqual(['sns/publish-throttled']);
  });

  it('is 30,000 messages a second by default', () => {
    expect(setUp().topic.limits.get('sns/messages-published-per-second')?.capacity).toBe(30_000);
  });
});

/** Waits between attempts, rounded to a hundredth of a second. */
const waits = (tries: readonly number[]): number[] =>
  tries.slice(1).map((at, i) => Math.round((at - tries[i]!) * 100) / 100);

describe('a delivery that fails', () => {
  it('is tried again at once three times, twice after a second, ten times up to 20 s, then every 20 s', () => {
    const { world, topic, first, publish, records, balanced } = setUp();
    first.state = 'fails';
    world.at(0, () => publish(records(1)));
    world.run(300);
    const found = waits(first.tries);
    expect(found.slice(0, 5)).toEqual([0, 0, 0, 1, 1]);
    expect([found[5], found[14]]).toEqual([1, 20]);
    const growing = found.slice(5, 15);
    for (let i = 1; i < growing.length; i++) expect(growing[i]! / growing[i - 1]!).toBeCloseTo(20 ** (1 / 9), 1);
    expect(new Set(found.slice(15))).toEqual(new Set([20]));
    expect(sum(topic, 'DeliveryRetries')).toBe(first.tries.length);
    first.state = 'takes';
    world.run(400);
    expect(first.units).toHaveLength(1);
    expect(topic.log.map(({ code }) => code)).toEqual(['sns/delivery-retried', 'sns/delivery-recovered']);
    balanced();
  });

  it('is given up after 100,015 retries, 23 days later, and goes to the dead-letter queue', () => {
    const { world, topic, first, queue, publish, records, balanced } = setUp([{}], {}, { hasQueue: true });
    first.state = 'fails';
    world.at(0, () => publish(records(1)));
    world.run(24 * 86_400);
    expect(first.tries).toHaveLength(100_016);
    expect(first.tries.at(-1)! / 86_400).toBeCloseTo(23.15, 2);
    expect(queue.units).toHaveLength(1);
    expect([sum(topic, 'NumberOfNotificationsFailed'), sum(topic, 'NumberOfNotificationsRedrivenToDlq')]).toEqual([
      1, 1,
    ]);
    expect(world.ledger()).toMatchObject({ dropped: 0 });
    balanced();
  });

  it('is tried 50 times over 6 hours where a limit of a delivery stream refuses it', () => {
    const { world, topic, first, publish, records, balanced } = setUp([{ protocol: 'firehose-put' }]);
    first.state = 'refuses';
    world.at(0, () => publish(records(1)));
    world.run(86_400);
    const found = waits(first.tries);
    expect(found).toHaveLength(50);
    expect([found[0], found[1], found[2], found[11]]).toEqual([10, 10, 10, 600]);
    expect(new Set(found.slice(12))).toEqual(new Set([600]));
    expect(first.tries.at(-1)! / 3600).toBeGreaterThan(6);
    expect(sum(topic, 'NumberOfNotificationsFailed')).toBe(1);
    expect(world.ledger()).toMatchObject({ dropped: 1, droppedBy: { 'retries-exhausted': 1 } });
    expect(topic.log.map(({ code }) => code)).toContain('sns/notifications-lost');
    balanced();
  });

  it('is lost, though a dead-letter queue is linked, when its subscription does not use it', () => {
    const { world, first, queue, publish, records } = setUp(
      [{ protocol: 'firehose-put', settings: { redrive: false } }],
      {},
      { hasQueue: true },
    );
    first.state = 'refuses';
    world.at(0, () => publish(records(1)));
    world.run(86_400);
    expect(queue.units).toHaveLength(0);
    expect(world.ledger()).toMatchObject({ dropped: 1 });
  });

  it('is lost and counted when the dead-letter queue does not take it either', () => {
    const { world, topic, first, queue, publish, records } = setUp(
      [{ protocol: 'firehose-put' }],
      {},
      { hasQueue: true },
    );
    first.state = 'refuses';
    queue.state = 'fails';
    world.at(0, () => publish(records(1)));
    world.run(86_400);
    expect(sum(topic, 'NumberOfNotificationsFailedToRedriveToDlq')).toBe(1);
    expect(world.ledger()).toMatchObject({ droppedBy: { 'dead-letter-refused': 1 } });
  });

  it('holds up no other subscription', () => {
    const { world, topic, subscribers, publish, records } = setUp([{}, {}]);
    subscribers[0]!.state = 'fails';
    world.at(0, () => publish(records(5), true));
    world.run(10);
    expect(subscribers[1]!.units).toHaveLength(5);
    expect(topic.gauges.get('NotificationsWaiting')?.summary('Count', 10 * MB).max).toBe(10);
  });
});

describe('faults of the topic', () => {
  it('fail calls, fail messages, and refuse what exceeds the capacity that is left', () => {
    const { world, topic, publish, records } = setUp();
    world.run(0);
    world.setFaults(topic, { invocationErrorRatio: 1 });
    expect(publish(records(3), true).reply).toMatchObject({ accepted: 0, failed: 3 });
    world.setFaults(topic, { invocationErrorRatio: 0, recordErrorRatio: 1 });
    expect(publish(records(3), true).reply).toMatchObject({ accepted: 0, failed: 3 });
    world.setFaults(topic, { recordErrorRatio: 0, capacityRatio: 0 });
    expect(publish(records(3), true).reply).toMatchObject({ accepted: 0, refused: 3 });
    world.setFaults(topic, { capacityRatio: 1 });
    expect(publish(records(3), true).reply).toMatchObject({ accepted: 3 });
  });
});
