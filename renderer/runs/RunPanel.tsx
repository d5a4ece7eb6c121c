import { Button, Tabs } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { Timeline } from '#renderer/charts/Timeline.tsx';
import { type PanelTab, setPanelOpen, setTab, useApp } from '#renderer/state/app-store.ts';
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

const TAB_STYLE = { tab: { fontSize: 'var(--tab-size)', paddingInline: 'var(--tab-room)' } } as const;

/** What a run has found, one tab for each question. Folds to its tabs. */
export function RunPanel({ document }: { readonly document: CaudalDocument }): ReactNode {
  const isOpen = useApp((state) => state.preferences.isPanelOpen);
  const tab = useApp((state) => state.tab);
  const report = useResultsPart((results) => results.report);
  const counted = useResultsPart((results) => results.report ?? results.partial);
  const ran = useResultsPart((results) => results.document) ?? document;
  const events = useEvents().length;
  const runs = useRunHistory((history) => history.runs.length);
  const tabs = tabsOf({ counted, report, document: ran, events, runs });
  return (
    <section className={isOpen ? 'run-panel' : 'run-panel run-panel-folded'} aria-label="Results">
      <Tabs
        ariaLabel="Results of the run"
        disableContentPaddings
        style={TAB_STYLE}
        fitHeight
        activeTabId={tab}
        onChange={({ detail }) => {
          setTab(detail.activeTabId as PanelTab);
          setPanelOpen(true);
        }}
        tabs={isOpen ? tabs : tabs.map(({ id, label }) => ({ id, label }))}
        actions={
          <Button
            variant="icon"
            iconName={isOpen ? 'angle-down' : 'angle-up'}
            ariaLabel={isOpen ? 'Fold the results' : 'Unfold the results'}
            ariaExpanded={isOpen}
            onClick={() => setPanelOpen(!isOpen)}
          />
        }
      />
    </section>
  );
}

interface PanelTabDefinition {
  readonly id: PanelTab;
  readonly label: string;
  readonly content?: ReactNode;
}

interface TabInput {
  readonly counted: Counted | undefined;
  readonly report: RunReport | undefined;
  /** The document that was run. */
  readonly document: CaudalDocument;
  readonly events: number;
  readonly runs: number;
}

function tabsOf({ counted, report, document, events, runs }: TabInput): PanelTabDefinition[] {
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
