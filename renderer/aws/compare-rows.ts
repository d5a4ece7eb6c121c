/** What was measured beside what was simulated, as rows of a table and as CSV. Pure. */
import { comparePercentiles } from '#analysis/compare-percentiles.ts';
import { alignedPoints, compareSeries } from '#analysis/compare-series.ts';
import { components } from '#catalog/specs.ts';
import { valueText } from '#drawing/quantities.ts';
import type { MetricDeclaration } from '#schema/component.ts';
import type { MeasuredPercentiles, MetricComparison } from '#schema/deployment-measure.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { NodeResult, NodeSeries, SeriesData } from '#schema/result.ts';

export interface CompareRow {
  readonly key: string;
  readonly node: string;
  readonly metric: string;
  readonly unit: string;
  readonly statistic: MetricComparison['statistic'];
  /** Null where there is no simulated run, or it does not cover the time that was measured. */
  readonly simulated: number | null;
  readonly measured: number | null;
  readonly errorRatio: number | null;
  readonly shapeErrorRatio: number | null;
}

type Percentiles = Omit<MeasuredPercentiles, 'samples' | 'periods'>;

/** What was measured, series and percentiles of all samples. */
export interface MeasuredNumbers {
  readonly nodes: NodeSeries;
  readonly percentiles: readonly Percentiles[];
}

/** A run that has ended. */
export interface SimulatedRun {
  readonly nodes: Readonly<Record<string, Pick<NodeResult, 'series' | 'metrics'>>>;
  readonly horizonSeconds: number;
}

/** Each metric once, and each measured time by its percentiles too; the farthest apart first. `simulated` is undefined where nothing was simulated yet. */
export function compareRows(
  document: CaudalDocument,
  simulated: SimulatedRun | undefined,
  { nodes, percentiles }: MeasuredNumbers,
): readonly CompareRow[] {
  const rows = [...seriesRows(document, seriesOf(simulated), nodes), ...percentileRows(simulated, percentiles)];
  return rows.toSorted((a, b) => errorRank(b) - errorRank(a));
}

export function seriesOf(simulated: SimulatedRun | undefined): NodeSeries | undefined {
  return simulated && Object.fromEntries(Object.entries(simulated.nodes).map(([id, { series }]) => [id, series]));
}

/** Both are of all samples: those of the time measured, and those of the whole run. */
function percentileRows(
  simulated: SimulatedRun | undefined,
  percentiles: readonly Percentiles[],
): readonly CompareRow[] {
  const times = { seconds: 0, runSeconds: simulated?.horizonSeconds ?? 0 };
  const compared = comparePercentiles(simulated?.nodes ?? {}, percentiles, times).map((one) => ({
    ...comparedRow(one),
    key: `${one.node} ${one.metric} ${one.statistic}`,
  }));
  const known = new Set(compared.map(({ key }) => key));
  const alone = percentiles.flatMap(({ node, metric, unit, ...seen }) =>
    (['p50', 'p99'] as const).map((statistic) => ({
      key: `${node} ${metric} ${statistic}`,
      node,
      metric,
      unit,
      statistic,
      simulated: null,
      measured: seen[statistic],
      errorRatio: null,
      shapeErrorRatio: null,
    })),
  );
  return [...compared, ...alone.filter(({ key }) => !known.has(key))];
}

function seriesRows(
  document: CaudalDocument,
  simulated: NodeSeries | undefined,
  measured: NodeSeries,
): readonly CompareRow[] {
  const declarations = declarationsOf(document);
  const compared = new Map(
    compareSeries(simulated ?? {}, measured, declarations).map((one) => [`${one.node} ${one.metric}`, one]),
  );
  return Object.entries(measured).flatMap(([node, series]) =>
    declarations(node).flatMap((declaration) => {
      const own = series.find(({ metric }) => metric === declaration.name);
      if (own === undefined) return [];
      const found = compared.get(`${node} ${declaration.name}`);
      return [found === undefined || found.seconds === 0 ? measuredRow(node, declaration, own) : comparedRow(found)];
    }),
  );
}

function declarationsOf(document: CaudalDocument): (node: string) => readonly MetricDeclaration[] {
  const types = new Map(document.nodes.map(({ id, type }) => [id, type]));
  return (node) => components.get(types.get(node) ?? '')?.metrics ?? [];
}

