import { describe, expect, it } from 'vitest';
import type { Config } from '#catalog/components/data-firehose/config.ts';
import { pushOf } from '#test/harness/behavior.ts';
import { StreamFixture } from '../stream-fixture.ts';

const GIBIBYTE = 1_073_741_824;
const base = { dynamicPartitioning: true, bufferSizeMebibytes: 64, bufferIntervalSeconds: 60 };

/** Puts one record of 1,000 bytes for each key; the world places key k at (k + 1) x 0.618 modulo 1. */
function put(f: StreamFixture, keys: readonly number[]): void {
  const parcels = keys.map((key) => f.world.record({ bytes: 1000, key }));
  f.world.send(pushOf(f.stream, 'records'), parcels, true);
}

function stream(settings: Partial<Config>, options = {}): StreamFixture {
  return new StreamFixture({ ...base, ...settings }, options);
}

describe('dynamic partitioning', () => {
  it('writes an object for each value, by the interval of its own first record', () => {
    const f = stream({ partitionValues: 2 });
    // Keys 0, 2, 4 lie at 0.62, 0.85, 0.09; key 1 at 0.24.
    f.world.at(0, () => put(f, [0, 2]));
    f.world.at(20, () => put(f, [1, 4, 0]));
    f.world.run(100);
    expect(f.targets.destination.taken.map(({ at, records }) => [at, records])).toEqual([
      [60, 3],
      [80, 2],
    ]);
    expect(f.stream.gauges.get('PartitionCount')?.series.max).toBe(2);
    expect(f.stream.gauges.get('PartitionCount')?.value).toBe(0);
  });

  it('shares its buffers among all shards of a Kinesis stream', () => {
    const f = stream({ partitionValues: 1 }, { shards: 4 });
    f.world.at(10, () => f.feed(100));
    f.world.run(200);
    const { taken } = f.targets.destination;
    expect(taken.reduce((sum, { records }) => sum + records, 0)).toBe(100);
    expect(taken).toHaveLength(1);
  });

  it('fails records of more values than may be active, until others are delivered', () => {
    const f = stream({ partitionValues: 100, activePartitionsQuota: 2 });
    f.world.at(0, () => put(f, [0, 1, 2, 3, 0, 1]));
    f.world.at(61, () => put(f, [2, 3]));
    f.world.run(200);
    expect(f.world.ledger()).toMatchObject({ delivered: 6, dropped: 2, droppedBy: { 'partitioning-failed': 2 } });
    expect(f.stream.limits.get('active-partitions')).toMatchObject({ refused: 2, peakRatio: 1 });
    expect(f.stream.gauges.get('PartitionCountExceeded')?.series.max).toBe(1);
    expect(f.stream.gauges.get('PartitionCountExceeded')?.value).toBe(0);
  });

  it('keeps a value active while its object cannot be delivered', () => {
    const f = stream({ partitionValues: 100, activePartitionsQuota: 1 });
    f.targets.destination.isShut = true;
    f.world.at(0, () => put(f, [0]));
    f.world.at(100, () => put(f, [1, 0]));
    f.world.run(150);
    expect(f.world.ledger()).toMatchObject({ dropped: 1, inside: 2 });
  });

  it('sends records without a key to the failed bucket', () => {
    const f = stream({ partitionKeyMissingRatio: 1, backupBufferIntervalSeconds: 60 }, { ports: ['failed'] });
    f.world.at(0, () => put(f, [0, 1, 2]));
    f.world.run(100);
    expect(f.targets.failed.taken[0]).toMatchObject({ at: 60, records: 3 });
    expect(f.targets.destination.taken).toEqual([]);
  });

  it('is billed by the GB before compression and by the object', () => {
    const f = stream({ partitionValues: 2, compressionFormat: 'GZIP' });
    f.world.at(0, () => put(f, [0, 1, 2]));
    f.world.run(100);
    expect(f.stream.usage.get('partitionedGibibytes')?.total).toBeCloseTo(3000 / GIBIBYTE, 15);
    expect(f.stream.usage.get('partitionedObjects')?.total).toBe(2);
  });
});
