import type { ReactNode } from 'react';
import { FoldingPanel } from '#renderer/ui/FoldingPanel.tsx';
import { setAwsTab, useAws } from './aws-store.ts';
import { CalibratePage } from './CalibratePage.tsx';
import { ComparePage } from './ComparePage.tsx';
import { DeploymentPage } from './DeploymentPage.tsx';
import { DrivePage } from './DrivePage.tsx';
import { LeftPage } from './LeftPage.tsx';
import { useLeftovers } from './leftovers.ts';
import { PlanPage } from './PlanPage.tsx';

/** What is deployed, one tab for each question. */
export function AwsPanel(): ReactNode {
  const tab = useAws((state) => state.tab);
  const left = useLeftovers().length;
  return (
    <FoldingPanel
      label="Deployment"
      tabsLabel="Deployment on AWS"
      what="deployment"
      active={tab}
      onActive={setAwsTab}
      pages={[
        { id: 'deployment', label: 'Deployment', content: <DeploymentPage /> },
        { id: 'plan', label: 'Plan', content: <PlanPage /> },
        { id: 'drive', label: 'Drive', content: <DrivePage /> },
        { id: 'compare', label: 'Compare', content: <ComparePage /> },
        { id: 'calibrate', label: 'Calibrate', content: <CalibratePage /> },
        { id: 'left', label: left === 0 ? 'Left behind' : `Left behind ${left}`, content: <LeftPage /> },
      ]}
    />
  );
}
