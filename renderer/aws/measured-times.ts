/** Which minutes of CloudWatch are read: those of the last drive, the last so many, or between two moments. */
import type { LastDrive } from './last-drive.ts';

export interface TimeChoice {
  readonly kind: 'drive' | 'last' | 'between';
  /** For `last`: seconds before now. */
  readonly seconds: number;
  /** For `between`, local time as `2026-11-21 20:31`; `until` empty for now. */
  readonly since: string;
  readonly until: string;
}

export interface MeasuredTimes {
  readonly since: Date;
  readonly until: Date;
}

export const firstTimeChoice: TimeChoice = { kind: 'drive', seconds: 1800, since: '', until: '' };

/** Metrics of AWS have a point each minute. */
const MINUTE_MS = 60_000;
const MOMENT = /^(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/** The times, or why there are none. `drive`: the last one, where there is one. */
export function timesOf(
  choice: TimeChoice,
  drive: LastDrive | undefined,
  nowMs: number,
): MeasuredTimes | { readonly fault: string } {
  if (choice.kind === 'drive') {
    if (drive === undefined) return { fault: 'Nothing is known of a drive of this stack: choose other times.' };
    return timesOfDrive(drive, nowMs);
  }
  if (choice.kind === 'last') return { since: new Date(nowMs - choice.seconds * 1000), until: new Date(nowMs) };
  const since = momentOf(choice.since);
  const until = choice.until.trim() === '' ? new Date(nowMs) : momentOf(choice.until);
  if (since === undefined || until === undefined) return { fault: 'Write a time such as 2026-11-21 20:31.' };
  if (since >= until) return { fault: 'The end must be after the begin.' };
  return { since, until };
}

/** The minutes that are full of load; where it was shorter than one, the minutes that it touched. */
function timesOfDrive({ startedAt, wallSeconds }: LastDrive, nowMs: number): MeasuredTimes {
  const since = new Date(startedAt);
  const endMs = since.getTime() + wallSeconds * 1000;
  const lastFullMs = Math.floor(endMs / MINUTE_MS) * MINUTE_MS;
  const untilMs = hasFullMinute(since.getTime(), endMs) ? lastFullMs : Math.ceil(endMs / MINUTE_MS) * MINUTE_MS;
  return { since, until: new Date(Math.max(Math.min(untilMs, nowMs), since.getTime() + 1000)) };
}

function hasFullMinute(startMs: number, endMs: number): boolean {
  return Math.floor(endMs / MINUTE_MS) > Math.ceil(startMs / MINUTE_MS);
}

/** What stands in the way of comparing a drive minute by minute; undefined where nothing does. */
export function driveWarning(drive: LastDrive): string | undefined {
  if (drive.speed !== 1) {
    return `The load was sent ${drive.speed} times as fast as it is simulated, so the curves are not of the same load: drive at speed 1 to compare.`;
  }
  const startMs = Date.parse(drive.startedAt);
  if (hasFullMinute(startMs, startMs + drive.wallSeconds * 1000)) return undefined;
  return 'CloudWatch counts by the minute, and this drive filled no minute: drive for at least 3 minutes to compare.';
}

/** Local time. */
export function momentOf(text: string): Date | undefined {
  const [, ...parts] = MOMENT.exec(text.trim()) ?? [];
  if (parts.length === 0) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  const moment = new Date(year, month - 1, day, hour, minute, second);
  const isReal = moment.getMonth() === month - 1 && moment.getDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? moment : undefined;
}

/** Local time of day, with the date where it is another day than `nowMs`: `20:31`, `2026-11-20 20:31`. */
export function shortMoment(iso: string, nowMs: number): string {
  const moment = new Date(iso);
  const time = `${two(moment.getHours())}:${two(moment.getMinutes())}`;
  return new Date(nowMs).toDateString() === moment.toDateString() ? time : `${dateText(moment)} ${time}`;
}

/** As it is typed: `2026-11-21 20:31`. */
export function typedMoment(moment: Date): string {
  return `${dateText(moment)} ${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

function dateText(moment: Date): string {
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
