import { describe, expect, it } from 'vitest';
import { calendarOf, clockText, endClockText, isTimeZone } from '#analysis/calendar.ts';

describe('calendarOf', () => {
  it('finds the day of the week and the second of the day', () => {
    // 5 January 2026 is a Monday, 1 March 2026 a Sunday, 29 February 2028 a Tuesday.
    expect(calendarOf({ startsAt: '2026-01-05T00:00:00' })).toEqual({ startDayOfWeek: 0, startSecondsOfDay: 0 });
    expect(calendarOf({ startsAt: '2026-03-01T13:30:05' })).toEqual({ startDayOfWeek: 6, startSecondsOfDay: 48_605 });
    expect(calendarOf({ startsAt: '2028-02-29T23:59' })).toEqual({ startDayOfWeek: 1, startSecondsOfDay: 86_340 });
    expect(calendarOf({ startsAt: '1969-12-31T00:00:00' }).startDayOfWeek).toBe(2);
  });
});

describe('clockText', () => {
  it('shows the time of day, and the day where it is not the first', () => {
    const account = { startsAt: '2026-01-05T12:00:00' };
    expect(clockText(account, 250.9)).toBe('12:04:10');
    expect(clockText(account, 43_200)).toBe('day 2 00:00:00');
    expect(clockText(account, -43_201)).toBe('day 0 23:59:59');
  });

  it('ends a day at 24:00:00', () => {
    const account = { startsAt: '2026-01-05T12:00:00' };
    expect(endClockText(account, 43_200)).toBe('24:00:00');
    expect(endClockText(account, 129_600)).toBe('day 2 24:00:00');
    expect(endClockText(account, 43_201)).toBe('day 2 00:00:01');
    expect(endClockText({ startsAt: '2026-01-05T00:00:00' }, 0)).toBe('00:00:00');
  });
});

describe('isTimeZone', () => {
  it('knows names of zones and no others', () => {
    expect(['UTC', 'Europe/Madrid', 'Mars/Base', ''].map(isTimeZone)).toEqual([true, true, false, false]);
  });
});
