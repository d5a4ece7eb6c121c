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

function separated(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
