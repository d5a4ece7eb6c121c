import { Button, SegmentedControl } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { FaultForms } from '#renderer/workload/FaultForms.tsx';
import { ObjectiveForms } from '#renderer/workload/ObjectiveForms.tsx';
import type { CaudalDocument } from '#schema/document.ts';
import { DesignForm } from './DesignForm.tsx';
import { closeDesign, type DesignPage, useDesignPanel } from './design-panel.ts';

/** What belongs to the design as a whole. */
export function DesignInspector({ document }: { readonly document: CaudalDocument }): ReactNode {
  const page = useDesignPanel((state) => state.page);
  return (
    <>
      <div className="inspector-head">
        <div className="inspector-names">
          <h2>Design settings</h2>
          <span>{document.name}</span>
        </div>
        <Button variant="icon" iconName="close" ariaLabel="Close the settings of the design" onClick={closeDesign} />
      </div>
      <SegmentedControl
        label="What to show"
        selectedId={page}
        options={[
          { id: 'document', text: 'Design' },
          { id: 'faults', text: 'Faults' },
          { id: 'objectives', text: 'Objectives' },
        ]}
        onChange={({ detail }) => useDesignPanel.setState({ page: detail.selectedId as DesignPage })}
      />
      <div className="inspector-body">
        {page === 'document' && <DesignForm document={document} />}
        {page === 'faults' && <FaultForms />}
        {page === 'objectives' && <ObjectiveForms />}
      </div>
    </>
  );
}
