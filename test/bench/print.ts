/** Tables as they are pasted into docs/performance.md. */
import { cpus, loadavg } from 'node:os';

export function heading(text: string): void {
  console.log(`\n## ${text}\n`);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  console.log([line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n'));
}

/** Three significant digits, thousands in groups. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return value >= 1000
    ? Math.round(Number(value.toPrecision(3))).toLocaleString('en-US')
    : String(Number(value.toPrecision(3)));
}

export function mebibytes(bytes: number): string {
  return `${number(bytes / 1_048_576)} MiB`;
}

/** What the figures were taken on, and how busy it was. */
export function machine(): string {
  const [processor] = cpus();
  return `${cpus().length} x ${processor?.model.trim() ?? 'unknown'}, Node ${process.version}, ${process.platform}`;
}

export function load(): string {
  return `load average ${loadavg()
    .map((value) => value.toFixed(1))
    .join(' ')} on ${cpus().length} cores`;
}
