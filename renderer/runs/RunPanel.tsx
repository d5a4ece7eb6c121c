import type { ReactNode } from 'react';
import { Timeline } from '#renderer/charts/Timeline.tsx';
import { type PanelTab, setTab, useApp } from '#renderer/state/app-store.ts';
import { FoldingPanel, type PanelPage } from '#renderer/ui/FoldingPanel.tsx';
import type { CaudalDocument } from '#schema/document.ts';
import type { RunReport } from '#schema/result.ts';
import { AdvicePage } from './AdvicePage.tsx';
import { AssumptionTable } from './AssumptionTable.tsx';
import { CostTable } from './CostTable.tsx';
import type { Counted } from './counted.ts';
import { EventTable } from './EventTable.tsx';
import { useEvents } from './events.ts';
import { LedgerTable } from './LedgerTable.tsx';
import { LimitTable } from './LimitTable.tsx';
import { ObjectiveTable } from './ObjectiveTable.tsx';
import { useRunHistory } from './run-history.ts';
import { useResultsPart } from './run-results.ts';
import { RunsTable } from './RunsTable.tsx';
import { SummaryTab } from './SummaryTab.tsx';

/** What a run has found, one tab for each question. */
export function RunPanel({ document }: { readonly document: CaudalDocument }): ReactNode {
  const tab = useApp((state) => state.tab);
  const report = useResultsPart((results) => results.report);
  const counted = useResultsPart((results) => results.report ?? results.partial);
  const ran = useResultsPart((results) => results.document) ?? document;
  const events = useEvents().length;
  const runs = useRunHistory((history) => history.runs.length);
  return (
    <FoldingPanel
      label="Results"
      tabsLabel="Results of the run"
      what="results"
      active={tab}
      onActive={setTab}
      pages={pagesOf({ counted, report, document: ran, events, runs })}
    />
  );
}

interface PageInput {
  readonly counted: Counted | undefined;
  readonly report: RunReport | undefined;
  /** The document that was run. */
  readonly document: CaudalDocument;
  readonly events: number;
  readonly runs: number;
}

function pagesOf({ counted, report, document, events, runs }: PageInput): PanelPage<PanelTab>[] {
  const numbered = (label: string, count: number | undefined): string =>
    count === undefined || count === 0 ? label : `${label} ${count}`;
  const early = (content: (found: Counted) => ReactNode): ReactNode => (
    <div className="run-page">{counted === undefined ? <NoReport /> : content(counted)}</div>
  );
  const page = (content: (found: RunReport) => ReactNode): ReactNode => (
    <div className="run-page">{report === undefined ? <NoReport /> : content(report)}</div>
  );
  return [
    { id: 'timeline', label: 'Timeline', content: <Timeline /> },
    { id: 'events', label: numbered('Events', events), content: early(() => <EventTable />) },
    { id: 'summary', label: 'Summary', content: early((found) => <SummaryTab result={found} report={report} />) },
    { id: 'ledger', label: 'Ledger', content: early((found) => <LedgerTable result={found} />) },
    { id: 'limits', label: 'Limits', content: early((found) => <LimitTable result={found} />) },
    { id: 'cost', label: 'Cost', content: page((found) => <CostTable report={found} document={document} />) },
    {
      id: 'objectives',
      label: 'Objectives',
      content: page((found) => <ObjectiveTable report={found} document={document} />),
    },
    {
      id: 'assumptions',
      label: numbered('Assumptions', report?.assumptions.length),
      content: page((found) => <AssumptionTable report={found} />),
    },
    {
      id: 'advice',
      label: numbered('Advice', report?.advice.length),
      content: page((found) => <AdvicePage report={found} />),
    },
    {
      id: 'runs',
      label: numbered('Runs', runs),
      content: (
        <div className="run-page">
          <RunsTable />
        </div>
      ),
    },
  ];
}

function NoReport(): ReactNode {
  const phase = useApp((state) => state.run.phase);
  const words =
    phase === 'none' || phase === 'failed'
      ? 'Press Run to simulate this design.'
      : phase === 'starting'
        ? 'Starting.'
        : 'These numbers come when the run has ended.';
  return <p className="run-empty">{words}</p>;
}
