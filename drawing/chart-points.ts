/** A series as the points of a chart: no more than its width can show, counters as rates. */
import type { MetricDeclaration } from '#schema/component.ts';
import type { SeriesData } from '#schema/result.ts';

/** Simulated seconds and value; `null` where nothing was observed. */
export type ChartPoint = readonly [seconds: number, value: number | null];

/** How points that share one place on the chart become one, and what a value means. */
export type PointKind = 'rate' | 'mean' | 'maximum';

export function pointKind({ series, statistic }: Pick<MetricDeclaration, 'series' | 'statistic'>): PointKind {
  if (series === 'counter') return 'rate';
  return statistic === 'Maximum' || statistic === 'p99' ? 'maximum' : 'mean';
}

/** The unit in which a chart shows a metric: counts become counts a second. */
export function pointUnit({ series, unit }: Pick<MetricDeclaration, 'series' | 'unit'>): string {
  if (series !== 'counter') return unit;
  return unit === 'Count' ? 'Count/Second' : `${unit}/Second`;
}

/** At most `most` points over what there is of the series. A last point that is not over at `untilSeconds` is left out. */
export function chartPoints(series: SeriesData, kind: PointKind, untilSeconds: number, most: number): ChartPoint[] {
  const { startSeconds, stepSeconds } = series;
  const column = kind === 'maximum' ? (series.maxima ?? series.values) : series.values;
  const whole = Math.min(column.length, Math.floor((untilSeconds - startSeconds) / stepSeconds + 1e-9));
  const each = Math.max(1, Math.ceil(whole / most));
  const points: ChartPoint[] = [];
  for (let from = 0; from < whole; from += each) {
    const to = Math.min(whole, from + each);
    const value = merged(column, from, to, kind === 'maximum');
    const middle = startSeconds + ((from + to) / 2) * stepSeconds;
    points.push([middle, value === null || kind !== 'rate' ? value : value / stepSeconds]);
  }
  return points;
}

/** Value of a series at a moment as its chart shows it. */
export function chartValue(series: SeriesData, kind: PointKind, seconds: number): number | null {
  const column = kind === 'maximum' ? (series.maxima ?? series.values) : series.values;
  if (column.length === 0) return null;
  const at = Math.floor((seconds - series.startSeconds) / series.stepSeconds);
  const value = column[Math.max(0, Math.min(column.length - 1, at))];
  if (value === undefined || !Number.isFinite(value)) return null;
  return kind === 'rate' ? value / series.stepSeconds : value;
}

/** Mean or largest of the points that were observed. */
function merged(column: Float64Array, from: number, to: number, isMaximum: boolean): number | null {
  let count = 0;
  let sum = 0;
  let largest = Number.NEGATIVE_INFINITY;
  for (let at = from; at < to; at += 1) {
    const value = column[at] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    count += 1;
    sum += value;
    if (value > largest) largest = value;
  }
  if (count === 0) return null;
  return isMaximum ? largest : sum / count;
}
