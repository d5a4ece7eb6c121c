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

  it('reports nothing when keys are even: what chance makes is no hot key', () => {
    const keys = new FrequentKeys();
    for (let i = 0; i < 15_000; i++) {
      keys.observe(0, i % 5000);
      if (i % 100 === 0) expect(keys.topShareRatio()).toBe(0);
    }
    for (let i = 0; i < 15; i++) keys.observe(0, 7);
    expect(keys.topShareRatio()).toBe(0);
  });

  it('estimates the same of runs as of single records, also where both come', () => {
    for (const share of [0.05, 0.3, 0.9]) {
      const single = new FrequentKeys();
      const inRuns = new FrequentKeys();
      const mixed = new FrequentKeys();
      for (let i = 0; i < 200; i++) {
        for (let k = 0; k < 100; k++) {
          const key = k < 100 * share ? 7 : 1000 + ((i * 100 + k) % 5000);
          single.observe(0, key);
          if (i % 2 === 0) mixed.observe(0, key);
        }
        inRuns.observeRun(0, 7, 100 * share, 100);
        if (i % 2 === 1) mixed.observeRun(0, 7, 100 * share, 100);
      }
      for (const keys of [single, inRuns, mixed]) {
        expect(keys.topShareRatio()).toBeLessThanOrEqual(share + 1e-9);
        expect(keys.topShareRatio()).toBeGreaterThan(share - 0.015);
      }
    }
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
