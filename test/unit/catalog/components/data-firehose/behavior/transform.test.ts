import { describe, expect, it } from 'vitest';
import { StreamFixture } from '../stream-fixture.ts';

const KIBIBYTE = 1024;
const quick = { bufferIntervalSeconds: 60, transformBufferIntervalSeconds: 10 };

describe('the transform of a delivery stream', () => {
  it('invokes by the interval, and buffers for the destination what comes back', () => {
    const f = new StreamFixture(quick, { transform: { perInvocationMs: 2000 } });
    f.world.at(0, () => f.put(5));
    f.world.run(100);
    expect(f.transform?.counters.get('Invocations')?.sum).toBe(1);
    // 10 s until the invocation, 2 s in the function, 60 s in the buffer.
    expect(f.targets.destination.taken).toEqual([{ at: 72, units: 1, records: 5, bytes: 5000 }]);
    expect(f.stream.samples.get('ExecuteProcessing.Duration')?.histogram.mean).toBeCloseTo(2000, -1);
    expect(f.sum('SucceedProcessing.Records')).toBe(5);
    // The records are delivered once, and not at the function.
    expect(f.world.ledger()).toMatchObject({ delivered: 5, inside: 0, duplicates: { made: 0 } });
    expect(f.world.imbalances().every((n) => n === 0)).toBe(true);
  });

  it('invokes by size as well', () => {
    const f = new StreamFixture({ ...quick, transformBufferSizeMebibytes: 1 }, { transform: {} });
    f.world.at(0, () => f.put(22, 100 * KIBIBYTE));
    f.world.run(1);
    expect(f.transform?.counters.get('Invocations')?.sum).toBe(2);
  });

  it('changes the size of records, and leaves out what is dropped', () => {
    const settings = { ...quick, transformSizeRatio: 2, transformDroppedRatio: 0.5 };
    const f = new StreamFixture(settings, { transform: {} });
    f.world.at(0, () => f.put(400, 1000));
    f.world.run(100);
    const { delivered, filtered } = f.world.ledger();
    expect(delivered + filtered).toBe(400);
    expect(filtered).toBeGreaterThan(150);
    expect(f.targets.destination.taken[0]?.bytes).toBe(delivered * 2000);
    expect(f.sum('SucceedProcessing.Records')).toBe(400);
  });

  it('sends failed records to the failed bucket and delivers the others', () => {
    const settings = { ...quick, transformFailedRatio: 0.25, backupBufferIntervalSeconds: 60 };
    const f = new StreamFixture(settings, { transform: {}, ports: ['failed'] });
    f.world.at(0, () => f.put(400));
    f.world.run(200);
    const failed = f.sum('FailedRecords');
    expect(failed).toBeGreaterThan(60);
    expect(failed).toBeLessThan(140);
    expect(f.targets.failed.taken[0]?.records).toBe(failed);
    expect(f.targets.destination.taken[0]?.records).toBe(400 - failed);
  });

  it('takes records that fail in the function out, in an invocation that succeeds', () => {
    const f = new StreamFixture(quick, { transform: {} });
    f.world.run(0);
    f.world.setFaults(f.transform!, { recordErrorRatio: 1 });
    f.put(3);
    f.world.run(100);
    expect(f.world.ledger()).toMatchObject({ dropped: 3, droppedBy: { 'processing-failed': 3 } });
    expect(f.stream.samples.get('ExecuteProcessing.Success')?.histogram.mean).toBe(1);
  });

  it('delivers records that the function has also sent on elsewhere: as copies, not as duplicates', () => {
    const f = new StreamFixture(quick, { transform: {}, sendsOn: true });
    f.world.at(0, () => f.put(5));
    f.world.run(200);
    expect(f.targets.destination.taken[0]?.records).toBe(5);
    expect(f.world.ledger()).toMatchObject({
      created: 5,
      copied: 5,
      delivered: 10,
      inside: 0,
      duplicates: { made: 0 },
    });
    expect(f.world.imbalances().every((n) => n === 0)).toBe(true);
  });

  it('repeats a failed invocation three times, then the whole batch counts as failed', () => {
    const f = new StreamFixture({ ...quick, transformRetryWaitSeconds: 1 }, { transform: { errorRatio: 1 } });
    f.world.at(0, () => f.put(5));
    f.world.run(100);
    expect(f.transform?.counters.get('Errors')?.sum).toBe(4);
    expect(f.world.ledger()).toMatchObject({ dropped: 5, delivered: 0 });
    expect(f.codes()).toEqual(
      expect.arrayContaining(['data-firehose/transform-failing', 'data-firehose/records-failed']),
    );
  });

  it('repeats a throttled invocation, and loses nothing when the function comes back', () => {
    const settings = { ...quick, transformRetries: 3, transformRetryWaitSeconds: 5 };
    const f = new StreamFixture(settings, { transform: { reservedConcurrentExecutions: 1 } });
    f.world.run(0);
    f.world.setFaults(f.transform!, { capacityRatio: 0 });
    f.put(5);
    f.world.at(12, () => f.world.setFaults(f.transform!, { capacityRatio: 1 }));
    f.world.run(100);
    expect(f.transform?.counters.get('Throttles')?.sum).toBe(1);
    expect(f.world.ledger()).toMatchObject({ delivered: 5, dropped: 0 });
    expect(f.stream.polledEdges[0]).toMatchObject({ refusedUnits: 5, retriedUnits: 5, requests: 1, records: 5 });
  });

  it('has at most five invocations under way for each lane', () => {
    const settings = { ...quick, transformBufferSizeMebibytes: 0.2, mebibytesPerSecondQuota: 50, directPutLanes: 1 };
    const f = new StreamFixture(settings, { transform: { perInvocationMs: 30_000 } });
    f.world.run(0);
    for (let i = 0; i < 12; i++) f.put(1, 300 * KIBIBYTE);
    f.world.run(1);
    expect(f.transform?.gauges.get('ConcurrentExecutions')?.value).toBe(5);
    expect(f.stream.limits.get('transform-invocations/lane-0')?.waiting).toBe(7);
    f.world.run(200);
    expect(f.world.ledger().delivered).toBe(12);
  });

  it('takes an answer after more than five minutes for a failure', () => {
    const settings = { ...quick, transformRetries: 0 };
    const f = new StreamFixture(settings, { transform: { perInvocationMs: 301_000, timeoutSeconds: 900 } });
    f.world.at(0, () => f.put(2));
    f.world.run(1000);
    expect(f.world.ledger()).toMatchObject({ dropped: 2, delivered: 0 });
  });
});
