import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef } from 'react';
import { chartValueText } from '#drawing/timeline-option.ts';
import { usePlayhead } from '#renderer/runs/playhead.ts';
import { useResultsPart } from '#renderer/runs/run-results.ts';
import { isUnderway, select, useApp, useRatePeriod } from '#renderer/state/app-store.ts';
import { useIsDark } from '#renderer/ui/theme.ts';
import { chartColors } from './chart-colors.ts';
import { type ShownChart, useShownCharts } from './chart-choices.ts';
import { ChartHover } from './ChartHover.tsx';
import { chartHeight } from './chart-sizes.ts';

/** Loaded when the first chart is drawn: the window is there before. */
const ChartCanvas = lazy(() => import('./ChartCanvas.tsx').then((module) => ({ default: module.ChartCanvas })));

export function ChartStack({ width }: { readonly width: number }): ReactNode {
  const stack = useRef<HTMLDivElement>(null);
  const isDark = useIsDark();
  // Read anew for each theme.
  const colors = useMemo(() => ({ isDark, ...chartColors() }), [isDark]);
  const charts = useShownCharts(colors);
  const hasResults = useResultsPart(({ recording }) => recording !== undefined);
  if (!hasResults || width === 0) return <NoCharts />;
  return (
    <div ref={stack} className="chart-area">
      <div className="chart-scroll">
        <div className="chart-stack" style={{ width }}>
          {charts.map((chart) => (
            <div key={chart.name} className="chart" style={{ height: chartHeight }}>
              <Suspense fallback={null}>
                <ChartCanvas chart={chart} colors={colors} width={width} />
              </Suspense>
              <ChartTitle chart={chart} />
            </div>
          ))}
        </div>
      </div>
      <ChartHover area={stack} charts={charts} width={width} />
    </div>
  );
}

function ChartTitle({ chart }: { readonly chart: ShownChart }): ReactNode {
  const period = useRatePeriod();
  return (
    <div className="chart-title">
      <b onPointerUp={() => select({ kind: 'node', id: chart.node })}>{chart.title}</b>
      <ChartNow chart={chart} />
      <span>{chartValueText(chart.maximum, chart.unit, period)} max</span>
    </div>
  );
}

/** The value at the playhead, written without React. */
function ChartNow({ chart }: { readonly chart: ShownChart }): ReactNode {
  const text = useRef<HTMLSpanElement>(null);
  const period = useRatePeriod();
  useEffect(() => {
    let last = Number.NaN;
    const write = ({ readSeconds }: { readonly readSeconds: number }): void => {
      if (readSeconds === last || text.current === null) return;
      last = readSeconds;
      const words = `${chartValueText(chart.valueAt(readSeconds), chart.unit, period)} now`;
      if (text.current.textContent !== words) text.current.textContent = words;
    };
    write(usePlayhead.getState());
    return usePlayhead.subscribe(write);
  }, [chart, period]);
  return <span ref={text} className="chart-now" />;
}

function NoCharts(): ReactNode {
  const phase = useApp((state) => state.run.phase);
  const words = isUnderway(phase)
    ? 'Simulating: charts come with the first results.'
    : 'Press Run to simulate this design. Faults can be placed before.';
  return <p className="timeline-empty">{words}</p>;
}
