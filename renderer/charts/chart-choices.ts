/** Which charts the timeline shows: the suggested ones until the user chooses. */
import { useMemo } from 'react';
import { create } from 'zustand';
import { components } from '#catalog/specs.ts';
import {
  type ChartChoice,
  type ChoosableNode,
  choiceName,
  seenMetrics,
  suggestedCharts,
} from '#drawing/chart-choice.ts';
import { chartPoints, chartValue, type PointKind, pointKind, pointUnit } from '#drawing/chart-points.ts';
import { oldSeconds } from '#drawing/node-badges.ts';
import type { TimelineChart } from '#drawing/timeline-option.ts';
import { type MeasuredRun, measuredSeries, useMeasured } from '#renderer/aws/measured.ts';
import { type RunResults, useResults } from '#renderer/runs/run-results.ts';
import { useApp } from '#renderer/state/app-store.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import type { MetricDeclaration } from '#schema/component.ts';
import type { SeriesData } from '#schema/result.ts';
import type { chartColors } from './chart-colors.ts';

interface Choices {
  /** Names; undefined for the suggested ones. */
  readonly chosen: readonly string[] | undefined;
}

export const useChartChoices = create<Choices>(() => ({ chosen: undefined }));

export function chooseCharts(chosen: readonly string[] | undefined): void {
  useChartChoices.setState({ chosen });
}

/** A chart, and what it takes to say its value at the playhead. */
export interface ShownChart extends TimelineChart {
  readonly node: string;
  /** For its heading: with the label of the node, where `name` has its id. */
  readonly title: string;
  readonly maximum: number;
  readonly valueAt: (seconds: number) => number | null;
  /** What was measured then; undefined where this metric was not measured. */
  readonly measuredAt?: ((seconds: number) => number | null) | undefined;
}

/** Points of one chart: a laptop's window is not much wider. */
const MOST_POINTS = 700;

/** Marks of measured points closer than this cannot be told apart. */
const MOST_MEASURED = 160;

export function useShownCharts(colors: ReturnType<typeof chartColors>): readonly ShownChart[] {
  const results = useCharted();
  const selected = useApp(({ selection }) => (selection?.kind === 'node' ? selection.id : undefined));
  const { chosen } = useChartChoices();
  return useMemo(
    () => choicesOf(results, selected, chosen).flatMap((choice) => shownChart(choice, results, colors)),
    [results, selected, chosen, colors],
  );
}

/** What charts are drawn of: the run on screen, what was measured, or both. */
export interface Charted extends RunResults {
  readonly measured: MeasuredRun | undefined;
}

/** Where nothing was simulated, what was measured is of the design on screen. */
export function useCharted(): Charted {
  const results = useResults();
  const measured = useMeasured();
  const present = useDocumentState((state) => state.document);
  const document = results.document ?? (measured === undefined ? undefined : present);
  return useMemo(() => ({ ...results, document, measured }), [results, measured, document]);
}

/** Share of the time that may be spent on choosing anew while a run streams: which charts are worth a look changes slowly. */
const CHOOSING_SHARE = 0.01;

let held:
  | {
      readonly document: RunResults['document'];
      readonly selected: string | undefined;
      readonly chosen: readonly string[] | undefined;
      readonly measured: MeasuredRun | undefined;
      readonly choices: readonly ChartChoice[];
      readonly untilMs: number;
    }
  | undefined;

function choicesOf(
  results: Charted,
  selected: string | undefined,
  chosen: readonly string[] | undefined,
): readonly ChartChoice[] {
  const { document, report, measured } = results;
  const startedMs = performance.now();
  if (
    held !== undefined &&
    held.document === document &&
    held.selected === selected &&
    held.chosen === chosen &&
    held.measured === measured &&
    report === undefined &&
    startedMs < held.untilMs
  )
    return held.choices;
  const nodes = choosableNodes(results);
  const choices =
    chosen === undefined
      ? suggestedCharts(comparedNodes(nodes, measured), selected)
      : allChoices(nodes).filter((one) => chosen.includes(choiceName(one)));
  const endedMs = performance.now();
  held = { document, selected, chosen, measured, choices, untilMs: endedMs + (endedMs - startedMs) / CHOOSING_SHARE };
  return choices;
}

