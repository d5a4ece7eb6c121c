/** Numbers as sentences show them. */

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
