import { StatusIndicator, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import {
  countText,
  durationText,
  nothingMeasured,
  rateText,
  secondsText,
  shareText,
  usdText,
} from '#drawing/quantities.ts';
import { useApp, useRatePeriod } from '#renderer/state/app-store.ts';
import type { PathResult, RunReport } from '#schema/result.ts';
import type { Counted } from './counted.ts';
import { Place } from './Place.tsx';
import { RunNote } from './RunNote.tsx';
import { RunSource } from './RunSource.tsx';

interface SummaryProps {
  readonly result: Counted;
  /** Once the run has ended. */
  readonly report: RunReport | undefined;
}

export function SummaryTab({ result, report }: SummaryProps): ReactNode {
  return (
    <div className="summary">
      <KeyFigures result={result} report={report} />
      <Paths paths={result.paths} />
    </div>
  );
}

function KeyFigures({ result, report }: SummaryProps): ReactNode {
  const { ledger, horizonSeconds } = result;
  const period = useRatePeriod();
  const reached = useApp(({ run }) => run.simulatedSeconds);
  const isCancelled = useApp(({ run }) => run.phase === 'cancelled');
  const seconds = report === undefined || isCancelled ? Math.max(1, reached) : horizonSeconds;
  const lost = ledger.dropped + ledger.expired + ledger.deadLettered;
  const figures: readonly (readonly [string, ReactNode])[] = [
    ['Records created', countText(ledger.created)],
    ['Mean rate', rateText(ledger.created / seconds, period)],
    ['Delivered', countText(ledger.delivered)],
    ['Lost', <Lost key="lost" lost={lost} created={ledger.created} />],
    ['Cost of this run', report === undefined ? nothingMeasured : usdText(report.cost.run)],
    ['Cost a month', report === undefined ? nothingMeasured : usdText(report.cost.perMonth)],
    ['Objectives met', report === undefined ? nothingMeasured : metText(report)],
    ['Simulated in', report === undefined ? nothingMeasured : secondsText(report.measurement.wallSeconds)],
  ];
  return (
    <div className="summary-figures">
      <RunNote>
        <RunSource /> · {durationText(horizonSeconds)} · {result.fidelity.mode}
        {isCancelled && ` · cancelled after ${secondsText(seconds)}`}
      </RunNote>
      <dl>
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Lost({ lost, created }: { readonly lost: number; readonly created: number }): ReactNode {
  if (lost === 0) return <StatusIndicator type="success">none</StatusIndicator>;
  return (
    <StatusIndicator type="error">
      {countText(lost)} ({shareText(lost / Math.max(1, created))})
    </StatusIndicator>
  );
}

function metText({ objectives }: RunReport): string {
  if (objectives.length === 0) return 'none set';
  return `${objectives.filter(({ pass }) => pass).length} of ${objectives.length}`;
}

const QUANTILES = [
  ['mean', 'Mean'],
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['p999', 'p99.9'],
  ['max', 'Max'],
] as const;

function Paths({ paths }: { readonly paths: readonly PathResult[] }): ReactNode {
  return (
    <div className="summary-paths">
      <RunNote>Latency, from the moment a record is created to its arrival</RunNote>
      <Table
        variant="borderless"
        contentDensity="compact"
        items={paths}
        ariaLabels={{ tableLabel: 'Latency of each path' }}
        empty="No record has reached a sink."
        columnDefinitions={[
          {
            id: 'path',
            header: 'Path',
            isRowHeader: true,
            minWidth: 170,
            cell: ({ source, sink }: PathResult) => (
              <>
                <Place id={source} /> → <Place id={sink} />
              </>
            ),
          },
          { id: 'count', header: 'Records', cell: ({ count }: PathResult) => countText(count) },
          ...QUANTILES.map(([name, header]) => ({
            id: name,
            header,
            cell: ({ latencySeconds }: PathResult) => secondsText(latencySeconds[name]),
          })),
        ]}
      />
    </div>
  );
}
