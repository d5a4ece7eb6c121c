import { ExpandableSection } from '@cloudscape-design/components';
import { Fragment, type ReactNode } from 'react';
import { nothingMeasured, type RatePeriod, unitRateText, valueText } from '#drawing/quantities.ts';
import { useRatePeriod } from '#renderer/state/app-store.ts';
import { sparkPath } from '#drawing/spark-path.ts';
import { RunSource } from '#renderer/runs/RunSource.tsx';
import { useResults } from '#renderer/runs/run-results.ts';
import type { ComponentSpec, MetricDeclaration } from '#schema/component.ts';
import type { MetricSummary, SeriesData } from '#schema/result.ts';

const CURVE = { width: 72, height: 22 } as const;

/** The metrics a user would look at, under their CloudWatch names. */
export function NodeMetrics({ id, spec }: { readonly id: string; readonly spec: ComponentSpec }): ReactNode {
  const { shown } = useResults();
  const result = shown?.now.result.nodes[id];
  if (shown === undefined || result === undefined)
    return <p className="inspector-empty">Press Run to see its metrics.</p>;
  const rows = spec.metrics.flatMap((metric) => {
    const summary = result.metrics[metric.name];
    return summary === undefined
      ? []
      : [{ metric, summary, series: result.series.find((own) => own.metric === metric.name) }];
  });
  const seen = rows.filter(({ summary }) => summary.max > 0);
  const quiet = rows.filter(({ summary }) => !(summary.max > 0));
  return (
    <div className="inspector-body">
      <p className="inspector-note">
        <RunSource />
      </p>
      <ul className="metrics">
        {seen.map(({ metric, summary, series }) => (
          <Metric
            key={metric.name}
            metric={metric}
            summary={summary}
            series={series}
            untilSeconds={shown.now.seconds}
          />
        ))}
      </ul>
      {quiet.length > 0 && (
        <ExpandableSection variant="footer" headerText={`${quiet.length} more stayed at zero`}>
          <p className="inspector-note">{quiet.map(({ metric }) => metric.name).join(', ')}</p>
        </ExpandableSection>
      )}
    </div>
  );
}

interface MetricProps {
  readonly metric: MetricDeclaration;
  readonly summary: MetricSummary;
  readonly series: SeriesData | undefined;
  readonly untilSeconds: number;
}

function Metric({ metric, summary, series, untilSeconds }: MetricProps): ReactNode {
  const period = useRatePeriod();
  return (
    <li className="metric">
      <span className="metric-name">
        {wordsOf(metric.name).map((word, index) => (
          <Fragment key={index}>
            {index > 0 && <wbr />}
            {word}
          </Fragment>
        ))}
      </span>
      <span className="metric-numbers">
        <b>{valueText(statisticOf(metric, summary) ?? Number.NaN, metric.unit)}</b> {STATISTIC_WORDS[metric.statistic]}
        {metric.statistic !== 'Maximum' && <> · max {maxText(metric, summary, period)}</>}
      </span>
      <svg viewBox={`0 0 ${CURVE.width} ${CURVE.height}`} aria-hidden="true">
        <path d={sparkPath(series, untilSeconds, CURVE)} />
      </svg>
    </li>
  );
}

/** `DatabaseMemoryUsagePercentage` may be broken between its words. */
function wordsOf(name: string): readonly string[] {
  return name.split(/(?<=[a-z])(?=[A-Z])/);
}

const STATISTIC_WORDS: Readonly<Record<MetricDeclaration['statistic'], string>> = {
  Sum: 'in all',
  Average: 'on average',
  Maximum: 'at most',
  p99: 'p99',
};

function statisticOf({ statistic }: MetricDeclaration, summary: MetricSummary): number | undefined {
  switch (statistic) {
    case 'Sum':
      return summary.sum;
    case 'Average':
      return summary.mean;
    case 'Maximum':
      return summary.max;
    case 'p99':
      return summary.p99;
  }
}

/** The largest of a counter is a rate. */
function maxText({ series, unit }: MetricDeclaration, { max }: MetricSummary, period: RatePeriod): string {
  if (!Number.isFinite(max)) return nothingMeasured;
  return series === 'counter' ? unitRateText(max, unit, period) : valueText(max, unit);
}
