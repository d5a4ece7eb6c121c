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
  if (seconds < 0.001) return `${Number((seconds * 1e6).toPrecision(3))} us`;
  if (seconds < 1) return `${Number((seconds * 1000).toPrecision(3))} ms`;
  if (seconds < 120) return `${Number(seconds.toPrecision(3))} s`;
  if (seconds < 7200) return `${Number((seconds / 60).toPrecision(3))} min`;
  return `${Number((seconds / 3600).toPrecision(3))} h`;
}

/** US dollars: cents from one dollar on, four digits below. */
export function showUsd(usd: number): string {
  if (usd === 0) return '0.00';
  if (usd >= 1) return usd.toFixed(2).replace(/\B(?=(\d{3})+(?!\d)\.)/g, ',');
  return usd >= 0.0001 ? usd.toFixed(4) : '< 0.0001';
}

/** A ratio in percent. */
export function showPercent(ratio: number): string {
  const percent = ratio * 100;
  return `${percent >= 10 || percent === 0 ? Math.round(percent) : Number(percent.toPrecision(2))} %`;
}
