/** Puts measured and simulated series side by side and says how far they are apart. Pure. */
import type { MetricDeclaration } from '#schema/component.ts';
import type { MetricComparison } from '#schema/deployment-measure.ts';
import type { NodeSeries, SeriesData } from '#schema/result.ts';

/**
 * Compares what both have. `declarations`: the metrics of each node. Points of the finer series are brought to the coarser step:
 * counters are added up, others averaged (largest kept for maxima). Points without a measurement are left out on both sides.
 */
export function compareSeries(
  simulated: NodeSeries,
  measured: NodeSeries,
  declarations: (node: string) => readonly MetricDeclaration[],
): MetricComparison[] {
  const rows: MetricComparison[] = [];
  for (const [node, series] of Object.entries(measured)) {
    for (const declaration of declarations(node)) {
      const seen = series.find(({ metric }) => metric === declaration.name);
      const own = simulated[node]?.find(({ metric }) => metric === declaration.name);
      const row = seen && own && compareOne(node, declaration, own, seen);
      if (row !== undefined && row.seconds > 0) rows.push(row);
    }
  }
  return rows;
}

function compareOne(
  node: string,
  declaration: MetricDeclaration,
  simulated: SeriesData,
  measured: SeriesData,
): MetricComparison {
  const step = Math.max(simulated.stepSeconds, measured.stepSeconds);
  const pairs = pairedPoints(declaration, simulated, measured);
  const own = summary(
    pairs.map(([value]) => value),
    declaration,
  );
  const seen = summary(
    pairs.map(([, value]) => value),
    declaration,
  );
  const { name: metric, unit } = declaration;
  // Points hold means and largest values, no percentiles.
  const statistic = declaration.statistic === 'p99' ? 'Average' : declaration.statistic;
  const seconds = pairs.length * step;
  const errorRatio = ratio(seen - own, seen);
  return {
    node,
    metric,
    unit,
    statistic,
    simulated: own,
    measured: seen,
    errorRatio,
    shapeErrorRatio: shape(pairs),
    seconds,
  };
}

/**
 * Points of both over the same times, simulated first; without those that either lacks. The times are whole points of the series
 * with the longer step: a minute that the other covers only in part would be compared with a guess.
 */
export function pairedPoints(
  declaration: MetricDeclaration,
  simulated: SeriesData,
  measured: SeriesData,
): (readonly [number, number])[] {
  return alignedPoints(declaration, simulated, measured).flatMap(({ simulated: own, measured: seen }) =>
    Number.isNaN(own) || Number.isNaN(seen) ? [] : [[own, seen] as const],
  );
}

/** Both over one interval; NaN where one has nothing. */
export interface AlignedPoint {
  readonly fromSecond: number;
  readonly seconds: number;
  readonly simulated: number;
  readonly measured: number;
}

/**
 * Points over the time that both cover, on the grid of the coarser one: a minute of CloudWatch in which the load began holds less
 * than a minute of it, and is left out.
 */
export function alignedPoints(
  declaration: MetricDeclaration,
  simulated: SeriesData,
  measured: SeriesData,
): AlignedPoint[] {
  const coarser = simulated.stepSeconds > measured.stepSeconds ? simulated : measured;
  const step = coarser.stepSeconds;
  const points: AlignedPoint[] = [];
  const begin = Math.max(simulated.startSeconds, measured.startSeconds);
  const from = coarser.startSeconds + Math.ceil((begin - coarser.startSeconds) / step - 1e-9) * step;
  const until = Math.min(endOf(simulated), endOf(measured));
  for (let at = from; at + step <= until + 1e-9; at += step) {
    points.push({
      fromSecond: at,
      seconds: step,
      simulated: valueOver(simulated, at, at + step, declaration),
      measured: valueOver(measured, at, at + step, declaration),
    });
  }
  return points;
}

const endOf = ({ startSeconds, stepSeconds, values }: SeriesData): number => startSeconds + stepSeconds * values.length;

/** The value of a series over [from, until): counters are added up, by the share of a point that lies within. */
function valueOver(series: SeriesData, from: number, until: number, declaration: MetricDeclaration): number {
  const { startSeconds, stepSeconds } = series;
  const first = Math.max(0, Math.floor((from - startSeconds) / stepSeconds));
  const last = Math.min(series.values.length, Math.ceil((until - startSeconds) / stepSeconds));
  const points = series.maxima !== undefined && declaration.statistic === 'Maximum' ? series.maxima : series.values;
  let sum = 0;
  let weight = 0;
  let most = Number.NaN;
  for (let i = first; i < last; i += 1) {
    const begin = startSeconds + i * stepSeconds;
    const share = (Math.min(until, begin + stepSeconds) - Math.max(from, begin)) / stepSeconds;
    const value = points[i] ?? Number.NaN;
    if (share <= 0 || Number.isNaN(value)) continue;
    sum += value * share;
    weight += share;
    most = Number.isNaN(most) ? value : Math.max(most, value);
  }
  if (weight === 0) return Number.NaN;
  if (declaration.series === 'counter') return sum;
  return declaration.statistic === 'Maximum' ? most : sum / weight;
}

function summary(values: readonly number[], { series, statistic }: MetricDeclaration): number {
  if (values.length === 0) return Number.NaN;
  const sum = values.reduce((total, value) => total + value, 0);
  if (series === 'counter') return sum;
  return statistic === 'Maximum' ? Math.max(...values) : sum / values.length;
}

function shape(pairs: readonly (readonly [number, number])[]): number | null {
  if (pairs.length === 0) return null;
  const mean = pairs.reduce((sum, [, seen]) => sum + seen, 0) / pairs.length;
  const squares = pairs.reduce((sum, [own, seen]) => sum + (own - seen) ** 2, 0) / pairs.length;
  return ratio(Math.sqrt(squares), mean);
}

/** Null where the whole is 0, or unknown, and the difference is not 0. */
export function ratio(difference: number, whole: number): number | null {
  if (difference === 0) return 0;
  return whole === 0 || Number.isNaN(whole) ? null : difference / whole;
}
