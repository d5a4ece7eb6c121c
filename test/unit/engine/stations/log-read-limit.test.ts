import { describe, expect, it } from 'vitest';
import { LogReadLimit } from '#engine/stations/log-read-limit.ts';

const SECOND = 1_000_000;
const MIB = 1_048_576;

describe('LogReadLimit', () => {
  it('shuts a partition for bytes / rate seconds after an answer larger than its bucket', () => {
    const limit = new LogReadLimit(5, 2 * MIB, undefined, 0);
    expect(limit.admit(0)).toBe('admitted');
    limit.charge(10_000, 10 * MIB, 0);
    expect(limit.admit(5 * SECOND - 1)).toBe('bytes');
    expect(limit.admit(5 * SECOND)).toBe('admitted');
  });

  it('lets small answers of several pollers pass as long as their sum keeps to the rate', () => {
    const limit = new LogReadLimit(5, 2 * MIB, undefined, 0);
    const verdicts: string[] = [];
    for (let i = 0; i < 20; i++) {
      const now = i * 250_000;
      verdicts.push(limit.admit(now));
      limit.charge(500, MIB / 2, now);
    }
    expect(new Set(verdicts)).toEqual(new Set(['admitted']));
  });

  it('passes the byte rate in the long run, whatever is asked', () => {
    const limit = new LogReadLimit(5, 2 * MIB, undefined, 0);
    let bytes = 0;
    for (let now = 0; now < 1000 * SECOND; now += 50_000) {
      if (limit.admit(now) !== 'admitted') continue;
      bytes += 3 * MIB;
      limit.charge(1000, 3 * MIB, now);
    }
    expect(bytes / 1000).toBeLessThanOrEqual(2 * MIB * 1.005);
    expect(bytes / 1000).toBeGreaterThan(2 * MIB * 0.96);
  });

  it('refuses the sixth call of a second', () => {
    const limit = new LogReadLimit(5, 2 * MIB, undefined, 0);
    const verdicts = Array.from({ length: 6 }, () => limit.admit(0));
    expect(verdicts).toEqual(['admitted', 'admitted', 'admitted', 'admitted', 'admitted', 'calls']);
    expect(limit.admit(SECOND / 5)).toBe('admitted');
  });

  it('limits units only when asked to', () => {
    expect(new LogReadLimit(5, 2 * MIB, undefined, 0).unitsLeft(0)).toBe(Number.POSITIVE_INFINITY);
    const limit = new LogReadLimit(5, 2 * MIB, 2000, 0);
    expect(limit.unitsLeft(0)).toBe(2000);
    limit.charge(2000, 1, 0);
    expect(limit.admit(0)).toBe('units');
    expect(limit.admit(SECOND / 1000)).toBe('admitted');
  });

  it('refuses everything while no capacity is left', () => {
    const limit = new LogReadLimit(5, 2 * MIB, undefined, 0);
    limit.configure(0, 0, undefined, 0);
    expect(limit.admit(10 * SECOND)).toBe('bytes');
  });
});
