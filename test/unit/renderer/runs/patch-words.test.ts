import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changeWords, patchWords, settingText } from '#renderer/runs/patch-words.ts';
import type { PatchStep } from '#schema/component.ts';
import { openDocument } from '#test/harness/scenario.ts';

const document = openDocument(JSON.parse(readFileSync('scenarios/real-time-80m/scenario.caudal.json', 'utf8')));

describe('the words of a change', () => {
  const step = { path: 'nodes.logs.config.shardCount', from: 1, to: 2000 };
  const retention = { path: 'nodes.logs.config.retentionPeriodHours', from: 24, to: 48 };
  const words = (...patch: PatchStep[]): string => patchWords(document, patch);

  it('are the title of the setting, whose unit is not said twice', () => {
    expect(words(step)).toBe('Set shards 1 → 2,000');
  });

  it('have the unit behind the value, not in the name', () => {
    expect(words(retention)).toBe('Set retention 24 → 48 h');
    expect(words({ path: 'nodes.search.config.volumeSizeGiB', from: 10, to: 20 })).toMatch(/^Set [a-z ]+ 10 → 20 GiB$/);
    expect(words({ path: 'nodes.index-delivery.config.retryDurationSeconds', from: 300, to: 3600 })).toMatch(
      /^Set [a-z ]+ 300 → 3,600 s$/,
    );
  });

  it('count the settings where there are several', () => {
    expect(words(step, retention)).toBe('Change 2 settings');
    expect(words()).toBe('');
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
