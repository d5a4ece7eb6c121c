import { SegmentedControl } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { useApp } from '#renderer/state/app-store.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import { useAws } from './aws-store.ts';
import { enterAws, leaveAws } from './stack-control.ts';

/** Simulate | AWS: the same canvas, of the model or of the real thing. */
export function ModeSwitch(): ReactNode {
  const mode = useAws((state) => state.mode);
  const isConnected = useApp((state) => state.connection === 'open');
  const isOpen = useDocumentState(({ document }) => document !== undefined);
  if (!isOpen) return null;
  return (
    <span className="mode-switch">
      <SegmentedControl
        label="What the canvas shows"
        selectedId={mode}
        options={[
          { id: 'simulate', text: 'Simulate' },
          { id: 'aws', text: 'AWS', disabled: !isConnected && mode === 'simulate' },
        ]}
        onChange={({ detail }) => (detail.selectedId === 'aws' ? enterAws() : leaveAws())}
      />
    </span>
  );
}
