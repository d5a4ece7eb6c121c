import { type ReactNode, useEffect, useRef } from 'react';
import { type ChartColors, seriesOptions, timelineOption } from '#drawing/timeline-option.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import type { ShownChart } from './chart-choices.ts';
import { chartHeight, titleHeight } from './chart-sizes.ts';
import { initChart } from './echarts.ts';
import { drawNoMore, drawSoon } from './draw-soon.ts';

interface ChartCanvasProps {
  readonly chart: ShownChart;
  readonly colors: ChartColors;
  readonly width: number;
}

interface Drawn {
  readonly chart: ReturnType<typeof initChart>;
  /** Everything but the points. */
  readonly look: string;
  readonly width: number;
}

/** One small chart. While a run streams only points change, and only they are set. */
export function ChartCanvas({ chart, colors, width }: ChartCanvasProps): ReactNode {
  const element = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn>(undefined);
  const horizonSeconds = useDocument(({ run }) => run.horizonSeconds);
  useEffect(
    () => () => {
      drawNoMore(drawn);
      drawn.current?.chart.dispose();
      drawn.current = undefined;
    },
    [],
  );
  useEffect(
    () =>
      drawSoon(drawn, () => {
        const before = drawn.current;
        const size = { width, height: chartHeight };
        const own = before?.chart ?? initChart(element.current, null, { renderer: 'canvas', ...size });
        const look = `${chart.name} ${chart.color} ${chart.measured?.color ?? ''} ${horizonSeconds} ${JSON.stringify(colors)}`;
        if (before !== undefined && before.width !== width) own.resize(size);
        if (before?.look === look) own.setOption({ series: seriesOptions(chart) });
        else own.setOption(timelineOption({ chart, colors, horizonSeconds, chartHeight, titleHeight }), true);
        drawn.current = { chart: own, look, width };
      }),
    [chart, colors, horizonSeconds, width],
  );
  return <div ref={element} className="chart-canvas" role="img" aria-label={`${chart.title} over simulated time`} />;
}
