import { StatusIndicator, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { countText, durationText, rateText, secondsText, shareText, usdText } from '#drawing/quantities.ts';
import { isUnderway, useApp } from '#renderer/state/app-store.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { PathResult, RunReport } from '#schema/result.ts';
import { RunNote } from './RunNote.tsx';

interface SummaryProps {
  readonly report: RunReport;
  readonly document: CaudalDocument;
}

export function SummaryTab({ report, document }: SummaryProps): ReactNode {
  return (
    <div className="summary">
      <KeyFigures report={report} document={document} />
      <Paths report={report} />
    </div>
  );
}

function KeyFigures({ report }: SummaryProps): ReactNode {
  const { ledger, cost, measurement, horizonSeconds, objectives } = report;
  const isCancelled = useApp(({ run }) => !isUnderway(run.phase) && run.phase === 'cancelled');
  const reached = useApp(({ run }) => run.simulatedSeconds);
  const lost = ledger.dropped + ledger.expired + ledger.deadLettered;
  const figures: readonly (readonly [string, ReactNode])[] = [
    ['Records created', countText(ledger.created)],
    ['Mean rate', rateText(ledger.created / Math.max(1, isCancelled ? reached : horizonSeconds))],
    ['Delivered', countText(ledger.delivered)],
    [
      'Lost',
      <StatusIndicator key="lost" type={lost === 0 ? 'success' : 'error'}>
        {lost === 0 ? 'none' : `${countText(lost)} (${shareText(lost / Math.max(1, ledger.created))})`}
      </StatusIndicator>,
    ],
    ['Cost of this run', usdText(cost.run)],
    ['Cost a month', usdText(cost.perMonth)],
    [
      'Objectives met',
      objectives.length === 0 ? 'none set' : `${objectives.filter(({ pass }) => pass).length} of ${objectives.length}`,
    ],
    ['Simulated in', secondsText(measurement.wallSeconds)],
  ];
  return (
    <div className="summary-figures">
      <RunNote>
        One run, seed {report.seed} · {durationText(horizonSeconds)} · {report.fidelity.mode}
        {isCancelled && ` · cancelled after ${secondsText(reached)}`}
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

const QUANTILES = [
  ['mean', 'Mean'],
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['p999', 'p99.9'],
  ['max', 'Max'],
] as const;

function Paths({ report }: { readonly report: RunReport }): ReactNode {
  return (
    <div className="summary-paths">
      <RunNote>Latency, from the moment a record is created to its arrival</RunNote>
      <Table
        variant="borderless"
        contentDensity="compact"
        items={report.paths}
        ariaLabels={{ tableLabel: 'Latency of each path' }}
        empty="No record has reached a sink."
        columnDefinitions={[
          {
            id: 'path',
            header: 'Path',
            isRowHeader: true,
            minWidth: 170,
            cell: ({ source, sink }: PathResult) => `${source} → ${sink}`,
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
