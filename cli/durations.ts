/** Spans of time and counts as the command line takes them. */
import { InputError } from '#schema/errors.ts';

const SECONDS_OF_UNIT: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const DURATION = /^(\d+(\.\d+)?(ms|[smhdw]))+$/;

/** Seconds of `90`, `90s`, `10m`, `24h`, `1h30m`, `7d`. Throws InputError with the name of the option. */
export function parseDuration(text: string, option: string): number {
  const trimmed = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  if (!DURATION.test(trimmed)) {
    const message = 'is not a span of time';
    throw new InputError([
      {
        code: 'cli/not-a-duration',
        path: option,
        message,
        received: text,
        allowed: 'such as 90s, 10m, 24h, 1h30m, 7d',
      },
    ]);
  }
  let seconds = 0;
  for (const [, value, , unit] of trimmed.matchAll(/(\d+(\.\d+)?)(ms|[smhdw])/g)) {
    seconds += Number(value) * (SECONDS_OF_UNIT[unit ?? 's'] ?? 1);
  }
  return seconds;
}

/** A whole number in a range. Throws InputError with the name of the option. */
export function parseCount(text: string, option: string, most: number, least = 1): number {
  const count = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (count >= least && count <= most) return count;
  const message = 'is not a whole number in the allowed range';
  throw new InputError([
    { code: 'cli/not-a-count', path: option, message, received: text, allowed: `from ${least} to ${most}` },
  ]);
}

/** Seconds as `24 h`, `1 h 30 min`, `0.25 s`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`;
  const parts: string[] = [];
  let left = Math.round(seconds);
  for (const [size, unit] of [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ');
}
