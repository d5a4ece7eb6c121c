import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef } from 'react';
import { chartValueText } from '#drawing/timeline-option.ts';
import { usePlayhead } from '#renderer/runs/playhead.ts';
import { useResultsPart } from '#renderer/runs/run-results.ts';
import { isUnderway, select, useApp, useRatePeriod } from '#renderer/state/app-store.ts';
import { useIsDark } from '#renderer/ui/theme.ts';
import { chartColors } from './chart-colors.ts';
import { type ShownChart, useShownCharts } from './chart-choices.ts';
import { chartHeight } from './chart-sizes.ts';

/** Loaded when the first chart is drawn: the window is there before. */
const ChartCanvas = lazy(() => import('./ChartCanvas.tsx').then((module) => ({ default: module.ChartCanvas })));

export function ChartStack({ width }: { readonly width: number }): ReactNode {
  const isDark = useIsDark();
  // Read anew for each theme.
  const colors = useMemo(() => ({ isDark, ...chartColors() }), [isDark]);
  const charts = useShownCharts(colors);
  const hasResults = useResultsPart(({ recording }) => recording !== undefined);
  if (!hasResults || width === 0) return <NoCharts />;
  return (
    <div className="chart-scroll">
      <div className="chart-stack" style={{ width, height: charts.length * chartHeight }}>
        <Suspense fallback={null}>
          <ChartCanvas charts={charts} colors={colors} width={width} />
        </Suspense>
        {charts.map((chart, index) => (
          <ChartTitle key={chart.name} chart={chart} top={index * chartHeight} />
        ))}
      </div>
    </div>
  );
}

function ChartTitle({ chart, top }: { readonly chart: ShownChart; readonly top: number }): ReactNode {
  const period = useRatePeriod();
  return (
    <div className="chart-title" style={{ top }}>
      <b onPointerUp={() => select({ kind: 'node', id: chart.node })}>{chart.name}</b>
      <ChartNow chart={chart} />
      <span>{chartValueText(chart.maximum, chart.unit, period)} max</span>
    </div>
  );
}

const TEXT_MS = 100;

/** The value at the playhead, written without React. */
function ChartNow({ chart }: { readonly chart: ShownChart }): ReactNode {
  const text = useRef<HTMLSpanElement>(null);
  const period = useRatePeriod();
  useEffect(() => {
    let lastMs = Number.NEGATIVE_INFINITY;
    const write = ({ seconds, isPlaying }: { readonly seconds: number; readonly isPlaying: boolean }): void => {
      const nowMs = performance.now();
      if (isPlaying && nowMs - lastMs < TEXT_MS) return;
      lastMs = nowMs;
      const value = chartValueText(chart.valueAt(seconds), chart.unit, period);
      if (text.current !== null) text.current.textContent = `${value} now`;
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
