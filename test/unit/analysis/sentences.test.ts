import { describe, expect, it } from 'vitest';
import { sentence } from '#analysis/sentences.ts';

const messages = {
  'x/lost': ({ records, of }: Readonly<Record<string, string | number>>) => `${records} of ${of} lost`,
};

describe('sentence', () => {
  it('groups numbers and drops digits that say nothing', () => {
    expect(sentence(messages, 'x/lost', { records: 1_143_227, of: 0.123_456 })).toBe('1,143,227 of 0.1235 lost');
  });

  it('puts the reason for which records are lost into words', () => {
    const given = { 'x/lost': ({ reason }: Readonly<Record<string, string | number>>) => `lost: ${reason}` };
    expect(sentence(given, 'x/lost', { reason: 'retries-exhausted' })).toBe('lost: every retry failed');
    expect(sentence(given, 'x/lost', { reason: 'of-some-other-kind' })).toBe('lost: of some other kind');
  });

  it('leaves text as it is', () => {
    expect(sentence(messages, 'x/lost', { records: '1143227', of: 'all' })).toBe('1143227 of all lost');
  });

  it('shows a code that has no sentence with its parameters', () => {
    expect(sentence(messages, 'x/new', { records: 12_000 })).toBe('x/new (records 12,000)');
    expect(sentence(undefined, 'x/new', {})).toBe('x/new');
  });
});
