/** Where simulated time zero stands in the local calendar, and simulated times as a clock shows them. */
import type { CalendarStart } from '#engine/workload/profile.ts';
import type { Account } from '#schema/document.ts';

const DAY_SECONDS = 86_400;
const DAY_MS = 1000 * DAY_SECONDS;

/** Milliseconds of the local calendar time of time zero, as if the calendar were UTC's: no clock change falls into a run. */
function localMs(startsAt: string): number {
  const text = startsAt.endsWith('Z') ? startsAt : `${startsAt}Z`;
  return Date.parse(/T\d\d:\d\dZ$/.test(text) ? text.replace('Z', ':00Z') : text);
}

export function calendarOf(account: Pick<Account, 'startsAt'>): CalendarStart {
  const ms = localMs(account.startsAt);
  const days = Math.floor(ms / DAY_MS);
  return {
    startSecondsOfDay: (ms - days * DAY_MS) / 1000,
    // Day 0 of the epoch was a Thursday; 0 is Monday here.
    startDayOfWeek: (((days + 3) % 7) + 7) % 7,
  };
}

/** True for a time zone that this machine's calendar knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * A simulated time as the local clock shows it: `12:04:10`, from the second calendar day on `day 2 12:04:10`, during the
 * pre-roll of a run that starts at midnight `day 0 23:30:00`.
 */
export function clockText(account: Pick<Account, 'startsAt'>, tSeconds: number): string {
  const whole = Math.floor(calendarOf(account).startSecondsOfDay + tSeconds);
  const day = Math.floor(whole / DAY_SECONDS);
  return dayText(day, whole - day * DAY_SECONDS);
}

/** The same for a time at which something ends: midnight is `24:00:00` of the day that is over. */
export function endClockText(account: Pick<Account, 'startsAt'>, tSeconds: number): string {
  const whole = Math.floor(calendarOf(account).startSecondsOfDay + tSeconds);
  if (whole <= 0 || whole % DAY_SECONDS !== 0) return clockText(account, tSeconds);
  return dayText(whole / DAY_SECONDS - 1, DAY_SECONDS);
}

function dayText(day: number, seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return day === 0 ? time : `day ${day + 1} ${time}`;
}
