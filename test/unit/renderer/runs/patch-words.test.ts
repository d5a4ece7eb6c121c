import { describe, expect, it } from 'vitest';
import { changeWords, patchWords, settingText } from '#renderer/runs/patch-words.ts';

describe('the words of a change', () => {
  const step = { path: 'nodes.clicks.config.shardCount', from: 1, to: 2000 };

  it('are the name that AWS gives the setting, spelled out', () => {
    expect(patchWords([step])).toBe('Set shard count 1 → 2,000');
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
