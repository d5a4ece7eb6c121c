import { describe, expect, it } from 'vitest';
import { ParcelList } from '#engine/flow/parcels.ts';
import { pushOf } from '#test/harness/behavior.ts';
import { StreamFixture } from '../stream-fixture.ts';

const KIBIBYTE = 1024;
const MEBIBYTE = 1_048_576;

describe('delivery by size or time', () => {
  it('delivers one object when the interval has passed since the first record', () => {
    const f = new StreamFixture({ bufferIntervalSeconds: 60 });
    f.world.at(5, () => f.put(3));
    f.world.at(40, () => f.put(2));
    f.world.run(200);
    expect(f.targets.destination.taken).toEqual([{ at: 65, units: 1, records: 5, bytes: 5000 }]);
    expect(f.sum('DeliveryToS3.Records')).toBe(5);
    expect(f.sum('DeliveryToS3.ObjectCount')).toBe(1);
    expect(f.stream.samples.get('DeliveryToS3.DataFreshness')?.histogram.max).toBe(60);
    expect(f.world.imbalances().every((n) => n === 0)).toBe(true);
  });

  it('shows what is buffered from when it comes to when it is delivered, in the mean over the time', () => {
    const f = new StreamFixture({ bufferIntervalSeconds: 60 });
    const buffered = f.stream.gauges.get('BufferedBytes')!;
    const seen: number[] = [];
    for (const atSeconds of [4, 6, 39, 41, 64, 66]) f.world.at(atSeconds, () => seen.push(buffered.value));
    f.world.at(5, () => f.put(3));
    f.world.at(40, () => f.put(2));
    f.world.run(100);
    expect(seen).toEqual([0, 3000, 3000, 5000, 5000, 0]);
    // 3,000 bytes for 60 s and 2,000 for 25 s.
    expect(buffered.mean(100_000_000)).toBeCloseTo(2300, 6);
  });

  it('delivers at once when the size hint is reached', () => {
    const f = new StreamFixture({ bufferSizeMebibytes: 1 });
    f.world.at(5, () => f.put(11, 100 * KIBIBYTE));
    f.world.run(6);
    expect(f.targets.destination.taken).toEqual([{ at: 5, units: 1, records: 11, bytes: 1100 * KIBIBYTE }]);
  });

  it('waits a few seconds only when the interval is 0', () => {
    const f = new StreamFixture({ bufferIntervalSeconds: 0, zeroBufferingSeconds: 4 });
    f.world.at(10, () => f.put(1));
    f.world.run(20);
    expect(f.targets.destination.taken.map(({ at }) => at)).toEqual([14]);
  });

  it('writes an object of the compressed or converted size', () => {
    const packed = new StreamFixture({ bufferIntervalSeconds: 1, compressionFormat: 'GZIP', compressedSizeRatio: 0.1 });
    packed.world.at(0, () => packed.put(10));
    packed.world.run(2);
    expect(packed.targets.destination.taken[0]).toMatchObject({ records: 10, bytes: 1000 });
    expect(packed.sum('DeliveryToS3.Bytes')).toBe(1000);
    const columns = new StreamFixture({
      bufferIntervalSeconds: 1,
      bufferSizeMebibytes: 64,
      formatConversion: 'parquet',
      convertedSizeRatio: 0.3,
    });
    columns.world.at(0, () => columns.put(10));
    columns.world.run(2);
    expect(columns.targets.destination.taken[0]?.bytes).toBe(3000);
    expect(columns.sum('SucceedConversion.Records')).toBe(10);
  });

  it('has a buffer for each lane of Direct PUT: one for each 5 MiB/s of the quota', () => {
    const f = new StreamFixture({ bufferIntervalSeconds: 60, mebibytesPerSecondQuota: 20 });
    f.world.at(0, () => f.put(400));
    f.world.run(61);
    expect(f.targets.destination.taken).toHaveLength(4);
    expect(f.targets.destination.taken.reduce((sum, { records }) => sum + records, 0)).toBe(400);
  });

  it('delivers a run of several records as one object', () => {
    const f = new StreamFixture({ bufferIntervalSeconds: 1 });
    f.world.run(0);
    const { store } = f.world.flow;
    const p = f.world.record({ bytes: 5000 });
    store.units[p] = 5;
    store.records[p] = 5;
    f.world.flow.ledger.counts.created[0]! += 4;
    f.world.send(pushOf(f.stream, 'records'), [p], true);
    f.world.run(2);
    expect(f.sum('IncomingRecords')).toBe(5);
    expect(f.targets.destination.taken[0]).toMatchObject({ units: 1, records: 5 });
    expect(f.world.ledger().delivered).toBe(5);
  });

  it('takes a packed record apart, and bills it as one', () => {
    const f = new StreamFixture({ bufferIntervalSeconds: 1 });
    f.world.run(0);
    const list = new ParcelList(f.world.flow.store);
    for (let i = 0; i < 10; i++) list.push(f.world.record({ bytes: 500 }));
    f.world.send(pushOf(f.stream, 'records'), [f.world.flow.pack(list, 0)], false);
    f.world.run(2);
    expect(f.sum('IncomingRecords')).toBe(1);
    expect(f.stream.usage.get('ingestedGibibytes')?.total).toBeCloseTo(5120 / 1_073_741_824, 15);
    expect(f.targets.destination.taken[0]).toMatchObject({ units: 1, records: 10, bytes: 5000 });
  });

  it('keeps what nobody is linked for', () => {
    const f = new StreamFixture({}, { destination: 'none' });
    f.world.at(0, () => f.put(10));
    f.world.run(1000);
    expect(f.world.ledger()).toMatchObject({ created: 10, inside: 10 });
  });
});

