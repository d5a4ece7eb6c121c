import { describe, expect, it } from 'vitest';
import { HOUR, SECOND, StreamFixture } from '../stream-fixture.ts';

const alike = (count: number, key: number, bytes: number) => Array.from({ length: count }, () => ({ key, bytes }));

describe('retention', () => {
  it('loses what a consumer has not read after 24 hours, says so, and counts it as expired', () => {
    const stream = new StreamFixture({ putLatencyMs: 0 }, 26 * HOUR);
    const [quick, slow] = [stream.subscribe(false), stream.subscribe(false)];
    stream.start();
    stream.put(alike(10, 1, 10), true);
    expect(quick.read(0)).toBe(10);
    stream.runTo(24 * HOUR - SECOND);
    expect(stream.inside()).toBe(10);
    expect(stream.gauge('OldestUnreadAgeMilliseconds')).toBeGreaterThan(23.9 * 3_600_000);
    stream.runTo(24 * HOUR);
    expect(slow.read(0)).toBe(0);
    stream.runTo(26 * HOUR);
    expect(stream.inside()).toBe(0);
    expect(stream.expired()).toBe(10);
    expect(stream.logged.map(({ code, params }) => [code, params['consumer']])).toEqual([
      ['kinesis-data-streams/retention-loss', 2],
      ['kinesis-data-streams/retention-loss-over', 2],
    ]);
  });

  it('keeps records without any consumer to the end of their retention, without a word', () => {
    const stream = new StreamFixture({}, 25 * HOUR).start();
    stream.put(alike(500, 1, 10), true);
    stream.runTo(23 * HOUR);
    expect(stream.inside()).toBe(500);
    stream.runTo(25 * HOUR);
    expect(stream.expired()).toBe(500);
    expect(stream.codes()).toEqual([]);
  });
});
