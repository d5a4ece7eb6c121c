import { describe, expect, it } from 'vitest';
import { StreamFixture } from '../stream-fixture.ts';

const KIBIBYTE = 1024;
const wide = { recordsPerSecondQuota: 1_000_000, requestsPerSecondQuota: 1_000_000, mebibytesPerSecondQuota: 50 };

describe('Direct PUT', () => {
  it('takes up to 500 records and 4 MiB in a call, or fails it as a whole', () => {
    const f = new StreamFixture(wide);
    f.world.run(0);
    expect(f.put(500)).toMatchObject({ accepted: 500, failed: 0 });
    expect(f.put(501)).toMatchObject({ accepted: 0, refused: 0, failed: 501 });
    expect(f.put(4, 1000 * KIBIBYTE)).toMatchObject({ accepted: 4 });
    expect(f.put(5, 1000 * KIBIBYTE)).toMatchObject({ failed: 5 });
    expect(f.codes()).toEqual(['data-firehose/call-too-large']);
  });

  it('fails a record above 1,000 KiB', () => {
    const f = new StreamFixture(wide);
    f.world.run(0);
    expect(f.put(1, 1000 * KIBIBYTE)).toMatchObject({ accepted: 1 });
    expect(f.put(1, 1000 * KIBIBYTE + 1)).toMatchObject({ failed: 1 });
    expect(f.codes()).toEqual(['data-firehose/record-too-large']);
  });

  it('refuses calls above the quota of requests, whole', () => {
    const f = new StreamFixture({ ...wide, requestsPerSecondQuota: 2, quotaGrows: false });
    f.world.run(0);
    expect(f.put(10).accepted).toBe(10);
    expect(f.put(1).accepted).toBe(1);
    expect(f.put(10)).toMatchObject({ accepted: 0, refused: 10 });
    expect(f.sum('ThrottledRecords')).toBe(10);
    expect(f.sum('IncomingPutRequests')).toBe(3);
    f.world.run(0.5);
    expect(f.put(10).accepted).toBe(10);
  });

  it('takes a part of a batch up to the quota of records', () => {
    const f = new StreamFixture({ ...wide, recordsPerSecondQuota: 30, quotaGrows: false });
    f.world.run(0);
    expect(f.put(40)).toMatchObject({ accepted: 30, refused: 10 });
    expect(f.sum('IncomingRecords')).toBe(30);
    expect(f.stream.limits.get('put-records')?.refused).toBe(10);
  });

  it('takes a part of a run up to the quotas, and wants no runs while there is little room', () => {
    const f = new StreamFixture({ ...wide, recordsPerSecondQuota: 50, quotaGrows: false });
    f.world.run(0);
    expect(f.takesRuns()).toBe(true);
    expect(f.putRun(30)).toMatchObject({ accepted: 30, refused: 0 });
    expect(f.takesRuns()).toBe(true);
    expect(f.putRun(40)).toMatchObject({ accepted: 20, refused: 20 });
    expect(f.takesRuns()).toBe(false);
  });

  it('takes a part of a batch up to the quota of bytes, and gives the tokens of refused records back', () => {
    const f = new StreamFixture({ recordsPerSecondQuota: 100, mebibytesPerSecondQuota: 1, quotaGrows: false });
    f.world.run(0);
    // 10 of 100 KiB are 1,000 of 1,024 KiB; the eleventh does not fit.
    expect(f.put(20, 100 * KIBIBYTE)).toMatchObject({ accepted: 10, refused: 10 });
    expect(f.put(24, 1024)).toMatchObject({ accepted: 24 });
    expect(f.stream.limits.get('put-records')?.refused).toBe(0);
  });

  it('has 500,000 records, 2,000 requests and 5 MiB a second unless told otherwise', () => {
    const f = new StreamFixture();
    f.world.run(0);
    expect(f.stream.gauges.get('RecordsPerSecondLimit')?.value).toBe(500_000);
    expect(f.stream.gauges.get('PutRequestsPerSecondLimit')?.value).toBe(2000);
    expect(f.stream.gauges.get('BytesPerSecondLimit')?.value).toBe(5_242_880);
  });

  it('doubles all quotas while it refuses', () => {
    const f = new StreamFixture({ recordsPerSecondQuota: 10, quotaDoublingMinutes: 5 });
    for (let second = 0; second < 900; second++) f.world.at(second, () => f.put(15));
    f.world.run(299);
    expect(f.stream.gauges.get('RecordsPerSecondLimit')?.value).toBe(10);
    f.world.run(301);
    expect(f.stream.gauges.get('RecordsPerSecondLimit')?.value).toBe(20);
    expect(f.stream.gauges.get('BytesPerSecondLimit')?.value).toBe(2 * 5_242_880);
    f.world.run(900);
    expect(f.stream.gauges.get('RecordsPerSecondLimit')?.value).toBe(20);
    expect(f.codes()).toEqual([
      'data-firehose/throttled',
      'data-firehose/quota-raised',
      'data-firehose/throttling-over',
    ]);
  });

  it('leaves the quotas as they are when they do not grow', () => {
    const f = new StreamFixture({ recordsPerSecondQuota: 10, quotaGrows: false });
    for (let second = 0; second < 900; second++) f.world.at(second, () => f.put(15));
    f.world.run(900);
    expect(f.stream.gauges.get('RecordsPerSecondLimit')?.value).toBe(10);
  });

  it('has a share of its quotas left under a throttling fault', () => {
    const f = new StreamFixture({ recordsPerSecondQuota: 100, quotaGrows: false });
    f.world.run(0);
    f.world.setFaults(f.stream, { capacityRatio: 0.2 });
    expect(f.put(100)).toMatchObject({ accepted: 20, refused: 80 });
    f.world.setFaults(f.stream, { capacityRatio: 0 });
    f.world.run(10);
    expect(f.put(10).accepted).toBe(0);
  });

  it('fails calls or records by the share that a fault names', () => {
    const f = new StreamFixture();
    f.world.run(0);
    f.world.setFaults(f.stream, { invocationErrorRatio: 1 });
    expect(f.put(10)).toMatchObject({ accepted: 0, failed: 10 });
    f.world.setFaults(f.stream, { invocationErrorRatio: 0, recordErrorRatio: 0.5 });
    const { accepted, failed } = f.put(400);
    expect(accepted + failed).toBe(400);
    expect(failed).toBeGreaterThan(150);
    expect(failed).toBeLessThan(250);
  });

  it('answers after the put latency', () => {
    const f = new StreamFixture({ putLatencyMs: 30, putLatencyVariation: 0 });
    f.world.run(0);
    expect(f.put(10).latencyUs).toBeCloseTo(30_000, 6);
    f.put(1, 100, false);
    expect(f.stream.samples.get('PutRecordBatch.Latency')?.histogram.count).toBe(1);
    expect(f.stream.samples.get('PutRecord.Latency')?.histogram.count).toBe(1);
  });
});