describe('a destination that fails', () => {
  it('is tried again by S3 for 24 hours, then the oldest records of Direct PUT are lost', () => {
    const f = new StreamFixture({ bufferIntervalSeconds: 60 }, { world: { horizonSeconds: 100_000 } });
    f.targets.destination.isShut = true;
    f.world.at(0, () => f.put(3));
    f.world.at(3600, () => f.put(2));
    f.world.run(86_300);
    expect(f.world.ledger()).toMatchObject({ expired: 0, inside: 5 });
    f.world.run(86_400 + 200);
    expect(f.world.ledger()).toMatchObject({ expired: 3, inside: 2 });
    expect(f.sum('ExpiredRecords')).toBe(3);
    expect(f.codes()).toContain('data-firehose/records-expired');
    f.targets.destination.isShut = false;
    f.world.run(87_000);
    expect(f.world.ledger()).toMatchObject({ delivered: 2, expired: 3, inside: 0 });
  });

  it('gets larger objects when it has come back', () => {
    const f = new StreamFixture({ bufferSizeMebibytes: 1, bufferIntervalSeconds: 60 });
    f.targets.destination.isShut = true;
    for (let second = 0; second < 20; second++) f.world.at(second, () => f.put(4, 500 * KIBIBYTE));
    f.world.at(20, () => {
      f.targets.destination.isShut = false;
    });
    f.world.run(400);
    const largest = Math.max(...f.targets.destination.taken.map(({ bytes }) => bytes));
    expect(largest).toBeGreaterThan(30 * MEBIBYTE);
    expect(f.world.ledger()).toMatchObject({ delivered: 80, inside: 0 });
    expect(f.codes()).toEqual(['data-firehose/delivery-failing', 'data-firehose/delivery-recovered']);
    expect(f.stream.samples.get('DeliveryToS3.Success')?.histogram.mean).toBeLessThan(1);
  });

  it('has objects of no more than 128 MiB', () => {
    const f = new StreamFixture({ bufferSizeMebibytes: 1, mebibytesPerSecondQuota: 50, directPutLanes: 1 });
    f.targets.destination.isShut = true;
    for (let second = 0; second < 20; second++) f.world.at(second, () => f.put(20, 1000 * KIBIBYTE, false));
    f.world.at(20, () => {
      f.targets.destination.isShut = false;
    });
    f.world.run(400);
    const sizes = f.targets.destination.taken.map(({ bytes }) => bytes);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(128 * MEBIBYTE);
    expect(Math.max(...sizes)).toBeGreaterThan(120 * MEBIBYTE);
  });

  it('of OpenSearch gets a bulk request of all documents, and only the refused ones again', () => {
    const f = new StreamFixture({ bufferIntervalSeconds: 60 }, { destination: 'opensearch' });
    f.targets.destination.takes = 0.5;
    f.world.at(0, () => f.put(8));
    f.world.at(61, () => {
      f.targets.destination.takes = 1;
    });
    f.world.run(100);
    expect(f.targets.destination.taken.map(({ units }) => units)).toEqual([4, 4]);
    expect(f.sum('DeliveryToAmazonOpenSearchService.Records')).toBe(8);
    expect(f.world.ledger().delivered).toBe(8);
  });

  it('of OpenSearch is given up after the retry duration, and its documents go to the failed bucket', () => {
    const settings = { bufferIntervalSeconds: 60, retryDurationSeconds: 100, backupBufferIntervalSeconds: 60 };
    const f = new StreamFixture(settings, { destination: 'opensearch', ports: ['failed'] });
    f.targets.destination.isShut = true;
    f.world.at(0, () => f.put(8));
    f.world.run(400);
    expect(f.targets.failed.taken).toHaveLength(1);
    const { at, records } = f.targets.failed.taken[0]!;
    expect(records).toBe(8);
    // Given up at most 100 s after the first attempt at 60 s, then collected for 60 s.
    expect(at).toBeGreaterThan(60 + 60);
    expect(at).toBeLessThanOrEqual(60 + 100 + 60);
    expect(f.codes()).toContain('data-firehose/records-failed');
  });

  it('of OpenSearch is tried once when the retry duration is 0, and without a bucket the documents are lost', () => {
    const f = new StreamFixture({ bufferIntervalSeconds: 60, retryDurationSeconds: 0 }, { destination: 'opensearch' });
    f.targets.destination.isShut = true;
    f.world.at(0, () => f.put(8));
    f.world.run(61);
    expect(f.targets.destination.offers).toBe(1);
    expect(f.world.ledger()).toMatchObject({ dropped: 8, droppedBy: { 'delivery-retries-exhausted': 8 } });
  });
});

