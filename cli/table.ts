/** Compact tables of text with aligned columns, and numbers as a reader takes them in. */

/** Rows under a head; columns whose name is in `right` are aligned right. Indented by two spaces. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) => {
      const cells = widths.map((width, column) => {
        const cell = row[column] ?? '';
        return right.includes(head[column] ?? '') ? cell.padStart(width) : cell.padEnd(width);
      });
      return `  ${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}

/** Whole numbers with separators, others with four significant digits. */
export function showNumber(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const rounded = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
  const [whole = '', fraction] = String(rounded).split('.');
  const separated = whole.includes('e') ? whole : whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}

/** A latency with a unit that suits its size. */
export function showSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-';
  if (seconds === 0) return '0 s';
  if (seconds < 0) return `-${showSeconds(-seconds)}`;
  if (seconds < 0.001) return `${Number((seconds * 1e6).toPrecision(3))} us`;
  if (seconds < 1) return `${Number((seconds * 1000).toPrecision(3))} ms`;
  if (seconds < 120) return `${Number(seconds.toPrecision(3))} s`;
  if (seconds < 7200) return `${Number((seconds / 60).toPrecision(3))} min`;
  return `${Number((seconds / 3600).toPrecision(3))} h`;
}

/** 2 servers, 1 server. */
function unitFor(value: number, unit: string): string {
  return value === 1 ? unit.replace(/^([a-z]{3,}?)(?:(?<=ch|sh|x)es|s)$/, '$1') : unit;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Bytes in the binary unit that suits them, three digits. */
export function showBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '-';
  let value = bytes;
  let step = 0;
  while (Math.abs(value) >= 1023.5 && step < BYTE_UNITS.length - 1) {
    value /= 1024;
    step += 1;
  }
  return `${showNumber(Number(value.toPrecision(value >= 1000 ? 4 : 3)))} ${BYTE_UNITS[step]}`;
}

/** A number with its unit, as the reader takes it in: 1.5 MiB, 380 ms, 46 %, 1,000 records/s. */
export function showAmount(value: number, unit: string): string {
  switch (unit) {
    case 'Megabytes':
      return showBytes(value * 1_048_576);
    case 'Milliseconds':
      return showSeconds(value / 1000);
    case 'Seconds':
    case 's':
      return showSeconds(value);
    case 'Percent':
      return showPercent(value / 100);
    case 'ratio':
      return showPercent(value);
    case 'USD':
      return `${showUsd(value)} USD`;
    case 'Count':
    case 'None':
    case '':
      return showNumber(value);
    case 'Count/Second':
      return `${showNumber(value)}/s`;
    default:
      return /^bytes\b/i.test(unit)
        ? showBytes(value) + unit.slice('bytes'.length)
        : `${showNumber(value)} ${unitFor(value, unit)}`;
  }
}

/** Decimals that US dollars are shown with at most. */
const MOST_USD_DECIMALS = 6;

/** `592 ± 24 ms`: a mean and half its interval in one unit, with no digit that the interval makes idle. */
export function showInterval(mean: number, halfWidth: number | null, unit: string): string {
  if (halfWidth === null || halfWidth === 0) return showAmount(mean, unit);
  const { factor, name } = scaleOf(Math.abs(mean), unit);
  const half = halfWidth * factor;
  const wanted = 1 - Math.floor(Math.log10(half));
  const decimals = Math.max(0, Math.min(MOST_USD_DECIMALS, unit === 'USD' ? Math.max(2, wanted) : wanted));
  return `${separated((mean * factor).toFixed(decimals))} ± ${separated(half.toFixed(decimals))}${name}`;
}

function scaleOf(size: number, unit: string): { factor: number; name: string } {
  if (unit === 'ratio') return { factor: 100, name: ' %' };
  if (unit === 'Percent') return { factor: 1, name: ' %' };
  if (unit === 'USD' || unit === 'Count' || unit === '') return { factor: 1, name: '' };
  if (unit !== 's') return { factor: 1, name: ` ${unit}` };
  if (size < 1) return { factor: 1000, name: ' ms' };
  if (size < 120) return { factor: 1, name: ' s' };
  return size < 7200 ? { factor: 1 / 60, name: ' min' } : { factor: 1 / 3600, name: ' h' };
}

function separated(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `shardHours` as `shard hours`, `send-attempts-exhausted` as `send attempts exhausted`: names of fields as words. */
export function showWords(name: string): string {
  return name
    .replace(/-/g, ' ')
    .replace(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
}

/** US dollars: cents from one dollar on, four digits below. */
export function showUsd(usd: number): string {
  if (usd === 0) return '0.00';
  if (usd < 0) return `-${showUsd(-usd)}`;
  if (usd >= 1) return usd.toFixed(2).replace(/\B(?=(\d{3})+(?!\d)\.)/g, ',');
  return usd >= 0.0001 ? usd.toFixed(4) : '< 0.0001';
}

/** A ratio in percent. */
export function showPercent(ratio: number): string {
  const percent = ratio * 100;
  return `${Math.abs(percent) >= 10 || percent === 0 ? showNumber(Math.round(percent)) : Number(percent.toPrecision(2))} %`;
}