/** With a measured run at hand, what it measured is what is looked at. */
function comparedNodes(nodes: readonly ChoosableNode[], measured: MeasuredRun | undefined): readonly ChoosableNode[] {
  if (measured === undefined) return nodes;
  const compared = nodes.map((node) => {
    const metrics = node.spec.metrics.filter(({ name }) => measuredSeries(measured, node.id, name) !== undefined);
    return { ...node, spec: { ...node.spec, metrics } };
  });
  return compared.some((node) => seenMetrics(node).length > 0) ? compared : nodes;
}

export function choosableNodes(results: Charted): readonly ChoosableNode[] {
  return (results.document?.nodes ?? []).flatMap((node) => choosableNode(node, results));
}

function choosableNode(
  { id, type }: { readonly id: string; readonly type: string },
  { recording, shown, measured }: Charted,
): ChoosableNode[] {
  const spec = components.get(type);
  if (spec === undefined) return [];
  const metrics = shown?.now.result.nodes[id];
  const own = recording?.results[id];
  const result = own === undefined ? metrics : { ...own, metrics: metrics?.metrics ?? own.metrics };
  return [{ id, spec, result: withMeasured(result, measured?.nodes[id]) }];
}

/** What was measured and not simulated, such as a throttle that was not foreseen, is worth a chart too. */
function withMeasured(
  result: ChoosableNode['result'],
  measured: readonly SeriesData[] | undefined,
): ChoosableNode['result'] {
  if (measured === undefined) return result;
  const metrics: Record<string, { readonly max: number }> = { ...result?.metrics };
  for (const { metric, values, maxima } of measured) {
    const max = (maxima ?? values).reduce((most, value) => (value > most ? value : most), metrics[metric]?.max ?? 0);
    metrics[metric] = { ...metrics[metric], max };
  }
  return { series: result?.series ?? [], metrics };
}

export function allChoices(nodes: readonly ChoosableNode[]): readonly ChartChoice[] {
  return nodes.flatMap((node) => seenMetrics(node).map(({ name }) => ({ node: node.id, metric: name })));
}

function shownChart(choice: ChartChoice, results: Charted, colors: ReturnType<typeof chartColors>): ShownChart[] {
  const { shown } = results;
  const own = results.document?.nodes.find(({ id }) => id === choice.node);
  const [node] = own === undefined ? [] : choosableNode(own, results);
  const metric = node?.spec.metrics.find(({ name }) => name === choice.metric);
  const series = node?.result?.series.find((found) => found.metric === choice.metric);
  const seen = measuredSeries(results.measured, choice.node, choice.metric);
  if (metric === undefined || (seen === undefined && (series === undefined || shown === undefined))) return [];
  const kind = pointKind(metric);
  const points = series === undefined ? [] : chartPoints(series, kind, shown?.now.seconds ?? 0, MOST_POINTS);
  const measured =
    seen === undefined
      ? undefined
      : { points: chartPoints(seen, kind, Number.POSITIVE_INFINITY, MOST_MEASURED), color: colors.measured };
  const maximum = [...points, ...(measured?.points ?? [])].reduce((most, [, value]) => Math.max(most, value ?? 0), 0);
  return [
    {
      node: choice.node,
      name: choiceName(choice),
      title: choiceName({ ...choice, node: own === undefined || own.label === '' ? choice.node : own.label }),
      unit: pointUnit(metric),
      points,
      measured,
      maximum,
      color: colorOf(metric, maximum, colors),
      valueAt: (seconds) => (series === undefined ? null : chartValue(series, kind, seconds)),
      measuredAt: seen === undefined ? undefined : (seconds) => valueWithin(seen, kind, seconds),
    },
  ];
}

/** Null outside of what was measured. */
function valueWithin(series: SeriesData, kind: PointKind, seconds: number): number | null {
  const { startSeconds, stepSeconds, values } = series;
  const isWithin = seconds >= startSeconds && seconds < startSeconds + stepSeconds * values.length;
  return isWithin ? chartValue(series, kind, seconds) : null;
}

/** What tells of trouble is drawn in its colour, once there is some. */
function colorOf({ badge, unit }: MetricDeclaration, maximum: number, colors: ReturnType<typeof chartColors>): string {
  if (badge === 'errors') return colors.failing;
  if (badge === 'deadLettered') return colors.near;
  const isOld = badge === 'age' && maximum >= (unit === 'Milliseconds' ? 1000 : 1) * oldSeconds;
  return isOld ? colors.near : colors.calm;
}