describe('backup and failed records', () => {
  it('copies every source record to the backup bucket by its own hints', () => {
    const settings = { bufferIntervalSeconds: 60, backupBufferIntervalSeconds: 120 };
    const f = new StreamFixture(settings, { ports: ['backup'] });
    f.world.at(0, () => f.put(10));
    f.world.run(200);
    expect(f.targets.destination.taken[0]).toMatchObject({ at: 60, records: 10 });
    expect(f.targets.backup.taken[0]).toMatchObject({ at: 120, records: 10 });
    expect(f.world.ledger()).toMatchObject({ created: 10, copied: 10, delivered: 20, inside: 0 });
    expect(f.sum('BackupToS3.Records')).toBe(10);
    expect(f.sum('DeliveryToS3.Records')).toBe(10);
  });

  it('sends records that do not fit the table to the failed bucket', () => {
    const settings = {
      bufferSizeMebibytes: 64,
      bufferIntervalSeconds: 60,
      formatConversion: 'orc',
      conversionFailedRatio: 1,
    } as const;
    const f = new StreamFixture(settings, { ports: ['failed'] });
    f.world.at(0, () => f.put(10));
    f.world.run(500);
    expect(f.targets.destination.taken).toEqual([]);
    expect(f.targets.failed.taken[0]).toMatchObject({ at: 360, records: 10 });
    expect(f.sum('FailedConversion.Records')).toBe(10);
    expect(f.sum('FailedRecords')).toBe(10);
  });
});

describe('a Kinesis stream as the source', () => {
  it('is read once a second, with a buffer for each shard', () => {
    const f = new StreamFixture({ bufferIntervalSeconds: 60 }, { shards: 2 });
    f.world.at(10, () => f.feed(100));
    f.world.run(100);
    expect(f.targets.destination.taken).toHaveLength(2);
    expect(f.sum('DataReadFromKinesisStream.Records')).toBe(100);
    expect(f.world.ledger().delivered).toBe(100);
    expect(f.world.imbalances().every((n) => n === 0)).toBe(true);
    // Read within a second after 10 s, delivered 60 s later.
    for (const { at } of f.targets.destination.taken) expect(at).toBeLessThanOrEqual(71);
    const reads = f.source?.counters.get('GetRecords.Records')?.sum;
    expect(reads).toBe(100);
  });

  it('is billed by its records in steps of 5 KB', () => {
    const f = new StreamFixture({}, { shards: 1 });
    f.world.at(10, () => f.feed(100, 6000));
    f.world.run(20);
    expect(f.stream.usage.get('ingestedGibibytes')?.total).toBeCloseTo((100 * 10_240) / 1_073_741_824, 12);
  });

  it('is left alone while the delivery is behind by a largest buffer: the backlog stays in the stream', () => {
    const settings = { bufferSizeMebibytes: 1, bufferIntervalSeconds: 60 };
    const f = new StreamFixture(settings, { shards: 1, world: { horizonSeconds: 1000 } });
    f.targets.destination.isShut = true;
    for (let second = 0; second < 300; second++) f.world.at(second, () => f.feed(1, 1000 * KIBIBYTE));
    f.world.run(310);
    const read = f.sum('DataReadFromKinesisStream.Bytes');
    expect(read).toBeGreaterThan(128 * MEBIBYTE);
    expect(read).toBeLessThan(135 * MEBIBYTE);
    expect(f.stream.limits.get('delivery-buffer/lane-0')).toMatchObject({ capacity: 128, peakRatio: 1 });
    expect(f.stream.limits.get('delivery-buffer/lane-0')?.refused).toBeGreaterThan(0);
    f.targets.destination.isShut = false;
    f.world.run(900);
    expect(f.world.ledger()).toMatchObject({ delivered: 300, inside: 0 });
    expect(f.stream.samples.get('KinesisMillisBehindLatest')?.histogram.max).toBeGreaterThan(60_000);
  });

  it('loses what it has not read within the retention of the stream', () => {
    const world = { horizonSeconds: 200_000 };
    const f = new StreamFixture({ bufferSizeMebibytes: 1 }, { shards: 1, world });
    f.world.run(1);
    f.world.setFaults(f.stream, { outage: true });
    f.world.at(10, () => f.feed(5));
    f.world.run(90_000);
    expect(f.world.ledger()).toMatchObject({ expired: 5, inside: 0 });
  });
});
