import { type ReactNode, useEffect, useRef } from 'react';
import { type ChartColors, timelineOption } from '#drawing/timeline-option.ts';
import { useRatePeriod } from '#renderer/state/app-store.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import type { ShownChart } from './chart-choices.ts';
import { chartHeight, titleHeight } from './chart-sizes.ts';
import { initChart } from './echarts.ts';

interface ChartCanvasProps {
  readonly charts: readonly ShownChart[];
  readonly colors: ChartColors;
  readonly width: number;
}

/** One ECharts canvas for all small charts. While a run streams only points change, and only they are set. */
export function ChartCanvas({ charts, colors, width }: ChartCanvasProps): ReactNode {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof initChart>>(undefined);
  const structure = useRef('');
  const startsAt = useDocument(({ account }) => account.startsAt);
  const horizonSeconds = useDocument(({ run }) => run.horizonSeconds);
  const period = useRatePeriod();
  const height = Math.max(1, charts.length) * chartHeight;
  useEffect(() => {
    const own = initChart(element.current, null, { renderer: 'canvas' });
    chart.current = own;
    structure.current = '';
    return () => {
      chart.current = undefined;
      own.dispose();
    };
  }, []);
  useEffect(() => chart.current?.resize({ width, height }), [width, height]);
  useEffect(() => {
    const names = charts.map(({ name, color }) => `${name} ${color}`).join('|');
    const next = `${names}|${startsAt}|${horizonSeconds}|${period}|${JSON.stringify(colors)}`;
    const option = timelineOption({ charts, colors, startsAt, horizonSeconds, period, chartHeight, titleHeight });
    const isSame = next === structure.current;
    structure.current = next;
    chart.current?.setOption(isSame ? { series: option['series'] } : option, { notMerge: !isSame, lazyUpdate: true });
  }, [charts, colors, startsAt, horizonSeconds, period]);
  return (
    <div ref={element} className="chart-canvas" style={{ width, height }} role="img" aria-label={labelOf(charts)} />
  );
}

function labelOf(charts: readonly ShownChart[]): string {
  return `Charts over simulated time: ${charts.map(({ name }) => name).join(', ')}`;
}
