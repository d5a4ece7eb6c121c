import { describe, expect, it } from 'vitest';
import { expiryText } from '#renderer/aws/times.ts';

describe('the time until a deployment deletes itself', () => {
  const nowMs = Date.parse('2026-11-21T12:00:00Z');

  it('is said in minutes, and of long times in hours', () => {
    expect(expiryText('2026-11-21T19:59:59Z', nowMs)).toBe('expires in 7 h 59 min');
    expect(expiryText('2026-11-21T12:05:00Z', nowMs)).toBe('expires in 5 min');
    expect(expiryText('2026-11-24T13:59:00Z', nowMs)).toBe('expires in 3 d 1 h');
  });

  it('is over, or never comes', () => {
    expect(expiryText('2026-11-21T12:00:20Z', nowMs)).toBe('expires now');
    expect(expiryText('2026-11-21T11:00:00Z', nowMs)).toBe('expires now');
    expect(expiryText(undefined, nowMs)).toBe('never expires');
  });
});
