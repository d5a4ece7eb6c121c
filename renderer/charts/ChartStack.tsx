import { lazy, type ReactNode, type RefObject, Suspense, useEffect, useMemo, useRef } from 'react';
import { chartValueText } from '#drawing/timeline-option.ts';
import { useMeasured } from '#renderer/aws/measured.ts';
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
  const hasMeasured = useMeasured() !== undefined;
  if ((!hasResults && !hasMeasured) || width === 0) return <NoCharts />;
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

interface ChartTitleProps {
  readonly chart: ShownChart;
}

function ChartTitle({ chart }: ChartTitleProps): ReactNode {
  const period = useRatePeriod();
  return (
    <div className="chart-title">
      <b onPointerUp={() => select({ kind: 'node', id: chart.node })}>{chart.title}</b>
      <ChartNow chart={chart} />
      {chart.measuredAt !== undefined && <MeasuredNow chart={chart} measuredAt={chart.measuredAt} />}
      <span>{chartValueText(chart.maximum, chart.unit, period)} max</span>
    </div>
  );
}

function ChartNow({ chart }: ChartTitleProps): ReactNode {
  const period = useRatePeriod();
  const text = usePlayheadText((seconds) => `${chartValueText(chart.valueAt(seconds), chart.unit, period)} now`);
  // Nothing was simulated.
  return chart.points.length === 0 ? null : <span ref={text} className="chart-now" />;
}

function MeasuredNow({ chart, measuredAt }: ChartTitleProps & Required<Pick<ShownChart, 'measuredAt'>>): ReactNode {
  const period = useRatePeriod();
  const text = usePlayheadText((seconds) => {
    const value = measuredAt?.(seconds) ?? null;
    return value === null ? 'not measured then' : `${chartValueText(value, chart.unit, period)} measured`;
  });
  return <span ref={text} className="chart-now chart-measured" />;
}

/** Words about the moment at the playhead, written without React. */
function usePlayheadText(words: (seconds: number) => string): RefObject<HTMLSpanElement | null> {
  const text = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let last = Number.NaN;
    const write = ({ readSeconds }: { readonly readSeconds: number }): void => {
      if (readSeconds === last || text.current === null) return;
      last = readSeconds;
      const next = words(readSeconds);
      if (text.current.textContent !== next) text.current.textContent = next;
    };
    write(usePlayhead.getState());
    return usePlayhead.subscribe(write);
  }, [words]);
  return text;
}

function NoCharts(): ReactNode {
  const phase = useApp((state) => state.run.phase);
  const words = isUnderway(phase)
    ? 'Simulating: charts come with the first results.'
    : 'Press Run to simulate this design. Faults can be placed before.';
  return <p className="timeline-empty">{words}</p>;
}
