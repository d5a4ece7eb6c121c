import { Box, Button, SpaceBetween } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { components } from '#catalog/specs.ts';
import { addComponent } from '#renderer/state/canvas-commands.ts';
import { showDialog } from '#renderer/state/dialogs.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import { askOpen } from '#renderer/state/files.ts';

/** An empty canvas says what to do with it. */
export function FirstSteps(): ReactNode {
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  return (
    <div className="first-steps">
      <SpaceBetween size="s" alignItems="center">
        <Box variant="h2">Drag a source here, or open a reference architecture</Box>
        <Box color="text-body-secondary">
          A source makes records; streams, queues and functions carry them on. Drag from the port of a card to link it.
        </Box>
        <SpaceBetween size="xs" direction="horizontal">
          <Button variant="primary" iconName="add-plus" disabled={isReadOnly} onClick={addSource}>
            Add a source
          </Button>
          <Button iconName="grid-view" onClick={() => showDialog({ kind: 'scenarios' })}>
            Reference architectures
          </Button>
          <Button iconName="folder-open" onClick={() => void askOpen()}>
            Open a document
          </Button>
        </SpaceBetween>
      </SpaceBetween>
    </div>
  );
}

/** The first component that makes records by itself. */
function addSource(): void {
  for (const [type, { declaration }] of components) {
    const makes = declaration.ports.some((port) => port.load === true);
    if (makes && !declaration.ports.some((port) => port.direction === 'in')) {
      addComponent(type);
      return;
    }
  }
}
