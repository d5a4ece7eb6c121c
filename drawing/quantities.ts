/** Numbers as the window and the exports show them: always a unit and a grouping, never more digits than are known. */

/** Shown where nothing was measured. */
export const nothingMeasured = '–';

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Whole numbers in full, with grouping: 1,234,567. */
export function countText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'no limit' : nothingMeasured;
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? GROUPED.format(value) : digits(value);
}

const SI = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** Three significant digits: 1.62k, 16, 0.25. */
export function shortText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'no limit' : nothingMeasured;
  for (const [size, prefix] of SI) {
    if (Math.abs(value) >= size * 0.9995) return `${digits(value / size)}${prefix}`;
  }
  return digits(value);
}

/** The time to which shown rates refer, as the user chose. */
export type RatePeriod = 'second' | 'day';

const PERIODS: Readonly<Record<RatePeriod, { readonly seconds: number; readonly text: string }>> = {
  second: { seconds: 1, text: '/s' },
  day: { seconds: 86_400, text: '/day' },
};

/** A rate: 1.62k/s, or 140M/day; of what has a name 1.62k calls/s. */
export function rateText(perSecond: number, period: RatePeriod = 'second', of?: string): string {
  const { seconds, text } = PERIODS[period];
  return `${shortText(perSecond * seconds)}${of === undefined ? '' : ` ${of}`}${text}`;
}

/** A rate of something that has a unit: 1.9 MiB/s. */
export function unitRateText(perSecond: number, unit: string, period: RatePeriod = 'second'): string {
  const { seconds, text } = PERIODS[period];
  return unit === 'Count' ? rateText(perSecond, period) : `${valueText(perSecond * seconds, unit)}${text}`;
}

const BYTES = [
  [2 ** 40, 'TiB'],
  [2 ** 30, 'GiB'],
  [2 ** 20, 'MiB'],
  [2 ** 10, 'KiB'],
] as const;

/** In powers of 1,024, as AWS counts: 1.9 MiB. */
export function bytesText(bytes: number): string {
  for (const [size, unit] of BYTES) if (Math.abs(bytes) >= size) return `${digits(bytes / size)} ${unit}`;
  return `${countText(Math.round(bytes))} B`;
}

/** A measured time, three significant digits: 412 ms, 1.25 s, 7.5 min. */
export function secondsText(seconds: number): string {
  const size = Math.abs(seconds);
  if (size === 0) return '0 s';
  if (size < 0.9995e-3) return `${digits(seconds * 1e6)} µs`;
  if (size < 0.9995) return `${digits(seconds * 1000)} ms`;
  if (size < 119.95) return `${digits(seconds)} s`;
  if (size < 7199) return `${digits(seconds / 60)} min`;
  return `${digits(seconds / 3600)} h`;
}

/** A length of time that was chosen: 24 h, 1 h 30 min, 45 s. */
export function durationText(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [Math.round((seconds % 60) * 1000) / 1000, 's'],
  ] as const;
  if (seconds === 86_400) return '24 h';
  return (
    parts
      .filter(([amount]) => amount > 0)
      .map(([amount, unit]) => `${amount} ${unit}`)
      .join(' ') || '0 s'
  );
}

/** Cents below 100, whole dollars above; two digits below a cent. */
export function usdText(usd: number): string {
  const size = Math.abs(usd);
  if (size === 0) return '$0';
  const amount =
    size < 0.01 ? String(Number(size.toPrecision(2))) : size < 100 ? size.toFixed(2) : GROUPED.format(size);
  return `${usd < 0 ? '-' : ''}$${amount}`;
}

/** 0.614 -> 61 %. */
export function shareText(ratio: number): string {
  const percent = ratio * 100;
  if (!Number.isFinite(percent)) return nothingMeasured;
  return percent !== 0 && Math.abs(percent) < 10 ? `${digits(percent, 2)} %` : `${Math.round(percent)} %`;
}

/** An amount of what has a name: 4 shards, 1 batch, 1 shard-hour, 2 shard-hours, 1,000 records/s, 2 MiB/s. */
export function countOf(value: number, unit: string): string {
  const bytes = /^(?:bytes|B)(?=$|\/)/.exec(unit);
  if (bytes !== null && Number.isFinite(value)) return `${bytesText(value)}${unit.slice(bytes[0].length)}`;
  return `${countText(value)} ${numbered(unit, value)}`;
}

/** A unit as the amount before it wants it: `batches` for two, `batch` for one; `GB` and `ms` as they are. */
export function numbered(unit: string, value: number): string {
  if (value !== 1) return unit.replace(/(-hour|-month|-second|^notification|^object|^request|^unit)$/, '$1s');
  return unit.replace(/^(\w{3,}?)(?:(?<=ch|sh|x)es|s)(?=$|\/)/, '$1');
}

/** A value in one of the units that metrics and limits use. */
export function valueText(value: number, unit: string, period: RatePeriod = 'second'): string {
  switch (unit) {
    case 'Bytes':
      return bytesText(value);
    case 'Megabytes':
      return bytesText(value * 1_048_576);
    case 'Milliseconds':
      return secondsText(value / 1000);
    case 'Seconds':
    case 's':
      return secondsText(value);
    case 'Percent':
      return shareText(value / 100);
    case 'ratio':
      return shareText(value);
    case 'Count/Second':
      return rateText(value, period);
    case 'USD':
      return usdText(value);
    case 'Count':
    case 'None':
    case '':
      return countText(value);
    default:
      return `${countText(value)} ${unit}`;
  }
}

/** Simulated time as a clock shows it, from the local time at which the run begins; from the second day with its number. */
export function clockText(startsAt: string, seconds: number): string {
  const total = Math.floor(secondsOfDay(startsAt) + seconds);
  const day = Math.floor(total / DAY_SECONDS);
  return dayText(day, total - day * DAY_SECONDS);
}

/** The same for a time at which something ends: midnight is 24:00:00 of the day that is over, not 00:00:00 of the next. */
export function endClockText(startsAt: string, seconds: number): string {
  const total = Math.floor(secondsOfDay(startsAt) + seconds);
  if (total <= 0 || total % DAY_SECONDS !== 0) return clockText(startsAt, seconds);
  return dayText(total / DAY_SECONDS - 1, DAY_SECONDS);
}

/** Where the playhead stands in a run: in one of several days always with the day, and at the end as an end. */
export function playheadText(startsAt: string, seconds: number, horizonSeconds: number): string {
  const text = (seconds >= horizonSeconds ? endClockText : clockText)(startsAt, seconds);
  const hasDays = secondsOfDay(startsAt) + horizonSeconds > DAY_SECONDS;
  return hasDays && !text.startsWith('day') ? `day 1, ${text}` : text;
}

const DAY_SECONDS = 86_400;

function secondsOfDay(startsAt: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = (startsAt.split('T')[1] ?? '').split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

function dayText(day: number, secondsInDay: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(secondsInDay / 60);
  const clock = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(secondsInDay % 60)}`;
  return day === 0 ? clock : `day ${day < 0 ? day : day + 1}, ${clock}`;
}

/** At most that many significant digits, without zeros at the end. */
function digits(value: number, most = 3): string {
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(most));
  return Math.abs(rounded) >= 1000 ? GROUPED.format(rounded) : String(rounded);
}
