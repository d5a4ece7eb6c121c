import { describe, expect, it } from 'vitest';
import { build } from '#catalog/components/s3/behavior/behavior.ts';
import { type Config, config as schema } from '#catalog/components/s3/config.ts';
import { ParcelList } from '#engine/flow/parcels.ts';
import { type BuiltNode, pushOf, World, type WorldOptions } from '#test/harness/behavior.ts';

const DAY = 86_400;
const MEBIBYTE = 1_048_576;

function bucket(settings: Partial<Config> = {}, options: WorldOptions = {}): { world: World; node: BuiltNode } {
  const world = new World(options);
  const config = schema.parse({ firstByteLatencyMs: 0, uploadMegabytesPerSecond: 10_000, ...settings });
  return { world, node: world.add('bucket', build, config) };
}

/** `n` objects of `bytes` each, offered at once. */
function put(world: World, node: BuiltNode, n: number, bytes = 1000, port = 'objects') {
  const parcels = Array.from({ length: n }, () => world.record({ bytes }));
  return world.send(pushOf(node, port), parcels).reply;
}

describe('a bucket', () => {
  it('takes 3,500 writes in a second and answers 503 Slow Down to the rest', () => {
    const { world, node } = bucket();
    world.run(0);
    expect(put(world, node, 4000)).toMatchObject({ accepted: 3500, refused: 500, failed: 0 });
    expect(node.counters.get('PutRequests')?.sum).toBe(4000);
    expect(node.counters.get('5xxErrors')?.sum).toBe(500);
    expect(node.usage.get('putRequests')?.total).toBe(3500);
    expect(node.limits.get('put-requests')?.refused).toBe(500);
    expect(node.log.map(({ code }) => code)).toEqual(['s3/slow-down']);
  });

  it('takes as much again a second later', () => {
    const { world, node } = bucket();
    world.run(0);
    put(world, node, 3500);
    world.run(1);
    expect(put(world, node, 3500).accepted).toBe(3500);
  });

  it('takes 3,500 for each partition, keys spread evenly', () => {
    const { world, node } = bucket({ keyPrefixCount: 4, initialPartitions: 4 });
    world.run(0);
    const { accepted } = put(world, node, 28_000);
    expect(accepted).toBe(14_000);
  });

  it('has no more partitions than prefixes', () => {
    const { world, node } = bucket({ keyPrefixCount: 1, initialPartitions: 4 });
    world.run(0);
    expect(put(world, node, 28_000).accepted).toBe(3500);
  });

  it('doubles its partitions while it refuses, up to the number of prefixes', () => {
    const { world, node } = bucket({ keyPrefixCount: 3, partitionDoublingMinutes: 10 });
    // A hundredth of the rates, so that few objects do.
    world.run(0);
    world.setFaults(node, { capacityRatio: 0.01 });
    for (let second = 0; second < 1900; second += 30) world.at(second, () => put(world, node, 120));
    world.run(599);
    expect(node.gauges.get('Partitions')?.value).toBe(1);
    world.run(601);
    expect(node.gauges.get('Partitions')?.value).toBe(2);
    world.run(1201);
    expect(node.gauges.get('Partitions')?.value).toBe(3);
    world.run(1900);
    expect(node.gauges.get('Partitions')?.value).toBe(3);
    expect(node.limits.get('put-requests')?.capacity).toBe(10_500);
    expect(node.log.filter(({ code }) => code === 's3/partitioned')).toHaveLength(2);
  });

  it('counts a packed unit as one object with the bytes and records in it', () => {
    const { world, node } = bucket();
    world.run(0);
    const list = new ParcelList(world.flow.store);
    for (let i = 0; i < 50; i++) list.push(world.record({ bytes: 2000 }));
    const { reply } = world.send(pushOf(node, 'objects'), [world.flow.pack(list, 0)], false);
    world.run(1);
    expect(reply.accepted).toBe(1);
    expect(node.gauges.get('NumberOfObjects')?.value).toBe(1);
    expect(node.gauges.get('BucketSizeBytes')?.value).toBe(100_000);
    expect(world.deliveries).toHaveLength(50);
    expect(world.ledger().delivered).toBe(50);
  });

  it('counts the objects of a run of alike units', () => {
    const { world, node } = bucket();
    world.run(0);
    const { store } = world.flow;
    const p = world.record({ bytes: 10_000 });
    store.units[p] = 10;
    world.send(pushOf(node, 'objects'), [p], false);
    world.run(1);
    expect(node.gauges.get('NumberOfObjects')?.value).toBe(10);
    expect(node.samples.get('ObjectSize')?.histogram.mean).toBeCloseTo(1000, 0);
  });

  it('delivers a record when its PUT is answered: first byte and the time of the upload', () => {
    const { world, node } = bucket({ firstByteLatencyMs: 50, latencyVariation: 0, uploadMegabytesPerSecond: 10 });
    world.run(0);
    const { reply } = world.send(pushOf(node, 'objects'), [world.record({ bytes: 1_000_000 })], false);
    expect(reply.latencyUs).toBeCloseTo(150_000, 6);
    world.run(1);
    expect(world.deliveries[0]?.seconds).toBeCloseTo(0.15, 6);
    expect(node.samples.get('FirstByteLatency')?.histogram.mean).toBeCloseTo(50, 0);
    expect(node.samples.get('TotalRequestLatency')?.histogram.mean).toBeCloseTo(150, 0);
  });

  it('uploads an object above the part size in parts, each a request, with two around them', () => {
    const { world, node } = bucket({ multipartPartMebibytes: 100 });
    world.run(0);
    put(world, node, 1, 100 * MEBIBYTE);
    expect(node.usage.get('putRequests')?.total).toBe(1);
    put(world, node, 1, 250 * MEBIBYTE);
    expect(node.usage.get('putRequests')?.total).toBe(1 + 5);
  });

  it('lets what was in the bucket and what was written expire at midnight', () => {
    const { world, node } = bucket({ expirationDays: 1 }, { horizonSeconds: 4 * DAY });
    world.at(DAY / 2, () => put(world, node, 10));
    world.run(2 * DAY - 1);
    expect(node.gauges.get('NumberOfObjects')?.value).toBe(10);
    // Written at noon of day 0, a day old at noon of day 1, gone at the midnight after.
    world.run(2 * DAY + 1);
    expect(node.gauges.get('NumberOfObjects')?.value).toBe(0);
    expect(node.gauges.get('BucketSizeBytes')?.value).toBe(0);
  });

  it('asks KMS once for each object, or one time in a hundred with a bucket key', () => {
    const plain = bucket({ encryption: 'aws:kms' });
    plain.world.run(0);
    put(plain.world, plain.node, 200);
    expect(plain.node.usage.get('kmsRequests')?.total).toBe(200);
    const keyed = bucket({ encryption: 'aws:kms', bucketKeyEnabled: true });
    keyed.world.run(0);
    put(keyed.world, keyed.node, 200);
    expect(keyed.node.usage.get('kmsRequests')?.total).toBeCloseTo(2, 9);
  });

  it('shares the KMS quota of the account among all buckets', () => {
    const world = new World({ quotas: { 'kms/symmetric-requests': 100 } });
    const config = schema.parse({ encryption: 'aws:kms' });
    const first = world.add('first', build, config);
    const second = world.add('second', build, config);
    world.run(0);
    expect(put(world, first, 60).accepted).toBe(60);
    expect(put(world, second, 60)).toMatchObject({ accepted: 40, refused: 20 });
    expect(second.log.map(({ code }) => code)).toEqual(['s3/kms-throttled']);
  });

  it('lets failed records rest at its other port as dead-lettered', () => {
    const { world, node } = bucket();
    world.run(0);
    put(world, node, 5, 1000, 'failures');
    world.run(1);
    expect(world.ledger()).toMatchObject({ delivered: 0, deadLettered: 5 });
    expect(node.counters.get('FailedRecordsStored')?.sum).toBe(5);
    expect(node.gauges.get('NumberOfObjects')?.value).toBe(5);
    expect(world.imbalances().every((imbalance) => imbalance === 0)).toBe(true);
  });

  it('fails the share of PUTs that a fault names, and keeps nothing of them', () => {
    const { world, node } = bucket();
    world.run(0);
    world.setFaults(node, { invocationErrorRatio: 1 });
    expect(put(world, node, 10)).toMatchObject({ accepted: 0, failed: 10 });
    expect(node.counters.get('5xxErrors')?.sum).toBe(10);
  });

  it('has a share of its rate left under a throttling fault', () => {
    const { world, node } = bucket();
    world.run(0);
    world.setFaults(node, { capacityRatio: 0.1 });
    expect(put(world, node, 1000).accepted).toBe(350);
    world.setFaults(node, { capacityRatio: 0 });
    world.run(10);
    expect(put(world, node, 1000).accepted).toBe(0);
  });
});
