/** Which numbers a document may hold, and how sentences show them. */

/** Largest magnitude of a number in a document: integers are exact up to here. */
export const largestNumber = Number.MAX_SAFE_INTEGER;

/** False for what a document cannot hold: infinite, or too large to be told from its neighbours. */
export function isKeptExactly(value: number): boolean {
  return Math.abs(value) <= largestNumber;
}

/** Four significant digits, thousands separated: 1,234,568, 0.03142. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'unknown' : value > 0 ? 'without end' : 'minus without end';
  const size = Math.abs(value);
  if (size >= 1000 || Number.isInteger(value)) return separated(Math.round(value));
  return String(Number(value.toPrecision(4)));
}

/** 0.614 -> 61 %. */
export function percentText(ratio: number): string {
  const percent = ratio * 100;
  return `${percent > 0 && percent < 1 ? Number(percent.toPrecision(2)) : Math.round(percent)} %`;
}

const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Bytes in the binary unit that suits them: 600 bytes, 1.5 MiB. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let step = 0;
  while (Math.abs(value) >= 1024 && step < BYTE_UNITS.length - 1) {
    value /= 1024;
    step += 1;
  }
  return `${numberText(step === 0 ? value : Number(value.toPrecision(3)))} ${BYTE_UNITS[step]}`;
}

/** An amount with its unit: 1,000 records/s, 2 MiB/s. */
export function amountText(value: number, unit: string): string {
  if (/^bytes\b/i.test(unit)) return bytesText(value) + unit.slice('bytes'.length);
  return `${numberText(value)} ${unitFor(value, unit)}`.trim();
}

/** The unit of an amount: 2 servers, 1 server, 1 batch. */
export function unitFor(value: number, unit: string): string {
  return value === 1 && /^[a-z]{2,}s$/.test(unit) ? unit.replace(/(?<=ch|sh|x)es$|s$/, '') : unit;
}

function separated(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
