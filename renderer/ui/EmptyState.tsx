import { Box, SpaceBetween } from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { Button } from '@cloudscape-design/components';
import { OpenDialog } from './OpenDialog.tsx';

export function EmptyState(): ReactNode {
  const [isOpening, setOpening] = useState(false);
  return (
    <main className="frame-content frame-centred">
      <SpaceBetween size="s" alignItems="center">
        <Box variant="h2">Nothing is open yet</Box>
        <Box color="text-body-secondary">Open a document, or a reference architecture from the scenarios folder.</Box>
        <Button variant="primary" onClick={() => setOpening(true)}>
          Open a document
        </Button>
      </SpaceBetween>
      {isOpening && <OpenDialog onClose={() => setOpening(false)} />}
    </main>
  );
}
