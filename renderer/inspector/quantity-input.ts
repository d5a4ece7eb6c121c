/** Numbers as people type them into a field: `10,000`, `10 MiB`, `5 min`, `1 h 30 min`, `20 %`, `1.5k`. */
import { isKeptExactly } from '#analysis/numbers.ts';
import { bytesText, durationText } from '#drawing/quantities.ts';

type Scale = Readonly<Record<string, number>>;

const TIMES: Scale = {
  ms: 0.001,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
  week: 604_800,
  weeks: 604_800,
};

const BYTES: Scale = {
  b: 1,
  byte: 1,
  bytes: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Lambda and Glue write MB and GB for powers of 1,024. */
const BINARY: Scale = { b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30, tb: 2 ** 40 };

const RATES: Scale = { '/s': 1, '/min': 1 / 60, '/h': 1 / 3600, '/day': 1 / 86_400, '/d': 1 / 86_400 };

const BYTE_UNITS = new Set(['b', 'bytes', 'kib', 'mib', 'gib', 'tib']);
const BINARY_UNITS = new Set(['kb', 'mb', 'gb', 'tb']);

/** How many of the field's unit one of each typed unit is; undefined where the field knows its own unit only. */
function scaleOf(unit: string): Scale | undefined {
  const own = unit.toLowerCase();
  if (TIMES[own] !== undefined) return relativeTo(TIMES, own);
  if (BYTE_UNITS.has(own)) return relativeTo(BYTES, own);
  if (BINARY_UNITS.has(own)) return { ...relativeTo(BYTES, own.replace('b', 'ib')), ...relativeTo(BINARY, own) };
  if (own === 'ratio' || own === '%') return own === '%' ? { '%': 1 } : { '%': 0.01 };
  return undefined;
}

function relativeTo(scale: Scale, unit: string): Scale {
  const size = scale[unit] ?? 1;
  return Object.fromEntries(Object.entries(scale).map(([name, amount]) => [name, amount / size]));
}

const SI: Scale = { k: 1e3, K: 1e3, M: 1e6, G: 1e9 };

/** `12`, `-1`, `0.5`, `1e6`, `10,000`: a comma only where it groups thousands. */
const NUMBER = String.raw`[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`;
const WHOLE = new RegExp(`^${NUMBER}$`, 'i');
const PART = new RegExp(String.raw`^(${NUMBER})\s*([^\d\s,.+-][^\s\d,.+-]*)?\s*`, 'i');

/** The number in the unit of the field; undefined where the text is none, or one that a document cannot keep. */
export function numberOfText(text: string, unit: string): number | undefined {
  const trimmed = text.trim();
  if (WHOLE.test(trimmed)) return finite(plain(trimmed));
  const scale = scaleOf(unit);
  let rest = trimmed;
  let sum = 0;
  for (let count = 0; rest !== ''; count += 1) {
    const [whole, number, word] = PART.exec(rest) ?? [];
    const size = word === undefined ? undefined : sizeOf(word, unit, scale);
    if (whole === undefined || number === undefined || size === undefined) return undefined;
    // Only lengths of time are written in several parts.
    if (count > 0 && (scale?.['s'] === undefined || plain(number) < 0)) return undefined;
    sum += rounded(plain(number) * size);
    rest = rest.slice(whole.length);
  }
  return trimmed === '' ? undefined : finite(rounded(sum));
}

function sizeOf(word: string, unit: string, scale: Scale | undefined): number | undefined {
  const lower = word.toLowerCase();
  if (scale !== undefined) return scale[lower] ?? (lower === unit.toLowerCase() ? 1 : undefined);
  if (SI[word] !== undefined) return SI[word];
  if (lower === unit.toLowerCase()) return 1;
  const [thing = '', per] = unit.split('/');
  if (per === undefined) return undefined;
  const [si, rate] = word.startsWith('/') ? ['', word] : splitRate(word);
  const time = rate === undefined ? undefined : RATES[rate];
  const own = RATES[`/${per}`];
  if (time === undefined || own === undefined) return undefined;
  const amount = si === '' || si.toLowerCase() === thing.toLowerCase() ? 1 : SI[si];
  return amount === undefined ? undefined : (amount * time) / own;
}

function splitRate(word: string): readonly [string, string | undefined] {
  const slash = word.indexOf('/');
  return slash < 0 ? [word, undefined] : [word.slice(0, slash), word.slice(slash)];
}

function plain(text: string): number {
  return Number(text.replaceAll(',', ''));
}

function finite(value: number): number | undefined {
  return isKeptExactly(value) ? value : undefined;
}

/** Without the last bits that a multiplication leaves behind: 0.1 min is 6 s. */
function rounded(value: number): number {
  return Number.isSafeInteger(value) ? value : Number(value.toPrecision(15));
}

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 20, maximumSignificantDigits: 21 });

/** In full, with grouping. */
export function textOfNumber(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e15 || size < 1e-6) ? String(value) : GROUPED.format(value);
}

/** The number in a larger unit, where that is easier to grasp: `= 10 MiB`. */
export function readableHint(value: number, unit: string): string | undefined {
  const own = unit.toLowerCase();
  const seconds = TIMES[own];
  if (seconds !== undefined && own !== 'h' && own !== 'hours' && own !== 'days' && own !== 'd') {
    const total = value * seconds;
    const isLarge = own === 'ms' ? value >= 1000 : value > 60;
    return isLarge && Number.isFinite(total) ? durationText(total) : undefined;
  }
  const bytes = BYTE_UNITS.has(own) ? (BYTES[own] ?? 1) : undefined;
  if (bytes !== undefined && value >= 1024) return bytesText(value * bytes);
  return own === 'ratio' && value > 0 && value < 1 ? `${Number((value * 100).toPrecision(6))} %` : undefined;
}

/** How to write a number of this unit, for one who wrote something else. */
export function exampleFor(unit: string): string {
  const own = unit.toLowerCase();
  if (TIMES[own] !== undefined) return 'Write a number, or a time such as 5 min.';
  if (BYTE_UNITS.has(own) || BINARY_UNITS.has(own))
    return `Write a number, or a size such as 10 ${BYTE_UNITS.has(own) ? 'MiB' : 'GB'}.`;
  if (own === 'ratio') return 'Write a number such as 0.25, or 25 %.';
  return 'Write a number such as 250, 2,500 or 2.5k.';
}
