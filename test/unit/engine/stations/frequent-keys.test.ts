import { describe, expect, it } from 'vitest';
import { FrequentKeys } from '#engine/stations/frequent-keys.ts';

describe('FrequentKeys', () => {
  it('finds the share of a hot key among thousands of others, within a percent and never above', () => {
    const keys = new FrequentKeys();
    // Every fifth record carries key 7, the rest walk through 5,000 keys: its share is 0.2.
    for (let i = 0; i < 15_000; i++) keys.observe(0, i % 5 === 0 ? 7 : 1000 + (i % 5000));
    expect(keys.topShareRatio()).toBeLessThanOrEqual(0.2);
    expect(keys.topShareRatio()).toBeGreaterThan(0.19);
  });

  it('reports almost nothing when keys are even', () => {
    const keys = new FrequentKeys();
    for (let i = 0; i < 15_000; i++) keys.observe(0, i % 5000);
    expect(keys.topShareRatio()).toBeLessThan(0.01);
  });

  it('forgets a key that was hot long ago', () => {
    const keys = new FrequentKeys();
    for (let i = 0; i < 16_000; i++) keys.observe(0, 1);
    expect(keys.topShareRatio()).toBe(1);
    for (let i = 0; i < 100_000; i++) keys.observe(0, i);
    expect(keys.topShareRatio()).toBeLessThan(0.05);
  });

  it('sees within a second that a key has become hot', () => {
    const keys = new FrequentKeys();
    for (let i = 0; i < 100_000; i++) keys.observe(0, i % 5000);
    // A shard that is full takes 1,000 records a second: nine in ten of one key.
    for (let i = 0; i < 1000; i++) keys.observe(0, i % 10 === 0 ? 10_000 + i : 7);
    expect(keys.topShareRatio()).toBeGreaterThan(0.3);
  });

  it('tells equal key numbers of two loads apart and counts records without key as traffic only', () => {
    const keys = new FrequentKeys();
    for (let i = 0; i < 9000; i++) keys.observe(i % 3, i % 3 === 2 ? -1 : 5);
    expect(keys.topShareRatio()).toBeLessThan(0.34);
    expect(keys.topShareRatio()).toBeGreaterThan(0.32);
  });
});