export function declarationOf(document: CaudalDocument, node: string, metric: string): MetricDeclaration | undefined {
  return declarationsOf(document)(node).find(({ name }) => name === metric);
}

function comparedRow(found: MetricComparison): CompareRow {
  const { node, metric, unit, statistic, simulated, measured, errorRatio, shapeErrorRatio } = found;
  return { key: `${node} ${metric}`, node, metric, unit, statistic, simulated, measured, errorRatio, shapeErrorRatio };
}

function measuredRow(node: string, declaration: MetricDeclaration, series: SeriesData): CompareRow {
  const { name: metric, unit } = declaration;
  const own = compareSeries({ [node]: [series] }, { [node]: [series] }, () => [declaration])[0];
  const measured = own === undefined || Number.isNaN(own.measured) ? null : own.measured;
  const statistic = own?.statistic ?? declaration.statistic;
  return {
    key: `${node} ${metric}`,
    node,
    metric,
    unit,
    statistic,
    simulated: null,
    measured,
    errorRatio: null,
    shapeErrorRatio: null,
  };
}

/** Where one is zero and the other is not, they are as far apart as can be; what was not compared comes last. */
function errorRank({ simulated, errorRatio }: CompareRow): number {
  if (simulated === null) return -1;
  return errorRatio === null ? Number.POSITIVE_INFINITY : Math.abs(errorRatio);
}

const STATISTICS: Readonly<Record<MetricComparison['statistic'], string>> = {
  Sum: 'sum',
  Average: 'mean',
  Maximum: 'largest',
  p50: 'p50',
  p99: 'p99',
};

export function statisticWord({ statistic }: Pick<CompareRow, 'statistic'>): string {
  return STATISTICS[statistic];
}

export function amountText(value: number | null, unit: string): string {
  return value === null || Number.isNaN(value) ? '–' : valueText(value, unit);
}

/** `+33 %`: so much more was measured than simulated. */
export function errorText(ratio: number | null): string {
  if (ratio === null) return '–';
  const percent = Math.abs(ratio) * 100;
  const digits = percent < 9.95 ? percent.toFixed(1) : new Intl.NumberFormat('en-US').format(Math.round(percent));
  if (Number(digits.replaceAll(',', '')) === 0) return '0 %';
  return `${ratio > 0 ? '+' : '−'}${digits} %`;
}

export type Compared = Pick<CompareRow, 'simulated' | 'errorRatio'>;

/** How far apart two numbers may be: within 10 % they agree, above 30 % they do not. */
export function errorGrade({ simulated, errorRatio }: Compared): 'agrees' | 'near' | 'far' | undefined {
  if (simulated === null) return undefined;
  if (errorRatio === null) return 'far';
  const size = Math.abs(errorRatio);
  return size <= 0.1 ? 'agrees' : size <= 0.3 ? 'near' : 'far';
}

/** The table; errors as ratios. */
export function rowsCsv(rows: readonly CompareRow[]): string {
  const head = ['node', 'metric', 'unit', 'statistic', 'simulated', 'measured', 'error_ratio', 'shape_error_ratio'];
  return csv([
    head,
    ...rows.map((row) => [
      row.node,
      row.metric,
      row.unit,
      row.statistic,
      row.simulated,
      row.measured,
      row.errorRatio,
      row.shapeErrorRatio,
    ]),
  ]);
}

/** One line for each minute of each metric; a field is empty where there is nothing. */
export function pointsCsv(document: CaudalDocument, simulated: NodeSeries | undefined, measured: NodeSeries): string {
  const lines: (string | number | null)[][] = [
    ['node', 'metric', 'unit', 'second', 'seconds', 'simulated', 'measured'],
  ];
  for (const [node, series] of Object.entries(measured)) {
    for (const seen of series) {
      const declaration = declarationOf(document, node, seen.metric);
      const own = simulated?.[node]?.find(({ metric }) => metric === seen.metric);
      if (declaration === undefined) continue;
      for (const point of alignedPoints(declaration, own ?? seen, seen)) {
        const { fromSecond, seconds } = point;
        const value = own === undefined ? null : point.simulated;
        lines.push([node, seen.metric, seen.unit, fromSecond, seconds, value, point.measured]);
      }
    }
  }
  return csv(lines);
}

function csv(lines: readonly (readonly (string | number | null)[])[]): string {
  return lines.map((line) => `${line.map(fieldText).join(',')}\n`).join('');
}

function fieldText(value: string | number | null): string {
  if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return '';
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
