import { describe, expect, it } from 'vitest';
import { changeWords, patchWords, settingText } from '#renderer/runs/patch-words.ts';

describe('the words of a change', () => {
  const step = { path: 'nodes.clicks.config.shardCount', from: 1, to: 2000 };

  it('are the name that AWS gives the setting, spelled out', () => {
    expect(patchWords([step])).toBe('Set shard count 1 → 2,000');
  });

  it('have the unit behind the value, not in the name', () => {
    const retry = { path: 'nodes.to-search.config.retryDurationSeconds', from: 300, to: 3600 };
    expect(patchWords([retry])).toBe('Set retry duration 300 → 3,600 s');
    expect(patchWords([{ path: 'nodes.a.config.retentionPeriodHours', from: 24, to: 48 }])).toBe(
      'Set retention period 24 → 48 h',
    );
    expect(patchWords([{ path: 'nodes.a.config.maxRecordSizeInKiB', from: 1024, to: 2048 }])).toBe(
      'Set max record size 1,024 → 2,048 KiB',
    );
  });

  it('count the settings where there are several', () => {
    expect(patchWords([step, { ...step, path: 'nodes.clicks.config.retentionPeriodHours' }])).toBe('Change 2 settings');
    expect(patchWords([])).toBe('');
  });

  it('say that nothing was set', () => {
    expect(changeWords({ from: undefined, to: 12 }, 'environments')).toBe('none → 12 environments');
  });
});

describe('the value of a setting in words', () => {
  it('has a grouping and a unit, and all its digits', () => {
    expect(settingText(1_048_576, 'bytes')).toBe('1,048,576 bytes');
    expect(settingText(0.693_147, 'ratio')).toBe('0.693147');
    expect(settingText(5, '1/s')).toBe('5/s');
    expect(settingText(1, 'shards')).toBe('1 shard');
  });

  it('is on or off, the word itself, or JSON', () => {
    expect([settingText(true, ''), settingText('PROVISIONED', ''), settingText([1, 2], 'ms')]).toEqual([
      'on',
      'PROVISIONED',
      '[1,2]',
    ]);
  });
});
