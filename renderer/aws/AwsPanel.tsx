import { Button, Tabs } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { setPanelOpen, useApp } from '#renderer/state/app-store.ts';
import { type AwsTab, setAwsTab, useAws } from './aws-store.ts';
import { DeploymentPage } from './DeploymentPage.tsx';
import { LeftPage } from './LeftPage.tsx';
import { useLeftovers } from './leftovers.ts';
import { type AwsTabDefinition, measureTabs } from './MeasureTabs.tsx';
import { PlanPage } from './PlanPage.tsx';

const TAB_STYLE = { tab: { fontSize: 'var(--tab-size)', paddingInline: 'var(--tab-room)' } } as const;

/** What is deployed, one tab for each question. Folds to its tabs. */
export function AwsPanel(): ReactNode {
  const isOpen = useApp((state) => state.preferences.isPanelOpen);
  const tab = useAws((state) => state.tab);
  const left = useLeftovers().length;
  const tabs: readonly AwsTabDefinition[] = [
    { id: 'deployment', label: 'Deployment', content: <DeploymentPage /> },
    { id: 'plan', label: 'Plan', content: <PlanPage /> },
    ...measureTabs(),
    { id: 'left', label: left === 0 ? 'Left behind' : `Left behind ${left}`, content: <LeftPage /> },
  ];
  return (
    <section className={isOpen ? 'run-panel' : 'run-panel run-panel-folded'} aria-label="Deployment">
      <Tabs
        ariaLabel="Deployment on AWS"
        disableContentPaddings
        style={TAB_STYLE}
        fitHeight
        activeTabId={tab}
        onChange={({ detail }) => {
          setAwsTab(detail.activeTabId as AwsTab);
          setPanelOpen(true);
        }}
        tabs={isOpen ? [...tabs] : tabs.map(({ id, label }) => ({ id, label }))}
        actions={
          <Button
            variant="icon"
            iconName={isOpen ? 'angle-down' : 'angle-up'}
            ariaLabel={isOpen ? 'Fold the deployment' : 'Unfold the deployment'}
            ariaExpanded={isOpen}
            onClick={() => setPanelOpen(!isOpen)}
          />
        }
      />
    </section>
  );
}
