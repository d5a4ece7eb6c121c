import { lazy, type ReactNode, Suspense, useMemo, useRef } from 'react';
import { type ChartPoint, chartPoints, type PointKind, pointKind, pointUnit } from '#drawing/chart-points.ts';
import type { MeasuredChart } from '#drawing/measured-option.ts';
import { chartColors } from '#renderer/charts/chart-colors.ts';
import { placeName } from '#renderer/runs/place-name.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import { useIsDark } from '#renderer/ui/theme.ts';
import type { NodeSeries, SeriesData } from '#schema/result.ts';
import { type CompareRow, declarationOf } from './compare-rows.ts';
import { LegendKeys } from './MeasuredLegend.tsx';
import { type MeasuredRun, measuredSeries, measuredSpan } from './measured.ts';
import { useSize } from './use-size.ts';

/** Loaded with the first chart. */
const CompareCanvas = lazy(() => import('./CompareCanvas.tsx').then((module) => ({ default: module.CompareCanvas })));

const MOST_POINTS = 600;
/** Marks closer than this cannot be told apart. */
const MOST_MARKS = 120;

interface CompareChartProps {
  readonly row: CompareRow;
  readonly measured: MeasuredRun;
  readonly simulated: NodeSeries | undefined;
}

/** Both curves of one metric over the time that was measured. */
export function CompareChart({ row, measured, simulated }: CompareChartProps): ReactNode {
  const area = useRef<HTMLDivElement>(null);
  const size = useSize(area);
  const isDark = useIsDark();
  // Read anew for each theme.
  const colors = useMemo(() => ({ isDark, ...chartColors() }), [isDark]);
  const document = useDocument((open) => open);
  const declaration = declarationOf(document, row.node, row.metric);
  const [from, until] = measuredSpan(measured) ?? [0, 1];
  const chart = useMemo((): MeasuredChart | undefined => {
    const seen = measuredSeries(measured, row.node, row.metric);
    if (declaration === undefined || seen === undefined) return undefined;
    const kind = pointKind(declaration);
    const own = simulated?.[row.node]?.find(({ metric }) => metric === row.metric);
    return {
      unit: pointUnit(declaration),
      simulated: own === undefined ? [] : pointsBetween(own, kind, from, until),
      measured: chartPoints(seen, kind, Number.POSITIVE_INFINITY, MOST_MARKS),
      simulatedColor: colors.calm,
      measuredColor: colors.measured,
    };
  }, [measured, simulated, row.node, row.metric, declaration, from, until, colors]);
  const title = `${placeName(document, row.node)} · ${row.metric}`;
  return (
    <figure className="compare-chart">
      <figcaption>
        <b>{title}</b>
        <LegendKeys />
      </figcaption>
      <div ref={area} className="compare-canvas">
        {chart !== undefined && size.width > 0 && size.height > 0 && (
          <Suspense fallback={null}>
            <CompareCanvas
              chart={chart}
              colors={colors}
              from={Math.max(0, from)}
              until={until}
              size={size}
              title={title}
            />
          </Suspense>
        )}
      </div>
    </figure>
  );
}

/** As fine as the chart can show of the part that is shown. */
function pointsBetween(series: SeriesData, kind: PointKind, from: number, until: number): readonly ChartPoint[] {
  const { startSeconds, stepSeconds, values, maxima } = series;
  const first = Math.max(0, Math.floor((from - startSeconds) / stepSeconds));
  const last = Math.min(values.length, Math.ceil((until - startSeconds) / stepSeconds));
  const part = {
    ...series,
    startSeconds: startSeconds + first * stepSeconds,
    values: values.subarray(first, last),
    ...(maxima === undefined ? {} : { maxima: maxima.subarray(first, last) }),
  };
  return chartPoints(part, kind, Number.POSITIVE_INFINITY, MOST_POINTS);
}
