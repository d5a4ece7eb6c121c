import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { ChartPoint } from '#drawing/chart-points.ts';
import { type MeasuredChart, measuredChartMargins, measuredOption } from '#drawing/measured-option.ts';
import { clockText } from '#drawing/quantities.ts';
import { type ChartColors, chartValueText } from '#drawing/timeline-option.ts';
import { initChart } from '#renderer/charts/echarts.ts';
import { useRatePeriod } from '#renderer/state/app-store.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import type { Size } from './use-size.ts';

interface CompareCanvasProps {
  readonly chart: MeasuredChart;
  readonly colors: ChartColors;
  /** Simulated seconds. */
  readonly from: number;
  readonly until: number;
  readonly size: Size;
  readonly title: string;
}

/** The drawing of the two curves, and their values under the pointer. */
export function CompareCanvas({ chart, colors, from, until, size, title }: CompareCanvasProps): ReactNode {
  const element = useRef<HTMLDivElement>(null);
  const drawn = useRef<ReturnType<typeof initChart>>(undefined);
  const startsAt = useDocument(({ account }) => account.startsAt);
  const period = useRatePeriod();
  const [pointed, setPointed] = useState<number>();
  useEffect(
    () => () => {
      drawn.current?.dispose();
      drawn.current = undefined;
    },
    [],
  );
  useEffect(() => {
    if (element.current === null) return;
    const own = drawn.current ?? initChart(element.current, null, { renderer: 'canvas', ...size });
    drawn.current = own;
    own.resize(size);
    own.setOption(
      measuredOption({ chart, colors, startsAt, fromSecond: from, untilSecond: until, width: size.width, period }),
      true,
    );
  }, [chart, colors, startsAt, from, until, size, period]);
  const plot = size.width - measuredChartMargins.left - measuredChartMargins.right;
  const follow = (event: PointerEvent<HTMLDivElement>): void => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - measuredChartMargins.left;
    setPointed(x < 0 || x > plot ? undefined : from + (x / plot) * (until - from));
  };
  return (
    <div className="compare-drawing" onPointerMove={follow} onPointerLeave={() => setPointed(undefined)}>
      <div
        ref={element}
        role="img"
        aria-label={`${title}, simulated and measured, over simulated time`}
        data-simulated={chart.simulated.length}
        data-measured={chart.measured.length}
      />
      {pointed !== undefined && (
        <>
          <div
            className="compare-line"
            style={{ left: measuredChartMargins.left + ((pointed - from) / (until - from)) * plot }}
          />
          <div className="compare-readout">
            <b>{clockText(startsAt, pointed)}</b> simulated {textAt(chart.simulated, pointed)} · measured{' '}
            {textAt(chart.measured, pointed)}
          </div>
        </>
      )}
    </div>
  );

  function textAt(points: readonly ChartPoint[], seconds: number): string {
    const value = nearest(points, seconds);
    return value === undefined ? 'nothing' : chartValueText(value, chart.unit, period);
  }
}

/** Value of the point that stands for the moment; undefined where none does. */
function nearest(points: readonly ChartPoint[], seconds: number): number | null | undefined {
  const [first, second] = points;
  if (first === undefined) return undefined;
  const step = second === undefined ? Number.POSITIVE_INFINITY : second[0] - first[0];
  const index = second === undefined ? 0 : Math.round((seconds - first[0]) / step);
  const point = points[index];
  return point !== undefined && Math.abs(point[0] - seconds) <= step ? point[1] : undefined;
}
