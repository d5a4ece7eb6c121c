import { describe, expect, it } from 'vitest';
import { components } from '#catalog/specs.ts';
import { localDateTime, quotaIds, quotaLabel, weekdayOf } from '#renderer/inspector/design-values.ts';
import { chain } from '#test/unit/renderer/state/edits/edits-fixture.ts';

describe('the start of a design', () => {
  it('is read as people write it', () => {
    expect(localDateTime('2026-01-05 8:00')).toBe('2026-01-05T08:00:00');
    expect(localDateTime('2026-01-05T08:00:30')).toBe('2026-01-05T08:00:30');
  });

  it('fails for a day or an hour that does not exist', () => {
    for (const text of ['2026-02-30 08:00', '2026-01-05 25:00', '5 January', '', '2026-01-05']) {
      expect(localDateTime(text)).toBeUndefined();
    }
  });

  it('tells its weekday', () => {
    expect(weekdayOf('2026-01-05T00:00:00')).toBe(', a Monday');
    expect(weekdayOf('soon')).toBe('');
  });
});

describe('the quotas of a design', () => {
  it('are those that its components read and those that it sets', () => {
    const document = chain();
    expect(quotaIds(components, document)).toContain('lambda/concurrent-executions');
    const account = { ...document.account, quotas: { 'sqs/other': 1 } };
    expect(quotaIds(components, { ...document, account })).toContain('sqs/other');
    expect(quotaIds(components, { ...document, nodes: [] })).toEqual([]);
  });

  it('have the name of their component', () => {
    expect(quotaLabel(components, 'lambda/concurrent-executions')).toBe('AWS Lambda: concurrent executions');
  });
});
